/** Words of the elements: three languages each, beside the element that says them. */
export const kElementLanguages = ['zh-CN', 'zh-TW', 'en'] as const;
export type ElementLanguage = (typeof kElementLanguages)[number];
export type Words<K extends string> = Record<K, readonly [zhCN: string, zhTW: string, en: string]>;

/** The language that a tag (`zh-Hant-HK`) asks for; English when we do not speak it. */
export function languageOf(tag: string): ElementLanguage {
  const lower = tag.toLowerCase();
  if (/^zh\b.*(hant|tw|hk|mo)/.test(lower)) return 'zh-TW';
  return /^zh\b/.test(lower) ? 'zh-CN' : 'en';
}

/** Fills `{name}` in; `{n|one|many}` chooses by n == 1. */
export function say<K extends string>(words: Words<K>, language: ElementLanguage, key: K, params: Record<string, string | number> = {}): string {
  const text = words[key][kElementLanguages.indexOf(language) as 0 | 1 | 2];
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return one === undefined ? String(value) : String(value) === '1' ? one : (many ?? '');
  });
}
