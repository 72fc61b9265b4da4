import {ask, get} from './http';

/** How a shop says one parameter in everyday words; `{value}` stands for the value. */
export interface EverydayRule {
  category?: string;
  parameter: string;
  unit?: string;
  from?: number | null;
  to?: number | null;
  'zh-CN'?: string;
  'zh-TW'?: string;
  en?: string;
}
export const readEveryday = (signal?: AbortSignal) => get<{rules: EverydayRule[]}>('/v1/shop/everyday', {}, signal);
export const publishEveryday = (rules: readonly EverydayRule[]) => ask<unknown>('PUT', '/v1/everyday', {body: {rules}});
