import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {publishSurvey, readSurvey, readSurveyTemplate} from '../../api/surveys';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {good, type Problem, type Result} from '../../model/result';
import {told} from '../../model/study_report';
import {askable, changed, criteriaOf, faultOf, freeCriterion, kCriteriaLeast, kCriteriaMost, kItemTypes, moved, type Survey, withCriteria, withItem, without, written} from '../../model/survey';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {errorState, loaded, pageHead} from '../../ui/parts';
import {icon} from '../../ui/icons';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {surveyItem} from './item';

const kBlank: Survey = {kind: 'questionnaire', title: '', items: []};

/** A survey is written: from a template, from one that stands, or from nothing. Texts are those of the page's language. */
@customElement('rp-survey-editor')
export class SurveyEditor extends Screen {
  @state() private survey: Survey | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private readonly begun = new Load<Survey>(this, () => `${this.place.params['id'] ?? ''}?${this.filter('template')}`, (signal) => this.begin(signal));

  private async begin(signal: AbortSignal): Promise<Result<Survey>> {
    const id = this.place.params['id'];
    const template = this.filter('template');
    let got: Result<Survey> = good(kBlank);
    if (id) {
      const stands = await readSurvey(id, signal);
      got = stands.ok ? good({...stands.value.survey, survey_id: id}) : stands;
    } else if (template) {
      got = await readSurveyTemplate(template, signal);
      if (got.ok) got = good({...got.value, survey_id: `${template}-${new Date().toISOString().slice(0, 10)}`});
    }
    if (got.ok) this.survey = got.value;
    return got;
  }

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const survey = this.survey;
    if (!survey?.survey_id || this.busy) return;
    this.busy = true;
    const {survey_id, ...noun} = survey;
    const got = await publishSurvey(survey_id, noun);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('surveys.published'));
    go(`/surveys/${encodeURIComponent(survey_id)}`);
  };

  private text(survey: Survey, name: 'title' | 'intro' | 'thanks', required = false): TemplateResult {
    const set = (event: Event): void => {
      this.survey = {...survey, [name]: written(survey[name], currentLanguage(), (event.target as HTMLInputElement).value)};
    };
    return html`<div class="field"><label for="survey-${name}">${named('surveys', name)}</label><input class="input" id="survey-${name}" maxlength="400" ?required=${required} autocomplete="off"
      .value=${told(survey[name], currentLanguage())} @input=${set}></div>`;
  }
  private whole(survey: Survey, name: 'days' | 'asks' | 'reminders' | 'reminder_after_days', fallback: number): TemplateResult {
    const set = (event: Event): void => {
      this.survey = {...survey, limits: {...survey.limits, [name]: Number((event.target as HTMLInputElement).value)}};
    };
    return html`<div class="field"><label for="limit-${name}">${named('surveylimit', name)}</label><input class="input" id="limit-${name}" type="number" min="0" max="3650" .value=${String(survey.limits?.[name] ?? fallback)} @input=${set}></div>`;
  }

  /** What experts compare: every pair of these is asked. */
  private criteria(survey: Survey): TemplateResult {
    const all = criteriaOf(survey);
    const put = (criteria: typeof all): void => {
      this.survey = withCriteria(survey, criteria);
    };
    return html`<p class="soft">${t('surveys.criteria_text', {n: all.length, pairs: survey.items.length})}</p>
      <ol class="stack">${all.map((one, i) => html`<li class="row"><code>${one.item}</code><input class="input grow" aria-label="${t('surveys.criterion')} ${one.item}" maxlength="200" autocomplete="off" .value=${told(one.text, currentLanguage())}
        @change=${(event: Event) => put(all.map((other, at) => (at === i ? {...one, text: written(one.text, currentLanguage(), (event.target as HTMLInputElement).value)} : other)))}>
        <button type="button" class="button tiny danger" aria-label="${t('action.remove')} ${one.item}" ?disabled=${all.length <= kCriteriaLeast} @click=${() => put(all.filter((other) => other !== one))}>${t('action.remove')}</button></li>`)}</ol>
      <p><button type="button" class="button" ?disabled=${all.length >= kCriteriaMost} @click=${() => put([...all, {item: freeCriterion(all), text: freeCriterion(all)}])}>${icon('plus', 15)}${t('surveys.criterion')}</button></p>`;
  }

  private form(survey: Survey): TemplateResult {
    const fault = faultOf(survey);
    const fresh = !this.place.params['id'];
    const setItem = (index: number) => (change: Parameters<typeof changed>[2]): void => {
      this.survey = changed(survey, index, change);
    };
    return html`<form class="stack wide" @submit=${this.save}>
      <section class="card stack"><header><h2>${t('surveys.about')}</h2></header><div class="fields">
        <div class="field"><label for="survey-id">${t('surveys.id')}</label><input class="input mono" id="survey-id" required pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" maxlength="64" ?disabled=${!fresh} .value=${survey.survey_id ?? ''}
          @input=${(event: Event) => (this.survey = {...survey, survey_id: (event.target as HTMLInputElement).value.trim()})}><span class="hint">${t('surveys.id_hint')}</span></div>
        ${this.text(survey, 'title', true)}${this.text(survey, 'intro')}${this.text(survey, 'thanks')}</div></section>
      <section class="card stack"><header><h2>${t('surveys.questions')}</h2><p>${t('surveys.language_hint')}</p></header>
        ${survey.kind === 'ahp' ? this.criteria(survey) : nothing}<ol class="stack">${survey.kind === 'ahp' ? nothing : survey.items.map((item, index) => surveyItem({item, index, last: index === survey.items.length - 1, earlier: askable(survey, index), set: setItem(index),
          move: (by) => (this.survey = moved(survey, index, by)), drop: () => (this.survey = without(survey, index))}))}</ol>
        ${survey.kind === 'ahp' ? nothing : html`<div class="row">${kItemTypes.map((type) => html`<button type="button" class="button" @click=${() => (this.survey = withItem(survey, type))}>${icon('plus', 15)}${named('itemtype', type)}</button>`)}</div>`}</section>
      <section class="card stack"><header><h2>${t('surveys.limits')}</h2><p>${t('surveys.limits_hint')}</p></header><div class="fields">
        ${this.whole(survey, 'asks', 1)}${this.whole(survey, 'days', 30)}${this.whole(survey, 'reminders', 1)}${this.whole(survey, 'reminder_after_days', 3)}
        <div class="field"><label class="check"><input type="checkbox" .checked=${survey.closed ?? false} @change=${(event: Event) => (this.survey = {...survey, closed: (event.target as HTMLInputElement).checked})}>${t('surveys.close')}</label></div></div></section>
      ${this.problem ? errorState(this.problem) : nothing}
      <div class="row"><button class="button main" ?disabled=${fault !== undefined || this.busy}>${t('surveys.publish')}</button>
        ${fault ? html`<span class="small muted">${named('surveyfault', fault.fault)}${'item' in fault ? ` (${survey.items[fault.item]?.item ?? fault.item + 1})` : ''}</span>` : nothing}</div></form>`;
  }

  override render(): TemplateResult {
    const id = this.place.params['id'];
    return html`${pageHead(id ? t('surveys.edit') : t('surveys.new'), t('surveys.editor_lead'))}<p><a href=${id ? `/surveys/${encodeURIComponent(id)}` : '/surveys'}>${t('surveys.back')}</a></p>
      ${loaded(this.begun, () => this.survey ? this.form(this.survey) : nothing, 12)}`;
  }
}
