import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {randomId} from './runtime/client';
import {RapportElement} from './runtime/element';
import {returnRequested} from './runtime/events';
import {minorOf} from './runtime/money';
import {nameOf, type Order, type ParcelNode, type Product, type Return, type Visitor} from './runtime/nouns';
import {type Photo, photoOf} from './runtime/photo';
import {kit} from './runtime/styles';
import {say} from './runtime/words';
import {kOrdersWords, type OrdersKey} from './words/orders';

const kReasons = ['damaged', 'quality', 'size', 'not_as_described', 'changed_mind'] as const;
const kAgain_ms = 20_000;
const kText_most = 500;
const kPhotos_most = 3;

/**
 * `<rapport-orders>`: this visitor's orders with the six nodes that events have reported (none is invented), her returns, and a form to ask for one.
 * Asks anew every 20 s while it is seen. Event `rapport-return-requested` {return_id, order_id, reason, photos}.
 */
@customElement('rapport-orders')
export class RapportOrders extends RapportElement {
  @property({type: Number}) limit = 10;
  @state() private visitor?: Visitor;
  @state() private names = new Map<string, Product>();
  @state() private returning = '';
  @state() private photos: Photo[] = [];
  @state() private said = '';
  @state() private busy = false;
  @state() private found = '';
  private timer = 0;

