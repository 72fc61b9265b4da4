import {describe, expect, it} from 'vitest';

import {deskDraft, type DeskPolicy, deskPolicyBody, deskPolicyFault, type RoleDraft} from './desk_policy';

const kShipped: DeskPolicy = {
  currency: 'CNY', limits: [{role: 'agent', action: 'refund', alone: '50.00', most: '500.00'}, {role: 'owner', action: 'coupon', alone: '30.00', most: '100.00'}, {role: 'agent', action: 'appointment'}],
  coupons_customer_month: '50.00', coupons_agent_month: '500.00', approvers: ['owner'], coupon_days: 30, refund_days: 180, book_days: 60,
};

describe('what agents may do', () => {
  it('comes out of the form as it went in, role by role', () => {
    const {currency, ...rest} = kShipped;
    const body = deskPolicyBody(deskDraft(kShipped));
    expect(currency).toBe('CNY');
    expect({...body, limits: [...body.limits].sort((a, b) => a.action.localeCompare(b.action))}).toEqual({...rest, limits: [...rest.limits].sort((a, b) => a.action.localeCompare(b.action))});
  });
  it('leaves out a role that may not: no line, and nobody alone where only two may', () => {
    const draft = deskDraft(kShipped);
    const body = deskPolicyBody({...draft, roles: draft.roles.map((one) => ({...one, refund_alone: '', refund_most: one.role === 'logistics' ? '80' : ''}))});
    expect(body.limits.filter(({action}) => action === 'refund')).toEqual([{role: 'logistics', action: 'refund', alone: '0', most: '80'}]);
  });
  it.each<[Partial<RoleDraft>, string | undefined]>([
    [{}, undefined], [{refund_most: 'much'}, 'amount'], [{refund_alone: '600'}, 'order'], [{refund_most: ''}, 'alone'], [{coupon_alone: '10', coupon_most: '9.99'}, 'order'],
  ])('agent %j: %s', (change, fault) => {
    const draft = deskDraft(kShipped);
    expect(deskPolicyFault({...draft, roles: draft.roles.map((one) => (one.role === 'agent' ? {...one, ...change} : one))})).toBe(fault);
  });
  it('wants days, months, and somebody who lets through what one may not do alone', () => {
    const draft = deskDraft(kShipped);
    expect(deskPolicyFault({...draft, book_days: '0'})).toBe('days');
    expect(deskPolicyFault({...draft, customer_month: ''})).toBe('month');
    expect(deskPolicyFault({...draft, roles: draft.roles.map((one) => ({...one, approves: false}))})).toBe('approver');
  });
});
