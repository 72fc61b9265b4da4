import type {Report, Told} from '../model/study_report';
import {ask, get} from './http';
import type {StudyQuestion} from './studies';

/** From a study to an action and back: published studies, actions, hypothesis cards, what services are worth. */

export interface PublishedStudy {
  study_id: string;
  method: string;
  title: Told;
  reading: Told;
  n: number;
  published_at: string;
  service_id?: string | null;
  actions: number;
}
export interface PublishedReport {
  study: {study_id: string; method: string; title?: Told; published_at?: string; service_id?: string | null; sql?: string; survey?: string; options?: Record<string, unknown>};
  report: Report | null;
  actions?: Action[];
}
export const kActions = ['launch', 'grow', 'test', 'retire', 'price', 'bundle', 'mend'] as const;
export interface Action {
  action_id: string;
  action: (typeof kActions)[number];
  study_id: string;
  finding: string;
  service_id?: string | null;
  expected_value: number | null;
  currency?: string;
  guardrail?: {metric: string; bound: number} | null;
  remeasure_at: string;
  due: boolean;
}
export interface Publishing extends StudyQuestion {
  method: string;
  file?: string;
  service_id?: string;
  benefit?: {amount?: number; se?: number; worth?: number; cost?: number; cost_se?: number; days?: number};
}

export const readPublished = (signal?: AbortSignal) => get<{studies: PublishedStudy[]}>('/v1/published-studies', {}, signal);
export const readPublishedReport = (id: string, signal?: AbortSignal) => get<PublishedReport>(`/v1/published-studies/${encodeURIComponent(id)}`, {}, signal);
export const publishStudy = (id: string, study: Publishing) => ask<{study_id: string; offset: number}>('PUT', `/v1/published-studies/${encodeURIComponent(id)}`, {body: study});
export const readActions = (signal?: AbortSignal) => get<{actions: Action[]}>('/v1/actions', {}, signal);
/** Whom a published churn study warns of become the segment churn_warned, with an action and its date. */
export const warnOfChurn = (study: string, action: Record<string, unknown>) => ask<{segment: string; warned: number; denied: number; unknown: number; action_id: string; offset: number}>('POST', `/v1/published-studies/${encodeURIComponent(study)}/warnings`, {body: {action}});
export const addAction = (action: Record<string, unknown>) => ask<{action_id: string; offset: number}>('POST', '/v1/actions', {body: action});

export interface Verdict {
  verdict: 'supported' | 'refuted' | 'undecided' | 'harmful';
  metric: string;
  control: {n: number; mean: number | null};
  treatment: {n: number; mean: number | null};
  lift: number | null;
  ci_low: number | null;
  ci_high: number | null;
  p: number | null;
  guardrail?: Record<string, unknown> | null;
  sample_ratio_p?: number | null;
  decided_at: string;
  reading: Told;
}
export interface Hypothesis {
  hypothesis_id: string;
  if: string;
  then: string;
  by: string;
  metric: string;
  direction: 'up' | 'down';
  effect: number;
  window_days?: number;
  segment?: string;
  service_id?: string;
  guardrail?: {metric: string; worse_by_most: number} | null;
  design: 'assignment' | 'segment';
  share: number;
  alpha: number;
  power: number;
  baseline: number | null;
  per_arm: number | null;
  enough: boolean | null;
  registered_at: string;
  status: 'running' | 'due' | 'decided';
  assigned: {control: number; treatment: number};
  verdict: Verdict | null;
}
export interface PowerAnswer {
  metric: string;
  baseline: number | null;
  sd?: number | null;
  n: number;
  per_arm: number;
  available: number;
  enough: boolean;
}
export interface Metric {
  metric: string;
  unit: string;
  better: 'up' | 'down';
  of_service?: boolean;
  definition?: Told;
}

const card = (id: string, rest = ''): string => `/v1/hypotheses/${encodeURIComponent(id)}${rest}`;
export const readHypotheses = (signal?: AbortSignal) => get<{metrics: Metric[]; hypotheses: Hypothesis[]}>('/v1/hypotheses', {}, signal);
export const readHypothesis = (id: string, signal?: AbortSignal) => get<Hypothesis>(card(id), {}, signal);
export const registerHypothesis = (id: string, noun: Record<string, unknown>) => ask<{offset: number}>('PUT', card(id), {body: noun});
export const askPower = (of: Record<string, unknown>, signal?: AbortSignal) => {
  const asking = {body: of};
  return ask<PowerAnswer>('POST', '/v1/hypotheses/power', signal ? {...asking, signal} : asking);
};
export const assignTo = (id: string, whom: {customer: string} | {most: number}) =>
  ask<{control: number; treatment: number; assigned: number; already: number}>('POST', card(id, '/assignments'), {body: whom});
export const askVerdict = (id: string) => ask<Verdict>('POST', card(id, '/verdict'));

export const kQuadrants = ['widen', 'invest', 'keep_lean', 'mend'] as const;
export type Quadrant = (typeof kQuadrants)[number];
/** What to do with a service; study_id null: no study stands behind it. */
export interface Advice {
  action: 'widen' | 'keep' | 'mend' | 'retire' | 'measure';
  study_id: string | null;
  probability: number | null;
  why: Told;
}
export interface Worth {
  service_id: string;
  name: string;
  name_en?: string;
  benefit: number;
  benefit_se: number;
  cost: number;
  cost_se: number;
  net: number;
  net_low: number;
  net_high: number;
  pays_probability: number;
  roi: number | null;
  quadrant: Quadrant;
  probability: Record<Quadrant, number>;
  study_id: string | null;
  randomised: boolean;
  basis_text: Told;
  advice: Advice;
}
export interface WorthAnswer {
  services: Worth[];
  unmeasured: {service_id: string; name?: string; reason: string; reason_text: Told; advice: Advice}[];
  benefit_line: number | null;
  cost_line: number | null;
  currency: string;
}
export interface ServiceReview {
  service_id: string;
  name: string;
  last_review: string | null;
  next_review: string | null;
  overdue: boolean;
  advice: Advice;
  warnings: {kind: string; detail: Told; figures: Record<string, unknown>}[];
}
export const readWorth = (signal?: AbortSignal) => get<WorthAnswer>('/v1/services/roi', {}, signal);
export const readServiceReviews = (signal?: AbortSignal) => get<{services: ServiceReview[]}>('/v1/services/reviews', {}, signal);
