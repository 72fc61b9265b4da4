import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type Imported, importProgress, type Preview, previewImport, rejectedRows, runImport} from '../../api/data';
import {t} from '../../i18n/i18n';
import {kMappable, recipeWith} from '../../model/recipe';
import type {Problem} from '../../model/result';
import {cssVars} from '../../ui/css_vars';
import {count, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {dataTable, errorState, problemText, saveFile} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kPreviewBytes = 1024 * 1024;
const kWhole = /\.(xlsx|parquet|gz)$/i;
const kShipped = ['events-jsonl', 'olist', 'complete-journey'];
const kEncodings = ['auto', 'utf-8', 'gb18030', 'utf-16'];

/** From a file to events in four steps: choose, look, map, read. */
@customElement('rp-import')
export class Import extends Screen {
  @state() private file: File | undefined;
  @state() private encoding = 'auto';
  @state() private preview: Preview | undefined;
  @state() private mapping: Record<string, string> = {};
  @state() private recipe = '';
  @state() private shipped = '';
  @state() private shift = false;
  @state() private busy = false;
  @state() private progress = 0;
  @state() private done: Imported | undefined;
  @state() private problem: Problem | undefined;

  private readonly choose = (file: File | undefined): void => {
    if (!file) return;
    this.file = file;
    this.done = undefined;
    this.shipped = '';
    void this.look();
  };
  private async look(): Promise<void> {
    if (!this.file) return;
    this.busy = true;
    this.problem = undefined;
    const got = await previewImport(this.beginning(this.file), this.file.name, this.encoding, kWhole.test(this.file.name) ? false : this.file.size > kPreviewBytes);
    this.busy = false;
    this.preview = got.ok ? got.value : undefined;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    this.recipe = got.value.recipe;
    this.mapping = Object.fromEntries(got.value.columns.map((column) => [column.name, column.guess?.property ?? '']));
  }

  /** Of text the beginning is enough; a workbook or a column file must come whole. */
  private beginning(file: File): Blob {
    return kWhole.test(file.name) ? file : file.slice(0, kPreviewBytes);
  }

  private map(column: string, property: string): void {
    const changed = recipeWith(this.recipe, column, property, this.mapping[column] ?? '');
    this.mapping = {...this.mapping, [column]: property};
    if (changed.ok) this.recipe = changed.value;
    else toast(t('import.by_hand'), {bad: true});
  }

  private readonly run = async (): Promise<void> => {
    if (!this.file || this.busy) return;
    this.busy = true;
    this.progress = 0;
    this.problem = undefined;
    const watch = setInterval(async () => {
      const got = await importProgress();
      if (got.ok && this.busy) this.progress = got.value.progress;
    }, 400);
    const how = this.shipped ? {shipped: this.shipped, shift: this.shift} : {text: this.recipe, shift: this.shift};
    const got = await runImport(this.file, this.file.name, how);
    clearInterval(watch);
    this.busy = false;
    if (got.ok) this.done = got.value;
    else this.problem = got.error;
  };
  private readonly download = async (): Promise<void> => {
    const got = await rejectedRows(this.done?.rejected_rows ?? '');
    if (got.ok) saveFile('rejected.csv', got.value);
    else toast(problemText(got.error), {bad: true});
  };

  private chooser(): TemplateResult {
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      this.choose(event.dataTransfer?.files[0]);
    };
    return html`<section class="card stack"><header><h2>1 · ${t('import.choose')}</h2></header>
      <label class="drop" @dragover=${(event: Event) => event.preventDefault()} @drop=${drop}>${icon('download', 24)}<span>${this.file ? html`<strong>${this.file.name}</strong> · ${count(this.file.size / 1024)} KB` : t('import.drop')}</span>
        <input class="unseen" type="file" accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.parquet,.gz" @change=${(event: Event) => this.choose((event.target as HTMLInputElement).files?.[0])}></label>
      ${this.file ? html`<div class="row"><label class="row"><span class="muted">${t('import.encoding')}</span><select class="input" @change=${(event: Event) => { this.encoding = (event.target as HTMLSelectElement).value; void this.look(); }}>
        ${kEncodings.map((name) => html`<option value=${name} ?selected=${name === this.encoding}>${name === 'auto' ? t('import.auto') : name.toUpperCase()}</option>`)}</select></label>
        <label class="row"><span class="muted">${t('import.shipped')}</span><select class="input" @change=${(event: Event) => (this.shipped = (event.target as HTMLSelectElement).value)}><option value="">${t('import.own')}</option>
        ${kShipped.map((name) => html`<option value=${name} ?selected=${name === this.shipped}>${name}</option>`)}</select></label></div>` : nothing}</section>`;
  }

  private look2(preview: Preview): TemplateResult {
    const column = (row: Preview['columns'][number]): TemplateResult => html`<select class="input" aria-label=${row.name} @change=${(event: Event) => this.map(row.name, (event.target as HTMLSelectElement).value)}>
      <option value="">${t('import.ignore')}</option>${[...new Set([...kMappable, row.guess?.property ?? ''])].filter(Boolean).map((name) => html`<option value=${name} ?selected=${name === this.mapping[row.name]}>${name}</option>`)}</select>`;
    return html`<section class="card stack"><header><h2>2 · ${t('import.map')}</h2><p>${t('import.seen', {format: preview.format, encoding: preview.encoding, rows: preview.rows === null ? '–' : count(preview.rows)})}
        ${preview.guess ? html` · <strong>${preview.guess.event}</strong>` : nothing}</p></header>
      ${dataTable(t('import.map'), [
        {head: t('import.column'), cell: (row: Preview['columns'][number]) => html`<strong>${row.name}</strong> <span class="muted small">${row.type}</span>`},
        {head: t('import.examples'), cell: (row: Preview['columns'][number]) => html`<span class="soft">${row.examples.slice(0, 3).map(String).join(' · ')}</span>`},
        {head: t('import.becomes'), cell: column},
        {head: t('import.sure'), number: true, cell: (row: Preview['columns'][number]) => row.guess ? percent(row.guess.confidence, 0) : '–'},
      ], preview.columns)}
      ${preview.trial ? html`<p>${t('import.trial', {events: count(preview.trial.events), rejected: count(preview.trial.rejected)})}</p>` : nothing}
      ${[...(preview.problems ?? []), ...(preview.trial?.problems ?? [])].map((one) => html`<p class="small muted">${one}</p>`)}
      <details><summary>${t('import.recipe')}</summary><textarea class="input mono" rows="16" spellcheck="false" aria-label=${t('import.recipe')} .value=${this.recipe} @input=${(event: Event) => (this.recipe = (event.target as HTMLTextAreaElement).value)}></textarea></details></section>`;
  }

  private reading(): TemplateResult {
    return html`<section class="card stack"><header><h2>3 · ${t('import.read')}</h2></header>
      <label class="check"><input type="checkbox" .checked=${this.shift} @change=${(event: Event) => (this.shift = (event.target as HTMLInputElement).checked)}>${t('import.shift')}</label>
      <div class="row"><button class="button main" ?disabled=${this.busy} @click=${this.run}>${t('import.start')}</button>
      ${this.busy && this.file ? html`<i class="bar grow" role="progressbar" aria-label=${t('import.read')} aria-valuenow=${Math.round(this.progress * 100)} aria-valuemin="0" aria-valuemax="100" ${cssVars({'--share': `${this.progress * 100}%`})}></i>` : nothing}</div></section>`;
  }

  private outcome(done: Imported): TemplateResult {
    return html`<section class="card stack" role="status"><header><h2>4 · ${t('import.done')}</h2></header>
      <div class="grid figures">${([['import.rows', done.read], ['import.accepted', done.accepted], ['import.duplicate', done.duplicate], ['import.rejected', done.rejected]] as const).map(([key, value]) =>
        html`<div><p class="muted">${t(key)}</p><p class="bignumber">${count(value)}</p></div>`)}</div>
      ${done.problems?.length ? html`<details ?open=${done.rejected === 0}><summary>${t('import.problems')}</summary><ul class="lines small">${done.problems.map((one) => html`<li>${one}</li>`)}</ul></details>` : nothing}
      ${done.notes?.length ? html`<details><summary>${t('import.notes')}</summary><ul class="lines small">${done.notes.map((one) => html`<li>${one}</li>`)}</ul></details>` : nothing}
      <div class="row">${done.rejected_rows && done.rejected ? html`<button class="button" @click=${this.download}>${icon('download', 16)}${t('import.download')}</button>` : nothing}
        <a class="button" href="/customers">${t('nav.customers')}</a><a class="button" href="/overview">${t('nav.overview')}</a></div></section>`;
  }

  override render(): TemplateResult {
    return html`${this.chooser()}${this.problem ? errorState(this.problem) : nothing}
      ${this.file && this.preview && !this.shipped ? this.look2(this.preview) : nothing}
      ${this.file && (this.preview || this.shipped) ? this.reading() : nothing}${this.done ? this.outcome(this.done) : nothing}`;
  }
}
