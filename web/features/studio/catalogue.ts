import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readNouns} from '../../api/nouns';
import {readCatalogue} from '../../api/studio';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {type Catalogue, kOfferStates, type OfferLine, type OfferState} from '../../model/offer';
import {kOfferKinds} from '../../model/scene';
import {count, day, money} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {kindName, mayCurate, titleIn} from './names';
import './needs';

const kPage = 50;
const kWait = 300;
export const stateChip = (state: OfferState): TemplateResult =>
  html`<span class="chip ${state === 'on_offer' ? 'good' : state === 'not_yet' ? '' : state === 'hidden' ? 'warn' : 'bad'}">${named('offerstate', state)}</span>`;

/** Everything that can be recommended, with its state: filtered, paged, opened to be edited. */
@customElement('rp-catalogue')
export class CataloguePage extends Screen {
  private timer = 0;
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly offers = new Load<Catalogue>(this, () => ['kind', 'state', 'category', 'query', 'from'].map((name) => this.filter(name)).join('/'), (signal) => readCatalogue({
    kind: this.filter('kind'), state: this.filter('state'), category: this.filter('category'), query: this.filter('query'), from: Number(this.filter('from')) || 0, limit: kPage}, signal));

  private readonly search = (event: Event): void => {
    const query = (event.target as HTMLInputElement).value.trim();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => setFilters({query, from: ''}, {replace: true}), kWait);
  };
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
  }

  private kinds({counts}: Catalogue): TemplateResult {
    const chosen = this.filter('kind');
    const of = (kind: string): number => Object.values(counts[kind] ?? {}).reduce((sum, n) => sum + n, 0);
    return html`<div class="chips" role="group" aria-label=${t('offers.kind')}>${['', ...kOfferKinds].map((kind) => html`<button class="chip button-like" aria-pressed=${chosen === kind} @click=${() => setFilters({kind, from: ''})}>${kind ? kindName(kind) : t('offers.all')}
      <span class="muted">${count(kind ? of(kind) : kOfferKinds.reduce((sum, one) => sum + of(one), 0))}</span></button>`)}</div>`;
  }
  private filters({counts}: Catalogue): TemplateResult {
    const state = this.filter('state');
    const kind = this.filter('kind');
    const n = (one: OfferState): number => (kind ? [kind] : kOfferKinds).reduce((sum, of) => sum + (counts[of]?.[one] ?? 0), 0);
    return html`<div class="row filterform"><label class="searchbox grow"><span class="unseen">${t('offers.find')}</span>${icon('search', 16)}<input class="input" type="search" placeholder=${t('offers.find')} .value=${this.filter('query')} @input=${this.search}></label>
      <div class="field"><label for="offers-state">${t('offers.state')}</label><select class="input" id="offers-state" @change=${(event: Event) => setFilters({state: (event.target as HTMLSelectElement).value, from: ''})}>
        <option value="" ?selected=${state === ''}>${t('offers.any_state')}</option>${kOfferStates.map((one) => html`<option value=${one} ?selected=${one === state}>${named('offerstate', one)} (${count(n(one))})</option>`)}</select></div>
      ${mayCurate() ? html`<div class="field"><label for="offers-new">${t('offers.new')}</label><select class="input" id="offers-new" @change=${(event: Event) => window.dispatchEvent(new CustomEvent('rapport-go', {detail: `/studio/catalogue/${(event.target as HTMLSelectElement).value}/new`}))}>
        <option value="" selected disabled>${t('offers.choose')}</option>${kOfferKinds.map((one) => html`<option value=${one}>${kindName(one)}</option>`)}</select></div>` : nothing}</div>`;
  }

  private life(row: OfferLine): string {
    if (!row.from && !row.until) return t('offers.always');
    return t('offers.life', {from: row.from ? day(row.from) : t('offers.now'), until: row.until ? day(row.until) : t('offers.open')});
  }
  private table(answer: Catalogue): TemplateResult {
    const from = Number(this.filter('from')) || 0;
    return html`<section class="card flush">${dataTable(t('studiopage.catalogue'), [
        {head: t('offers.offer'), cell: (row: OfferLine) => html`<a href="/studio/catalogue/${row.kind}/${encodeURIComponent(row.id)}"><strong>${titleIn(row, this.nouns.value)}</strong></a><br><code class="small muted">${row.id}</code>`},
        {head: t('offers.kind'), cell: (row: OfferLine) => html`<span class="chip">${kindName(row.kind)}</span>`},
        {head: t('rules.category'), cell: (row: OfferLine) => html`<span class="nowrap">${(currentLanguage() === 'en' ? row.category_en || row.category : row.category) || '–'}</span>`},
        {head: t('offers.price'), number: true, cell: (row: OfferLine) => (row.price === null ? '–' : money(row.price, row.currency))},
        {head: t('offers.stock'), number: true, cell: (row: OfferLine) => (row.stock === null ? html`<span class="muted">${t('offers.unlimited')}</span>` : count(row.stock))},
        {head: t('offers.from_until'), cell: (row: OfferLine) => html`<span class="small">${this.life(row)}</span>`},
        {head: t('offers.state'), cell: (row: OfferLine) => stateChip(row.state)},
      ], answer.items)}
      <p class="row spread tablereading small"><span class="muted">${t('offers.shown', {from: count(Math.min(answer.total, from + 1)), to: count(Math.min(answer.total, from + kPage)), total: count(answer.total)})}</span>
        <span class="row">${from > 0 ? html`<button class="button tiny" @click=${() => setFilters({from: from > kPage ? String(from - kPage) : ''})}>${t('offers.before')}</button>` : nothing}${from + kPage < answer.total ? html`<button class="button tiny" @click=${() => setFilters({from: String(from + kPage)})}>${t('offers.after')}</button>` : nothing}</span></p></section>`;
  }

  override render(): TemplateResult {
    return html`${loaded(this.offers, (answer) => html`${this.kinds(answer)}${this.filters(answer)}${answer.items.length === 0 ? emptyState(t('offers.none'), t('offers.none_text'), nothing, 'box') : this.table(answer)}`, 12)}<rp-needs></rp-needs>`;
  }
}
