import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {randomId} from './runtime/client';
import {RapportElement} from './runtime/element';
import {contactStarted, messagePosted} from './runtime/events';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

const kWords: Words<'title' | 'text' | 'send' | 'sent' | 'more' | 'you' | 'lead'> = {
  title: ['问一个问题', '問一個問題', 'Ask a question'],
  lead: ['客服看到的是您在这里做过的事，不用从头讲起。', '客服看到的是您在這裡做過的事，不用從頭講起。', 'Whoever answers sees what you did here; no need to begin at the beginning.'],
  text: ['您的问题', '您的問題', 'Your question'],
  send: ['发送', '傳送', 'Send'],
  sent: ['已送到客服的收件箱。', '已送到客服的收件匣。', 'It is in the shop’s inbox.'],
  more: ['再补一句', '再補一句', 'Add something'],
  you: ['您', '您', 'You'],
};
const kText_most = 1000;
const kTerms = /\b(CADR|CCM|HEPA|SPF|PA|DHA|mAh|dB|Pa)\b/;

/** `<rapport-question product-id="P100">`: a conversation begins, with what the visitor writes. Event `rapport-asked` {contact_id, product_id}. */
@customElement('rapport-question')
export class RapportQuestion extends RapportElement {
  @property({attribute: 'product-id'}) productId = '';
  @property({attribute: 'order-id'}) orderId = '';
  @state() private said: string[] = [];
  private contact = '';

  static override styles = [kit, css`
    .said { background: var(--tint); border-radius: 14px 14px 4px 14px; padding: 8px 14px; justify-self: end; max-width: 85%; white-space: pre-line; }
  `];

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = String(new FormData(form).get('text')).trim().slice(0, kText_most);
    if (!text) return;
    this.failed = '';
    const begins = !this.contact;
    const contact = this.contact || `K-${randomId().slice(0, 16)}`;
    if (begins && !await this.write(contactStarted(contact, this.productId, this.orderId, kTerms.exec(text)?.[1]))) return;
    this.contact = contact;
    if (!await this.write(messagePosted(contact, text))) return;
    this.said = [...this.said, text];
    form.reset();
    if (begins) this.tell('rapport-asked', {contact_id: contact, product_id: this.productId});
  };
  override render(): TemplateResult {
    return html`<section class="stack"><h2>${say(kWords, this.language, 'title')}</h2><p class="soft small">${say(kWords, this.language, 'lead')}</p>
      ${this.said.map((text) => html`<p class="said"><span class="unseen">${say(kWords, this.language, 'you')}: </span>${text}</p>`)}
      <p class="good small" role="status">${this.said.length ? `✓ ${say(kWords, this.language, 'sent')}` : ''}</p>
      ${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      <form class="stack" @submit=${this.send}><label><span>${say(kWords, this.language, this.said.length ? 'more' : 'text')}</span>
        <textarea name="text" required maxlength=${kText_most}></textarea></label><p><button class="main">${say(kWords, this.language, 'send')}</button></p></form></section>`;
  }
}