  static override styles = [kit, css`
    .order { display: grid; gap: 12px; }
    .why { flex-basis: 100%; }
    .top { display: flex; justify-content: space-between; gap: 10px; flex-wrap: wrap; align-items: baseline; }
    .nodes { display: grid; grid-template-columns: repeat(6, 1fr); gap: 0; }
    .nodes li { position: relative; padding-top: 26px; font-size: .8125em; color: var(--soft); text-align: center; padding-inline: 2px; line-height: 1.35; }
    .nodes li::before { content: ""; position: absolute; top: 6px; left: calc(50% - 8px); width: 16px; height: 16px; border-radius: 50%; border: 2px solid var(--line); background: var(--surface); z-index: 1; }
    .nodes li::after { content: ""; position: absolute; top: 13px; left: -50%; width: 100%; height: 2px; background: var(--line); }
    .nodes li:first-child::after { display: none; }
    .nodes li.reached { color: var(--ink); font-weight: 600; } .nodes li.reached::before { background: var(--accent); border-color: var(--accent); } .nodes li.reached::after { background: var(--accent); }
    .nodes time { display: block; font-weight: 400; color: var(--soft); }
    .photos li { position: relative; } .photos canvas { display: block; border-radius: 10px; border: 1px solid var(--line); max-width: 88px; }
    .photos button { position: absolute; inset-block-start: -8px; inset-inline-end: -8px; min-height: 28px; width: 28px; padding: 0; line-height: 1; }
    @media (max-width: 560px) {
      .nodes { grid-template-columns: 1fr; } .nodes li { text-align: start; padding: 0 0 12px 30px; min-height: 34px; }
      .nodes li::before { left: 2px; top: 2px; } .nodes li::after { left: 9px; top: -14px; width: 2px; height: 20px; }
      .nodes time { display: inline; margin-inline-start: 8px; }
    }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => { if (this.client && !document.hidden && this.checkVisibility()) void this.load(); }, kAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }
  protected override async load(): Promise<void> {
    const got = await this.client!.me<Visitor>();
    if (!got.ok) {
      this.failed = this.why(got.error);
      return;
    }
    this.failed = '';
    this.visitor = got.value;
    const wanted = new Set(got.value.orders.slice(0, this.limit).flatMap((order) => order.lines.map((line) => line.product_id)));
    for (const id of wanted) {
      if (this.names.has(id)) continue;
      const product = await this.client!.get<Product>(`/v1/shop/products/${encodeURIComponent(id)}`);
      if (product.ok) this.names = new Map(this.names).set(id, product.value);
    }
  }

  private readonly find = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const got = await this.client!.openOrder(String(form.get('order') ?? '').trim(), String(form.get('contact') ?? '').trim());
    this.found = got.ok ? '' : got.error.status === 404 ? this.say('not_found') : got.error.status === 429 ? this.say('too_often') : this.why(got.error);
    if (got.ok) await this.load();
  };
  private readonly choose = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    this.said = '';
    for (const file of files) {
      if (this.photos.length === kPhotos_most) {
        this.said = this.say('photo_many', {n: kPhotos_most});
        return;
      }
      const photo = await photoOf(file);
      if (photo) this.photos = [...this.photos, photo];
      else this.said = this.say('photo_bad', {name: file.name});
    }
  };
  private open(id: string): void {
    this.returning = id;
    this.photos = [];
    this.said = '';
    this.failed = '';
  }
  /** The pictures' hashes, in order; undefined when one was not taken. */
  private async keepPhotos(): Promise<string[] | undefined> {
    const hashes: string[] = [];
    for (const photo of this.photos) {
      const got = await this.client!.keepPhoto(photo.blob);
      if (!got.ok) {
        this.failed = this.why(got.error);
        return undefined;
      }
      hashes.push(got.value);
    }
    return hashes;
  }
  /** The return's id; undefined when it was refused. A server that is away gets the request later, as an event, and a person decides. */
  private async request(order: string, reason: string, product: string, text: string, photos: string[]): Promise<string | undefined> {
    const got = await this.client!.askReturn({order_id: order, reason, product_id: product || undefined, text: text || undefined, photos: photos.length ? photos : undefined});
    if (got.ok) return got.value.return_id;
    if (got.error.status !== 0 && got.error.status < 500) {
      this.failed = this.why(got.error);
      return undefined;
    }
    const id = `R-${randomId().slice(0, 12).toUpperCase()}`;
    return await this.write(returnRequested(id, order, reason, product, text, photos)) ? id : undefined;
  }
  private readonly send = async (event: SubmitEvent, order: Order): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    const reason = String(form.get('reason'));
    const text = String(form.get('text') ?? '').trim().slice(0, kText_most);
    this.busy = true;
    this.failed = '';
    const photos = await this.keepPhotos();
    const id = photos === undefined ? undefined : await this.request(order.order_id, reason, String(form.get('product') ?? ''), text, photos);
    this.busy = false;
    if (id === undefined) return;
    this.open('');
    this.tell('rapport-return-requested', {return_id: id, order_id: order.order_id, reason, photos});
    await this.load();
  };

  private say(key: OrdersKey, params: Record<string, string | number> = {}): string {
    return say(kOrdersWords, this.language, key, params);
  }
  private name(id: string): string {
    const product = this.names.get(id);
    return product ? nameOf(product, this.language, id) : id;
  }
  private node(node: ParcelNode): TemplateResult {
    return html`<li class=${node.reached ? 'reached' : ''}>${this.say(node.node as OrdersKey)}${node.reached
      ? html`<time datetime=${node.reached}>${this.moment(node.reached)}</time><span class="unseen">${this.say('reached')}</span>`
      : node.promised ? html`<time datetime=${node.promised}>${this.say('promised', {at: this.moment(node.promised)})}</time>` : nothing}</li>`;
  }
  private order(order: Order): TemplateResult {
    const minor = minorOf(order.total, order.currency);
    const steps = order.nodes.filter((node) => node.node !== 'exception');
    const trouble = order.nodes.find((node) => node.node === 'exception' && node.reached);
    const over = order.state === 'cancelled' || order.state === 'refunded';
    return html`<li class="card order"><div class="top"><h2>${order.order_id}</h2><strong class=${over ? 'soft' : 'good'}>${this.say(order.state as OrdersKey)}</strong></div>
      <p class="small soft">${this.moment(order.placed)} · ${minor === undefined ? `${order.total} ${order.currency}` : this.money({minor, currency: order.currency})}</p>
      <ul class="small">${order.lines.map((line) => html`<li>${this.name(line.product_id)} · ${this.say('pieces', {n: line.quantity})}</li>`)}</ul>
      <ol class="nodes">${steps.map((node) => this.node(node))}</ol>
      ${this.delay(order)}
      ${trouble ? html`<p class="bad">${this.say('exception')} · ${this.moment(trouble.reached!)}</p>` : nothing}
      ${!over && steps.some(({node, reached}) => node === 'signed' && !reached) ? html`<p class="small soft">${this.say('waiting')}</p>` : nothing}
      ${this.returning === order.order_id ? this.form(order) : over ? nothing
        : html`<p><button @click=${() => this.open(order.order_id)}>${this.say('return')}</button></p>`}</li>`;
  }
  /** What the shop said of its delay, before she had to ask. */
  private delay(order: Order): TemplateResult | typeof nothing {
    const told = this.visitor?.messages?.find((message) => message.kind === 'parcel_delayed' && message.order_id === order.order_id);
    if (!told) return nothing;
    // A moment before the promise would contradict what was just said: then only the worry is told.
    const promised = order.nodes.find(({node}) => node === 'signed')?.promised;
    const later = told.estimated && !(promised && Date.parse(told.estimated) <= Date.parse(promised));
    const minor = told.coupon_value && told.currency ? minorOf(told.coupon_value, told.currency) : undefined;
    return html`<p class="note" role="status"><strong>${this.say('delayed')}</strong> ${later ? this.say('expected', {at: this.moment(told.estimated!)}) : nothing}
      ${minor === undefined ? nothing : this.say('coupon', {value: this.money({minor, currency: told.currency!})})}</p>`;
  }
  private form(order: Order): TemplateResult {
    return html`<form class="stack" @submit=${(event: SubmitEvent) => void this.send(event, order)}>
      <label><span>${this.say('which')}</span><select name="product">${order.lines.length > 1 ? html`<option value="">${this.say('all_items')}</option>` : nothing}
        ${order.lines.map((line) => html`<option value=${line.product_id}>${this.name(line.product_id)}</option>`)}</select></label>
      <label><span>${this.say('reason')}</span><select name="reason">${kReasons.map((reason) => html`<option value=${reason}>${this.say(reason)}</option>`)}</select></label>
      <label><span>${this.say('more')}</span><textarea name="text" maxlength=${kText_most}></textarea></label>
      ${this.photoField()}
      ${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      <div class="row"><button class="main" ?disabled=${this.busy}>${this.say(this.busy ? 'sending' : 'send')}</button><button type="button" class="link" @click=${() => this.open('')}>${this.say('cancel')}</button></div></form>`;
  }
  private photoField(): TemplateResult {
    return html`<div class="stack"><label><span>${this.say('photos')}</span><input type="file" accept="image/*" multiple aria-describedby="photo-hint" ?disabled=${this.photos.length === kPhotos_most} @change=${this.choose}></label>
      <p class="small soft" id="photo-hint">${this.say('photo_hint', {n: kPhotos_most})}</p>
      ${this.photos.length ? html`<ul class="row photos">${this.photos.map((photo, at) => html`<li>${photo.thumb}<button type="button" aria-label=${this.say('photo_drop', {name: photo.name})}
        @click=${() => (this.photos = this.photos.filter((_, i) => i !== at))}>×</button></li>`)}</ul>` : nothing}
      <p class="small bad" role="status">${this.said}</p></div>`;
  }
  private finder(): TemplateResult {
    return html`<details class="card"><summary>${this.say('elsewhere')}</summary><form class="stack" @submit=${(event: SubmitEvent) => void this.find(event)}>
      <p class="small soft">${this.say('find_hint')}</p>
      <label><span>${this.say('number')}</span><input name="order" required maxlength="200" autocomplete="off"></label>
      <label><span>${this.say('contact')}</span><input name="contact" required maxlength="200" autocomplete="tel"></label>
      <p class="bad small" role="status">${this.found}</p><div class="row"><button>${this.say('find')}</button></div></form></details>`;
  }
  private back(one: Return): TemplateResult {
    return html`<li class="row"><strong>${one.return_id}</strong><span>${one.product_id ? this.name(one.product_id) : one.order_id}</span>
      <span class="good">${this.say((one.state || 'requested') as OrdersKey)}</span><span class="soft small">${this.moment(one.since)}</span>${one.reason ? html`<span class="why">${one.reason}</span>` : nothing}</li>`;
  }
  override render(): TemplateResult {
    const visitor = this.visitor;
    return html`<div class="stack">${this.failed && !this.returning ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      ${!visitor ? nothing : visitor.orders.length ? html`<ul class="stack">${visitor.orders.slice(0, this.limit).map((order) => this.order(order))}</ul>` : html`<p class="soft">${this.say('none')}</p>`}
      ${visitor?.returns.length ? html`<section class="card stack"><h2>${this.say('returns')}</h2><ul class="stack">${visitor.returns.map((one) => this.back(one))}</ul></section>` : nothing}${visitor ? this.finder() : nothing}</div>`;
  }
}
