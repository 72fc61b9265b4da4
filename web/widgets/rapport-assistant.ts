import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';

import {anonymousId, randomId, recall, remember} from './runtime/client';
import {RapportElement} from './runtime/element';
import {mediaAddress} from './media_address';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

const kWords: Words<'title' | 'open' | 'close' | 'text' | 'hint' | 'send' | 'hello' | 'you' | 'bot' | 'agent' | 'again' | 'picture' | 'waiting' | 'log'> = {
  title: ['智能助手', '智慧助理', 'Assistant'],
  open: ['问一问', '問一問', 'Ask us'],
  close: ['关闭', '關閉', 'Close'],
  text: ['想问什么？', '想問什麼？', 'What would you like to know?'],
  hint: ['想问什么？', '想問什麼？', 'Ask anything'],
  send: ['发送', '傳送', 'Send'],
  hello: ['查订单、退货、问商品，直接说就行。没有把握的，会转给同事。', '查訂單、退貨、問商品，直接說就行。沒有把握的，會轉給同事。',
    'Orders, returns, products: just ask. What I am not sure of goes to a colleague.'],
  you: ['您', '您', 'You'],
  bot: ['助手', '助理', 'Assistant'],
  agent: ['同事', '同事', 'Colleague'],
  again: ['重新开始', '重新開始', 'Start over'],
  picture: ['图片 {n}', '圖片 {n}', 'Picture {n}'],
  waiting: ['正在回答…', '正在回答…', 'Answering…'],
  log: ['对话', '對話', 'Conversation'],
};
const kContact = 'rapport.assistant';
const kText_most = 1000;
const kPoll_ms = 8000;

interface Reply {
  contact_id: string;
  act: string;
  text: string;
  choices: string[];
  media: string[];
  handed_over: boolean;
}
interface Said {
  seq: number;
  from: 'customer' | 'bot' | 'agent' | 'system';
  text: string;
}
interface Line {
  from: Said['from'];
  text: string;
  media: string[];
}

/**
 * `<rapport-assistant product-id="P100">`: the shop's assistant, behind a button. It answers out of what the shop knows and what is this
 * visitor's own, and hands over to a person, whose words appear here too. Event `rapport-assistant-replied` {contact_id, act}.
 */
@customElement('rapport-assistant')
export class RapportAssistant extends RapportElement {
  @property({attribute: 'product-id'}) productId = '';
  @property({type: Boolean, reflect: true}) open = false;
  @state() private lines: Line[] = [];
  @state() private choices: string[] = [];
  @state() private waiting = false;
  private next = false;
  @query('.log') private log?: HTMLElement;
  @query('textarea') private field?: HTMLTextAreaElement;
  @query('.opens') private button?: HTMLButtonElement;
  private contact = '';
  private handedOver = false;
  private timer = 0;

