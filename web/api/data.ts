import {good, type Result} from '../model/result';
import type {LoggedEvent} from './customers';
import {answer, ask, get} from './http';

export interface Flip {
  id: string;
  customer: string;
  segment: string;
  change: 'entered' | 'left';
  corrected: boolean;
  valid_at: string;
  cause: number;
}
export interface Tail {
  events: LoggedEvent[];
  flips: Flip[];
  next: number;
}
export interface DeadLetter {
  id: number;
  received_at?: string;
  code: string;
  message: string;
  where?: string;
  expected?: string;
  raw?: string;
}
export type Cell = string | number | boolean | null;
export interface SqlAnswer {
  columns: {name: string; type: string}[];
  rows: Cell[][];
  truncated: boolean;
  known_at: number;
  seconds: number;
}
export interface CatalogueProperty {
  name: string;
  type: string;
  required: boolean;
  personal: boolean;
  doc: string;
  example?: unknown;
  words?: string[];
}
export interface CatalogueEvent {
  name: string;
  type: string;
  group: string;
  doc: string;
  properties: CatalogueProperty[];
}
export interface ApiKey {
  id: number;
  role: string;
  label: string;
  created: string;
}
export interface Webhook {
  id: number;
  url: string;
  events: string[];
  delivered?: number;
  pending?: number;
  dead?: number;
}
export interface Preview {
  format: string;
  encoding: string;
  columns: {name: string; type: string; examples: Cell[]; guess: {property: string; confidence: number} | null}[];
  rows: number | null;
  guess: {event: string; [more: string]: unknown} | null;
  recipe: string;
  problems?: string[];
  trial?: {events: number; rejected: number; problems?: string[]} | null;
}
export interface Imported {
  read: number;
  accepted: number;
  duplicate: number;
  rejected: number;
  problems?: string[];
  notes?: string[];
  rejected_rows?: string | number | null;
}

export const readShops = () => get<{shops: {name: string; position: number; customers: number; driven: boolean}[]}>('/v1/shops');
export const readTail = (after: number, limit: number, wait: number, derived: boolean, signal?: AbortSignal) =>
  get<Tail>('/v1/tail', {after, limit, wait: wait || undefined, derived: derived || undefined}, signal);
export const readDeadLetters = (after: number, limit: number, signal?: AbortSignal) =>
  get<{dead_letters: DeadLetter[]}>('/v1/dead-letters', {after: after || undefined, limit}, signal);
export const redriveDeadLetters = () =>
  ask<{accepted: number; duplicate: number; still_wrong: number; next: number}>('POST', '/v1/dead-letters/redrive');
export const readCatalogue = (signal?: AbortSignal) => get<{events: CatalogueEvent[]}>('/v1/events/catalogue', {}, signal);
export const runSql = (query: string, signal?: AbortSignal) => {
  const asking = {body: {query}};
  return ask<SqlAnswer>('POST', '/v1/sql', signal ? {...asking, signal} : asking);
};
export interface SqlTable {
  name: string;
  columns: {name: string; type: string}[];
}
/** The tables that a query may ask, with their columns in order; and how far they hold the log, which a query waits for. */
export interface SqlTables {
  tables: SqlTable[];
  mirrored: number;
  log: number;
}
export const readTables = (signal?: AbortSignal) => get<SqlTables>('/v1/sql/tables', {}, signal);
/** The rows of a query as a file of that format. */
export async function exportRows(query: string, format: 'csv' | 'parquet' | 'xlsx' | 'jsonl'): Promise<Result<Blob>> {
  const got = await answer('POST', '/v1/export', {body: {query, format}, headers: {accept: '*/*'}});
  return got.ok ? good(await got.value.blob()) : got;
}

export const readKeys = (signal?: AbortSignal) => get<{keys: ApiKey[]}>('/v1/keys', {}, signal);
export const addKey = (role: string, label: string) => ask<{key: string; role: string}>('POST', '/v1/keys', {body: {role, label}});
export const removeKey = (id: number) => ask<void>('DELETE', `/v1/keys/${id}`);
export const readWebhooks = (signal?: AbortSignal) => get<{webhooks: Webhook[]}>('/v1/webhooks', {}, signal);
export const addWebhook = (url: string, events: string[]) =>
  ask<{id: number; secret: string}>('POST', '/v1/webhooks', {body: {url, events}});
export const removeWebhook = (id: number) => ask<void>('DELETE', `/v1/webhooks/${id}`);
export const redriveWebhooks = () => ask<{redriven: number}>('POST', '/v1/webhooks/redrive');

export const previewImport = (file: Blob, name: string, encoding: string, cutOff: boolean) =>
  ask<Preview>('POST', '/v1/imports/preview', {query: {name, encoding, cut_off: cutOff ? 1 : undefined}, body: file});
/** The recipe travels in a header, base64 of UTF-8; without one, `recipe` names a shipped one. */
export function runImport(file: Blob, name: string, recipe: {text?: string; shipped?: string; shift: boolean}) {
  const headers: Record<string, string> = {};
  if (recipe.text) {
    const bytes = new TextEncoder().encode(recipe.text);
    headers['x-rapport-recipe'] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }
  const query = {
    name,
    recipe: recipe.shipped,
    recipe_text: recipe.text ? 1 : undefined,
    shift_to_now: recipe.shift || undefined,
  };
  return ask<Imported>('POST', '/v1/imports', {query, body: file, headers});
}
export const importProgress = () => get<{progress: number}>('/v1/imports');
export async function rejectedRows(id: string | number): Promise<Result<Blob>> {
  const got = await answer('GET', `/v1/imports/${encodeURIComponent(String(id))}/rejected`, {headers: {accept: '*/*'}});
  return got.ok ? good(await got.value.blob()) : got;
}
/** Sends one message of a tracking client, as the shop's own front would. */
export const sendEvent = (message: Record<string, unknown>) =>
  ask<{accepted: number; rejected: number; offset: number}>('POST', '/v1/track', {body: message});

export async function readText(path: string, signal?: AbortSignal): Promise<Result<string>> {
  const got = await answer('GET', path, signal ? {signal, headers: {accept: 'text/plain'}} : {headers: {accept: 'text/plain'}});
  return got.ok ? good(await got.value.text()) : got;
}
