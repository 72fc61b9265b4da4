import type {Answers} from './study_form';
import type {Told} from './study_report';

/** A survey as it is published, and what an editor does to it. Pure: each change gives a new one. */

export type Text = Told;
export type ItemType = 'scale' | 'choice' | 'text' | 'pair';
/** Asked only of those whose answer to an earlier item is so; one of the three stands. */
export type Condition = {item: string; at_most?: number; at_least?: number; is?: number};
export const kConditions = ['at_most', 'at_least', 'is'] as const;
export interface SurveyItem {
  item: string;
  text: Text;
  type: ItemType;
  low?: number;
  high?: number;
  low_label?: Text;
  high_label?: Text;
  choices?: {value: number; text: Text}[];
  left?: {item: string; text: Text};
  right?: {item: string; text: Text};
  reverse?: boolean;
  required?: boolean;
  dimension?: string;
  facet?: 'expectation' | 'perception';
  when?: Condition;
}
export interface Survey {
  survey_id?: string;
  template?: string;
  kind: string;
  title: Text;
  intro?: Text;
  thanks?: Text;
  service_id?: string;
  items: SurveyItem[];
  limits?: {days?: number; asks?: number; reminders?: number; reminder_after_days?: number};
  open_days?: number;
  round?: number;
  closed?: boolean;
}

type Code = 'en' | 'zh-Hans' | 'zh-Hant';
const kCodes: Record<string, Code> = {en: 'en', 'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant'};

/** The text with what was written in the language of the page; a plain text becomes one of several languages only when it must. */
export function written(text: Text, language: string, value: string): Text {
  const code = kCodes[language] ?? 'en';
  if (!text || typeof text === 'string') return value;
  return {...text, [code]: value};
}

export const kItemTypes: readonly ItemType[] = ['scale', 'choice', 'text'];

/** A name that no item has yet: q1, q2, ... */
function freeName(items: readonly SurveyItem[]): string {
  for (let n = items.length + 1; ; n += 1) if (!items.some(({item}) => item === `q${n}`)) return `q${n}`;
}
export function withItem(survey: Survey, type: ItemType): Survey {
  const item: SurveyItem = {item: freeName(survey.items), text: '', type};
  if (type === 'scale') Object.assign(item, {low: 1, high: 5, required: true});
  if (type === 'choice') item.choices = [{value: 1, text: ''}, {value: 2, text: ''}];
  return {...survey, items: [...survey.items, item]};
}
export function changed(survey: Survey, index: number, change: Partial<SurveyItem>): Survey {
  return {...survey, items: survey.items.map((item, i) => (i === index ? {...item, ...change} : item))};
}
export function without(survey: Survey, index: number): Survey {
  return {...survey, items: survey.items.filter((_, i) => i !== index)};
}
export function moved(survey: Survey, index: number, by: -1 | 1): Survey {
  const to = index + by;
  if (to < 0 || to >= survey.items.length) return survey;
  const items = [...survey.items];
  [items[index], items[to]] = [items[to]!, items[index]!];
  return {...survey, items};
}

/** What a condition says of its item: which way and how much. */
export function conditionOf(when: Condition | undefined): {way: (typeof kConditions)[number]; value: number} | undefined {
  const way = kConditions.find((one) => when?.[one] !== undefined);
  return when && way ? {way, value: when[way]!} : undefined;
}
/** Earlier items that a condition can ask about: those with a number for an answer. */
export function askable(survey: Survey, index: number): SurveyItem[] {
  return survey.items.slice(0, index).filter(({type}) => type === 'scale' || type === 'choice');
}

