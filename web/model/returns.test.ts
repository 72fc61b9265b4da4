import {describe, expect, it} from 'vitest';

import {askedOf, begins, engineReason, leftOf, returnPolicyFault, ruleDraft, ruleOf} from './returns';

const event = {seq: 1, event_time: '2026-11-20T10:00:00Z', event: 'Return Requested', type: 'track'};

describe('a return', () => {
  it('has her words and photographs for who may see them', () => {
    const photo = 'a'.repeat(64);
    const events = [{...event, properties: {return_id: 'R-2'}}, {...event, properties: {return_id: 'R-1', quantity: 2}, personal: {properties: {text: '裂了', photos: [photo, 'no hash']}}}];
    expect(askedOf(events, 'R-1')).toEqual({text: '裂了', photos: [photo], quantity: 2});
    expect(askedOf(events, 'R-2')).toEqual({text: '', photos: [], quantity: undefined});
    expect(askedOf(events, 'R-3')).toBeUndefined();
  });
  it('is paid at most what is left of the order, in its own digits', () => {
    expect(leftOf({order_total: '299.00', refunded_so_far: '99.10'})).toBe('199.90');
    expect(leftOf({order_total: '2990', refunded_so_far: '2990'})).toBe('0');
  });
  it('begins under review, which is no repetition', () => {
    const update = {at: event.event_time, state: 'under_review', answer: 'repeats'} as const;
    expect([begins(update, 0), begins(update, 1), begins({...update, state: 'approved'}, 0)]).toEqual([true, false, false]);
  });
  it('says the reasons of the engine in words and leaves a person\'s own alone', () => {
    expect(engineReason('rule 2: size, 1 photos, 3d after it was signed for')).toEqual({key: 'rule', params: {n: '2', reason: 'size', photos: '1', length: '3d'}});
    expect(engineReason('later than 7 days')).toEqual({key: 'later', params: {n: '7'}});
    expect(engineReason('no rule fits')?.key).toBe('no_rule');
    expect(engineReason('worn at the sole')).toBeUndefined();
  });
});

describe('the rules of returns', () => {
  it('come out of the form as they went in, without what says nothing', () => {
    const rule = {reasons: ['size', 'damaged'], value_most: '300.00', photos: 1, then: 'approve'} as const;
    expect(ruleOf(ruleDraft({...rule, reasons: [...rule.reasons]}))).toEqual(rule);
    expect(ruleOf({reasons: ' ', value_most: '', photos: '0', then: 'reject'})).toEqual({then: 'reject'});
    expect(ruleOf({reasons: 'size，damaged', value_most: '', photos: '', then: 'reject'}).reasons).toEqual(['size', 'damaged']);
  });
  it('are held to what the server takes', () => {
    const rule = ruleDraft({then: 'approve'});
    expect(returnPolicyFault('7', [rule])).toBeUndefined();
    expect(returnPolicyFault('a week', [])).toBe('days');
    expect(returnPolicyFault('4000', [])).toBe('days');
    expect(returnPolicyFault('7', [{...rule, value_most: '3,00'}])).toBe('amount');
    expect(returnPolicyFault('7', [{...rule, photos: '11'}])).toBe('photos');
  });
});
