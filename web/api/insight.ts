import {good, type Result} from '../model/result';
import type {Review} from '../model/review';
import {runSql} from './data';
import {ask, get} from './http';

export interface Point {
  day: string;
  value: number | null;
}
export interface Tile {
  id: string;
  value: number | null;
  unit?: string;
  previous?: number | null;
  target?: number | null;
  better?: 'up' | 'down';
  series: Point[];
  drill?: string | null;
  reason?: string;
  n?: number | null;
  definition?: string;
}
export interface Overview {
  as_of: string;
  shop: string;
  simulated: boolean;
  known_at: number;
  tiles: Tile[];
  funnel: {step: string; customers: number; drill?: string | null}[];
  biggest_drop: {from: string; to: string; rate: number} | null;
  attention: {kind: string; id: string; customer: string; since: string; text_key?: string; drill?: string | null}[];
  attention_totals?: Record<string, number>;
  changes: {tile: string; value: number; previous: number; change: number; evidence?: {day?: string; days_compared?: number; low?: number; high?: number; drill?: string | null} | null}[];
}
export interface ServiceCard {
  service_id: string;
  name: string;
  name_en?: string;
  layer?: string;
  kinds?: Record<string, string>;
  price?: number | string | null;
  cost?: number | string | null;
  currency?: string;
  owner?: string;
  description?: string;
  description_en?: string;
  offered: number;
  known: number;
  bought: number;
  booked: number;
  delivered: number;
  used: number;
  rated: number;
  renewed: number;
  lapsed: number;
  entitled?: number;
  late: number;
  errors: number;
  customers: number;
  attach_rate: number | null;
  mean_rating: number | null;
  ratings: number;
  satisfaction: {
    users: {mean: number; n: number};
    non_users: {mean: number; n: number};
    difference: number;
    ci_low: number;
    ci_high: number;
  } | null;
  satisfaction_reason?: string;
}
export interface Journey {
  phases: {
    phase: string;
    steps: {
      step: string;
      customers: number;
      events: number;
      median_seconds_to_next: number | null;
      left: number | null;
      left_drill?: string | null;
      left_rate: number | null;
      drill?: string | null;
    }[];
  }[];
  friction: {kind: string; where: string; count: number; drill?: string | null}[];
}
export interface Areas {
  pages: (string | {page: string; count?: number})[];
  page: string;
  areas: {area: string; dwell_ms: number; count: number}[];
}
export interface Goal {
  id: string;
  name: string;
  name_en?: string;
  department?: string;
  owner?: string;
  metric: string;
  unit?: string;
  better?: 'up' | 'down';
  baseline: number | null;
  target: number | null;
  due?: string;
  actual: number | null;
  reason?: string;
  series?: Point[];
  /** What the monthly reviews said, newest first. */
  reviews?: Review[];
}

export const readOverview = (days: number, signal?: AbortSignal) => get<Overview>('/v1/overview', {days}, signal);
export const readServices = (signal?: AbortSignal) =>
  get<{services: ServiceCard[]; base: number}>('/v1/services', {}, signal);
export const readJourney = (days: number, signal?: AbortSignal) => get<Journey>('/v1/journey', {days}, signal);
export const readAreas = (page: string, signal?: AbortSignal) => get<Areas>('/v1/journey/areas', {page}, signal);
export const readGoals = (signal?: AbortSignal) => get<{goals: Goal[]; metrics?: string[]}>('/v1/goals', {}, signal);
export const publishGoal = (id: string, goal: Record<string, unknown>) =>
  ask<unknown>('PUT', `/v1/goals/${encodeURIComponent(id)}`, {body: goal});

/** When customers did something for the first and for the last time; both empty when nobody ever did. */
export interface EventSpan {
  first: string;
  last: string;
}
export async function readEventSpan(signal?: AbortSignal): Promise<Result<EventSpan>> {
  const got = await runSql('SELECT min(event_time), max(event_time) FROM events WHERE customer_id IS NOT NULL', signal);
  if (!got.ok) return got;
  const [first, last] = got.value.rows[0] ?? [];
  return good({first: String(first ?? ''), last: String(last ?? '')});
}
