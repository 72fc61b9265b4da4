import {kOfferKinds, type OfferKind} from './scene';

/** What can be recommended: a typed form for each kind, out of the noun that publishes it and back. Pure. */

export const kOfferStates = ['on_offer', 'sold_out', 'not_yet', 'expired', 'hidden'] as const;
export type OfferState = (typeof kOfferStates)[number];
export interface OfferLine {
  kind: OfferKind;
  id: string;
  title: string;
  title_en: string;
  category: string;
  category_en?: string;
  price: string | null;
  currency: string;
  stock: number | null;
  state: OfferState;
  from: string | null;
  until: string | null;
  product_ids?: string[];
  goes_with?: string;
  word?: string;
}
export interface Catalogue {
  items: OfferLine[];
  total: number;
  counts: Record<string, Record<string, number>>;
}

type Kind = 'text' | 'long' | 'link' | 'money' | 'whole' | 'words' | 'products' | 'moment' | 'flag' | 'choice';
export interface OfferField {
  name: string;
  kind: Kind;
  needed?: boolean;
  choices?: readonly string[];
}
const field = (name: string, kind: Kind, more: Partial<OfferField> = {}): OfferField => ({name, kind, ...more});
const kTitles = [field('title', 'text', {needed: true}), field('title_en', 'text')];
const kPrice = [field('price', 'money'), field('currency', 'text')];
const kTime = [field('from', 'moment'), field('until', 'moment'), field('stock', 'whole'), field('hidden', 'flag')];
const kSaid = [field('description', 'long'), field('description_en', 'long')];
const kWhere = [field('category', 'text'), field('category_en', 'text')];

/** The form of each kind, in its order; whatever else a noun holds is kept as it is. */
export const kOfferFields: Readonly<Record<OfferKind, readonly OfferField[]>> = {
  product: [field('name', 'text', {needed: true}), field('name_en', 'text'), ...kWhere, field('brand', 'text'), ...kPrice, field('scenes', 'words'), field('functions', 'words'), field('selling_points', 'words'),
    field('repurchase_days', 'whole'), field('goes_with', 'text'), ...kTime],
  bundle: [...kTitles, field('product_ids', 'products', {needed: true}), ...kPrice, ...kSaid, ...kTime],
  content: [...kTitles, field('content_kind', 'choice', {choices: ['tutorial', 'article', 'video']}), field('text', 'long'), field('url', 'link'), field('term', 'text'), ...kWhere, field('scenes', 'words'), ...kTime],
  service: [...kTitles, ...kPrice, field('cost', 'money'), field('layer', 'choice', {choices: ['core', 'actual', 'augmented']}), field('owner', 'text'), field('standard_hours', 'whole'), ...kSaid, ...kTime],
  coupon: [...kTitles, field('coupon_value', 'money'), field('currency', 'text'), field('minimum', 'money'), field('valid_days', 'whole'), field('reason', 'text'), ...kTime],
  adviser: [...kTitles, ...kPrice, field('owner', 'text'), field('purpose', 'text'), ...kSaid, ...kTime],
  early_access: [...kTitles, field('product_ids', 'products'), field('text', 'long'), field('url', 'link'), ...kTime],
};
export const isOfferKind = (kind: string): kind is OfferKind => (kOfferKinds as readonly string[]).includes(kind);

/** What the form holds: texts as they are written. */
export type OfferDraft = Record<string, string>;

/** The local moment as `datetime-local` wants it. */
export function momentText(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
/** And back; undefined for an emptied one. */
export const momentOf = (text: string): string | undefined => (text ? new Date(text).toISOString() : undefined);
export function draftOf(kind: OfferKind, noun: Readonly<Record<string, unknown>>): OfferDraft {
  const draft: OfferDraft = {};
  for (const {name, kind: of} of kOfferFields[kind]) {
    const value = noun[name];
    if (value === undefined || value === null) draft[name] = '';
    else if (Array.isArray(value)) draft[name] = value.filter((one) => typeof one === 'string').join('\n');
    else if (of === 'flag') draft[name] = value === true ? 'yes' : '';
    else draft[name] = of === 'moment' ? momentText(String(value)) : String(value);
  }
  return draft;
}

export const linesOf = (text: string): string[] => [...new Set(text.split(/[\n,，、;；]/).map((one) => one.trim()).filter(Boolean))];

function valueOf({kind}: OfferField, text: string): unknown {
  switch (kind) {
    case 'money': case 'whole': return Number(text);
    case 'words': case 'products': return linesOf(text);
    case 'flag': return text === 'yes' ? true : undefined;
    case 'moment': return momentOf(text);
    default: return text.trim();
  }
}
/** The noun to publish: what stood before, with what the form says; an emptied field takes its member away. */
export function nounOf(kind: OfferKind, before: Readonly<Record<string, unknown>>, draft: OfferDraft): Record<string, unknown> {
  const noun: Record<string, unknown> = {...before};
  for (const one of kOfferFields[kind]) {
    const text = draft[one.name] ?? '';
    const value = text.trim() === '' ? undefined : valueOf(one, text);
    if (value === undefined) delete noun[one.name];
    else noun[one.name] = value;
  }
  return noun;
}

export interface OfferFault {
  fault: 'id' | 'needed' | 'number' | 'link' | 'order' | 'two';
  field?: string;
}
/** What still stands in the way of publishing. */
export function faultOf(kind: OfferKind, id: string, draft: OfferDraft): OfferFault | undefined {
  if (!/^[^\s"'/\\]{1,64}$/.test(id)) return {fault: 'id'};
  for (const {name, kind: of, needed} of kOfferFields[kind]) {
    const text = (draft[name] ?? '').trim();
    if (!text) {
      if (needed) return {fault: 'needed', field: name};
      continue;
    }
    const number = Number(text);
    if (of === 'money' && !(number >= 0)) return {fault: 'number', field: name};
    if (of === 'whole' && !(Number.isInteger(number) && number >= 0)) return {fault: 'number', field: name};
    if (of === 'link' && !text.startsWith('https://')) return {fault: 'link', field: name};
  }
  if (kind === 'bundle' && linesOf(draft['product_ids'] ?? '').length < 2) return {fault: 'two', field: 'product_ids'};
  if (draft['from'] && draft['until'] && draft['until'] <= draft['from']) return {fault: 'order', field: 'until'};
  return undefined;
}
