import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readNouns} from '../../api/nouns';
import {type FoundOffer, publishOffer, readCatalogue, readOffer} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {draftOf, faultOf, isOfferKind, kOfferFields, linesOf, nounOf, type OfferDraft, type OfferField, type OfferLine} from '../../model/offer';
import {good, type Problem, type Result} from '../../model/result';
import {priceTogether} from '../../model/rules';
import type {OfferKind} from '../../model/scene';
import {decimal} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {productName} from '../../ui/nouns';
import {errorState, loaded, pageHead} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {stateChip} from './catalogue';
import {kindName, mayCurate, titleIn} from './names';
import './picker';

interface Begun {
  offer: OfferLine | undefined;
  noun: Record<string, unknown>;
}
const kIdStarts: Readonly<Record<OfferKind, string>> = {product: 'P-', bundle: 'B-', content: 'T-', service: 'S-', coupon: 'C-', adviser: 'A-', early_access: 'E-'};

/** One offer in its typed form. Published it is an event: the whole noun, with what the form does not know kept as it was. */
@customElement('rp-offer-editor')
export class OfferEditor extends Screen {
  @state() private draft: OfferDraft = {};
  @state() private newId = '';
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  @state() private prices: Record<string, string | null> = {};
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly begun = new Load<Begun>(this, () => `${this.kind}/${this.place.params['id']}?${this.filter('products')}`, (signal) => this.begin(signal));

