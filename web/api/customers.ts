import {good, type Result} from '../model/result';
import {ask, get} from './http';

export interface Identity {
  kind: string;
  value: string | null;
  node?: number;
  shared?: boolean;
}
export interface Tag {
  name: string;
  value: string;
  strength: number;
  since: string;
  until: string | null;
  source: string;
}
export interface ServiceLife {
  service_id: string;
  stage: string;
  since: string;
  counts: Record<string, number>;
  late?: number;
  errors?: number;
}
export interface Order {
  order_id: string;
  placed: string;
  state: string;
  total: string | number;
  currency: string;
  lines: {product_id: string; quantity: number}[];
}
export interface OpenProblem {
  kind: string;
  id: string;
  state: string;
  since: string;
}
export interface Consent {
  purpose: string;
  channel: string;
  granted: boolean;
  at?: string;
}
export interface Customer {
  id: string;
  identities: Identity[];
  traits: Record<string, string>;
  tags: {base: Tag[]; behaviour: Tag[]; need: Tag[]};
  segments: {name: string; since: string}[];
  primary: string | null;
  undetermined: {class: string; reason: string}[];
  scores: {value?: number; urgency?: number};
  consent: Consent[];
  open_problems: OpenProblem[];
  services: ServiceLife[];
  orders_total: number;
  orders: Order[];
  facts?: number;
  first_seen?: string | null;
  last_seen?: string | null;
  valid_at: string;
  known_at: number;
}
export interface LoggedEvent {
  seq: number;
  event_time: string;
  received_at?: string;
  type: string;
  event: string;
  message_id?: string;
  node?: number;
  properties?: Record<string, unknown>;
  personal?: Record<string, unknown>;
}
export interface Explanation {
  about: string;
  answer: string;
  valid_at: string;
  known_at: number;
  until: string | null;
  steps: {rule: string; value: string; depth?: number; events: number[]}[];
}
export interface CustomerRow {
  id: string;
  label: string;
  primary: string | null;
  segments: (string | {name: string})[];
  value: number;
  urgency: number;
  last_seen: string | null;
  orders: number;
  city?: string;
}

const at = (id: string, rest = '') => `/v1/customers/${encodeURIComponent(id)}${rest}`;

export const listCustomers = (filters: Record<string, string | undefined>, signal?: AbortSignal) =>
  get<{customers: CustomerRow[]; total: number | null; next_cursor: string | null; complete?: boolean}>('/v1/customers', filters, signal);
export const readCustomer = (id: string, signal?: AbortSignal, when?: string) =>
  get<Customer>(at(id), {at: when}, signal);
export const readTimeline = (id: string, limit: number, signal?: AbortSignal) =>
  get<{events: LoggedEvent[]}>(at(id, '/timeline'), {limit}, signal);
export const explainSegment = (id: string, segment: string, signal?: AbortSignal) =>
  get<Explanation>(at(id, '/explain'), {segment}, signal);
export const explainTag = (id: string, tag: string, signal?: AbortSignal) =>
  get<Explanation>(at(id, '/explain'), {tag}, signal);
export const exportCustomer = (id: string) => ask<unknown>('GET', at(id, '/export'));
export const unlinkIdentity = (id: string, kind: string, value: string) =>
  ask<{offset: number}>('POST', at(id, '/unlink'), {body: {kind, value}});
export const recordConsent = (id: string, consent: {purpose: string; channel: string; granted: boolean}) =>
  ask<{offset: number}>('POST', at(id, '/consent'), {body: consent});
export const eraseCustomer = (id: string) => ask<{offset: number}>('DELETE', at(id));

const labels = new Map<string, string>();
const kLabelsAtOnce = 200;

/** What several customers are called, as far as this reader may know; kept while the page lives. Those unknown are left out. */
export async function readLabels(ids: readonly string[], signal?: AbortSignal): Promise<Result<ReadonlyMap<string, string>>> {
  const wanted = [...new Set(ids)].filter((id) => !labels.has(id)).slice(0, kLabelsAtOnce);
  if (wanted.length > 0) {
    // The comma makes a list of one customer, too.
    const got = await get<{customers: {id: string; label: string}[]}>('/v1/customers', {query: `${wanted.join(',')},`, limit: kLabelsAtOnce}, signal);
    if (!got.ok) return got;
    for (const {id, label} of got.value.customers) labels.set(id, label);
  }
  return good(labels);
}

/** What the customer is called as far as this reader may know: her name, else an identifier, masked or not. */
export async function readLabel(id: string, signal?: AbortSignal): Promise<Result<string>> {
  const got = await get<{customers: {id: string; label: string}[]}>('/v1/customers', {query: id, limit: 1}, signal);
  return got.ok ? good(got.value.customers.find((one) => one.id === id)?.label ?? '') : got;
}
