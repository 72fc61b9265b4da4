import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type CustomerRow, listCustomers, readLabel} from '../../api/customers';
import {readNouns} from '../../api/nouns';
import {type FoundOffer, previewScene} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {addsUp, longest, piecesOf, type PreviewItem, type Recommendations} from '../../model/preview';
import type {Draft, Scene} from '../../model/scene';
import {cssVars} from '../../ui/css_vars';
import {count, decimal, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {classChip, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {authorName, kindName, laneName, reasonText, titleIn} from './names';
import './picker';

const kCount = 8;
const kFound = 6;
const kWait = 250;

/** What a chosen customer would see in a scene right now, each thing with its reasons; nothing is counted by looking. */
@customElement('rp-scene-preview')
export class ScenePreview extends Screen {
  @property({attribute: false}) scene!: Scene;
  /** The draft that waits, which can be looked at in place of what serves. */
  @property({attribute: false}) drafted: Draft | undefined;
  @state() private found: CustomerRow[] | undefined;
  private timer = 0;
  private readonly list = new Load<Recommendations>(this, () => this.key(), (signal) => previewScene({
    scene: this.scene.scene_id, n: kCount, ...(this.asDraft() ? {draft: true} : {}), ...(this.filter('customer') ? {customer: this.filter('customer')} : {}), ...(this.filter('product') ? {product: this.filter('product')} : {}),
  }, signal));

  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly label = new Load<string>(this, () => this.filter('customer') || undefined, (signal) => readLabel(this.filter('customer'), signal));

  private asDraft(): boolean {
    return this.drafted !== undefined && this.filter('draft') !== '';
  }
  private key(): string | undefined {
    if (this.scene.needs_product && !this.filter('product')) return undefined;
    return this.filter('customer') || this.filter('unknown') ? `${this.scene.scene_id}/${this.filter('customer')}/${this.filter('product')}/${this.asDraft() ? this.drafted?.draft : ''}/${JSON.stringify(this.scene)}` : undefined;
  }
  private readonly search = (event: Event): void => {
    const query = (event.target as HTMLInputElement).value.trim();
    window.clearTimeout(this.timer);
    if (!query) {
      this.found = undefined;
      return;
    }
    this.timer = window.setTimeout(async () => {
      const got = await listCustomers({query, limit: String(kFound)});
      if (got.ok) this.found = got.value.customers;
    }, kWait);
  };
  private choose(id: string): void {
    this.found = undefined;
    setFilters({customer: id, unknown: id ? '' : '1'});
  }

  private who(): TemplateResult {
    const chosen = this.filter('customer');
    return html`<div class="fields"><div class="field"><label for="preview-who">${t('preview.who')}</label><label class="searchbox">${icon('search', 16)}<span class="unseen">${t('preview.who')}</span>
        <input class="input" id="preview-who" type="search" autocomplete="off" placeholder=${t('shell.search')} @input=${this.search}></label>
        ${this.found ? html`<ul class="lines small found">${this.found.length === 0 ? html`<li class="muted">${t('preview.nobody_found')}</li>` : this.found.map((one) => html`<li class="row spread"><button class="textbutton" @click=${() => this.choose(one.id)}>${one.label || one.id}</button><span>${one.primary ? classChip(one.primary) : nothing}</span></li>`)}</ul>` : nothing}
        <span class="row small">${chosen ? html`<span class="chip main"><a class="plain" href="/customers/${encodeURIComponent(chosen)}">${this.label.value || chosen}</a></span>` : nothing}<button class="textbutton" @click=${() => this.choose('')}>${t('preview.unknown')}</button></span></div>
      <rp-offer-picker .label=${t('preview.product')} .only=${'product'} .chosen=${this.filter('product')} @chosen=${(event: CustomEvent<FoundOffer | undefined>) => setFilters({product: event.detail?.id ?? ''})}></rp-offer-picker></div>`;
  }

  private item(item: PreviewItem, place: number, most: number): TemplateResult {
    const {pieces, less} = piecesOf(item, most);
    return html`<li class="previewitem stack tight"><div class="row spread base"><p><span class="muted">${place}</span> <strong>${titleIn(item, this.nouns.value)}</strong> <code class="small muted">${item.item}</code></p>
        <span class="row small"><span class="chip">${kindName(item.item_kind)}</span>${item.lane ? html`<span class="chip">${laneName(item.lane)}</span>` : nothing}<span class="chip">${named('rung', item.rung)}</span></span></div>
      <span class="reasonbar" aria-hidden="true">${pieces.map(({voice, from, wide}) => html`<i data-voice=${voice} ${cssVars({'--from': `${from * 100}%`, '--share': `${wide * 100}%`})}></i>`)}</span>
      <ul class="reasons small">${[...pieces.map(({reason, voice}) => ({reason, voice})), ...less.map((reason) => ({reason, voice: 'less'}))].map(({reason, voice}) => html`<li><i class="dot" data-voice=${voice}></i><span>${reasonText(reason)}${reason.lane ? html` <span class="muted">${laneName(reason.lane)}</span>` : nothing}</span><span class="number">${decimal(reason.points, 3)}</span></li>`)}
        <li class="sum"><i></i><span>${addsUp(item) ? t('preview.adds_up') : t('preview.does_not')}</span><strong class="number">${decimal(item.score, 3)}</strong></li></ul>
      <p class="small muted">${t('preview.propensity', {p: percent(item.propensity)})}</p></li>`;
  }

  private answer(list: Recommendations): TemplateResult {
    const most = longest(list.items);
    const notes = [list.held_out ? t('preview.held_out') : '', list.stopped ? t('studio.stopped_text') : '', list.personalised ? '' : t('preview.not_personal'), list.triggered ? '' : t('preview.not_triggered'), list.models ? '' : t('preview.no_models')].filter(Boolean);
    return html`<div class="stack"><div class="row small">${list.customer ? html`<a href="/customers/${list.customer}">${this.label.value || list.customer}</a>${classChip(list.class)}` : html`<span class="chip">${t('preview.unknown')}</span>`}<span class="chip">${named('rung', list.rung)}</span><span class="muted">${t('preview.rung_hint')}</span></div>
      ${notes.map((note) => html`<div class="note warn" role="note">${icon('warning')}<span>${note}</span></div>`)}
      ${list.hands.length ? html`<p class="row small"><span class="muted">${t('preview.hands')}</span>${list.hands.map(({hand, id, by}) => html`<span class="chip">${named('hand', hand)}${id ? html` <code>${id}</code>` : nothing}${by ? html` <span class="muted">${authorName(by)}</span>` : nothing}</span>`)}</p>` : nothing}
      <ul class="lanelegend small row">${(['hers', 'moment', 'crowd', 'shop'] as const).map((voice) => html`<li><i class="dot" data-voice=${voice}></i>${named('voice', voice)}</li>`)}</ul>
      ${list.items.length === 0 ? emptyState(t('preview.empty'), t('preview.empty_text')) : html`<ol class="stack">${list.items.map((item, i) => this.item(item, i + 1, most))}</ol>`}
      <p class="small muted">${t('preview.decided', {position: count(list.known_at), seed: String(list.seed)})}</p></div>`;
  }

  override render(): TemplateResult {
    return html`<section class="card stack" id="preview"><header><h2>${t('preview.title')}</h2><p>${t('preview.lead')}</p></header>${this.drafted ? html`<label class="check"><input type="checkbox" .checked=${this.asDraft()} @change=${(event: Event) => setFilters({draft: (event.target as HTMLInputElement).checked ? '1' : ''})}>${t('draft.preview')}</label>` : nothing}${this.who()}
      ${this.key() === undefined ? html`<p class="muted">${this.scene.needs_product && !this.filter('product') ? t('preview.product_first') : t('preview.choose')}</p>` : loaded(this.list, (list) => this.answer(list), 8)}</section>`;
  }
}
