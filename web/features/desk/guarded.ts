import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {callBack, decideAction, readActions, readCaseLink, readDeskPolicy, takeAction} from '../../api/desk';
import {readStaff} from '../../api/staff';
import {named, t} from '../../i18n/i18n';
import type {TicketPage} from '../../model/desk';
import type {Forbidden} from '../../model/desk_refusal';
import {type ActionKind, type AskedAction, type DeskAction, isMore, kActionKinds} from '../../model/desk_actions';
import type {Problem, Result} from '../../model/result';
import {session} from '../../shell/session';
import {moment, money} from '../../ui/format';
import {Load} from '../../ui/load';
import {errorState} from '../../ui/parts';
import {staffName} from '../../ui/staff';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';
import {refusedState, rolesText} from './refused';

/** What an agent does for the customer: refund, coupon, appointment within the policy, the outcome of the call-back, the link to her case. Fires `changed`. */
@customElement('rp-ticket-guarded')
export class TicketGuarded extends View {
  @property({attribute: false}) ticket!: TicketPage;
  @property({attribute: false}) services: readonly {id: string; name: string}[] = [];
  @state() private kind: ActionKind | '' = '';
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  /** What the problem was of. */
  private tried: Forbidden | undefined;
  /** One form is one action, however often it is sent. */
  private key = '';
  private readonly known = new Load(this, () => this.ticket.ticket_id, (signal) => readActions(this.ticket.ticket_id, signal));

  /** Who lets through, and whose limits are greater. */
  private readonly policy = new Load(this, () => 'all', readDeskPolicy);

  /** Names of those who asked and decided. */
  private readonly staff = new Load(this, () => 'all', readStaff);

