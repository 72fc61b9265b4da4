import {expect, test} from 'vitest';

import {meets, needsOf, needsSql} from './needs';
import type {OfferLine} from './offer';

const offer = (change: Partial<OfferLine>): OfferLine => ({kind: 'bundle', id: 'B', title: 'x', title_en: 'x', category: '', price: null, currency: 'CNY', stock: null, state: 'on_offer', from: null, until: null, ...change});

test('an offer meets a need by its category, what it goes with, its words or a product in it', () => {
  const none = new Set<string>();
  expect(meets(offer({category: '咖啡豆'}), '咖啡豆', none)).toBe(true);
  expect(meets(offer({goes_with: 'Coffee beans '}), 'coffee beans', none)).toBe(true);
  expect(meets(offer({title: '咖啡豆怎么选'}), '咖啡豆', none)).toBe(true);
  expect(meets(offer({word: 'coffee beans'}), 'Coffee beans', none)).toBe(true);
  expect(meets(offer({product_ids: ['P1', 'P2']}), '咖啡豆', new Set(['P2']))).toBe(true);
  expect(meets(offer({product_ids: ['P1']}), '咖啡豆', new Set(['P2']))).toBe(false);
  expect(meets(offer({title: 'x'}), '', none)).toBe(false);
});
test('needs are those that have not run out', () => {
  expect(needsSql(0)).toContain("TIMESTAMPTZ '1970-01-01T00:00:00.000Z'");
  expect(needsOf([['咖啡豆', 3, null], ['帐篷', '2', 0.5]])).toEqual([{need: '咖啡豆', customers: 3, strength: null}, {need: '帐篷', customers: 2, strength: 0.5}]);
});
