import {expect, test} from 'vitest';

import {contributionOf, contributionSql, drillOf, meanDifference, share} from './contribution';

test('rows become groups; the currency is the one with most orders', () => {
  const found = contributionOf([['people', true, 40, 20, 15, null, null, ''], ['orders', true, 9, 0, 0, 160, 40, 'CNY'], ['orders', false, 90, 0, 0, 140, 30, 'CNY'], ['orders', true, 1, 0, 0, 20, null, 'USD']]);
  expect(found).toEqual({takers: {n: 40, bought: 20, again: 15}, others: {n: 0, bought: 0, again: 0}, currency: 'CNY', recommended: {n: 9, mean: 160, sd: 40}, usual: {n: 90, mean: 140, sd: 30}});
  expect(contributionOf([])).toMatchObject({currency: '', recommended: undefined});
  expect(share(0, 0).rate).toBeNull();
});
test('a difference of means has its interval, and none where a side has one order', () => {
  const found = meanDifference({n: 100, mean: 12, sd: 3}, {n: 400, mean: 10, sd: 4})!;
  expect(found.value).toBe(2);
  expect(found.high - found.value).toBeCloseTo(1.959964 * Math.sqrt(0.09 + 0.04), 6);
  expect(meanDifference({n: 1, mean: 1, sd: 0}, {n: 9, mean: 1, sd: 0})).toBeUndefined();
});
test('every figure is drilled by the same tables over the same time', () => {
  const sql = contributionSql(0, 86_400_000);
  expect(sql).toContain("TIMESTAMP '1970-01-02 00:00:00'");
  expect(decodeURIComponent(drillOf('took', 0, 86_400_000))).toContain(sql.slice(0, sql.indexOf('\nSELECT')));
});
