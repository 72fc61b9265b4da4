import type {Told} from '../model/study_report';
import {ask, get} from './http';

/** Packages composed of services and products, and how a service profiles against the ordinary one. */

export interface PackagePart {
  kind: 'service' | 'product';
  id: string;
  name: string;
  quantity: number;
  price: number;
  cost: number | null;
  total: number;
  had?: number;
}
export interface PackagePlan {
  parts: PackagePart[];
  list: number;
  price: number;
  saved: number;
  discount: number;
  cost: number | null;
  margin: number | null;
  margin_rate: number | null;
  currency: string;
  facts: {days: number; any: number; together: number; share: number | null; share_low: number | null; share_high: number | null; value_if_nobody_changes: number; break_even: number | null; candidates: number};
}
export interface Package extends Partial<PackagePlan> {
  package_id: string;
  title?: string;
  title_en?: string;
  family?: string;
  tier?: string;
  rank?: number;
  until?: string;
  problem?: string;
}
export interface PackageDraft {
  services: {service_id: string; quantity: number}[];
  products: {product_id: string; quantity: number}[];
  discount?: number;
  price?: number;
  title?: string;
  title_en?: string;
  family?: string;
  tier?: string;
  rank?: number;
  below_cost?: boolean;
}
export const readPackages = (signal?: AbortSignal) => get<{packages: Package[]}>('/v1/packages', {}, signal);
export const planPackage = (draft: PackageDraft, signal?: AbortSignal) => ask<PackagePlan>('POST', '/v1/packages/plan', signal ? {body: draft, signal} : {body: draft});
export const publishPackage = (id: string, draft: PackageDraft) => ask<{package_id: string; offset: number}>('PUT', `/v1/packages/${encodeURIComponent(id)}`, {body: draft});

export type Stand = 'above' | 'like' | 'below' | 'no_evidence';
export interface MeasuredValue {
  value: number;
  ci_low: number;
  ci_high: number;
  n: number;
}
export interface ProfileEvidence {
  source: 'facts' | 'survey' | 'study';
  measure: Told;
  unit: 'share' | 'points' | 'currency';
  own: MeasuredValue;
  ordinary: MeasuredValue | null;
  difference: number;
  difference_low: number;
  difference_high: number;
  stand: Stand;
}
export interface ServiceProfile {
  service_id: string;
  name: string;
  layer: string;
  ordinary: string[];
  ordinary_text: Told;
  dimensions: {dimension: string; title: Told; stand: Stand; evidence: ProfileEvidence[]}[];
  flag: {kind: string; why: Told} | null;
  currency: string;
}
export const readServiceProfile = (id: string, signal?: AbortSignal) => get<ServiceProfile>(`/v1/services/${encodeURIComponent(id)}/profile`, {}, signal);
