import {describe, expect, test} from 'vitest';

import {byFamily, draftOf, packageId} from './packages';

describe('packages', () => {
  const terms = {discount: '12.5', title: ' 安心装 ', title_en: '', family: '', tier: '', rank: '', below_cost: false};
  test('a draft leaves out what is empty and takes per cent', () => {
    expect(draftOf([{kind: 'service', id: 'S', quantity: 2}, {kind: 'product', id: 'P', quantity: 1}], terms)).toEqual({
      services: [{service_id: 'S', quantity: 2}], products: [{product_id: 'P', quantity: 1}], discount: 0.125, title: '安心装',
    });
    expect(draftOf([], {...terms, discount: ' ', title: '', rank: '2', below_cost: true})).toEqual({services: [], products: [], rank: 2, below_cost: true});
  });
  test('an id holds letters, digits and dashes only', () => expect(packageId('Air / Plus 套装', new Date(0))).toMatch(/^PK-air-plus-[0-9a-z]+$/));
  test('tiers stand by rank, the single ones last', () => {
    const lay = byFamily([{package_id: 'x'}, {package_id: 'b', family: 'care', rank: 2}, {package_id: 'a', family: 'care', rank: 1}]);
    expect(lay.map(({family, packages}) => [family, ...packages.map((one) => one.package_id)])).toEqual([['care', 'a', 'b'], ['', 'x']]);
  });
});
