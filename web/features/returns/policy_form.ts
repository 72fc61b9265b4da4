import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishReturnPolicy} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import {kReturnReasons, returnPolicyFault, type ReturnPolicy, type RuleDraft, ruleDraft, ruleOf} from '../../model/returns';
import {icon} from '../../ui/icons';
import {PolicyForm} from '../desk/policy_form';

/** Which returns are decided without a person: the first rule that fits holds. */
@customElement('rp-return-policy-form')
export class ReturnPolicyForm extends PolicyForm {
  @property({attribute: false}) policy: ReturnPolicy | null = null;
  @state() private days = '7';
  @state() private rules: RuleDraft[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.days = String(this.policy?.days ?? 7);
    this.rules = (this.policy?.rules ?? []).map(ruleDraft);
  }
  protected override heading(): string {
    return named('goodspolicy', 'returns');
  }
  protected override fault(): string | undefined {
    const fault = returnPolicyFault(this.days, this.rules);
    return fault && named('returnfault', fault);
  }
  protected override publish(): ReturnType<typeof publishReturnPolicy> {
    return publishReturnPolicy({days: Number(this.days), rules: this.rules.map(ruleOf)});
  }
  private rule(rule: RuleDraft, at: number): TemplateResult {
    const change = (to: Partial<RuleDraft>): void => void (this.rules = this.rules.map((one, i) => (i === at ? {...one, ...to} : one)));
    return html`<fieldset class="row filterform correctline"><legend class="unseen">${t('returns.rule_n', {n: at + 1})}</legend>
      ${this.write(t('returns.reasons'), rule.reasons, (reasons) => change({reasons}), 22, t('feedback.any'))}${this.write(t('returns.value_most'), rule.value_most, (value) => change({value_most: value.trim()}), 8, t('feedback.any'))}
      ${this.write(t('returns.photos_least'), rule.photos, (photos) => change({photos: photos.trim()}), 4, '0')}
      ${this.choose(t('returns.then'), rule.then, [['approve', named('returnthen', 'approve')], ['reject', named('returnthen', 'reject')]], (then) => change({then: then as RuleDraft['then']}))}
      <button type="button" class="button tiny" aria-label="${t('action.remove')} ${t('returns.rule_n', {n: at + 1})}" @click=${() => (this.rules = this.rules.filter((_, i) => i !== at))}>${t('action.remove')}</button></fieldset>`;
  }
  protected override fields(): TemplateResult {
    return html`<p class="small soft">${t('returns.rule_text')}</p>
      <div class="row filterform">${this.write(t('returns.days'), this.days, (days) => (this.days = days.trim()), 5)}</div>
      ${this.rules.map((rule, at) => this.rule(rule, at))}
      <div class="row"><button type="button" class="button tiny" @click=${() => (this.rules = [...this.rules, {reasons: '', value_most: '', photos: '', then: 'approve'}])}>${icon('plus', 14)}${t('returns.add_rule')}</button></div>
      <p class="small muted">${t('returns.reason_names')} ${kReturnReasons.map((one, i) => html`${i ? ' · ' : ''}<code>${one}</code> ${named('value.reason', one)}`)}</p>`;
  }
}
