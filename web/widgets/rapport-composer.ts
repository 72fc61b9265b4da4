import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {asked, type Composition, kPiecesMost, shares, withPieces} from './compose';
import {RapportElement} from './runtime/element';
import {serviceBought} from './runtime/events';
import {minorOf, type Money} from './runtime/money';
import {nameOf, priceOf, titleOf, type Service} from './runtime/nouns';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

type Key = 'title' | 'lead' | 'none' | 'each' | 'free' | 'fewer' | 'more' | 'yours' | 'empty' | 'list' | 'saved' | 'total' | 'take' | 'taken' | 'pricing';
const kWords: Words<Key> = {
  title: ['搭配自己的服务套餐', '搭配自己的服務套餐', 'Put together a package of your own'],
  lead: ['选您需要的几样，价格随选随算，合买有优惠会自动减去。', '選您需要的幾樣，價格隨選隨算，合買有優惠會自動減去。', 'Choose what you need. The price follows at once, and what is cheaper together is taken off by itself.'],
  none: ['现在没有可以搭配的服务。', '現在沒有可以搭配的服務。', 'There is nothing to choose from at the moment.'],
  each: ['每份 {price}', '每份 {price}', '{price} each'],
  free: ['免费', '免費', 'free'],
  fewer: ['少一份{what}', '少一份{what}', 'One {what} fewer'],
  more: ['加一份{what}', '加一份{what}', 'One more {what}'],
  yours: ['您的套餐', '您的套餐', 'Your package'],
  empty: ['还没有选。从左边挑一样开始吧。', '還沒有選。從左邊挑一樣開始吧。', 'Nothing chosen yet. Pick one to begin.'],
  list: ['单独购买', '單獨購買', 'One by one'],
  saved: ['合买优惠', '合買優惠', 'Saved together'],
  total: ['合计', '合計', 'Total'],
  take: ['购买这份套餐', '購買這份套餐', 'Take this package'],
  taken: ['已购买。在“我的服务”里预约和查看。', '已購買。在「我的服務」裡預約和查看。', 'Yours. Book and follow it under “My services”.'],
  pricing: ['正在计算…', '正在計算…', 'Working out the price…'],
};

interface Price {
  lines: {service_id: string; name: string; price: number; quantity: number; total: number}[];
  bundles: string[];
  list: number;
  discount: number;
  total: number;
  currency: string;
}

/** `<rapport-composer>`: the visitor composes a package of services; the price is the server's. Event `rapport-package-bought` {services}. */
@customElement('rapport-composer')
export class RapportComposer extends RapportElement {
  @state() private services: Service[] = [];
  @state() private ready = false;
  @state() private chosen: Composition = new Map();
  @state() private price: Price | undefined;
  @state() private done = false;
  private asking: AbortController | undefined;

  static override styles = [kit, css`
    .two { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    @media (min-width: 760px) { .two { grid-template-columns: minmax(0, 3fr) minmax(260px, 2fr); } .sum { position: sticky; top: var(--rapport-top, 16px); } }
    .choice { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 14px; align-items: center; padding: 14px 0; border-bottom: 1px solid var(--line); }
    .choice:last-child { border-bottom: 0; }
    .choice p { grid-column: 1; }
    .steps { grid-column: 2; grid-row: 1 / span 3; display: flex; align-items: center; gap: 4px; }
    .steps button { width: 44px; padding: 0; font-size: 1.125em; }
    .steps output { min-width: 1.75em; text-align: center; font-weight: 600; font-variant-numeric: tabular-nums; }
    .card { padding: 4px 18px; } .sum { padding: 18px; }
    .sum dl { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px 0; font-variant-numeric: tabular-nums; }
    .sum dd { text-align: end; } .sum .rule { border-top: 1px solid var(--line); padding-top: 10px; }
    .total { font-size: 1.375em; font-weight: 700; line-height: 1.2; }
    .sum button { width: 100%; }
  `];

