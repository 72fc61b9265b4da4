import {describe, expect, it} from 'vitest';

import {behind, draftOf, evidenceOf, inOrder, type ParcelPolicyDraft, policyBody, policyFault, toldOf} from './parcels';

const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`;

describe('a parcel', () => {
  it('is behind its promise by the clock until it is signed for, then by when that was', () => {
    const promised = at(10);
    expect(behind({promised, signed: null}, Date.parse(at(12)))).toBe(2 * 3_600_000);
    expect(behind({promised, signed: at(9)}, Date.parse(at(12)))).toBe(-3_600_000);
    expect(behind({promised: null, signed: null}, 0)).toBeUndefined();
  });
  it('shows what went wrong where it went wrong', () => {
    const node = (name: string, reached: string | null) => ({node: name, reached, promised: null, place: null});
    const names = (reached: string | null) => inOrder([node('placed', at(1)), node('packing', at(3)), node('signed', null), node('exception', reached)]).map((one) => one.node);
    expect(names(at(2))).toEqual(['placed', 'exception', 'packing', 'signed']);
    expect(names(at(4))).toEqual(['placed', 'packing', 'exception', 'signed']);
    expect(names(at(0))).toEqual(['exception', 'placed', 'packing', 'signed']);
  });
  it('tells what was announced of it alone, oldest first, and why nothing went with it', () => {
    const event = (order_id: string, step: number, event_time: string, more = {}) => ({event: 'Delay Announced', event_time, properties: {order_id, step, strength: 0.83, channel: 'app,email', evidence: 'e', ...more}});
    const told = toldOf([event('A', 1, at(9), {coupon_id: 'C'}), event('B', 0, at(8)), event('A', 0, at(7), {reason: 'budget spent'}), {event: 'Coupon Granted', event_time: at(7)}], 'A');
    expect(told.map(({step, coupon, withheld}) => [step, coupon, withheld])).toEqual([['likely', '', 'budget spent'], ['late', 'C', '']]);
    expect(told[0]).toMatchObject({chance: 0.83, channels: ['app', 'email']});
  });
  it('reads the evidence as the engine writes it, and nothing else', () => {
    expect(evidenceOf('2 parcels like it, rung 3; chance 1.000; given in 30 days before 5.00 of 2000.00')).toEqual({like_it: '2', rung: '3', late: undefined, days: '30', given: '5.00', budget: '2000.00'});
    expect(evidenceOf('too few parcels like it for an estimate; 1d3h late')).toMatchObject({like_it: undefined, late: '1d3h'});
    expect(evidenceOf('something new')).toBeUndefined();
  });
});

describe('the policy of announcements', () => {
  const whole: ParcelPolicyDraft = {...draftOf(null), compensates: true, coupon: 'LATE5', value: '5.00', budget: '2000'};
  it('comes out of the form as it went in', () => {
    const policy = {false_warnings: 0.1, patience: '24h', channels: ['app'], compensation: {coupon: 'LATE5', value: '5.00', valid: '30d', after: '24h', currency: 'CNY'}, caps: {customer: 2, day: 200, days: 30, budget: '2000.00'}};
    expect(policyBody(draftOf(policy))).toEqual(policy);
    expect(policyBody(draftOf({threshold: 0.625, patience: '2d', channels: ['email']}))).toEqual({threshold: 0.625, patience: '2d', channels: ['email']});
  });
  it('names a threshold or a share, never both, and no caps without a compensation', () => {
    expect(policyBody({...whole, by: 'threshold', share: '60'})).not.toHaveProperty('false_warnings');
    expect(policyBody({...whole, compensates: false})).toEqual({false_warnings: 0.1, patience: '24h', channels: ['app', 'email']});
  });
  it.each<[Partial<ParcelPolicyDraft>, string | undefined]>([
    [{}, undefined], [{share: ''}, 'share'], [{share: '51'}, 'share'], [{by: 'threshold', share: '4'}, 'share'], [{by: 'threshold', share: '60'}, undefined], [{patience: 'a day'}, 'length'],
    [{app: false, email: false}, 'channel'], [{coupon: ' '}, 'coupon'], [{value: '0'}, 'value'], [{value: '5,00'}, 'value'], [{valid: '30'}, 'length'], [{days: '0'}, 'caps'], [{customer: '-1'}, 'caps'],
    [{budget: 'much'}, 'budget'], [{budget: ''}, undefined],
  ])('%j: %s', (change, fault) => {
    expect(policyFault({...whole, ...change})).toBe(fault);
  });
});
