import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type LoggedEvent, readLabels} from '../../api/customers';
import {type Flip, readShops, readTail} from '../../api/data';
import {readNouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import {groupOf, telling} from '../../model/timeline';
import {clock, moment, shortLabel} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {classChip, emptyState, errorState} from '../../ui/parts';
import {saidPart} from '../../ui/said';
import {Screen} from '../../ui/view';

const kKept = 200;
const kStart = 40;
const kWaitSeconds = 20;

/** Events as they become durable, or segments entered and left; asks again and again while the page is open. */
@customElement('rp-live')
export class Live extends Screen {
  @state() private events: LoggedEvent[] = [];
  @state() private flips: Flip[] = [];
  @state() private paused = false;
  @state() private problem: Problem | undefined;
  private readonly nouns = new Load(this, () => 'nouns', readNouns);
  private readonly labels = new Load(this, () => this.flips.map((flip) => flip.customer).join() || undefined,
    (signal) => readLabels(this.flips.map((flip) => flip.customer), signal));
  private next = -1;
  private running: AbortController | undefined;
  private mode = '';

  override willUpdate(): void {
    const mode = this.filter('show') === 'flips' ? 'flips' : 'events';
    if (mode === this.mode) return;
    this.mode = mode;
    this.restart();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running?.abort();
    this.mode = '';
  }

  private restart(): void {
    this.running?.abort();
    this.events = [];
    this.flips = [];
    this.next = -1;
    const mine = (this.running = new AbortController());
    void this.follow(mine.signal);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    if (this.next < 0) {
      const shops = await readShops();
      if (signal.aborted) return;
      const position = shops.ok ? (shops.value.shops[0]?.position ?? 0) : 0;
      this.next = Math.max(0, position - (this.mode === 'flips' ? 4_000 : kStart));
    }
    let fails = 0;
    while (!signal.aborted) {
      const waits = this.events.length + this.flips.length > 0;
      const got = await readTail(this.next, kKept, waits ? kWaitSeconds : 1, this.mode === 'flips', signal);
      if (signal.aborted) return;
      if (!got.ok) {
        this.problem = got.error;
        fails += 1;
        await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 1_000 * 2 ** fails)));
        continue;
      }
      fails = 0;
      this.problem = undefined;
      this.next = got.value.next;
      if (this.paused) continue;
      // The clock's own ticks say nothing to a reader.
      this.events = [...got.value.events.filter((event) => event.type !== 'tick' && event.event !== 'tick').reverse(), ...this.events].slice(0, kKept);
      this.flips = [...got.value.flips.reverse(), ...this.flips].slice(0, kKept);
    }
  }

  private event(event: LoggedEvent): TemplateResult {
    const parts = telling(event, 3);
    return html`<li class="touch" data-group=${groupOf(event.event)}><time datetime=${event.event_time} title=${moment(event.event_time)}>${clock(event.event_time)}</time>
      <span class="mono muted small">${event.seq}</span>
      <details><summary><strong>${named('event', event.event)}</strong> ${parts.map((part) => html`<span class="part"><span class="muted">${named('prop', part.name)}</span> ${saidPart(this.nouns.value, part)}</span>`)}</summary>
        <pre class="code">${JSON.stringify({...event.properties, ...(event.personal ?? {})}, null, 2)}</pre>
        ${event.node === undefined ? nothing : html`<p class="small"><a href="/data/sql?query=${encodeURIComponent(`SELECT customer_id FROM events WHERE seq = ${event.seq}`)}">${t('live.who')}</a></p>`}</details></li>`;
  }
  private flip(flip: Flip): TemplateResult {
    const label = this.labels.value?.get(flip.customer);
    return html`<li class="touch flip"><time datetime=${flip.valid_at}>${moment(flip.valid_at)}</time>
      <span class="ellipsis"><a class="who" href="/customers/${flip.customer}">${shortLabel(label ?? '') || flip.customer}</a>${label && label !== flip.customer ? html` <span class="small muted">${flip.customer}</span>` : nothing}</span>
      <span class="row"><span class=${flip.change === 'entered' ? '' : 'muted'}>${flip.change === 'entered' ? t('live.entered') : t('live.left')}</span>${classChip(flip.segment)}
      ${flip.corrected ? html`<span class="chip warn">${t('live.corrected')}</span>` : nothing}</span></li>`;
  }

  override render(): TemplateResult {
    const flips = this.mode === 'flips';
    const none = flips ? this.flips.length === 0 : this.events.length === 0;
    return html`<div class="row spread"><div class="row" role="group" aria-label=${t('live.show')}>
        <button class="button tiny" aria-pressed=${!flips} @click=${() => setFilters({show: ''})}>${t('live.events')}</button>
        <button class="button tiny" aria-pressed=${flips} @click=${() => setFilters({show: 'flips'})}>${t('live.flips')}</button></div>
        <button class="button tiny" aria-pressed=${this.paused} @click=${() => (this.paused = !this.paused)}>${icon(this.paused ? 'play' : 'pause', 15)}${this.paused ? t('live.go_on') : t('live.pause')}</button></div>
      ${this.problem ? errorState(this.problem) : nothing}
      <section class="card">${none ? emptyState(t('live.none'), t('live.none_text'), html`<a class="button" href="/start">${t('doors.event')}</a>`, 'data')
        : html`<ol class="touches live" aria-live="off">${flips ? this.flips.map((one) => this.flip(one)) : this.events.map((one) => this.event(one))}</ol>`}</section>`;
  }
}
