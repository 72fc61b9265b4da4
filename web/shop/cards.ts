import {html, nothing, type TemplateResult} from 'lit';

import {picture} from '../widgets/picture';
import {shownMoney, type Money} from '../widgets/runtime/money';
import {nameOf, priceOf, type Product} from '../widgets/runtime/nouns';
import {productPath, shop} from './state';
import {w} from './words';

export const money = (amount: Money): string => shownMoney(amount, shop.language);

export function rating(product: Product): TemplateResult {
  if (product.rating === null) return html`<span class="soft small">${w('unrated')}</span>`;
  return html`<span class="small"><span class="star" aria-hidden="true">★</span> ${w('rated', {rating: product.rating.toFixed(1), n: product.ratings})}</span>`;
}

/** A product among others; `list` and `position` go into the event of its page. */
export function card(product: Product, list: string, position: number): TemplateResult {
  const price = priceOf(product);
  const choose = (): void => { shop.chosen = {product_id: product.product_id, list_id: list, position}; };
  return html`<li><a class="item" href=${productPath(product.product_id)} @click=${choose}>${picture(product)}
    <span class="name">${nameOf(product, shop.language, product.product_id)}</span>${price ? html`<span class="price">${money(price)}</span>` : nothing}${rating(product)}</a></li>`;
}

export function blank(n: number): TemplateResult {
  return html`<ul class="goods" aria-busy="true">${Array.from({length: n}, () => html`<li class="blank"></li>`)}</ul>`;
}
