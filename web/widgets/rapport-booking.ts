import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {byDay, clockOf, type FreeTime} from './runtime/appointments';
import {RapportElement} from './runtime/element';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

type Why = 'past' | 'far' | 'closed' | 'full';
const kWords: Words<'day' | 'time' | 'left' | 'none' | 'booked' | 'nearest' | 'busy' | Why> = {
  day: ['日期', '日期', 'Day'],
  time: ['时间', '時間', 'Time'],
  left: ['还剩 {n} 个名额', '還剩 {n} 個名額', '{n} left'],
  none: ['近期没有可约的时间。', '近期沒有可約的時間。', 'There is no free time soon.'],
  booked: ['已约好：{when}', '已約好：{when}', 'Booked: {when}'],
  nearest: ['最近可约：', '最近可約：', 'Nearest free times:'],
  busy: ['正在预约…', '正在預約…', 'Booking…'],
  past: ['这个时间已经过去了。', '這個時間已經過去了。', 'That time is over.'],
  far: ['还不能约那么远的时间。', '還不能約那麼遠的時間。', 'That is too far ahead.'],
  closed: ['那个时间不提供服务。', '那個時間不提供服務。', 'The service is not to be had at that time.'],
  full: ['刚刚被约满了。', '剛剛被約滿了。', 'Somebody was faster: that time is full.'],
};
const kDaysAhead = 14;
const kTimesMost = 300;
const kFew = 3;

interface Booked {
  booked: boolean;
  for: string;
  why?: Why;
  times?: string[];
}

/** `<rapport-booking service-id="S-install">`: free times of a service, and one of them booked. Event `rapport-service-booked` {service_id, for}. */
@customElement('rapport-booking')
export class RapportBooking extends RapportElement {
  @property({attribute: 'service-id'}) serviceId = '';
  @state() private times: FreeTime[] | undefined;
  @state() private zone = 'UTC';
  @state() private chosenDay = '';
  @state() private busy = false;
  @state() private told: Booked | undefined;

  static override styles = [kit, css`
    .times { display: flex; gap: 6px; flex-wrap: wrap; } .times button { padding-inline: 14px; font-variant-numeric: tabular-nums; }
    .few { display: block; font-size: .75em; font-weight: 400; color: var(--soft); }
  `];

  protected override async load(): Promise<void> {
    const got = await this.client!.get<{zone: string; times: FreeTime[]}>(`/v1/shop/services/${encodeURIComponent(this.serviceId)}/times`, {days: kDaysAhead, limit: kTimesMost});
    if (!got.ok) return void (this.failed = this.why(got.error));
    this.failed = '';
    this.zone = got.value.zone;
    this.times = got.value.times;
    const days = byDay(got.value.times, got.value.zone).map(({day}) => day);
    if (!days.includes(this.chosenDay)) this.chosenDay = days[0] ?? '';
  }
  private readonly book = async (at: string): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    const got = this.kept(await this.client!.askOfMine<Booked>('/v1/shop/bookings', {service_id: this.serviceId, for: at}));
    this.busy = false;
    if (got === undefined || got === true) return;
    this.failed = '';
    this.told = got;
    if (got.booked) this.tell('rapport-service-booked', {service_id: this.serviceId, for: at});
    else await this.load();
  };
  private shownDay(day: string): string {
    return new Intl.DateTimeFormat(this.language, {weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC'}).format(new Date(`${day}T12:00:00Z`));
  }
  private whole(at: string): string {
    return new Intl.DateTimeFormat(this.language, {weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: this.zone}).format(new Date(at));
  }
  private answer(): TemplateResult | typeof nothing {
    if (this.busy) return html`<p class="small soft" role="status">${say(kWords, this.language, 'busy')}</p>`;
    if (!this.told) return nothing;
    if (this.told.booked) return html`<p class="good" role="status">${say(kWords, this.language, 'booked', {when: this.whole(this.told.for)})}</p>`;
    const times = this.told.times ?? [];
    return html`<div role="status"><p class="bad">${say(kWords, this.language, this.told.why ?? 'full')}</p>${times.length
      ? html`<p class="small">${say(kWords, this.language, 'nearest')}</p><div class="times">${times.map((at) => html`<button @click=${() => void this.book(at)}>${this.whole(at)}</button>`)}</div>` : nothing}</div>`;
  }
  override render(): TemplateResult {
    const days = byDay(this.times ?? [], this.zone);
    const chosen = days.find(({day}) => day === this.chosenDay);
    return html`<div class="stack">${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}${this.answer()}
      ${this.times && days.length === 0 ? html`<p class="soft">${say(kWords, this.language, 'none')}</p>` : nothing}
      ${chosen && !this.told?.booked ? html`<label><span>${say(kWords, this.language, 'day')}</span><select @change=${(event: Event) => (this.chosenDay = (event.target as HTMLSelectElement).value)}>
          ${days.map(({day}) => html`<option value=${day} ?selected=${day === this.chosenDay}>${this.shownDay(day)}</option>`)}</select></label>
        <div class="times" role="group" aria-label=${say(kWords, this.language, 'time')}>${chosen.times.map(({at, left}) => html`<button ?disabled=${this.busy} @click=${() => void this.book(at)}>${clockOf(at, this.zone)}${left !== null && left <= kFew
          ? html`<span class="few">${say(kWords, this.language, 'left', {n: left})}</span>` : nothing}</button>`)}</div>` : nothing}</div>`;
  }
}
