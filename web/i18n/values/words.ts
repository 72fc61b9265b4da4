import type {MoreWords} from '../i18n';

/** What values of events and tags are called; fetched with the first screen that tells of events. */
export const kValueWords: MoreWords = {
  en: async () => (await import('./en')).valuesEn,
  'zh-CN': async () => (await import('./zh-CN')).valuesZhCN,
  'zh-TW': async () => (await import('./zh-TW')).valuesZhTW,
};
