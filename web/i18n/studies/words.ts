import type {MoreWords} from '../i18n';

/** Words of studies, surveys, hypotheses and actions; fetched with the first of their screens. */
export const kStudyWords: MoreWords = {
  en: async () => (await import('./en')).studiesEn,
  'zh-CN': async () => (await import('./zh-CN')).studiesZhCN,
  'zh-TW': async () => (await import('./zh-TW')).studiesZhTW,
};
