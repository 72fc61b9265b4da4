import {expect, test} from 'vitest';

import type {Worth} from '../api/loop';
import {placed, unsure} from './worth';

const worth = (service_id: string, benefit: number, cost: number, se = 0, p = 1): Worth => ({
  service_id, name: service_id, benefit, benefit_se: se, cost, cost_se: 0, net: benefit - cost, net_low: 0, net_high: 0, pays_probability: 1, roi: null, quadrant: 'widen',
  probability: {widen: p, invest: 1 - p, keep_lean: 0, mend: 0}, study_id: null, randomised: false, basis_text: '', advice: {action: 'measure', study_id: null, probability: null, why: ''},
});

test('services lie inside the square with their intervals and the lines', () => {
  const got = placed([worth('a', 100, 20, 10), worth('b', 5, 50)], 80, 40);
  for (const one of got.services) {
    expect([one.left, one.right, one.down, one.up].every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(one.up - one.y).toBeCloseTo(one.y - one.down);
  }
  expect(got.services[0]!.x).toBeLessThan(got.lineX!);
  expect(got.services[1]!.x).toBeGreaterThan(got.lineX!);
  expect(got.services[0]!.y).toBeGreaterThan(got.lineY!);
});

test('one service, and none, have a place too', () => {
  const [only] = placed([worth('a', 7, 7)], null, null).services;
  expect(only!.x).toBeGreaterThanOrEqual(0);
  expect(only!.x).toBeLessThanOrEqual(1);
  expect(placed([], 1, 1)).toEqual({services: [], lineX: null, lineY: null});
});

test('a place with a probability under four in five is not sure', () => {
  expect(unsure([worth('a', 1, 1, 0, 0.9), worth('b', 1, 1, 0, 0.6)]).map(({service_id}) => service_id)).toEqual(['b']);
});
