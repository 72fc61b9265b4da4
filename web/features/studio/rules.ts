import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readNouns} from '../../api/nouns';
import {type FoundOffer, readRules} from '../../api/studio';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {type CategoryRule, kRuleSorts, type PairBundle, priceTogether, type Rule, type RuleProduct, type RulesAnswer} from '../../model/rules';
import {saveExcel} from '../../ui/excel';
import {ago, count, decimal, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {categoryName} from '../../ui/nouns';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {mayCurate, titleIn} from './names';
import './picker';

const kShown = 200;
const kSmall_q = 0.0001;
const qText = (q: number): string => (q < kSmall_q ? '< 0.0001' : decimal(q, 4));

/** Rules between pairs of products, the bundles they make, and what goes with one product. */
@customElement('rp-rules')
export class RulesPage extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly rules = new Load<RulesAnswer>(this, () => ['product', 'side', 'category', 'sort'].map((name) => this.filter(name)).join('/'), (signal) => readRules({
    ...(this.filter('side') === 'left' ? {if: this.filter('product')} : {item: this.filter('product')}), category: this.filter('category'), sort: this.filter('sort'), n: kShown}, signal));

  private product(one: RuleProduct): TemplateResult {
    return html`<button class="textbutton plainer" @click=${() => setFilters({product: one.item, side: 'left'})} title=${t('rules.accessories_of', {title: titleIn(one, this.nouns.value)})}>${titleIn(one, this.nouns.value)}</button><br><span class="small muted"><code>${one.item}</code> ${this.nouns.value ? categoryName(this.nouns.value, one.category) : one.category}</span>`;
  }
  private bundle(items: RuleProduct[], bundleId: string | null): TemplateResult | typeof nothing {
    if (bundleId) return html`<a href="/studio/catalogue/bundle/${encodeURIComponent(bundleId)}">${t('rules.is_bundle', {id: bundleId})}</a>`;
    return mayCurate() ? html`<a class="button tiny" href="/studio/catalogue/bundle/new?products=${items.map(({item}) => encodeURIComponent(item)).join(',')}">${t('rules.make_bundle')}</a>` : nothing;
  }
  private known(answer: RulesAnswer, a: string, b: string): string | null {
    return answer.bundles.find(({items}) => items.some(({item}) => item === a) && items.some(({item}) => item === b))?.bundle_id ?? null;
  }

  private filters(): TemplateResult {
    const category = this.filter('category');
    return html`<div class="card filterform fields"><rp-offer-picker .label=${t('rules.product')} .only=${'product'} .chosen=${this.filter('product')} @chosen=${(event: CustomEvent<FoundOffer | undefined>) => setFilters({product: event.detail?.id ?? '', side: event.detail ? this.filter('side') : ''})}></rp-offer-picker>
      <div class="field"><label for="rules-side">${t('rules.side')}</label><select class="input" id="rules-side" ?disabled=${!this.filter('product')} @change=${(event: Event) => setFilters({side: (event.target as HTMLSelectElement).value})}>
        ${['', 'left'].map((side) => html`<option value=${side} ?selected=${side === this.filter('side')}>${named('rulesside', side || 'either')}</option>`)}</select></div>
      <div class="field"><label for="rules-category">${t('rules.category')}</label><select class="input" id="rules-category" @change=${(event: Event) => setFilters({category: (event.target as HTMLSelectElement).value})}>
        <option value="" ?selected=${category === ''}>${t('rules.any')}</option>${[...(this.nouns.value?.categories.keys() ?? [])].map((name) => html`<option value=${name} ?selected=${name === category}>${categoryName(this.nouns.value, name)}</option>`)}</select></div>
      <div class="field"><label for="rules-sort">${t('rules.sort')}</label><select class="input" id="rules-sort" @change=${(event: Event) => setFilters({sort: (event.target as HTMLSelectElement).value})}>
        ${kRuleSorts.map((sort) => html`<option value=${sort} ?selected=${sort === (this.filter('sort') || 'extra')}>${named('rulesort', sort)}</option>`)}</select></div></div>`;
  }

  private table(answer: RulesAnswer): TemplateResult {
    return dataTable(t('rules.rules'), [
      {head: t('rules.if'), cell: (row: Rule) => this.product(row.if)},
      {head: t('rules.then'), cell: (row: Rule) => this.product(row.then)},
      {head: t('rules.n'), number: true, cell: (row: Rule) => html`${count(row.n)} <span class="muted">/ ${count(row.if_orders)}</span>`},
      {head: t('rules.confidence'), number: true, cell: (row: Rule) => percent(row.confidence)},
      {head: t('rules.lift'), number: true, cell: (row: Rule) => html`<strong>${decimal(row.lift, 2)}</strong>`},
      {head: t('rules.extra'), number: true, cell: (row: Rule) => decimal(row.extra, 1)},
      {head: 'q', number: true, cell: (row: Rule) => qText(row.q)},
      {head: '', cell: (row: Rule) => this.bundle([row.if, row.then], this.known(answer, row.if.item, row.then.item))},
    ], answer.rules);
  }
  private bundles(answer: RulesAnswer): TemplateResult {
    return dataTable(t('rules.bundles'), [
      {head: t('rules.together'), cell: (row: PairBundle) => html`${row.items.map((one, i) => html`${i ? ' + ' : nothing}${titleIn(one, this.nouns.value)}`)}`},
      {head: t('rules.n'), number: true, cell: (row: PairBundle) => count(row.n)},
      {head: t('rules.lift'), number: true, cell: (row: PairBundle) => html`<strong>${decimal(row.lift, 2)}</strong>`},
      {head: t('rules.extra'), number: true, cell: (row: PairBundle) => decimal(row.extra, 1)},
      {head: 'q', number: true, cell: (row: PairBundle) => qText(row.q)},
      {head: t('rules.price'), number: true, cell: (row: PairBundle) => decimal(priceTogether(row.items.map(({price}) => price)), 2)},
      {head: '', cell: (row: PairBundle) => this.bundle(row.items, row.bundle_id)},
    ], answer.bundles);
  }

  private categories(rules: CategoryRule[]): TemplateResult {
    const named = ({category}: {category: string}): string => (this.nouns.value ? categoryName(this.nouns.value, category) : category);
    return html`<section class="card flush" id="categories"><header><h2>${t('rules.categories')}</h2><p>${t('rules.categories_text')}</p></header>${dataTable(t('rules.categories'), [
      {head: t('rules.if'), cell: (row: CategoryRule) => named(row.if)},
      {head: t('rules.then'), cell: (row: CategoryRule) => named(row.then)},
      {head: t('rules.n'), number: true, cell: (row: CategoryRule) => html`${count(row.n)} <span class="muted">/ ${count(row.if_orders)}</span>`},
      {head: t('rules.confidence'), number: true, cell: (row: CategoryRule) => percent(row.confidence)},
      {head: t('rules.lift'), number: true, cell: (row: CategoryRule) => html`<strong>${decimal(row.lift, 2)}</strong>`},
      {head: t('rules.extra'), number: true, cell: (row: CategoryRule) => decimal(row.extra, 1)},
      {head: 'q', number: true, cell: (row: CategoryRule) => qText(row.q)},
    ], rules)}</section>`;
  }

  private reading(answer: RulesAnswer): string {
    const best = answer.rules[0];
    if (!best) return '';
    return t('rules.reading', {matching: count(answer.matching), orders: count(answer.orders), left: titleIn(best.if, this.nouns.value), right: titleIn(best.then, this.nouns.value), confidence: percent(best.confidence), lift: decimal(best.lift, 1), n: count(best.n)});
  }
  private readonly excel = (): void => {
    const rows = (this.rules.value?.rules ?? []).map((one) => [one.if.item, titleIn(one.if, this.nouns.value), one.then.item, titleIn(one.then, this.nouns.value), one.n, one.if_orders, one.then_orders, one.support, one.confidence, one.lift, one.leverage, one.conviction, one.extra, one.q]);
    void saveExcel('rules', ['if', 'if_title', 'then', 'then_title', 'n', 'if_orders', 'then_orders', 'support', 'confidence', 'lift', 'leverage', 'conviction', 'extra', 'q'], rows);
  };

  override render(): TemplateResult {
    const bundles = this.filter('view') === 'bundles';
    return html`${this.filters()}${loaded(this.rules, (answer) => {
      if (!answer.trained) return emptyState(t('rules.untrained'), t('rules.untrained_text'), html`<a class="button" href="/studio/models">${t('rules.to_models')}</a>`, 'spark');
      return html`<section class="card flush"><header><span class="row">${(['rules', 'bundles'] as const).map((view) => html`<button class="button tiny" aria-pressed=${bundles === (view === 'bundles')} @click=${() => setFilters({view: view === 'bundles' ? view : ''})}>${named('rules', view)}</button>`)}</span>
          <span class="row"><span class="small muted">${t('rules.trained', {ago: ago(answer.trained_at)})}</span><button class="button tiny noprint" @click=${this.excel}>${icon('download', 15)}${t('action.excel')}</button></span></header>
        ${answer.rules.length === 0 ? emptyState(t('rules.none'), t('rules.none_text')) : html`<p class="reading tablereading">${this.reading(answer)}</p>${bundles ? this.bundles(answer) : this.table(answer)}`}
        ${(answer.matching ?? 0) > answer.rules.length ? html`<p class="small muted tablereading">${t('rules.first', {n: count(answer.rules.length), of: count(answer.matching)})}</p>` : nothing}</section>
        ${bundles || !answer.category_rules?.length ? nothing : this.categories(answer.category_rules)}
        <p class="small muted" lang=${currentLanguage()}>${t('rules.measures')}</p>`;
    }, 12)}`;
  }
}
