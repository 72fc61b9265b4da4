import {expect, test} from 'vitest';

import {answersOf, type AskedItem, isAsked, ownItems, surveyText} from './survey_form';

const kItems: AskedItem[] = [
  {item: 'nps', type: 'scale', low: 0, high: 10, text: {en: 'Likely?', 'zh-Hans': '愿意吗？', 'zh-Hant': '願意嗎？'}},
  {item: 'improve', type: 'text', text: 'What first?', required: false, when: {item: 'nps', at_most: 6}},
  {item: 'praise', type: 'text', text: 'What was good?', required: false, when: {item: 'nps', at_least: 9}},
];

test('a text is said in the reader’s language, else in the nearest there is', () => {
  expect(surveyText(kItems[0]!.text, 'zh-TW')).toBe('願意嗎？');
  expect(surveyText({en: 'Price', 'zh-Hans': '价格'}, 'zh-TW')).toBe('价格');
  expect(surveyText({'zh-Hant': '價格'}, 'en')).toBe('價格');
  expect(surveyText({en: 'Price'}, 'zh-CN')).toBe('Price');
  expect(surveyText('送货', 'en')).toBe('送货');
  expect(surveyText(undefined, 'en')).toBe('');
});

test('an item on a condition is asked by the answer before it', () => {
  expect(isAsked(kItems[1]!, [])).toBe(false);
  expect(isAsked(kItems[1]!, [{item: 'nps', value: 6}])).toBe(true);
  expect(isAsked(kItems[1]!, [{item: 'nps', value: 7}])).toBe(false);
  expect(isAsked({...kItems[1]!, when: {item: 'nps', is: 7}}, [{item: 'nps', value: 7}])).toBe(true);
});

test('answers to what is no longer asked are not sent; zero is an answer', () => {
  const filled: Record<string, string> = {nps: '0', improve: ' faster ', praise: 'left from before'};
  expect(answersOf(kItems, (item) => filled[item] ?? '')).toEqual([{item: 'nps', value: 0}, {item: 'improve', value: 'faster'}]);
  expect(answersOf(kItems, () => '')).toEqual([]);
});

test('items that a page gives itself become a form of which the first must be answered', () => {
  expect(ownItems([{item: 'a', scale: '0-10', text: 'A'}, {item: 'b', scale: '1-5', text: 'B'}, {item: 'c', scale: 'text', text: 'C'}])).toEqual([
    {item: 'a', text: 'A', type: 'scale', low: 0, high: 10, required: true},
    {item: 'b', text: 'B', type: 'scale', low: 1, high: 5, required: false},
    {item: 'c', text: 'C', type: 'text', required: false},
  ]);
});
