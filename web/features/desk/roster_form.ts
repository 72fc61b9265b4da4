import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishRoster} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {lineOf, type Roster, type RosterAgent, rosterFault, wordsOf} from '../../model/policies';
import {icon} from '../../ui/icons';
import {PolicyForm} from './policy_form';

/** A person of the roster as she is typed: lists as lines. */
interface Line {
  agent: string;
  name: string;
  departments: string;
  skills: string;
  capacity: string;
  calendar: string;
}

/** Who works for the shop, in which departments, how much at once and when. */
@customElement('rp-roster-form')
export class RosterForm extends PolicyForm {
  @property({attribute: false}) roster!: Roster;
  @property({attribute: false}) calendars: string[] = [];
  @state() private lines: Line[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.lines = this.roster.agents.map((one) => ({agent: one.agent, name: one.name ?? '', departments: lineOf(one.departments), skills: lineOf(one.skills), capacity: String(one.capacity ?? 20), calendar: one.calendar ?? ''}));
  }
  private whole(): Roster {
    return {agents: this.lines.map(({agent, name, departments, skills, capacity, calendar}): RosterAgent => ({
      agent: agent.trim(), departments: wordsOf(departments), capacity: capacity.trim() === '' ? 20 : Number(capacity),
      ...(name.trim() ? {name: name.trim()} : {}), ...(wordsOf(skills).length ? {skills: wordsOf(skills)} : {}), ...(calendar ? {calendar} : {})}))};
  }
  protected override heading(): string {
    return named('policy', 'roster');
  }
  protected override fault(): string | undefined {
    const fault = rosterFault(this.whole());
    return fault && named('policyfault', fault);
  }
  protected override publish(): ReturnType<typeof publishRoster> {
    return publishRoster(this.whole());
  }
  private line(line: Line, at: number): TemplateResult {
    const change = (to: Partial<Line>): void => void (this.lines = this.lines.map((one, i) => (i === at ? {...one, ...to} : one)));
    return html`<fieldset class="row filterform correctline"><legend class="unseen">${line.name || line.agent || t('policies.person', {n: at + 1})}</legend>
      ${this.write(t('policies.agent_id'), line.agent, (agent) => change({agent}), 9)}${this.write(t('policies.name'), line.name, (name) => change({name}), 9)}
      ${this.write(t('policies.departments'), line.departments, (departments) => change({departments}), 18, 'logistics, service')}${this.write(t('policies.skills'), line.skills, (skills) => change({skills}), 14)}
      ${this.write(t('policies.capacity'), line.capacity, (capacity) => change({capacity}), 4)}${this.choose(t('policies.calendar'), line.calendar, this.calendarChoice(t('policies.round_the_clock'), this.calendars), (calendar) => change({calendar}))}
      <button type="button" class="button tiny" aria-label="${t('action.remove')} ${line.name || line.agent || t('policies.person', {n: at + 1})}" @click=${() => (this.lines = this.lines.filter((_, i) => i !== at))}>${t('action.remove')}</button></fieldset>`;
  }
  protected override fields(): TemplateResult {
    return html`<p class="small soft">${t('policies.roster_text')}</p>${this.lines.map((line, at) => this.line(line, at))}
      <div class="row"><button type="button" class="button tiny" @click=${() => (this.lines = [...this.lines, {agent: '', name: '', departments: '', skills: '', capacity: '20', calendar: ''}])}>${icon('plus', 14)}${t('policies.add_person')}</button></div>`;
  }
}