  protected override async load(): Promise<void> {
    const got = await this.client!.get<{services: Service[]}>('/v1/shop/services');
    this.ready = true;
    if (!got.ok) return void (this.failed = this.why(got.error));
    this.failed = '';
    this.services = got.value.services;
  }
  private set(service: Service, pieces: number): void {
    this.chosen = withPieces(this.chosen, service.service_id, pieces);
    this.done = false;
    void this.ask();
  }
  /** Only the newest question's answer is shown; one that was overtaken is dropped. */
  private async ask(): Promise<void> {
    this.asking?.abort();
    if (this.chosen.size === 0) return void (this.price = undefined);
    const mine = (this.asking = new AbortController());
    const got = await this.client!.ask<Price>('/v1/services/price', asked(this.chosen), mine.signal);
    if (mine.signal.aborted) return;
    this.price = got.ok ? got.value : undefined;
    this.failed = got.ok ? '' : this.why(got.error);
  }
  private amount(value: number, currency: string): Money {
    return {minor: minorOf(String(value), currency) ?? 0, currency};
  }
  private readonly buy = async (): Promise<void> => {
    const price = this.price;
    if (!price) return;
    const lines = price.lines.map((line) => ({service: line.service_id, pieces: line.quantity, total: this.amount(line.total, price.currency).minor}));
    for (const {service, minor} of shares(lines, this.amount(price.total, price.currency).minor))
      if (!await this.write(serviceBought(service, {minor, currency: price.currency}))) return;
    this.tell('rapport-package-bought', asked(this.chosen));
    this.chosen = new Map();
    this.price = undefined;
    this.done = true;
  };

  private name(service: string): string {
    const known = this.services.find((one) => one.service_id === service);
    return known ? titleOf(known, this.language) : service;
  }
  private choice(service: Service): TemplateResult {
    const pieces = this.chosen.get(service.service_id) ?? 0;
    const price = priceOf(service);
    const what = titleOf(service, this.language);
    const about = nameOf({name: service.description, name_en: service.description_en}, this.language);
    return html`<li class="choice"><h3>${what}</h3>${about ? html`<p class="small soft">${about}</p>` : nothing}
      <p class="small">${price && price.minor > 0 ? say(kWords, this.language, 'each', {price: this.money(price)}) : say(kWords, this.language, 'free')}</p>
      <div class="steps"><button aria-label=${say(kWords, this.language, 'fewer', {what})} ?disabled=${pieces === 0} @click=${() => this.set(service, pieces - 1)}>−</button>
        <output>${pieces}</output><button aria-label=${say(kWords, this.language, 'more', {what})} ?disabled=${pieces === kPiecesMost} @click=${() => this.set(service, pieces + 1)}>+</button></div></li>`;
  }
  private sum(price: Price): TemplateResult {
    const shown = (value: number): string => this.money(this.amount(value, price.currency));
    return html`<dl>${price.lines.map((line) => html`<dt>${this.name(line.service_id)}${line.quantity > 1 ? ` × ${line.quantity}` : ''}</dt><dd>${shown(line.total)}</dd>`)}
        ${price.discount > 0 ? html`<dt class="soft rule">${say(kWords, this.language, 'list')}</dt><dd class="soft rule">${shown(price.list)}</dd>
          <dt class="good">${say(kWords, this.language, 'saved')}</dt><dd class="good">−${shown(price.discount)}</dd>` : nothing}
        <dt class="total rule">${say(kWords, this.language, 'total')}</dt><dd class="total rule">${shown(price.total)}</dd></dl>
      <button class="main" @click=${this.buy}>${say(kWords, this.language, 'take')}</button>`;
  }
  private summary(): TemplateResult {
    if (this.price) return this.sum(this.price);
    if (this.done) return html`<p class="note good">${say(kWords, this.language, 'taken')}</p>`;
    return html`<p class="soft">${say(kWords, this.language, this.chosen.size ? 'pricing' : 'empty')}</p>`;
  }
  override render(): TemplateResult | typeof nothing {
    if (!this.ready && !this.failed) return nothing;
    return html`<section class="stack"><div><h2>${say(kWords, this.language, 'title')}</h2><p class="soft small">${say(kWords, this.language, 'lead')}</p></div>
      ${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      ${this.services.length === 0 ? html`<p class="soft">${say(kWords, this.language, 'none')}</p>` : html`<div class="two"><ul class="card">${this.services.map((service) => this.choice(service))}</ul>
        <div class="card sum stack" aria-live="polite"><h3>${say(kWords, this.language, 'yours')}</h3>${this.summary()}</div></div>`}</section>`;
  }
}
