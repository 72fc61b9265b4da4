import {bad, good, problemOf, type Result} from '../../model/result';
import type {Happening} from './events';
import {languageOf} from './words';

/** The elements' one way to the server: events in by a public key, `GET /v1/shop/*` out. */

const kAnonymous = 'rapport.anonymous_id';
const kProof = 'rapport.proof';
const kWaiting = 'rapport.waiting';
const kWaitingMost = 50;

interface Message {
  path: string;
  body: string;
}

/** 128 random bits as 32 hexadecimal digits. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Storage may be forbidden to us: then what we keep lives as long as the page. */
const memory = new Map<string, string>();
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}
export function remember(name: string, value: string): void {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // Kept in memory.
  }
}

/** The visitor of this browser: nobody can guess her, so what is hers can be shown by naming her. */
export function anonymousId(): string {
  const known = recall(kAnonymous);
  if (known && /^[0-9a-f]{32}$/.test(known)) return known;
  const made = randomId();
  remember(kAnonymous, made);
  return made;
}

/**
 * What this browser may show to be believed: made by the shop's server (`<meta name="rapport-proof">`, for a customer who has signed in), or by
 * opening an order with its number and contact.
 */
function proof(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="rapport-proof"]')?.content || recall(kProof) || '';
}

export class Client {
  private offset = 0;

  constructor(readonly server: string, readonly key: string) {}

  /** Writes what happened. Unreachable or overloaded: it is kept and sent again later, under the same message id. */
  async track(what: Happening): Promise<Result<void>> {
    return this.send('/v1/t', {event: what.event, properties: what.properties});
  }
  page(name: string, path: string, title: string): Promise<Result<void>> {
    return this.send('/v1/p', {name, properties: {name, path, title}});
  }
  identify(traits: Record<string, unknown>): Promise<Result<void>> {
    return this.send('/v1/i', {traits});
  }
  /** Keeps a picture of this visitor's; its hash, by which events refer to it. */
  async keepPhoto(blob: Blob): Promise<Result<string>> {
    const subject = encodeURIComponent(`anonymous_id:${anonymousId()}`);
    try {
      const response = await fetch(`${this.server}/v1/files?subject=${subject}`, {
        method: 'POST', body: blob, credentials: 'omit', headers: {authorization: `Basic ${btoa(`${this.key}:`)}`, 'content-type': blob.type},
      });
      const text = await response.text();
      if (!response.ok) return bad(problemOf(response.status, text, response.headers.get('retry-after')));
      return good((JSON.parse(text) as {hash: string}).hash);
    } catch (cause) {
      return bad({code: 'unreachable', status: 0, detail: String(cause)});
    }
  }
  /** Asks for a return of this visitor's; the shop's rules may decide it at once. */
  askReturn(what: Record<string, unknown>): Promise<Result<{return_id: string; state: string}>> {
    return this.askOfMine('/v1/shop/returns', what);
  }
  /** For the moment in which the page goes away: handed to the browser, no answer. */
  leave(what: Happening): void {
    const {path, body} = this.message('/v1/t', {event: what.event, properties: what.properties});
    if (!navigator.sendBeacon?.(this.server + path, body)) void this.post({path, body});
  }

