import {css, html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {keepAddress, keepMethod, lastAddress, lastMethod, type Address} from './runtime/address';
import {randomId} from './runtime/client';
import {RapportElement} from './runtime/element';
import {checkoutStarted, ordered, paymentFailed} from './runtime/events';
import {totalOf, type Line} from './runtime/money';
import {type PaymentHelp, priceOf, type Product} from './runtime/nouns';
import {fittingMethod, kMethods, kSandboxLimits, pay, type Method, type PaymentFailure} from './runtime/sandbox';
import {kit} from './runtime/styles';
import {say} from './runtime/words';
import {kOrderWords, type OrderKey} from './words/order';

const kServerLanguage = {'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant', en: 'en'} as const;

type Step = 'closed' | 'open' | 'paying' | 'failed' | 'done';

/**
 * `<rapport-order product-id="P100" quantity="1">`, or `.lines` = [{product_id, quantity, price: {minor, currency}}]: buys in one click once an
 * address is known; payment is a sandbox that can fail, and then offers another way. Events `rapport-ordered` {order_id, lines, method},
 * `rapport-payment-failed` {order_id, method, code}.
 */
@customElement('rapport-order')
export class RapportOrder extends RapportElement {
  @property({attribute: 'product-id'}) productId = '';
  @property({type: Number}) quantity = 1;
  @property() region = '';
  /** Shows address and payment at once, as at the end of a cart. */
  @property({type: Boolean}) open = false;
  @property({attribute: false}) lines: Line[] = [];
  @state() private step: Step = 'closed';
  @state() private method: Method = kMethods[0];
  @state() private address?: Address = lastAddress();
  @state() private code?: PaymentFailure;
  @state() private help?: PaymentHelp;
  @state() private others: Method[] = [];
  private orderId = '';
  private begun = false;

  static override styles = [kit, css`
    .wide { width: 100%; }
    .methods { display: grid; gap: 6px; grid-template-columns: repeat(auto-fill, minmax(min(190px, 100%), 1fr)); }
    .methods label { display: flex; gap: 8px; align-items: center; min-height: 44px; border: 1px solid var(--line); border-radius: 10px; padding: 8px 12px; cursor: pointer; }
    .methods label:has(:checked) { border-color: var(--accent); background: var(--tint); }
    .methods input { accent-color: var(--accent); } .methods small { color: var(--soft); margin-inline-start: auto; }
    .fields { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr)); } .fields > :last-child { grid-column: 1 / -1; }
    legend { font-size: .875em; color: var(--soft); margin-bottom: 4px; }
  `];

  protected override async load(): Promise<void> {
    if (this.productId && !this.lines.length) {
      const got = await this.client!.get<Product>(`/v1/shop/products/${encodeURIComponent(this.productId)}`);
      const price = got.ok ? priceOf(got.value) : undefined;
      if (price) this.lines = [{product_id: this.productId, quantity: this.quantity, price}];
      else if (!got.ok) this.failed = this.why(got.error);
    }
  }
  protected override updated(changed: PropertyValues): void {
    if (changed.get('productId')) {
      this.lines = [];
      this.start();
      void this.load();
    }
    if (changed.has('quantity') && this.productId && this.lines[0]) this.lines = [{...this.lines[0], quantity: this.quantity}];
    if (this.open && this.step === 'closed' && this.lines.length && this.client) this.begin();
  }

  private start(): void {
    this.step = 'closed';
    this.begun = false;
    this.failed = '';
  }
  /** What paid last time, else what takes this amount. */
  private usual(): Method {
    return lastMethod() ?? fittingMethod(totalOf(this.lines));
  }
  private begin(): void {
    this.step = 'open';
    if (this.begun) return;
    this.begun = true;
    this.method = this.usual();
    this.orderId = `SF-${randomId().slice(0, 12).toUpperCase()}`;
    void this.write(checkoutStarted(this.orderId, this.lines));
  }
  private readonly press = (): void => {
    const known = this.address !== undefined;
    this.begin();
    if (known) void this.payBy(this.method);
  };
  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const address = {name: text('name'), city: text('city'), address: text('address')};
    const changed = JSON.stringify(address) !== JSON.stringify(this.address);
    this.address = address;
    keepAddress(address);
    // Not as an identifier: an address names nobody, and what a form says must not join two people.
    if (changed) void this.client?.identify({name: address.name, city: address.city, address: {city: address.city, street: address.address}});
    void this.payBy(this.method);
  };
  private async payBy(method: Method): Promise<void> {
    this.method = method;
    this.step = 'paying';
    this.failed = '';
    const total = totalOf(this.lines);
    const payment = pay(method, total);
    if (!payment.paid) {
      void this.write(paymentFailed(this.orderId, total, method, payment.code));
      this.code = payment.code;
      void this.ask(method, payment.code);
      this.others = payment.others;
      this.step = 'failed';
      this.tell('rapport-payment-failed', {order_id: this.orderId, method, code: payment.code});
      return;
    }
    const written = await this.write(ordered(this.orderId, this.lines, method, this.region));
    this.step = written ? 'done' : 'open';
    if (!written) return;
    keepMethod(method);
    this.tell('rapport-ordered', {order_id: this.orderId, lines: this.lines, method});
  }

  /** What the shop's server says to a code, in words for her; without it the element's own short sentence stands alone. */
  private async ask(method: Method, code: string): Promise<void> {
    this.help = undefined;
    const got = await this.client?.get<PaymentHelp>('/v1/shop/payment-help', {code, method});
    if (got?.ok && this.code === code) this.help = got.value;
  }

  private say(key: OrderKey, params: Record<string, string | number> = {}): string {
    return say(kOrderWords, this.language, key, params);
  }
  private form(total: string): TemplateResult {
    const field = (name: keyof Address, fill: string): TemplateResult => html`<label><span>${this.say(name)}</span>
      <input name=${name} required maxlength="120" autocomplete=${fill} .value=${this.address?.[name] ?? ''}></label>`;
    return html`<form class="stack" @submit=${this.submit}>
      <div class="fields">${field('name', 'name')}${field('city', 'address-level2')}${field('address', 'street-address')}</div>
      <fieldset><legend>${this.say('pay_by')}</legend><div class="methods">${kMethods.map((method) => this.choice(method))}</div></fieldset>
      <p class="small soft">${this.say('sandbox')}</p>
      <button class="main wide" ?disabled=${this.step === 'paying'}>${this.step === 'paying' ? this.say('paying') : this.say('confirm', {total})}</button></form>`;
  }
  private choice(method: Method): TemplateResult {
    const limit = kSandboxLimits[method];
    const currency = totalOf(this.lines).currency;
    return html`<label><input type="radio" name="method" value=${method} .checked=${method === this.method} @change=${() => (this.method = method)}>${this.say(method)}
      ${limit ? html`<small>${this.say('limit', {most: this.money({minor: limit.most, currency})})}</small>` : nothing}</label>`;
  }
  private wayOut(): TemplateResult {
    return html`<div class="stack" role="alert"><p><strong class="bad">${this.say('failed', {method: this.say(this.method)})}</strong> ${this.say(this.code!)}</p>
      ${this.help ? html`<p class="small">${this.help.what[kServerLanguage[this.language]]}</p>` : nothing}
      <p class="small">${this.say('way_out')}</p><div class="row">${this.others.slice(0, 2).map((method, at) => html`<button class=${at ? '' : 'main'}
        @click=${() => void this.payBy(method)}>${this.say('use', {method: this.say(method)})}</button>`)}
        <button class="link" @click=${() => (this.step = 'open')}>${this.say('change')}</button></div></div>`;
  }
  private done(): TemplateResult {
    return html`<div class="note stack" role="status"><p><strong class="good">✓ ${this.say('done')}</strong> ${this.say('number')} <span class="order">${this.orderId}</span></p>
      <slot name="after"></slot>${this.productId ? html`<p><button @click=${() => this.start()}>${this.say('again')}</button></p>` : nothing}</div>`;
  }
  override render(): TemplateResult {
    const total = this.lines.length ? this.money(totalOf(this.lines)) : '';
    const known = this.address;
    const face = (): TemplateResult => {
      if (this.step === 'done') return this.done();
      if (this.step === 'failed') return this.wayOut();
      if (this.step !== 'closed') return this.form(total);
      return html`<button class="main wide" ?disabled=${!this.lines.length} @click=${this.press}>${known ? this.say('buy_for', {total}) : this.say('buy')}</button>
        ${known ? html`<p class="small soft">${this.say('to')} ${known.name}, ${known.city} · ${this.say(this.begun ? this.method : this.usual())}
          <button class="link" @click=${() => this.begin()}>${this.say('change')}</button></p>` : nothing}`;
    };
    return html`${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}${face()}`;
  }
}
