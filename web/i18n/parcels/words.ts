import type {MoreWords} from '../i18n';

/** Words of parcels and returns; fetched with the first of their screens. */
export const kParcelWords: MoreWords = {
  en: async () => (await import('./en')).parcelsEn,
  'zh-CN': async () => (await import('./zh-CN')).parcelsZhCN,
  'zh-TW': async () => (await import('./zh-TW')).parcelsZhTW,
};
