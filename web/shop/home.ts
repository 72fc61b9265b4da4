import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {nameOf, type Category, type Product, type Products} from '../widgets/runtime/nouns';
import {card} from './cards';
import {regionName} from '../model/regions';
import {searchPath, shop} from './state';
import {ShopView} from './view';
import {w} from './words';

/** The first page: best-sellers of the region (labelled so), categories, what was looked at. */
@customElement('shop-home')
export class ShopHome extends ShopView {
  @state() private categories: Category[] = [];
  @state() private recent: Product[] = [];
  /** What the shop did about something that she said. */
  @state() private news: {answer_id: string; text: string; at: string}[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }
  private async load(): Promise<void> {
    const [all, ...seen] = await Promise.all([
      shop.client.get<Products>('/v1/shop/products', {limit: 1}),
      ...shop.recent.slice(0, 6).map(({id}) => shop.client.get<Product>(`/v1/shop/products/${encodeURIComponent(id)}`)),
    ]);
    if (all.ok) this.categories = all.value.categories;
    const mine = await shop.client.me<{news?: {answer_id: string; text: string; at: string}[]}>();
    this.news = mine.ok ? mine.value.news ?? [] : [];
    this.recent = seen.flatMap((got) => got.ok ? [got.value] : []);
  }
  override render(): TemplateResult {
    return html`<section class="hero"><h1 tabindex="-1">${w('hello')}</h1><p>${w('lead')}</p></section>
      <nav class="categories" aria-label=${w('categories')}>${this.categories.map((one) => html`<a class="chip" href=${searchPath({category: one.name})}>${nameOf(one, shop.language)}</a>`)}</nav>
      <rapport-recommendations list-id="home" limit="10" href="/shop/p/{id}" region=${shop.region} region-name=${shop.region ? regionName(shop.region, shop.language) : ''}></rapport-recommendations>
      <rapport-survey invited></rapport-survey>
      ${this.news.length ? html`<section class="panel"><h2>${w('you_said')}</h2>${this.news.slice(0, 3).map((one) => html`<p><time class="soft small" datetime=${one.at}>${new Date(one.at).toLocaleDateString(shop.language)}</time> ${one.text}</p>`)}</section>` : nothing}
      ${this.recent.length ? html`<section><h2>${w('recent')}</h2><ul class="goods">${this.recent.map((product, at) => card(product, 'recent', at + 1))}</ul></section>` : nothing}`;
  }
}
