import {expect, test} from 'vitest';

import {clockOf, tagValue} from './tag_value';

test('bands of counted tags are read, anything else is left alone', () => {
  expect(tagValue('recency', '0-7d')).toEqual({kind: 'days', from: 0, to: 7});
  expect(tagValue('recency', '365d+')).toEqual({kind: 'days', from: 365});
  expect(tagValue('frequency', '1')).toEqual({kind: 'times', from: 1});
  expect(tagValue('frequency', '12+')).toEqual({kind: 'times', from: 12, more: true});
  expect(tagValue('monetary', '10000-30000 CNY')).toEqual({kind: 'money', from: 10000, to: 30000, currency: 'CNY'});
  expect(tagValue('price_band', '8000+')).toEqual({kind: 'money', from: 8000});
  expect(tagValue('brand', '12+')).toBeUndefined();
  expect(tagValue('recency', 'soon')).toBeUndefined();
});

test('hours are moved to where they are read, over midnight and by half hours', () => {
  const hours = (value: string, offset: number): string => {
    const read = tagValue('active_hours', value, offset);
    return read?.kind === 'hours' ? `${clockOf(read.from_minutes)}-${clockOf(read.to_minutes)}` : '';
  };
  expect(hours('09-12 UTC', 480)).toBe('17:00-20:00');
  expect(hours('15-18 UTC', 480)).toBe('23:00-02:00');
  expect(hours('13-16 UTC', 480)).toBe('21:00-24:00');
  expect(hours('03-06 UTC', 330)).toBe('08:30-11:30');
  expect(hours('00-03 UTC', -300)).toBe('19:00-22:00');
  expect(hours('21-24 UTC', 0)).toBe('21:00-24:00');
});
