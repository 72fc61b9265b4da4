import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {live} from 'lit/directives/live.js';

import {correctFeedback} from '../../api/feedback';
import {named, t} from '../../i18n/i18n';
import {type Corrected, correctionBody, correctionOf, type FeedbackClass, type FeedbackEntry, kAspects, kFeedbackClasses, kMoods, type Mood, wholeText} from '../../model/feedback';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {icon} from '../../ui/icons';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

/** A person's word on what a text is about; the model learns of it. Fires `saved` and `done`. */
@customElement('rp-feedback-correct')
export class FeedbackCorrect extends View {
  @property({attribute: false}) entry!: FeedbackEntry;
  @state() private lines: Corrected[] = [];
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.lines = correctionOf(this.entry);
  }
  private change(at: number, change: Partial<Corrected>): void {
    this.lines = this.lines.map((line, i) => (i === at ? {...line, ...change} : line));
  }
  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    const got = await correctFeedback(this.entry.id, correctionBody(this.lines));
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('correct.saved'));
    this.dispatchEvent(new CustomEvent('saved'));
  };

  private aspects(line: Corrected): readonly string[] {
    const known = kAspects[line.class];
    return line.aspect && !known.includes(line.aspect) ? [line.aspect, ...known] : known;
  }
  private line(line: Corrected, at: number): TemplateResult {
    const text = Array.from(this.entry.text ?? '').slice(line.from, line.to).join('').trim();
    const picked = (event: Event): string => (event.target as HTMLSelectElement).value;
    return html`<fieldset class="stack tight correctline"><legend><strong>${t('correct.clause', {n: at + 1})}</strong> ${text ? html`<q class="soft">${text}</q>` : nothing}</legend>
      <div class="row filterform"><label class="field"><span class="label">${t('feedback.class')}</span><select class="input" .value=${live(line.class)} @change=${(event: Event) => this.change(at, {class: picked(event) as FeedbackClass, aspect: ''})}>
          ${kFeedbackClasses.map((one) => html`<option value=${one} ?selected=${one === line.class}>${named('value.class', one)}</option>`)}</select></label>
        <label class="field"><span class="label">${t('feedback.aspect')}</span><select class="input" .value=${live(line.aspect)} @change=${(event: Event) => this.change(at, {aspect: picked(event)})}>
          <option value="">${t('correct.no_aspect')}</option>${this.aspects(line).map((one) => html`<option value=${one} ?selected=${one === line.aspect}>${named('aspect', one)}</option>`)}</select></label>
        <label class="field"><span class="label">${t('feedback.mood')}</span><select class="input" .value=${live(line.mood)} @change=${(event: Event) => this.change(at, {mood: picked(event) as Mood})}>
          ${kMoods.map((one) => html`<option value=${one} ?selected=${one === line.mood}>${named('mood', one)}</option>`)}</select></label>
        <label class="check"><input type="checkbox" .checked=${line.urgent} @change=${(event: Event) => this.change(at, {urgent: (event.target as HTMLInputElement).checked})}>${t('feedback.urgent')}</label>
        <button type="button" class="button tiny" aria-label="${t('action.remove')} ${t('correct.clause', {n: at + 1})}" @click=${() => (this.lines = this.lines.filter((_, i) => i !== at))}>${t('action.remove')}</button></div></fieldset>`;
  }

  override render(): TemplateResult {
    return html`<rp-dialog wide heading=${t('correct.title')} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="correctform" @submit=${this.save}>${this.problem ? errorState(this.problem) : nothing}
        ${this.entry.text ? html`<blockquote class="saidtext soft">${this.entry.text}</blockquote>` : nothing}<p class="small soft">${t('correct.lead')}</p>
        ${this.lines.length === 0 ? html`<p class="note">${t('correct.nothing')}</p>` : this.lines.map((line, at) => this.line(line, at))}
        <div class="row"><button type="button" class="button tiny" @click=${() => (this.lines = [...this.lines, wholeText(this.entry)])}>${icon('plus', 14)}${t('correct.add')}</button></div></form>`}
      .foot=${html`<button class="button main" form="correctform" ?disabled=${this.busy}>${t('correct.save')}</button>`}></rp-dialog>`;
  }
}
