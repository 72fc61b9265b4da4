import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readCalendars, readLevels, readRoster} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {type CalendarLine, kDepartmentKeys, kWeekdays, lengthOf, lineOf, type Roster, type RosterAgent, type ServiceLevels, type Target} from '../../model/policies';
import {may} from '../../shell/session';
import {count, day, duration} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './calendar_form';
import './levels_form';
import {agentName, departmentName} from './names';
import './roster_form';

/** A length of time in words; "0s" promises nothing. */
function targetText(target: string): string {
  const ms = lengthOf(target);
  return ms === undefined ? target : ms === 0 ? t('policies.nothing') : duration(ms / 1000);
}

/** What is promised by when, who works and when: seen by all, changed by those who publish. */
@customElement('rp-desk-policies')
export class DeskPolicies extends Screen {
  @state() private editing: 'levels' | 'roster' | 'calendar' | undefined;
  @state() private chosen: CalendarLine | undefined;
  private readonly levels = new Load(this, () => 'all', readLevels);
  private readonly roster = new Load(this, () => 'all', readRoster);
  private readonly calendars = new Load(this, () => 'all', readCalendars);

  private readonly saved = (): void => {
    this.editing = undefined;
    for (const load of [this.levels, this.roster, this.calendars]) void load.reload();
  };
  private edit(what: 'levels' | 'roster'): TemplateResult | typeof nothing {
    return may('publish') ? html`<button class="button" aria-label="${t('policies.edit')} ${named('policy', what)}" @click=${() => (this.editing = what)}>${t('policies.edit')}</button>` : nothing;
  }
  private any(value: string | undefined, text: (value: string) => string): TemplateResult {
    return value ? html`<span class="nowrap">${text(value)}</span>` : html`<span class="muted nowrap">${t('feedback.any')}</span>`;
  }

