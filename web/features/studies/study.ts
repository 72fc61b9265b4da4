import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {cancelStudy, readMethods, runStudy, type StudyColumn, studyFile, type StudyQuestion} from '../../api/studies';
import {currentLanguage, named, t} from '../../i18n/i18n';
import type {Result} from '../../model/result';
import {type Answers, answersAsFilters, answersFrom, asOptions, type Field, fieldsOf, type Method, strangers, unanswered} from '../../model/study_form';
import type {Report} from '../../model/study_report';
import {kStarters} from '../../model/study_starters';
import {may} from '../../shell/session';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, pageHead, problemText, saveFile, skeleton} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {studyField} from './fields';
import {refusal} from './refusal';
import './publish_form';
import './report';
import './source';
import type {Source} from './source';

const kLanguageCode = {en: 'en', 'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant'} as const;

/** One method: its data, its options, its answer. The whole question is in the address, so that an answer can be passed on. */
@customElement('rp-study')
export class Study extends Screen {
  @state() private answers: Answers = {};
  @state() private source: Source = {from: 'sql', sql: '', survey: '', table: '', name: ''};
  @state() private columns: StudyColumn[] = [];
  @state() private publishing = false;
  private seen = '';
  private readonly methods = new Load(this, () => 'all', readMethods);
  private readonly report = new Load<Report>(this, () => this.asked(), (signal) => this.ask(signal));

  private method(): Method | undefined {
    return this.methods.value?.methods.find(({name}) => name === this.place.params['method']);
  }
  override willUpdate(): void {
    const method = this.method();
    const here = `${this.place.path}?${this.place.query}`;
    if (!method || here === this.seen) return;
    const other = !this.seen.startsWith(`${this.place.path}?`);
    this.seen = here;
    this.read(method);
    if (other) this.columns = [];
  }
  /** What the address says; where it says nothing, the way to begin that asks least. */
  private read(method: Method): void {
    const starter = kStarters[method.name];
    const query = this.place.query;
    const from = (query.get('from') ?? (method.sql ? 'own' : starter?.sql ? 'starter' : 'sql')) as Source['from'];
    this.source = {from, sql: query.get('sql') ?? '', survey: query.get('survey') ?? '', table: query.get('table') ?? '', name: query.get('file') ?? ''};
    const told = answersFrom(query);
    this.answers = Object.keys(told).length || query.has('run') ? told : from === 'starter' || !method.needs_table ? {...starter?.options} : {};
  }

  private question(source: Source, fields: readonly Field[], answers: Answers): StudyQuestion {
    const options = asOptions(fields, answers);
    const starter = kStarters[this.place.params['method'] ?? ''];
    if (source.from === 'file') return {table: source.table, options};
    if (source.from === 'survey') return {survey: source.survey, options};
    const sql = source.from === 'starter' ? (starter?.sql ?? '') : source.from === 'sql' ? source.sql : '';
    return sql ? {sql, options} : {options};
  }
  private asked(): string | undefined {
    const method = this.method();
    if (!method || !this.filter('run')) return undefined;
    const query = this.place.query;
    const source = {from: (query.get('from') ?? 'own') as Source['from'], sql: query.get('sql') ?? '', survey: query.get('survey') ?? '', table: query.get('table') ?? '', name: ''};
    return JSON.stringify([method.name, this.question(source, fieldsOf(method), answersFrom(query)), this.filter('run')]);
  }
  private ask(signal: AbortSignal): Promise<Result<Report>> {
    const [name, question] = JSON.parse(this.asked()!) as [string, StudyQuestion, string];
    // Of another question nothing stays on the page while the new one is computed.
    this.report.value = undefined;
    this.report.error = undefined;
    return runStudy(name, question, signal);
  }

  private readonly run = (event: SubmitEvent): void => {
    event.preventDefault();
    const method = this.method();
    if (!method) return;
    const {from, sql, survey, table, name} = this.source;
    const again = Number(this.filter('run') || '0') + 1;
    setFilters({...answersAsFilters(fieldsOf(method), this.answers), from, sql: from === 'sql' ? sql : '', survey: from === 'survey' ? survey : '', table: from === 'file' ? table : '', file: from === 'file' ? name : '', run: String(again)});
  };
  private readonly stop = (): void => {
    setFilters({run: ''});
    void cancelStudy();
  };
  private readonly save = async (as: 'json' | 'html'): Promise<void> => {
    const [name, question] = JSON.parse(this.asked()!) as [string, StudyQuestion, string];
    const got = await studyFile(name, question, as, kLanguageCode[currentLanguage()]);
    if (got.ok) saveFile(`${name}.${as}`, got.value);
    else toast(problemText(got.error), {bad: true});
  };

