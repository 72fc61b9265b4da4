import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type Cell, exportRows, readTables, runSql, type SqlAnswer} from '../../api/data';
import {t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import {drawable, greatest} from '../../model/sql_chart';
import '../../ui/chart';
import type {Ink, Plot} from '../../ui/chart';
import type {Option} from '../../ui/charts';
import {count, decimal, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {setFilters} from '../../ui/navigate';
import {dataTable, errorState, problemText, saveFile, skeleton} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {kQueries} from './queries';
import './sql_tables';

const kShown = 500;
const kLookAfter_ms = 400;

/** One SELECT over the mirror of the log; the query is in the address, so that an answer can be passed on. */
@customElement('rp-sql')
export class Sql extends Screen {
  @state() private text = '';
  @state() private answer: SqlAnswer | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  /** How much of the log the tables hold, 0..1, while a question waits for the rest of it. */
  @state() private read: number | undefined;
  private ran = '';
  private running: AbortController | undefined;

  override willUpdate(): void {
    const query = this.filter('query');
    if (query && query !== this.ran) {
      this.ran = query;
      this.text = query;
      void this.run(query);
    }
  }

  private async run(query: string): Promise<void> {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    this.busy = true;
    const look = setInterval(() => void this.lookAhead(mine.signal), kLookAfter_ms);
    const got = await runSql(query, mine.signal);
    clearInterval(look);
    if (mine.signal.aborted) return;
    this.busy = false;
    this.read = undefined;
    this.problem = got.ok ? undefined : got.error;
    this.answer = got.ok ? got.value : undefined;
  }
  private async lookAhead(signal: AbortSignal): Promise<void> {
    const got = await readTables(signal);
    if (got.ok && !signal.aborted) this.read = got.value.mirrored < got.value.log ? got.value.mirrored / got.value.log : undefined;
  }
  private waiting(): TemplateResult {
    return html`${this.read === undefined ? nothing : html`<p class="note" role="status"><progress max="1" .value=${this.read}></progress> ${t('sql.reading_log', {done: percent(this.read, 0)})}</p>`}${this.answer ? nothing : skeleton(6)}`;
  }
  private readonly submit = (event?: Event): void => {
    event?.preventDefault();
    const query = this.text.trim();
    if (!query) return;
    if (query === this.ran) void this.run(query);
    else setFilters({query});
  };
  /** Puts a name where the caret is. */
  private readonly write = (event: CustomEvent<string>): void => {
    const field = this.querySelector<HTMLTextAreaElement>('#query');
    if (!field) return;
    const before = field.value.slice(0, field.selectionStart);
    field.setRangeText(`${/[\w"]$/.test(before) ? ' ' : ''}${event.detail}`, field.selectionStart, field.selectionEnd, 'end');
    this.text = field.value;
    field.focus();
  };
  private readonly save = async (format: 'xlsx' | 'csv' | 'parquet'): Promise<void> => {
    const got = await exportRows(this.ran, format);
    if (got.ok) saveFile(`rapport.${format}`, got.value);
    else toast(problemText(got.error), {bad: true});
  };

  private cell(value: Cell | undefined): unknown {
    if (value === null || value === undefined) return html`<span class="muted">NULL</span>`;
    if (typeof value === 'string' && /^c_\d+$/.test(value)) return html`<a href="/customers/${value}">${value}</a>`;
    return typeof value === 'number' && !Number.isInteger(value) ? decimal(value, 4) : String(value);
  }

  private plot(answer: SqlAnswer): Plot<Cell[]> | undefined {
    const drawn = drawable(answer);
    if (!drawn) return undefined;
    const best = greatest(answer, drawn);
    const labels = answer.rows.map((row) => String(row[drawn.label] ?? ''));
    return {
      title: t('data.sql'),
      reading: best ? t('sql.reading', {column: best.column, label: best.label, value: decimal(best.value, 2)}) : '',
      table: {rows: answer.rows, columns: answer.columns.map(({name}, i) => ({head: name, cell: (row: Cell[]) => this.cell(row[i])}))},
      option: (ink: Ink) => ({
        tooltip: {trigger: 'axis', renderMode: 'richText', backgroundColor: ink.surface, borderColor: ink.line, textStyle: {color: ink.ink, fontFamily: ink.font}},
        legend: drawn.values.length > 1 ? {textStyle: {color: ink.ink}, top: 0} : undefined,
        grid: {left: 8, right: 16, top: drawn.values.length > 1 ? 32 : 12, bottom: 8, containLabel: true},
        xAxis: {type: 'category', data: labels, axisLabel: {color: ink.soft, fontFamily: ink.font, hideOverlap: true}, axisLine: {lineStyle: {color: ink.line}}},
        yAxis: {type: 'value', axisLabel: {color: ink.soft}, splitLine: {lineStyle: {color: ink.line}}},
        series: drawn.values.map((column, i) => ({
          type: drawn.kind, name: answer.columns[column]!.name, data: answer.rows.map((row) => row[column]), showSymbol: false,
          itemStyle: {color: ink.of(['--accent', '--class-new', '--class-high_value', '--class-potential', '--class-churn_risk'][i]!)},
        })),
      }) as Option,
    };
  }

  private result(answer: SqlAnswer): TemplateResult {
    const plot = this.plot(answer);
    const numeric = (i: number): boolean => /INT|DOUBLE|DECIMAL|FLOAT|HUGEINT/i.test(answer.columns[i]?.type ?? '');
    return html`<div class="row spread"><p class="muted">${t('sql.rows', {n: count(answer.rows.length), seconds: decimal(answer.seconds, 3), position: count(answer.known_at)})}
        ${answer.truncated ? html`<span class="chip warn">${t('sql.truncated')}</span>` : nothing}</p>
        <div class="row noprint"><button class="button tiny" @click=${() => void this.save('xlsx')}>${icon('download', 15)}Excel</button><button class="button tiny" @click=${() => void this.save('csv')}>CSV</button>
          <button class="button tiny" @click=${() => void this.save('parquet')}>Parquet</button></div></div>
      ${plot ? html`<section class="card"><rp-chart .plot=${plot}></rp-chart></section>` : nothing}
      <section class="card flush">${dataTable(t('data.sql'), answer.columns.map(({name}, i) => ({head: name, number: numeric(i), cell: (row: Cell[]) => this.cell(row[i])})), answer.rows.slice(0, kShown))}</section>
      ${answer.rows.length > kShown ? html`<p class="muted">${t('sql.shown', {n: kShown})}</p>` : nothing}`;
  }

  override render(): TemplateResult {
    const keys = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.submit(event);
    };
    return html`<div class="grid side sqlask"><form class="card stack" @submit=${this.submit}>
        <div class="field"><label for="query">${t('sql.query')}</label><textarea class="input mono" id="query" rows="6" spellcheck="false" placeholder="SELECT event, count(*) FROM events GROUP BY event" .value=${this.text}
          @keydown=${keys} @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}></textarea></div>
        <div class="row spread"><div class="row"><button class="button main" ?disabled=${this.busy}>${t('sql.run')}</button><span class="muted small">Ctrl + Enter</span></div>
          <label class="row"><span class="muted small">${t('sql.examples')}</span><select class="input" @change=${(event: Event) => { const query = (event.target as HTMLSelectElement).value; if (query) setFilters({query}); }}>
            <option value="">${t('sql.choose')}</option>${kQueries.map((one) => html`<option value=${one.query}>${t(one.title)}</option>`)}</select></label></div></form>
        <rp-sql-tables @sql-name=${this.write}></rp-sql-tables></div>
      ${this.busy ? this.waiting() : nothing}${this.problem ? errorState(this.problem) : nothing}${this.answer ? this.result(this.answer) : nothing}`;
  }
}
