import {css, html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {randomId} from './runtime/client';
import {RapportElement} from './runtime/element';
import {reviewed} from './runtime/events';
import type {Review, Reviews} from './runtime/nouns';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

type Reason = 'media' | 'verified' | 'follow_up' | 'aspects' | 'length' | 'recency';
const kReasons: Words<Reason> = {
  media: ['有图片或视频', '有圖片或影片', 'has pictures'],
  verified: ['已购买', '已購買', 'bought here'],
  follow_up: ['用过以后又来补充', '用過以後又來補充', 'came back after using it'],
  aspects: ['说到多个方面', '說到多個方面', 'speaks of several things'],
  length: ['写得详细', '寫得詳細', 'written at length'],
  recency: ['较新', '較新', 'recent'],
};
/** What reviews speak of, as visitors would say it. What stands in no line is shown as it came. */
const kAspects: Record<string, readonly [string, string, string]> = {
  quality: ['质量', '品質', 'quality'], function: ['使用效果', '使用效果', 'how it works'], battery: ['续航', '續航', 'battery'], noise: ['噪音', '噪音', 'noise'],
  size: ['尺寸', '尺寸', 'size'], appearance: ['外观', '外觀', 'look'], smell: ['气味', '氣味', 'smell'], taste: ['口味', '口味', 'taste'], safety: ['安全', '安全', 'safety'],
  instructions: ['说明书', '說明書', 'instructions'], attitude: ['态度', '態度', 'manner'], response: ['回复速度', '回覆速度', 'answers'], repair: ['维修', '維修', 'repair'],
  return: ['退换', '退換', 'returns'], installation: ['安装', '安裝', 'installation'], delay: ['配送时效', '配送時效', 'delivery time'], packaging: ['包装', '包裝', 'packaging'],
  damage: ['破损', '破損', 'damage'], courier: ['快递员', '快遞員', 'courier'], value: ['性价比', 'CP 值', 'value'], price: ['价格', '價格', 'price'], discount: ['优惠', '優惠', 'offers'],
};
const kWords: Words<'title' | 'of' | 'none' | 'verified' | 'followed' | 'replied' | 'write' | 'stars' | 'text' | 'send' | 'thanks' | 'cancel' | 'give' | 'count' | 'why' | 'why_text' | 'points' | 'critical' | 'all' | 'about' | 'more' | 'pictures'> = {
  title: ['评价', '評價', 'Reviews'],
  of: ['满分 5 分，得 {rating} 分', '滿分 5 分，得 {rating} 分', '{rating} out of 5'],
  none: ['还没有评价。', '還沒有評價。', 'No reviews yet.'],
  verified: ['已购买', '已購買', 'Bought here'],
  followed: ['后来补充', '後來補充', 'Later'],
  replied: ['商家回复', '商家回覆', 'The shop'],
  write: ['写评价', '寫評價', 'Write a review'],
  stars: ['{n} 星', '{n} 星', '{n} {n|star|stars}'],
  text: ['用下来怎么样？', '用下來怎麼樣？', 'How is it to live with?'],
  send: ['发表', '發表', 'Post'],
  thanks: ['已发表，谢谢。', '已發表，謝謝。', 'Posted. Thank you.'],
  cancel: ['取消', '取消', 'Cancel'],
  give: ['打几分', '打幾分', 'Your rating'],
  count: ['{n} 条', '{n} 則', '{n} {n|review|reviews}'],
  why: ['为什么排在这里', '為什麼排在這裡', 'Why it stands here'],
  why_text: ['排序只看说了多少、是否买过用过，不看打几分。', '排序只看說了多少、是否買過用過，不看打幾分。', 'The order goes by what was told and whether it was bought and used, never by the stars.'],
  points: ['{points} 分', '{points} 分', '{points} points'],
  critical: ['看最有用的差评', '看最有用的負評', 'The most useful critical review'],
  all: ['全部评价', '全部評價', 'All reviews'],
  about: ['按内容筛选', '依內容篩選', 'By what they speak of'],
  more: ['更多', '更多', 'More'],
  pictures: ['有图', '有圖', 'Pictures'],
};
const kText_most = 2000;

/** `<rapport-reviews product-id="P100">`: rating, reviews, and a form to write one. Event `rapport-reviewed` {review_id, product_id, rating}. */
@customElement('rapport-reviews')
export class RapportReviews extends RapportElement {
  @property({attribute: 'product-id'}) productId = '';
  @property({type: Number}) limit = 5;
  @state() private answer?: Reviews;
  @state() private writing = false;
  @state() private thanks = false;
  @state() private aspect = '';
  @state() private critical = false;

  static override styles = [kit, css`
    .head { display: flex; gap: 14px; align-items: baseline; flex-wrap: wrap; margin-bottom: 12px; }
    .mean { font-size: 1.75em; font-weight: 680; line-height: 1; }
    .bars { display: grid; gap: 3px; margin: 0 0 14px; max-width: 320px; }
    .bars li { display: grid; grid-template-columns: 4em 1fr 3em; gap: 8px; align-items: center; font-size: .8125em; color: var(--soft); }
    meter { width: 100%; height: 10px; }
    .tags { gap: 6px; margin-bottom: 8px; } .tag { min-height: 36px; padding: 0 12px; border-radius: 18px; border: 1px solid var(--line); background: none; color: inherit; font: inherit; font-size: .875em; cursor: pointer; }
    .tag[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); font-weight: 600; } summary { cursor: pointer; } details p { margin: 4px 0; }
    li.review { padding: 14px 0; border-top: 1px solid var(--line); display: grid; gap: 6px; }
    .answer { border-inline-start: 3px solid var(--accent); padding-inline-start: 10px; font-size: .9375em; }
    .pick { display: flex; gap: 4px; } .pick label { position: relative; } .pick input { position: absolute; opacity: 0; inset: 0; }
    .pick span { display: grid; place-items: center; width: 44px; height: 44px; font-size: 1.5em; color: var(--star); margin: 0; }
    .pick input:focus-visible + span { outline: 2px solid var(--accent); border-radius: 8px; }
    .pick label:has(~ label input:checked) span::before, .pick input:checked + span::before { content: "★"; }
    .pick span::before { content: "☆"; }
  `];

  protected override async load(): Promise<void> {
    if (!this.productId) return;
    const got = await this.client!.get<Reviews>(`/v1/shop/products/${encodeURIComponent(this.productId)}/reviews`, this.question(0));
    if (got.ok) this.answer = got.value;
    else this.failed = this.why(got.error);
  }
  private question(skip: number): Record<string, string | number> {
    return {limit: this.limit, ...(skip && {skip}), ...(this.aspect && {aspect: this.aspect}), ...(this.critical && {critical: 'true'})};
  }
  private async show(aspect: string, critical: boolean): Promise<void> {
    this.aspect = aspect;
    this.critical = critical;
    await this.load();
  }
  private readonly more = async (): Promise<void> => {
    const known = this.answer;
    if (!known?.next) return;
    const got = await this.client!.get<Reviews>(`/v1/shop/products/${encodeURIComponent(this.productId)}/reviews`, this.question(known.next));
    if (got.ok) this.answer = {...got.value, reviews: [...known.reviews, ...got.value.reviews]};
    else this.failed = this.why(got.error);
  };
  protected override updated(changed: PropertyValues): void {
    if (!changed.get('productId')) return;
    this.aspect = '';
    this.critical = false;
    void this.load();
  }

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const id = `V-${randomId().slice(0, 16)}`;
    const rating = Number(form.get('rating'));
    this.failed = '';
    if (!await this.write(reviewed(id, this.productId, rating, String(form.get('text')).trim().slice(0, kText_most)))) return;
    this.writing = false;
    this.thanks = true;
    this.tell('rapport-reviewed', {review_id: id, product_id: this.productId, rating});
    await this.load();
  };

  private stars(rating: number): TemplateResult {
    const full = Math.round(rating);
    return html`<span class="star" role="img" aria-label=${say(kWords, this.language, 'of', {rating: Number(rating.toFixed(1))})}>${'★'.repeat(full)}${'☆'.repeat(5 - full)}</span>`;
  }
  private review(one: Review): TemplateResult {
    return html`<li class="review"><div class="row small">${this.stars(one.rating)}<span class="soft">${this.day(one.at)}</span>
        ${one.has_media ? html`<span class="soft">${say(kWords, this.language, 'pictures')}</span>` : nothing}
        ${one.verified ? html`<span class="good">✓ ${say(kWords, this.language, 'verified')}</span>` : nothing}</div>
      <p>${one.title ? html`<strong>${one.title}</strong> ` : nothing}${one.text}</p>
      ${one.follow_up ? html`<p class="answer"><strong>${say(kWords, this.language, 'followed')}</strong> ${one.follow_up}</p>` : nothing}
      ${one.reply ? html`<p class="answer"><strong>${say(kWords, this.language, 'replied')}</strong> ${one.reply}</p>` : nothing}
      ${one.reasons?.length ? html`<details class="small soft"><summary>${say(kWords, this.language, 'why')}</summary><p>${one.reasons.map(({kind, points}) => `${kind in kReasons ? say(kReasons, this.language, kind as Reason) : kind} ${say(kWords, this.language, 'points', {points})}`).join(' · ')}</p><p>${say(kWords, this.language, 'why_text')}</p></details>` : nothing}</li>`;
  }
  private aspectName(aspect: string): string {
    const [hans, hant, en] = kAspects[aspect] ?? [aspect, aspect, aspect];
    return this.language === 'en' ? en : this.language === 'zh-TW' ? hant : hans;
  }
  private filters(answer: Reviews): TemplateResult {
    const tags = (answer.aspects ?? []).slice(0, 8);
    const press = (text: string, pressed: boolean, aspect: string, critical: boolean): TemplateResult => html`<button type="button" class="tag" aria-pressed=${pressed} @click=${() => this.show(aspect, critical)}>${text}</button>`;
    return html`<div class="row tags" role="group" aria-label=${say(kWords, this.language, 'about')}>
      ${press(say(kWords, this.language, 'all'), !this.aspect && !this.critical, '', false)}
      ${answer.critical || this.critical ? press(say(kWords, this.language, 'critical'), this.critical, '', true) : nothing}
      ${tags.map(({aspect, reviews}) => press(`${this.aspectName(aspect)} ${reviews}`, this.aspect === aspect, aspect, false))}</div>`;
  }
  private form(): TemplateResult {
    return html`<form class="card stack" @submit=${this.send}><fieldset><legend class="small soft">${say(kWords, this.language, 'give')}</legend>
        <div class="pick">${[1, 2, 3, 4, 5].map((n) => html`<label><input type="radio" name="rating" value=${n} required><span aria-hidden="true"></span>
          <span class="unseen">${say(kWords, this.language, 'stars', {n})}</span></label>`)}</div></fieldset>
      <label><span>${say(kWords, this.language, 'text')}</span><textarea name="text" required maxlength=${kText_most}></textarea></label>
      <div class="row"><button class="main">${say(kWords, this.language, 'send')}</button>
        <button type="button" class="link" @click=${() => (this.writing = false)}>${say(kWords, this.language, 'cancel')}</button></div></form>`;
  }
  private summary(answer: Reviews): TemplateResult {
    if (answer.rating === null) return html`<p class="soft">${say(kWords, this.language, 'none')}</p>`;
    const most = Math.max(1, ...answer.by_stars);
    return html`<div class="head"><span class="mean">${answer.rating.toFixed(1)}</span>${this.stars(answer.rating)}
        <span class="soft">${say(kWords, this.language, 'count', {n: answer.ratings})}</span></div>
      <ul class="bars">${[5, 4, 3, 2, 1].map((n) => html`<li><span>${say(kWords, this.language, 'stars', {n})}</span>
        <meter min="0" max=${most} value=${answer.by_stars[n - 1] ?? 0} aria-label=${say(kWords, this.language, 'stars', {n})}></meter><span>${answer.by_stars[n - 1] ?? 0}</span></li>`)}</ul>`;
  }
  override render(): TemplateResult {
    return html`<div class="row"><h2>${say(kWords, this.language, 'title')}</h2>
        ${this.writing ? nothing : html`<button class="link" @click=${() => { this.writing = true; this.thanks = false; }}>${say(kWords, this.language, 'write')}</button>`}</div>
      ${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      <p class="good" role="status">${this.thanks ? say(kWords, this.language, 'thanks') : ''}</p>
      ${this.writing ? this.form() : nothing}
      ${this.answer ? html`${this.summary(this.answer)}${this.filters(this.answer)}<ul>${this.answer.reviews.map((one) => this.review(one))}</ul>
        ${this.answer.next ? html`<button type="button" class="link" @click=${this.more}>${say(kWords, this.language, 'more')}</button>` : nothing}` : nothing}`;
  }
}
