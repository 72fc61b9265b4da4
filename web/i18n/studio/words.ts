import type {MoreWords} from '../i18n';

/** Words of the recommendations studio; fetched with the first of its screens. */
export const kStudioWords: MoreWords = {
  en: async () => (await import('./en')).studioEn,
  'zh-CN': async () => (await import('./zh-CN')).studioZhCN,
  'zh-TW': async () => (await import('./zh-TW')).studioZhTW,
};
