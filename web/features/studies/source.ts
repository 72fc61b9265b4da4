import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Cell, runSql} from '../../api/data';
import {addStudyTable, type StudyColumn, type StudyTable} from '../../api/studies';
import {readSurvey, readSurveys} from '../../api/surveys';
import {currentLanguage, t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import type {Method} from '../../model/study_form';
import {told} from '../../model/study_report';
import type {Starter} from '../../model/study_starters';
import {Load} from '../../ui/load';
import {count, decimal} from '../../ui/format';
import {icon} from '../../ui/icons';
import {dataTable, errorState, skeleton} from '../../ui/parts';
import {View} from '../../ui/view';

/** Where the rows of a study come from. */
export interface Source {
  from: 'own' | 'starter' | 'sql' | 'file' | 'survey';
  sql: string;
  survey: string;
  table: string;
  name: string;
}
const kPreviewed = 8;

/** The data of a study: a question to the shop, or a file; with a look at its rows. Fires `source` and `columns`. */
@customElement('rp-study-source')
export class StudySource extends View {
  @property({attribute: false}) method!: Method;
  @property({attribute: false}) starter: Starter | undefined;
  @property({attribute: false}) source!: Source;
  @state() private rows: {columns: {name: string; type: string}[]; rows: Cell[][]} | undefined;
  @state() private table: StudyTable | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private readonly surveys = new Load(this, () => this.source.from === 'survey' ? 'all' : undefined, readSurveys);
  private sheet = '';
  private looked = '';
  private asking: AbortController | undefined;

  override willUpdate(): void {
    const {from} = this.source;
    if (from === 'survey') void this.lookAtSurvey();
    else if (from !== 'file' && this.question() !== this.looked && from !== 'sql') void this.look();
  }
  override firstUpdated(): void {
    if (this.source.from === 'sql' && this.source.sql) void this.look();
  }
  private question(): string {
    const {from, sql} = this.source;
    return from === 'own' ? this.method.sql : from === 'starter' ? (this.starter?.sql ?? '') : sql;
  }
  private tell(source: Partial<Source>): void {
    this.dispatchEvent(new CustomEvent<Source>('source', {detail: {...this.source, ...source}}));
  }
  private tellColumns(columns: StudyColumn[]): void {
    this.dispatchEvent(new CustomEvent<StudyColumn[]>('columns', {detail: columns}));
  }

  private async look(): Promise<void> {
    const sql = this.question().trim().replace(/;\s*$/, '');
    this.looked = this.question();
    this.rows = undefined;
    this.problem = undefined;
    this.asking?.abort();
    if (!sql) return this.tellColumns([]);
    const mine = (this.asking = new AbortController());
    this.busy = true;
    const got = await runSql(`SELECT * FROM (\n${sql}\n) LIMIT ${kPreviewed}`, mine.signal);
    if (mine.signal.aborted) return;
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    this.rows = got.ok ? got.value : undefined;
    if (!got.ok) return;
    this.tellColumns(got.value.columns.map(({name, type}) => ({name, type: /INT|DOUBLE|DECIMAL|FLOAT|REAL/i.test(type) ? 'number' : 'text', examples: []})));
  }
  private async lookAtSurvey(): Promise<void> {
    const {survey} = this.source;
    if (this.looked === `survey ${survey}`) return;
    this.looked = `survey ${survey}`;
    this.rows = undefined;
    this.problem = undefined;
    if (!survey) return this.tellColumns([]);
    const got = await readSurvey(survey);
    if (this.looked !== `survey ${survey}`) return;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) this.tellColumns(got.value.survey.items.filter(({type}) => type !== 'pair').map(({item, type}) => ({name: item, type: type === 'text' ? 'text' : 'number', examples: []})));
  }
  private async take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.busy = true;
    this.problem = undefined;
    const got = await addStudyTable(file, this.sheet);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    this.table = got.ok ? got.value : undefined;
    if (!got.ok) return;
    this.tell({table: got.value.table, name: file.name});
    this.tellColumns(got.value.columns);
  }

  private file(): TemplateResult {
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      void this.take(event.dataTransfer?.files[0]);
    };
    return html`<label class="drop" @dragover=${(event: Event) => event.preventDefault()} @drop=${drop}>${icon('download', 24)}<span>${this.source.name ? html`<strong>${this.source.name}</strong>` : t('study.drop')}</span>
        <input class="unseen" type="file" aria-label=${t('study.file')} accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.parquet,.gz" @change=${(event: Event) => void this.take((event.target as HTMLInputElement).files?.[0])}></label>
      <p class="small muted">${t('study.file_kept')}</p>
      <div class="field narrow"><label for="sheet">${t('study.sheet')}</label><input class="input" id="sheet" autocomplete="off" @input=${(event: Event) => (this.sheet = (event.target as HTMLInputElement).value.trim())}></div>
      ${this.table ? html`<p role="status">${t('study.file_read', {name: this.source.name, n: count(this.table.n), columns: this.table.columns.length})}</p>
        ${this.table.problems.map((one) => html`<p class="small muted">${one}</p>`)}
        ${dataTable(t('study.columns'), [
          {head: t('study.column'), cell: (row: StudyColumn) => html`<strong>${row.name}</strong>`}, {head: t('study.type'), cell: (row: StudyColumn) => row.type === 'number' ? t('study.number') : t('study.text')},
          {head: t('study.distinct'), number: true, cell: (row: StudyColumn) => count(row.distinct)}, {head: t('study.missing'), number: true, cell: (row: StudyColumn) => count(row.missing)},
          {head: t('study.examples'), cell: (row: StudyColumn) => html`<span class="soft">${row.examples.join(' · ')}</span>`}], this.table.columns)}` : nothing}`;
  }

  private writing(): TemplateResult {
    const {from, sql} = this.source;
    if (from === 'sql') {
      return html`<div class="field"><label for="study-sql">${t('study.sql')}</label><textarea class="input mono" id="study-sql" rows="8" spellcheck="false" .value=${sql}
        @input=${(event: Event) => this.tell({sql: (event.target as HTMLTextAreaElement).value})}></textarea></div>
        <div class="row"><button type="button" class="button" @click=${() => void this.look()}>${t('study.preview')}</button><a class="small" href="/data/sql">${t('study.tables')}</a></div>`;
    }
    return html`${this.starter?.source && from === 'starter' ? html`<p class="small soft">${t('study.worked', {source: this.starter.source})}</p>` : nothing}
      ${this.question() ? html`<details><summary class="small">${t('study.show_question')}</summary><pre class="code small">${this.question().trim()}</pre>
        <p><button type="button" class="button tiny" @click=${() => this.tell({from: 'sql', sql: this.question().trim()})}>${t('study.from_sql')}</button></p></details>` : nothing}`;
  }
  private survey(): TemplateResult {
    return html`<div class="field"><label for="study-survey">${t('study.survey')}</label><select class="input" id="study-survey" @change=${(event: Event) => this.tell({survey: (event.target as HTMLSelectElement).value})}>
      <option value="" ?selected=${!this.source.survey}>${t('study.choose')}</option>${(this.surveys.value?.surveys ?? []).map((one) => html`<option value=${one.survey_id} ?selected=${one.survey_id === this.source.survey}>
      ${told(one.title, currentLanguage()) || one.survey_id} (${count(one.answered)})</option>`)}</select></div>`;
  }
  private preview(): TemplateResult | typeof nothing {
    if (this.busy) return skeleton(4);
    if (this.problem) return errorState(this.problem);
    if (this.source.from === 'file' || !this.rows) return nothing;
    const cell = (value: Cell | undefined): unknown => value === null || value === undefined ? html`<span class="muted">–</span>` : typeof value === 'number' && !Number.isInteger(value) ? decimal(value, 3) : String(value);
    return html`<details><summary class="small">${t('study.preview_of', {n: this.rows.rows.length})}</summary>
      ${dataTable(t('study.preview'), this.rows.columns.map(({name}, i) => ({head: name, cell: (row: Cell[]) => cell(row[i])})), this.rows.rows)}</details>`;
  }

  override render(): TemplateResult {
    const ways: [Source['from'], string][] = [
      ...(this.method.sql ? [['own', t('study.from_own')] as [Source['from'], string]] : []),
      ...(this.starter?.sql ? [['starter', t('study.from_starter')] as [Source['from'], string]] : []),
      ['sql', t('study.from_sql')], ['file', t('study.from_file')], ['survey', t('study.from_survey')]];
    return html`<div class="chips" role="group" aria-label=${t('study.data')}>${ways.map(([from, text]) => html`<button type="button" class="button tiny" aria-pressed=${this.source.from === from}
      @click=${() => this.tell({from, sql: from === 'sql' && !this.source.sql ? this.question().trim() : this.source.sql})}>${text}</button>`)}</div>
      ${this.source.from === 'file' ? this.file() : this.source.from === 'survey' ? this.survey() : this.writing()}${this.preview()}`;
  }
}
