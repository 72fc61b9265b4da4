import type {correctionBody, Feedback, FeedbackCounts, FeedbackModel, Pains} from '../model/feedback';
import {ask, get} from './http';

export type {FeedbackCounts, FeedbackModel};

/** What customers said: by class and mood, corrected by people, boiled down to pains, answered in public. */

export const kFeedbackFilters = ['class', 'department', 'sentiment', 'aspect', 'state', 'product', 'kind'] as const;
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
