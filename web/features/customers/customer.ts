import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type Customer, exportCustomer, readCustomer, readLabel, readTimeline} from '../../api/customers';
import {readNouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {isClass} from '../../model/classes';
import {may} from '../../shell/session';
import {ago, count, day, moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {classChip, loaded, meter, pageHead, problemText, saveFile} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import './class_history';
import './consent';
import './erase';
import {holdings, openProblems} from './holdings';
import './identities';
import './tags';
import {kTimelinePage, type TimelineAnswer} from './timeline';
import './why';

const kLookAgain_ms = 2_500;

/** Everything known of one person, on one page; what she does meanwhile is seen. */
@customElement('rp-customer')
export class CustomerScreen extends Screen {
  @state() private erasing = false;
  private readonly customer = new Load(this, () => this.place.params['id'] && `${this.place.params['id']} ${this.asOf()}`,
    (signal) => {
      const id = this.place.params['id'] ?? '';
      if (this.begun?.id !== id) this.begun = {id, events: readTimeline(id, kTimelinePage)};
      return readCustomer(id, signal, this.asOf());
    });
  /** What she did, asked for together with who she is. */
  private begun: {id: string; events: Promise<TimelineAnswer>} | undefined;
  private readonly label = new Load(this, () => this.customer.value?.id, (signal) => readLabel(this.customer.value!.id, signal));
  private readonly nouns = new Load(this, () => 'nouns', readNouns);
  /** Counts the looks at a customer who may be acting just now. */
  @state() private look = 0;
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (document.hidden || this.asOf() || this.erasing || this.customer.busy) return;
      this.look += 1;
      void this.customer.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  /** The end of the day that the reader asks about; nothing for now. */
  private asOf(): string | undefined {
    const asked = this.filter('at');
    return /^\d{4}-\d\d-\d\d$/.test(asked) ? `${asked}T23:59:59Z` : undefined;
  }
  private readonly pickDay = (event: Event): void => setFilters({at: (event.target as HTMLInputElement).value});

  private name(customer: Customer): string {
    const phone = customer.identities.find((one) => one.kind === 'phone')?.value;
    const user = customer.identities.find((one) => one.kind === 'user_id')?.value;
    return customer.traits['name'] ?? (this.label.value || undefined) ?? phone ?? user ?? customer.id;
  }

  private readonly exportAll = async (): Promise<void> => {
    const got = await exportCustomer(this.place.params['id'] ?? '');
    if (got.ok) saveFile(`customer-${this.place.params['id']}.json`, new Blob([JSON.stringify(got.value, null, 2)], {type: 'application/json'}));
    else toast(problemText(got.error), {bad: true});
  };

  private head(customer: Customer): TemplateResult {
    const actions = html`
      <button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      ${may('reveal') ? html`<button class="button" @click=${this.exportAll}>${icon('download', 16)}${t('customer.export')}</button>` : nothing}
      ${may('erase') ? html`<button class="button danger" @click=${() => (this.erasing = true)}>${t('customer.erase')}</button>` : nothing}`;
    const classes = customer.segments.filter(({name}) => isClass(name));
    return html`${pageHead(this.name(customer), html`<span class="mono">${customer.id}</span> · ${t('customer.since', {when: moment(customer.first_seen)})} · ${t('customer.seen', {when: ago(customer.last_seen)})}`, actions)}
      <div class="row customer-line">
        <span class="chips">${classChip(customer.primary ?? 'other', {main: true})}${classes.filter(({name}) => name !== customer.primary).map(({name}) => classChip(name))}</span>
        <span class="row"><span class="muted">${t('score.value')}</span>${meter(customer.scores.value)}</span>
        <span class="row"><span class="muted">${t('score.urgency')}</span>${meter(customer.scores.urgency, 'var(--class-churn_risk)')}</span>
        <span><span class="muted">${t('customers.orders')}</span> ${count(customer.orders_total)}</span>
        <label class="row noprint"><span class="muted">${t('customer.as_of')}</span><input class="input day-input" type="date" .value=${this.filter('at')} max=${new Date(shopNow()).toISOString().slice(0, 10)} @change=${this.pickDay}></label>
      </div>`;
  }

  private classes(customer: Customer): TemplateResult {
    return html`<section class="card"><header><h2>${t('customer.classes')}</h2></header><div class="stack tight">
      ${customer.segments.length === 0 ? html`<p class="muted">${t('customer.no_class')}</p>` : nothing}
      ${customer.segments.map(({name, since}) => html`<div class="row spread"><span class="row">${classChip(name, {main: name === customer.primary})}
        <span class="muted small">${t('customer.in_since', {when: day(since)})}</span></span>
        <rp-why .customer=${customer.id} .segment=${name}></rp-why></div>`)}
      ${customer.undetermined.map((one) => html`<p class="small muted">${named('class', one.class)}: ${t('customer.undetermined', {reason: one.reason})}</p>`)}
      <rp-class-history .customer=${customer.id}></rp-class-history>
      <rp-why-not .customer=${customer.id} .has=${customer.segments.map(({name}) => name)}></rp-why-not>
    </div></section>`;
  }

  private page(customer: Customer): TemplateResult {
    const nouns = this.nouns.value;
    const id = customer.id;
    const changed = (): void => void this.customer.reload();
    const then = this.asOf() ? html`<div class="note">${icon('why')}<span>${t('customer.then', {when: day(this.filter('at'))})} <button class="textbutton" @click=${() => setFilters({at: ''})}>${t('customer.now')}</button></span></div>` : nothing;
    return html`${this.head(customer)}${then}${openProblems(customer)}
      <div class="grid side">
        <rp-timeline class="card" .begun=${this.look === 0 ? this.begun?.events : undefined} .customer=${id} .place=${this.place} .nouns=${nouns} .look=${this.look}></rp-timeline>
        <div class="stack">
          ${this.classes(customer)}
          <rp-tags .customer=${customer} .nouns=${nouns}></rp-tags>
          ${holdings(customer, nouns)}
          <rp-identities .customer=${customer} @changed=${changed}></rp-identities>
          <rp-consent .customer=${customer} @changed=${changed}></rp-consent>
        </div>
      </div>
      ${this.erasing ? html`<rp-erase .customer=${id} .name=${this.name(customer)} @done=${() => (this.erasing = false)}></rp-erase>` : nothing}`;
  }

  override render(): TemplateResult {
    if (this.customer.error?.status === 404) {
      return html`${pageHead(t('customer.gone'), t('customer.gone_text'))}<p><a href="/customers">${t('nav.customers')}</a></p>`;
    }
    return html`${loaded(this.customer, (customer) => this.page(customer), 14)}`;
  }
}
