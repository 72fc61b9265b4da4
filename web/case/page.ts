import {html, LitElement, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {startTheme} from '../shell/theme';
import {kElementLanguages, languageOf, say, type ElementLanguage} from '../widgets/runtime/words';
import {kWords, type Key} from './words';

interface Promised {
  promise: string;
  by: string | null;
  done: string | null;
  kept: boolean | null;
}
interface Step {
  at: string;
  kind: 'opened' | 'message' | 'state' | 'refund' | 'coupon' | 'appointment' | 'review' | 'reply';
  from?: 'you' | 'shop' | 'assistant' | 'page';
  state?: string;
  text?: string;
  amount?: string;
  currency?: string;
  for?: string;
  satisfied?: boolean;
}
interface CaseRecord {
  case: string;
  department: string;
  state: string;
  opened: string;
  satisfied: boolean | null;
  promises: Promised[];
  steps: Step[];
  receipts: {at: string; state: string; token: string}[];
}
type Standing = {is: 'looking' | 'unknown' | 'unreachable'} | {is: 'open'; record: CaseRecord};

const kNames: Record<ElementLanguage, string> = {'zh-CN': '简体', 'zh-TW': '繁體', en: 'EN'};
const kLanguage = 'rapport.language';

/** The record of one service case, for the customer whose it is. */
@customElement('rapport-case')
export class CasePage extends LitElement {
  @state() private language: ElementLanguage = languageOf(localStorage.getItem(kLanguage) ?? navigator.language);
  @state() private standing: Standing = {is: 'looking'};

  // The page's own style applies: nothing else stands on it.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    this.speak(this.language);
    void this.fetch();
  }

  private w(key: Key, params: Record<string, string | number> = {}): string {
    return say(kWords, this.language, key, params);
  }
  /** A word of the record; what this page does not know is shown as it is. */
  private word(key: string, otherwise: string): string {
    return key in kWords ? this.w(key as Key) : otherwise;
  }
  private speak(language: ElementLanguage): void {
    this.language = language;
    document.documentElement.lang = language;
    document.title = this.w('title');
  }
  private async fetch(): Promise<void> {
    const token = decodeURIComponent(location.pathname.split('/')[2] ?? '');
    try {
      const answer = await fetch(`/v1/cases/${encodeURIComponent(token)}`);
      if (answer.status === 404) this.standing = {is: 'unknown'};
      else if (answer.ok) this.standing = {is: 'open', record: (await answer.json()) as CaseRecord};
      else throw new Error(String(answer.status));
    } catch {
      this.standing = {is: 'unreachable'};
    }
  }
  private time(at: string): string {
    return new Date(at).toLocaleString(this.language, {dateStyle: 'medium', timeStyle: 'short'});
  }
  private amount(step: Step): string {
    if (!step.amount) return '';
    const plain = `${step.amount} ${step.currency ?? ''}`.trim();
    if (!/^[A-Z]{3}$/.test(step.currency ?? '') || !Number.isFinite(Number(step.amount))) return plain;
    return Number(step.amount).toLocaleString(this.language, {style: 'currency', currency: step.currency!, currencyDisplay: 'narrowSymbol'});
  }

  private what(step: Step): string {
    if (step.satisfied !== undefined) return this.w(step.satisfied ? 'satisfied' : 'unsatisfied');
    switch (step.kind) {
      case 'state': return this.word(`state_${step.state ?? ''}`, step.state ?? '');
      case 'message': return this.w(step.from ?? 'shop');
      case 'refund': return this.w('step_refund', {amount: this.amount(step)});
      case 'coupon': return this.w('step_coupon', {amount: this.amount(step)});
      case 'appointment': return this.w('step_appointment', {when: step.for ? this.time(step.for) : ''});
      default: return this.w(`step_${step.kind}`);
    }
  }
  private step(step: Step): TemplateResult {
    return html`<li data-from=${step.from ?? ''}><time datetime=${step.at}>${this.time(step.at)}</time><span class="who">${this.what(step)}</span>
      ${step.text ? html`<p class="words">${step.kind === 'coupon' ? html`${this.w('code')} <code>${step.text}</code>` : step.text}</p>` : nothing}</li>`;
  }
  private promised(one: Promised): TemplateResult {
    const kept = one.kept === null ? html`<span>${this.w('running')}</span>` : html`<span class=${one.kept ? 'kept' : 'broken'}>${this.w(one.kept ? 'kept' : 'broken')}</span>`;
    return html`<li><span>${this.word(`promise_${one.promise}`, one.promise)}${one.by ? html` <span class="soft">${this.w('by', {when: this.time(one.by)})}</span>` : nothing}</span>${kept}</li>`;
  }
  private record(record: CaseRecord): TemplateResult {
    return html`
      <p><span class="state" role="status">${this.word(`state_${record.state}`, record.state)}</span></p>
      <dl><dt>${this.w('number')}</dt><dd><code>${record.case}</code></dd>
        <dt>${this.w('opened_at')}</dt><dd>${this.time(record.opened)}</dd>
        <dt>${this.w('department')}</dt><dd>${this.word(`department_${record.department}`, record.department)}</dd></dl>
      ${record.promises.length ? html`<h2>${this.w('promises')}</h2><ul class="promises">${record.promises.map((one) => this.promised(one))}</ul>` : nothing}
      <h2>${this.w('story')}</h2><ol class="steps">${record.steps.map((step) => this.step(step))}</ol>
      ${record.receipts.length ? html`<h2>${this.w('receipts')}</h2><p class="soft">${this.w('receipts_text')}</p>
        <ul class="receipts">${record.receipts.map((one) => html`<li><a href="/receipt/${one.token}">${this.w('receipt', {what: this.word(`state_${one.state}`, one.state), when: this.time(one.at)})}</a></li>`)}</ul>` : nothing}
      <p class="soft">${this.w('private')}</p>`;
  }
  override render(): TemplateResult {
    const {standing} = this;
    return html`
      <nav aria-label=${this.w('language')}>${kElementLanguages.map((one) => html`
        <button lang=${one} aria-pressed=${one === this.language} @click=${() => { localStorage.setItem(kLanguage, one); this.speak(one); }}>${kNames[one]}</button>`)}
      </nav>
      <main>
        <h1>${this.w('title')}</h1>
        <p class="soft">${this.w('lead')}</p>
        ${standing.is === 'open' ? this.record(standing.record) : html`<p class="verdict ${standing.is === 'looking' ? '' : 'bad'}" role="status">${this.w(standing.is)}</p>`}
      </main>`;
  }
}

startTheme();
