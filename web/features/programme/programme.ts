import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type Goal, publishGoal, readGoals, readOverview} from '../../api/insight';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {groupBy, progressOf} from '../../model/change';
import {conversionOf, draft, kProgramme} from '../../model/goals';
import {monthOf, unreviewed} from '../../model/review';
import {thin} from '../../model/sparkline';
import {may} from '../../shell/session';
import {cssVars} from '../../ui/css_vars';
import {saveExcel} from '../../ui/excel';
import {figure} from '../../ui/figure';
import {day, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, pageHead, problemText} from '../../ui/parts';
import {sparkline} from '../../ui/sparkline';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import './goal_form';
import './review';

/** The goals of the twelve-month programme, by department, reviewed every month. */
@customElement('rp-programme')
export class Programme extends Screen {
  /** The goal that is changed, or "new". */
  @state() private editing: Goal | 'new' | undefined;
  @state() private reviewing = false;
  @state() private busy = false;
  private readonly goals = new Load(this, () => 'all', readGoals);

  private name(goal: Goal): string {
    const words = named('goalname', goal.id);
    return words !== goal.id ? words : currentLanguage() === 'en' ? (goal.name_en ?? goal.name) : goal.name;
  }

  private row(goal: Goal) {
    const done = progressOf(goal.baseline, goal.target, goal.actual);
    return html`<div class="row"><i class="bar goalbar" ${cssVars({'--share': `${Math.max(0, Math.min(1, done ?? 0)) * 100}%`, '--tone': (done ?? 0) >= 1 ? 'var(--good)' : 'var(--accent)'})}></i><span class="small">${percent(done === undefined || Math.abs(done) < 0.005 ? done && 0 : done, 0)}</span></div>`;
  }

  private department(name: string, goals: Goal[]): TemplateResult {
    return html`<section class="card flush"><header><h2>${named('department', name)}</h2></header>${dataTable(named('department', name), [
      {head: t('goal.goal'), cell: (goal: Goal) => html`<strong>${this.name(goal)}</strong><br><span class="small muted">${named('tile', goal.metric)}</span>`},
      {head: t('goal.owner'), cell: (goal: Goal) => goal.owner || '–'},
      {head: t('goal.baseline'), number: true, cell: (goal: Goal) => figure(goal.baseline, goal.unit)},
      {head: t('goal.target'), number: true, cell: (goal: Goal) => figure(goal.target, goal.unit)},
      {head: t('goal.actual'), number: true, cell: (goal: Goal) => goal.actual === null ? html`<span class="muted">${goal.reason ? named('why_none', goal.reason) : '–'}</span>` : html`<strong>${figure(goal.actual, goal.unit)}</strong>`},
      {head: t('goal.way'), cell: (goal: Goal) => this.row(goal)},
      {head: t('goal.trend'), cell: (goal: Goal) => (goal.series?.length ?? 0) > 1 ? sparkline(thin(goal.series ?? [], 40).map((point) => point.value), 90, 24) : nothing},
      {head: t('goal.due'), cell: (goal: Goal) => html`<span class="nowrap">${day(goal.due)}</span>`},
      {head: '', cell: (goal: Goal) => may('publish') ? html`<button class="button tiny" aria-label="${t('goal.change')} ${this.name(goal)}" @click=${() => (this.editing = goal)}>${t('goal.change')}</button>` : nothing},
    ], goals)}</section>`;
  }

  /** Publishes the plan's goals with today's figures as baselines; those without a figure to start from are left out. */
  private readonly begin = async (): Promise<void> => {
    this.busy = true;
    const overview = await readOverview(30);
    const tiles = overview.ok ? overview.value.tiles : [];
    const measured = this.goals.value?.metrics;
    for (const template of kProgramme) {
      const tile = tiles.find((one) => one.id === template.metric);
      const now = template.metric === 'conversion' && overview.ok ? conversionOf(overview.value.funnel) : tile?.value;
      const goal = draft(template, now, new Date(shopNow()), tile?.unit);
      if (!goal || (measured && !measured.includes(template.metric))) continue;
      const got = await publishGoal(template.id, {...goal, name: named('goalname', template.id)});
      if (!got.ok) toast(problemText(got.error), {bad: true});
    }
    this.busy = false;
    await this.goals.reload();
  };
  private readonly saved = (): void => {
    this.editing = undefined;
    this.reviewing = false;
    toast(t('goal.saved'));
    void this.goals.reload();
  };