  private promises({published, service_levels: levels}: {published: boolean; service_levels: ServiceLevels}): TemplateResult {
    const ladders = Object.entries(levels.ladders ?? {}).filter(([, rungs]) => rungs.length);
    const whole = levels.calendar || t('policies.round_the_clock');
    return html`<section class="card flush" id="levels"><header><h2>${named('policy', 'levels')}</h2>${this.edit('levels')}</header>
      ${published ? nothing : html`<p class="tablereading"><span class="chip warn">${t('policies.shipped')}</span> <span class="small soft">${t('policies.shipped_text')}</span></p>`}
      ${dataTable(named('policy', 'levels'), [
        {head: t('policies.clock'), cell: (row: Target) => html`<strong>${named('clock', row.clock)}</strong>`},
        {head: t('policies.target'), cell: (row: Target) => html`<span class="nowrap">${targetText(row.target)}</span>`},
        {head: t('feedback.class'), cell: (row: Target) => this.any(row.class, (one) => named('value.class', one))},
        {head: t('desk.priority'), cell: (row: Target) => this.any(row.priority, (one) => named('value.priority', one))},
        {head: t('policies.tier'), cell: (row: Target) => this.any(row.tier, (one) => one)},
        {head: t('policies.calendar'), cell: (row: Target) => (row.calendar === undefined ? whole : row.calendar || t('policies.round_the_clock'))},
      ], levels.targets ?? [])}
      <dl class="pairs small tablereading"><dt>${t('policies.warn')}</dt><dd>${t('policies.warn_text', {n: levels.warn_percent ?? 0})}</dd>
        <dt>${t('policies.departments')}</dt><dd>${kDepartmentKeys.some((key) => levels.departments?.[key]) ? nothing : t('policies.by_class')}${kDepartmentKeys.filter((key) => levels.departments?.[key]).map((key, i) => html`${i ? ' · ' : ''}${named('casename', key)} → ${departmentName(levels.departments![key]!)}`)}</dd>
        <dt>${t('policies.ladders')}</dt><dd>${ladders.length === 0 ? t('policies.no_ladder') : ladders.map(([department, rungs]) => html`<div>${department === '*' ? t('policies.every_other') : departmentName(department)}: ${rungs.map((rung, i) => html`${i ? ' → ' : ''}${t('policies.rung', {after: duration((lengthOf(rung.after) ?? 0) / 1000), agent: agentName(this.roster.value?.roster, rung.agent)})}`)}</div>`)}</dd></dl></section>`;
  }
  private people({roster}: {roster: Roster}): TemplateResult {
    return html`<section class="card flush" id="roster"><header><h2>${named('policy', 'roster')}</h2>${this.edit('roster')}</header>
      ${roster.agents.length === 0 ? emptyState(t('policies.no_roster'), t('policies.no_roster_text'), nothing, 'customers') : dataTable(named('policy', 'roster'), [
        {head: t('desk.agent'), cell: (row: RosterAgent) => html`<strong>${row.name || row.agent}</strong>${row.name ? html` <code class="small muted">${row.agent}</code>` : nothing}`},
        {head: t('policies.departments'), cell: (row: RosterAgent) => row.departments.map((one) => departmentName(one)).join(' · ')},
        {head: t('policies.skills'), cell: (row: RosterAgent) => lineOf(row.skills) || '–'},
        {head: t('policies.capacity'), number: true, cell: (row: RosterAgent) => count(row.capacity ?? 20)},
        {head: t('policies.calendar'), cell: (row: RosterAgent) => row.calendar || t('policies.round_the_clock')},
      ], roster.agents)}</section>`;
  }
  private hours({calendars}: {calendars: CalendarLine[]}): TemplateResult {
    const open = (calendar: CalendarLine | undefined): void => {
      this.chosen = calendar;
      this.editing = 'calendar';
    };
    return html`<section class="card stack" id="calendars"><header><h2>${named('policy', 'calendars')}</h2>${may('publish') ? html`<button class="button" @click=${() => open(undefined)}>${icon('plus', 16)}${t('policies.new_calendar')}</button>` : nothing}</header>
      ${calendars.length === 0 ? html`<p class="muted">${t('policies.no_calendar')}</p>` : calendars.map((calendar) => html`<article class="stack tight"><div class="row spread"><h3>${calendar.calendar_id}</h3>
        ${may('publish') ? html`<button class="button tiny" aria-label="${t('policies.edit')} ${calendar.calendar_id}" @click=${() => open(calendar)}>${t('policies.edit')}</button>` : nothing}</div>
        <dl class="pairs small">${kWeekdays.map((one) => html`<dt>${named('weekday', one)}</dt><dd>${lineOf(calendar.week?.[one]) || t('policies.closed')}</dd>`)}
          <dt>${t('policies.holidays')}</dt><dd>${[calendar.holidays_of === 'CN' ? t('policies.cn') : '', lineOf(calendar.holidays)].filter(Boolean).join(' · ') || t('policies.none')}</dd></dl>
        <p class="small muted">${calendar.zone ?? ''} ${calendar.known_until ? t('policies.known_until', {when: day(calendar.known_until)}) : ''}</p></article>`)}</section>`;
  }

  override render(): TemplateResult {
    const done = (): void => void (this.editing = undefined);
    const names = (this.calendars.value?.calendars ?? []).map(({calendar_id: id}) => id);
    return html`${loaded(this.levels, (levels) => this.promises(levels), 10)}${loaded(this.roster, (roster) => this.people(roster), 5)}${loaded(this.calendars, (calendars) => this.hours(calendars), 4)}
      ${this.editing === 'levels' && this.levels.value ? html`<rp-levels-form .levels=${this.levels.value.service_levels} .calendars=${names} @saved=${this.saved} @done=${done}></rp-levels-form>` : nothing}
      ${this.editing === 'roster' && this.roster.value ? html`<rp-roster-form .roster=${this.roster.value.roster} .calendars=${names} @saved=${this.saved} @done=${done}></rp-roster-form>` : nothing}
      ${this.editing === 'calendar' ? html`<rp-calendar-form .calendar=${this.chosen} @saved=${this.saved} @done=${done}></rp-calendar-form>` : nothing}`;
  }
}
