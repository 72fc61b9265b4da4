import {expect, test} from 'vitest';

import {money, moneyText, zoneName} from './format';

test('an amount has one form, whoever wrote it', () => {
  expect(money('10.00', 'CNY')).toBe('¥10.00');
  expect(moneyText('10.00 CNY')).toBe(money(10, 'CNY'));
  expect(moneyText('-3.50 USD')).toBe(money(-3.5, 'USD'));
  expect(moneyText('free')).toBe('free');
  expect(moneyText('10.00 cny')).toBe('10.00 cny');
  expect(moneyText(null)).toBe('–');
});

test('the zone of times has a name', () => {
  expect(zoneName()).toMatch(/^[A-Za-z]+/);
});
