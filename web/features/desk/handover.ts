import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {assignTicket} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import type {TicketPage} from '../../model/desk';
import {packetOf} from '../../model/desk_actions';
import type {Roster} from '../../model/policies';
import type {Problem} from '../../model/result';
import {session} from '../../shell/session';
import '../../ui/dialog';
import {moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';
import {agentName} from './names';

/** What whoever had the ticket before said for whoever has it now, to read and to copy. */
export function packetCard(ticket: TicketPage, roster: Roster | undefined): TemplateResult | typeof nothing {
  const packet = packetOf(ticket.history);
  if (!packet) return nothing;
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard?.writeText(packet.json).then(() => true, () => false);
    toast(t(done ? 'handover.copied' : 'handover.not_copied'), {bad: !done});
  };
  const line = (name: string, value: TemplateResult | string): TemplateResult | typeof nothing => (value === '' ? nothing : html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<section class="card stack tight" id="packet"><header><h2>${t('handover.title')}</h2><button class="button tiny" @click=${copy}>${icon('copy', 14)}${t('handover.copy')}</button></header>
    <p class="small muted">${moment(packet.at)}${packet.to ? ` → ${agentName(roster, packet.to)}` : ''}</p>
    <dl class="pairs">${line(t('handover.wanted'), html`<strong>${named('intent', packet.wanted)}</strong>`)}
      ${line(t('handover.tried'), packet.tried.length ? html`<ul class="plain">${packet.tried.map((one) => html`<li>${named('intent', one)}</li>`)}</ul>` : t('handover.nothing'))}
      ${packet.promised.length ? line(t('handover.promised'), html`${packet.promised.map(({clock, by}) => html`<div>${named('clock', clock)}: ${moment(by)}</div>`)}`) : nothing}
      ${line(t('handover.urgency'), packet.urgency ? named('value.priority', packet.urgency) : '')}
      ${packet.slots.map(([name, value]) => line(named('prop', name), value))}
      ${line(t('handover.who'), /^c_\d+$/.test(packet.who) ? html`<a href="/customers/${packet.who}">${packet.who}</a>` : packet.who)}${line(t('handover.transcript'), packet.transcript ? html`<span class="mono">${packet.transcript}</span>` : '')}</dl>
    <details><summary class="small">${t('handover.json')}</summary><pre class="code">${packet.json}</pre></details></section>`;
}

/** Gives a ticket to a colleague with what she wants and what was tried; both are needed. Fires `saved` and `done`. */
@customElement('rp-hand-over')
export class HandOver extends View {
  @property({attribute: false}) ticket!: TicketPage;
  @property({attribute: false}) roster: Roster | undefined;
  @state() private agent = '';
  @state() private wanted = '';
  @state() private tried = '';
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  private agents(): string[] {
    return (this.roster?.agents ?? []).map(({agent}) => agent).filter((one) => one !== this.ticket.agent && one !== session()?.user?.name);
  }
  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const to = this.agent || this.agents()[0] || '';
    if (this.busy || !to || !this.wanted.trim()) return;
    this.busy = true;
    const got = await assignTicket(this.ticket.ticket_id, to, {wanted: this.wanted.trim(), tried: this.tried.split('\n').map((one) => one.trim()).filter(Boolean)});
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('desk.assigned', {name: agentName(this.roster, to)}));
    this.dispatchEvent(new CustomEvent('saved'));
  };
  override render(): TemplateResult {
    const agents = this.agents();
    return html`<rp-dialog heading=${t('handover.give')} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="handover" @submit=${this.submit}>${this.problem ? errorState(this.problem) : nothing}<p class="small soft">${t('handover.text')}</p>
        <label class="field"><span class="label">${t('desk.give_to')}</span><select class="input" @change=${(event: Event) => (this.agent = (event.target as HTMLSelectElement).value)}>${agents.map((one) => html`<option value=${one} ?selected=${one === this.agent}>${agentName(this.roster, one)}</option>`)}</select></label>
        <label class="field"><span class="label">${t('handover.wanted')}</span><textarea class="input" rows="2" maxlength="300" required .value=${this.wanted} @input=${(event: Event) => (this.wanted = (event.target as HTMLTextAreaElement).value)}></textarea></label>
        <label class="field"><span class="label">${t('handover.tried')}</span><textarea class="input" rows="3" maxlength="2000" .value=${this.tried} @input=${(event: Event) => (this.tried = (event.target as HTMLTextAreaElement).value)}></textarea><span class="hint">${t('handover.a_line')}</span></label></form>`}
      .foot=${html`<button class="button main" form="handover" ?disabled=${this.busy || !this.wanted.trim() || agents.length === 0}>${t('handover.give')}</button>`}></rp-dialog>`;
  }
}
