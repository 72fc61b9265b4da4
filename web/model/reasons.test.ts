import {expect, test} from 'vitest';

import {valuesEn} from '../i18n/values/en';
import {reasonParts} from './reasons';

const told = (reason: string): string[] | undefined =>
  reasonParts(reason)?.map(({key, fills}) => [key, ...Object.entries(fills).map(([name, {kind, value}]) => `${name}=${kind}:${value}`)].join(' '));

test('what the engine wrote is taken apart', () => {
  expect(told('macro looking-service')).toEqual(['macro name=text:looking-service']);
  expect(told('closed late')).toEqual(['late clock=clock:closed']);
  expect(told('on duty')).toEqual(['on_duty']);
  expect(told('call-back: not satisfied')).toEqual(['unsatisfied']);
  expect(told('return:R-1')).toEqual(['return id=text:R-1']);
  expect(told('logistics, one of 3; at work from 2026-11-23T01:00:00Z; skill returns; has 4 of 20')).toEqual([
    'of_department department=class:logistics n=text:3', 'at_work_from when=moment:2026-11-23T01:00:00Z', 'skill name=class:returns', 'load n=text:4 of=text:20']);
});

test('the words of people, and codes with words of their own, stay as they are', () => {
  for (const reason of ['she asked for Li', 'late_parcel', 'macro', 'order_state', 'at work', 'payment, one of 2; because I say so', '催了快递']) expect(reasonParts(reason), reason).toBeUndefined();
});

test('every part has words', () => {
  const all = ['macro m', 'closed late', 'the customer wrote', 'on duty', 'asked the department', 'call-back: satisfied', 'call-back: not satisfied', 'assistant', 'return:R', 'ticket:T', 'survey:S',
    'x, one of 1; at work; skill x; has 0 of 1', 'x, one of 1; at work from 2026-11-23T01:00:00Z'];
  for (const {key, fills} of all.flatMap((reason) => reasonParts(reason) ?? [])) {
    const words = (valuesEn as Readonly<Record<string, string>>)[`reason.${key}`];
    expect(words, key).toBeDefined();
    for (const name of Object.keys(fills)) expect(words, key).toContain(`{${name}`);
  }
});