  private form(method: Method): TemplateResult {
    const fields = fieldsOf(method);
    const filling = {method: method.name, answers: this.answers, columns: this.columns, set: (name: string, value: string) => (this.answers = {...this.answers, [name]: value})};
    const later = fields.filter(({first}) => !first);
    const lacking = unanswered(fields, this.answers).map((name) => named('opt', name));
    const noData = method.needs_table && ((this.source.from === 'file' && !this.source.table) || (this.source.from === 'survey' && !this.source.survey) || (this.source.from === 'sql' && !this.source.sql.trim()));
    if (noData) lacking.unshift(t('study.data'));
    const strange = strangers(fields, this.answers, this.columns.map(({name}) => name));
    const take = (event: CustomEvent<Source>): void => {
      if (event.detail.from === 'starter' && this.source.from !== 'starter') this.answers = {...kStarters[method.name]?.options};
      this.source = event.detail;
    };
    return html`<form class="grid side studyform noprint" @submit=${this.run}>
      <section class="card stack"><header><h2>${t('study.options')}</h2></header>
        <div class="fields">${fields.filter(({first}) => first).map((field) => studyField(field, filling))}</div>
        ${later.length ? html`<details ?open=${later.some(({name}) => this.answers[name])}><summary>${t('study.more', {n: later.length})}</summary><div class="fields">${later.map((field) => studyField(field, filling))}</div></details>` : nothing}
        ${strange.length ? html`<p class="small bad">${t('study.strangers', {what: strange.join(', ')})}</p>` : nothing}
        <div class="row"><button class="button main" ?disabled=${lacking.length > 0 || this.report.busy}>${this.filter('run') ? t('study.again') : t('study.run')}</button>
          ${lacking.length ? html`<span class="small muted">${t('study.answer_first', {what: lacking.join(', ')})}</span>` : nothing}</div></section>
      <section class="card stack"><header><h2>${t('study.data')}</h2><p>${named('rows', method.name)}</p></header>
        <rp-study-source class="stack" .method=${method} .starter=${kStarters[method.name]} .source=${this.source} @source=${take} @columns=${(event: CustomEvent<StudyColumn[]>) => (this.columns = event.detail)}></rp-study-source></section></form>`;
  }

  private answer(): TemplateResult | typeof nothing {
    if (!this.filter('run')) return nothing;
    if (this.report.busy) return html`<section class="card stack" role="status"><p>${t('study.running')}</p>${skeleton(5)}<p><button class="button" @click=${this.stop}>${t('study.cancel')}</button></p></section>`;
    if (this.report.error) return refusal(this.report.error);
    return this.report.value ? html`<rp-study-report .report=${this.report.value}></rp-study-report>` : nothing;
  }

  private publish(method: string): TemplateResult {
    const [, question] = JSON.parse(this.asked()!) as [string, StudyQuestion, string];
    return html`<rp-publish-form .method=${method} .question=${question} .file=${this.filter('from') === 'file' ? this.filter('file') : ''} @done=${() => (this.publishing = false)}></rp-publish-form>`;
  }

  override render(): TemplateResult {
    const done = this.report.value && !this.report.busy;
    const actions = done ? html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      <button class="button" @click=${() => void this.save('html')}>${icon('download', 16)}${t('report.save_html')}</button><button class="button" @click=${() => void this.save('json')}>${icon('download', 16)}${t('report.save_json')}</button>
      ${may('publish') ? html`<button class="button main" @click=${() => (this.publishing = true)}>${t('published.publish')}</button>` : nothing}` : nothing;
    const name = this.place.params['method'] ?? '';
    return html`${pageHead(named('question', name), named('methodname', name), actions)}<p class="noprint"><a href="/studies">${t('study.all_methods')}</a></p>
      ${loaded(this.methods, () => {
        const method = this.method();
        return method ? html`${this.form(method)}${this.answer()}${this.publishing && this.report.value ? this.publish(method.name) : nothing}` : emptyState(t('studies.none_found'), name, html`<a class="button" href="/studies">${t('study.all_methods')}</a>`);
      }, 12)}`;
  }
}
