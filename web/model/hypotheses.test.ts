import {expect, test} from 'vitest';

import {cardId, cardOf, columnOf, type Draft, powerOf} from './hypotheses';

test('a card without anybody in its arms is only registered', () => {
  expect(columnOf({status: 'running', assigned: {control: 0, treatment: 0}})).toBe('registered');
  expect(columnOf({status: 'running', assigned: {control: 1, treatment: 0}})).toBe('running');
  expect(columnOf({status: 'due', assigned: {control: 0, treatment: 0}})).toBe('due');
  expect(columnOf({status: 'decided', assigned: {control: 9, treatment: 9}})).toBe('decided');
});

test('an id says what the card is about', () => {
  expect(cardId('Churn falls within 60 days', new Date(1000))).toBe('H-churn-falls-within-60-days-rs');
  expect(cardId('流失下降', new Date(1000))).toBe('H-rs');
});

test('a card leaves out what nobody wrote', () => {
  const draft: Draft = {if: ' warned early ', then: 'fewer leave', by: '2027-01-31', metric: 'retention', direction: 'up', effect: '0.03', window_days: '60', segment: '', service_id: '', worth: '', guard: 'csat', guard_bound: '',
    design: 'assignment', share: '50', alpha: '', power: ''};
  expect(cardOf(draft)).toEqual({if: 'warned early', then: 'fewer leave', by: '2027-01-31T00:00:00Z', metric: 'retention', direction: 'up', effect: 0.03, window_days: 60, design: 'assignment', share: 50, alpha: 0.05, power: 0.8});
  expect(powerOf(draft)).toEqual({metric: 'retention', direction: 'up', effect: 0.03, window_days: 60, design: 'assignment', share: 50, alpha: 0.05, power: 0.8});
  expect(cardOf({...draft, guard_bound: '0.02', segment: 'seed'})).toMatchObject({guardrail: {metric: 'csat', worse_by_most: 0.02}, segment: 'seed'});
});
