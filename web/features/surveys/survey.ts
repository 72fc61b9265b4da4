import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {runStudy} from '../../api/studies';
import {readSurvey, readSurveyResults, surveySheets, type SurveyResults} from '../../api/surveys';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {type Report, told} from '../../model/study_report';
import {studyOf, type Survey} from '../../model/survey';
import {may} from '../../shell/session';
import {cssVars} from '../../ui/css_vars';
import {count, decimal, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, pageHead, problemText, saveFile, skeleton} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {refusal} from '../studies/refusal';
import './ask';

type Item = SurveyResults['items'][number];

/** One survey: whom it reached, what they said, the score with its interval; and the ways to ask more people. */
@customElement('rp-survey')
export class SurveyScreen extends Screen {
  private readonly survey = new Load(this, () => this.surveyId(), (signal) => readSurvey(this.surveyId(), signal));
  private readonly results = new Load(this, () => this.surveyId(), (signal) => readSurveyResults(this.surveyId(), signal));
  private readonly score = new Load<Report>(this, () => this.scored(), (signal) => runStudy(this.study()!.method, {survey: this.surveyId(), options: this.study()!.options}, signal));

  private surveyId(): string {
    return this.place.params['id'] ?? '';
  }
  private study(): {method: string; options: Record<string, string>} | undefined {
    return this.survey.value ? studyOf(this.survey.value.survey) : undefined;
  }
  private scored(): string | undefined {
    return this.study() && (this.results.value?.answered ?? 0) > 0 ? `${this.surveyId()} ${this.results.value!.answered}` : undefined;
  }

  private items(items: Item[]): TemplateResult {
    return html`<section class="card stack"><header><h2>${t('surveys.results')}</h2></header><ul class="lines">${items.map((item) => {
      const most = Math.max(1, ...item.counts.map(({n}) => n));
      return html`<li class="stack tight"><div class="row spread base"><strong>${told(item.text, currentLanguage()) || item.item}</strong>${item.since > 1 ? html`<span class="chip">${t('surveys.since', {version: item.since})}</span>` : nothing}${item.type === 'text' ? nothing : html`<span class="muted small">${t('surveys.mean', {mean: item.mean === null ? '–' : decimal(item.mean, 2), n: count(item.n)})}</span>`}</div>
        ${item.counts.length ? html`<table class="funnel small"><caption class="unseen">${item.item}</caption><tbody>${item.counts.map(({value, n}) => html`<tr><th scope="row">${value}</th>
          <td class="wide"><i class="bar" ${cssVars({'--share': `${(n / most) * 100}%`})}></i></td><td class="number">${count(n)}</td></tr>`)}</tbody></table>` : nothing}</li>`;
    })}</ul></section>`;
  }
  /** What each version of an edited survey brought; an item that changed has a row a version and no common mean. */
  private versions(results: SurveyResults): TemplateResult | typeof nothing {
    if (results.versions.length < 2) return nothing;
    const names = [...new Set(results.versions.flatMap((one) => one.items.map((item) => item.item)))];
    const told_of = (item: string): string => told(results.items.find((one) => one.item === item)?.text, currentLanguage()) || item;
    const mean_in = (version: SurveyResults['versions'][number], name: string): string => {
      const item = version.items.find((one) => one.item === name);
      return item ? t('surveys.mean', {mean: item.mean === null ? '–' : decimal(item.mean, 2), n: count(item.n)}) : '–';
    };
    return html`<section class="card flush"><header><h2>${t('surveys.versions')}</h2><p>${t('surveys.versions_text', {version: results.version})}</p></header>${dataTable(t('surveys.versions'), [
      {head: t('surveys.question'), cell: (name: string) => told_of(name)},
      ...results.versions.map((one) => ({head: t('surveys.version_head', {version: one.version, n: count(one.sheets)}), number: true, cell: (name: string) => mean_in(one, name)})),
    ], names)}</section>`;
  }
  private headline(results: SurveyResults): TemplateResult {
    const figures: [string, string][] = [[t('surveys.invited'), count(results.invited)], [t('surveys.reminded'), count(results.reminders)], [t('surveys.answered'), count(results.answered)], [t('surveys.rate'), percent(results.response_rate)]];
    return html`<section class="card"><div class="grid figures">${figures.map(([name, value]) => html`<div><p class="muted small">${name}</p><p class="bignumber">${value}</p></div>`)}</div></section>`;
  }
  private interpretation(): TemplateResult | typeof nothing {
    const study = this.study();
    if (!study || !this.scored()) return nothing;
    const query = new URLSearchParams({from: 'survey', survey: this.surveyId(), run: '1'});
    for (const [name, value] of Object.entries(study.options)) if (value) query.set(`o.${name}`, value);
    return html`<section class="card stack tight"><header><h2>${t('surveys.score')}</h2><a class="button tiny noprint" href="/studies/run/${study.method}?${query}">${t('surveys.whole_study')}</a></header>
      ${this.score.value ? html`<p class="headline">${told(this.score.value.reading, currentLanguage())}</p>` : this.score.error ? refusal(this.score.error) : skeleton(2)}</section>`;
  }
  private readonly save = async (): Promise<void> => {
    const got = await surveySheets(this.surveyId());
    if (got.ok) saveFile(`${this.surveyId()}.csv`, got.value);
    else toast(problemText(got.error), {bad: true});
  };

  override render(): TemplateResult {
    const survey: Survey | undefined = this.survey.value?.survey;
    const actions = survey ? html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button><button class="button" @click=${this.save}>${icon('download', 16)}CSV</button>
      ${may('publish') ? html`<a class="button" href="/surveys/${encodeURIComponent(this.surveyId())}/edit">${t('surveys.edit')}</a>` : nothing}` : nothing;
    return html`${pageHead(survey ? told(survey.title, currentLanguage()) || this.surveyId() : this.surveyId(), survey ? named('surveykind', survey.template ?? survey.kind) : nothing, actions)}
      <p class="noprint"><a href="/surveys">${t('surveys.all')}</a></p>
      ${loaded(this.results, (results) => html`${this.headline(results)}${results.answered === 0 ? emptyState(t('surveys.no_answers'), t('surveys.no_answers_text'), nothing, 'surveys') : html`${this.interpretation()}${this.items(results.items)}${this.versions(results)}`}`, 8)}
      ${survey && may('publish') && !survey.closed ? html`<rp-survey-ask class="noprint" .survey=${survey} .surveyId=${this.surveyId()} @asked=${() => void this.results.reload()}></rp-survey-ask>` : nothing}`;
  }
}
