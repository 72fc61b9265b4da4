import {ask, get} from './http';

/** What the shop knows: answers that people wrote, what cannot both be so, and how the assistant fares. */
export const kTongues = ['zh-Hans', 'zh-Hant', 'en'] as const;
export type Tongue = (typeof kTongues)[number];

export interface KnownAnswer {
  id: string;
  state: 'draft' | 'standing' | 'not_yet' | 'over';
  questions: string[];
  answer: Partial<Record<Tongue, string>>;
  product_id: string;
  category: string;
  intent: string;
  media: string[];
  from: string | null;
  until: string | null;
  draft: boolean;
}
export interface Contradiction {
  kind: 'product_fact' | 'other_answer' | 'other_language' | 'product_gone';
  answer: string;
  other: string;
  parameter: string;
  stated: string;
  against: string;
}
export interface Kept {
  asked: number;
  answered: number;
  right: number;
  coverage: number | null;
  precision: number | null;
}
/** By what became of answers in this shop; low and high are one-sided 95 % bounds. */
export interface OwnPrecision {
  least_confidence: number;
  raised: boolean;
  standing: 'too_few' | 'untold' | 'kept' | 'refuted';
  judged: number;
  right: number;
  precision: number | null;
  low: number;
  high: number;
  /** Outcomes at the shipped confidence: why it was raised. */
  shipped_judged: number;
  shipped_right: number;
}
export interface AssistantCard {
  on: boolean;
  precision_wanted: number;
  phrases: number;
  answers: number;
  intents: Kept;
  knowledge: Kept;
  own: {intents: OwnPrecision; knowledge: OwnPrecision; raised: (OwnPrecision & {intent: string})[]};
  shop: {conversations: number; turns: number; answered: number; abstained: number; handed_over: number; done: number; helped: number; unhelped: number; marked_wrong: number};
  not_understood: {count: number; seq: number; text?: string}[];
}
export interface FoundAnswer {
  id: string;
  question: string;
  text: string;
  match: number;
  sure: boolean;
}

export const readKnowledge = (query: string, state: string, signal?: AbortSignal) =>
  get<{answers: KnownAnswer[]; total: number; facts: number}>('/v1/knowledge', {query, state}, signal);
export const readContradictions = (signal?: AbortSignal) => get<{contradictions: Contradiction[]; answers: number; products: number}>('/v1/knowledge/contradictions', {}, signal);
export const readAssistantCard = (signal?: AbortSignal) => get<AssistantCard>('/v1/assistant/card', {}, signal);
export const setAssistant = (on: boolean) => ask<{offset: number}>('PUT', '/v1/assistant', {body: {on}});
/** An answer of the assistant was wrong, or was not after all: `seq` is its message's. It counts once. */
export const markAnswer = (seq: number, wrong: boolean) => ask<{seq: number; marked: boolean; offset: number}>(wrong ? 'POST' : 'DELETE', `/v1/assistant/answers/${seq}/wrong`, {});
export const findAnswers = (q: string, product: string, language: Tongue, signal?: AbortSignal) =>
  get<{answers: FoundAnswer[]}>('/v1/shop/answers', {q, product, language}, signal);

/** What the form holds, as the door wants it: empty members are left out. */
export type AnswerDraft = Omit<KnownAnswer, 'state' | 'from' | 'until'> & {from: string; until: string};
export const publishAnswer = ({id, questions, answer, product_id, category, intent, media, from, until, draft}: AnswerDraft) =>
  ask<{id: string; offset: number; contradictions: number}>('PUT', `/v1/knowledge/${encodeURIComponent(id)}`, {body: {
    questions, answer, draft, media, ...(product_id ? {product_id} : {}), ...(category ? {category} : {}), ...(intent ? {intent} : {}), ...(from ? {from} : {}), ...(until ? {until} : {})}});
