import type {MoreWords} from '../i18n';

/** Words of feedback and of the service desk; fetched with the first of their screens. */
export const kDeskWords: MoreWords = {
  en: async () => (await import('./en')).deskEn,
  'zh-CN': async () => (await import('./zh-CN')).deskZhCN,
  'zh-TW': async () => (await import('./zh-TW')).deskZhTW,
};
