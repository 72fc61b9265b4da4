import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type LoggedEvent, readLabel, readTimeline} from '../../api/customers';
import {readDeskPolicy} from '../../api/desk';
import {readNouns} from '../../api/nouns';
import {decideReturn, readReturn, updateReturn} from '../../api/parcels';
import {readStaff} from '../../api/staff';
import {fill, named, t} from '../../i18n/i18n';
import type {Problem, Result} from '../../model/result';
import {askedOf, begins, changed, engineReason, isWaiting, leftOf, type ReturnPage, type ReturnUpdate} from '../../model/returns';
import {may} from '../../shell/session';
import {moment, money, timeLeft} from '../../ui/format';
import {Load} from '../../ui/load';
import {productName} from '../../ui/nouns';
import {loaded, pageHead, skeleton} from '../../ui/parts';
import {staffName} from '../../ui/staff';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {refusedState} from '../desk/refused';
import {returnChip} from '../parcels/names';

const kLookAgain_ms = 5_000;
const kEvents = 1_000;

/** A person's own words, or the engine's in the reader's language. */
function reasonText(reason: string): string {
  const known = engineReason(reason);
  if (!known) return reason;
  const {reason: of, ...params} = known.params;
  return fill(named('returnwhy', known.key), {...params, ...(of ? {reason: named('value.reason', of)} : {})});
}

