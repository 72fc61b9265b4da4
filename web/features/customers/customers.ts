import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type CustomerRow, listCustomers} from '../../api/customers';
import {readNouns} from '../../api/nouns';
import {type Segment, readSegments} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {isClass, kClassesByLife} from '../../model/classes';
import {ago, count, moment, shortLabel} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {classChip, type Column, dataTable, emptyState, errorState, loaded, meter, pageHead} from '../../ui/parts';
import {saidTag} from '../../ui/said';
import {Screen} from '../../ui/view';

const kFilters = ['query', 'class', 'segment', 'tag', 'condition', 'value_bin', 'urgency_bin'] as const;
const kPage = 30;
/** Not while the list itself is on its way. */
const kNounsAfter_ms = 250;

/** Who is there: found by identifier or name, narrowed by class, segment, tag and condition. All of it is in the address. */
@customElement('rp-customers')
export class Customers extends Screen {
  private more: CustomerRow[] = [];
  private cursor: string | null = null;
  private moreFor = '';
  private nounsTimer = 0;

  private readonly list = new Load(this, () => this.filters().toString(), (signal) => {
    this.more = [];
    this.cursor = null;
    return listCustomers({...Object.fromEntries(this.filters()), limit: String(kPage)}, signal);
  });
  private readonly segments = new Load<{segments: Segment[]}>(this, () => 'all', readSegments);

