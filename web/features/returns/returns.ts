import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {shopNow} from '../../api/clock';
import {readLabels} from '../../api/customers';
import {readNouns} from '../../api/nouns';
import {readReturns} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import {isWaiting, kReturnQueues, type Return, type ReturnQueue} from '../../model/returns';
import {ago, count, shortLabel, shortMoment, timeLeft} from '../../ui/format';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {productName} from '../../ui/nouns';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {goodsTabs, returnChip} from '../parcels/names';

const kLookAgain_ms = 5_000;
const kPage = 50;
const kMore = 500;

/** Returns: those that wait for a decision by their deadline, those on their way, those done. */
@customElement('rp-returns')
export class ReturnsScreen extends Screen {
  private timer = 0;
  private readonly list = new Load<{returns: Return[]; matching: number}>(this, () => `${this.queue()} ${this.filter('more')}`, (signal) => readReturns(this.queue(), this.filter('more') ? kMore : kPage, signal));
  private readonly nouns = new Load(this, () => 'all', readNouns);
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
  private queue(): ReturnQueue {
    return kReturnQueues.find((one) => one === this.filter('queue')) ?? 'waiting';
  }
  private people(): string[] {
    return (this.list.value?.returns ?? []).flatMap(({customer}) => (customer ? [customer] : []));
  }

  private due(one: Return): TemplateResult {
    if (!one.due_at) return html`<span class="small muted">${isWaiting(one) ? t('returns.no_clock') : t('returns.since', {when: ago(one.since)})}</span>`;
    const left = Date.parse(one.due_at) - shopNow();
    const over = left < 0 || one.late;
    return html`<span><span class="small muted">${t('returns.due')}</span> ${shortMoment(one.due_at)}</span><span class="small ${over ? 'wrongly' : 'soft'}">${t(left < 0 ? 'parcels.is_late' : 'parcels.has_left', {length: timeLeft(Math.abs(left) / 1000)})}</span>`;
  }
  private row(one: Return): TemplateResult {
    const name = one.customer ? shortLabel(this.labels.value?.get(one.customer) ?? '') || one.customer : t('desk.no_customer');
    return html`<li><a class="goodsrow backs" href="/returns/${encodeURIComponent(one.return_id)}" data-return=${one.return_id}>
      <span class="cell"><strong>${one.product_id ? productName(this.nouns.value, one.product_id) : t('returns.whole_order')}</strong><span class="small soft">${name}</span></span>
      <span class="cell"><span>${named('value.reason', one.reason)}</span><span class="small muted mono">${one.order_id}</span></span>
      <span class="cell"><span class="chips">${returnChip(one.state)}${one.late ? html`<span class="chip bad">${t('returns.late')}</span>` : nothing}</span><span class="small muted">${t('returns.asked', {when: ago(one.requested)})}</span></span>
      <span class="cell">${this.due(one)}</span></a></li>`;
  }
  private page({returns, matching}: {returns: Return[]; matching: number}): TemplateResult {
    const queue = this.queue();
    return html`<div class="chips" role="group" aria-label=${t('returns.title')}>${kReturnQueues.map((one) => html`<button class="button" aria-pressed=${queue === one} @click=${() => setFilters({queue: one === 'waiting' ? '' : one, more: ''})}>${named('returnqueue', one)}${queue === one ? html`<strong>${count(matching)}</strong>` : nothing}</button>`)}</div>
      ${returns.length === 0 ? emptyState(named('returnsnone', queue), t('returns.none_text'), nothing, 'box')
        : html`<section class="card flush" aria-label=${named('returnqueue', queue)}><ul class="plain queue">${repeat(returns, ({return_id: id}) => id, (one) => this.row(one))}</ul></section>`}
      <div class="row spread"><span class="small muted">${t('desk.shown', {n: count(returns.length), of: count(matching)})}</span>
        ${returns.length >= matching || this.filter('more') ? nothing : html`<button class="button" @click=${() => setFilters({more: '1'})}>${t('action.more')}</button>`}</div>`;
  }
  override render(): TemplateResult {
    return html`${pageHead(t('parcels.title'), t('returns.lead'))}${goodsTabs('returns')}<div class="stack">${loaded(this.list, (answer) => this.page(answer), 10)}</div>`;
  }
}