  private async act(done: string, call: () => Promise<Result<unknown>>, tried?: Forbidden): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.tried = tried;
    const got = await call();
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) {
      this.kind = '';
      const waits = (got.value as {action?: DeskAction} | undefined)?.action?.state === 'proposed';
      toast(waits ? t('desk.act_waits', {roles: rolesText(this.policy.value?.policy.approvers ?? [])}) : done);
    }
    void this.known.reload();
    this.dispatchEvent(new CustomEvent('changed'));
  }
  /** Opens a form, as a macro proposes one. */
  propose(kind: ActionKind): void {
    this.kind = kind;
    this.key = crypto.randomUUID();
    this.problem = undefined;
  }
  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    if (!this.kind) return;
    const asked: AskedAction = {action: this.kind, key: this.key, reason: text('reason')};
    if (this.kind === 'refund' && text('amount')) asked.amount = text('amount');
    if (this.kind === 'refund' && text('order_id')) asked.order_id = text('order_id');
    if (this.kind === 'coupon') asked.value = text('amount');
    if (this.kind === 'appointment') {
      asked.service_id = text('service_id');
      asked.for = text('for') ? new Date(text('for')).toISOString() : '';
    }
    void this.act(t('desk.act_done'), () => takeAction(this.ticket.ticket_id, asked), {kind: this.kind, step: 'ask'});
  };

  private form(kind: ActionKind): TemplateResult {
    const may = this.known.value?.may[kind];
    const limit = may && 'most' in may ? may : undefined;
    const inShop = (amount: string): string => money(amount, this.known.value?.may.currency);
    const field = (label: string, input: TemplateResult): TemplateResult => html`<label class="field"><span class="label">${label}</span>${input}</label>`;
    return html`<form class="stack tight" @submit=${this.submit}>
      <div class="row">${kind === 'appointment'
        ? html`${field(t('desk.service'), html`<select class="input" name="service_id" required>${this.services.map(({id, name}) => html`<option value=${id}>${name}</option>`)}</select>`)}
          ${field(t('desk.when'), html`<input class="input" type="datetime-local" name="for" required>`)}`
        : html`${kind === 'refund' ? field(t('desk.order'), html`<input class="input" name="order_id" .value=${this.ticket.order_id ?? ''} required>`) : nothing}
          ${field(this.known.value?.may.currency ? t('desk.amount_in', {currency: this.known.value.may.currency}) : t('desk.amount'), html`<input class="input" name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]{1,3})?" ?required=${kind === 'coupon'} placeholder=${kind === 'refund' ? limit?.left ?? '' : ''}>`)}`}
      </div>
      ${field(t('desk.act_reason'), html`<input class="input" name="reason" maxlength="120" required>`)}
      ${limit ? html`<p class="small soft">${t('desk.limit', {alone: inShop(limit.alone), most: inShop(limit.most)})}${limit.left !== undefined ? ` ${t(kind === 'refund' ? 'desk.left_order' : 'desk.left_month', {left: inShop(limit.left)})}` : ''}</p>` : nothing}
      <p class="small muted">${t('desk.money_note')}</p>
      <div class="row"><button class="button main" ?disabled=${this.busy}>${named('act', kind)}</button><button type="button" class="button" @click=${() => (this.kind = '')}>${t('action.cancel')}</button></div></form>`;
  }
  private line(action: DeskAction): TemplateResult {
    const what = action.action === 'appointment' ? `${action.service_id ?? ''} ${action.for ? moment(action.for) : ''}` : action.amount === undefined ? '' : money(action.amount, action.currency);
    const second = action.state === 'proposed' && this.known.value?.may.approve;
    return html`<li class="stack tight"><span><strong>${named('act', action.action)}</strong> ${what} <span class="chip" data-state=${action.state}>${named('actstate', action.state)}</span></span>
      <span class="small soft">${action.reason ? `${action.reason} · ` : ''}${staffName(action.asked_by)} · ${moment(action.asked)}${action.before !== undefined ? ` · ${money(action.before, action.currency)} → ${money(action.after, action.currency)}` : ''}${action.decided_by ? ` · ${t('desk.decided', {who: staffName(action.decided_by)})} ${action.decided_reason ?? ''}` : ''}</span>
      ${second ? html`<span class="row"><button class="button main" ?disabled=${this.busy} @click=${() => this.act(t('desk.approved'), () => decideAction(this.ticket.ticket_id, action.action_id, true, ''), {kind: action.action, step: 'decide'})}>${t('desk.approve')}</button>
        <button class="button" ?disabled=${this.busy} @click=${() => this.act(t('desk.declined'), () => decideAction(this.ticket.ticket_id, action.action_id, false, t('desk.decline_reason')), {kind: action.action, step: 'decide'})}>${t('desk.decline')}</button></span>` : nothing}</li>`;
  }
  private readonly answered = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const satisfied = (event.submitter as HTMLButtonElement | null)?.value === 'true';
    void this.act(t('desk.called'), () => callBack(this.ticket.ticket_id, satisfied, String(form.get('note') ?? '').trim(), session()?.user?.name ?? ''));
  };
  private calling(): TemplateResult | typeof nothing {
    if (!['solved', 'called_back'].includes(this.ticket.state)) return nothing;
    return html`<form class="stack tight" @submit=${this.answered}><h3>${t('desk.call_back')}</h3><p class="small soft">${t('desk.call_back_text')}</p>
      <label class="field"><span class="label">${t('desk.note')}</span><input class="input" name="note" maxlength="400"></label>
      <div class="row"><button class="button main" value="true" ?disabled=${this.busy}>${t('desk.satisfied')}</button><button class="button" value="false" ?disabled=${this.busy}>${t('desk.unsatisfied')}</button></div></form>`;
  }
  private readonly copyLink = async (): Promise<void> => {
    const got = await readCaseLink(this.ticket.ticket_id);
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    await navigator.clipboard?.writeText(got.value.link ?? new URL(got.value.path, location.origin).href).catch(() => undefined);
    toast(t('desk.link_copied'));
  };
  override render(): TemplateResult {
    void this.staff.value;
    const {actions, may} = this.known.value ?? {actions: [], may: undefined};
    const allowed = kActionKinds.filter((kind) => may?.[kind]);
    const used = actions.filter((one) => one.state === 'proposed' || one.state === 'done' || isMore(one.amount ?? '0', '0'));
    return html`<section class="card stack tight" id="guarded"><header><h2>${t('desk.for_her')}</h2></header>
      ${this.problem ? (this.tried ? refusedState(this.problem, this.tried, this.policy.value?.policy) : errorState(this.problem)) : nothing}
      ${this.calling()}
      ${used.length ? html`<ul class="plain stack tight" aria-label=${t('desk.done_for_her')}>${used.map((one) => this.line(one))}</ul>` : nothing}
      ${this.kind ? this.form(this.kind) : html`<div class="row">${allowed.map((kind) => html`<button class="button" @click=${() => this.propose(kind)}>${named('act', kind)}…</button>`)}
        <span class="grow"></span><button class="button" @click=${this.copyLink}>${t('desk.case_link')}</button></div>`}</section>`;
  }
}
