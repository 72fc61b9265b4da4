import type {Nouns} from '../api/nouns';
import {currentLanguage, named} from '../i18n/i18n';
import {moment} from './format';

function pick(noun: {name: string; name_en: string} | undefined, id: string): string {
  if (!noun) return id;
  return currentLanguage() === 'en' ? noun.name_en : noun.name;
}
/** The name a shop gave the thing, in the reader's language where it has one; else its id. */
export const productName = (nouns: Nouns | undefined, id: string): string => pick(nouns?.products.get(id), id);
export const serviceName = (nouns: Nouns | undefined, id: string): string => pick(nouns?.services.get(id), id);

/** A property's value as a reader says it: names for ids, words for states, moments of the clock. */
export function saidValue(nouns: Nouns | undefined, name: string, value: string): string {
  if (name === 'product_id' || name === 'item') return productName(nouns, value);
  if (name === 'service_id') return serviceName(nouns, value);
  if (name === 'node' || name === 'state') return named('state', value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : value;
}
