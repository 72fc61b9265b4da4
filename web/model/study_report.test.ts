import {expect, test} from 'vitest';

import {digits, drawnColumns, type Figure, sentences, told, withIntervals, worst} from './study_report';

test('a text is told in the language of the page, or in the next best', () => {
  const text = {en: 'six', 'zh-Hans': '六个', 'zh-Hant': '六個'};
  expect(['en', 'zh-CN', 'zh-TW'].map((language) => told(text, language))).toEqual(['six', '六个', '六個']);
  expect(told({en: 'six'}, 'zh-TW')).toBe('six');
  expect(told('六', 'en')).toBe('六');
  expect(told(null, 'en')).toBe('');
});

test('a reading falls into sentences, not at its decimal points', () => {
  expect(sentences('Alpha is 0.853 (95 % interval 0.818 to 0.888). Items hold together. ')).toEqual(['Alpha is 0.853 (95 % interval 0.818 to 0.888).', 'Items hold together.']);
  expect(sentences("5 of 13 hold. 'reply within 24 h': here +21.6 %, borne out.")).toEqual(['5 of 13 hold.', "'reply within 24 h': here +21.6 %, borne out."]);
  expect(sentences('信度为 0.853。题项一致！')).toEqual(['信度为 0.853。', '题项一致！']);
  expect(sentences('no end')).toEqual(['no end']);
  expect(sentences('')).toEqual([]);
});

test('numbers are short and honest', () => {
  expect(digits(0.8531432, 'en')).toBe('0.8531');
  expect(digits(0.00000000123, 'en')).toBe('1.23e-9');
  expect(digits(68647, 'en')).toBe('68,647');
  expect(digits(0, 'en')).toBe('0');
  expect(digits(null, 'en')).toBe('–');
});

test('the two ends of an interval are one column', () => {
  const table = {key: 'x', title: 't', columns: ['item', 'rate', 'ci_low', 'ci_high', 'away_ci_low', 'away_ci_high', 'ci_low_alone', 'ci.lower', 'ci.upper'], rows: [['a', 1, 0, 2, 0, 1, 1, 0, 1]]};
  expect(drawnColumns(table).map(({name, column, until}) => [name, column, until])).toEqual([
    ['item', 0, undefined], ['rate', 1, undefined], ['ci', 2, 3], ['away_ci', 4, 5], ['ci_low_alone', 6, undefined], ['ci', 7, 8]]);
});

test('the worst check decides', () => {
  const check = (status: 'passed' | 'warned' | 'failed') => ({name: 'x', status, detail: ''});
  expect(worst([])).toBe('passed');
  expect(worst([check('passed'), check('warned')])).toBe('warned');
  expect(worst([check('warned'), check('failed')])).toBe('failed');
});

test('a figure and the ends told beside it are one', () => {
  const figure = (name: string, value: number, group = '', more = {}): Figure => ({name, group, value, low: null, high: null, n: 9, definition: '', ...more});
  const drawn = withIntervals([figure('rmsea', 0.1, 'fit'), figure('rmsea.ci.lower', 0.05, 'fit'), figure('rmsea.ci.upper', 0.2, 'fit'), figure('lift', 0.7), figure('ci_low', -0.1), figure('ci_high', 1.4),
    figure('ci_low', 3, 'alone'), figure('alpha', 0.8, '', {low: 0.7, high: 0.9}), figure('effect', 2, 'absolute')]);
  expect(drawn.map(({name, group, low, high}) => [name, group, low, high])).toEqual([['rmsea', 'fit', 0.05, 0.2], ['lift', '', -0.1, 1.4], ['ci_low', 'alone', null, null], ['alpha', '', 0.7, 0.9], ['effect', 'absolute', null, null]]);
});
