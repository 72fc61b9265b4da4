import {expect, test} from 'vitest';

import type {DeskPolicy} from './desk_policy';
import {refusalOf} from './desk_refusal';

const policy: DeskPolicy = {
  currency: 'CNY',
  limits: [{role: 'agent', action: 'refund', alone: '50.00', most: '500.00'}, {role: 'owner', action: 'refund', alone: '500.00', most: '5000.00'}, {role: 'owner', action: 'coupon', alone: '30.00', most: '100.00'}],
  coupons_customer_month: '50.00', coupons_agent_month: '500.00', approvers: ['owner'], coupon_days: 30, refund_days: 180, book_days: 60,
};
const refused = (where: string, expected: string) => ({code: 'refused', status: 422, detail: 'in English', where, expected});
const forbidden = (where: string) => ({code: 'forbidden', status: 403, detail: 'in English', where});
const ask = {kind: 'refund', step: 'ask'} as const;

test('a refund above the limit of a role names the limit and whose is greater', () => {
  expect(refusalOf(refused('amount', 'at most 500.00 CNY, with a second person above 50.00 CNY'), ask, policy, 'agent')).toEqual({why: 'over_most', most: '500.00 CNY', alone: '50.00 CNY', roles: ['owner']});
  expect(refusalOf(refused('amount', 'at most 5000.00 CNY, with a second person above 500.00 CNY'), ask, policy, 'owner')).toMatchObject({roles: []});
});

test('an order that holds less, nothing any more, or none of these', () => {
  expect(refusalOf(refused('amount', 'at most 12.50 CNY'), ask, policy, 'agent')).toEqual({why: 'over_left', left: '12.50 CNY'});
  expect(refusalOf(refused('amount', '60.00 CNY of 60.00 CNY were paid back'), ask, policy, 'agent')).toEqual({why: 'nothing_left', back: '60.00 CNY', total: '60.00 CNY'});
  expect(refusalOf(refused('order_id', 'a newer order, or another policy'), ask, policy, 'agent')).toEqual({why: 'order', days: 180, currency: 'CNY'});
  expect(refusalOf(refused('amount', 'something new'), ask, policy, 'agent')).toBeUndefined();
});

test('coupons have months, roles have actions, and letting through takes somebody else who may', () => {
  expect(refusalOf(refused('amount', 'at most 5.00 CNY'), {kind: 'coupon', step: 'ask'}, policy, 'owner')).toEqual({why: 'month', customer: '50.00 CNY', agent: '500.00 CNY', left: '5.00 CNY'});
  expect(refusalOf(forbidden('action'), {kind: 'coupon', step: 'ask'}, policy, 'agent')).toEqual({why: 'role', roles: ['owner']});
  expect(refusalOf(forbidden('role'), {kind: 'refund', step: 'decide'}, policy, 'agent')).toEqual({why: 'lets', roles: ['owner']});
  expect(refusalOf(forbidden('agent'), {kind: 'refund', step: 'decide'}, policy, 'owner')).toEqual({why: 'same', roles: ['owner']});
  expect(refusalOf(forbidden('amount'), {kind: 'refund', step: 'decide'}, policy, 'agent')).toEqual({why: 'approver_limit', most: '500.00 CNY', roles: ['owner']});
});

test('a return is paid by who may alone, or by who lets through', () => {
  expect(refusalOf(forbidden('amount'), {kind: 'refund', step: 'return'}, policy, 'agent')).toEqual({why: 'pays', alone: '50.00 CNY', roles: ['owner']});
  expect(refusalOf(forbidden('amount'), {kind: 'refund', step: 'return'}, policy, 'logistics')).toMatchObject({alone: '0 CNY'});
  expect(refusalOf({code: 'conflict', status: 409, detail: ''}, {kind: 'refund', step: 'return'}, policy, 'agent')).toBeUndefined();
});