  /** The page of a customer names products and services; it is the next one that is opened. */
  override firstUpdated(): void {
    this.nounsTimer = window.setTimeout(() => void readNouns(), kNounsAfter_ms);
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.nounsTimer);
    super.disconnectedCallback();
  }

  private filters(): URLSearchParams {
    const asked = new URLSearchParams();
    for (const name of [...kFilters, 'sort']) {
      const value = this.filter(name);
      if (value) asked.set(name, value);
    }
    return asked;
  }

  private readonly nextPage = async (): Promise<void> => {
    const filters = this.filters();
    const cursor = this.cursor ?? this.list.value?.next_cursor ?? '';
    const got = await listCustomers({...Object.fromEntries(filters), limit: String(kPage), cursor});
    if (!got.ok || filters.toString() !== this.filters().toString()) return;
    this.moreFor = filters.toString();
    this.more = [...this.more, ...got.value.customers];
    this.cursor = got.value.next_cursor ?? '';
    this.requestUpdate();
  };

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    setFilters({tag: String(form.get('tag') ?? '').trim(), condition: String(form.get('condition') ?? '').trim()});
  };

  private bar(): TemplateResult {
    const own = (this.segments.value?.segments ?? []).filter((segment) => !segment.shipped);
    const pick = (name: string) => (event: Event): void => setFilters({[name]: (event.target as HTMLSelectElement).value});
    const chosen = this.filter('class');
    const open = Boolean(this.filter('tag') || this.filter('condition'));
    return html`<section class="stack tight" aria-label=${t('customers.filters')}>
      <div class="row">
        <div class="chips" role="group" aria-label=${t('customers.by_class')}>
          ${kClassesByLife.map((name) => html`<button class="button tiny" data-class=${name} aria-pressed=${chosen === name}
            @click=${() => setFilters({class: chosen === name ? '' : name})}><i class="dot"></i>${named('class', name)}</button>`)}
        </div>
        ${own.length ? html`<label><span class="unseen">${t('customers.by_segment')}</span>
          <select class="input" @change=${pick('segment')}><option value="">${t('customers.any_segment')}</option>
          ${own.map(({name}) => html`<option value=${name} ?selected=${name === this.filter('segment')}>${name}</option>`)}</select></label>` : nothing}
      </div>
      <details ?open=${open}><summary>${t('customers.more_filters')}</summary>
        <form class="row filterform" @submit=${this.submit}>
          <div class="field"><label for="tag">${t('customers.tag')}</label><input class="input" id="tag" name="tag" placeholder="scene:露营" .value=${this.filter('tag')}></div>
          <div class="field grow"><label for="condition">${t('customers.condition')}</label><input class="input mono" id="condition" name="condition"
            placeholder="count(Product Viewed) >= 3 in 30d and never Purchase" .value=${this.filter('condition')}></div>
          <button class="button">${t('action.apply')}</button>
        </form></details>
      ${this.active()}
    </section>`;
  }

  /** A filter as a reader says it; of a condition, the condition. */
  private said(name: string): string {
    const value = this.filter(name);
    if (name.endsWith('_bin')) return `${Number(value) * 10}–${Number(value) * 10 + 10}`;
    const colon = value.indexOf(':');
    return name === 'tag' && colon > 0 ? `${named('tag', value.slice(0, colon))} ${saidTag(undefined, value.slice(0, colon), value.slice(colon + 1))}` : value;
  }
  private active(): TemplateResult | typeof nothing {
    const on = kFilters.filter((name) => name !== 'class' && this.filter(name));
    if (on.length === 0) return nothing;
    return html`<div class="chips">${on.map((name) => html`<button class="chip button-like" @click=${() => setFilters({[name]: ''})}>
      ${named('filter', name)}: ${this.said(name)}
      ${icon('close', 13)}<span class="unseen">${t('action.remove')}</span></button>`)}
      <button class="textbutton small" @click=${() => setFilters(Object.fromEntries(kFilters.map((name) => [name, ''])))}>${t('customers.clear')}</button></div>`;
  }

  private columns(): Column<CustomerRow>[] {
    const sort = this.filter('sort') || 'last_seen';
    const sorted = (name: string) => ({
      sort: (sort === name ? 'descending' : 'none') as 'descending' | 'none',
      onSort: () => setFilters({sort: name === 'last_seen' ? '' : name}),
    });
    return [
      {head: t('customers.customer'), cell: (row) => html`<a class="who" href="/customers/${row.id}" title=${row.label}>${shortLabel(row.label) || row.id}</a>
        <span class="muted small"> ${row.label && row.label !== row.id ? row.id : ''} ${row.city ?? ''}</span>`},
      {head: t('customers.classes'), cell: (row) => this.classes(row)},
      {head: t('score.value'), cell: (row) => meter(row.value), ...sorted('value')},
      {head: t('score.urgency'), cell: (row) => meter(row.urgency, 'var(--class-churn_risk)'), ...sorted('urgency')},
      {head: t('customers.orders'), number: true, cell: (row) => count(row.orders)},
      {head: t('customers.last_seen'), cell: (row) => html`<time class="nowrap" datetime=${row.last_seen ?? ''} title=${moment(row.last_seen)}>${ago(row.last_seen)}</time>`,
       ...sorted('last_seen')},
    ];
  }

  private classes(row: CustomerRow): TemplateResult {
    const names = row.segments.map((segment) => typeof segment === 'string' ? segment : segment.name);
    const primary = row.primary ?? 'other';
    const rest = names.filter((name) => name !== primary);
    return html`<span class="chips">${classChip(primary, {main: true})}${rest.filter(isClass).map((name) => classChip(name))}</span>`;
  }

  override render(): TemplateResult {
    const value = this.list.value;
    const total = value?.total;
    const lead = total === null || total === undefined ? t('customers.lead') : t('customers.found', {n: count(total)});
    return html`${pageHead(t('nav.customers'), lead)}${this.bar()}
      ${this.list.error && this.filter('condition') ? errorState(this.list.error) : loaded(this.list, (answer) => {
        const more = this.moreFor === this.filters().toString() ? this.more : [];
        const cursor = this.cursor ?? answer.next_cursor;
        if (answer.customers.length === 0) return emptyState(t('customers.none'), t('customers.none_text'));
        return html`<div class="card flush">${dataTable(t('nav.customers'), this.columns(), [...answer.customers, ...more])}</div>
          ${answer.complete === false ? html`<p class="small muted">${t('customers.partial')}</p>` : nothing}
          ${cursor ? html`<div class="row"><button class="button" @click=${this.nextPage}>${t('action.more')}</button></div>` : nothing}`;
      }, 12)}`;
  }
}
