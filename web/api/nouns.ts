import {currentLanguage} from '../i18n/i18n';
import {good, type Result} from '../model/result';
import {get} from './http';

/** Names of products and services, for screens that would else show their ids. */
export interface Nouns {
  products: Map<string, {name: string; name_en: string}>;
  services: Map<string, {name: string; name_en: string}>;
  /** English names of categories, by the shop's own. */
  categories: Map<string, string>;
}
interface Named {
  id: string;
  name: string;
  name_en: string;
}

let kept: Promise<Result<Nouns>> | undefined;
let keptFor = '';

/** Read once and kept for ten minutes. Names missing here show as their ids. */
export function readNouns(): Promise<Result<Nouns>> {
  if (keptFor !== currentLanguage()) kept = undefined;
  keptFor = currentLanguage();
  kept ??= fetchNouns().then((got) => {
    if (!got.ok) kept = undefined;
    else setTimeout(() => (kept = undefined), 600_000);
    return got;
  });
  return kept;
}

const byId = (all: Named[]): Map<string, {name: string; name_en: string}> =>
  new Map(all.map(({id, name, name_en: nameEn}) => [id, {name: name || nameEn || id, name_en: nameEn || name || id}]));

async function fetchNouns(): Promise<Result<Nouns>> {
  const [got, shown] = await Promise.all([
    get<{products: Named[]; services: Named[]}>('/v1/names', {script: currentLanguage() === 'zh-TW' ? 'hant' : undefined}),
    get<{categories: {name: string; name_en: string}[]}>('/v1/shop/products', {limit: 1}),
  ]);
  if (!got.ok) return got;
  const categories = shown.ok ? shown.value.categories.filter((one) => one.name_en) : [];
  return good({products: byId(got.value.products), services: byId(got.value.services), categories: new Map(categories.map((one) => [one.name, one.name_en]))});
}
