import type {DeskKey} from './desk/en';
import type {Dictionary, Key} from './en';
import type {ParcelsKey} from './parcels/en';
import type {StudioKey} from './studio/en';
import type {StudyKey} from './studies/en';
import type {ValueKey} from './values/en';

/** The language of the page and the one way from a key to words. */

export const kLanguages = ['zh-CN', 'zh-TW', 'en'] as const;
export type Language = (typeof kLanguages)[number];
export const kLanguageNames: Record<Language, string> = {'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English'};

export type Params = Record<string, string | number>;

const kStored = 'rapport.language';
let language: Language = 'en';
let words: Partial<Record<string, string>> | undefined;
const listeners = new Set<() => void>();

/** The first of the browser's languages that we speak; English when there is none. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    if (/^zh\b.*(hant|tw|hk|mo)/.test(lower)) return 'zh-TW';
    if (/^zh\b/.test(lower)) return 'zh-CN';
    if (/^en\b/.test(lower)) return 'en';
  }
  return 'en';
}

const loaders: Record<Language, () => Promise<Dictionary>> = {
  en: async () => (await import('./en')).en,
  'zh-CN': async () => (await import('./zh-CN')).zhCN,
  'zh-TW': async () => (await import('./zh-TW')).zhTW,
};

/** Words of a part of the console that is fetched later; the same object each time. */
export type MoreWords = Record<Language, () => Promise<Readonly<Record<string, string>>>>;
const more: MoreWords[] = [];

/** Adds words to those of the page, now and in whatever language comes. */
export async function useWords(added: MoreWords): Promise<void> {
  if (more.includes(added)) return;
  const theirs = await added[language]();
  if (more.includes(added)) return;
  more.push(added);
  words = {...words, ...theirs};
}

export async function setLanguage(next: Language, remember: boolean): Promise<void> {
  const all = await Promise.all([loaders[next](), ...more.map((added) => added[next]())]);
  words = Object.assign({}, ...all);
  language = next;
  document.documentElement.lang = next;
  if (remember) localStorage.setItem(kStored, next);
  for (const call of listeners) call();
}

/** The remembered language, else the browser's. */
export function startLanguage(): Promise<void> {
  const stored = localStorage.getItem(kStored);
  const known = kLanguages.find((name) => name === stored);
  return setLanguage(known ?? preferred(navigator.languages), false);
}

export const currentLanguage = (): Language => language;

export function whenLanguageChanges(call: () => void): () => void {
  listeners.add(call);
  return () => listeners.delete(call);
}

/** Fills `{name}`; `{n|one|many}` chooses by n == 1. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return String(value) === '1' ? one : (many ?? '');
  });
}

export function t(key: Key | DeskKey | ParcelsKey | StudioKey | StudyKey | ValueKey, params?: Params): string {
  const text = words?.[key];
  return text === undefined ? key : fill(text, params);
}

/** Words for a name that the data brings (an event, a class, a state); the name itself where we have none. */
export function named(prefix: string, name: string): string {
  const text = words?.[`${prefix}.${name}`];
  return text ?? name;
}
