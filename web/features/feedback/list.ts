import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {readLabels} from '../../api/customers';
import {kFeedbackFilters, readFeedback} from '../../api/feedback';
import {readNouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {csvOf, type Feedback, type FeedbackEntry, kAspects, kFeedbackClasses, kMoods, voicesOf} from '../../model/feedback';
import {cssVars} from '../../ui/css_vars';
import {count, percent, shortLabel} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {productName} from '../../ui/nouns';
import {emptyState, loaded, saveFile} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './correct';
import {feedbackEntry} from './entry';
import './reply';

const kPage = 30;
/** Of the list of those who said something: pages at once, and how long they are. */
const kPagesMost = 25;
const kWholePage = 200;
const kNamed = 40;
const kLookAgain_ms = 8_000;
const kStates = ['classified', 'unsure', 'corrected', 'open', 'located', 'waiting', 'solved', 'called_back', 'reopened', 'escalated', 'closed'] as const;
const kKinds = ['review', 'follow_up', 'message', 'survey'] as const;

/** What customers said, newest first; what is shown is in the address, and what comes in meanwhile is seen. */
@customElement('rp-feedback-list')
export class FeedbackList extends Screen {
  @state() private correcting: FeedbackEntry | undefined;
  @state() private replying: FeedbackEntry | undefined;
  @state() private reading = false;
  private more: FeedbackEntry[] = [];
  private next: number | null | undefined;
  private moreFor = '';
  private timer = 0;
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly list = new Load<Feedback>(this, () => this.asked(), (signal) => readFeedback({...this.filters(), limit: kPage}, signal));
  private readonly labels = new Load(this, () => this.voices().map(({customer}) => customer).join() || undefined, (signal) => readLabels(this.voices().map(({customer}) => customer), signal));

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (!document.hidden && !this.list.busy && !this.correcting && !this.replying) void this.list.reload();
    }, kLookAgain_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }
  private filters(): Record<string, string> {
    return Object.fromEntries(kFeedbackFilters.map((name) => [name, this.filter(name)]));
  }
  private asked(): string {
    return JSON.stringify(this.filters());
  }
  private voices(): FeedbackEntry[] {
    const first = this.list.value?.feedback ?? [];
    const seen = new Set(first.map(({id}) => id));
    return [...first, ...(this.moreFor === this.asked() ? this.more.filter(({id}) => !seen.has(id)) : [])];
  }
  private readonly nextPage = async (limit: number = kPage): Promise<void> => {
    const asked = this.asked();
    const before = (this.moreFor === asked ? this.next : undefined) ?? this.list.value?.next;
    if (!before) return;
    const got = await readFeedback({...this.filters(), before, limit});
    if (!got.ok || asked !== this.asked()) return;
    this.more = [...(this.moreFor === asked ? this.more : []), ...got.value.feedback];
    this.moreFor = asked;
    this.next = got.value.next;
    this.requestUpdate();
  };
  private readonly changed = (): void => {
    this.correcting = this.replying = undefined;
    void this.list.reload();
  };

  /** Reads the pages that follow, so that everybody who said it stands in the list. */
  private readonly readAll = async (): Promise<void> => {
    this.reading = true;
    const asked = this.asked();
    for (let page = 0; page < kPagesMost && asked === this.asked(); page += 1) {
      const at = (this.moreFor === asked ? this.next : undefined) === undefined ? this.list.value?.next : this.next;
      if (!at) break;
      await this.nextPage(kWholePage);
    }
    this.reading = false;
  };
  private readonly save = (): void => {
    const people = voicesOf(this.voices());
    const head = [t('sayers.customer'), t('sayers.name'), t('sayers.pieces'), t('sayers.last'), t('sayers.tickets')];
    const rows = people.map(({customer, pieces, last, tickets}) => [customer, this.labels.value?.get(customer) ?? '', pieces, last, tickets.join(' ')]);
    saveFile('customers.csv', new Blob(['\ufeff', csvOf(head, rows)], {type: 'text/csv;charset=utf-8'}));
  };
  /** Who said the phrase that is looked for: a list to work with. */
  private sayers(voices: readonly FeedbackEntry[], next: number | null | undefined): TemplateResult {
    const people = voicesOf(voices);
    return html`<section class="card stack tight" id="sayers"><header><h2>${t('sayers.title', {n: count(people.length), pieces: count(voices.length)})}</h2><span class="row">
        ${next ? html`<button class="button tiny" ?disabled=${this.reading} @click=${this.readAll}>${t('sayers.all')}</button>` : nothing}
        ${people.length ? html`<button class="button tiny" @click=${this.save}>${icon('download', 14)}${t('sayers.save')}</button>` : nothing}</span></header>
      ${next ? html`<p class="small muted">${t('sayers.more')}</p>` : nothing}
      ${people.length === 0 ? nothing : html`<ul class="chips">${people.slice(0, kNamed).map(({customer, pieces}) => html`<li><a class="chip plain" href="/customers/${customer}">${shortLabel(this.labels.value?.get(customer) ?? '') || customer}${pieces > 1 ? html`<strong>${pieces}</strong>` : nothing}</a></li>`)}${people.length > kNamed ? html`<li class="small muted">${t('sayers.others', {n: count(people.length - kNamed)})}</li>` : nothing}</ul>`}</section>`;
  }
  private tiles({counts}: Feedback): TemplateResult {
    const tile = (name: 'all' | 'negative' | 'unsure' | 'corrected', change: Record<string, string>, on: boolean) => html`<button class="card tilebutton" aria-pressed=${on} @click=${() => setFilters(on ? Object.fromEntries(Object.keys(change).map((key) => [key, ''])) : change)}>
      <span class="small soft">${named('feedbackcount', name)}</span><span class="bignumber">${count(counts[name])}</span>${name === 'all' ? nothing : html`<span class="small muted">${counts.all ? percent(counts[name] / counts.all) : '–'}</span>`}</button>`;
    const filtered = kFeedbackFilters.some((name) => this.filter(name));
    return html`<div class="tiles four voicetiles">${tile('all', Object.fromEntries(kFeedbackFilters.map((name) => [name, ''])), !filtered)}
      ${tile('negative', {sentiment: 'negative'}, this.filter('sentiment') === 'negative')}${tile('unsure', {state: 'unsure'}, this.filter('state') === 'unsure')}${tile('corrected', {state: 'corrected'}, this.filter('state') === 'corrected')}</div>`;
  }
  private classes({counts}: Feedback): TemplateResult {
    const chosen = this.filter('class');
    const most = Math.max(1, ...kFeedbackClasses.map((name) => counts.classes[name] ?? 0));
    return html`<section class="card stack tight"><header><h2>${t('feedback.by_class')}</h2></header><div class="classbars" role="group" aria-label=${t('feedback.by_class')}>${kFeedbackClasses.map((name) => html`<button class="classbar" aria-pressed=${chosen === name} @click=${() => setFilters({class: chosen === name ? '' : name, aspect: ''})}>
      <span>${named('value.class', name)}</span><i class="bar" ${cssVars({'--share': `${((counts.classes[name] ?? 0) / most) * 100}%`})}></i><span class="number">${count(counts.classes[name] ?? 0)}</span></button>`)}</div></section>`;
  }
  private pick(name: string, label: string, any: string, options: readonly [string, string][]): TemplateResult {
    const chosen = this.filter(name);
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${(event: Event) => setFilters({[name]: (event.target as HTMLSelectElement).value})}>
      <option value="" ?selected=${!chosen}>${any}</option>${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></label>`;
  }
  private bar({counts, departments}: Feedback): TemplateResult {
    const aspects = this.filter('class') ? (kAspects[this.filter('class') as keyof typeof kAspects] ?? []) : Object.keys(counts.aspects).filter(Boolean).sort((a, b) => (counts.aspects[b] ?? 0) - (counts.aspects[a] ?? 0));
    const product = this.filter('product');
    return html`<div class="row filterform" role="group" aria-label=${t('customers.filters')}>
      ${this.pick('sentiment', t('feedback.mood'), t('feedback.any'), kMoods.map((one) => [one, named('mood', one)]))}
      ${this.pick('aspect', t('feedback.aspect'), t('feedback.any'), aspects.map((one) => [one, `${named('aspect', one)} (${count(counts.aspects[one] ?? 0)})`]))}
      ${this.pick('state', t('feedback.state'), t('feedback.any'), kStates.map((one) => [one, kStates.indexOf(one) < 3 ? named('feedbackstate', one) : t('feedback.ticket', {state: named('state', one)})]))}
      ${this.pick('department', t('feedback.department'), t('feedback.any'), [...new Set(Object.values(departments))].sort().map((one) => [one, named('value.class', one)]))}
      ${this.pick('kind', t('feedback.kind'), t('feedback.any'), kKinds.map((one) => [one, named('voicekind', one)]))}
      ${this.filter('phrase') ? html`<button class="chip button-like" @click=${() => setFilters({phrase: ''})}>“${this.filter('phrase')}”${icon('close', 13)}<span class="unseen">${t('action.remove')}</span></button>` : nothing}
      ${product ? html`<button class="chip button-like" @click=${() => setFilters({product: ''})}>${productName(this.nouns.value, product)}${icon('close', 13)}<span class="unseen">${t('action.remove')}</span></button>` : nothing}</div>`;
  }

  override render(): TemplateResult {
    return html`${loaded(this.list, (answer) => {
      const voices = this.voices();
      const next = (this.moreFor === this.asked() ? this.next : undefined) === undefined ? answer.next : this.next;
      const hands = {nouns: this.nouns.value, labels: this.labels.value, correct: (entry: FeedbackEntry) => (this.correcting = entry), reply: (entry: FeedbackEntry) => (this.replying = entry)};
      return html`${this.tiles(answer)}<div class="grid feedbackgrid">${this.classes(answer)}
        <div class="stack">${this.bar(answer)}${this.filter('phrase') && !this.list.error ? this.sayers(voices, next) : nothing}
          ${voices.length === 0 ? emptyState(t('feedback.none'), t('feedback.none_text'), nothing, 'chat') : html`<section class="card flush" aria-label=${t('feedback.title')}><ol class="voices">${repeat(voices, ({id}) => id, (entry) => feedbackEntry(entry, hands))}</ol></section>`}
          ${next ? html`<div class="row"><button class="button" @click=${() => this.nextPage()}>${t('action.more')}</button></div>` : nothing}
          <p class="small muted">${answer.model.behind > 0 ? `${t('feedback.behind', {n: count(answer.model.behind)})} ` : ''}${t('feedback.model', {examples: count(answer.model.examples), threshold: percent(answer.model.threshold, 0)})}</p></div></div>`;
    }, 14)}
    ${this.correcting ? html`<rp-feedback-correct .entry=${this.correcting} @saved=${this.changed} @done=${() => (this.correcting = undefined)}></rp-feedback-correct>` : nothing}
    ${this.replying ? html`<rp-feedback-reply .entry=${this.replying} @saved=${this.changed} @done=${() => (this.replying = undefined)}></rp-feedback-reply>` : nothing}`;
  }
}