export interface Criterion {
  item: string;
  text: Text;
}
/** What an AHP form compares, in the order in which it first comes. */
export function criteriaOf(survey: Survey): Criterion[] {
  const found = new Map<string, Text>();
  for (const {left, right} of survey.items) for (const side of [left, right]) if (side && !found.has(side.item)) found.set(side.item, side.text);
  return [...found].map(([item, text]) => ({item, text}));
}
export const kCriteriaMost = 9;
export const kCriteriaLeast = 3;
/** The form with every pair of these; pairs that stood keep their names. */
export function withCriteria(survey: Survey, criteria: readonly Criterion[]): Survey {
  const items = criteria.flatMap((left, a) => criteria.slice(a + 1).map((right): SurveyItem => {
    const stood = survey.items.find((one) => one.left?.item === left.item && one.right?.item === right.item);
    return {item: stood?.item ?? `p_${left.item}_${right.item}`, text: stood?.text ?? '', type: 'pair', left: {...left}, right: {...right}};
  }));
  return {...survey, items};
}
/** A name that no criterion has yet. */
export function freeCriterion(criteria: readonly Criterion[]): string {
  for (let n = criteria.length + 1; ; n += 1) if (!criteria.some(({item}) => item === `c${n}`)) return `c${n}`;
}

export type Fault = {fault: 'no_id' | 'no_title' | 'no_items'} | {fault: 'no_text' | 'no_name' | 'same_name' | 'bad_scale' | 'few_choices' | 'bad_condition'; item: number};

function empty(text: Text): boolean {
  if (!text) return true;
  return typeof text === 'string' ? text.trim() === '' : Object.values(text).every((one) => !one?.trim());
}

/** The first thing that keeps a survey from being published. */
export function faultOf(survey: Survey): Fault | undefined {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(survey.survey_id ?? '')) return {fault: 'no_id'};
  if (empty(survey.title)) return {fault: 'no_title'};
  if (survey.items.length === 0) return {fault: 'no_items'};
  for (const [i, one] of survey.items.entries()) {
    if (!/^[a-z0-9_]+$/i.test(one.item)) return {fault: 'no_name', item: i};
    if (survey.items.findIndex(({item}) => item === one.item) !== i) return {fault: 'same_name', item: i};
    if (one.type !== 'pair' && empty(one.text)) return {fault: 'no_text', item: i};
    if (one.type === 'scale' && !((one.low ?? 1) < (one.high ?? 5))) return {fault: 'bad_scale', item: i};
    if (one.when && !askable(survey, i).some(({item}) => item === one.when!.item)) return {fault: 'bad_condition', item: i};
    if (one.type === 'choice' && (one.choices?.length ?? 0) < 2) return {fault: 'few_choices', item: i};
  }
  return undefined;
}

/** The study that a survey's answers are made for, with its options; undefined when there is none at hand. */
export function studyOf(survey: Pick<Survey, 'template' | 'kind' | 'items'>): {method: string; options: Answers} | undefined {
  const scales = survey.items.filter(({type}) => type === 'scale');
  const first = scales[0]?.item ?? '';
  const of = (facet: string): string => scales.filter((one) => one.facet === facet).map(({item}) => item).join(',');
  const dimensions = (items: SurveyItem[]): string => {
    const counts = new Map<string, number>();
    for (const {dimension} of items) counts.set(dimension ?? '', (counts.get(dimension ?? '') ?? 0) + 1);
    return counts.has('') ? '' : [...counts].map(([name, n]) => `${name}:${n}`).join(',');
  };
  if (survey.kind === 'ahp') return {method: 'ahp', options: {}};
  if (survey.kind === 'delphi') return {method: 'delphi', options: {}};
  switch (survey.template) {
    case 'nps': return {method: 'nps', options: {score: first}};
    case 'csat': case 'ces': return {method: 'nps', options: {score: first, kind: survey.template, low: String(scales[0]?.low ?? 1), high: String(scales[0]?.high ?? 5)}};
    case 'servqual': return {method: 'servqual', options: {perceived: of('perception'), expected: of('expectation'), dimensions: dimensions(scales.filter(({facet}) => facet === 'perception'))}};
    case 'servperf': return {method: 'servqual', options: {perceived: scales.map(({item}) => item).join(','), dimensions: dimensions(scales)}};
    default: break;
  }
  if (scales.length === 1 && scales[0]!.low === 0 && scales[0]!.high === 10) return {method: 'nps', options: {score: first}};
  const reverse = scales.filter((one) => one.reverse).map(({item}) => item).join(',');
  if (scales.length >= 2) return {method: 'alpha', options: {items: scales.map(({item}) => item).join(','), ...(reverse ? {reverse} : {})}};
  return undefined;
}
