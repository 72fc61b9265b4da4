import type {Nouns} from '../api/nouns';
import {currentLanguage} from '../i18n/i18n';

function pick(noun: {name: string; name_en: string} | undefined, id: string): string {
  if (!noun) return id;
  return currentLanguage() === 'en' ? noun.name_en : noun.name;
}
/** The name a shop gave the thing, in the reader's language where it has one; else its id. */
export const productName = (nouns: Nouns | undefined, id: string): string => pick(nouns?.products.get(id), id);
export const serviceName = (nouns: Nouns | undefined, id: string): string => pick(nouns?.services.get(id), id);
/** A category in the reader's language, where the catalogue has it. */
export const categoryName = (nouns: Nouns | undefined, name: string): string =>
  currentLanguage() === 'en' ? (nouns?.categories.get(name) ?? name) : name;
