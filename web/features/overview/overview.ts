import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {readLabels} from '../../api/customers';
import {type EventSpan, type Overview, readEventSpan, readOverview} from '../../api/insight';
import {readShops, readTail} from '../../api/data';
import {named, t} from '../../i18n/i18n';
import {changeOf} from '../../model/change';
import {cssVars} from '../../ui/css_vars';
import {saveExcel} from '../../ui/excel';
import {figure} from '../../ui/figure';
import {ago, count, day, moment, percent, shortLabel, ticketNumber} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {tile} from './tile';

const kDays = [7, 30, 90];
const kQuietSeconds = 3;
const kAttentionShown = 12;
/** Where what presses is worked at. */
const kQueueScreens = [['/desk', 'nav.desk'], ['/parcels', 'nav.parcels'], ['/feedback', 'nav.feedback']] as const;
const kLeadsTo: Readonly<Record<string, string>> = {ticket_open: '/desk/', return_waiting: '/returns/'};
const leadsTo = ({kind, id, customer, drill}: Overview['attention'][number]): string =>
  kLeadsTo[kind] ? `${kLeadsTo[kind]}${encodeURIComponent(id)}` : (drill ?? `/customers/${customer}`);
const kMonths = `SELECT date_trunc('month', event_time)::DATE AS month, count(DISTINCT customer) AS customers,
  count(*) FILTER (event = 'Order Completed') AS orders
FROM events WHERE customer_id IS NOT NULL GROUP BY month ORDER BY month`;

/** Nobody has done anything in the window. */
const isSilent = (overview: Overview): boolean => overview.tiles.some((one) => one.id === 'customers_active' && !one.value);

/** The shop today: what changed, how it stands, where people are lost, and who needs somebody now. Follows the log. */
@customElement('rp-overview')
export class OverviewScreen extends Screen {
  private following: AbortController | undefined;
  private readonly overview = new Load<Overview>(this, () => `${this.days()}`, (signal) => readOverview(this.days(), signal));

  private readonly labels = new Load(this, () => this.waiting().join() || undefined, (signal) => readLabels(this.waiting(), signal));

  private readonly last = new Load<EventSpan>(this, () => this.overview.value && isSilent(this.overview.value) ? 'span' : undefined, readEventSpan);

  private waiting(): string[] {
    return (this.overview.value?.attention ?? []).slice(0, kAttentionShown).map((one) => one.customer);
  }
  private days(): number {
    const asked = Number(this.filter('days'));
    return kDays.includes(asked) ? asked : 30;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    this.following = new AbortController();
    void this.follow(this.following.signal);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.following?.abort();
  }

  /** Waits for the next event and asks again, at most every few seconds. */
  private async follow(signal: AbortSignal): Promise<void> {
    const shops = await readShops();
    let next = shops.ok ? Math.max(0, ...shops.value.shops.map((shop) => shop.position)) : 0;
    while (!signal.aborted) {
      const got = await readTail(next, 1000, 30, false, signal);
      if (signal.aborted) return;
      if (got.ok && got.value.events.length > 0) {
        next = got.value.next;
        void this.overview.reload();
      }
      await new Promise((resolve) => setTimeout(resolve, (got.ok ? kQuietSeconds : 15) * 1_000));
    }
  }

  /** A shop in which nobody has done anything of late: when they last did, and how to see that time. */
  private silence(): TemplateResult {
    const last = this.last.value?.last;
    if (this.last.value === undefined) return html`<p class="headline">${t('overview.silent', {n: this.days()})}</p>`;
    if (!last) return html`<p class="headline">${t('overview.empty')} <a class="small" href="/start">${t('overview.begin')}</a></p>`;
    const longer = kDays.find((days) => days > this.days() && (shopNow() - Date.parse(last)) / 86_400_000 < days);
    return html`<div class="stack tight" data-silent><p class="headline">${t('overview.silent', {n: this.days()})} ${t('overview.last_event', {day: day(last)})}</p>
      <p>${longer ? html`<a href="/overview?days=${longer}">${t('overview.look_back', {n: longer})}</a>`
        : html`<a href="/data/sql?query=${encodeURIComponent(kMonths)}">${t('overview.by_month', {from: day(this.last.value.first), to: day(last)})}</a>`}</p></div>`;
  }
  private sentence(overview: Overview): TemplateResult {
    if (isSilent(overview)) return this.silence();
    const change = overview.changes[0];
    if (!change) return html`<p class="headline">${t('overview.no_change')} <span class="small muted">${t('overview.tiles_compare', {n: this.days()})}</span></p>`;
    const shown = overview.tiles.find((one) => one.id === change.tile);
    const relative = changeOf(change.value, change.previous, shown?.better ?? 'up');
    const by = relative?.relative === undefined ? figure(Math.abs(change.change), shown?.unit) : percent(Math.abs(relative.relative), 0);
    const when = change.evidence?.day ?? overview.as_of;
    const words = t(change.value >= change.previous ? 'overview.rose' : 'overview.fell', {tile: named('tile', change.tile), by,
      before: figure(change.previous, shown?.unit), now: figure(change.value, shown?.unit), day: day(when), n: change.evidence?.days_compared ?? 7});
    const drill = change.evidence?.drill ?? shown?.drill;
    return html`<p class="headline">${words} ${drill ? html`<a class="small" href=${drill}>${t('overview.evidence')}</a>` : nothing} <span class="small muted">${t('overview.tiles_compare', {n: this.days()})}</span></p>`;
  }

