import type {ElementLanguage} from './runtime/words';

/** A questionnaire as GET /v1/shop/surveys/{id} gives it, and what is asked of whom. Pure. */
export type SurveyText = string | Partial<Record<'en' | 'zh-Hans' | 'zh-Hant', string>>;

export interface AskedItem {
  item: string;
  type: 'scale' | 'choice' | 'text';
  text: SurveyText;
  low?: number;
  high?: number;
  low_label?: SurveyText;
  high_label?: SurveyText;
  choices?: {value: number; text: SurveyText}[];
  required?: boolean;
  when?: {item: string; at_most?: number; at_least?: number; is?: number};
}
export interface AskedSurvey {
  title?: SurveyText;
  intro?: SurveyText;
  thanks?: SurveyText;
  items: AskedItem[];
  version?: number;
}
/** What a page may give an element itself. */
export interface SurveyItem {
  item: string;
  scale: '0-10' | '1-5' | 'text';
  text: string;
}
export type SurveyAnswer = {item: string; value: number | string};

const kCodes = {'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant', en: 'en'} as const;

/** In the reader's language, else in another that is there: the other script before English. */
export function surveyText(text: SurveyText | undefined, language: ElementLanguage): string {
  if (text === undefined || typeof text === 'string') return text ?? '';
  const wanted = kCodes[language];
  const other = wanted === 'zh-Hans' ? text['zh-Hant'] : text['zh-Hans'];
  return text[wanted] || (wanted === 'en' ? '' : other) || text.en || other || text['zh-Hant'] || '';
}

export const ownItems = (items: readonly SurveyItem[]): AskedItem[] => items.map(({item, scale, text}, at) => scale === 'text'
  ? {item, text, type: 'text', required: false}
  : {item, text, type: 'scale', low: scale === '0-10' ? 0 : 1, high: scale === '0-10' ? 10 : 5, required: at === 0});

/** Whether the item is asked, given the answers so far. */
export function isAsked(item: AskedItem, answers: readonly SurveyAnswer[]): boolean {
  const {when} = item;
  if (!when) return true;
  const found = answers.find((one) => one.item === when.item)?.value;
  if (typeof found !== 'number') return false;
  return (when.at_most === undefined || found <= when.at_most) && (when.at_least === undefined || found >= when.at_least) && (when.is === undefined || found === when.is);
}

/** The answers of a filled form, in the order of the items; what was not asked or not answered is left out. */
export function answersOf(items: readonly AskedItem[], read: (item: string) => string): SurveyAnswer[] {
  const answers: SurveyAnswer[] = [];
  for (const item of items) {
    const text = read(item.item).trim();
    if (text === '' || !isAsked(item, answers)) continue;
    answers.push({item: item.item, value: item.type === 'text' ? text : Number(text)});
  }
  return answers;
}

/** Answers to an edited survey say of which version they are. */
export const versioned = (answers: readonly SurveyAnswer[], version = 1): SurveyAnswer[] => version > 1 ? [...answers, {item: 'survey_version', value: version}] : [...answers];
