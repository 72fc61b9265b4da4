import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {findOffers, type FoundOffer} from '../../api/studio';
import {t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {View} from '../../ui/view';
import {kindName, titleIn} from './names';

const kWait = 250;
let made = 0;

/** Finds something of the catalogue by its name or id. Fires `chosen` with it, or with nothing when the choice is taken back. */
@customElement('rp-offer-picker')
export class OfferPicker extends View {
  @property() label = '';
  /** A kind, or "" for all of them. */
  @property() only = '';
  /** The id that is chosen; shown, and can be taken back. */
  @property() chosen = '';
  @state() private found: FoundOffer[] | undefined;
  private readonly name = `offer-${(made += 1)}`;
  private timer = 0;
  private running: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
    this.running?.abort();
  }
  private readonly search = (event: Event): void => {
    const query = (event.target as HTMLInputElement).value.trim();
    window.clearTimeout(this.timer);
    this.running?.abort();
    if (!query) {
      this.found = undefined;
      return;
    }
    this.timer = window.setTimeout(async () => {
      const mine = (this.running = new AbortController());
      const found = await findOffers(query, this.only, mine.signal);
      if (!mine.signal.aborted) this.found = found;
    }, kWait);
  };
  private choose(offer: FoundOffer | undefined): void {
    this.found = undefined;
    const field = this.querySelector('input');
    if (field) field.value = '';
    this.dispatchEvent(new CustomEvent('chosen', {detail: offer}));
  }

  override render(): TemplateResult {
    return html`<div class="field"><label for=${this.name}>${this.label}</label><span class="searchbox">${icon('search', 16)}
        <input class="input" id=${this.name} type="search" autocomplete="off" placeholder=${t('picker.hint')} @input=${this.search}></span>
      ${this.found ? html`<ul class="lines small found">${this.found.length === 0 ? html`<li class="muted">${t('picker.none')}</li>` : this.found.map((one) => html`<li class="row spread"><button type="button" class="textbutton" @click=${() => this.choose(one)}>${titleIn(one)}</button>
        <span class="muted"><code>${one.id}</code> ${kindName(one.kind)}</span></li>`)}</ul>` : nothing}
      ${this.chosen ? html`<span class="row small"><code class="chip main">${this.chosen}</code><button type="button" class="textbutton" @click=${() => this.choose(undefined)}>${t('action.remove')}</button></span>` : nothing}</div>`;
  }
}
