import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {draftReply, type ReplyDraft, sendReply} from '../../api/feedback';
import {named, t} from '../../i18n/i18n';
import type {FeedbackEntry} from '../../model/feedback';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {Load} from '../../ui/load';
import {errorState, loaded} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kReplyLanguages = ['', 'zh-Hans', 'zh-Hant', 'en'] as const;

/** A fact of the draft, "logistics:delay blamed" or "ticket solved", as a reader says it. */
function factText(fact: string): string {
  const [of = '', said = ''] = fact.split(' ');
  if (of === 'ticket') return t('feedback.ticket', {state: named('state', said)});
  const [topic = '', aspect = ''] = of.split(':');
  return [named('value.class', topic), aspect ? named('aspect', aspect) : '', named('factmood', said)].filter(Boolean).join(' · ');
}

/** A public answer to a review: drafted out of facts, read, changed and sent by a person. Fires `saved` and `done`. */
@customElement('rp-feedback-reply')
export class FeedbackReply extends View {
  @property({attribute: false}) entry!: FeedbackEntry;
  @state() private language = '';
  /** What the person wrote; the draft until then. */
  @state() private text: string | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private readonly draft = new Load<ReplyDraft>(this, () => `${this.entry.id}/${this.language}`, (signal) => draftReply(this.entry.id, this.language, signal));

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = (this.text ?? this.draft.value?.draft ?? '').trim();
    if (this.busy || !text) return;
    this.busy = true;
    const got = await sendReply(this.entry.id, text);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('reply.sent'));
    this.dispatchEvent(new CustomEvent('saved'));
  };

  private form({draft, facts, replied}: ReplyDraft): TemplateResult {
    return html`${replied ? html`<p class="note warn">${t('reply.again')}</p>` : nothing}
      <label class="field"><span class="label">${t('reply.language')}</span><select class="input" @change=${(event: Event) => { this.text = undefined; this.language = (event.target as HTMLSelectElement).value; }}>
        ${kReplyLanguages.map((one) => html`<option value=${one} ?selected=${one === this.language}>${one ? named('replylanguage', one) : t('reply.as_review')}</option>`)}</select></label>
      <label class="field"><span class="label">${t('reply.text')}</span><textarea class="input" rows="6" maxlength="4000" required .value=${this.text ?? draft} @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}></textarea>
        <span class="hint">${t('reply.public')}</span></label>
      ${facts.length ? html`<div class="small"><span class="muted">${t('reply.facts')}</span> <span class="chips">${facts.map((fact) => html`<span class="chip">${factText(fact)}</span>`)}</span></div>` : nothing}`;
  }
  override render(): TemplateResult {
    return html`<rp-dialog wide heading=${t('reply.title')} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="replyform" @submit=${this.send}>${this.problem ? errorState(this.problem) : nothing}
        ${this.entry.text ? html`<blockquote class="saidtext soft">${this.entry.text}</blockquote>` : nothing}${loaded(this.draft, (draft) => this.form(draft), 5)}</form>`}
      .foot=${html`<button class="button main" form="replyform" ?disabled=${this.busy || !this.draft.value}>${t('reply.send')}</button>`}></rp-dialog>`;
  }
}
