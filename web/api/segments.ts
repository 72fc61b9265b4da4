import {ask, get} from './http';

export interface Segment {
  name: string;
  rule: string;
  shipped: boolean;
  members: number;
  undetermined?: string;
  since?: number;
}
export interface Matrix {
  classes: {name: string; members: number; mean_value: number; mean_urgency: number; undetermined?: string | number | null}[];
  bins: {value: number; urgency: number; customers: number; class: Record<string, number>}[];
  customers?: number;
  flows: {from: string; to: string; customers: number}[];
  known_at: number;
}
export type RuleCheck =
  | {ok: true; count: number; examples: {id: string; label: string}[]}
  | {ok: false; line: number; column: number; message: string; expected?: string};

export const readSegments = (signal?: AbortSignal) => get<{segments: Segment[]}>('/v1/segments', {}, signal);
export const readMatrix = (signal?: AbortSignal) => get<Matrix>('/v1/segments/matrix', {}, signal);
export const checkRule = (text: string, examples: number, signal?: AbortSignal) => {
  const asking = {body: {text, examples}};
  return ask<RuleCheck>('POST', '/v1/rules/check', signal ? {...asking, signal} : asking);
};
export const publishRule = (name: string, rule: string) =>
  ask<{offset: number}>('PUT', `/v1/rules/${encodeURIComponent(name)}`, {body: {rule}});
