import {describe, expect, test} from 'vitest';

import {asked, kPiecesMost, shares, withPieces} from './compose';

describe('a package of one’s own', () => {
  test('holds each service once, in the order of choosing, within its limits', () => {
    let chosen = withPieces(withPieces(new Map(), 'care', 1), 'fit', 2);
    chosen = withPieces(chosen, 'care', 99);
    expect(asked(chosen)).toEqual({services: [{service_id: 'care', quantity: kPiecesMost}, {service_id: 'fit', quantity: 2}]});
    expect(asked(withPieces(chosen, 'care', 0))).toEqual({services: [{service_id: 'fit', quantity: 2}]});
    expect(withPieces(new Map(), 'care', -3).size).toBe(0);
  });
  test('its price falls on the pieces to the last cent', () => {
    expect(shares([{service: 'a', pieces: 2, total: 200}, {service: 'b', pieces: 1, total: 100}], 250)).toEqual([{service: 'a', minor: 84}, {service: 'a', minor: 83}, {service: 'b', minor: 83}]);
    expect(shares([{service: 'free', pieces: 2, total: 0}], 0)).toEqual([{service: 'free', minor: 0}, {service: 'free', minor: 0}]);
    expect(shares([], 0)).toEqual([]);
    for (let total = 0; total < 400; total += 7) {
      const split = shares([{service: 'a', pieces: 3, total: 300}, {service: 'b', pieces: 4, total: 1}, {service: 'c', pieces: 1, total: 99}], total);
      expect(split.reduce((sum, {minor}) => sum + minor, 0)).toBe(total);
      expect(Math.min(...split.map(({minor}) => minor))).toBeGreaterThanOrEqual(0);
    }
  });
});
