import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishCalendar} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {type CalendarLine, calendarFault, kWeekdays, lineOf, wordsOf} from '../../model/policies';
import {PolicyForm} from './policy_form';

const kOfficeHours = '09:00-12:00, 13:30-18:00';

/** When the shop is open: shifts by weekday, holidays, and the days worked instead of them. */
@customElement('rp-calendar-form')
export class CalendarForm extends PolicyForm {
  /** What is edited; nothing for a new one. */
  @property({attribute: false}) calendar: CalendarLine | undefined;
  @state() private id_ = '';
  @state() private zone = '';
  @state() private week: Record<string, string> = {};
  @state() private holidays = '';
  @state() private ofChina = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const {calendar} = this;
    this.id_ = calendar?.calendar_id ?? '';
    this.zone = calendar?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.week = Object.fromEntries(kWeekdays.map((one, i) => [one, calendar ? lineOf(calendar.week?.[one]) : i < 5 ? kOfficeHours : '']));
    this.holidays = lineOf(calendar?.holidays);
    this.ofChina = calendar ? calendar.holidays_of === 'CN' : true;
  }
  private whole(): CalendarLine {
    const holidays = wordsOf(this.holidays);
    const week = Object.fromEntries(Object.entries(this.week).map(([one, line]): [string, string[]] => [one, wordsOf(line)]).filter(([, shifts]) => shifts.length));
    return {calendar_id: this.id_.trim(), week, ...(this.zone.trim() ? {zone: this.zone.trim()} : {}), ...(holidays.length ? {holidays} : {}), ...(this.ofChina ? {holidays_of: 'CN'} : {}), ...(this.calendar?.special ? {special: this.calendar.special} : {})};
  }
  protected override heading(): string {
    return this.calendar?.calendar_id ?? t('policies.new_calendar');
  }
  protected override fault(): string | undefined {
    const fault = calendarFault(this.whole());
    return fault && named('policyfault', fault);
  }
  protected override publish(): ReturnType<typeof publishCalendar> {
    const {calendar_id: id, ...calendar} = this.whole();
    return publishCalendar(id, calendar);
  }
  protected override fields(): TemplateResult {
    return html`<div class="row filterform">${this.calendar ? '' : this.write(t('policies.calendar_id'), this.id_, (text) => (this.id_ = text), 12, 'office')}${this.write(t('policies.zone'), this.zone, (text) => (this.zone = text), 16, 'Asia/Shanghai')}</div>
      <p class="small soft">${t('policies.hours_text')}</p>
      <div class="grid two">${kWeekdays.map((one) => this.write(named('weekday', one), this.week[one] ?? '', (text) => (this.week = {...this.week, [one]: text}), 24, t('policies.closed')))}</div>
      <label class="check"><input type="checkbox" .checked=${this.ofChina} @change=${(event: Event) => (this.ofChina = (event.target as HTMLInputElement).checked)}>${t('policies.cn')}</label>
      ${this.write(t('policies.holidays'), this.holidays, (text) => (this.holidays = text), 40, '2026-12-24')}`;
  }
}
