import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type Answered, previewAnswer, readAnswers, sendAnswer} from '../../api/feedback';
import {kTongues} from '../../api/knowledge';
import {named, t} from '../../i18n/i18n';
import {aboutOf, type AnswerDraft, answerFault, kAspects, kFeedbackClasses} from '../../model/feedback';
import type {Problem} from '../../model/result';
import {may} from '../../shell/session';
import '../../ui/dialog';
import {count} from '../../ui/format';
import {Load} from '../../ui/load';
import {dataTable, emptyState, errorState, loaded} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

/** "did-20261121-1600", by the shop's clock: a name that nobody has to think of. */
const freshId = (): string => `did-${new Date(shopNow()).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;

/** You said, we did: choose what was said, see whom it reaches, write it, confirm, and see what went out. */
@customElement('rp-feedback-answers')
export class FeedbackAnswers extends Screen {
  @state() private draft: AnswerDraft = {answer_id: '', phrase: '', class: '', aspect: '', product_id: '', days: '90'};
  @state() private texts: Record<string, string> = {};
  @state() private reached: Answered | undefined;
  @state() private sent: Answered | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  @state() private asking = false;
  private readonly answers = new Load(this, () => 'all', readAnswers);

  override connectedCallback(): void {
    super.connectedCallback();
    this.begin();
  }
  /** What the address names is what it is about. */
  private begin(): void {
    this.draft = {answer_id: freshId(), phrase: this.filter('phrase'), class: this.filter('class'), aspect: this.filter('aspect'), product_id: this.filter('product'), days: this.filter('days') || '90'};
  }
  /** Another choice reaches others: they are counted anew. */
  private change(change: Partial<AnswerDraft>): void {
    this.draft = {...this.draft, ...change};
    this.reached = this.sent = this.problem = undefined;
  }
  private readonly count = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy || answerFault(this.draft)) return;
    this.busy = true;
    const got = await previewAnswer(this.draft.answer_id.trim(), aboutOf(this.draft));
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    this.reached = got.ok ? got.value : undefined;
  };
  private written(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.texts).map(([tongue, text]) => [tongue, text.trim()]).filter(([, text]) => text));
  }
  private readonly send = async (): Promise<void> => {
    if (this.busy || !this.reached) return;
    this.busy = true;
    const got = await sendAnswer(this.draft.answer_id.trim(), aboutOf(this.draft), this.written(), this.reached.authors);
    this.busy = false;
    this.asking = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) {
      // There are others by now: they are counted again before anybody is told.
      this.reached = undefined;
      return;
    }
    this.sent = got.value;
    this.reached = undefined;
    this.texts = {};
    this.draft = {...this.draft, answer_id: `${freshId()}-2`};
    toast(t('answers.told', {n: count(got.value.told)}));
    void this.answers.reload();
  };

  private pick(label: string, name: 'class' | 'aspect', options: readonly [string, string][]): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${(event: Event) => this.change({[name]: (event.target as HTMLSelectElement).value, ...(name === 'class' ? {aspect: ''} : {})})}>
      <option value="" ?selected=${!this.draft[name]}>${t('feedback.any')}</option>${options.map(([value, text]) => html`<option value=${value} ?selected=${value === this.draft[name]}>${text}</option>`)}</select></label>`;
  }
  private text(label: string, name: 'phrase' | 'product_id' | 'days' | 'answer_id', size: number): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><input class="input" size=${size} maxlength="64" .value=${this.draft[name]} @input=${(event: Event) => this.change({[name]: (event.target as HTMLInputElement).value})}></label>`;
  }
  private choosing(): TemplateResult {
    const {draft} = this;
    const fault = answerFault(draft);
    const aspects = draft.class ? kAspects[draft.class as keyof typeof kAspects] : Object.values(kAspects).flat();
    return html`<form class="card stack tight" id="about" @submit=${this.count}><header><h2>${t('answers.about')}</h2></header><p class="small soft">${t('answers.about_text')}</p>
      <div class="row filterform">${this.text(t('answers.phrase'), 'phrase', 18)}${this.pick(t('feedback.class'), 'class', kFeedbackClasses.map((one) => [one, named('value.class', one)]))}${this.pick(t('feedback.aspect'), 'aspect', aspects.map((one) => [one, named('aspect', one)]))}
        ${this.text(t('answers.product'), 'product_id', 10)}${this.text(t('answers.days'), 'days', 4)}${this.text(t('answers.id'), 'answer_id', 20)}</div>
      <div class="row"><button class="button main" ?disabled=${this.busy || fault !== undefined}>${t('answers.count')}</button>${fault ? html`<span class="small wrongly" role="status">${named('answerfault', fault)}</span>` : nothing}</div></form>`;
  }
  private writing(reached: Answered): TemplateResult {
    const figure = (name: 'pieces' | 'authors' | 'in_shop' | 'by_mail' | 'told_before'): TemplateResult => html`<li class="card stack tight"><span class="small soft">${named('answerfigure', name)}</span><strong class="bignumber">${count(reached[name])}</strong></li>`;
    return html`<section class="card stack" id="reached"><header><h2>${t('answers.reaches')}</h2></header><ul class="plain tiles four voicetiles">${figure('authors')}${figure('in_shop')}${figure('by_mail')}${figure('pieces')}${figure('told_before')}</ul>
      <p class="small soft">${t('answers.in_shop_text')}</p>
      ${reached.authors === 0 ? html`<p class="note">${t('answers.nobody')}</p>` : html`${kTongues.map((tongue) => html`<label class="field"><span class="label">${named('replylanguage', tongue)}</span><textarea class="input" rows="3" maxlength="660" placeholder=${tongue === 'zh-Hant' ? t('macros.hant_hint') : ''} .value=${this.texts[tongue] ?? ''}
          @input=${(event: Event) => (this.texts = {...this.texts, [tongue]: (event.target as HTMLTextAreaElement).value})}></textarea></label>`)}
        <p class="small muted">${t('answers.language_text')}</p>
        <div class="row"><button class="button main" ?disabled=${this.busy || Object.keys(this.written()).length === 0} @click=${() => (this.asking = true)}>${t('answers.tell', {n: count(reached.authors)})}</button></div>`}</section>`;
  }
  private confirm(reached: Answered): TemplateResult {
    return html`<rp-dialog heading=${t('answers.tell', {n: count(reached.authors)})} @done=${() => (this.asking = false)}
      .body=${html`<div class="stack"><p>${t('answers.sure', {n: count(reached.authors)})}</p>${Object.entries(this.written()).map(([tongue, text]) => html`<div><p class="small muted">${named('replylanguage', tongue)}</p><blockquote class="saidtext">${text}</blockquote></div>`)}</div>`}
      .foot=${html`<button class="button main" ?disabled=${this.busy} @click=${this.send}>${t('answers.send')}</button>`}></rp-dialog>`;
  }
  override render(): TemplateResult {
    return html`${may('publish') ? html`${this.choosing()}${this.problem ? errorState(this.problem) : nothing}${this.reached ? this.writing(this.reached) : nothing}
        ${this.sent ? html`<p class="note good" role="status">${t('answers.went_out', {n: count(this.sent.told), shop: count(this.sent.in_shop), before: count(this.sent.told_before)})}</p>` : nothing}
        ${this.asking && this.reached ? this.confirm(this.reached) : nothing}` : nothing}
      ${loaded(this.answers, ({answers}) => html`<section class="card flush" id="answers"><header><h2>${t('answers.sent')}</h2></header>${answers.length === 0 ? emptyState(t('answers.none'), t('answers.none_text'), nothing, 'chat') : dataTable(t('answers.sent'), [
        {head: t('answers.id'), cell: (one: {answer_id: string; authors: number}) => html`<span class="mono">${one.answer_id}</span>`}, {head: t('answers.heard'), number: true, cell: (one) => count(one.authors)}], answers)}</section>`, 4)}`;
  }
}
