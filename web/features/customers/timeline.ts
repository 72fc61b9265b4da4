import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {type LoggedEvent, readTimeline} from '../../api/customers';
import type {Nouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {byDay, type EventGroup, groupOf, kEventGroups, photosOf, telling} from '../../model/timeline';
import {clock, moment, weekday} from '../../ui/format';
import {icon, type Icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded} from '../../ui/parts';
import {saidPart} from '../../ui/said';
import {Screen} from '../../ui/view';

const kIcons: Record<EventGroup, Icon> = {
  browse: 'eye', order: 'cart', return: 'refresh', contact: 'chat', voice: 'star', service: 'services', member: 'spark', decision: 'spark',
  person: 'customers', device: 'data', other: 'box',
};
/** So many events are asked for at first. */
export const kTimelinePage = 60;
export type TimelineAnswer = Awaited<ReturnType<typeof readTimeline>>;

/** Every touch of every touchpoint, newest first; the group shown and the event looked at are in the address. */
@customElement('rp-timeline')
export class Timeline extends Screen {
  @property() customer = '';
  @property({attribute: false}) nouns: Nouns | undefined;
  /** Asks anew when it changes, and shows what it has until the answer is there. */
  @property({type: Number}) look = 0;
  /** The answer to the first page, asked for before this was drawn; nothing asks itself. */
  @property({attribute: false}) begun: Promise<TimelineAnswer> | undefined;
  @state() private limit = kTimelinePage;
  /** Events that the reader looked into; of the others only the line is drawn. */
  @state() private opened: ReadonlySet<number> = new Set();
  private shown = '';
  private readonly events = new Load(this, () => this.customer && `${this.customer} ${this.limit} ${this.filter('event') ? 'all' : ''} ${this.look}`,
    (signal) => {
      const {begun} = this;
      this.begun = undefined;
      return begun && !this.filter('event') ? begun : readTimeline(this.customer, this.filter('event') ? 1000 : this.limit, signal);
    });

  override updated(): void {
    const wanted = this.filter('event');
    if (!wanted || wanted === this.shown) return;
    const found = this.querySelector<HTMLElement>(`#seq-${CSS.escape(wanted)}`);
    if (!found) return;
    this.shown = wanted;
    found.scrollIntoView({block: 'center'});
    found.querySelector('details')?.setAttribute('open', '');
  }

  private row(event: LoggedEvent): TemplateResult {
    const group = groupOf(event.event);
    const looked = String(event.seq) === this.filter('event');
    const parts = telling(event);
    return html`<li id="seq-${event.seq}" class="touch ${looked ? 'looked' : ''}" data-group=${group}>
      <time datetime=${event.event_time} title=${moment(event.event_time)}>${clock(event.event_time)}</time>
      <span class="mark">${icon(kIcons[group], 15)}</span>
      <details @toggle=${(toggled: Event) => this.open(event.seq, (toggled.target as HTMLDetailsElement).open)}><summary><strong>${named('event', event.event)}</strong> ${parts.map((part) => html`<span class="part"><span class="muted">${named('prop', part.name)}</span> ${saidPart(this.nouns, part)}</span>`)}</summary>
        ${this.opened.has(event.seq) ? this.inside(event) : nothing}</details>${this.photos(event)}</li>`;
  }

  private open(seq: number, is: boolean): void {
    const opened = new Set(this.opened);
    if (is) opened.add(seq);
    else opened.delete(seq);
    this.opened = opened;
  }
  private inside(event: LoggedEvent): TemplateResult {
    return html`<dl class="pairs small"><dt>${t('timeline.position')}</dt><dd class="mono">${event.seq}</dd><dt>${t('timeline.received')}</dt><dd>${moment(event.received_at)}</dd></dl>
      <pre class="code">${JSON.stringify({...event.properties, ...(event.personal ?? {})}, null, 2)}</pre>`;
  }

  /** Pictures that came with it; only readers who may see personal parts are given their hashes. */
  private photos(event: LoggedEvent): TemplateResult | typeof nothing {
    const hashes = photosOf(event);
    return hashes.length === 0 ? nothing : html`<ul class="row photos">${hashes.map((hash, at) => html`<li><a href="/v1/files/${hash}" target="_blank" rel="noopener">
      <img src="/v1/files/${hash}" alt=${t('timeline.photo', {n: at + 1, event: named('event', event.event)})} loading="lazy" width="120" height="120"></a></li>`)}</ul>`;
  }

  private groups(events: LoggedEvent[]): TemplateResult {
    const there = kEventGroups.filter((group) => events.some((event) => groupOf(event.event) === group));
    const chosen = this.filter('group');
    return html`<div class="chips noprint" role="group" aria-label=${t('timeline.groups')}>${there.map((group) => html`<button class="button tiny" aria-pressed=${chosen === group}
      @click=${() => setFilters({group: chosen === group ? '' : group, event: ''})}>${named('group', group)}</button>`)}</div>`;
  }

  override render(): TemplateResult {
    return html`<header><h2>${t('timeline.title')}</h2></header>${loaded(this.events, ({events}) => {
      const chosen = this.filter('group');
      const shown = chosen ? events.filter((event) => groupOf(event.event) === chosen) : events;
      if (events.length === 0) return emptyState(t('timeline.none'));
      return html`<div class="stack">${this.groups(events)}
        ${repeat(byDay(shown, (instant) => new Date(instant).toDateString()), (day) => day.day, (day) => html`<section><h3 class="day">${weekday(day.events[0]!.event_time)}</h3>
          <ol class="touches">${repeat(day.events, (event) => event.seq, (event) => this.row(event))}</ol></section>`)}
        ${events.length >= this.limit && this.limit < 1000 ? html`<button class="button" @click=${() => (this.limit = Math.min(1000, this.limit + 300))}>${t('action.more')}</button>` : nothing}</div>`;
    }, 12)}`;
  }
}
