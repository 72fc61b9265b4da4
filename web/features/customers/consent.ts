import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Consent, type Customer, recordConsent} from '../../api/customers';
import {named, t} from '../../i18n/i18n';
import {may} from '../../shell/session';
import {day} from '../../ui/format';
import {problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kPurposes = ['marketing', 'personalisation', 'service', 'analytics', 'third_party'];
const kChannels = ['app', 'sms', 'email', 'phone', 'mini_program', 'web'];

/** What the person allowed, by purpose and channel; a change is an event like any other. */
@customElement('rp-consent')
export class ConsentPart extends View {
  @property({attribute: false}) customer!: Customer;
  @state() private busy = false;

  private async record(consent: {purpose: string; channel: string; granted: boolean}): Promise<void> {
    this.busy = true;
    const got = await recordConsent(this.customer.id, consent);
    this.busy = false;
    toast(got.ok ? t('consent.recorded') : problemText(got.error), {bad: !got.ok});
    if (got.ok) this.dispatchEvent(new CustomEvent('changed'));
  }
  private readonly add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    void this.record({purpose: String(form.get('purpose')), channel: String(form.get('channel')), granted: form.get('granted') === 'yes'});
  };

  private row(consent: Consent): TemplateResult {
    const about = `${named('purpose', consent.purpose)} · ${named('channel', consent.channel)}`;
    return html`<li class="row spread"><span>${about}<br><span class="small muted">${day(consent.at)}</span></span>
      <span class="row"><span class="chip ${consent.granted ? 'good' : 'bad'}">${consent.granted ? t('consent.granted') : t('consent.withdrawn')}</span>
      ${may('act') ? html`<button class="button tiny quiet" ?disabled=${this.busy} aria-label="${consent.granted ? t('consent.withdraw') : t('consent.grant')} ${about}"
        @click=${() => void this.record({...consent, granted: !consent.granted})}>${consent.granted ? t('consent.withdraw') : t('consent.grant')}</button>` : nothing}</span></li>`;
  }

  override render(): TemplateResult {
    const {consent} = this.customer;
    return html`<section class="card"><header><h2>${t('consent.title')}</h2></header>
      ${consent.length === 0 ? html`<p class="muted">${t('consent.none')}</p>` : html`<ul class="lines">${consent.map((one) => this.row(one))}</ul>`}
      ${may('act') ? html`<details><summary>${t('consent.add')}</summary><form class="row filterform" @submit=${this.add}>
        <div class="field"><label for="purpose">${t('consent.purpose')}</label><select class="input" id="purpose" name="purpose">${kPurposes.map((name) => html`<option value=${name}>${named('purpose', name)}</option>`)}</select></div>
        <div class="field"><label for="channel">${t('consent.channel')}</label><select class="input" id="channel" name="channel">${kChannels.map((name) => html`<option value=${name}>${named('channel', name)}</option>`)}</select></div>
        <div class="field"><label for="granted">${t('consent.answer')}</label><select class="input" id="granted" name="granted"><option value="yes">${t('consent.granted')}</option><option value="no">${t('consent.withdrawn')}</option></select></div>
        <button class="button" ?disabled=${this.busy}>${t('consent.record')}</button></form></details>` : nothing}
    </section>`;
  }
}
