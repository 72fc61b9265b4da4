import type {About, correctionBody, Feedback, FeedbackCounts, FeedbackModel, Pains} from '../model/feedback';
import {ask, get} from './http';

export type {FeedbackCounts, FeedbackModel};

/** What customers said: by class and mood, corrected by people, boiled down to pains, answered in public. */

export const kFeedbackFilters = ['class', 'department', 'sentiment', 'aspect', 'state', 'product', 'kind', 'phrase'] as const;
export const readFeedback = (filters: Record<string, string | number | undefined>, signal?: AbortSignal) => get<Feedback>('/v1/feedback', filters, signal);
export const readPains = (question: {days?: string; class?: string; sort?: string}, signal?: AbortSignal) => get<Pains>('/v1/feedback/pains', question, signal);
const at = (id: string, rest: string): string => `/v1/feedback/${encodeURIComponent(id)}/${rest}`;
/** Feedback Corrected; the model learns of it. */
export const correctFeedback = (id: string, body: ReturnType<typeof correctionBody>) => ask<{offset: number}>('POST', at(id, 'correct'), {body});

export interface ReplyDraft {
  id: string;
  language: 'zh-Hans' | 'zh-Hant' | 'en';
  draft: string;
  facts: string[];
  replied: boolean;
}
export const draftReply = (id: string, language: string, signal?: AbortSignal) => get<ReplyDraft>(at(id, 'reply'), {language}, signal);
/** Review Replied: public. */
export const sendReply = (id: string, text: string) => ask<{offset: number}>('POST', at(id, 'reply'), {body: {text}});

/** You said, we did: what authors were told was done, and telling them. */
export interface Answered {
  answer_id: string;
  pieces: number;
  /** Not told yet; of these `in_shop` see it in the shop, the others in their own records. */
  authors: number;
  in_shop: number;
  by_mail: number;
  told_before: number;
  told: number;
}
export const readAnswers = (signal?: AbortSignal) => get<{answers: {answer_id: string; authors: number}[]}>('/v1/feedback/answers', {}, signal);
export const previewAnswer = (id: string, about: About) => ask<Answered>('POST', '/v1/feedback/answers', {body: {answer_id: id, about, preview: true}});
/** `expect` is the number of authors that the preview gave. */
export const sendAnswer = (id: string, about: About, texts: Record<string, string>, expect: number) => ask<Answered>('POST', '/v1/feedback/answers', {body: {answer_id: id, about, texts, expect}});
