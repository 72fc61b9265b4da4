import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type LoggedEvent, readLabel, readTimeline} from '../../api/customers';
import {readRoster, readTicket} from '../../api/desk';
import {type Nouns, readNouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {type DeskClock, storyOf, type TicketPage} from '../../model/desk';
import {may} from '../../shell/session';
import {ago, moment, timeLeft} from '../../ui/format';
import {Load} from '../../ui/load';
import {dataTable, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './actions';
import {lengthText} from './clock';
import './conversation';
import './guarded';
import type {TicketGuarded} from './guarded';
import {packetCard} from './handover';
import {agentName, departmentName, priorityChip, stateChip} from './names';
import './pop';

const kLookAgain_ms = 3_000;
const servicesOf = (nouns: Nouns | undefined): {id: string; name: string}[] => [...(nouns?.services ?? [])].map(([id, {name}]) => ({id, name}));
/** The customer's own doings are looked at every so many times. */
const kLooksBetween = 5;
const kEvents = 200;

/** A ticket, and all that an agent should know before the first word. */
@customElement('rp-ticket')
export class TicketScreen extends Screen {
  private timer = 0;
  private looks = 0;
  private readonly ticket = new Load(this, () => this.place.params['id'], (signal) => readTicket(this.place.params['id'] ?? '', signal));
  private readonly label = new Load(this, () => this.ticket.value?.customer ?? undefined, (signal) => readLabel(this.ticket.value?.customer ?? '', signal));
  private readonly events = new Load<{events: LoggedEvent[]}>(this, () => this.ticket.value?.customer ?? undefined, (signal) => readTimeline(this.ticket.value?.customer ?? '', kEvents, signal));
  private readonly roster = new Load(this, () => 'all', readRoster);
  private readonly nouns = new Load(this, () => 'all', readNouns);

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (document.hidden || this.ticket.busy) return;
      this.looks += 1;
      void this.ticket.reload();
      if (this.looks % kLooksBetween === 0 && this.ticket.value?.customer && !this.events.busy) void this.events.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private clock(clock: DeskClock, ticket: TicketPage): TemplateResult {
    const warnings = ticket.told.filter((one) => one.clock === clock.clock);
    return html`<li class="card stack tight"><rp-desk-clock .clock=${clock}></rp-desk-clock>
      <p class="small soft">${clock.target_ms > 0 ? t('desk.target', {target: timeLeft(clock.target_ms / 1000), used: timeLeft(clock.used_ms / 1000)}) : t('desk.no_target')}${clock.due_at && warnings.length === 0 ? html`<br>${t('desk.due', {when: moment(clock.due_at)})}` : nothing}</p>
      ${warnings.map((one) => html`<p class="small soft">${one.step < 2 ? named('toldstep', String(one.step)) : t('desk.rung', {n: one.step - 1})} ${moment(one.at)}</p>`)}
      ${clock.trace?.length ? html`<details><summary class="small">${t('desk.trace')}</summary>${dataTable(`${t('desk.trace')}: ${named('clock', clock.clock)}`, [
        {head: t('desk.trace_at'), cell: (step) => html`<span class="small">${moment(step.at)}</span>`},
        {head: t('desk.trace_what'), cell: (step) => html`<span class="small">${named('trace', step.what)}</span>`},
        {head: t('desk.trace_used'), number: true, cell: (step) => html`<span class="small">${lengthText(step.used_ms)}</span>`},
      ], clock.trace)}</details>` : nothing}</li>`;
  }
  private page(ticket: TicketPage): TemplateResult {
    const events = this.events.value?.events;
    const changed = (): void => {
      void this.ticket.reload();
      if (ticket.customer) void this.events.reload();
    };
    const roster = this.roster.value?.roster;
    const title = [this.label.value || ticket.customer || t('desk.no_customer'), ticket.class ? named('value.class', ticket.class) : ''].filter(Boolean).join(' · ');
    return html`${pageHead(title, html`<span class="mono">${ticket.ticket_id}</span> · ${departmentName(ticket.department)} · ${ticket.agent ? agentName(roster, ticket.agent) : t('desk.nobody')} · ${t('desk.opened', {when: ago(ticket.opened)})}`,
        html`<span class="chips">${stateChip(ticket.state)}${priorityChip(ticket.priority)}</span>`)}
      ${ticket.clocks.length ? html`<ul class="clockcards" aria-label=${t('desk.clocks')}>${ticket.clocks.map((clock) => this.clock(clock, ticket))}</ul>` : nothing}
      ${may('act') ? html`<rp-ticket-actions .ticket=${ticket} .roster=${roster} @changed=${changed}></rp-ticket-actions>
        ${ticket.customer ? html`<rp-ticket-guarded .ticket=${ticket} .services=${servicesOf(this.nouns.value)} @changed=${changed}></rp-ticket-guarded>` : nothing}` : nothing}
      ${packetCard(ticket, roster)}
      <div class="grid side ticketgrid"><rp-screen-pop class="stack" .ticket=${ticket} .events=${events ?? (this.events.error ? [] : undefined)} .name=${this.label.value ?? ''} .nouns=${this.nouns.value}></rp-screen-pop>
        <rp-ticket-conversation .ticket=${ticket} .story=${storyOf(ticket, events ?? [])} .nouns=${this.nouns.value} @changed=${changed} @proposed=${(event: CustomEvent<'refund' | 'coupon' | 'appointment'>) => this.querySelector<TicketGuarded>('rp-ticket-guarded')?.propose(event.detail)}></rp-ticket-conversation></div>`;
  }
  override render(): TemplateResult {
    const back = html`<p><a href="/desk">${t('desk.back')}</a></p>`;
    if (this.ticket.error?.status === 404) return html`${pageHead(t('desk.gone'), t('desk.gone_text'))}${back}`;
    return html`${back}${loaded(this.ticket, (ticket) => this.page(ticket), 14)}`;
  }
}