  async get<T>(path: string, query: Record<string, string | number | undefined> = {}, more: Record<string, string> = {}): Promise<Result<T>> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value));
    // Readers of traditional characters get what was published in simplified ones in theirs.
    if (languageOf(document.documentElement.lang || navigator.language) === 'zh-TW') search.set('script', 'hant');
    const headers: Record<string, string> = {authorization: `Basic ${btoa(`${this.key}:`)}`, ...more};
    // Reads wait for what we wrote. Another origin's preflight may not let this header through.
    if (this.offset && this.server === location.origin) headers['x-log-offset'] = String(this.offset);
    try {
      const response = await fetch(`${this.server}${path}${search.size ? `?${search}` : ''}`, {headers, credentials: 'omit'});
      const text = await response.text();
      if (!response.ok) return bad(problemOf(response.status, text, response.headers.get('retry-after')));
      return good(JSON.parse(text) as T);
    } catch (cause) {
      return bad({code: 'unreachable', status: 0, detail: String(cause)});
    }
  }
  /** A question whose terms are a document. */
  async ask<T>(path: string, terms: unknown, signal?: AbortSignal, more: Record<string, string> = {}): Promise<Result<T>> {
    const headers = {authorization: `Basic ${btoa(`${this.key}:`)}`, 'content-type': 'application/json', ...more};
    try {
      const response = await fetch(`${this.server}${path}`, {method: 'POST', body: JSON.stringify(terms), headers, credentials: 'omit', ...(signal ? {signal} : {})});
      const text = await response.text();
      if (!response.ok) return bad(problemOf(response.status, text, response.headers.get('retry-after')));
      const answer = JSON.parse(text) as T & {offset?: unknown};
      // What was written is read back.
      if (typeof answer.offset === 'number') this.offset = Math.max(this.offset, answer.offset);
      return good(answer);
    } catch (cause) {
      return bad({code: 'unreachable', status: 0, detail: String(cause)});
    }
  }
  /** With what this browser may show to be believed. What is no proof any more is dropped: her own browser's word is left. */
  private async proven<T>(call: (headers: Record<string, string>) => Promise<Result<T>>): Promise<Result<T>> {
    const shown = proof();
    const got = await call(shown ? {'x-rapport-proof': shown} : {});
    if (!shown || got.ok || got.error.status !== 401) return got;
    remember(kProof, '');
    return call({});
  }
  /** What this visitor has: orders, returns, services. */
  me<T>(): Promise<Result<T>> {
    return this.proven((headers) => this.get<T>('/v1/shop/me', {anonymous_id: anonymousId()}, headers));
  }
  /** A question that may concern what is hers. */
  askOfMine<T>(path: string, terms: Record<string, unknown>): Promise<Result<T>> {
    return this.proven((headers) => this.ask<T>(path, {...terms, anonymous_id: anonymousId()}, undefined, headers));
  }
  /** Opens one order to this browser for a day. */
  async openOrder(order: string, contact: string): Promise<Result<void>> {
    const got = await this.ask<{proof: string}>('/v1/shop/proof', {anonymous_id: anonymousId(), order_id: order, contact});
    if (!got.ok) return got;
    remember(kProof, got.value.proof);
    return good(undefined);
  }

  private message(path: string, own: object): Message {
    const now = new Date().toISOString();
    const body = {...own, messageId: randomId(), anonymousId: anonymousId(), timestamp: now, sentAt: now, writeKey: this.key};
    return {path, body: JSON.stringify(body)};
  }
  private async send(path: string, own: object): Promise<Result<void>> {
    const message = this.message(path, own);
    const sent = await this.post(message);
    if (!sent.ok && retried(sent.error.status)) this.keep(message);
    if (sent.ok) void this.resend();
    return sent;
  }
  private async post(message: Message): Promise<Result<void>> {
    try {
      // text/plain: a shop's page on another origin need not ask for leave first.
      const response = await fetch(this.server + message.path, {
        method: 'POST', body: message.body, keepalive: true, credentials: 'omit', headers: {'content-type': 'text/plain'},
      });
      this.offset = Math.max(this.offset, Number(response.headers.get('x-log-offset')) || 0);
      if (response.ok) return good(undefined);
      return bad(problemOf(response.status, await response.text(), response.headers.get('retry-after')));
    } catch (cause) {
      return bad({code: 'unreachable', status: 0, detail: String(cause)});
    }
  }

  private keep(message: Message): void {
    remember(kWaiting, JSON.stringify([...waiting(), message].slice(-kWaitingMost)));
  }
  /** Sends what waited, oldest first, until one is refused again. */
  private async resend(): Promise<void> {
    for (let [next] = waiting(); next; [next] = waiting()) {
      remember(kWaiting, JSON.stringify(waiting().slice(1)));
      const sent = await this.post(next);
      if (sent.ok || !retried(sent.error.status)) continue;
      remember(kWaiting, JSON.stringify([next, ...waiting()].slice(0, kWaitingMost)));
      return;
    }
  }
}

const retried = (status: number): boolean => status === 0 || status === 429 || status >= 500;

function waiting(): Message[] {
  try {
    const kept: unknown = JSON.parse(recall(kWaiting) ?? '[]');
    return Array.isArray(kept) ? (kept as Message[]) : [];
  } catch {
    return [];
  }
}

const clients = new Map<string, Client>();
/** One client for a server and key, so that all elements of a page read what any of them wrote. */
export function clientOf(server: string, key: string): Client {
  const name = `${server} ${key}`;
  let client = clients.get(name);
  if (!client) clients.set(name, (client = new Client(server, key)));
  return client;
}
