import {expect, test} from 'vitest';

import {byDay, clockOf} from './appointments';

test('times stand under the days of the shop, not of the reader', () => {
  const times = ['2026-11-24T15:30:00Z', '2026-11-24T16:00:00Z', '2026-11-25T02:00:00Z'].map((at) => ({at, left: 1}));
  expect(byDay(times, 'Asia/Shanghai').map(({day, times: all}) => [day, all.length])).toEqual([['2026-11-24', 1], ['2026-11-25', 2]]);
  expect(byDay(times, 'America/New_York').map(({day}) => day)).toEqual(['2026-11-24']);
  expect(byDay([], 'UTC')).toEqual([]);
});

test('midnight is 00:00, and an hour that clocks show twice stays in order', () => {
  expect(clockOf('2026-11-24T16:00:00Z', 'Asia/Shanghai')).toBe('00:00');
  expect(clockOf('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('02:30');
  expect(clockOf('2026-10-25T01:30:00Z', 'Europe/Berlin')).toBe('02:30');
});
