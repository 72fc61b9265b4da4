import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {nameOf, type Product, type Products} from '../widgets/runtime/nouns';
import {go, productPath, searchPath, shop} from './state';
import {ShopView} from './view';
import {w} from './words';

const kWait_ms = 180;
const kShown = 6;

/** The search box; while one types, the first products whose names begin with or hold the words. */
@customElement('shop-suggest')
export class ShopSuggest extends ShopView {
  @state() private found: Product[] = [];
  @state() private open = false;
  private timer = 0;
  private typed = '';

  private readonly type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), kWait_ms);
  };
  private async ask(): Promise<void> {
    const asked = this.typed;
    const got = asked ? await shop.client.get<Products>('/v1/shop/products', {query: asked, limit: kShown}) : undefined;
    if (asked !== this.typed) return;
    this.found = got?.ok ? got.value.products : [];
    this.open = this.found.length > 0 && this.contains(document.activeElement);
  }
  private readonly submit = (event: Event): void => {
    event.preventDefault();
    this.close();
    const q = this.querySelector('input')!.value.trim();
    go(searchPath({q}));
  };
  private readonly close = (): void => {
    clearTimeout(this.timer);
    this.typed = '';
    this.open = false;
  };
  private readonly left = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) this.close();
  };
  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.close();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...this.querySelectorAll<HTMLElement>('input, .suggestions a')];
    const at = stops.indexOf(document.activeElement as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1);
    stops[Math.max(0, Math.min(stops.length - 1, at))]?.focus();
    event.preventDefault();
  };
  override render(): TemplateResult {
    const choose = (product: Product, at: number): void => {
      shop.chosen = {product_id: product.product_id, list_id: 'suggestions', position: at + 1};
      this.close();
    };
    return html`<form role="search" @submit=${this.submit} @focusout=${this.left} @keydown=${this.key}><input type="search" name="q" maxlength="60" autocomplete="off" aria-label=${w('search_label')}
        placeholder=${w('search')} @input=${this.type} enterkeyhint="search"><button class="quiet" aria-label=${w('search_label')}><svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><circle cx="11" cy="11" r="7"/><path d="M20 20l-4-4"/></svg></button>
      ${this.open ? html`<ul class="suggestions">${this.found.map((product, at) => html`<li><a href=${productPath(product.product_id)} @click=${() => choose(product, at)}>${nameOf(product, shop.language)}</a></li>`)}</ul>` : nothing}</form>`;
  }
}
