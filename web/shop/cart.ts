import {html, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {picture} from '../widgets/picture';
import {added, removed} from '../widgets/runtime/events';
import {totalOf, type Line} from '../widgets/runtime/money';
import {nameOf, priceOf, type Product} from '../widgets/runtime/nouns';
import {money} from './cards';
import {kPieces_most, productPath, shop} from './state';
import {ShopView} from './view';
import {w} from './words';

/** The cart and, below it, one merged step of address and payment. */
@customElement('shop-cart')
export class ShopCart extends ShopView {
  @state() private products = new Map<string, Product>();
  /** The order just made, which the emptied cart shows. */
  @state() private made = '';
  private lines: Line[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }
  private async load(): Promise<void> {
    const got = await Promise.all(shop.cart.map((line) => shop.client.get<Product>(`/v1/shop/products/${encodeURIComponent(line.product_id)}`)));
    this.products = new Map(got.flatMap((one) => one.ok ? [[one.value.product_id, one.value] as const] : []));
    // What the shop asks now, not what it asked when the line was put in.
    for (const line of shop.cart) {
      const price = priceOf(this.products.get(line.product_id) ?? {});
      if (price && (price.minor !== line.price.minor || price.currency !== line.price.currency)) shop.put({...line, price});
    }
  }
  private readonly change = (line: Line, by: number): void => {
    const product = this.products.get(line.product_id);
    const pieces = Math.abs(by);
    if (by < 0) void shop.client.track(removed(line.product_id, pieces, line.price));
    else if (product) void shop.client.track(added(product, pieces));
    shop.put({...line, quantity: line.quantity + by});
  };
  private readonly ordered = (event: CustomEvent<{order_id: string}>): void => {
    this.made = event.detail.order_id;
    shop.empty();
  };
  private line(line: Line): TemplateResult {
    const product = this.products.get(line.product_id);
    const name = product ? nameOf(product, shop.language, line.product_id) : line.product_id;
    return html`<li class="line"><a class="thumb" href=${productPath(line.product_id)} tabindex="-1" aria-hidden="true">${product ? picture(product) : ''}</a>
      <div><a class="plain" href=${productPath(line.product_id)}>${name}</a><p class="price">${money(line.price)}</p></div>
      <div class="amount"><button aria-label=${`${w('fewer')}: ${name}`} @click=${() => this.change(line, -1)}>−</button><output>${line.quantity}</output>
        <button aria-label=${`${w('greater')}: ${name}`} ?disabled=${line.quantity >= kPieces_most} @click=${() => this.change(line, 1)}>+</button>
        <button class="quiet small" aria-label=${`${w('remove')}: ${name}`} @click=${() => this.change(line, -line.quantity)}>${w('remove')}</button></div></li>`;
  }
  override render(): TemplateResult {
    if (this.made) {
      return html`<h1 tabindex="-1">${w('thanks')}</h1><section class="panel"><p class="good">✓ ${this.made}</p><p><a class="button main" href="/shop/orders">${w('track')}</a></p></section>
        <section class="panel"><rapport-services order-id=${this.made}></rapport-services></section>
        <rapport-survey survey-id="order_csat" order-id=${this.made}></rapport-survey>`;
    }
    if (!shop.cart.length) {
      return html`<div class="empty"><h1 tabindex="-1">${w('cart_empty')}</h1><p class="soft">${w('cart_empty_text')}</p><p><a class="button main" href="/shop">${w('look')}</a></p></div>`;
    }
    // The same array while the cart is the same: the order element takes a new one for another order.
    const same = JSON.stringify(this.lines) === JSON.stringify(shop.cart);
    if (!same) this.lines = [...shop.cart];
    return html`<h1 tabindex="-1">${w('cart')}</h1><div class="checkout"><ul class="panel lines">${shop.cart.map((line) => this.line(line))}</ul>
      <section class="panel"><p class="row spread"><span>${w('total')} · ${w('pieces', {n: shop.pieces()})}</span><strong class="cost">${money(totalOf(shop.cart))}</strong></p>
        <rapport-order open region=${shop.region} .lines=${this.lines} @rapport-ordered=${this.ordered}></rapport-order></section></div>`;
  }
}
