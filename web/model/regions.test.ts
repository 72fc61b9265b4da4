import {expect, test} from 'vitest';

import {kRegionCodes, regionName} from './regions';

test('a region has a name in each language, and a code of elsewhere stays what it is', () => {
  expect(['zh-CN', 'zh-TW', 'en'].map((language) => regionName('CN-44', language))).toEqual(['广东', '廣東', 'Guangdong']);
  expect(regionName('US-CA', 'en')).toBe('US-CA');
  for (const code of kRegionCodes) for (const language of ['zh-CN', 'zh-TW', 'en']) expect(regionName(code, language)).not.toBe(code);
});
