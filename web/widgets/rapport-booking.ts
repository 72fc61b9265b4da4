import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {byDay, clockOf, type FreeTime} from './runtime/appointments';
import {RapportElement} from './runtime/element';
import type {Visitor} from './runtime/nouns';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

type Why = 'past' | 'far' | 'closed' | 'full' | 'not_offered';
const kWords: Words<'day' | 'time' | 'left' | 'none' | 'booked' | 'nearest' | 'busy' | 'mine' | 'cancel' | 'cancel_of' | 'sure' | 'yes' | 'no' | 'cancelled' | 'another' | Why> = {
  day: ['日期', '日期', 'Day'],
  time: ['时间', '時間', 'Time'],
  left: ['还剩 {n} 个名额', '還剩 {n} 個名額', '{n} left'],
  none: ['近期没有可约的时间。', '近期沒有可約的時間。', 'There is no free time soon.'],
  booked: ['已约好：{when}', '已約好：{when}', 'Booked: {when}'],
  nearest: ['最近可约：', '最近可約：', 'Nearest free times:'],
  busy: ['请稍等…', '請稍等…', 'One moment…'],
  mine: ['您的预约', '您的預約', 'Your appointments'],
  cancel: ['取消', '取消', 'Cancel'],
  cancel_of: ['取消{when}的预约', '取消{when}的預約', 'Cancel the appointment of {when}'],
  sure: ['取消{when}的预约吗？名额会让给别人。', '取消{when}的預約嗎？名額會讓給別人。', 'Cancel the appointment of {when}? Its place goes to somebody else.'],
  yes: ['取消预约', '取消預約', 'Yes, cancel it'],
  no: ['保留', '保留', 'Keep it'],
  cancelled: ['已取消：{when}', '已取消：{when}', 'Cancelled: {when}'],
  another: ['再约一个时间', '再約一個時間', 'Book another time'],
  past: ['这个时间已经过去了。', '這個時間已經過去了。', 'That time is over.'],
  far: ['还不能约那么远的时间。', '還不能約那麼遠的時間。', 'That is too far ahead.'],
  closed: ['那个时间不提供服务。', '那個時間不提供服務。', 'The service is not to be had at that time.'],
  full: ['刚刚被约满了。', '剛剛被約滿了。', 'Somebody was faster: that time is full.'],
  not_offered: ['预约从整点开始，请换一个时间。', '預約從整點開始，請換一個時間。', 'Appointments begin on the full hour: please take another time.'],
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

/**
 * `<rapport-booking service-id="S-install">`: her appointments of a service, each cancelled after a yes, its free times, and one of them booked.
 * Events `rapport-service-booked` and `rapport-service-cancelled` {service_id, for}.
 */
@customElement('rapport-booking')
export class RapportBooking extends RapportElement {
  @property({attribute: 'service-id'}) serviceId = '';
  @state() private times: FreeTime[] | undefined;
  @state() private zone = 'UTC';
  @state() private chosenDay = '';
  @state() private busy = false;
  @state() private told: Booked | undefined;
  /** Hers that lie ahead, of this service. */
  @state() private mine: string[] = [];
  /** Which she is asked about. */
  @state() private asked = '';
  @state() private gone = '';

  static override styles = [kit, css`
    .times { display: flex; gap: 6px; flex-wrap: wrap; } .times button { padding-inline: 14px; font-variant-numeric: tabular-nums; }
    .mine { display: grid; gap: 8px; } .mine li { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; justify-content: space-between; }
    .few { display: block; font-size: .75em; font-weight: 400; color: var(--soft); }
  `];

  protected override async load(): Promise<void> {
    const [got, hers] = await Promise.all([this.client!.get<{zone: string; times: FreeTime[]}>(`/v1/shop/services/${encodeURIComponent(this.serviceId)}/times`, {days: kDaysAhead, limit: kTimesMost}), this.client!.me<Visitor>()]);
    if (hers.ok) this.mine = (hers.value.appointments ?? []).filter(({service_id: id}) => id === this.serviceId).map((one) => one.for);
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
    this.gone = '';
    await this.load();
    if (got.booked) this.tell('rapport-service-booked', {service_id: this.serviceId, for: at});
  };
  private readonly cancel = async (at: string): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    const got = await this.client!.askOfMine<{cancelled: boolean}>('/v1/shop/bookings/cancel', {service_id: this.serviceId, for: at});
    this.busy = false;
    // What is not hers any more was cancelled elsewhere: the list tells.
    if (!got.ok && got.error.code !== 'not_found') return void (this.failed = got.error.code === 'refused' ? say(kWords, this.language, 'past') : this.why(got.error));
    this.failed = this.asked = '';
    this.told = undefined;
    this.gone = at;
    await this.load();
    this.tell('rapport-service-cancelled', {service_id: this.serviceId, for: at});
  };
  private shownDay(day: string): string {
    return new Intl.DateTimeFormat(this.language, {weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC'}).format(new Date(`${day}T12:00:00Z`));
  }
  private whole(at: string): string {
    return new Intl.DateTimeFormat(this.language, {weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: this.zone}).format(new Date(at));
  }
  private answer(): TemplateResult | typeof nothing {
    if (this.busy) return html`<p class="small soft" role="status">${say(kWords, this.language, 'busy')}</p>`;
    if (this.gone && !this.told) return html`<p class="good" role="status">${say(kWords, this.language, 'cancelled', {when: this.whole(this.gone)})}</p>`;
    if (!this.told) return nothing;
    if (this.told.booked) return html`<p class="good" role="status">${say(kWords, this.language, 'booked', {when: this.whole(this.told.for)})}</p>`;
    const times = this.told.times ?? [];
    return html`<div role="status"><p class="bad">${say(kWords, this.language, this.told.why ?? 'full')}</p>${times.length
      ? html`<p class="small">${say(kWords, this.language, 'nearest')}</p><div class="times">${times.map((at) => html`<button @click=${() => void this.book(at)}>${this.whole(at)}</button>`)}</div>` : nothing}</div>`;
  }
  private hers(at: string): TemplateResult {
    const when = this.whole(at);
    if (this.asked !== at)
      return html`<li><span>${when}</span><button aria-label=${say(kWords, this.language, 'cancel_of', {when})} ?disabled=${this.busy} @click=${() => (this.asked = at)}>${say(kWords, this.language, 'cancel')}</button></li>`;
    return html`<li><span>${say(kWords, this.language, 'sure', {when})}</span>
      <span class="row"><button class="main" ?disabled=${this.busy} @click=${() => void this.cancel(at)}>${say(kWords, this.language, 'yes')}</button><button ?disabled=${this.busy} @click=${() => (this.asked = '')}>${say(kWords, this.language, 'no')}</button></span></li>`;
  }
  override render(): TemplateResult {
    const days = byDay(this.times ?? [], this.zone);
    const chosen = days.find(({day}) => day === this.chosenDay);
    return html`<div class="stack">${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}${this.answer()}
      ${this.mine.length ? html`<section><h3>${say(kWords, this.language, 'mine')}</h3><ul class="mine">${this.mine.map((at) => this.hers(at))}</ul></section>` : nothing}
      ${this.told?.booked ? html`<p><button @click=${() => (this.told = undefined)}>${say(kWords, this.language, 'another')}</button></p>` : nothing}
      ${this.times && days.length === 0 ? html`<p class="soft">${say(kWords, this.language, 'none')}</p>` : nothing}
      ${chosen && !this.told?.booked ? html`<label><span>${say(kWords, this.language, 'day')}</span><select @change=${(event: Event) => (this.chosenDay = (event.target as HTMLSelectElement).value)}>
          ${days.map(({day}) => html`<option value=${day} ?selected=${day === this.chosenDay}>${this.shownDay(day)}</option>`)}</select></label>
        <div class="times" role="group" aria-label=${say(kWords, this.language, 'time')}>${chosen.times.map(({at, left}) => html`<button ?disabled=${this.busy} @click=${() => void this.book(at)}>${clockOf(at, this.zone)}${left !== null && left <= kFew
          ? html`<span class="few">${say(kWords, this.language, 'left', {n: left})}</span>` : nothing}</button>`)}</div>` : nothing}</div>`;
  }
}
