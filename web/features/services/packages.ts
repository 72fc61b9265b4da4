import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readNouns} from '../../api/nouns';
import {type Package, type PackageDraft, type PackagePlan, planPackage, publishPackage, readPackages} from '../../api/packages';
import {currentLanguage, t} from '../../i18n/i18n';
import {byFamily, type Chosen, draftOf, packageId} from '../../model/packages';
import type {Problem} from '../../model/result';
import {may} from '../../shell/session';
import {count, money, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, errorState, loaded} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kPause = 300;

/** Packages: composed of services and products, the price and what it leaves seen at once, published as an event; tiers of a family beside each other. */
@customElement('rp-service-packages')
export class ServicePackages extends Screen {
  @state() private chosen: Chosen[] = [];
  @state() private terms = {discount: '10', title: '', title_en: '', family: '', tier: '', rank: '', below_cost: false};
  @state() private plan: PackagePlan | undefined;
  @state() private problem: Problem | undefined;
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly packages = new Load(this, () => 'all', readPackages);
  private asking: AbortController | undefined;
  private waiting = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.waiting);
    this.asking?.abort();
  }

  private draft(): PackageDraft {
    return draftOf(this.chosen, this.terms);
  }
  private changed(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.price(), kPause);
  }
  private async price(): Promise<void> {
    this.asking?.abort();
    if (this.chosen.length === 0) {
      this.plan = undefined;
      return;
    }
    const mine = (this.asking = new AbortController());
    const got = await planPackage(this.draft(), mine.signal);
    if (mine.signal.aborted) return;
    this.plan = got.ok ? got.value : undefined;
    this.problem = got.ok ? undefined : got.error;
  }
  private readonly add = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    const [kind, ...rest] = select.value.split(':');
    const id = rest.join(':');
    select.value = '';
    if (!id || this.chosen.some((one) => one.kind === kind && one.id === id)) return;
    this.chosen = [...this.chosen, {kind: kind as Chosen['kind'], id, quantity: 1}];
    this.changed();
  };
  private setQuantity(one: Chosen, quantity: number): void {
    this.chosen = quantity < 1 ? this.chosen.filter((other) => other !== one) : this.chosen.map((other) => (other === one ? {...one, quantity} : other));
    this.changed();
  }
  private set(name: keyof typeof this.terms, value: string | boolean): void {
    this.terms = {...this.terms, [name]: value};
    if (name === 'discount') this.changed();
  }
  private readonly publish = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const got = await publishPackage(packageId(this.terms.title, new Date()), this.draft());
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('packages.published'));
    await this.packages.reload();
  };

  private name(kind: string, id: string): string {
    const known = kind === 'service' ? this.nouns.value?.services.get(id) : this.nouns.value?.products.get(id);
    return known ? (currentLanguage() === 'en' ? known.name_en : known.name) : id;
  }
  private options(kind: 'service' | 'product'): TemplateResult[] {
    const all = kind === 'service' ? this.nouns.value?.services : this.nouns.value?.products;
    return [...(all?.keys() ?? [])].map((id) => html`<option value="${kind}:${id}">${this.name(kind, id)}</option>`);
  }
  private field(name: 'discount' | 'title' | 'title_en' | 'family' | 'tier' | 'rank', type: string, required = false): TemplateResult {
    return html`<div class="field"><label for="pk-${name}">${t(`packages.${name}`)}</label><input class="input" id="pk-${name}" type=${type} step="any" min=${type === 'number' ? 0 : nothing} max=${name === 'discount' ? 99 : nothing} maxlength="120" autocomplete="off" ?required=${required}
      .value=${this.terms[name]} @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}></div>`;
  }
  private composer(): TemplateResult {
    return html`<form class="card stack" @submit=${this.publish}><header><h2>${t('packages.compose')}</h2><p>${t('packages.compose_text')}</p></header>
      <div class="field"><label for="pk-part">${t('packages.part')}</label><select class="input" id="pk-part" @change=${this.add}><option value="">${t('study.choose')}</option>
        <optgroup label=${t('nav.services')}>${this.options('service')}</optgroup><optgroup label=${t('packages.products')}>${this.options('product')}</optgroup></select></div>
      ${this.chosen.length ? html`<ul class="lines">${this.chosen.map((one) => html`<li class="row spread"><span class="grow">${this.name(one.kind, one.id)}</span>
        <input class="input narrow" type="number" min="0" max="99" aria-label=${t('packages.quantity', {of: this.name(one.kind, one.id)})} .value=${String(one.quantity)} @change=${(event: Event) => this.setQuantity(one, Number((event.target as HTMLInputElement).value))}></li>`)}</ul>` : nothing}
      <div class="fields">${this.field('discount', 'number')}${this.field('title', 'text', true)}${this.field('title_en', 'text')}${this.field('family', 'text')}${this.field('tier', 'text')}${this.field('rank', 'number')}</div>
      <label class="check"><input type="checkbox" ?checked=${this.terms.below_cost} @change=${(event: Event) => this.set('below_cost', (event.target as HTMLInputElement).checked)}>${t('packages.below_cost')}</label>
      ${this.problem ? errorState(this.problem) : nothing}<p><button class="button main" ?disabled=${!this.plan || !may('catalogue')}>${t('packages.publish')}</button></p></form>`;
  }
  private priced(plan: PackagePlan): TemplateResult {
    const {facts} = plan;
    const amount = (value: number | null): string => (value === null ? t('packages.unknown_cost') : money(value, plan.currency));
    return html`<section class="card stack" aria-live="polite"><header><h2>${t('packages.price')}</h2></header>
      <p class="bignumber">${money(plan.price, plan.currency)} <small>${t('packages.instead_of', {list: money(plan.list, plan.currency), saved: money(plan.saved, plan.currency)})}</small></p>
      <p>${t('packages.margin')}: <strong>${amount(plan.margin)}</strong>${plan.margin_rate === null ? nothing : html` <span class="muted">(${percent(plan.margin_rate)})</span>`} · ${t('worth.cost')}: ${amount(plan.cost)}</p>
      ${plan.margin !== null && plan.margin < 0 ? html`<div class="note bad" role="alert">${icon('warning')}<div class="grow">${t('packages.loses')}</div></div>` : nothing}
      <h3>${t('packages.facts', {days: count(facts.days)})}</h3>
      <p class="soft">${facts.any === 0 ? t('packages.no_facts') : t('packages.together', {any: count(facts.any), together: count(facts.together), share: percent(facts.share), low: percent(facts.share_low), high: percent(facts.share_high)})}</p>
      ${facts.together > 0 ? html`<p class="soft">${t('packages.given_away', {amount: money(facts.value_if_nobody_changes, plan.currency)})}</p>` : nothing}
      ${facts.any === 0 || plan.margin === null ? nothing : html`<p class="soft">${facts.break_even === null ? t('packages.never') : t('packages.break_even', {n: count(facts.break_even), of: count(facts.candidates)})}</p>`}
      <p class="small"><a href="/hypotheses/new">${t('packages.test_it')}</a></p></section>`;
  }
  private listed(packages: Package[]): TemplateResult {
    if (packages.length === 0) return html`<p class="muted">${t('packages.none')}</p>`;
    return html`${byFamily(packages).map(({family, packages: tiers}) => html`<section class="card flush"><header><h2>${family || t('packages.single')}</h2></header>${dataTable(family || t('packages.single'), [
      {head: t('packages.title'), cell: (row: Package) => html`${currentLanguage() === 'en' ? (row.title_en ?? row.title) : row.title}${row.tier ? html` <span class="chip">${row.tier}</span>` : nothing}`},
      {head: t('packages.parts'), cell: (row: Package) => row.problem ? html`<span class="chip warn">${row.problem}</span>` : (row.parts ?? []).map((part) => `${this.name(part.kind, part.id)}${part.quantity > 1 ? ` ×${part.quantity}` : ''}`).join(' + ')},
      {head: t('packages.price'), number: true, cell: (row: Package) => row.price === undefined ? '–' : money(row.price, row.currency)},
      {head: t('packages.saved'), number: true, cell: (row: Package) => row.discount === undefined ? '–' : percent(row.discount, 0)},
      {head: t('packages.margin'), number: true, cell: (row: Package) => row.margin === null || row.margin === undefined ? '–' : money(row.margin, row.currency)},
      {head: t('packages.has_all'), number: true, cell: (row: Package) => count(row.facts?.together)},
    ], tiers)}</section>`)}`;
  }
  override render(): TemplateResult {
    return html`<div class="stack"><div class="grid two">${this.composer()}${this.plan ? this.priced(this.plan) : html`<section class="card"><p class="muted">${t('packages.empty')}</p></section>`}</div>
      ${loaded(this.packages, ({packages}) => this.listed(packages), 6)}</div>`;
  }
}
