import {bad, good, problemOf, type Result} from '../model/result';
import {hearShopClock} from './clock';

/** The one place that fetches. Paths are our own server's; nothing here ever names another host. */

export interface Asking {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON, unless it is a Blob, which goes as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let csrf: string | null = null;
let offset = 0;
let onLost: () => void = () => undefined;

/** The token that every changing request carries; from the session document. */
export function useCsrf(token: string | null): void {
  csrf = token;
}

/** Called when the server no longer knows our session. */
export function whenSessionLost(call: () => void): void {
  onLost = call;
}

/** The last position of the log that an answer of ours named: reads wait for it, so that we see what we wrote. */
export function logOffset(): number {
  return offset;
}

/** A path with its query; undefined and empty values are left out. */
export function address(path: string, query: Asking['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export async function answer(method: string, path: string, asking: Asking = {}): Promise<Result<Response>> {
  const headers: Record<string, string> = {accept: 'application/json', ...asking.headers};
  if (method !== 'GET' && csrf) headers['x-rapport-csrf'] = csrf;
  if (method === 'GET' && offset > 0) headers['x-log-offset'] = String(offset);
  const init: RequestInit = {method, headers, credentials: 'same-origin', cache: 'no-store'};
  if (asking.signal) init.signal = asking.signal;
  if (asking.body instanceof Blob) {
    init.body = asking.body;
  } else if (asking.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(asking.body);
  }
  let response: Response;
  try {
    response = await fetch(address(path, asking.query), init);
  } catch (cause) {
    if (asking.signal?.aborted) return bad({code: 'aborted', status: 0, detail: ''});
    return bad({code: 'unreachable', status: 0, detail: String(cause)});
  }
  if (response.ok) {
    const position = Number(response.headers.get('x-log-offset'));
    if (method !== 'GET' && Number.isFinite(position)) offset = Math.max(offset, position);
    return good(response);
  }
  if (response.status === 401 && !path.startsWith('/v1/session')) onLost();
  const text = await response.text().catch(() => '');
  const problem = problemOf(response.status, text, response.headers.get('retry-after'));
  // The position was of another shop, or of a log that is gone: what was written there is not read here.
  if (response.status === 503 && problem.where === 'X-Log-Offset' && headers['x-log-offset']) {
    offset = 0;
    return answer(method, path, asking);
  }
  return bad(problem);
}

/** Asks and reads JSON; an empty answer is undefined. */
export async function ask<T>(method: string, path: string, asking: Asking = {}): Promise<Result<T>> {
  const got = await answer(method, path, asking);
  if (!got.ok) return got;
  try {
    const text = await got.value.text();
    const value = (text ? JSON.parse(text) : undefined) as T;
    if (asking.query?.['at'] === undefined) hearShopClock((value as {as_of?: string} | undefined)?.as_of);
    return good(value);
  } catch (cause) {
    if (asking.signal?.aborted) return bad({code: 'aborted', status: 0, detail: ''});
    return bad({code: 'unreadable', status: got.value.status, detail: String(cause)});
  }
}

export function get<T>(path: string, query?: Asking['query'], signal?: AbortSignal): Promise<Result<T>> {
  const asking: Asking = {};
  if (query) asking.query = query;
  if (signal) asking.signal = signal;
  return ask<T>('GET', path, asking);
}