  /** Whether this month has been spoken of, and everything that was said before, month by month. */
  private reviews(goals: Goal[]): TemplateResult {
    const waiting = unreviewed(goals, monthOf(shopNow())).length;
    const said = goals.flatMap((goal) => (goal.reviews ?? []).map((review) => ({goal, review}))).sort((a, b) => b.review.month.localeCompare(a.review.month));
    return html`<section class="card flush" id="reviews"><header><h2>${t('review.heading')}</h2><span class="row">
        <span class="chip ${waiting ? 'warn' : 'good'}">${waiting ? t('review.waiting', {n: waiting}) : t('review.none_waiting')}</span>
        ${may('publish') ? html`<button class="button tiny" @click=${() => (this.reviewing = true)}>${t('review.begin', {month: monthOf(shopNow())})}</button>` : nothing}</span></header>
      ${said.length === 0 ? nothing : dataTable(t('review.heading'), [
        {head: t('review.month'), cell: (one: (typeof said)[number]) => html`<span class="nowrap">${one.review.month}</span>`},
        {head: t('goal.goal'), cell: (one: (typeof said)[number]) => this.name(one.goal)},
        {head: t('goal.actual'), number: true, cell: (one: (typeof said)[number]) => figure(one.review.actual, one.goal.unit)},
        {head: t('review.verdict'), cell: (one: (typeof said)[number]) => html`<span class="chip ${one.review.verdict === 'reached' ? 'good' : one.review.verdict === 'on_course' ? '' : 'warn'}">${named('verdict', one.review.verdict)}</span>`},
        {head: t('review.note'), cell: (one: (typeof said)[number]) => one.review.note || '–'},
      ], said)}</section>`;
  }

  private readonly excel = (): void => {
    const rows = (this.goals.value?.goals ?? []).map((goal) => [this.name(goal), named('department', goal.department ?? ''), goal.owner ?? '', goal.baseline, goal.target, goal.actual, goal.due ?? '']);
    void saveExcel('programme', ['goal', 'department', 'owner', 'baseline', 'target', 'actual', 'due'], rows);
  };

  override render(): TemplateResult {
    const actions = html`${may('publish') ? html`<button class="button" @click=${() => (this.editing = 'new')}>${icon('plus', 16)}${t('goal.new')}</button>` : nothing}<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button><button class="button" @click=${this.excel}>${icon('download', 16)}${t('action.excel')}</button>`;
    return html`${pageHead(t('nav.programme'), t('goal.lead'), actions)}${loaded(this.goals, ({goals}) => goals.length === 0 ? emptyState(t('goal.none'), t('goal.none_text'), may('publish') ? html`<button class="button main" ?disabled=${this.busy} @click=${this.begin}>${t('goal.begin')}</button>` : nothing, 'programme')
      : html`${groupBy(goals, (goal) => goal.department ?? '').map(({name, items}) => this.department(name, items))}${this.reviews(goals)}`, 12)}<rp-contribution></rp-contribution>
      ${this.reviewing ? html`<rp-review .goals=${this.goals.value?.goals ?? []} .name=${(goal: Goal) => this.name(goal)} @saved=${this.saved} @done=${() => (this.reviewing = false)}></rp-review>` : nothing}
      ${this.editing ? html`<rp-goal-form .goal=${this.editing === 'new' ? undefined : this.editing} .metrics=${this.goals.value?.metrics ?? kProgramme.map(({metric}) => metric)}
        @saved=${this.saved} @done=${() => (this.editing = undefined)}></rp-goal-form>` : nothing}`;
  }
}