/** One return: what she said and showed, the decision, its way to the refund, and every update with what it meant. */
@customElement('rp-return')
export class ReturnScreen extends Screen {
  @state() private problem: Problem | undefined;
  /** Who may pay back, once that is asked. */
  private readonly policy = new Load(this, () => (this.problem ? 'all' : undefined), readDeskPolicy);
  @state() private busy = false;
  @state() private reason = '';
  @state() private amount: string | undefined;
  private timer = 0;
  private readonly item = new Load(this, () => this.place.params['id'], (signal) => readReturn(this.place.params['id'] ?? '', signal));
  private readonly label = new Load(this, () => this.item.value?.customer ?? undefined, (signal) => readLabel(this.item.value?.customer ?? '', signal));
  private readonly events = new Load<{events: LoggedEvent[]}>(this, () => this.item.value?.customer ?? undefined, (signal) => readTimeline(this.item.value?.customer ?? '', kEvents, signal));
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly staff = new Load(this, () => 'all', readStaff);

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && !this.item.busy) void this.item.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async act(call: () => Promise<Result<{state: string}>>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const got = await call();
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) {
      this.reason = '';
      this.amount = undefined;
      toast(t('returns.moved', {state: named('state', got.value.state)}));
    }
    void this.item.reload();
  }
  private decide(decision: 'approve' | 'reject'): void {
    void this.act(() => decideReturn(this.item.value!.return_id, decision, this.reason.trim()));
  }
  private move(to: string, one: ReturnPage): void {
    const reason = this.reason.trim();
    const amount = (this.amount ?? leftOf(one)).trim();
    void this.act(() => updateReturn(one.return_id, to, {...(to === 'refunded' ? {amount} : {}), ...(reason ? {reason} : {})}));
  }

  private write(label: string, hint: string): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><input class="input" maxlength="200" placeholder=${hint} .value=${this.reason} @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)}></label>`;
  }
  private deciding(one: ReturnPage): TemplateResult {
    const left = one.due_at ? Date.parse(one.due_at) - shopNow() : undefined;
    return html`<section class="card stack tight" id="decision"><header><h2>${t('returns.decide')}</h2>${left === undefined ? nothing : html`<p class=${left < 0 ? 'wrongly' : ''}>${t(left < 0 ? 'parcels.is_late' : 'parcels.has_left', {length: timeLeft(Math.abs(left) / 1000)})} · ${moment(one.due_at)}</p>`}</header>
      ${this.problem ? refusedState(this.problem, {kind: 'refund', step: 'return'}, this.policy.value?.policy) : nothing}${this.write(t('returns.why'), t('returns.why_hint'))}
      <div class="row"><button class="button main" ?disabled=${this.busy} @click=${() => this.decide('approve')}>${named('returnmove', 'approved')}</button>
        <button class="button danger" ?disabled=${this.busy || !this.reason.trim()} @click=${() => this.decide('reject')}>${named('returnmove', 'rejected')}</button>
        <span class="grow"></span><button class="button" ?disabled=${this.busy} @click=${() => this.move('closed', one)}>${named('returnclose', one.state)}</button></div>
      ${this.reason.trim() ? nothing : html`<p class="small muted">${t('returns.reject_why')}</p>`}</section>`;
  }
  private moving(one: ReturnPage): TemplateResult | typeof nothing {
    if (one.next.length === 0) return nothing;
    const pays = one.next.some(({state: to}) => to === 'refunded');
    return html`<section class="card stack tight" id="moves"><header><h2>${t('returns.next')}</h2></header>
      ${this.problem ? refusedState(this.problem, {kind: 'refund', step: 'return'}, this.policy.value?.policy) : nothing}
      ${pays ? html`<label class="field narrow"><span class="label">${t('returns.paid', {currency: one.currency})}</span><input class="input" inputmode="decimal" .value=${this.amount ?? leftOf(one)} @input=${(event: Event) => (this.amount = (event.target as HTMLInputElement).value)}></label>` : nothing}
      ${this.write(t('desk.reason'), t('returns.why_hint'))}
      <div class="row">${one.next.map(({state: to}, i) => html`<button class="button ${i === 0 ? 'main' : ''}" ?disabled=${this.busy} @click=${() => this.move(to, one)}>${to === 'closed' ? named('returnclose', one.state) : named('returnmove', to)}</button>`)}</div>
      <p class="small muted">${one.next.some(({told}) => told) ? t('returns.tells', {states: one.next.filter(({told}) => told).map(({state: to}) => named('state', to)).join(', ')}) : t('returns.tells_nothing')}${pays ? ` ${t('desk.money_note')}` : ''}</p></section>`;
  }
  private asked(one: ReturnPage): TemplateResult {
    const said = this.events.value ? askedOf(this.events.value.events, one.return_id) : undefined;
    const seen = may('reveal');
    return html`<section class="card stack tight" id="asked"><header><h2>${t('returns.what')}</h2></header>
      <dl class="pairs"><dt>${t('returns.product')}</dt><dd>${one.product_id ? productName(this.nouns.value, one.product_id) : t('returns.whole_order')}${said?.quantity ? ` × ${said.quantity}` : ''}</dd>
        <dt>${t('desk.order')}</dt><dd><a class="mono" href="/parcels/${encodeURIComponent(one.order_id)}">${one.order_id}</a></dd>
        <dt>${t('returns.reason')}</dt><dd>${named('value.reason', one.reason)}</dd>
        <dt>${t('returns.asked_at')}</dt><dd>${moment(one.requested)}</dd>
        <dt>${t('returns.total')}</dt><dd>${money(one.order_total, one.currency)}</dd><dt>${t('returns.refunded')}</dt><dd>${money(one.refunded_so_far, one.currency)}</dd></dl>
      ${!seen ? html`<p class="small muted">${t('returns.hidden')}</p>` : !this.events.value && !this.events.error && one.customer ? skeleton(2) : html`
        ${said?.text ? html`<blockquote class="saidtext">${said.text}</blockquote>` : nothing}
        ${said?.photos.length ? html`<ul class="row plain photos">${said.photos.map((hash, at) => html`<li><a href="/v1/files/${hash}" target="_blank" rel="noopener"><img src="/v1/files/${hash}" alt=${t('returns.photo', {n: at + 1})} loading="lazy" width="120" height="120"></a></li>`)}</ul>` : html`<p class="small muted">${t('returns.no_photo')}</p>`}`}</section>`;
  }
  private told(one: ReturnUpdate, at: number, currency: string): TemplateResult {
    const counts = changed(one) || begins(one, at);
    const said = [one.amount === undefined ? '' : money(one.amount, currency), one.reason ? reasonText(one.reason) : '', one.agent ? staffName(one.agent) : ''].filter(Boolean);
    return html`<li data-node=${one.state} ?data-reached=${counts}><span class="knob"></span><span><strong>${named('state', one.state)}</strong>${counts ? nothing : html` <span class="chip warn">${named('returnanswer', one.answer)}</span>`}
      ${said.length ? html`<span class="soft"> ${said.join(' · ')}</span>` : nothing}<br><time class="small muted" datetime=${one.at}>${moment(one.at)}</time></span></li>`;
  }
  private page(one: ReturnPage): TemplateResult {
    const lead = html`<span class="mono">${one.return_id}</span> · ${one.customer ? html`<a href="/customers/${one.customer}">${this.label.value || one.customer}</a>` : t('desk.no_customer')}`;
    const title = one.product_id ? t('returns.of', {what: productName(this.nouns.value, one.product_id)}) : t('returns.of_order', {id: one.order_id});
    return html`${pageHead(title, lead, html`<span class="chips">${returnChip(one.state)}${one.late ? html`<span class="chip bad">${t('returns.late')}</span>` : nothing}</span>`)}
      <div class="grid two"><div class="stack">${this.asked(one)}${may('act') ? (isWaiting(one) ? this.deciding(one) : this.moving(one)) : nothing}</div>
        <section class="card" id="updates"><header><h2>${t('returns.way')}</h2></header>${one.updates.length === 0 ? html`<p class="muted">${t('returns.no_update')}</p>` : html`<ol class="plain waystones">${one.updates.map((update, at) => this.told(update, at, one.currency))}</ol>`}</section></div>`;
  }
  override render(): TemplateResult {
    void this.staff.value;
    const back = html`<p><a href="/returns">${t('returns.back')}</a></p>`;
    if (this.item.error?.status === 404) return html`${pageHead(t('returns.gone'), t('returns.gone_text'))}${back}`;
    return html`${back}${loaded(this.item, (one) => this.page(one), 14)}`;
  }
}
