import {describe, expect, test} from 'vitest';

import {everyday, kEverydayWords, kTerms, termOf, publishedWords} from './everyday';
import type {Parameter, Product} from './runtime/nouns';
import {say} from './runtime/words';

function product(category: string, ...parameters: Parameter[]): Product {
  return {product_id: 'P1', category_en: category, parameters, orders: 0, pieces: 0, views: 0, rating: null, ratings: 0};
}
const parameter = (name_en: string, value: number | string, unit = ''): Parameter => ({name: name_en, name_en, value, unit});
const meaning = (category: string, one: Parameter, ...others: Parameter[]): unknown => everyday(product(category, one, ...others), one);

describe('parameters in everyday words', () => {
  test('CADR is rooms and minutes: 400 m3/h is 28-48 m2, and a room of 52 m3 after ln 10 changes of air', () => {
    expect(meaning('air purifier', parameter('CADR', 400, 'm3/h'))).toEqual({key: 'cadr', params: {from: 28, to: 48, minutes: 18}});
  });
  test('a battery is hours of video: 5000 mAh of a phone is 12 h; of a power station three tenths are lost', () => {
    expect(meaning('phone', parameter('battery', 5000, 'mAh'))).toEqual({key: 'video', params: {hours: 12}});
    expect(meaning('power station', parameter('capacity', 100_000, 'mAh'))).toEqual({key: 'video', params: {hours: 168}});
  });
  test('CCM is a grade of the standard, at its borders too', () => {
    const grade = (mg: number): unknown => (meaning('air purifier', parameter('CCM', mg, 'mg')) as {params: object} | undefined)?.params;
    expect([2999, 3000, 7999, 8000, 12_000].map(grade)).toEqual([undefined, {grade: 1}, {grade: 2}, {grade: 3}, {grade: 4}]);
  });
  test('two parameters together: a tank and an output are hours', () => {
    expect(meaning('humidifier', parameter('tank', 2.5, 'L'), parameter('output', 350, 'mL/h'))).toEqual({key: 'humid', params: {hours: 7.1}});
    expect(meaning('humidifier', parameter('tank', 2.5, 'L'))).toBeUndefined();
  });
  test('the same name means another thing in another category, and nothing where nothing is known', () => {
    expect(meaning('robot vacuum', parameter('battery', 5200, 'mAh'))).toBeUndefined();
    expect(meaning('electric toothbrush', parameter('battery', 130, 'd'))).toEqual({key: 'brush', params: {weeks: 19}});
    expect(meaning('stroller', parameter('weight', 10, 'kg'))).toBeUndefined();
  });
  test('hostile values say nothing', () => {
    for (const value of ['', 'many', NaN, Infinity, -400, 0, '1e400']) expect(meaning('air purifier', parameter('CADR', value, 'm3/h')), String(value)).toBeUndefined();
    expect(meaning('constructor', parameter('__proto__', 1))).toBeUndefined();
  });
  test('every sentence fills in all it names, in three languages', () => {
    const params = {from: 1, to: 2, minutes: 3, grade: 4, value: 5, hours: 6, watts: 7, months: 8, seconds: 9, cups: 10, share: 11, weeks: 12, years: 13, days: 14};
    for (const language of ['zh-CN', 'zh-TW', 'en'] as const) {
      for (const key of Object.keys(kEverydayWords) as (keyof typeof kEverydayWords)[]) expect(say(kEverydayWords, language, key, params)).toMatch(/^[^{}]+$/);
    }
  });
  test('a term is known by its name or its unit', () => {
    expect(termOf(parameter('CADR', 1, 'm3/h'))).toBe('CADR');
    expect(termOf(parameter('capacity', 1, 'mAh'))).toBe('mAh');
    expect(termOf(parameter('toString', 1))).toBeUndefined();
    expect(Object.keys(kTerms).length).toBe(4);
  });
  test("the shop's own words go before, by category, unit and range, in the language there is", () => {
    const rules = [{parameter: '噪音', unit: 'dB', from: 40, to: 50, 'zh-CN': '和图书馆差不多（{value} 分贝）', en: 'As quiet as a library ({value} dB)'},
      {parameter: 'colour', category: 'tent', en: 'Hard to see'}, {parameter: '', en: 'never'}];
    const noise = {name: '噪音', name_en: 'noise', value: 48, unit: 'dB'};
    const tent = {category: '帐篷', category_en: 'Tent'} as Product;
    expect(publishedWords(rules, tent, noise, 'en')).toBe('As quiet as a library (48 dB)');
    expect(publishedWords(rules, tent, noise, 'zh-TW')).toBe('和图书馆差不多（48 分贝）');
    expect(publishedWords(rules, tent, {...noise, value: 51}, 'en')).toBeUndefined();
    expect(publishedWords(rules, tent, {...noise, value: 'loud'}, 'en')).toBeUndefined();
    expect(publishedWords(rules, tent, {...noise, unit: 'sone'}, 'en')).toBeUndefined();
    expect(publishedWords(rules, tent, {name: '颜色', name_en: 'Colour', value: 'green'}, 'zh-CN')).toBe('Hard to see');
    expect(publishedWords(rules, {category: '净化器'} as Product, {name: '颜色', name_en: 'Colour', value: 'green'}, 'en')).toBeUndefined();
  });
});
