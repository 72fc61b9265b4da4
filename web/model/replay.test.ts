import {expect, test} from 'vitest';

import {best, outlook, placeOf, type Replayed, scaleOf} from './replay';

const policy = (name: string, low: number | null, high: number | null, value = 0.1): Replayed => ({name, policy: name, serves_now: false, refused: null, effective_sample_size: 500, largest_weight: 2, supported: 1, lanes: [],
  ips: null, snips: null, doubly_robust: {value, low: null, high: null}, difference: {value: 0.01, low, high}});

test('a policy is better only where its interval leaves nought out; a refused one is nothing', () => {
  expect(['a', 'b', 'c', 'd'].map((name, i) => outlook(policy(name, [0.01, -0.02, -0.01, null][i]!, [0.03, -0.01, 0.01, 0.2][i]!)))).toEqual(['better', 'worse', 'open', 'open']);
  expect(outlook({...policy('a', 0.1, 0.2), refused: {check: 'support', why: ''}})).toBe('refused');
  expect(best([policy('a', 0.01, 0.02, 0.1), policy('b', 0.01, 0.02, 0.2), policy('c', -1, 1, 0.9)])?.name).toBe('b');
  expect(best([policy('c', -1, 1)])).toBeUndefined();
});
test('one line holds every interval', () => {
  const scale = scaleOf([{value: 0.1, low: 0.08, high: 0.12}, null, {value: 0.2, low: null, high: null}]);
  for (const value of [0.08, 0.2]) expect(placeOf(value, scale)).toBeGreaterThan(0);
  expect(placeOf(0.2, scale)).toBeLessThan(1);
  expect(scaleOf([null])).toEqual({from: 0, to: 1});
  expect(scaleOf([{value: 0, low: 0, high: 0}]).to).toBeGreaterThan(0);
});
