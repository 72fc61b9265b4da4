import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {named, t} from '../../i18n/i18n';
import {type ClockState, clockState, clockTime, countdown, type DeskClock} from '../../model/desk';
import {moment} from '../../ui/format';
import {icon, type Icon} from '../../ui/icons';
import {View} from '../../ui/view';

const kTick_ms = 1_000;
const kIcons: Readonly<Record<ClockState, Icon>> = {running: 'play', warned: 'warning', late: 'warning', paused: 'pause', kept: 'check', missed: 'close'};

/** A length of time as clocks show it. */
export function lengthText(ms: number): string {
  const {days, text} = countdown(ms);
  return days > 0 ? t('desk.days_and', {n: days, text}) : text;
}

/** One clock, ticking: what was promised, what is left of it, and how it stands, in words. */
@customElement('rp-desk-clock')
export class DeskClockPart extends View {
  @property({attribute: false}) clock: DeskClock | undefined;
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && this.clock?.run === 'running') this.requestUpdate();
    }, kTick_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  override render(): TemplateResult | typeof nothing {
    const {clock} = this;
    if (!clock) return html`<span class="deskclock" data-clock="none"><span class="small muted">${t('desk.no_clock')}</span></span>`;
    const now = shopNow();
    const state = clockState(clock, now);
    const ms = clockTime(clock, now);
    const said = state === 'late' && clock.run === 'paused' ? 'late_paused' : state === 'late' && ms >= 0 ? 'late_before' : state;
    return html`<span class="deskclock" data-clock=${state}><span class="small">${named('clock', clock.clock)}</span>
      <span class="left">${icon(kIcons[state], 15)}<time role="timer" aria-live="off" title=${clock.due_at ? t('desk.due', {when: moment(clock.due_at)}) : ''}>${lengthText(ms)}</time></span>
      <span class="small">${named('clockstate', said)}</span></span>`;
  }
}
