import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type LoggedEvent, readLabel, readTimeline} from '../../api/customers';
import {readParcel, readParcelPolicy} from '../../api/parcels';
import {named, t} from '../../i18n/i18n';
import {behind, evidenceOf, inOrder, type ParcelPage, type Told, toldOf} from '../../model/parcels';
import {chance, count, moment, moneyText, shortMoment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {nodeChip, promiseText, wayText} from './names';

const kLookAgain_ms = 10_000;
const kEvents = 500;

/** What an announcement rested on, in the reader's language. */
function evidenceText(text: string): TemplateResult | string {
  const found = evidenceOf(text);
  if (!found) return text;
  const parts = [found.like_it ? `${t('parcels.like_it', {n: found.like_it})} ${named('lanerung', found.rung ?? '0')}` : t('parcels.no_estimate'), found.late ? t('parcels.is_late', {length: found.late}) : '',
    found.given ? (found.budget ? t('parcels.given_of', {amount: found.given, budget: found.budget, days: found.days ?? ''}) : t('parcels.given', {amount: found.given, days: found.days ?? ''})) : ''];
  return html`${parts.filter(Boolean).map((part) => html`<div>${part}</div>`)}`;
}

/** Why nothing was announced yet: a doubt waits for news until the last call. */
const waiting = ({decided_at: at}: ParcelPage, now_ms: number): string =>
  at === null ? t('parcels.no_promise') : Date.parse(at) > now_ms ? t('parcels.waits', {when: moment(at)}) : t('parcels.not_told', {when: moment(at)});

/** One parcel: its six nodes with time and place, when it will come, what was announced and why. */
@customElement('rp-parcel')
export class ParcelScreen extends Screen {
  private timer = 0;
  private readonly parcel = new Load(this, () => this.place.params['id'], (signal) => readParcel(this.place.params['id'] ?? '', signal));
  private readonly policy = new Load(this, () => 'all', readParcelPolicy);
  private readonly label = new Load(this, () => this.parcel.value?.customer ?? undefined, (signal) => readLabel(this.parcel.value?.customer ?? '', signal));
  /** Asked for only where something was announced: its event says why. */
  private readonly events = new Load<{events: LoggedEvent[]}>(this, () => (this.parcel.value?.announced ? `${this.parcel.value.customer ?? ''} ${this.parcel.value.announced.late_at ?? ''}` : undefined),
    (signal) => readTimeline(this.parcel.value?.customer ?? '', kEvents, signal));

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && !this.parcel.busy) void this.parcel.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private node({node, reached, promised, place}: ParcelPage['nodes'][number], newest: string): TemplateResult {
    const mark = node === 'exception' ? icon('warning', 14) : reached ? icon('check', 14) : nothing;
    return html`<li data-node=${node} ?data-reached=${reached !== null} aria-current=${node === newest ? 'step' : nothing}><span class="knob">${mark}</span>
      <span><strong>${named('state', node)}</strong>${place ? html` <span class="soft">${place}</span>` : nothing}<br>
        <span class="small muted">${reached ? moment(reached) : promised ? t('parcels.promised_by', {when: moment(promised)}) : t('parcels.not_yet')}</span></span></li>`;
  }
  private estimate(parcel: ParcelPage): TemplateResult {
    const over = behind(parcel, shopNow());
    const {estimate} = parcel;
    return html`<section class="card stack tight" id="estimate"><header><h2>${t('parcels.when')}</h2></header>
      <dl class="pairs"><dt>${t('parcels.promised')}</dt><dd>${over === undefined ? t('parcels.no_promise') : html`${moment(parcel.promised)}<br><span class="small ${over > 0 ? 'wrongly' : 'soft'}">${promiseText(over, parcel.signed !== null)}</span>`}</dd>
        ${parcel.signed ? html`<dt>${t('parcels.signed')}</dt><dd>${moment(parcel.signed)}</dd>` : html`<dt>${t('parcels.expected')}</dt><dd>${estimate ? html`<strong>${moment(estimate.at)}</strong><br><span class="small soft">${t('parcels.between', {from: shortMoment(estimate.from), to: shortMoment(estimate.to)})}</span>` : t('parcels.no_estimate')}</dd>
        ${parcel.late_chance === null || parcel.late ? nothing : html`<dt>${t('parcels.chance')}</dt><dd>${chance(parcel.late_chance)}</dd>`}`}</dl>
      ${estimate ? html`<p class="small muted">${t('parcels.like_it', {n: count(estimate.like_it)})} ${named('lanerung', String(estimate.rung))}${estimate.few ? html`<br>${t('parcels.few')}` : nothing}</p>` : nothing}</section>`;
  }
  private one(told: Told): TemplateResult {
    return html`<li class="stack tight"><span><strong>${named('parcelstep', told.step)}</strong> <time class="small muted" datetime=${told.at}>${moment(told.at)}</time></span>
      <dl class="pairs small">${told.chance === undefined ? nothing : html`<dt>${t('parcels.chance_then')}</dt><dd>${chance(told.chance)}</dd>`}
        <dt>${t('parcels.by_channel')}</dt><dd>${told.channels.length ? told.channels.map((one) => named('value.channel', one)).join(' · ') : t('parcels.no_channel')}</dd>
        <dt>${t('parcels.coupon')}</dt><dd>${told.coupon ? html`<span class="mono">${told.coupon}</span>` : told.withheld ? named('withheld', told.withheld.replaceAll(' ', '_')) : t('parcels.no_coupon')}</dd>
        ${told.evidence ? html`<dt>${t('parcels.evidence')}</dt><dd>${evidenceText(told.evidence)}</dd>` : nothing}</dl></li>`;
  }
  private announced(parcel: ParcelPage): TemplateResult {
    const {announced} = parcel;
    const head = html`<header><h2>${t('parcels.announcement')}</h2></header>`;
    if (!announced) {
      const why = this.policy.value?.published === false ? t('parcels.unpublished') : parcel.signed ? t('parcels.never_told') : waiting(parcel, shopNow());
      return html`<section class="card stack tight" id="announced">${head}<p class="muted">${why}</p></section>`;
    }
    return html`<section class="card stack" id="announced">${head}
      <dl class="pairs">${announced.likely_at ? html`<dt>${t('parcels.likely_at')}</dt><dd>${moment(announced.likely_at)}</dd>` : nothing}${announced.late_at ? html`<dt>${t('parcels.late_at')}</dt><dd>${moment(announced.late_at)}</dd>` : nothing}
        ${announced.promised ? html`<dt>${t('parcels.promised')}</dt><dd>${moment(announced.promised)}</dd>` : nothing}${announced.estimated ? html`<dt>${t('parcels.said_then')}</dt><dd>${moment(announced.estimated)}</dd>` : nothing}
        <dt>${t('parcels.coupon')}</dt><dd>${announced.coupon ? html`<span class="mono">${announced.coupon}</span> · ${moneyText(announced.coupon_value)} · ${moment(announced.coupon_at)}` : t('parcels.no_coupon')}</dd></dl>
      ${loaded(this.events, ({events}) => html`<div><h3>${t('parcels.why')}</h3><ul class="lines">${toldOf(events, parcel.order_id).map((told) => this.one(told))}</ul></div>`, 4)}</section>`;
  }
  private page(parcel: ParcelPage): TemplateResult {
    const lead = html`${parcel.customer ? html`<a href="/customers/${parcel.customer}">${this.label.value || parcel.customer}</a>` : t('desk.no_customer')} · ${wayText(parcel) || t('parcels.no_carrier')}`;
    return html`${pageHead(t('parcels.one', {id: parcel.order_id}), lead, html`<span class="chips">${nodeChip(parcel)}${parcel.late ? html`<span class="chip bad">${named('parcelqueue', 'late')}</span>` : nothing}</span>`)}
      <div class="grid two"><section class="card" id="nodes"><header><h2>${t('parcels.way')}</h2></header><ol class="plain waystones">${inOrder(parcel.nodes).map((node) => this.node(node, parcel.node))}</ol></section>
        <div class="stack">${this.estimate(parcel)}${this.announced(parcel)}</div></div>`;
  }
  override render(): TemplateResult {
    const back = html`<p><a href="/parcels">${t('parcels.back')}</a></p>`;
    if (this.parcel.error?.status === 404) return html`${pageHead(t('parcels.gone'), t('parcels.gone_text'))}${back}`;
    return html`${back}${loaded(this.parcel, (parcel) => this.page(parcel), 14)}`;
  }
}
