import {css, html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {picture} from './picture';
import {pictureStyles} from './picture_styles';
import {RapportElement} from './runtime/element';
import {anonymousId} from './runtime/client';
import {listViewed, recommendationClicked, recommendationShown} from './runtime/events';
import {nameOf, priceOf, type Bestsellers, type Product, type Recommendations, type Recommended} from './runtime/nouns';
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

const kWhy: Words<'bought' | 'viewed' | 'in_view' | 'rule' | 'category_rule' | 'due' | 'category' | 'region' | 'trend' | 'top' | 'newest' | 'offer' | 'need' | 'other'> = {
  bought: ['因为您买过“{title}”。', '因為您買過「{title}」。', 'Because you bought “{title}”.'],
  viewed: ['因为您看过“{title}”。', '因為您看過「{title}」。', 'Because you looked at “{title}”.'],
  in_view: ['和“{title}”相似，或者选它的人也常选。', '和「{title}」相似，或者選它的人也常選。', 'Similar to “{title}”, or often taken with it.'],
  rule: ['买“{title}”的人常常一起买它。', '買「{title}」的人常常一起買它。', 'Often bought together with “{title}”.'],
  category_rule: ['买了“{title}”这一类的人，常常也买这一类。', '買了「{title}」這一類的人，常常也買這一類。', 'Things like “{title}” are often bought together with things like this.'],
  due: ['按您以往的间隔，差不多该补了。', '按您以往的間隔，差不多該補了。', 'By your usual interval it is about to run out.'],
  category: ['您最近常看这一类。', '您最近常看這一類。', 'You have been looking at things of this kind.'],
  region: ['在您所在的地区卖得好。', '在您所在的地區賣得好。', 'It sells well where you are.'],
  trend: ['最近卖得好。', '最近賣得好。', 'It has been selling well lately.'],
  top: ['全店卖得好，不是按您的个人资料推荐的。', '全店賣得好，不是按您的個人資料推薦的。', 'It sells well in the whole shop. Not chosen from anything we know of you.'],
  newest: ['刚刚上架。', '剛剛上架。', 'New in the shop.'],
  offer: ['商店为这个场合准备的。', '商店為這個場合準備的。', 'The shop’s own offer for this occasion.'],
  need: ['与您近期的需要相配。', '與您近期的需要相配。', 'It fits what you are likely to need next.'],
  other: ['商店选了它。', '商店選了它。', 'Chosen by the shop.'],
};

const kKinds: Words<'bundle' | 'content' | 'service' | 'coupon' | 'adviser' | 'early_access' | 'product'> = {
  bundle: ['套装', '套裝', 'Bundle'],
  content: ['教程', '教學', 'How-to'],
  service: ['服务', '服務', 'Service'],
  coupon: ['优惠券', '優惠券', 'Coupon'],
  adviser: ['专属顾问', '專屬顧問', 'Adviser'],
  early_access: ['抢先体验', '搶先體驗', 'Early access'],
  product: ['商品', '商品', 'Product'],
};

/**
 * `<rapport-recommendations region="CN-33" region-name="浙江" limit="8" href="/products/{id}">`: what the shop's models recommend to this visitor out of her own
 * events (`scene`, `product` in view), or, while none are trained, what sells best in a region; and why each is shown. Event `rapport-select` {product_id, position}; when it is not prevented the browser follows `href`.
 */
@customElement('rapport-recommendations')
export class RapportRecommendations extends RapportElement {
  @property() region = '';
  @property({attribute: 'region-name'}) regionName = '';
  @property({type: Number}) limit = 8;
  @property() href = '';
  @property({attribute: 'list-id'}) listId = 'bestsellers';
  @property() scene = '';
  @property() product = '';
  /** Nothing at all while no models are trained, in place of best-sellers. */
  @property({type: Boolean, attribute: 'only-trained'}) onlyTrained = false;
  @state() private answer?: Bestsellers;
  @state() private chosen?: Recommendations;
  private seen?: IntersectionObserver;
  private readonly told = new Set<number>();

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
    const chosen = await this.client!.get<Recommendations>('/v1/shop/recommendations', {
      anonymous_id: anonymousId(), scene: this.scene, product: this.product, region: this.region, limit: this.limit,
    });
    // An older server, or a shop without models: best-sellers say as much, and say that they are.
    this.chosen = chosen.ok && chosen.value.trained && chosen.value.items.length ? chosen.value : undefined;
    this.told.clear();
    if (this.chosen) {
      this.failed = '';
      return;
    }
    if (this.onlyTrained) return;
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
    const asked = (['region', 'product', 'scene'] as const).some((name) => changed.has(name) && changed.get(name) !== undefined);
    if (this.hasUpdated && asked) void this.load();
    if (changed.has('chosen')) this.watchCards();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.seen?.disconnect();
  }
  /** What was not seen was not shown: a card counts once half of it was on the screen. */
  private watchCards(): void {
    this.seen?.disconnect();
    if (!this.chosen) return;
    this.seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.shown(Number((entry.target as HTMLElement).dataset['position']));
    }, {threshold: .5});
    for (const card of this.renderRoot.querySelectorAll('li[data-position]')) this.seen.observe(card);
  }
  private shown(position: number): void {
    const item = this.chosen?.items.find((one) => one.position === position);
    if (!this.chosen || !item || this.told.has(position)) return;
    this.told.add(position);
    void this.client?.track(recommendationShown(this.chosen.decision_id, item.item, item.item_kind, position, this.chosen.scene));
  }
  private readonly take = (event: Event, item: Recommended): void => {
    this.shown(item.position);
    void this.client?.track(recommendationClicked(this.chosen!.decision_id, item.item, item.item_kind, item.position, this.chosen!.scene));
    if (!this.tell('rapport-select', {product_id: item.product_id, item: item.item, position: item.position, list_id: this.listId})) event.preventDefault();
  };
  private whyOf(item: Recommended): string {
    const kind = item.why.kind in kWhy ? item.why.kind as keyof typeof kWhy : 'other';
    const title = nameOf({name: item.why.title, name_en: item.why.title_en}, this.language, item.why.because ?? '');
    return say(kWhy, this.language, kind, {title});
  }
  private recommended(item: Recommended): TemplateResult {
    const name = nameOf(item.product_id ? item : {name: item.title, name_en: item.title_en}, this.language, item.item);
    const price = item.product_id ? priceOf(item as Product) : undefined;
    return html`<li class="card item" data-position=${item.position}><a href=${this.href && item.product_id
        ? this.href.replace('{id}', encodeURIComponent(item.product_id)) : nothing} @click=${(event: Event) => this.take(event, item)}>
        ${item.product_id ? picture(item as Product) : html`<span class="small soft">${say(kKinds, this.language, kindOf(item))}</span>`}<span class="name">${name}</span>
        ${price ? html`<span class="price">${this.money(price)}</span>` : nothing}${item.product_id ? this.figures(item as Product) : nothing}</a>
      <details><summary>${say(kWords, this.language, 'why')}</summary><p class="soft">${this.whyOf(item)}</p></details></li>`;
  }
  private chosenTitle(): string {
    const title = this.chosen!.title;
    return this.language === 'zh-CN' ? title['zh-Hans'] : this.language === 'zh-TW' ? title['zh-Hant'] : title.en;
  }

  private readonly choose = (event: Event, item: Product, position: number): void => {
    if (!this.tell('rapport-select', {product_id: item.product_id, position, list_id: this.listId})) event.preventDefault();
  };
  private reason(item: Product, place: number): string {
    const region = this.answer?.region;
    return say(kWords, this.language, region ? 'why_region' : 'why_shop', {region: this.regionName || region || '', n: item.pieces, place});
  }
  private figures(item: Product): TemplateResult {
    return html`<span class="small soft">${say(kWords, this.language, 'sold', {n: item.pieces})}${item.rating === null ? nothing
      : html` · <span class="star" role="img" aria-label=${say(kWords, this.language, 'rated', {rating: item.rating.toFixed(1), n: item.ratings})}>★ ${item.rating.toFixed(1)}</span>`}</span>`;
  }
  private card(item: Product, place: number): TemplateResult {
    const price = priceOf(item);
    return html`<li class="card item"><a href=${this.href ? this.href.replace('{id}', encodeURIComponent(item.product_id)) : nothing}
        @click=${(event: Event) => this.choose(event, item, place)}>${picture(item)}<span class="name">${nameOf(item, this.language, item.product_id)}</span>
        ${price ? html`<span class="price">${this.money(price)}</span>` : nothing}
        ${this.figures(item)}</a>
      <details><summary>${say(kWords, this.language, 'why')}</summary><p class="soft">${this.reason(item, place)}</p></details></li>`;
  }

  override render(): TemplateResult {
    const region = this.answer?.region;
    const title = region ? say(kWords, this.language, 'region', {region: this.regionName || region}) : say(kWords, this.language, 'shop');
    if (this.chosen) return html`<h2>${this.chosenTitle()}</h2><ul class="grid">${this.chosen.items.map((item) => this.recommended(item))}</ul>`;
    if (this.onlyTrained) return html``;
    if (this.failed) return html`<p class="bad" role="alert">${this.failed}</p>`;
    if (!this.answer) return html`<ul class="grid" aria-busy="true">${Array.from({length: this.limit}, () => html`<li class="card blank"></li>`)}</ul>`;
    return html`<h2>${title}</h2>${this.answer.items.length
      ? html`<ul class="grid">${this.answer.items.map((item, at) => this.card(item, at + 1))}</ul>` : html`<p class="soft">${say(kWords, this.language, 'none')}</p>`}`;
  }
}

const kindOf = (item: Recommended): keyof typeof kKinds => item.item_kind in kKinds ? item.item_kind as keyof typeof kKinds : 'product';
