import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {judgeModels, readModelHistory, readModels, trainModels} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {type Judged, judgedNotes, type JudgedNote, type Models, type Note, overTime, partsOf, type Quality, ranked, standing, toJudge, trainingOf} from '../../model/models';
import type {Problem} from '../../model/result';
import '../../ui/chart';
import type {Plot} from '../../ui/chart';
import {ago, count, day, decimal, duration, moment, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, errorState, loaded} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {joined, mayCurate} from './names';

const kAt = 10;
const kTick_ms = 1_000;
const kHistory = 12;

export const modelName = (spec: string): string => named('modelname', partsOf(spec).name);
const three = (value: number | undefined): string => decimal(value, 3);

/** What was trained on what, how good it is beside the lines to beat, and how that went over time. */
@customElement('rp-models')
export class ModelsPage extends Screen {
  @state() private busy: 'train' | 'judge' | undefined;
  @state() private seconds = 0;
  @state() private problem: Problem | undefined;
  /** Whether the best model of taste is looked for when training. */
  @state() private judged = false;
  private ticking = 0;
  private readonly models = new Load(this, () => 'all', readModels);
  private readonly history = new Load(this, () => 'all', readModelHistory);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.ticking);
  }
  private async run(what: 'train' | 'judge'): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.seconds = 0;
    this.problem = undefined;
    this.ticking = window.setInterval(() => (this.seconds += 1), kTick_ms);
    const got = what === 'train' ? await trainModels(this.judged) : await judgeModels(this.models.value ? toJudge(this.models.value) : [], kAt);
    window.clearInterval(this.ticking);
    this.busy = undefined;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) toast(what === 'train' ? t('models.trained_now') : t('models.judged_now'));
    await Promise.all([this.models.reload(), this.history.reload()]);
  }

  private basis(models: Models, history: readonly Note[]): TemplateResult {
    const note = trainingOf(history, models.digest);
    const pairs: [string, string][] = [
      [t('models.orders'), count(models.baskets)], [t('models.customers'), count(models.customers)], [t('models.purchases'), count(models.purchases)], [t('models.views'), count(models.views)], [t('models.items'), count(models.items)]];
    return html`<div class="grid figures">${pairs.map(([name, value]) => html`<div><p class="muted small">${name}</p><p class="bignumber">${value}</p></div>`)}</div>
      <p class="soft">${t('models.when', {when: moment(models.trained_at), ago: ago(models.trained_at)})}${note?.first ? ` ${t('models.range', {first: day(note.first), last: day(note.last)})}` : ''}${note ? ` ${t('models.took', {time: duration(note.seconds)})}` : ''}</p>`;
  }

  private head(models: Models, history: readonly Note[]): TemplateResult {
    const last = models.last_training;
    return html`<section class="card stack" id="serving"><header><h2>${t('models.serving')}</h2>
        ${mayCurate() ? html`<span class="row"><button class="button main" ?disabled=${this.busy !== undefined || models.training} @click=${() => void this.run('train')}>${icon('refresh', 16)}${t('models.train')}</button>
          <button class="button" ?disabled=${this.busy !== undefined || !models.serving} @click=${() => void this.run('judge')}>${t('models.judge')}</button>
          <label class="check small"><input type="checkbox" .checked=${this.judged} @change=${(event: Event) => (this.judged = (event.target as HTMLInputElement).checked)}>${t('models.pick_best')}</label></span>` : nothing}</header>
      ${this.busy ? html`<div class="note" role="status">${icon('refresh')}<span>${this.busy === 'train' ? t('models.training') : t('models.judging')} ${t('time.seconds', {n: this.seconds})}</span></div>` : models.training ? html`<div class="note" role="status">${t('models.training')}</div>` : nothing}
      ${this.problem ? errorState(this.problem) : nothing}
      ${last && !last.succeeded ? html`<div class="note bad" role="note">${icon('warning')}<span>${t('models.failed', {when: moment(last.at)})} ${last.why}</span></div>` : nothing}
      ${models.damage ? html`<div class="note bad" role="note">${icon('warning')}<span>${models.damage}</span></div>` : nothing}
      ${models.serving ? this.basis(models, history) : emptyState(t('models.none'), t('models.none_text'), nothing, 'spark')}</section>`;
  }

  private cards(models: Models, judged: JudgedNote | undefined): TemplateResult {
    const of = (spec: string): Judged | undefined => judged?.models.find(({model}) => model === spec || partsOf(model).name === partsOf(spec).name);
    return html`<section class="stack tight"><h2>${t('models.cards')}</h2><div class="grid three">${(models.models ?? []).map(({model, learned_from: basis, what, serves_like: like}) => {
      const {name, settings} = partsOf(model);
      const found = of(model);
      const words = named('modelwhat', name);
      return html`<article class="card stack tight modelcard"><header><h3>${modelName(model)}</h3><code class="small muted">${model}</code></header><p class="small soft">${words === name ? what : words}</p>
        <p class="small muted">${t('models.learned_from')} ${named('learnedfrom', basis)}${settings ? html` · ${t('models.settings')}` : nothing}</p>${like ? html`<p><span class="chip main">${t('models.serves_like')}</span></p>` : nothing}
        ${found ? html`<p>${chipOf(found)} <span class="small">NDCG@${judged!.k} <strong>${three(found.metrics['ndcg']?.mean)}</strong> <span class="muted">${t('studio.between', {low: three(found.metrics['ndcg']?.low), high: three(found.metrics['ndcg']?.high)})}</span></span></p>` : html`<p class="small muted">${t('models.not_judged')}</p>`}</article>`;
    })}</div>${models.left_out?.length ? html`<div class="note warn" role="note">${icon('warning')}<ul>${models.left_out.map(({model, why}) => html`<li><strong>${modelName(model)}</strong> ${t('models.left_out')} ${why}</li>`)}</ul></div>` : nothing}</section>`;
  }

  private quality(note: JudgedNote): TemplateResult {
    const best = ranked(note.models).find((one) => standing(one) === 'better');
    const reading = best ? t('models.reading', {model: modelName(best.model), ndcg: three(best.metrics['ndcg']?.mean), base: modelName(best.against[0]?.baseline ?? ''), by: three(best.against.find(({metric}) => metric === 'ndcg')?.mean), n: count(note.asked)}) : t('models.reading_none', {n: count(note.asked)});
    const ci = (one: {mean: number; low: number; high: number} | undefined): TemplateResult | string => one ? html`<strong>${three(one.mean)}</strong> <span class="muted">${t('studio.between', {low: three(one.low), high: three(one.high)})}</span>` : '–';
    return html`<section class="card flush" id="quality"><header><h2>${t('models.quality')}</h2><p>${t('models.judged_when', {when: moment(note.at), split: named('splitname', note.split), k: note.k, asked: count(note.asked), cold: count(note.cold)})}</p></header>
      <p class="reading tablereading">${reading}</p>
      ${dataTable(t('models.quality'), [
        {head: t('models.model'), cell: (row: Judged) => html`<strong>${modelName(row.model)}</strong><br><code class="small muted">${row.model}</code>`},
        {head: t('models.stands'), cell: (row: Judged) => chipOf(row)},
        {head: `NDCG@${note.k}`, number: true, cell: (row: Judged) => ci(row.metrics['ndcg'])},
        {head: t('models.less'), number: true, cell: (row: Judged) => ci(row.against.find(({metric}) => metric === 'ndcg'))},
        {head: t('models.recall'), number: true, cell: (row: Judged) => ci(row.metrics['recall'])},
        {head: t('models.hits'), number: true, cell: (row: Judged) => percent(row.metrics['hit_rate']?.mean)},
        {head: t('models.coverage'), number: true, cell: (row: Judged) => percent(row.metrics['coverage']?.mean)},
      ], ranked(note.models))}</section>`;
  }

  private plot(history: readonly Note[]): Plot<Quality> {
    const {models, rows} = overTime(history);
    const tones = ['--class-other', '--class-problem', '--class-new', '--class-seed', '--class-high_value', '--class-potential', '--class-churn_risk', '--accent', '--ink-2'];
    return {
      title: t('models.over_time'), tall: 260, reading: t('models.over_time_reading', {n: rows.length}),
      option: (ink) => ({
        grid: {left: 48, right: 12, top: 16, bottom: 60}, legend: {bottom: 0, type: 'scroll', textStyle: {color: ink.soft, fontFamily: ink.font}}, tooltip: {trigger: 'axis', renderMode: 'richText'},
        xAxis: {type: 'category', data: rows.map(({at}) => moment(at)), axisLabel: {color: ink.soft, fontFamily: ink.font}, axisLine: {lineStyle: {color: ink.line}}},
        yAxis: {type: 'value', min: 0, axisLabel: {color: ink.soft}, splitLine: {lineStyle: {color: ink.line}}},
        series: models.map((name, i) => ({type: 'line' as const, name: modelName(name), data: rows.map(({values}) => values[i] ?? null), lineStyle: {color: ink.of(tones[i % tones.length]!), width: 2}, itemStyle: {color: ink.of(tones[i % tones.length]!)}})),
      }),
      table: {rows, columns: [{head: t('models.at'), cell: ({at}) => moment(at)}, ...models.map((name, i) => ({head: modelName(name), number: true, cell: ({values}: Quality) => three(values[i] ?? undefined)}))]},
    };
  }

  private past(history: readonly Note[]): TemplateResult {
    return html`<section class="card stack tight" id="history"><header><h2>${t('models.history')}</h2></header><ul class="lines small">${history.slice(0, kHistory).map((note) => html`<li class="row base"><span class="chip ${note.kind === 'failed' ? 'bad' : ''}">${named('notekind', note.kind)}</span><span class="nowrap">${moment(note.at)}</span>
      <span class="soft grow">${note.kind === 'failed' ? note.why : note.kind === 'trained' ? t('models.trained_line', {orders: count(note.baskets), customers: count(note.customers), models: joined(note.models.map(modelName))}) : t('models.judged_line', {n: count(note.asked), models: note.models.length})} ${note.kind === 'failed' ? nothing : html`<span class="muted">${duration(note.seconds)}</span>`}</span></li>`)}</ul></section>`;
  }

  override render(): TemplateResult {
    return loaded(this.models, (models) => {
      const history = this.history.value?.history ?? [];
      const judged = judgedNotes(history);
      return html`${this.head(models, history)}${models.serving ? this.cards(models, judged[0]) : nothing}
        ${judged[0] ? this.quality(judged[0]) : models.serving ? html`<p class="muted">${t('models.judge_first')}</p>` : nothing}
        ${judged.length > 1 ? html`<section class="card stack"><header><h2>${t('models.over_time')}</h2></header><rp-chart .plot=${this.plot(history)}></rp-chart></section>` : nothing}
        ${history.length ? this.past(history) : nothing}`;
    }, 12);
  }
}

function chipOf(one: Judged): TemplateResult {
  const stands = standing(one);
  return html`<span class="chip ${stands === 'better' ? 'good' : stands === 'worse' ? 'bad' : stands === 'open' ? 'warn' : ''}">${named('standing', stands)}</span>`;
}
