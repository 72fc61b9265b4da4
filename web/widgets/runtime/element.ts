import {LitElement, type PropertyValues} from 'lit';
import {property, state} from 'lit/decorators.js';

import type {Problem, Result} from '../../model/result';
import {clientOf, type Client} from './client';
import type {Happening} from './events';
import {shownMoney, type Money} from './money';
import {languageOf, say, type ElementLanguage, type Words} from './words';

const kProblems: Words<'unreachable' | 'unauthorized' | 'other' | 'no_key'> = {
  unreachable: ['连不上商店的服务器，请稍后再试。', '連不上商店的伺服器，請稍後再試。', 'The shop’s server cannot be reached; please try again.'],
  unauthorized: ['公钥不对，或者已经停用。', '公鑰不對，或者已經停用。', 'The public key is wrong or no longer valid.'],
  other: ['没有成功：{why}', '沒有成功：{why}', 'That did not work: {why}'],
  no_key: ['缺少公钥（public-key）。', '缺少公鑰（public-key）。', 'The public key is missing (public-key).'],
};

/**
 * What all elements share: the server (this script's own unless `server` names one), the public key (`public-key`, else
 * `<meta name="rapport-key">`), the language (`lang` on the element, else the page's, followed as it changes).
 */
export abstract class RapportElement extends LitElement {
  @property({attribute: 'public-key'}) publicKey = '';
  @property() server = '';
  @state() protected language: ElementLanguage = 'en';
  @state() protected failed = '';
  private watch?: MutationObserver;

  override connectedCallback(): void {
    super.connectedCallback();
    this.hear();
    this.watch = new MutationObserver(() => this.hear());
    this.watch.observe(document.documentElement, {attributeFilter: ['lang']});
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.disconnect();
  }
  protected override firstUpdated(_changed: PropertyValues): void {
    if (this.client) void this.load();
    else this.failed = this.problem('no_key');
  }

  /** Called once the element is on a page and has a key. */
  protected async load(): Promise<void> {
    // Elements that ask nothing at their start.
  }

  protected get client(): Client | undefined {
    const key = this.publicKey || document.querySelector<HTMLMetaElement>('meta[name="rapport-key"]')?.content || '';
    return key ? clientOf(this.server || new URL(import.meta.url).origin, key) : undefined;
  }
  /** Writes an event; false, and `failed` says why, when the server refused it or cannot be reached. */
  protected async write(what: Happening): Promise<boolean> {
    return this.kept(await (this.client?.track(what) ?? noKey())) !== undefined;
  }
  /** The value of an answer; undefined, and `failed` says why, when there is none. */
  protected kept<T>(got: Result<T>): T | true | undefined {
    if (got.ok) return got.value ?? true;
    this.failed = this.why(got.error);
    return undefined;
  }
  protected why(error: Problem): string {
    if (error.code === 'unreachable') return this.problem('unreachable');
    if (error.status === 401 || error.status === 403) return this.problem('unauthorized');
    return say(kProblems, this.language, 'other', {why: error.detail || error.code});
  }
  /** Tells the page: bubbles out of every shadow. */
  protected tell(name: string, detail: object): boolean {
    return this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true, composed: true, cancelable: true}));
  }
  protected money(money: Money): string {
    return shownMoney(money, this.language);
  }
  protected moment(at: string): string {
    return new Intl.DateTimeFormat(this.language, {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false}).format(new Date(at));
  }
  protected day(at: string): string {
    return new Intl.DateTimeFormat(this.language, {dateStyle: 'medium'}).format(new Date(at));
  }
  private problem(key: keyof typeof kProblems): string {
    return say(kProblems, this.language, key);
  }
  private hear(): void {
    const before = this.language;
    this.language = languageOf(this.closest('[lang]')?.getAttribute('lang') || navigator.language);
    if (this.hasUpdated && before !== this.language && [before, this.language].includes('zh-TW') && this.client) void this.load();
  }
}

const noKey = (): Promise<Result<void>> => Promise.resolve({ok: false, error: {code: 'unauthorized', status: 401, detail: ''}});
