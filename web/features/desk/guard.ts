import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishDeskPolicy, readDeskPolicy} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {deskDraft, type DeskPolicy, deskPolicyBody, type DeskPolicyDraft, deskPolicyFault, kDeskRoles, type RoleDraft} from '../../model/desk_policy';
import {may} from '../../shell/session';
import {money} from '../../ui/format';
import {Load} from '../../ui/load';
import {dataTable, loaded} from '../../ui/parts';
import {View} from '../../ui/view';
import {PolicyForm} from './policy_form';

/** What agents may do for a customer by themselves, and what takes a second person. */
@customElement('rp-desk-guard')
export class DeskGuard extends View {
  @state() private editing = false;
  private readonly policy = new Load(this, () => 'all', readDeskPolicy);

  private page({published, policy}: {published: boolean; policy: DeskPolicy}): TemplateResult {
    const limit = (role: string, action: string): TemplateResult => {
      const one = policy.limits.find((line) => line.role === role && line.action === action);
      if (!one) return html`<span class="muted">${t('guard.may_not')}</span>`;
      if (one.most === undefined) return html`${t('guard.may')}`;
      return html`<span class="nowrap">${t('guard.up_to', {alone: money(one.alone, policy.currency), most: money(one.most, policy.currency)})}</span>`;
    };
    return html`<section class="card flush" id="guard"><header><h2>${t('guard.title')}</h2>${may('publish') ? html`<button class="button" aria-label="${t('policies.edit')} ${t('guard.title')}" @click=${() => (this.editing = true)}>${t('policies.edit')}</button>` : nothing}</header>
      ${published ? nothing : html`<p class="tablereading"><span class="chip warn">${t('guard.shipped')}</span> <span class="small soft">${t('guard.shipped_text')}</span></p>`}
      ${dataTable(t('guard.title'), [
        {head: t('guard.role'), cell: (role: (typeof kDeskRoles)[number]) => html`<strong>${named('role', role)}</strong>`},
        {head: named('act', 'refund'), cell: (role) => limit(role, 'refund')}, {head: named('act', 'coupon'), cell: (role) => limit(role, 'coupon')}, {head: named('act', 'appointment'), cell: (role) => limit(role, 'appointment')},
        {head: t('guard.approves'), cell: (role) => (policy.approvers.includes(role) ? t('guard.may') : html`<span class="muted">${t('guard.may_not')}</span>`)},
      ], kDeskRoles)}
      <dl class="pairs small tablereading"><dt>${t('guard.customer_month')}</dt><dd>${money(policy.coupons_customer_month, policy.currency)}</dd><dt>${t('guard.agent_month')}</dt><dd>${money(policy.coupons_agent_month, policy.currency)}</dd>
        <dt>${t('guard.days')}</dt><dd>${t('guard.days_text', {coupon: policy.coupon_days, refund: policy.refund_days, book: policy.book_days})}</dd></dl></section>`;
  }
  override render(): TemplateResult {
    return html`${loaded(this.policy, (answer) => this.page(answer), 5)}
      ${this.editing && this.policy.value ? html`<rp-guard-form .policy=${this.policy.value.policy} @saved=${() => { this.editing = false; void this.policy.reload(); }} @done=${() => (this.editing = false)}></rp-guard-form>` : nothing}`;
  }
}

/** Limits by role, caps of a month, and who lets through what waits. */
@customElement('rp-guard-form')
export class GuardForm extends PolicyForm {
  @property({attribute: false}) policy!: DeskPolicy;
  @state() private draft!: DeskPolicyDraft;

  override connectedCallback(): void {
    super.connectedCallback();
    this.draft = deskDraft(this.policy);
  }
  protected override heading(): string {
    return t('guard.title');
  }
  protected override fault(): string | undefined {
    const fault = deskPolicyFault(this.draft);
    return fault && named('guardfault', fault);
  }
  protected override publish(): ReturnType<typeof publishDeskPolicy> {
    return publishDeskPolicy(deskPolicyBody(this.draft));
  }
  /** Amounts name their currency. */
  private inMoney(label: string): string {
    return this.policy.currency ? t('guard.in_money', {label, currency: this.policy.currency}) : label;
  }
  private limits(one: RoleDraft): TemplateResult {
    const change = (to: Partial<RoleDraft>): void => void (this.draft = {...this.draft, roles: this.draft.roles.map((role) => (role.role === one.role ? {...role, ...to} : role))});
    const amount = (name: 'refund_alone' | 'refund_most' | 'coupon_alone' | 'coupon_most', label: string): TemplateResult => this.write(this.inMoney(label), one[name], (text) => change({[name]: text.trim()}), 9, t('guard.may_not'));
    const tick = (name: 'books' | 'approves', label: string): TemplateResult => html`<label class="check"><input type="checkbox" .checked=${one[name]} @change=${(event: Event) => change({[name]: (event.target as HTMLInputElement).checked})}>${label}</label>`;
    return html`<fieldset class="stack tight plainset"><legend><h3>${named('role', one.role)}</h3></legend>
      <div class="row filterform">${amount('refund_alone', t('guard.refund_alone'))}${amount('refund_most', t('guard.refund_most'))}${amount('coupon_alone', t('guard.coupon_alone'))}${amount('coupon_most', t('guard.coupon_most'))}</div>
      <div class="row">${tick('books', t('guard.books'))}${tick('approves', t('guard.approves'))}</div></fieldset>`;
  }
  protected override fields(): TemplateResult {
    const {draft} = this;
    const text = (name: 'customer_month' | 'agent_month' | 'coupon_days' | 'refund_days' | 'book_days', size: number): TemplateResult => this.write(name.endsWith('_month') ? this.inMoney(named('guard', name)) : named('guard', name), draft[name], (value) => (this.draft = {...this.draft, [name]: value.trim()}), size);
    return html`<p class="small soft">${t('guard.form_text', {currency: this.policy.currency ?? ''})}</p>${draft.roles.map((one) => this.limits(one))}
      <fieldset class="stack tight plainset"><legend><h3>${t('guard.caps')}</h3></legend><div class="row filterform">${text('customer_month', 9)}${text('agent_month', 9)}${text('coupon_days', 5)}${text('refund_days', 5)}${text('book_days', 5)}</div></fieldset>`;
  }
}
