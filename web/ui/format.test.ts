import {beforeAll, expect, test, vi} from 'vitest';

import {setLanguage} from '../i18n/i18n';
import {money, moneyText, ticketNumber, timeLeft, zoneName} from './format';

beforeAll(async () => {
  vi.stubGlobal('document', {documentElement: {lang: ''}});
  await setLanguage('en', false);
});

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

test('what is left is said in two units, whole ones', () => {
  expect(timeLeft(31.7 * 3_600)).toBe('1 day 7 h');
  expect(timeLeft(24 * 3_600)).toBe('1 day');
  expect(timeLeft(3 * 86_400 + 59)).toBe('3 days');
  expect(timeLeft(12_000)).toBe('3 h 20 min');
  expect(timeLeft(367)).toBe('6 min');
  expect(timeLeft(59.9)).toBe('59 s');
  expect(timeLeft(12 * 86_400 + 5 * 3_600)).toBe('12 days');
  expect(timeLeft(null)).toBe('–');
});

test('a number that a program made is cut, one that people use is not', () => {
  expect(ticketNumber('fb-29fa673b3b50917a')).toBe('fb-29fa67…');
  expect(ticketNumber('T-1045-1')).toBe('T-1045-1');
  expect(ticketNumber('DT-1')).toBe('DT-1');
  expect(ticketNumber('K-20261108-000001')).toBe('K-20261108-000001');
});
