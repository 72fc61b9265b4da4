import {describe, expect, test} from 'vitest';

import {decimalOf, minorOf, shownMoney, totalOf, type Line} from './money';
import {fittingMethod, kMethods, kSandboxLimits, pay} from './sandbox';

const cny = (minor: number): Line['price'] => ({minor, currency: 'CNY'});

describe('money in minor units', () => {
  test('reads decimals by their digits', () => {
    expect(minorOf(899, 'CNY')).toBe(89_900);
    expect(minorOf('899.5', 'CNY')).toBe(89_950);
    expect(minorOf('1.005', 'CNY')).toBe(101);
    expect(minorOf('-0.994', 'CNY')).toBe(-99);
    expect(minorOf('500', 'JPY')).toBe(500);
    expect(minorOf('499.5', 'JPY')).toBe(500);
    expect(minorOf('1.2345', 'KWD')).toBe(1235);
  });
  test('refuses what is no decimal', () => {
    for (const text of ['', 'dear', '1e3', '1,000', '٣', ' ', '1.', '.5', null, undefined, NaN, Infinity, '9'.repeat(30)]) expect(minorOf(text, 'CNY'), String(text)).toBeUndefined();
  });
  test('every amount survives there and back; a sum is exact where doubles are not', () => {
    let seed = 20_261_122;
    for (let step = 0; step < 2000; ++step) {
      seed = (seed * 48_271) % 2_147_483_647;
      for (const currency of ['CNY', 'JPY', 'KWD']) expect(minorOf(decimalOf({minor: seed % 1e9, currency}), currency), `seed ${seed}`).toBe(seed % 1e9);
    }
    const dimes = Array.from({length: 3}, (_, at) => ({product_id: `P${at}`, quantity: 1, price: cny(10)}));
    expect(decimalOf(totalOf(dimes))).toBe('0.30');
    expect(decimalOf(cny(-5))).toBe('-0.05');
  });
  test('another currency is never added', () => {
    expect(totalOf([{product_id: 'a', quantity: 3, price: cny(100)}, {product_id: 'b', quantity: 1, price: {minor: 7, currency: 'USD'}}])).toEqual(cny(300));
    expect(totalOf([])).toEqual(cny(0));
  });
  test('is shown whole when it is whole', () => {
    expect(shownMoney(cny(114_900), 'zh-CN')).toBe('¥1,149');
    expect(shownMoney(cny(114_950), 'en')).toBe('¥1,149.50');
  });
});

describe('the payment sandbox', () => {
  test('chooses for a newcomer what takes the amount', () => {
    expect(fittingMethod(cny(12_900))).toBe('wechat_pay');
    expect(fittingMethod(cny(319_900))).toBe('alipay');
    for (const minor of [1, 50_000, 50_001, 300_001, 5_000_000]) expect(pay(fittingMethod(cny(minor)), cny(minor))).toEqual({paid: true});
  });
  test('pays up to the limit and not a fen more, and says why', () => {
    for (const method of kMethods) {
      const limit = kSandboxLimits[method];
      expect(pay(method, cny(limit?.most ?? 1e9))).toEqual({paid: true});
      if (limit) expect(pay(method, cny(limit.most + 1))).toMatchObject({paid: false, code: limit.code});
    }
  });
  test('there is always a way out that pays, the card first', () => {
    for (const method of kMethods) {
      const refused = pay(method, cny(350_000));
      if (refused.paid) continue;
      expect(refused.others[0]).toBe('credit_card');
      for (const other of refused.others) expect(pay(other, cny(350_000)), other).toEqual({paid: true});
    }
  });
});
