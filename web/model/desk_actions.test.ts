import {describe, expect, it} from 'vitest';

import {fittingMacros, macroBody, macroFault, macroQuery, type Macro, packetOf, unfilled} from './desk_actions';

const macro = (macro_id: string, title: string, closed = false): Macro => ({macro_id, title, texts: {en: 'x'}, closed});

describe('macros', () => {
  it('are looked for by a slash that begins the answer', () => {
    expect(macroQuery('/')).toBe('');
    expect(macroQuery('  /late')).toBe('late');
    expect(macroQuery('and/or')).toBeUndefined();
    expect(macroQuery('/late is')).toBeUndefined();
  });
  it('fit by name before title, closed ones never', () => {
    const all = [macro('refund', 'Money back'), macro('sorry', 'Late parcel'), macro('late', 'Sorry'), macro('later', 'x', true)];
    expect(fittingMacros(all, 'late').map(({macro_id}) => macro_id)).toEqual(['late', 'sorry']);
    expect(fittingMacros(all, '').length).toBe(3);
  });
  it('show what nothing fills', () => {
    expect(unfilled('Dear {name}, {{not} {order_id} {name} { x }')).toEqual(['name', 'order_id']);
  });
});

describe('writing a macro', () => {
  const whole: Macro = {macro_id: 'late', title: 'Late', texts: {en: 'Dear {name}', 'zh-Hans': ' '}, state: '', action: {action: 'coupon', value: '5'}, closed: false};
  it('sends what says something', () => {
    expect(macroBody(whole)).toEqual({title: 'Late', texts: {en: 'Dear {name}'}, action: {action: 'coupon', value: '5'}, closed: false});
  });
  it.each<[Partial<Macro>, string | undefined]>([
    [{}, undefined], [{macro_id: 'two words'}, 'id'], [{macro_id: 'old'}, 'twice'], [{title: ' '}, 'title'], [{texts: {en: ''}}, 'text'], [{texts: {en: '{weather}'}}, 'placeholder'], [{texts: {en: '{{weather}'}}, undefined],
    [{action: {action: 'coupon', value: 'five'}}, 'value'],
  ])('%j: %s', (change, fault) => expect(macroFault({...whole, ...change}, ['old'], ['name'])).toBe(fault));
});

describe('the packet of a hand-over', () => {
  const at = '2026-11-20T10:00:00Z';
  it('is the newest, as agents write it', () => {
    const packet = (wanted: string) => ({who: 'c_1', wanted, tried: ['called'], promised: [{clock: 'closed', by: at}], urgency: 'high', transcript: 'C-1'});
    const found = packetOf([{at, event: 'Ticket Assigned', properties: {agent: 'wu'}, personal: {properties: {packet: packet('old')}}}, {at, event: 'Ticket Assigned', properties: {agent: 'li'}, personal: {properties: {packet: packet('her parcel')}}}, {at, event: 'Ticket Updated'}]);
    expect(found).toMatchObject({to: 'li', who: 'c_1', wanted: 'her parcel', tried: ['called'], promised: [{clock: 'closed', by: at}], urgency: 'high', transcript: 'C-1'});
    expect(JSON.parse(found!.json)).toEqual(packet('her parcel'));
  });
  it('is read as the assistant writes it, and nothing where it is sealed', () => {
    const packet = {version: 1, who: {kind: 'anonymous_id', value: 'a-1', phone: '+86139'}, wanted: 'order_state', slots: {order_id: 'D-2', reason: ''}, tried: ['order_state'], transcript: {contact_id: 'A-1', turns: 3}, urgency: 'normal'};
    expect(packetOf([{at, event: 'Ticket Opened', personal: {properties: {packet}}}])).toMatchObject({who: 'a-1 · +86139', slots: [['order_id', 'D-2']], transcript: 'A-1', promised: []});
    expect(packetOf([{at, event: 'Ticket Assigned', properties: {agent: 'wu'}}])).toBeUndefined();
  });
});
