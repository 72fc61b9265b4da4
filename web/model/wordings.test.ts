import {expect, test} from 'vitest';

import {wordingFor} from './wordings';

test('a reader sees the wording that he can read, where there is one', () => {
  const wordings = ['滤芯多久换一次', 'how often do I change the filter'];
  expect(wordingFor(wordings, 'en')).toBe(wordings[1]);
  expect(wordingFor(wordings, 'zh-TW')).toBe(wordings[0]);
  expect(wordingFor([wordings[0]!], 'en')).toBe(wordings[0]);
  expect(wordingFor([], 'en')).toBeUndefined();
});
