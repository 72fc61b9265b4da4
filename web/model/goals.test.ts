import {expect, test} from 'vitest';

import {conversionOf, draft, kProgramme} from './goals';

const today = new Date('2026-11-22T08:00:00Z');
const of = (id: string) => kProgramme.find((one) => one.id === id)!;

test('a relative goal starts from today and ends in a year', () => {
  expect(draft(of('conversion'), 0.12, today)).toEqual({metric: 'conversion', department: 'product', baseline: 0.12, target: 0.15, due: '2027-11-22T00:00:00.000Z', unit: 'share'});
  expect(draft(of('repurchase'), 0.8, today)?.target).toBe(1);
  expect(draft(of('conversion'), null, today)).toBeUndefined();
});

test('a figure to reach needs no baseline', () => {
  expect(draft(of('nps'), null, today)).toEqual({metric: 'nps', department: 'service', target: 50, due: '2027-11-22T00:00:00.000Z', unit: 'score'});
  expect(draft(of('resolution'), 47.98765, today)).toMatchObject({baseline: 47.9877, target: 12});
  expect(draft(of('order_value'), 100, today, 'CNY')).toMatchObject({target: 115, unit: 'CNY'});
});

test('conversion is of those who came, and nothing where nobody did', () => {
  expect(conversionOf([{step: 'visit', customers: 400}, {step: 'cart', customers: 90}, {step: 'order', customers: 60}])).toBe(0.15);
  expect(conversionOf([{step: 'visit', customers: 0}])).toBeUndefined();
  expect(conversionOf([])).toBeUndefined();
});