  private get kind(): OfferKind {
    const kind = this.place.params['kind'] ?? '';
    return isOfferKind(kind) ? kind : 'product';
  }
  private get fresh(): boolean {
    return this.place.params['id'] === 'new';
  }
  private async begin(signal: AbortSignal): Promise<Result<Begun>> {
    if (this.fresh) {
      const products = this.filter('products').split(',').filter(Boolean);
      this.newId = products.length ? `${kIdStarts[this.kind]}${products.join('-')}` : kIdStarts[this.kind];
      this.draft = draftOf(this.kind, {product_ids: products});
      void this.price(products);
      return good({offer: undefined, noun: {}});
    }
    const got = await readOffer(this.kind, this.place.params['id'] ?? '', signal);
    if (!got.ok) return got;
    this.draft = draftOf(this.kind, got.value.noun);
    void this.price(linesOf(this.draft['product_ids'] ?? ''));
    return good(got.value);
  }
  /** What the parts of a bundle cost by themselves. */
  private async price(ids: readonly string[]): Promise<void> {
    for (const id of ids.filter((one) => !(one in this.prices))) {
      const got = await readCatalogue({kind: 'product', query: id, limit: 20});
      const found = got.ok ? got.value.items.find((one) => one.id === id) : undefined;
      this.prices = {...this.prices, [id]: found?.price ?? null};
    }
  }
  private set(name: string, value: string): void {
    this.draft = {...this.draft, [name]: value};
  }
  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const id = this.fresh ? this.newId : (this.place.params['id'] ?? '');
    this.busy = true;
    const got = await publishOffer(this.kind, id, nounOf(this.kind, this.begun.value?.noun ?? {}, this.draft));
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('offers.published'));
    go(`/studio/catalogue/${this.kind}/${encodeURIComponent(id)}`, {replace: this.fresh});
    if (!this.fresh) void this.begun.reload();
  };

  private products(): TemplateResult {
    const ids = linesOf(this.draft['product_ids'] ?? '');
    const keep = (all: readonly string[]): void => {
      this.set('product_ids', all.join('\n'));
      void this.price(all);
    };
    const sum = priceTogether(ids.map((id) => this.prices[id]));
    const own = Number(this.draft['price']);
    return html`<div class="field whole"><rp-offer-picker .label=${t('offerfield.product_ids')} .only=${'product'} @chosen=${(event: CustomEvent<FoundOffer | undefined>) => event.detail && !ids.includes(event.detail.id) && keep([...ids, event.detail.id])}></rp-offer-picker>
      <ul class="lines small">${ids.map((id) => html`<li class="row spread"><span>${productName(this.nouns.value, id)} <code class="muted">${id}</code></span><span class="row"><span class="number">${decimal(this.prices[id] === undefined || this.prices[id] === null ? undefined : Number(this.prices[id]), 2)}</span>
        <button type="button" class="button tiny square" aria-label="${t('action.remove')} ${id}" @click=${() => keep(ids.filter((one) => one !== id))}>${icon('close', 14)}</button></span></li>`)}</ul>
      ${sum !== undefined && ids.length > 1 ? html`<p class="small soft" role="status">${t('offers.together', {sum: decimal(sum, 2)})}${own > 0 && own < sum ? ` ${t('offers.saves', {by: decimal(sum - own, 2)})}` : ''}</p>` : nothing}</div>`;
  }

  private field(one: OfferField): TemplateResult {
    const {name, kind} = one;
    const id = `offer-field-${name}`;
    const label = named('offerfield', name);
    const value = this.draft[name] ?? '';
    const set = (event: Event): void => this.set(name, (event.target as HTMLInputElement).value);
    const about = named('offerhint', name);
    const hint = about === name ? nothing : html`<span class="hint">${about}</span>`;
    if (kind === 'products') return this.products();
    if (kind === 'flag') return html`<div class="field"><label class="check"><input type="checkbox" .checked=${value === 'yes'} @change=${(event: Event) => this.set(name, (event.target as HTMLInputElement).checked ? 'yes' : '')}>${label}</label>${hint}</div>`;
    if (kind === 'choice') {
      const choices = [...new Set([...(one.choices ?? []), ...(value ? [value] : [])])];
      return html`<div class="field"><label for=${id}>${label}</label><select class="input" id=${id} @change=${set}><option value="" ?selected=${!value}>–</option>${choices.map((choice) => html`<option value=${choice} ?selected=${choice === value}>${named('offerchoice', choice)}</option>`)}</select>${hint}</div>`;
    }
    if (kind === 'long' || kind === 'words') {
      return html`<div class="field ${kind === 'long' ? 'whole' : ''}"><label for=${id}>${label}</label><textarea class="input" id=${id} rows=${kind === 'long' ? 4 : 3} maxlength="4000" .value=${value} @input=${set}></textarea>${kind === 'words' ? html`<span class="hint">${t('offers.words_hint')}</span>` : hint}</div>`;
    }
    const type = kind === 'money' || kind === 'whole' ? 'number' : kind === 'moment' ? 'datetime-local' : kind === 'link' ? 'url' : 'text';
    return html`<div class="field"><label for=${id}>${label}</label><input class="input" id=${id} type=${type} step=${kind === 'money' ? '0.01' : kind === 'whole' ? '1' : nothing} min=${kind === 'money' || kind === 'whole' ? '0' : nothing} maxlength="400" autocomplete="off" ?required=${one.needed ?? false} .value=${value} @input=${set}>${hint}</div>`;
  }

  private form(): TemplateResult {
    const id = this.fresh ? this.newId : (this.place.params['id'] ?? '');
    const fault = faultOf(this.kind, id, this.draft);
    return html`<form class="stack wide" @submit=${this.save} novalidate><section class="card stack"><div class="fields">
        <div class="field"><label for="offer-id">${t('offers.id')}</label><input class="input mono" id="offer-id" required maxlength="64" ?disabled=${!this.fresh} .value=${id} @input=${(event: Event) => (this.newId = (event.target as HTMLInputElement).value.trim())}><span class="hint">${t('offers.id_hint')}</span></div>
        ${kOfferFields[this.kind].map((one) => this.field(one))}</div></section>
      ${this.problem ? errorState(this.problem) : nothing}
      ${mayCurate() ? html`<div class="row"><button class="button main" ?disabled=${fault !== undefined || this.busy}>${t('sceneform.publish')}</button>
        ${fault ? html`<span class="small muted" role="status">${named('offerfault', fault.fault)}${fault.field ? ` (${named('offerfield', fault.field)})` : ''}</span>` : nothing}</div>` : nothing}</form>`;
  }

  override render(): TemplateResult {
    const title = (begun: Begun): string => begun.offer ? titleIn(begun.offer) : t('offers.new_of', {kind: kindName(this.kind)});
    if (this.begun.error && !this.begun.value) return html`${pageHead(t('lost.title'), t('lost.text'))}<p><a href="/studio/catalogue">${t('offers.back')}</a></p>${errorState(this.begun.error)}`;
    return loaded(this.begun, (begun) => html`${pageHead(title(begun), html`<span class="chips"><span class="chip">${kindName(this.kind)}</span>${begun.offer ? stateChip(begun.offer.state) : nothing}</span> ${named('offerabout', this.kind)}`)}
      <p><a href="/studio/catalogue?kind=${this.kind}">${t('offers.back')}</a></p>${this.form()}`, 12);
  }
}
