import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {type LoggedEvent, readCustomer} from '../../api/customers';
import type {Nouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {isClass} from '../../model/classes';
import type {TicketPage} from '../../model/desk';
import {groupOf, telling} from '../../model/timeline';
import {holdings, openProblems} from '../customers/holdings';
import {ago, count, moment} from '../../ui/format';
import {Load} from '../../ui/load';
import {classChip, loaded, meter, skeleton} from '../../ui/parts';
import {saidPart} from '../../ui/said';
import {View} from '../../ui/view';

const kShown = 8;

/** The screen pop: who it is, what she holds and just looked at, what is unsolved, what was tried before. Known before the first word. */
@customElement('rp-screen-pop')
export class ScreenPop extends View {
  @property({attribute: false}) ticket!: TicketPage;
  /** Of the customer, newest first; nothing while they are on their way. */
  @property({attribute: false}) events: LoggedEvent[] | undefined;
  @property() name = '';
  @property({attribute: false}) nouns: Nouns | undefined;
  private readonly customer = new Load(this, () => this.ticket.customer ?? undefined, (signal) => readCustomer(this.ticket.customer ?? '', signal));

  private list(title: string, none: string, events: readonly LoggedEvent[]): TemplateResult {
    return html`<section class="card"><header><h2>${title}</h2></header>${events.length === 0 ? html`<p class="muted">${none}</p>`
      : html`<ul class="lines">${events.map((event) => html`<li class="small"><div class="row spread base"><strong>${named('event', event.event)}</strong><time class="muted" datetime=${event.event_time} title=${moment(event.event_time)}>${ago(event.event_time)}</time></div>
        <div>${telling(event, 3).map((part) => html`<span class="part"><span class="muted">${named('prop', part.name)}</span> ${saidPart(this.nouns, part)}</span> `)}</div></li>`)}</ul>`}</section>`;
  }
  private past(): TemplateResult {
    if (!this.events) return skeleton(4);
    const here = new Set(this.ticket.history.map(({seq}) => seq));
    const tried = this.events.filter(({seq, event}) => !here.has(seq) && groupOf(event) === 'contact');
    return html`${this.list(t('desk.browsing'), t('desk.no_browsing'), this.events.filter(({event}) => groupOf(event) === 'browse').slice(0, kShown))}
      ${this.list(t('desk.tried'), t('desk.not_tried'), tried.slice(0, kShown))}`;
  }
  override render(): TemplateResult | typeof nothing {
    if (!this.ticket.customer) return html`<section class="card"><p class="muted">${t('desk.no_customer')}</p></section>`;
    return html`${loaded(this.customer, (customer) => html`<section class="card stack tight" id="who"><header><h2><a href="/customers/${customer.id}">${this.name || customer.id}</a></h2><span class="mono muted small">${customer.id}</span></header>
        <div class="chips">${classChip(customer.primary ?? 'other', {main: true})}${customer.segments.filter(({name}) => isClass(name) && name !== customer.primary).map(({name}) => classChip(name))}</div>
        <div class="row"><span class="muted small">${t('score.value')}</span>${meter(customer.scores.value)}<span class="muted small">${t('score.urgency')}</span>${meter(customer.scores.urgency, 'var(--class-churn_risk)')}</div>
        <p class="small soft">${t('customers.orders')} ${count(customer.orders_total)} · ${t('customer.since', {when: moment(customer.first_seen)})} · ${t('customer.seen', {when: ago(customer.last_seen)})}</p></section>
      ${openProblems({...customer, open_problems: customer.open_problems.filter(({id}) => id !== this.ticket.ticket_id)})}${this.past()}${holdings(customer, this.nouns)}`, 10)}`;
  }
}
