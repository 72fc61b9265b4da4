import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {listViewed, searched} from '../widgets/runtime/events';
import {nameOf, type Category, type Product, type Products} from '../widgets/runtime/nouns';
import {blank, card} from './cards';
import {searchPath, shop} from './state';
import {tagName} from './tags';
import {ShopView} from './view';
import {w} from './words';

const kPage = 24;
const kTagsShown = 12;

/** What was found: words, category, scene and function together; all of it in the address. */
@customElement('shop-search')
export class ShopSearch extends ShopView {
  /** The query part of the address. */
  @property() search = '';
  @state() private found: Product[] = [];
  @state() private total = -1;
  @state() private categories: Category[] = [];
  @state() private cursor = '';
  @state() private failed = '';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('search')) void this.load('');
  }
  private filters(): {q: string; category: string; scene: string; function: string} {
    const search = new URLSearchParams(this.search);
    return {q: search.get('q') ?? '', category: search.get('category') ?? '', scene: search.get('scene') ?? '', function: search.get('function') ?? ''};
  }
  private async load(cursor: string): Promise<void> {
    const asked = this.search;
    const {q, ...filters} = this.filters();
    if (!cursor) this.total = -1;
    const got = await shop.client.get<Products>('/v1/shop/products', {query: q, ...filters, cursor, limit: kPage});
    if (asked !== this.search) return;
    this.failed = got.ok ? '' : got.error.detail || got.error.code;
    if (!got.ok) return;
    this.found = cursor ? [...this.found, ...got.value.products] : got.value.products;
    this.total = got.value.total;
    this.cursor = got.value.next_cursor;
    this.categories = got.value.categories;
    if (cursor) return;
    shop.lastQuery = q;
    if (q) void shop.client.track(searched(q, got.value.total, filters));
    else void shop.client.track(listViewed('search', this.found.map((one) => one.product_id), filters.category));
  }
  private tags(of: 'scenes' | 'functions'): string[] {
    const counts = new Map<string, number>();
    for (const product of this.found) for (const tag of product[of] ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]).slice(0, kTagsShown).map(([tag]) => tag);
  }
  private facet(name: 'scene' | 'function', tags: string[]): TemplateResult {
    const now = this.filters();
    const shown = now[name] && !tags.includes(now[name]) ? [now[name], ...tags] : tags;
    return html`<div class="facet" role="group" aria-label=${w(name)}><span class="soft small">${w(name)}</span>${shown.map((tag) => {
      const on = now[name] === tag;
      return html`<a class="chip ${on ? 'on' : ''}" aria-current=${on ? 'true' : nothing} href=${searchPath({...now, [name]: on ? '' : tag})}>${tagName(tag, shop.language)}${on ? ' ✕' : ''}</a>`;
    })}</div>`;
  }
  private heading(): string {
    const {q, category} = this.filters();
    if (q) return w('results_for', {query: q});
    const known = this.categories.find((one) => one.name === category);
    return category ? nameOf(known ?? {name: category}, shop.language) : w('all');
  }
  override render(): TemplateResult {
    const goods = this.found.length ? html`<ul class="goods">${this.found.map((product, at) => card(product, 'search', at + 1))}</ul>`
      : html`<div class="empty"><h2>${w('nothing')}</h2><p class="soft">${w('nothing_text')}</p>
        <nav class="categories">${this.categories.slice(0, 12).map((one) => html`<a class="chip" href=${searchPath({category: one.name})}>${nameOf(one, shop.language)}</a>`)}</nav></div>`;
    return html`<h1 tabindex="-1">${this.heading()}</h1>
      ${this.failed ? html`<p class="bad" role="alert">${w('unreachable', {why: this.failed})} <button class="quiet" @click=${() => void this.load('')}>${w('again')}</button></p>` : nothing}
      ${this.total < 0 ? (this.failed ? nothing : blank(8)) : html`<p class="soft" role="status">${w('results', {n: this.total})}</p>
        ${this.found.length ? html`${this.facet('scene', this.tags('scenes'))}${this.facet('function', this.tags('functions'))}` : nothing}${goods}
        ${this.cursor ? html`<p class="center"><button @click=${() => void this.load(this.cursor)}>${w('more')}</button></p>` : nothing}`}`;
  }
}
