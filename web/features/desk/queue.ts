import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {readLabels} from '../../api/customers';
import {kQueues, readQueue, readRoster} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {kTicketStates, pressing, type Queue, type Ticket} from '../../model/desk';
import {kFeedbackClasses} from '../../model/feedback';
import {session} from '../../shell/session';
import {ago, count, moment, shortLabel, ticketNumber} from '../../ui/format';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './clock';
import {agentName, departmentName, priorityChip, stateChip} from './names';

const kLookAgain_ms = 3_000;
const kPage = 50;
const kMore = 200;
const kFilters = ['queue', 'department', 'agent', 'state', 'class', 'sort'] as const;

/** The tickets by deadline, with clocks that run. What is shown is in the address; j and k go through it. */
@customElement('rp-desk-queue')
export class DeskQueue extends Screen {
  private timer = 0;
  /** The ticket that had the focus before the list was drawn anew. */
  private held = '';
  private readonly queue = new Load<Queue>(this, () => JSON.stringify([...kFilters.map((name) => this.filter(name)), this.filter('more')]),
    (signal) => readQueue({...Object.fromEntries(kFilters.map((name) => [name, this.filter(name)])), limit: this.filter('more') ? kMore : kPage}, signal));
  private readonly roster = new Load(this, () => 'all', readRoster);
  private readonly labels = new Load(this, () => this.people().join() || undefined, (signal) => readLabels(this.people(), signal));

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && !this.queue.busy) void this.queue.reload();
    }, kLookAgain_ms);
    document.addEventListener('keydown', this.keys);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    document.removeEventListener('keydown', this.keys);
  }
  private people(): string[] {
    return (this.queue.value?.tickets ?? []).flatMap(({customer}) => (customer ? [customer] : []));
  }

  private readonly keys = (event: KeyboardEvent): void => {
    const busy = (event.target as Element).closest?.('input, textarea, select, dialog, [contenteditable]');
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !['j', 'k'].includes(event.key)) return;
    const rows = [...this.querySelectorAll<HTMLAnchorElement>('.queue a')];
    const at = rows.indexOf(document.activeElement as HTMLAnchorElement);
    const next = at < 0 ? (event.key === 'j' ? 0 : rows.length - 1) : at + (event.key === 'j' ? 1 : -1);
    rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
    event.preventDefault();
  };
  /** Rows change their places as deadlines come; the reader stays with the ticket. */
  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.held = this.querySelector<HTMLAnchorElement>('.queue a:focus')?.dataset['ticket'] ?? '';
  }
  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.held && !this.querySelector('.queue a:focus')) this.querySelector<HTMLAnchorElement>(`.queue a[data-ticket="${CSS.escape(this.held)}"]`)?.focus();
  }

  private readonly pick = (name: string) => (event: Event): void => setFilters({[name]: (event.target as HTMLSelectElement).value});
  private select(name: string, label: string, options: readonly [string, string][]): TemplateResult {
    const chosen = this.filter(name);
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${this.pick(name)}>
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></label>`;
  }
  private bar({counts, departments, tickets}: Queue): TemplateResult {
    const queue = this.filter('queue') || 'open';
    const me = session()?.user?.name ?? '';
    const agents = [...new Set([...(this.roster.value?.roster.agents ?? []).map(({agent}) => agent), ...tickets.flatMap(({agent}) => (agent ? [agent] : [])), ...(this.filter('agent') && this.filter('agent') !== 'none' ? [this.filter('agent')] : [])])].filter((one) => one !== me).sort();
    return html`<div class="row"><div class="chips" role="group" aria-label=${t('desk.queue')}>${kQueues.map((one) => html`<button class="button" aria-pressed=${queue === one} @click=${() => setFilters({queue: one === 'open' ? '' : one})}>${named('queue', one)}${one === 'done' || one === 'call_back' ? nothing : html`<strong>${count(counts[one])}</strong>`}</button>`)}
        ${me ? html`<button class="button" aria-pressed=${this.filter('agent') === me} @click=${() => setFilters({agent: this.filter('agent') === me ? '' : me})}>${t('desk.mine')}</button>` : nothing}</div></div>
      <div class="row filterform" role="group" aria-label=${t('customers.filters')}>
        ${this.select('department', t('feedback.department'), [['', t('feedback.any')], ...departments.map(({department, open, late}): [string, string] => [department, t('desk.department_line', {name: departmentName(department), open, late})])])}
        ${this.select('agent', t('desk.agent'), [['', t('feedback.any')], ['none', t('desk.nobody')], ...(me ? [[me, t('desk.me', {name: me})] as [string, string]] : []), ...agents.map((one): [string, string] => [one, agentName(this.roster.value?.roster, one)])])}
        ${this.select('class', t('feedback.class'), [['', t('feedback.any')], ...kFeedbackClasses.map((one): [string, string] => [one, named('value.class', one)])])}
        ${this.select('state', t('feedback.state'), [['', t('feedback.any')], ...kTicketStates.map((one): [string, string] => [one, named('state', one)])])}
        ${this.select('sort', t('desk.sort'), [['', t('desk.by_deadline')], ['opened', t('desk.by_opening')]])}</div>`;
  }

  private row(ticket: Ticket): TemplateResult {
    const name = ticket.customer ? shortLabel(this.labels.value?.get(ticket.customer) ?? '') || ticket.customer : t('desk.no_customer');
    return html`<li><a class="ticketrow" href="/desk/${encodeURIComponent(ticket.ticket_id)}" data-ticket=${ticket.ticket_id}>
      <rp-desk-clock .clock=${pressing(ticket.clocks)}></rp-desk-clock>
      <span class="ticketwho"><strong>${name}</strong> <span class="soft">${ticket.class ? named('value.class', ticket.class) : nothing}</span> <span class="mono muted nowrap" title=${ticket.ticket_id}>${ticketNumber(ticket.ticket_id)}</span></span>
      <span class="chips">${stateChip(ticket.state)}${priorityChip(ticket.priority)}${ticket.department && ticket.department !== ticket.class ? html`<span class="chip">${departmentName(ticket.department)}</span>` : nothing}</span>
      <span class="small soft ticketagent">${ticket.agent ? agentName(this.roster.value?.roster, ticket.agent) : html`<em>${t('desk.nobody')}</em>`} · <time datetime=${ticket.opened} title=${moment(ticket.opened)}>${t('desk.opened', {when: ago(ticket.opened)})}</time></span></a></li>`;
  }

  override render(): TemplateResult {
    return html`${loaded(this.queue, (queue) => html`${this.bar(queue)}
      ${queue.tickets.length === 0 ? emptyState(t('desk.none'), t('desk.none_text'), nothing, 'check')
        : html`<section class="card flush" aria-label=${t('desk.title')}><ol class="queue">${repeat(queue.tickets, ({ticket_id}) => ticket_id, (ticket) => this.row(ticket))}</ol></section>`}
      <p class="row spread small muted"><span>${t('desk.shown', {n: count(queue.tickets.length), of: count(queue.matching)})}</span><span class="deskkeys">${t('desk.keys')}</span></p>
      ${queue.matching > queue.tickets.length && !this.filter('more') ? html`<div class="row"><button class="button" @click=${() => setFilters({more: '1'})}>${t('action.more')}</button></div>` : nothing}`, 12)}`;
  }
}
