import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {describe, expect, test} from 'vitest';

import {kSentences} from '../i18n/studies/refusals';
import {sentenceIn} from './sentences';

const study = join(new URL('../..', import.meta.url).pathname, 'src/study');
const sources = readdirSync(study).filter((name) => name.endsWith('.cc') && !/_(test|bench)\.cc$/.test(name)).map((name) => readFileSync(join(study, name), 'utf8'));
const joined = (text: string): string => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((one) => one[1]!.replace(/\\"/g, '"')).join('');

describe('sentences', () => {
  const few = [['{} of {} left', '{2} 中走了 {1}', '{2} 中走了 {1}'], ['{} left', '走了 {}', '走了 {}']] as const;
  test('what was filled in is carried over, in the order of the language', () => {
    expect(sentenceIn('zh-CN', '3 of 10 left', few)).toBe('10 中走了 3');
    expect(sentenceIn('zh-TW', '3 left', few)).toBe('走了 3');
    expect(sentenceIn('en', '3 left', few)).toBe('3 left');
    expect(sentenceIn('zh-CN', 'nobody is left behind', few)).toBeUndefined();
  });
  test('a translation takes no more than was filled in', () => {
    for (const [en, hans, hant] of kSentences) {
      const holes = en.split('{}').length - 1;
      for (const said of [hans, hant]) {
        const numbered = [...said.matchAll(/\{(\d)\}/g)].map((one) => Number(one[1]));
        expect(Math.max(0, ...numbered), en).toBeLessThanOrEqual(holes);
        if (numbered.length === 0) expect(said.split('{}').length - 1, en).toBeLessThanOrEqual(holes);
      }
    }
  });
  test('every definition of a figure is there', () => {
    const all = sources.flatMap((text) => [...text.matchAll(/\.definition =\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/g)].map((one) => joined(one[1]!)));
    expect(all.length).toBeGreaterThan(15);
    for (const one of all) expect(sentenceIn('zh-CN', one, kSentences), one).toBeDefined();
  });
  test('every refusal of a study is there', () => {
    // The message is the first text after the code, joined over lines; what fmt fills in stands as {} there too.
    const all = sources.flatMap((text) => [...text.matchAll(/Errc::refused,\s*(?:fmt::format\(\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)/g)].map((one) => joined(one[1]!).replace(/\{[^}]*\}/g, '{}')));
    expect(all.length).toBeGreaterThan(70);
    for (const one of all) expect(kSentences.some(([en]) => en.startsWith(one)), one).toBe(true);
  });
});
