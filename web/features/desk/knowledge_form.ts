import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type AnswerDraft, type KnownAnswer, kTongues, publishAnswer} from '../../api/knowledge';
import {named, t} from '../../i18n/i18n';
import {problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kIntents = ['', 'return_wanted', 'return_progress', 'coupon', 'invoice', 'warranty', 'hours', 'shipping', 'payment_ways', 'payment_failed', 'service'] as const;
const lines = (text: string): string[] => text.split('\n').map((one) => one.trim()).filter(Boolean);

/** One answer: written anew, changed, or made of a question that was not understood. Fires `done`, and `saved` when it was published. */
@customElement('rp-knowledge-form')
export class KnowledgeForm extends View {
  @property({attribute: false}) answer: Partial<KnownAnswer> = {};
  @state() private busy = false;

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const draft: AnswerDraft = {
      id: this.answer.id ?? text('id'), questions: lines(text('questions')), product_id: text('product_id'), category: text('category'), intent: text('intent'),
      answer: Object.fromEntries(kTongues.flatMap((tongue) => (text(tongue) ? [[tongue, text(tongue)]] : []))), media: lines(text('media')),
      from: text('from') && `${text('from')}T00:00:00Z`, until: text('until') && `${text('until')}T00:00:00Z`, draft: form.has('draft'),
    };
    this.busy = true;
    const got = await publishAnswer(draft);
    this.busy = false;
    if (!got.ok) {
      toast(problemText(got.error), {bad: true});
      return;
    }
    toast(got.value.contradictions ? t('knowledge.saved_contradicts', {n: got.value.contradictions}) : t('knowledge.saved'), {bad: got.value.contradictions > 0});
    this.dispatchEvent(new CustomEvent('saved'));
  };
  private body(): TemplateResult {
    const one = this.answer;
    const line = (name: 'product_id' | 'category', label: string): TemplateResult =>
      html`<label class="field grow"><span class="label">${label}</span><input class="input" name=${name} maxlength="120" .value=${one[name] ?? ''}></label>`;
    const day = (name: 'from' | 'until', label: string): TemplateResult =>
      html`<label class="field"><span class="label">${label}</span><input class="input" type="date" name=${name} .value=${one[name]?.slice(0, 10) ?? ''}></label>`;
    return html`<form class="stack" id="knowledge-form" @submit=${this.save}>
      ${one.id ? html`<p class="small muted mono">${one.id}</p>` : html`<label class="field"><span class="label">${t('knowledge.id')}</span><input class="input" name="id" required maxlength="64" pattern="[A-Za-z0-9_.\\-]+"></label>`}
      <label class="field"><span class="label">${t('knowledge.questions')}</span><textarea class="input" name="questions" rows="3" required .value=${(one.questions ?? []).join('\n')}></textarea></label>
      ${kTongues.map((tongue) => html`<label class="field"><span class="label">${named('knowledgetongue', tongue)}</span><textarea class="input" name=${tongue} rows="3" maxlength="1300" .value=${one.answer?.[tongue] ?? ''}></textarea></label>`)}
      <div class="row">${line('product_id', t('knowledge.product'))}${line('category', t('knowledge.category'))}
        <label class="field grow"><span class="label">${t('knowledge.intent')}</span><select class="input" name="intent">${kIntents.map((intent) => html`<option value=${intent} ?selected=${intent === (one.intent ?? '')}>${intent ? named('intent', intent) : t('knowledge.no_intent')}</option>`)}</select></label></div>
      <label class="field"><span class="label">${t('knowledge.media')}</span><textarea class="input" name="media" rows="2" .value=${(one.media ?? []).join('\n')}></textarea></label>
      <div class="row">${day('from', t('knowledge.from'))}${day('until', t('knowledge.until'))}<label class="row small"><input type="checkbox" name="draft" .checked=${one.draft ?? false}> ${t('knowledge.draft')}</label></div></form>`;
  }
  override render(): TemplateResult {
    return html`<rp-dialog wide .heading=${this.answer.id ? t('knowledge.edit') : t('knowledge.new')} .body=${this.body()}
      .foot=${html`<button class="button main" form="knowledge-form" ?disabled=${this.busy}>${t('knowledge.publish')}</button>`} @done=${() => this.dispatchEvent(new CustomEvent('done'))}></rp-dialog>`;
  }
}
