import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readParcelPolicy, readReturnPolicy} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import type {ParcelPolicyNow, Trial} from '../../model/parcels';
import {lengthOf} from '../../model/policies';
import type {ReturnPolicy, ReturnRule} from '../../model/returns';
import {may} from '../../shell/session';
import {count, duration, money, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, loaded, pageHead, type Part} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {goodsTabs} from './names';
import './policy_form';
import '../returns/policy_form';

const length = (text = ''): string => {
  const ms = lengthOf(text);
  return ms === undefined ? text : duration(ms / 1000);
};

/** When delays are announced and what is given for them; which returns are decided by rule. Seen by all, changed by those who publish. */
@customElement('rp-goods-rules')
export class GoodsRules extends Screen {
  @state() private editing: 'parcels' | 'returns' | undefined;
  private readonly parcels = new Load(this, () => 'all', readParcelPolicy);
  private readonly returns = new Load(this, () => 'all', readReturnPolicy);

  private readonly saved = (): void => {
    this.editing = undefined;
    for (const load of [this.parcels, this.returns]) void load.reload();
  };
  private edit(what: 'parcels' | 'returns', published: boolean): TemplateResult | typeof nothing {
    const text = t(published ? 'policies.edit' : 'parcels.write');
    return may('publish') ? html`<button class="button ${published ? '' : 'main'}" aria-label="${text} ${named('goodspolicy', what)}" @click=${() => (this.editing = what)}>${text}</button>` : nothing;
  }

  private trials({trials, threshold_now: now}: ParcelPolicyNow): TemplateResult | typeof nothing {
    if (trials.length === 0) return html`<p class="small muted">${t('parcels.no_trial')}</p>`;
    const here = (trial: Trial): boolean => now !== null && Math.abs(trial.threshold - now) < 0.0005;
    const share = (part: number, of: number): string => (of === 0 ? '–' : percent(part / of));
    const table = dataTable(t('parcels.trials'), [
      {head: t('parcels.threshold'), number: true, cell: (one: Trial) => html`${here(one) ? html`<strong>${percent(one.threshold)}</strong>` : percent(one.threshold)}`},
      {head: t('parcels.trial_right'), number: true, cell: (one: Trial) => `${share(one.warned_right, one.late)} (${count(one.warned_right)}/${count(one.late)})`},
      {head: t('parcels.trial_ahead'), number: true, cell: (one: Trial) => `${share(one.warned_12h_ahead, one.late)} (${count(one.warned_12h_ahead)}/${count(one.late)})`},
      {head: t('parcels.trial_wrong'), number: true, cell: (one: Trial) => `${share(one.warned_wrong, one.punctual)} (${count(one.warned_wrong)}/${count(one.punctual)})`},
    ], trials);
    return html`<details><summary>${t('parcels.trials')}</summary><p class="small soft">${t('parcels.trials_text')}</p>${table}</details>`;
  }
  private announcing(answer: ParcelPolicyNow): TemplateResult {
    const {policy, published, threshold_now: now} = answer;
    const given = policy?.compensation;
    const caps = policy?.caps ?? {};
    const cap = (n: number | undefined, text: string): Part => (n === undefined ? nothing : html`<div>${text}</div>`);
    return html`<section class="card stack" id="parcelpolicy"><header><h2>${named('goodspolicy', 'parcels')}</h2>${this.edit('parcels', published)}</header>
      ${published ? nothing : html`<div class="note warn">${icon('warning')}<div class="grow">${t('parcels.unpublished')}</div></div>`}
      ${policy === null ? nothing : html`<dl class="pairs">
        <dt>${t('parcels.warns')}</dt><dd>${policy.threshold === undefined ? t('parcels.by_share', {share: percent(policy.false_warnings ?? 0.1)}) : t('parcels.by_threshold', {threshold: percent(policy.threshold)})}</dd>
        <dt>${t('parcels.patience')}</dt><dd>${length(policy.patience ?? '24h')}</dd>
        <dt>${t('parcels.compensation')}</dt><dd>${given ? html`<span class="mono">${given.coupon}</span> · ${money(given.value, given.currency)} · ${t('parcels.valid_for', {length: length(given.valid ?? '30d')})}<br><span class="small soft">${t('parcels.from_delay', {length: length(given.after ?? '24h')})}</span>` : t('parcels.no_compensation')}</dd>
        ${given ? html`<dt>${t('parcels.caps')}</dt><dd>${cap(caps.customer ?? 2, t('parcels.cap_customer', {n: caps.customer ?? 2, days: caps.days ?? 30}))}${cap(caps.day ?? 200, t('parcels.cap_day', {n: count(caps.day ?? 200)}))}${caps.budget === undefined ? nothing : html`<div>${t('parcels.cap_budget', {amount: caps.budget, days: caps.days ?? 30})}</div>`}</dd>` : nothing}
        <dt>${t('parcels.channels')}</dt><dd>${(policy.channels ?? ['app', 'email']).map((one) => named('value.channel', one)).join(' · ') || t('parcels.no_channel')}</dd></dl>`}
      ${now === null || policy?.threshold !== undefined ? nothing : html`<p>${t(published ? 'parcels.now_at' : 'parcels.would_be_at', {threshold: percent(now)})}</p>`}
      ${this.trials(answer)}</section>`;
  }
  private rule(rule: ReturnRule, at: number): TemplateResult {
    const when = [rule.reasons?.length ? t('returns.when_reason', {reasons: rule.reasons.map((one) => named('value.reason', one)).join(', ')}) : t('returns.when_any'),
      rule.value_most === undefined ? '' : t('returns.when_value', {amount: String(rule.value_most)}), rule.photos ? t('returns.when_photos', {n: rule.photos}) : ''].filter(Boolean);
    return html`<li class="row base"><span class="muted">${at + 1}</span><span class="grow">${when.join(' · ')}</span><span class="chip ${rule.then === 'approve' ? 'good' : 'bad'}">${named('returnthen', rule.then)}</span></li>`;
  }
  private deciding({published, policy}: {published: boolean; policy: ReturnPolicy | null}): TemplateResult {
    return html`<section class="card stack" id="returnpolicy"><header><h2>${named('goodspolicy', 'returns')}</h2>${this.edit('returns', published)}</header>
      ${policy === null ? html`<p class="muted">${t('returns.unpublished')}</p>` : html`<p>${t('returns.within', {n: policy.days})}</p>
        ${policy.rules.length ? html`<ol class="plain lines">${policy.rules.map((rule, at) => this.rule(rule, at))}</ol>` : html`<p class="muted">${t('returns.no_rule')}</p>`}`}
      <p class="small soft">${t('returns.rule_text')}</p></section>`;
  }
  override render(): TemplateResult {
    const done = (): void => void (this.editing = undefined);
    return html`${pageHead(t('parcels.title'), t('parcels.rules_lead'))}${goodsTabs('rules')}
      <div class="grid two">${loaded(this.parcels, (answer) => this.announcing(answer), 8)}${loaded(this.returns, (answer) => this.deciding(answer), 5)}</div>
      ${this.editing === 'parcels' && this.parcels.value ? html`<rp-parcel-policy-form .policy=${this.parcels.value.policy} @saved=${this.saved} @done=${done}></rp-parcel-policy-form>` : nothing}
      ${this.editing === 'returns' && this.returns.value ? html`<rp-return-policy-form .policy=${this.returns.value.policy} @saved=${this.saved} @done=${done}></rp-return-policy-form>` : nothing}`;
  }
}
