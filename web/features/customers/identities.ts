import {html, nothing, svg, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Customer, type Identity, unlinkIdentity} from '../../api/customers';
import {named, t} from '../../i18n/i18n';
import {aroundCircle} from '../../model/identity_graph';
import {may} from '../../shell/session';
import '../../ui/dialog';
import {problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kSize = {width: 320, height: 190};

/** The identifiers that are one person: drawn as a star, listed as a table, parted by unlink. */
@customElement('rp-identities')
export class Identities extends View {
  @property({attribute: false}) customer!: Customer;
  @state() private parting: Identity | undefined;

  private readonly cut = async (): Promise<void> => {
    const one = this.parting;
    this.parting = undefined;
    if (!one?.value) return;
    const got = await unlinkIdentity(this.customer.id, one.kind, one.value);
    if (!got.ok) {
      toast(problemText(got.error), {bad: true});
      return;
    }
    toast(t('identity.unlinked', {value: one.value}));
    this.dispatchEvent(new CustomEvent('changed'));
  };

  private picture(identities: Identity[]): TemplateResult {
    const {width, height} = kSize;
    const places = aroundCircle(identities.length, width, height);
    return html`<svg class="graph" viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${identities.map((one, i) => svg`<line x1=${width / 2} y1=${height / 2} x2=${places[i]!.x} y2=${places[i]!.y} class=${one.shared ? 'shared' : ''}></line>`)}
      ${identities.map((one, i) => svg`<g transform="translate(${places[i]!.x} ${places[i]!.y})"><circle r="5" class="k-${one.kind}"></circle>
        <text x="0" y=${places[i]!.y < height / 2 ? -10 : 18} text-anchor=${places[i]!.anchor}>${named('kind', one.kind)}</text></g>`)}
      <circle cx=${width / 2} cy=${height / 2} r="9" class="hub"></circle>
    </svg>`;
  }

  override render(): TemplateResult {
    const {identities} = this.customer;
    return html`<section class="card"><header><h2>${t('identity.title')}</h2><p>${t('identity.count', {n: identities.length})}</p></header>
      ${identities.length > 1 && identities.length <= 12 ? this.picture(identities) : nothing}
      <ul class="lines">${identities.map((one) => html`<li class="row spread"><span><span class="small muted">${named('kind', one.kind)}</span><br>
        <span class="mono">${one.value ?? t('identity.hidden')}</span>${one.shared ? html` <span class="chip warn">${t('identity.shared')}</span>` : nothing}</span>
        ${identities.length > 1 && one.value && may('act') ? html`<button class="button tiny quiet" @click=${() => (this.parting = one)}
          aria-label="${t('identity.unlink')} ${one.value}">${t('identity.unlink')}</button>` : nothing}</li>`)}</ul>
      ${this.parting ? html`<rp-dialog heading=${t('identity.unlink_title')} @done=${() => (this.parting = undefined)}
        .body=${html`<p>${t('identity.unlink_text', {value: this.parting.value ?? ''})}</p>`}
        .foot=${html`<button class="button" @click=${() => (this.parting = undefined)}>${t('action.cancel')}</button>
          <button class="button main" @click=${this.cut}>${t('identity.unlink')}</button>`}></rp-dialog>` : nothing}
    </section>`;
  }
}
