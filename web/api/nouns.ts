import {good, type Result} from '../model/result';
import {runSql} from './data';

/** Names of products and services, for screens that would else show their ids. */
export interface Nouns {
  products: Map<string, {name: string; name_en: string}>;
  services: Map<string, {name: string; name_en: string}>;
}

const kQuery = `SELECT kind, id, name, name_en FROM (
  SELECT 'product' AS kind, product_id AS id, body->>'name' AS name, body->>'name_en' AS name_en FROM products LIMIT 5000)
UNION ALL SELECT 'service', service_id, arg_max(properties->>'title', event_time), arg_max(properties->>'title_en', event_time)
  FROM events WHERE event = 'Service Published' GROUP BY service_id`;

let kept: Promise<Result<Nouns>> | undefined;

/** Read once and kept for ten minutes. Names missing here show as their ids. */
export function readNouns(): Promise<Result<Nouns>> {
  kept ??= fetchNouns().then((got) => {
    if (!got.ok) kept = undefined;
    else setTimeout(() => (kept = undefined), 600_000);
    return got;
  });
  return kept;
}

async function fetchNouns(): Promise<Result<Nouns>> {
  const got = await runSql(kQuery);
  if (!got.ok) return got;
  const nouns: Nouns = {products: new Map(), services: new Map()};
  for (const [kind, id, name, nameEn] of got.value.rows) {
    const into = kind === 'product' ? nouns.products : nouns.services;
    into.set(String(id), {name: String(name ?? id), name_en: String(nameEn ?? name ?? id)});
  }
  return good(nouns);
}
