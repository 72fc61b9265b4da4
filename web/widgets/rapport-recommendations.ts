import {css, html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {picture} from './picture';
import {pictureStyles} from './picture_styles';
import {RapportElement} from './runtime/element';
import {listViewed} from './runtime/events';
import {nameOf, priceOf, type Bestsellers, type Product} from './runtime/nouns';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

const kWords: Words<'region' | 'shop' | 'sold' | 'none' | 'rated' | 'why' | 'why_region' | 'why_shop'> = {
  region: ['{region}畅销', '{region}暢銷', 'Best-sellers in {region}'],
  shop: ['全店畅销', '全店暢銷', 'Best-sellers of the shop'],
  sold: ['售出 {n} 件', '售出 {n} 件', '{n} sold'],
  none: ['还没有售出任何商品。', '還沒有售出任何商品。', 'Nothing has been sold yet.'],
  rated: ['{rating} 分，{n} 条评价', '{rating} 分，{n} 則評價', '{rating} of 5, {n} {n|review|reviews}'],
  why: ['为什么看到它', '為什麼看到它', 'Why this'],
  why_region: ['最近 84 天里，它在{region}卖出 {n} 件，排第 {place}。不是按您的个人资料推荐的。', '最近 84 天裡，它在{region}賣出 {n} 件，排第 {place}。不是按您的個人資料推薦的。',
    '{n} sold in {region} in the last 84 days, which is place {place}. Not chosen from anything we know of you.'],
  why_shop: ['最近 84 天里，全店卖出 {n} 件，排第 {place}。不是按您的个人资料推荐的。', '最近 84 天裡，全店賣出 {n} 件，排第 {place}。不是按您的個人資料推薦的。',
    '{n} sold in the shop in the last 84 days, which is place {place}. Not chosen from anything we know of you.'],
};

/**
 * `<rapport-recommendations region="CN-33" region-name="浙江" limit="8" href="/products/{id}">`: what sells best in a region, and why each is
 * shown. Event `rapport-select` {product_id, position}; when it is not prevented the browser follows `href`.
 */
@customElement('rapport-recommendations')
export class RapportRecommendations extends RapportElement {
  @property() region = '';
  @property({attribute: 'region-name'}) regionName = '';
  @property({type: Number}) limit = 8;
  @property() href = '';
  @property({attribute: 'list-id'}) listId = 'bestsellers';
  @state() private answer?: Bestsellers;

  static override styles = [kit, pictureStyles, css`
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(158px, 100%), 1fr)); gap: 14px; margin-top: 12px; }
    .item { display: flex; flex-direction: column; gap: 6px; padding: 10px; }
    a { color: inherit; text-decoration: none; display: flex; flex-direction: column; gap: 6px; }
    a:hover .name { text-decoration: underline; }
    .name { font-weight: 600; line-height: 1.4; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; min-height: 2.8em; }
    .price { font-size: 1.0625em; font-weight: 650; }
    .blank { aspect-ratio: 3 / 4.6; opacity: .5; }
    details { font-size: .8125em; margin-top: auto; } summary { cursor: pointer; color: var(--soft); padding: 6px 0; }
    @media (min-width: 900px) { .grid { grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 18px; } }
  `];

  protected override async load(): Promise<void> {
    const got = await this.client!.get<Bestsellers>('/v1/shop/bestsellers', {region: this.region, limit: this.limit});
    if (!got.ok) {
      this.failed = this.why(got.error);
      return;
    }
    this.failed = '';
    this.answer = got.value;
    if (got.value.items.length) void this.write(listViewed(this.listId, got.value.items.map((item) => item.product_id)));
  }
  protected override updated(changed: PropertyValues): void {
    if (this.hasUpdated && changed.has('region') && changed.get('region') !== undefined) void this.load();
  }

  private readonly choose = (event: Event, item: Product, position: number): void => {
    if (!this.tell('rapport-select', {product_id: item.product_id, position, list_id: this.listId})) event.preventDefault();
  };
  private reason(item: Product, place: number): string {
    const region = this.answer?.region;
    return say(kWords, this.language, region ? 'why_region' : 'why_shop', {region: this.regionName || region || '', n: item.pieces, place});
  }
  private card(item: Product, place: number): TemplateResult {
    const price = priceOf(item);
    return html`<li class="card item"><a href=${this.href ? this.href.replace('{id}', encodeURIComponent(item.product_id)) : nothing}
        @click=${(event: Event) => this.choose(event, item, place)}>${picture(item)}<span class="name">${nameOf(item, this.language, item.product_id)}</span>
        ${price ? html`<span class="price">${this.money(price)}</span>` : nothing}
        <span class="small soft">${say(kWords, this.language, 'sold', {n: item.pieces})}${item.rating === null ? nothing
          : html` · <span class="star" role="img" aria-label=${say(kWords, this.language, 'rated', {rating: item.rating.toFixed(1), n: item.ratings})}>★ ${item.rating.toFixed(1)}</span>`}</span></a>
      <details><summary>${say(kWords, this.language, 'why')}</summary><p class="soft">${this.reason(item, place)}</p></details></li>`;
  }

  override render(): TemplateResult {
    const region = this.answer?.region;
    const title = region ? say(kWords, this.language, 'region', {region: this.regionName || region}) : say(kWords, this.language, 'shop');
    if (this.failed) return html`<p class="bad" role="alert">${this.failed}</p>`;
    if (!this.answer) return html`<ul class="grid" aria-busy="true">${Array.from({length: this.limit}, () => html`<li class="card blank"></li>`)}</ul>`;
    return html`<h2>${title}</h2>${this.answer.items.length
      ? html`<ul class="grid">${this.answer.items.map((item, at) => this.card(item, at + 1))}</ul>` : html`<p class="soft">${say(kWords, this.language, 'none')}</p>`}`;
  }
}
