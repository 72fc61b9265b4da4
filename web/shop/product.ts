import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {everyday, kEverydayWords, kTerms, publishedWords, termOf, type PublishedRule, type Term} from '../widgets/everyday';
import {picture} from '../widgets/picture';
import {added, contentViewed, liked, productViewed} from '../widgets/runtime/events';
import {type Category, nameOf, priceOf, type Parameter, type Product, type Products} from '../widgets/runtime/nouns';
import {say} from '../widgets/runtime/words';
import {money, rating} from './cards';
import {measure} from './dwell';
import {points} from './points';
import {productPath, searchPath, shop} from './state';
import {tagName} from './tags';
import {ShopView} from './view';
import {w} from './words';

/** One product: its scene, three reasons, parameters in everyday words, why it is shown, reviews, a question. */
@customElement('shop-product')
export class ShopProduct extends ShopView {
  @property({attribute: 'product-id'}) productId = '';
  @state() private product?: Product;
  @state() private failed = '';
  @state() private quantity = 1;
  @state() private inCart = false;
  @state() private isLiked = false;
  /** The shop's own everyday words. */
  @state() private rules: PublishedRule[] = [];
  /** The catalogue's categories, for the name of what goes with it. */
  @state() private categories: Category[] = [];
  private readonly explained = new Set<string>();
  private leave?: () => void;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('productId') && this.productId) void this.load();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave?.();
  }
  private async load(): Promise<void> {
    const id = this.productId;
    this.leave?.();
    this.leave = undefined;
    this.product = undefined;
    this.inCart = this.isLiked = false;
    this.quantity = 1;
    const got = await shop.client.get<Product>(`/v1/shop/products/${encodeURIComponent(id)}`);
    if (id !== this.productId || !this.isConnected) return;
    void shop.client.get<{rules: PublishedRule[]}>('/v1/shop/everyday').then((told) => { if (told.ok) this.rules = told.value.rules; });
    this.failed = got.ok ? '' : got.error.status === 404 ? w('not_found') : w('unreachable', {why: got.error.detail || got.error.code});
    if (!got.ok) return;
    this.product = got.value;
    if (got.value.goes_with) void shop.client.get<Products>('/v1/shop/products', {limit: 1}).then((all) => { if (all.ok) this.categories = all.value.categories; });
    const from = shop.chosen?.product_id === id ? shop.chosen : undefined;
    void shop.client.track(productViewed(got.value, from?.list_id, from?.position));
    shop.saw({id, category: got.value.category ?? ''});
    await this.updateComplete;
    document.title = `${nameOf(got.value, shop.language, id)} · ${w('brand')}`;
    this.querySelector<HTMLElement>('h1')?.focus({preventScroll: true});
    this.leave = measure(this, productPath(id), id);
  }

  private readonly add = (product: Product): void => {
    const price = priceOf(product);
    if (!price) return;
    const held = shop.cart.find((line) => line.product_id === product.product_id)?.quantity ?? 0;
    shop.put({product_id: product.product_id, quantity: held + this.quantity, price});
    void shop.client.track(added(product, this.quantity));
    this.inCart = true;
  };
  private readonly like = (product: Product): void => {
    this.isLiked = true;
    void shop.client.track(liked(product.product_id));
  };
  private readonly explain = (event: Event, term: Term): void => {
    if (!(event.target as HTMLDetailsElement).open || this.explained.has(term)) return;
    this.explained.add(term);
    void shop.client.track(contentViewed(`term-${term.toLowerCase()}`, term, this.productId));
  };

  private parameter(product: Product, parameter: Parameter): TemplateResult {
    const own = publishedWords(this.rules, product, parameter, shop.language);
    const meaning = own === undefined ? everyday(product, parameter) : undefined;
    const term = termOf(parameter);
    const name = nameOf(parameter, shop.language);
    const label = parameter.name_en && /^[A-Z]{2,}$/.test(parameter.name_en) && shop.language !== 'en' ? `${name} ${parameter.name_en}` : name;
    return html`<div class="parameter"><dt>${label}</dt><dd><span class="value">${parameter.value} ${(parameter.unit ?? '').replace('m3', 'm³')}</span>${own === undefined ? nothing : html`<p>${own}</p>`}${meaning ? html`<p>${say(kEverydayWords, shop.language, meaning.key, meaning.params)}</p>` : nothing}${term
      ? html`<details @toggle=${(event: Event) => this.explain(event, term)}><summary>${w('what', {term})}</summary><p class="soft small">${say(kTerms, shop.language, term)}</p></details>` : nothing}</dd></div>`;
  }
  private why(product: Product): TemplateResult {
    const same = shop.recent.filter((seen) => seen.category && seen.category === product.category && seen.id !== product.product_id).length;
    const searched = shop.chosen?.product_id === product.product_id && shop.chosen.list_id === 'search' && shop.lastQuery;
    const category = shop.language === 'en' ? product.category_en : product.category;
    return html`<details class="why"><summary>${w('why')}</summary><ul>
      ${searched ? html`<li>${w('why_searched', {query: shop.lastQuery})}</li>` : nothing}
      <li>${product.pieces ? w('why_sold', {n: product.pieces, views: product.views}) : w('why_unsold')}</li>
      ${same ? html`<li>${w('why_category', {n: same, category: category ?? ''})}</li>` : nothing}<li>${w('why_none')}</li></ul></details>`;
  }
  private buy(product: Product): TemplateResult {
    const price = priceOf(product);
    const stock = product.stock;
    return html`<div class="buy" data-area="buy">${price ? html`<p class="cost">${money(price)}</p>` : nothing}
      ${stock === 0 ? html`<p class="bad">${w('no_stock')}</p>` : html`
      <div class="amount"><span class="soft small">${w('quantity')}</span>
        <button aria-label=${w('fewer')} ?disabled=${this.quantity < 2} @click=${() => (this.quantity -= 1)}>−</button><output aria-live="polite">${this.quantity}</output>
        <button aria-label=${w('greater')} ?disabled=${this.quantity >= (stock ?? 99)} @click=${() => (this.quantity += 1)}>+</button>
        ${stock === undefined ? nothing : html`<span class="soft small">${w('stock', {n: stock})}</span>`}</div>
      <rapport-order product-id=${product.product_id} quantity=${this.quantity} region=${shop.region}><a slot="after" href="/shop/orders">${w('track')}</a></rapport-order>
      <div class="pair"><button @click=${() => this.add(product)}>${w('add')}</button>
        <button aria-pressed=${this.isLiked} ?disabled=${this.isLiked} @click=${() => this.like(product)}>${this.isLiked ? `♥ ${w('liked')}` : `♡ ${w('like')}`}</button></div>
      <p role="status" class="good">${this.inCart ? html`✓ ${w('added')} · <a href="/shop/cart">${w('see_cart')}</a>` : nothing}</p>`}</div>`;
  }
  override render(): TemplateResult {
    const product = this.product;
    if (this.failed) return html`<div class="empty"><h1 tabindex="-1">${this.failed}</h1><p><a class="button" href="/shop">${w('back_home')}</a></p></div>`;
    if (!product) return html`<div class="product" aria-busy="true"><div class="blank tall"></div><div class="blank tall"></div></div>`;
    const written = shop.language === 'en' ? 'en' : 'zh-CN';
    return html`<article class="product"><div class="look" data-area="scene">${picture(product)}
        ${product.scenes?.length ? html`<p class="facet"><span class="soft small">${w('scene')}</span>${product.scenes.map((scene) => html`<a class="chip" href=${searchPath({scene})}>${tagName(scene, shop.language)}</a>`)}</p>` : nothing}
        ${product.functions?.length ? html`<p class="facet"><span class="soft small">${w('function')}</span>${product.functions.map((one) => html`<a class="chip" href=${searchPath({function: one})}>${tagName(one, shop.language)}</a>`)}</p>` : nothing}</div>
      <div class="facts"><h1 tabindex="-1">${nameOf(product, shop.language, product.product_id)}</h1>
        <p class="row"><span class="soft">${shop.language === 'en' ? (product.brand_en ?? product.brand) : product.brand}</span>${rating(product)}</p>
        <section data-area="points"><h2>${w('points')}</h2><ol class="points" lang=${written}>${points(product).map((point) => html`<li>${point}</li>`)}</ol></section>
        ${this.buy(product)}${this.why(product)}
        ${product.goes_with ? html`<p class="small">${w('goes_with')} <a href=${searchPath({category: product.goes_with})}>${nameOf(this.categories.find((one) => one.name === product.goes_with) ?? {name: product.goes_with}, shop.language)}</a></p>` : nothing}
        ${product.needs_installation ? html`<p class="small">${w('installs')} · <a href="/shop/services">${w('services')}</a></p>` : nothing}</div></article>
      ${product.parameters?.length ? html`<section class="panel" data-area="parameters"><h2>${w('parameters')}</h2>
        <dl class="parameters">${product.parameters.map((one) => this.parameter(product, one))}</dl></section>` : nothing}
      <rapport-recommendations only-trained list-id="related" limit="4" product=${product.product_id} region=${shop.region} href="/shop/p/{id}"></rapport-recommendations>
      <section class="panel" data-area="reviews"><rapport-reviews product-id=${product.product_id}></rapport-reviews></section>
      <section class="panel" data-area="question"><rapport-question product-id=${product.product_id}></rapport-question></section>`;
  }
}
