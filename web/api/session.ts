import type {Result} from '../model/result';
import {useShopClock} from './clock';
import {ask, useCsrf} from './http';

export interface Session {
  user: {id: string | number; name: string; role: string} | null;
  shop: string | null;
  shops: string[];
  permissions: string[];
  setup_needed: boolean;
  simulated: boolean;
  /** The shop's clock is driven, as a simulated one's is. */
  driven?: boolean;
  now?: string | null;
  csrf: string | null;
  version: string;
}

async function keep(asked: Promise<Result<Session>>): Promise<Result<Session>> {
  const got = await asked;
  if (got.ok && got.value) {
    useCsrf(got.value.csrf);
    useShopClock(got.value.driven ?? false, got.value.now);
  }
  return got;
}

export const readSession = () => keep(ask<Session>('GET', '/v1/session'));
export const signIn = (name: string, password: string) =>
  keep(ask<Session>('POST', '/v1/session', {body: {name, password}}));
export const signInByLink = (token: string) => keep(ask<Session>('POST', '/v1/session/link', {body: {token}}));
export const signOut = () => ask<void>('DELETE', '/v1/session');
export const setUp = (name: string, password: string) =>
  keep(ask<Session>('POST', '/v1/setup', {body: {name, password}}));
export const chooseShop = (shop: string) => keep(ask<Session>('PUT', '/v1/session/shop', {body: {shop}}));

export interface User {
  id: string | number;
  name: string;
  role: string;
}
export const kRoles = ['owner', 'analyst', 'marketing', 'product', 'logistics', 'agent', 'viewer'] as const;
export const readUsers = () => ask<{users: User[]}>('GET', '/v1/users');
export const addUser = (name: string, role: string, password: string | null) =>
  ask<User & {token?: string; link_token?: string; link?: string}>('POST', '/v1/users', {body: {name, role, password}});
export const changeUser = (id: string | number, change: {role?: string; password?: string}) =>
  ask<void>('PUT', `/v1/users/${encodeURIComponent(String(id))}`, {body: change});
export const removeUser = (id: string | number) => ask<void>('DELETE', `/v1/users/${encodeURIComponent(String(id))}`);
