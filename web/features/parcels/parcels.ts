import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {shopNow} from '../../api/clock';
import {readLabels} from '../../api/customers';
import {readParcelPolicy, readParcels} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import {behind, kParcelQueues, type Parcel, type ParcelQueue, type Parcels} from '../../model/parcels';
import {ago, chance, count, moneyText, shortLabel, shortMoment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {goodsTabs, nodeChip, promiseText, wayText} from './names';

const kLookAgain_ms = 10_000;
const kPage = 50;
const kMore = 500;

/** Parcels under way: those likely late first, with the promise, when they will come, and what was announced. */
@customElement('rp-parcels')
export class ParcelsScreen extends Screen {
  private timer = 0;
  private counts: Parcels['counts'];
  private readonly list = new Load<Parcels>(this, () => `${this.queue()} ${this.filter('more')}`, (signal) => readParcels(this.queue(), this.filter('more') ? kMore : kPage, signal));
  private readonly policy = new Load(this, () => 'all', readParcelPolicy);
  private readonly labels = new Load(this, () => this.people().join() || undefined, (signal) => readLabels(this.people(), signal));

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && !this.list.busy) void this.list.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }
  private queue(): ParcelQueue {
    return kParcelQueues.find((one) => one === this.filter('queue')) ?? 'likely_late';
  }
  private people(): string[] {
    return (this.list.value?.parcels ?? []).flatMap(({customer}) => (customer ? [customer] : []));
  }

  private bar({counts}: Parcels): TemplateResult {
    // What was delivered comes without counts; those of the queue before stand meanwhile.
    this.counts = counts ?? this.counts;
    const queue = this.queue();
    return html`<div class="chips" role="group" aria-label=${t('parcels.queue')}>${kParcelQueues.map((one) => html`<button class="button" aria-pressed=${queue === one} @click=${() => setFilters({queue: one === 'likely_late' ? '' : one, more: ''})}>${named('parcelqueue', one)}${one !== 'delivered' && this.counts ? html`<strong>${count(this.counts[one])}</strong>` : nothing}</button>`)}</div>`;
  }
  private expected({signed, estimate}: Parcel): TemplateResult {
    if (signed) return html`<span><span class="small muted">${t('parcels.signed')}</span> ${shortMoment(signed)}</span>`;
    if (!estimate) return html`<span class="small muted">${t('parcels.no_estimate')}</span>`;
    return html`<span><span class="small muted">${t('parcels.expected')}</span> ${shortMoment(estimate.at)}</span>
      <span class="small soft">${t('parcels.between', {from: shortMoment(estimate.from), to: shortMoment(estimate.to)})}</span>`;
  }
  private said({announced}: Parcel): TemplateResult | typeof nothing {
    if (!announced) return nothing;
    return html`<span class="chip good">${icon('check', 13)}${t('parcels.told', {when: ago(announced.late_at ?? announced.likely_at)})}</span>
      ${announced.coupon ? html`<span class="chip">${t('parcels.with_coupon', {value: announced.coupon_value ? moneyText(announced.coupon_value) : announced.coupon})}</span>` : nothing}`;
  }
  private row(parcel: Parcel): TemplateResult {
    const over = behind(parcel, shopNow());
    const name = parcel.customer ? shortLabel(this.labels.value?.get(parcel.customer) ?? '') || parcel.customer : t('desk.no_customer');
    return html`<li><a class="goodsrow" href="/parcels/${encodeURIComponent(parcel.order_id)}" data-parcel=${parcel.order_id}>
      <span class="cell"><strong class="mono">${parcel.order_id}</strong><span class="small soft">${name}</span></span>
      <span class="cell">${nodeChip(parcel)}<span class="small muted">${wayText(parcel)}</span></span>
      <span class="cell">${over === undefined ? html`<span class="small muted">${t('parcels.no_promise')}</span>` : html`<span><span class="small muted">${t('parcels.promised')}</span> ${shortMoment(parcel.promised)}</span><span class="small ${over > 0 ? 'wrongly' : 'soft'}">${promiseText(over, parcel.signed !== null)}</span>`}</span>
      <span class="cell">${this.expected(parcel)}</span>
      <span class="cell">${parcel.late_chance === null || parcel.late ? nothing : html`<span><span class="small muted">${t('parcels.chance')}</span> <strong>${chance(parcel.late_chance)}</strong></span>`}<span class="chips">${this.said(parcel)}</span></span></a></li>`;
  }
  private page(answer: Parcels): TemplateResult {
    const queue = this.queue();
    const {parcels, matching} = answer;
    const whole = queue === 'delivered' ? parcels.length < (this.filter('more') ? kMore : kPage) : parcels.length >= matching;
    return html`${this.policy.value?.published === false ? html`<div class="note warn" id="unpublished">${icon('warning')}<div class="grow">${t('parcels.unpublished')}</div><a class="button tiny" href="/parcels/policy">${t('parcels.to_rules')}</a></div>` : nothing}
      ${this.bar(answer)}
      ${parcels.length === 0 ? emptyState(named('parcelsnone', queue), t('parcels.none_text'), nothing, 'box')
        : html`<section class="card flush" aria-label=${named('parcelqueue', queue)}><ul class="plain queue">${repeat(parcels, ({order_id: id}) => id, (one) => this.row(one))}</ul></section>`}
      <div class="row spread"><span class="small muted">${queue === 'delivered' ? t('parcels.newest', {n: count(parcels.length)}) : t('desk.shown', {n: count(parcels.length), of: count(matching)})} · ${t('parcels.learned', {n: count(answer.learned_from)})}</span>
        ${whole || this.filter('more') ? nothing : html`<button class="button" @click=${() => setFilters({more: '1'})}>${t('action.more')}</button>`}</div>`;
  }
  override render(): TemplateResult {
    return html`${pageHead(t('parcels.title'), t('parcels.lead'))}${goodsTabs('parcels')}<div class="stack">${loaded(this.list, (answer) => this.page(answer), 12)}</div>`;
  }
}
