import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {currentLanguage, named, t} from '../../i18n/i18n';
import {type Cell, digits, type Drawn, drawnColumns, type Figure, type Report, type ReportTable, told, withIntervals, worst} from '../../model/study_report';
import {kSentences} from '../../i18n/studies/refusals';
import {sentenceIn} from '../../model/sentences';
import {count} from '../../ui/format';
import {icon} from '../../ui/icons';
import {type Column, dataTable} from '../../ui/parts';
import {View} from '../../ui/view';

const kShown = 100;
const kFigures = 16;
const number = (value: number | null | undefined): string => digits(value, currentLanguage());
const interval = (low: Cell | undefined, high: Cell | undefined): string =>
  typeof low === 'number' || typeof high === 'number' ? t('report.between', {low: number(low as number | null), high: number(high as number | null)}) : '–';

/** The server writes charts as plain shapes; only an <svg> is taken, and nothing that could run. */
function chart(svg: string, title: string): SVGElement | typeof nothing {
  const drawn = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  if (!drawn || drawn.querySelector('script, foreignObject, a, use, image')) return nothing;
  drawn.setAttribute('aria-label', title);
  drawn.removeAttribute('height');
  return document.importNode(drawn, true);
}

/** A word that stands in a cell, in the reader's language where it is one of ours. */
function word(value: string, column: string): string {
  for (const [prefix, of] of [['claim', 'claim'], ['claimverdict', 'verdict'], ['claimevidence', 'evidence']] as const) {
    if (column === of) return named(prefix, value);
  }
  return named('val', value);
}

/** A reading that names another study leads to it. */
function linked(text: string): unknown {
  return text.split(/`([a-z-]+)`/).map((part, i) => (i % 2 ? html`<a href="/studies/run/${part}">${named('methodname', part)}</a>` : part));
}

/** A study's answer: reading, checks, charts, figures with their intervals, tables, sources. Prints as it stands. */
@customElement('rp-study-report')
export class StudyReport extends View {
  @property({attribute: false}) report!: Report;
  @state() private whole = new Set<string>();

  private checks(report: Report): TemplateResult | typeof nothing {
    if (report.checks.length === 0) return nothing;
    const all = worst(report.checks);
    const failed = report.checks.filter(({status}) => status === 'failed').map(({name}) => named('check', name));
    return html`${all === 'failed' ? html`<div class="note bad" role="note">${icon('warning')}<strong>${t('report.failed', {names: failed.join(', ')})}</strong></div>` : nothing}
      <section class="card"><header><h2>${t('report.checks')}</h2>${all === 'passed' ? html`<p>${t('report.passed_all', {n: report.checks.length})}</p>` : nothing}</header>
      <ul class="lines small">${report.checks.map(({name, status, detail}) => html`<li class="row base"><span class="chip ${status === 'passed' ? 'good' : status === 'warned' ? 'warn' : 'bad'}">${named('checkstatus', status)}</span>
        <strong>${named('check', name)}</strong><span class="soft grow">${told(detail, currentLanguage())}</span></li>`)}</ul></section>`;
  }

  private figures(figures: readonly Figure[]): TemplateResult | typeof nothing {
    if (figures.length === 0) return nothing;
    const columns: Column<Figure>[] = [
      {head: t('report.figure'), cell: ({name, group}) => html`${group ? html`<span class="muted">${named('figgroup', group)} · </span>` : nothing}${named('fig', name)} <code class="muted">${name}</code>`},
      {head: t('report.value'), number: true, cell: ({value}) => html`<strong>${value === null ? t('report.no_value') : number(value)}</strong>`},
      {head: t('report.interval'), number: true, cell: ({low, high}) => low === null && high === null ? html`<span class="muted">–</span>` : interval(low, high)},
      {head: t('report.n'), number: true, cell: ({n}) => count(n)},
    ];
    if (figures.some(({definition}) => definition)) columns.push({head: t('report.definition'), cell: ({definition}) => {
      const own = sentenceIn(currentLanguage(), definition, kSentences);
      return html`<span class="soft small" lang=${own === undefined ? 'en' : nothing}>${own ?? definition}</span>`;
    }});
    // Of very many figures those that have a name of their own come first; the rest is there when it is wanted.
    const first = figures.length > kFigures ? figures.filter(({name}) => named('fig', name) !== name) : figures;
    const rest = figures.filter((one) => !first.includes(one));
    return html`<section class="card flush"><header><h2>${t('report.figures')}</h2></header>${dataTable(t('report.figures'), columns, first)}
      ${rest.length ? html`<details class="morefigures"><summary>${t('report.more_figures', {n: rest.length})}</summary>${dataTable(t('report.more_figures', {n: rest.length}), columns, rest)}</details>` : nothing}</section>`;
  }

  private cell(row: readonly Cell[], column: Drawn, name: string): unknown {
    const value = row[column.column];
    if (column.until !== undefined) return interval(value, row[column.until]);
    if (value === null || value === undefined) return html`<span class="muted">–</span>`;
    if (typeof value === 'number') return number(value);
    return /^c_\d+$/.test(value) ? html`<a href="/customers/${value}">${value}</a>` : word(value, name);
  }
  private table(table: ReportTable): TemplateResult {
    const title = told(table.title, currentLanguage()) || table.key;
    const columns: Column<Cell[]>[] = drawnColumns(table).map((column) => ({head: named('col', column.name), number: column.numeric, cell: (row) => this.cell(row, column, column.name)}));
    const all = this.whole.has(table.key);
    const more = table.rows.length > kShown && !all;
    return html`<section class="card flush"><header><h2>${title}</h2>${more ? html`<p class="noprint">${t('report.shown', {n: kShown, all: count(table.rows.length)})}
        <button class="button tiny" @click=${() => (this.whole = new Set([...this.whole, table.key]))}>${t('report.show_all')}</button></p>` : nothing}</header>
      ${dataTable(title, columns, more ? table.rows.slice(0, kShown) : table.rows)}</section>`;
  }

  override render(): TemplateResult {
    const {report} = this;
    const language = currentLanguage();
    return html`<section class="card stack tight"><header><h2>${told(report.title, language)}</h2><p>${t('report.rows', {n: count(report.n), given: count(report.rows_given)})}</p></header>
        <p class="headline">${linked(told(report.reading, language))}</p></section>
      ${this.checks(report)}
      ${report.charts.map(({title, svg}) => html`<figure class="card studychart"><figcaption class="soft small">${told(title, language)}</figcaption><div class="sheet">${chart(svg, told(title, language))}</div></figure>`)}
      ${this.figures(withIntervals(report.figures))}${report.tables.map((table) => this.table(table))}
      <section class="card small"><h2>${t('report.sources')}</h2><ul class="lines" lang="en">${report.citations.map((one) => html`<li>${one}</li>`)}</ul></section>`;
  }
}
