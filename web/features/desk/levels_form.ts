import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishLevels} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {kClockKinds, kPriorities} from '../../model/desk';
import {kFeedbackClasses} from '../../model/feedback';
import {kDepartmentKeys, levelsFault, type Rung, type ServiceLevels, type Target, targetBody} from '../../model/policies';
import {icon} from '../../ui/icons';
import {PolicyForm} from './policy_form';

/** A rung with the department that it belongs to. */
interface LadderLine extends Rung {
  department: string;
}
/** A target's own calendar: none, that of the whole; round the clock is said by this. */
const kAlways = '*';

/** What is promised by when, by class, priority and tier; when to warn; whose business it is; who is called when it is late. */
@customElement('rp-levels-form')
export class LevelsForm extends PolicyForm {
  @property({attribute: false}) levels!: ServiceLevels;
  @property({attribute: false}) calendars: string[] = [];
  @state() private targets: Target[] = [];
  @state() private ladder: LadderLine[] = [];
  @state() private rest: ServiceLevels = {};

  override connectedCallback(): void {
    super.connectedCallback();
    const {targets = [], ladders = {}, ...rest} = this.levels;
    this.targets = targets.map((one) => ({...one}));
    this.ladder = Object.entries(ladders).flatMap(([department, rungs]) => rungs.map((rung) => ({department, ...rung})));
    this.rest = rest;
  }
  private whole(): ServiceLevels {
    const ladders: Record<string, Rung[]> = {};
    for (const {department, ...rung} of this.ladder) (ladders[department || '*'] ??= []).push(rung);
    return {...this.rest, targets: this.targets.map(targetBody), ladders};
  }
  protected override heading(): string {
    return named('policy', 'levels');
  }
  protected override fault(): string | undefined {
    const fault = levelsFault(this.whole());
    return fault && named('policyfault', fault);
  }
  protected override publish(): ReturnType<typeof publishLevels> {
    return publishLevels(this.whole());
  }
  private change(at: number, change: Partial<Target>): void {
    this.targets = this.targets.map((one, i) => (i === at ? {...one, ...change} : one));
  }
  private pickCalendar(at: number, value: string): void {
    const {calendar, ...rest} = this.targets[at]!;
    void calendar;
    this.targets = this.targets.map((one, i) => (i !== at ? one : value === '' ? rest : {...rest, calendar: value === kAlways ? '' : value}));
  }

  private target(target: Target, at: number): TemplateResult {
    const any: [string, string] = ['', t('feedback.any')];
    return html`<fieldset class="row filterform correctline"><legend class="unseen">${t('policies.promise', {n: at + 1})}</legend>
      ${this.choose(t('policies.clock'), target.clock, kClockKinds.map((one) => [one, named('clock', one)]), (clock) => this.change(at, {clock}))}
      ${this.write(t('policies.target'), target.target, (text) => this.change(at, {target: text.trim()}), 6, '24h')}
      ${this.choose(t('feedback.class'), target.class ?? '', [any, ...kFeedbackClasses.map((one): [string, string] => [one, named('value.class', one)])], (value) => this.change(at, {class: value}))}
      ${this.choose(t('desk.priority'), target.priority ?? '', [any, ...kPriorities.map((one): [string, string] => [one, named('value.priority', one)])], (priority) => this.change(at, {priority}))}
      ${this.write(t('policies.tier'), target.tier ?? '', (tier) => this.change(at, {tier: tier.trim()}), 6, 'gold')}
      ${this.choose(t('policies.calendar'), target.calendar === '' ? kAlways : (target.calendar ?? ''), [...this.calendarChoice(t('policies.of_the_whole'), this.calendars), [kAlways, t('policies.round_the_clock')]], (value) => this.pickCalendar(at, value))}
      <button type="button" class="button tiny" aria-label="${t('action.remove')} ${t('policies.promise', {n: at + 1})}" @click=${() => (this.targets = this.targets.filter((_, i) => i !== at))}>${t('action.remove')}</button></fieldset>`;
  }
  private rung(rung: LadderLine, at: number): TemplateResult {
    const change = (to: Partial<LadderLine>): void => void (this.ladder = this.ladder.map((one, i) => (i === at ? {...one, ...to} : one)));
    return html`<fieldset class="row filterform correctline"><legend class="unseen">${t('policies.rung_n', {n: at + 1})}</legend>
      ${this.write(t('feedback.department'), rung.department, (department) => change({department: department.trim()}), 10, '*')}${this.write(t('policies.after'), rung.after, (after) => change({after: after.trim()}), 6, '1h')}
      ${this.write(t('desk.agent'), rung.agent, (agent) => change({agent: agent.trim()}), 10)}
      <button type="button" class="button tiny" aria-label="${t('action.remove')} ${t('policies.rung_n', {n: at + 1})}" @click=${() => (this.ladder = this.ladder.filter((_, i) => i !== at))}>${t('action.remove')}</button></fieldset>`;
  }
  protected override fields(): TemplateResult {
    const {departments = {}} = this.rest;
    return html`<p class="small soft">${t('policies.order')}</p>${this.targets.map((one, at) => this.target(one, at))}
      <div class="row"><button type="button" class="button tiny" @click=${() => (this.targets = [{clock: 'closed', target: '24h'}, ...this.targets])}>${icon('plus', 14)}${t('policies.add_promise')}</button></div>
      <div class="row filterform">${this.choose(t('policies.calendar_whole'), this.rest.calendar ?? '', this.calendarChoice(t('policies.round_the_clock'), this.calendars), (calendar) => (this.rest = {...this.rest, calendar}))}
        ${this.write(t('policies.warn_at'), String(this.rest.warn_percent ?? 75), (text) => (this.rest = {...this.rest, warn_percent: text.trim() === '' ? NaN : Number(text)}), 5)}</div>
      <h3>${t('policies.departments')}</h3><div class="row filterform">${kDepartmentKeys.map((key) => this.write(named('casename', key), departments[key] ?? '', (text) => (this.rest = {...this.rest, departments: {...departments, [key]: text.trim()}}), 10))}</div>
      <h3>${t('policies.ladders')}</h3><p class="small soft">${t('policies.ladder_text')}</p>${this.ladder.map((one, at) => this.rung(one, at))}
      <div class="row"><button type="button" class="button tiny" @click=${() => (this.ladder = [...this.ladder, {department: '*', after: '0s', agent: ''}])}>${icon('plus', 14)}${t('policies.add_rung')}</button></div>`;
  }
}
