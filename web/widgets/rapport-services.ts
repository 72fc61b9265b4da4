import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import './rapport-booking';
import {RapportElement} from './runtime/element';
import {serviceBought, serviceKnown, serviceOffered, serviceRated} from './runtime/events';
import {nameOf, priceOf, titleOf, type HeldService, type Service, type Visitor} from './runtime/nouns';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

type Key = 'mine' | 'none' | 'offer' | 'add' | 'free' | 'about' | 'book' | 'appointments' | 'rate' | 'offered' | 'known' | 'bought' | 'entitled' | 'booked' | 'delivered' | 'used' | 'rated'
  | 'renewed' | 'lapsed' | 'star';
const kWords: Words<Key> = {
  mine: ['我的服务', '我的服務', 'My services'],
  none: ['还没有服务。', '還沒有服務。', 'No services yet.'],
  offer: ['可以添加的服务', '可以加購的服務', 'Services to add'],
  add: ['添加 · {price}', '加購 · {price}', 'Add · {price}'],
  free: ['免费', '免費', 'free'],
  about: ['了解', '瞭解', 'What it is'],
  book: ['预约', '預約', 'Book'],
  appointments: ['查看或取消预约', '查看或取消預約', 'See or cancel it'],
  rate: ['打分', '評分', 'Rate it'],
  star: ['{n} 分', '{n} 分', '{n} of 5'],
  offered: ['已推荐', '已推薦', 'Offered'],
  known: ['已了解', '已瞭解', 'Known'],
  bought: ['已购买', '已購買', 'Bought'],
  entitled: ['已享有', '已享有', 'Entitled'],
  booked: ['已预约', '已預約', 'Booked'],
  delivered: ['已完成', '已完成', 'Delivered'],
  used: ['已使用', '已使用', 'Used'],
  rated: ['已评价', '已評價', 'Rated'],
  renewed: ['已续订', '已續訂', 'Renewed'],
  lapsed: ['已到期', '已到期', 'Lapsed'],
};
const kHeld = ['bought', 'entitled', 'booked', 'delivered', 'used', 'rated', 'renewed', 'lapsed'];

/** `<rapport-services order-id="...">`: the visitor's services with their stage, and those she may add. Event `rapport-service-bought` {service_id}. */
@customElement('rapport-services')
export class RapportServices extends RapportElement {
  @property({attribute: 'order-id'}) orderId = '';
  @state() private services: Service[] = [];
  @state() private held: HeldService[] = [];
  @state() private appointments: NonNullable<Visitor['appointments']> = [];
  private readonly offeredNow = new Set<string>();

  static override styles = [kit, css`
    .grid { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr)); margin-top: 10px; }
    .card { display: grid; gap: 8px; align-content: start; }
    .stage { color: var(--good); font-weight: 600; font-size: .875em; }
    summary { cursor: pointer; color: var(--soft); font-size: .875em; padding: 6px 0; }
    .rates button { min-width: 44px; padding: 0; }
  `];

  protected override async load(): Promise<void> {
    const [services, visitor] = await Promise.all([this.client!.get<{services: Service[]}>('/v1/shop/services'), this.client!.me<Visitor>()]);
    if (!services.ok) return void (this.failed = this.why(services.error));
    if (!visitor.ok) return void (this.failed = this.why(visitor.error));
    this.failed = '';
    this.services = services.value.services;
    this.held = visitor.value.services;
    this.appointments = visitor.value.appointments ?? [];
    for (const service of this.toAdd()) {
      if (this.offeredNow.has(service.service_id) || this.held.some((one) => one.service_id === service.service_id)) continue;
      this.offeredNow.add(service.service_id);
      void this.write(serviceOffered(service.service_id, priceOf(service), this.orderId));
    }
  }
  private owned(): HeldService[] {
    return this.held.filter((one) => kHeld.includes(one.stage));
  }
  private toAdd(): Service[] {
    const owned = new Set(this.owned().map((one) => one.service_id));
    return this.services.filter((service) => !owned.has(service.service_id));
  }
  private readonly opened = (event: Event, service: Service): void => {
    if ((event.target as HTMLDetailsElement).open && !this.held.some((one) => one.service_id === service.service_id && one.stage !== 'offered'))
      void this.write(serviceKnown(service.service_id));
  };
  private readonly buy = async (service: Service): Promise<void> => {
    if (!await this.write(serviceBought(service.service_id, priceOf(service) ?? {minor: 0, currency: service.currency ?? 'CNY'}, this.orderId))) return;
    this.tell('rapport-service-bought', {service_id: service.service_id});
    await this.load();
  };
  private readonly booked = (): void => void this.load();
  private readonly rate = async (service: string, rating: number): Promise<void> => {
    if (await this.write(serviceRated(service, rating))) await this.load();
  };
  private about(service: Partial<Service>): string {
    return nameOf({name: service.description, name_en: service.description_en}, this.language);
  }
  /** An appointment that stands says when it is; any other stage since when it has been. */
  private when(one: HeldService): string {
    const next = one.stage === 'booked' ? this.appointments.find((each) => each.service_id === one.service_id) : undefined;
    return next ? this.moment(next.for) : this.day(one.since);
  }
  private mine(one: HeldService): TemplateResult {
    const id = one.service_id;
    return html`<li class="card"><h3>${titleOf({...one.service, service_id: id}, this.language)}</h3>
      <p class="stage">${say(kWords, this.language, one.stage as Key)} · ${this.when(one)}</p><p class="small soft">${this.about(one.service)}</p>
      ${['bought', 'entitled', 'renewed', 'booked'].includes(one.stage) ? html`<details><summary>${say(kWords, this.language, one.stage === 'booked' ? 'appointments' : 'book')}</summary>
        <rapport-booking service-id=${id} public-key=${this.publicKey || nothing} server=${this.server || nothing} @rapport-service-booked=${this.booked} @rapport-service-cancelled=${this.booked}></rapport-booking></details>` : nothing}
      ${['delivered', 'used'].includes(one.stage) ? html`<div class="row rates"><span class="small">${say(kWords, this.language, 'rate')}</span>${[1, 2, 3, 4, 5].map((n) => html`
        <button aria-label=${say(kWords, this.language, 'star', {n})} @click=${() => void this.rate(id, n)}>${n}</button>`)}</div>` : nothing}</li>`;
  }
  private offer(service: Service): TemplateResult {
    const price = priceOf(service);
    const shown = !price || price.minor === 0 ? say(kWords, this.language, 'free') : this.money(price);
    return html`<li class="card"><h3>${titleOf(service, this.language)}</h3>
      ${this.about(service) ? html`<details @toggle=${(event: Event) => this.opened(event, service)}><summary>${say(kWords, this.language, 'about')}</summary><p class="small">${this.about(service)}</p></details>` : nothing}
      <p><button @click=${() => void this.buy(service)}>${say(kWords, this.language, 'add', {price: shown})}</button></p></li>`;
  }
  override render(): TemplateResult {
    const owned = this.owned();
    const more = this.toAdd();
    return html`<div class="stack">${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}
      ${this.orderId ? nothing : html`<section><h2>${say(kWords, this.language, 'mine')}</h2>${owned.length
        ? html`<ul class="grid">${owned.map((one) => this.mine(one))}</ul>` : html`<p class="soft">${say(kWords, this.language, 'none')}</p>`}</section>`}
      ${more.length ? html`<section><h2>${say(kWords, this.language, 'offer')}</h2><ul class="grid">${more.map((service) => this.offer(service))}</ul></section>` : nothing}</div>`;
  }
}
