import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {assignTicket, updateTicket} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {isDone, kPriorities, nextStates, type TicketPage, type TicketState} from '../../model/desk';
import type {Roster} from '../../model/policies';
import type {Problem, Result} from '../../model/result';
import {session} from '../../shell/session';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';
import './handover';
import {agentName} from './names';

/** What a person may do with a ticket now: take it or give it to somebody, and move it on, with a word on why. Fires `changed`. */
@customElement('rp-ticket-actions')
export class TicketActions extends View {
  @property({attribute: false}) ticket!: TicketPage;
  @property({attribute: false}) roster: Roster | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  @state() private reason = '';
  @state() private handing = false;

  private async act(done: string, call: () => Promise<Result<unknown>>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const got = await call();
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) {
      this.reason = '';
      toast(done);
    }
    this.dispatchEvent(new CustomEvent('changed'));
  }
  private move(next: TicketState, more: {priority?: string} = {}): void {
    const reason = this.reason.trim();
    void this.act(t('desk.moved', {state: named('state', next)}), () => updateTicket(this.ticket.ticket_id, {state: next, ...(reason ? {reason} : {}), ...more}));
  }
  private assign(agent: string): void {
    if (agent) void this.act(t('desk.assigned', {name: agentName(this.roster, agent)}), () => assignTicket(this.ticket.ticket_id, agent));
  }

  private assigning(): TemplateResult | typeof nothing {
    const {ticket} = this;
    if (isDone(ticket.state)) return nothing;
    const me = session()?.user?.name ?? '';
    const agents = (this.roster?.agents ?? []).map(({agent}) => agent).filter((agent) => agent !== ticket.agent && agent !== me);
    return html`${me && ticket.agent !== me ? html`<button class="button ${ticket.agent ? '' : 'main'}" ?disabled=${this.busy} @click=${() => this.assign(me)}>${t('desk.take')}</button>` : nothing}
      ${agents.length ? html`<label><span class="unseen">${t('desk.give_to')}</span><select class="input" ?disabled=${this.busy} @change=${(event: Event) => { const box = event.target as HTMLSelectElement; this.assign(box.value); box.value = ''; }}>
        <option value="">${t('desk.give')}</option>${agents.map((agent) => html`<option value=${agent}>${agentName(this.roster, agent)}</option>`)}</select></label><button class="button" ?disabled=${this.busy} @click=${() => (this.handing = true)}>${t('handover.with')}</button>` : nothing}
      <label><span class="unseen">${t('desk.priority')}</span><select class="input" ?disabled=${this.busy} @change=${(event: Event) => this.move(ticket.state as TicketState, {priority: (event.target as HTMLSelectElement).value})}>
        ${ticket.priority ? nothing : html`<option value="" selected disabled>${t('desk.priority')}</option>`}${kPriorities.map((one) => html`<option value=${one} ?selected=${one === ticket.priority}>${t('desk.priority_of', {name: named('value.priority', one)})}</option>`)}</select></label>`;
  }
  override render(): TemplateResult {
    const next = nextStates(this.ticket.state);
    return html`<section class="card stack tight" aria-label=${t('desk.actions')}>
      ${this.problem ? errorState(this.problem) : nothing}
      <div class="row">${next.map((state, i) => html`<button class="button ${i === 0 ? 'main' : ''}" ?disabled=${this.busy} @click=${() => this.move(state)}>${named('moveto', state)}</button>`)}<span class="grow"></span>${this.assigning()}</div>
      <label class="field"><span class="label">${t('desk.reason')}</span><input class="input" maxlength="120" .value=${this.reason} placeholder=${t('desk.reason_hint')} @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)}></label>
      ${this.handing ? html`<rp-hand-over .ticket=${this.ticket} .roster=${this.roster} @saved=${() => { this.handing = false; this.dispatchEvent(new CustomEvent('changed')); }} @done=${() => (this.handing = false)}></rp-hand-over>` : nothing}</section>`;
  }
}