  private funnel(overview: Overview): TemplateResult {
    const most = Math.max(1, ...overview.funnel.map((step) => step.customers));
    const drop = overview.biggest_drop;
    return html`<section class="card"><header><h2>${t('overview.funnel')}</h2><p>${t('overview.last_days', {n: this.days()})}</p></header>
      <p class="reading">${drop ? t('overview.drop', {share: percent(drop.rate, 0), from: named('step', drop.from), to: named('step', drop.to)}) : t('overview.no_drop')}</p>
      <table class="funnel"><caption class="unseen">${t('overview.funnel')}</caption><tbody>${overview.funnel.map((step, i) => {
        const before = overview.funnel[i - 1];
        const kept = before && before.customers > 0 ? step.customers / before.customers : undefined;
        return html`<tr class=${drop?.to === step.step ? 'worst' : ''}><th scope="row">${named('step', step.step)}</th>
          <td class="wide"><i class="bar" ${cssVars({'--share': `${(step.customers / most) * 100}%`})}></i></td>
          <td class="number">${step.drill ? html`<a href=${step.drill}>${count(step.customers)}</a>` : count(step.customers)}</td><td class="number muted">${kept === undefined ? '' : percent(kept, 0)}</td></tr>`;
      })}</tbody></table></section>`;
  }

  private attention(overview: Overview): TemplateResult {
    return html`<section class="card stack tight" id="attention"><header><h2>${t('overview.attention')}</h2><p>${count(Object.values(overview.attention_totals ?? {}).reduce((sum, n) => sum + n, 0) || overview.attention.length)}</p></header>
      ${overview.attention.length === 0 ? emptyState(t('overview.calm'), nothing, nothing, 'check') : html`<ul class="lines">${overview.attention.slice(0, kAttentionShown).map((one) => html`<li class="row spread base">
        <span><a href=${leadsTo(one)}>${named('attention', one.kind)}</a> <span class="mono small muted" title=${one.id}>${ticketNumber(one.id)}</span></span>
        <span class="small muted" title=${moment(one.since)}><a class="plain" href="/customers/${one.customer}">${shortLabel(this.labels.value?.get(one.customer) ?? '') || one.customer}</a> · ${ago(one.since)}</span></li>`)}</ul>`}
      <p class="row small">${kQueueScreens.map(([href, text]) => html`<a href=${href}>${t(text)}</a>`)}</p></section>`;
  }

  private excel(overview: Overview): Promise<void> {
    const rows = overview.tiles.map((one) => [named('tile', one.id), one.value, one.unit ?? '', one.previous ?? null, one.target ?? null]);
    return saveExcel(`overview-${overview.as_of.slice(0, 10)}`, ['tile', 'value', 'unit', 'previous', 'target'], rows);
  }

  private page(overview: Overview): TemplateResult {
    return html`${this.sentence(overview)}
      <section class="tiles" aria-label=${t('overview.tiles')}>${overview.tiles.map((one) => tile(one))}</section>
      <div class="grid two">${this.funnel(overview)}${this.attention(overview)}</div>
      <p class="small muted">${t('overview.as_of', {when: moment(overview.as_of), position: count(overview.known_at)})}</p>`;
  }

  override render(): TemplateResult {
    const actions = html`<div class="row noprint" role="group" aria-label=${t('overview.period')}>${kDays.map((days) => html`<button class="button tiny" aria-pressed=${days === this.days()}
        @click=${() => setFilters({days: days === 30 ? '' : String(days)})}>${t('time.days', {n: days})}</button>`)}</div>
      <button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      <button class="button" ?disabled=${!this.overview.value} @click=${() => this.overview.value && void this.excel(this.overview.value)}>${icon('download', 16)}${t('action.excel')}</button>`;
    return html`${pageHead(t('nav.overview'), nothing, actions)}${loaded(this.overview, (overview) => this.page(overview), 16)}`;
  }
}
