import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {currentTheme, setTheme, type Theme} from '../shell/theme';
import {kElementLanguages, type ElementLanguage} from '../widgets/runtime/words';
import type {Standing} from '../tour/tour';
import {kRegionCodes, regionName} from '../model/regions';
import {go, searchPath, shop} from './state';
import {ShopView} from './view';
import {w} from './words';
import './suggest';

const kLanguageNames: Record<ElementLanguage, string> = {'zh-CN': '简体', 'zh-TW': '繁體', en: 'EN'};
type Page = 'home' | 'search' | 'product' | 'cart' | 'orders' | 'services' | 'ask';

function pageOf(path: string): {page: Page; id: string} {
  const [, , name = '', id = ''] = path.split('/');
  if (name === 'p' && id) return {page: 'product', id: decodeURIComponent(id)};
  const known = (['search', 'cart', 'orders', 'services', 'ask'] as const).find((page) => page === name);
  return {page: known ?? 'home', id: ''};
}

/** The frame of the shop and its pages by address. */
@customElement('shop-app')
export class ShopApp extends ShopView {
  @state() private path = location.pathname;
  @state() private search = location.search;
  @state() private tour?: Standing;
  private begun = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.routed);
    window.addEventListener('shop-route', this.routed);
    document.addEventListener('click', this.follow);
    this.visited();
    void this.startTour();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.routed);
    window.removeEventListener('shop-route', this.routed);
    document.removeEventListener('click', this.follow);
  }
  /** A story of the guided tour, named in the address, or the one that this tab was in. */
  private async startTour(): Promise<void> {
    const wanted = new URLSearchParams(location.search).get('tour');
    if (!shop.key || (!wanted && !sessionStorage.getItem('rapport.tour'))) return;
    const {kept} = await import('../tour/tour');
    const {storyOf} = await import('../tour/story');
    this.tour = wanted && storyOf(wanted)?.where === 'shop' ? {story: wanted, at: 0, paths: {}} : kept('shop');
  }
  private readonly routed = (): void => {
    const moved = this.path !== location.pathname;
    this.path = location.pathname;
    this.search = location.search;
    if (moved) this.visited();
  };
  /** Links within the shop, also those inside the elements' shadows, change the page without loading it. */
  private readonly follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.origin !== location.origin || !/^\/shop(\/|$)/.test(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  };
  private visited(): void {
    const {page} = pageOf(this.path);
    const title = page === 'product' || page === 'home' ? w('brand') : page === 'search' ? w('search_label') : w(page);
    document.title = title === w('brand') ? title : `${title} · ${w('brand')}`;
    if (shop.key) void shop.client.page(page, this.path, document.title);
    if (this.begun) void this.updateComplete.then(() => {
      window.scrollTo(0, 0);
      requestAnimationFrame(() => this.querySelector<HTMLElement>('main h1')?.focus({preventScroll: true}));
    });
    this.begun = true;
  }
  private readonly selected = (event: CustomEvent<{product_id: string; position: number; list_id: string}>): void => {
    shop.chosen = event.detail;
  };

  private body(): TemplateResult {
    if (!shop.key) {
      return html`<div class="empty"><h1 tabindex="-1">${w('no_key')}</h1><p>${w('no_key_text')}</p><p><code>${location.origin}/shop?key=rk_public_…</code></p><p class="soft">${w('no_key_how')}</p></div>`;
    }
    const {page, id} = pageOf(this.path);
    switch (page) {
      case 'product': return html`<shop-product product-id=${id}></shop-product>`;
      case 'search': return html`<shop-search search=${this.search}></shop-search>`;
      case 'cart': return html`<shop-cart></shop-cart>`;
      case 'orders': return html`<h1 tabindex="-1">${w('orders')}</h1><p class="soft small">${w('orders_note')}</p><rapport-orders></rapport-orders>`;
      case 'services': return html`<h1 tabindex="-1">${w('services')}</h1><rapport-services></rapport-services><section class="panel apart"><rapport-composer></rapport-composer></section>`;
      case 'ask': return html`<h1 tabindex="-1">${w('ask')}</h1><section class="panel"><rapport-question></rapport-question></section><rapport-survey survey-id="nps"></rapport-survey>`;
      default: return html`<shop-home @rapport-select=${this.selected}></shop-home>`;
    }
  }
  private pickers(): TemplateResult {
    const themes: Theme[] = ['system', 'light', 'dark'];
    return html`<label class="pick"><span class="unseen">${w('region')}</span><select @change=${(event: Event) => shop.setRegion((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${!shop.region}>${w('whole_shop')}</option>${kRegionCodes.map((code) => html`<option value=${code} ?selected=${code === shop.region}>${regionName(code, shop.language)}</option>`)}</select></label>
      <label class="pick"><span class="unseen">${w('language')}</span><select @change=${(event: Event) => shop.setLanguage((event.target as HTMLSelectElement).value as ElementLanguage)}>
        ${kElementLanguages.map((one) => html`<option value=${one} lang=${one} ?selected=${one === shop.language}>${kLanguageNames[one]}</option>`)}</select></label>
      <label class="pick"><span class="unseen">${w('theme')}</span><select @change=${(event: Event) => setTheme((event.target as HTMLSelectElement).value as Theme)}>
        ${themes.map((one) => html`<option value=${one} ?selected=${one === currentTheme()}>${w(one)}</option>`)}</select></label>`;
  }
  override render(): TemplateResult {
    const {page, id} = pageOf(this.path);
    const tab = (to: Page, href: string): TemplateResult => html`<a href=${href} aria-current=${page === to ? 'page' : nothing}>${w(to === 'product' ? 'home' : to === 'search' ? 'all' : to)}${
      to === 'cart' && shop.pieces() ? html` <span class="badge">${shop.pieces()}</span>` : nothing}</a>`;
    return html`<a class="skip" href="#content">${w('skip')}</a>
      <header><p class="ribbon">${w('simulated')}</p><div class="bar"><a class="brand" href="/shop">${w('brand')}</a>${shop.key ? html`<shop-suggest></shop-suggest>` : nothing}<div class="pickers">${this.pickers()}</div></div>
        ${shop.key ? html`<nav class="tabs" aria-label=${w('menu')}>${tab('home', '/shop')}${tab('search', searchPath({}))}${tab('cart', '/shop/cart')}${tab('orders', '/shop/orders')}${tab('services', '/shop/services')}${tab('ask', '/shop/ask')}</nav>` : nothing}</header>
      <main id="content">${this.body()}</main>${shop.key ? html`<rapport-assistant product-id=${page === 'product' ? id : ''}></rapport-assistant>` : nothing}${this.tour ? html`<rp-tour .language=${shop.language} .begin=${this.tour} .go=${(path: string) => go(path)} @ended=${() => (this.tour = undefined)}></rp-tour>` : nothing}<footer><p class="soft small">${w('footer')}</p></footer>`;
  }
}
