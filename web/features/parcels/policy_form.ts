import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishParcelPolicy} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import {draftOf, type ParcelPolicy, type ParcelPolicyDraft, policyBody, policyFault} from '../../model/parcels';
import {PolicyForm} from '../desk/policy_form';

/** When a likely delay is announced, what is given for it, and how much of it at most. */
@customElement('rp-parcel-policy-form')
export class ParcelPolicyForm extends PolicyForm {
  @property({attribute: false}) policy: ParcelPolicy | null = null;
  @state() private draft: ParcelPolicyDraft = draftOf(null);

  override connectedCallback(): void {
    super.connectedCallback();
    this.draft = draftOf(this.policy);
  }
  protected override heading(): string {
    return named('goodspolicy', 'parcels');
  }
  protected override fault(): string | undefined {
    const fault = policyFault(this.draft);
    return fault && named('parcelfault', fault);
  }
  protected override publish(): ReturnType<typeof publishParcelPolicy> {
    return publishParcelPolicy(policyBody(this.draft));
  }
  private change(change: Partial<ParcelPolicyDraft>): void {
    this.draft = {...this.draft, ...change};
  }
  private text(name: 'share' | 'patience' | 'coupon' | 'value' | 'currency' | 'valid' | 'after' | 'customer' | 'day' | 'days' | 'budget', label: string, size: number, hint = ''): TemplateResult {
    return this.write(label, this.draft[name], (text) => this.change({[name]: text.trim()}), size, hint);
  }
  private tick(name: 'compensates' | 'app' | 'email', label: string): TemplateResult {
    return html`<label class="check"><input type="checkbox" .checked=${this.draft[name]} @change=${(event: Event) => this.change({[name]: (event.target as HTMLInputElement).checked})}>${label}</label>`;
  }
  protected override fields(): TemplateResult {
    const {by, compensates} = this.draft;
    return html`<p class="small soft">${t('parcels.form_text')}</p>
      <fieldset class="stack tight plainset"><legend><h3>${t('parcels.warns')}</h3></legend>
        <div class="row filterform">${this.choose(t('parcels.decided_by'), by, [['false_warnings', named('parcelby', 'false_warnings')], ['threshold', named('parcelby', 'threshold')]], (value) => this.change({by: value as ParcelPolicyDraft['by'], share: value === 'threshold' ? '60' : '10'}))}
          ${this.text('share', named('parcelshare', by), 5)}${this.text('patience', t('parcels.patience'), 6, '24h')}</div>
        <p class="small muted">${named('parcelbytext', by)}</p></fieldset>
      <fieldset class="stack tight plainset"><legend><h3>${t('parcels.channels')}</h3></legend><div class="row">${this.tick('app', named('value.channel', 'app'))}${this.tick('email', named('value.channel', 'email'))}</div><p class="small muted">${t('parcels.email_text')}</p></fieldset>
      <fieldset class="stack tight plainset"><legend><h3>${t('parcels.compensation')}</h3></legend>${this.tick('compensates', t('parcels.gives'))}
        ${compensates ? html`<div class="row filterform">${this.text('coupon', t('parcels.coupon'), 14, 'LATE5')}${this.text('value', t('parcels.value'), 7, '5.00')}${this.text('currency', t('parcels.currency'), 5, t('parcels.of_the_shop'))}${this.text('valid', t('parcels.valid'), 6, '30d')}${this.text('after', t('parcels.after'), 6, '24h')}</div>
          <h3>${t('parcels.caps')}</h3><div class="row filterform">${this.text('customer', t('parcels.caps_customer'), 5)}${this.text('days', t('parcels.caps_days'), 5)}${this.text('day', t('parcels.caps_day'), 6)}${this.text('budget', t('parcels.caps_budget'), 9, t('parcels.no_cap'))}</div>
          <p class="small muted">${t('parcels.caps_text')}</p>` : nothing}</fieldset>`;
  }
}
