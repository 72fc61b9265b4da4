import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type Goal, publishGoal, readGoals} from '../../api/insight';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {groupBy, progressOf} from '../../model/change';
import {thin} from '../../model/sparkline';
import {may} from '../../shell/session';
import {cssVars} from '../../ui/css_vars';
import {saveExcel} from '../../ui/excel';
import '../../ui/dialog';
import {figure} from '../../ui/figure';
import {day, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, pageHead, problemText} from '../../ui/parts';
import {sparkline} from '../../ui/sparkline';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

/** The goals of the twelve-month programme, by department, reviewed every month. */
@customElement('rp-programme')
export class Programme extends Screen {
  @state() private editing: Goal | undefined;
  private readonly goals = new Load(this, () => 'all', readGoals);

  private name(goal: Goal): string {
    const words = named('goal', goal.id);
    return words !== goal.id ? words : currentLanguage() === 'en' ? (goal.name_en ?? goal.name) : goal.name;
  }

  private row(goal: Goal) {
    const done = progressOf(goal.baseline, goal.target, goal.actual);
    return html`<div class="row"><i class="bar goalbar" ${cssVars({'--share': `${Math.max(0, Math.min(1, done ?? 0)) * 100}%`, '--tone': (done ?? 0) >= 1 ? 'var(--good)' : 'var(--accent)'})}></i><span class="small">${percent(done, 0)}</span></div>`;
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

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const goal = this.editing;
    if (!goal) return;
    const form = new FormData(event.target as HTMLFormElement);
    const number = (name: string): number | null => String(form.get(name)).trim() === '' ? null : Number(form.get(name));
    const got = await publishGoal(goal.id, {name: goal.name, metric: goal.metric, unit: goal.unit, department: goal.department, owner: String(form.get('owner')), baseline: number('baseline'), target: number('target'), due: form.get('due') ? `${String(form.get('due'))}T00:00:00Z` : ''});
    if (!got.ok) return toast(problemText(got.error), {bad: true});
    this.editing = undefined;
    toast(t('goal.saved'));
    void this.goals.reload();
  };

  private dialog(goal: Goal): TemplateResult {
    const field = (name: string, label: string, value: unknown, type: string): TemplateResult => html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type=${type} step="any" .value=${String(value ?? '')}></div>`;
    return html`<rp-dialog heading=${this.name(goal)} @done=${() => (this.editing = undefined)} .body=${html`<form class="stack" id="goalform" @submit=${this.save}>
      ${field('baseline', t('goal.baseline'), goal.baseline, 'number')}${field('target', t('goal.target'), goal.target, 'number')}${field('due', t('goal.due'), goal.due?.slice(0, 10), 'date')}${field('owner', t('goal.owner'), goal.owner, 'text')}</form>`}
      .foot=${html`<button class="button main" form="goalform">${t('action.save')}</button>`}></rp-dialog>`;
  }

  private readonly excel = (): void => {
    const rows = (this.goals.value?.goals ?? []).map((goal) => [this.name(goal), named('department', goal.department ?? ''), goal.owner ?? '', goal.baseline, goal.target, goal.actual, goal.due ?? '']);
    void saveExcel('programme', ['goal', 'department', 'owner', 'baseline', 'target', 'actual', 'due'], rows);
  };

  override render(): TemplateResult {
    const actions = html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button><button class="button" @click=${this.excel}>${icon('download', 16)}${t('action.excel')}</button>`;
    return html`${pageHead(t('nav.programme'), t('goal.lead'), actions)}${loaded(this.goals, ({goals}) => goals.length === 0 ? emptyState(t('goal.none'), nothing, nothing, 'programme')
      : html`${groupBy(goals, (goal) => goal.department ?? '').map(({name, items}) => this.department(name, items))}`, 12)}
      ${this.editing ? this.dialog(this.editing) : nothing}`;
  }
}
