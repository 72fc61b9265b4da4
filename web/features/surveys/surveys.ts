import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readSurveys, readSurveyTemplates, type SurveyLine, type SurveyTemplate} from '../../api/surveys';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {may} from '../../shell/session';
import {count, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';

/** The surveys of the shop, and the templates that a new one begins with. */
@customElement('rp-surveys')
export class Surveys extends Screen {
  private readonly surveys = new Load(this, () => 'all', readSurveys);
  private readonly templates = new Load(this, () => 'all', readSurveyTemplates);

  private list(surveys: SurveyLine[]): TemplateResult {
    if (surveys.length === 0) return emptyState(t('surveys.none'), t('surveys.none_text'), nothing, 'surveys');
    return html`<section class="card flush"><header><h2>${t('surveys.own')}</h2></header>${dataTable(t('surveys.own'), [
      {head: t('surveys.title'), cell: (row: SurveyLine) => html`<a href="/surveys/${encodeURIComponent(row.survey_id)}">${told(row.title, currentLanguage()) || row.survey_id}</a><br><code class="muted">${row.survey_id}</code>`},
      {head: t('surveys.kind'), cell: (row: SurveyLine) => named('surveykind', row.template || row.kind)},
      {head: t('surveys.state'), cell: (row: SurveyLine) => html`<span class="chip ${row.closed ? '' : 'good'}">${row.closed ? t('surveys.closed') : t('surveys.open')}</span>`},
      {head: t('surveys.items'), number: true, cell: (row: SurveyLine) => count(row.items)},
      {head: t('surveys.invited'), number: true, cell: (row: SurveyLine) => count(row.invited)},
      {head: t('surveys.answered'), number: true, cell: (row: SurveyLine) => count(row.answered)},
      {head: t('surveys.rate'), number: true, cell: (row: SurveyLine) => row.invited ? percent(row.answered / row.invited) : '–'},
    ], surveys)}</section>`;
  }
  private template(one: SurveyTemplate): TemplateResult {
    return html`<li class="card method"><h3>${may('publish') ? html`<a class="plain" href="/surveys/new?template=${one.template}">${told(one.title, currentLanguage())}</a>` : told(one.title, currentLanguage())}</h3>
      <p class="soft small">${told(one.purpose, currentLanguage())}</p><p class="row small"><span class="chip main">${named('surveykind', one.template)}</span><span class="chip">${t('surveys.n_items', {n: one.items})}</span></p></li>`;
  }

  override render(): TemplateResult {
    const actions = may('publish') ? html`<a class="button main" href="/surveys/new">${icon('plus', 16)}${t('surveys.new')}</a>` : nothing;
    return html`${pageHead(t('nav.surveys'), t('surveys.lead'), actions)}${loaded(this.surveys, ({surveys}) => this.list(surveys), 6)}
      <section class="stack tight"><h2>${t('surveys.templates')}</h2>${loaded(this.templates, ({templates}) => html`<ul class="grid three">${templates.map((one) => this.template(one))}</ul>`, 8)}</section>`;
  }
}