  static override styles = [kit, css`
    :host { position: fixed; right: 16px; bottom: 16px; z-index: 40; max-width: calc(100vw - 32px); }
    .opens { box-shadow: 0 6px 20px #0004; }
    .panel { width: min(400px, calc(100vw - 32px)); height: min(600px, calc(100dvh - 32px)); display: grid; grid-template-rows: auto 1fr auto; gap: 10px;
      background: var(--surface); border: 1px solid var(--line); border-radius: 16px; padding: 14px; box-shadow: 0 10px 40px #0005; }
    .head { display: flex; align-items: center; gap: 8px; } .head h2 { flex: 1; } .head button { padding-inline: 10px; }
    .log { overflow-y: auto; overscroll-behavior: contain; } .log ol { display: grid; gap: 8px; align-content: start; }
    .line { border-radius: 14px; padding: 8px 14px; max-width: 88%; white-space: pre-line; justify-self: start; border: 1px solid var(--line); }
    .line[data-from=customer] { background: var(--tint); justify-self: end; border-color: transparent; }
    .line[data-from=agent] { border-color: var(--accent); }
    .who { color: var(--soft); font-size: .8125em; display: block; }
    .choices { display: flex; gap: 6px; flex-wrap: wrap; } .choices button { font-size: .9375em; padding: 6px 14px; }
    form { display: grid; grid-template-columns: 1fr auto; gap: 8px; align-items: end; }
    form textarea { min-height: 44px; max-height: 120px; }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }
  /** A conversation that was begun in this browser goes on where it stood. */
  protected override async load(): Promise<void> {
    this.contact = recall(kContact) ?? '';
    if (this.contact) await this.read();
  }
  private async read(): Promise<void> {
    const got = await this.client?.get<{messages: Said[]}>('/v1/shop/assistant', {anonymous_id: anonymousId(), contact_id: this.contact});
    if (!got?.ok) {
      if (got?.error.status === 404) this.forget();
      return;
    }
    this.handedOver ||= got.value.messages.some((one) => one.from === 'agent');
    if (got.value.messages.length <= this.lines.length) return;
    this.lines = got.value.messages.map(({from, text}, i) => ({from, text, media: this.lines[i]?.text === text ? this.lines[i].media : []}));
    await this.toEnd();
  }
  private forget(): void {
    this.contact = '';
    this.lines = [];
    this.choices = [];
    this.handedOver = false;
    remember(kContact, '');
  }
  private readonly begin = async (): Promise<void> => {
    this.forget();
    await this.updateComplete;
    this.field?.focus();
  };
  private readonly toggle = async (): Promise<void> => {
    this.open = !this.open;
    clearInterval(this.timer);
    // Only while somebody looks, and a person may write.
    if (this.open) this.timer = window.setInterval(() => { if (this.handedOver && !this.waiting && !document.hidden) void this.read(); }, kPoll_ms);
    await this.updateComplete;
    (this.open ? this.field : this.button)?.focus();
    if (this.open) await this.toEnd();
  };
  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') void this.toggle();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    event.target.form?.requestSubmit();
  };
  private readonly send = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = (this.field?.value ?? '').trim().slice(0, kText_most);
    if (text) void this.ask(text);
  };
  private async ask(text: string): Promise<void> {
    // What is sent while an answer is under way waits in its box, and goes when the answer is there.
    if (this.waiting) return void (this.next = true);
    this.failed = '';
    this.waiting = true;
    const typed = this.field?.value.trim() === text;
    if (this.field && typed) this.field.value = '';
    const tongue = this.language === 'zh-TW' ? 'zh-Hant' : this.language === 'zh-CN' ? 'zh-Hans' : 'en';
    const got = await this.client?.askOfMine<Reply>('/v1/shop/assistant', {
      text, message_id: randomId(), contact_id: this.contact, product_id: this.productId, language: tongue,
    });
    this.waiting = false;
    if (!got?.ok) {
      if (got) this.failed = this.why(got.error);
      this.next = false;
      if (this.field && typed && !this.field.value) this.field.value = text;
      return;
    }
    const reply = got.value;
    this.contact = reply.contact_id;
    remember(kContact, reply.contact_id);
    this.handedOver ||= reply.handed_over;
    this.lines = [...this.lines, {from: 'customer', text, media: []}, {from: 'bot', text: reply.text, media: reply.media}];
    this.choices = reply.choices;
    this.tell('rapport-assistant-replied', {contact_id: reply.contact_id, act: reply.act});
    await this.toEnd();
    const more = (this.field?.value ?? '').trim().slice(0, kText_most);
    if (!this.next) return;
    this.next = false;
    if (more) await this.ask(more);
  }
  private async toEnd(): Promise<void> {
    await this.updateComplete;
    if (this.log) this.log.scrollTop = this.log.scrollHeight;
  }
  private line(one: Line): TemplateResult {
    const who = one.from === 'customer' ? 'you' : one.from === 'agent' ? 'agent' : 'bot';
    return html`<li class="line" data-from=${one.from}><span class="who">${say(kWords, this.language, who)}</span>${one.text}
      ${one.media.flatMap((url) => mediaAddress(url) ?? []).map((url, i) => html`<br><a href=${url} target="_blank" rel="noopener">${say(kWords, this.language, 'picture', {n: String(i + 1)})}</a>`)}</li>`;
  }
  override render(): TemplateResult {
    if (!this.open)
      return html`<button class="main opens" aria-expanded="false" @click=${this.toggle}>${say(kWords, this.language, 'open')}</button>`;
    return html`<section class="panel" aria-labelledby="title" @keydown=${this.keys}>
      <div class="head"><h2 id="title">${say(kWords, this.language, 'title')}</h2>
        ${this.lines.length ? html`<button class="link" @click=${this.begin}>${say(kWords, this.language, 'again')}</button>` : nothing}
        <button @click=${this.toggle} aria-expanded="true">${say(kWords, this.language, 'close')}</button></div>
      <div class="log" role="log" aria-live="polite" tabindex="0" aria-label=${say(kWords, this.language, 'log')}><ol>
        <li class="soft small">${say(kWords, this.language, 'hello')}</li>
        ${this.lines.map((one) => this.line(one))}
        ${this.waiting ? html`<li class="soft small">${say(kWords, this.language, 'waiting')}</li>` : nothing}
        ${this.choices.length && !this.waiting ? html`<li class="choices">${this.choices.map((choice) => html`<button @click=${() => void this.ask(choice)}>${choice}</button>`)}</li>` : nothing}</ol></div>
      <div>${this.failed ? html`<p class="bad small" role="alert">${this.failed}</p>` : nothing}
        <form @submit=${this.send}><textarea name="text" rows="1" maxlength=${kText_most} aria-label=${say(kWords, this.language, 'text')}
          placeholder=${say(kWords, this.language, 'hint')}></textarea><button class="main" ?disabled=${this.waiting}>${say(kWords, this.language, 'send')}</button></form></div>
    </section>`;
  }
}
