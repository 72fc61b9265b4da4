import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {describe, expect, test} from 'vitest';

import {deskEn} from './desk/en';
import {deskZhCN} from './desk/zh-CN';
import {deskZhTW} from './desk/zh-TW';
import {en as consoleEn} from './en';
import {fill, preferred} from './i18n';
import {parcelsEn} from './parcels/en';
import {parcelsZhCN} from './parcels/zh-CN';
import {parcelsZhTW} from './parcels/zh-TW';
import {studioEn} from './studio/en';
import {studioZhCN} from './studio/zh-CN';
import {studioZhTW} from './studio/zh-TW';
import {studiesEn} from './studies/en';
import {studiesZhCN} from './studies/zh-CN';
import {studiesZhTW} from './studies/zh-TW';
import {valuesEn} from './values/en';
import {valuesZhCN} from './values/zh-CN';
import {valuesZhTW} from './values/zh-TW';
import {zhCN as consoleZhCN} from './zh-CN';
import {zhTW as consoleZhTW} from './zh-TW';

const en = {...consoleEn, ...deskEn, ...parcelsEn, ...studiesEn, ...studioEn, ...valuesEn};
const zhCN = {...consoleZhCN, ...deskZhCN, ...parcelsZhCN, ...studiesZhCN, ...studioZhCN, ...valuesZhCN};
const zhTW = {...consoleZhTW, ...deskZhTW, ...parcelsZhTW, ...studiesZhTW, ...studioZhTW, ...valuesZhTW};

const keys = Object.keys(en).sort();
const root = new URL('..', import.meta.url).pathname;

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]!))].sort();
}

function sources(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith('.ts') && !path.includes('/i18n/') ? [path] : [];
  });
}

describe.each([['zh-CN', zhCN], ['zh-TW', zhTW]] as const)('%s', (_, words) => {
  test('has the same keys as English, none of them empty', () => {
    expect(Object.keys(words).sort()).toEqual(keys);
    expect(Object.entries(words).filter(([, text]) => !text.trim())).toEqual([]);
  });
  test('fills nothing in that English does not name', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      const own = placeholders(words[key]);
      const theirs = placeholders(en[key]);
      expect(own.filter((name) => !theirs.includes(name)), key).toEqual([]);
    }
  });
});

test('words that come later take no key that was there before', () => {
  expect(Object.keys({...deskEn, ...parcelsEn, ...studiesEn, ...studioEn, ...valuesEn}).filter((key) => key in consoleEn)).toEqual([]);
  expect(Object.keys(valuesEn).filter((key) => key in studiesEn)).toEqual([]);
  expect(Object.keys(studioEn).filter((key) => key in studiesEn || key in valuesEn)).toEqual([]);
  expect(Object.keys(deskEn).filter((key) => key in studiesEn || key in studioEn || key in valuesEn)).toEqual([]);
  expect(Object.keys(parcelsEn).filter((key) => key in deskEn || key in studiesEn || key in studioEn || key in valuesEn)).toEqual([]);
});

test('the two scripts are not mixed', () => {
  // Characters that only one of the scripts writes: enough of them to notice a line of the wrong file.
  const simplified = /[户时关务设数删导请见账购评会发开问进队类]/;
  const traditional = /[戶時關務設數刪導請帳購評會發開問進隊類]/;
  const wrong = (words: object, other: RegExp): string[] => Object.entries(words).filter(([, text]) => other.test(text)).map(([key]) => key);
  expect(wrong(zhTW, simplified)).toEqual([]);
  expect(wrong(zhCN, traditional)).toEqual([]);
});

test('every key that the code names is there, and every plain key is named by the code', () => {
  const text = sources(root).map((path) => readFileSync(path, 'utf8')).join('\n');
  const used = new Set([...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map((match) => match[1]!));
  const prefixes = [...text.matchAll(/(?:named\(['`]|t\(`)([a-z_]+)/g)].map((match) => match[1]!);
  const named = (key: string): boolean => prefixes.some((prefix) => key.startsWith(`${prefix}.`));
  const unused = keys.filter((key) => !used.has(key) && !named(key));
  expect(unused).toEqual([]);
});

test('fills in values and chooses singular and plural', () => {
  expect(fill('{n} {n|event|events}', {n: 1})).toBe('1 event');
  expect(fill('{n} {n|event|events}', {n: '2'})).toBe('2 events');
  expect(fill('{missing}', {})).toBe('{missing}');
});

test('takes the first language of the browser that we speak', () => {
  expect(preferred(['fr', 'zh-Hant-HK', 'en'])).toBe('zh-TW');
  expect(preferred(['zh-CN'])).toBe('zh-CN');
  expect(preferred(['zh'])).toBe('zh-CN');
  expect(preferred(['de-DE'])).toBe('en');
});
