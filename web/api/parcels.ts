import type {Parcel, ParcelPage, ParcelPolicy, ParcelPolicyNow, ParcelQueue, Parcels} from '../model/parcels';
import type {Return, ReturnPage, ReturnPolicy, ReturnQueue} from '../model/returns';
import type {Result} from '../model/result';
import {hearShopClock} from './clock';
import {ask, get} from './http';

/** Parcels and returns: where they are, when they will come, what was announced; how returns are decided and paid. */

export type {Parcel};

/** What is late is counted from the shop's clock as it was then. */
async function heard<T extends {now?: string}>(asked: Promise<Result<T>>): Promise<Result<T>> {
  const got = await asked;
  if (got.ok) hearShopClock(got.value.now);
  return got;
}
export const readParcels = (queue: ParcelQueue, limit: number, signal?: AbortSignal) => heard(get<Parcels>('/v1/parcels', {queue, limit}, signal));
export const readParcel = (order: string, signal?: AbortSignal) => heard(get<ParcelPage>(`/v1/parcels/${encodeURIComponent(order)}`, {}, signal));
export const readParcelPolicy = (signal?: AbortSignal) => get<ParcelPolicyNow>('/v1/parcels/policy', {}, signal);
export const publishParcelPolicy = (policy: ParcelPolicy) => ask<{offset: number}>('PUT', '/v1/parcels/policy', {body: policy});

const back = (id: string, rest = ''): string => `/v1/returns/${encodeURIComponent(id)}${rest}`;
export const readReturns = (queue: ReturnQueue, limit: number, signal?: AbortSignal) => get<{returns: Return[]; matching: number}>('/v1/returns', {queue, limit}, signal);
export const readReturn = (id: string, signal?: AbortSignal) => get<ReturnPage>(back(id), {}, signal);
/** A person's decision; a rejection says why. */
export const decideReturn = (id: string, decision: 'approve' | 'reject', reason: string) => ask<{state: string}>('POST', back(id, '/decide'), {body: {decision, ...(reason && {reason})}});
export const updateReturn = (id: string, state: string, more: {amount?: string; reason?: string}) => ask<{state: string}>('POST', back(id, '/update'), {body: {state, ...more}});
export const readReturnPolicy = (signal?: AbortSignal) => get<{published: boolean; policy: ReturnPolicy | null}>('/v1/returns/policy', {}, signal);
export const publishReturnPolicy = (policy: ReturnPolicy) => ask<{offset: number}>('PUT', '/v1/returns/policy', {body: policy});
