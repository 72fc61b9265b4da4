import {html, LitElement, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {checkReceipt, NotProved, parseReceipt, receivedAt, type Receipt, type Tree} from '../model/ledger';
import {startTheme} from '../shell/theme';
import {kElementLanguages, languageOf, say, type ElementLanguage} from '../widgets/runtime/words';
import {kWords, type Key} from './words';

interface Told {
  event: string;
  event_time: string;
  properties: Record<string, unknown>;
}
type Standing = {is: 'looking' | 'unknown' | 'unreachable'} | {is: 'checked'; receipt?: Receipt; tree?: Tree; told?: Told; failed?: NotProved['check']};

const kNames: Record<ElementLanguage, string> = {'zh-CN': '简体', 'zh-TW': '繁體', en: 'EN'};
const kLanguage = 'rapport.language';
const kChecks = ['format', 'key', 'signature', 'leaf', 'proof'] as const;

/** One receipt, checked here. The server only hands out bytes. */
@customElement('rapport-receipt')
export class ReceiptPage extends LitElement {
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
  private speak(language: ElementLanguage): void {
    this.language = language;
    document.documentElement.lang = language;
    document.title = this.w('title');
  }

  private async fetch(): Promise<void> {
    const token = decodeURIComponent(location.pathname.split('/')[2] ?? '');
    try {
      const answer = await fetch(`/v1/receipts/${encodeURIComponent(token)}`);
      if (answer.status === 404) {
        this.standing = {is: 'unknown'};
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const {record, receipt} = (await answer.json()) as {record: Told; receipt: Receipt};
      this.check(JSON.stringify(receipt), record);
    } catch {
      if (this.standing.is === 'looking') this.standing = {is: 'unreachable'};
    }
  }
  private check(text: string, told?: Told): void {
    let receipt: Receipt | undefined;
    try {
      receipt = parseReceipt(text);
      this.standing = {is: 'checked', receipt, tree: checkReceipt(receipt), ...(told && {told})};
    } catch (error) {
      this.standing = {is: 'checked', ...(receipt && {receipt}), failed: error instanceof NotProved ? error.check : 'format'};
    }
  }
  private readonly chosen = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) this.check(await file.text());
  };

  private time(at: Date): string {
    return at.toLocaleString(this.language, {dateStyle: 'long', timeStyle: 'short'});
  }
  private value(name: string, value: unknown): string {
    if (name === 'answers' && Array.isArray(value)) return value.map((one: {item: string; value: unknown}) => `${one.item}: ${String(one.value)}`).join(' · ');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  private known(name: string): name is Key {
    return name in kWords;
  }

  private record(receipt: Receipt, tree: Tree, told: Told | undefined): TemplateResult {
    const rows = Object.entries(told?.properties ?? {}).filter(([name]) => this.known(name));
    return html`
      <h2>${this.w('what')}</h2>
      <dl>
        ${told ? html`<dt>${this.w('event')}</dt><dd>${this.known(told.event) ? this.w(told.event) : told.event}</dd>
          ${rows.map(([name, value]) => html`<dt>${this.w(name as Key)}</dt><dd>${this.value(name, value)}</dd>`)}
          <dt>${this.w('happened')}</dt><dd>${this.time(new Date(told.event_time))}</dd>` : nothing}
        <dt>${this.w('received')}</dt><dd>${this.time(receivedAt(receipt))}</dd>
      </dl>
      <p class="soft">${this.w('sealed')}</p>
      <h2>${this.w('tree')}</h2>
      <dl>
        <dt>${this.w('place')}</dt><dd>${this.w('place_text', {index: receipt.index + 1, size: tree.size})}</dd>
        <dt>${this.w('root')}</dt><dd><code>${receipt.checkpoint.split('\n')[2]}</code></dd>
        <dt>${this.w('ledger_key')}</dt><dd><code>${receipt.key}</code></dd>
      </dl>
      <p class="soft">${this.w('own_key')}</p>`;
  }
  private checked(standing: Extract<Standing, {is: 'checked'}>): TemplateResult {
    const {receipt, tree, failed, told} = standing;
    const upto = failed ? kChecks.indexOf(failed) : kChecks.length - 1;
    return html`
      <p class="verdict ${failed ? 'bad' : ''}" role="status">${this.w(failed ? 'fails' : 'holds')}</p>
      <ul class="checks">${kChecks.slice(0, upto + 1).map((one) => html`<li class=${one === failed ? 'bad' : ''}>${this.w(one)}</li>`)}</ul>
      ${receipt && tree ? this.record(receipt, tree, told) : nothing}
      ${receipt && tree ? html`<h2>${this.w('keep')}</h2>` : nothing}`;
  }
  override render(): TemplateResult {
    const {standing} = this;
    const receipt = standing.is === 'checked' && !standing.failed ? standing.receipt : undefined;
    return html`
      <nav aria-label=${this.w('language')}>${kElementLanguages.map((one) => html`
        <button lang=${one} aria-pressed=${one === this.language} @click=${() => { localStorage.setItem(kLanguage, one); this.speak(one); }}>${kNames[one]}</button>`)}
      </nav>
      <main>
        <h1>${this.w('title')}</h1>
        <p class="soft">${this.w('lead')}</p>
        ${standing.is === 'checked' ? this.checked(standing) : html`<p class="verdict ${standing.is === 'looking' ? '' : 'bad'}" role="status">${this.w(standing.is)}</p>`}
        <div class="row">
          ${receipt ? html`<a download="rapport-receipt-${receipt.seq}.json" href="data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(receipt))}">${this.w('download')}</a>` : nothing}
          <input id="file" type="file" accept=".json,application/json" @change=${this.chosen}><label for="file">${this.w('another')}</label>
        </div>
      </main>`;
  }
}

startTheme();
