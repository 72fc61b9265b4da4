import {describe, expect, test} from 'vitest';

import {type Note, overTime, standing, toJudge, trainingOf} from './models';
import {draftOf, faultOf, kOfferFields, linesOf, nounOf} from './offer';
import {priceTogether} from './rules';

describe('an offer in its form', () => {
  test('what the form does not know stays, what is emptied goes, and numbers are numbers', () => {
    const noun = {name: 'Tea', price: 12.5, stock: 0, parameters: [{name: 'weight', value: 50}], scenes: ['morning', 'office'], hidden: true};
    const draft = draftOf('product', noun);
    expect(draft).toMatchObject({name: 'Tea', price: '12.5', stock: '0', scenes: 'morning\noffice', hidden: 'yes', brand: ''});
    expect(nounOf('product', noun, draft)).toEqual(noun);
    expect(nounOf('product', noun, {...draft, stock: '', hidden: '', scenes: 'office，home', price: '13'})).toEqual({name: 'Tea', price: 13, parameters: noun.parameters, scenes: ['office', 'home']});
  });
  test('moments come back as they went in, to the minute', () => {
    const draft = draftOf('coupon', {title: 'x', until: '2026-11-11T16:00:00.000Z'});
    expect(nounOf('coupon', {}, draft)['until']).toBe('2026-11-11T16:00:00.000Z');
  });
  test('faults are named with their field', () => {
    expect(faultOf('product', 'P 1', {name: 'x'})).toEqual({fault: 'id'});
    expect(faultOf('product', 'P1', {})).toEqual({fault: 'needed', field: 'name'});
    expect(faultOf('product', 'P1', {name: 'x', price: 'dear'})).toEqual({fault: 'number', field: 'price'});
    expect(faultOf('product', 'P1', {name: 'x', stock: '1.5'})).toEqual({fault: 'number', field: 'stock'});
    expect(faultOf('content', 'T1', {title: 'x', url: 'http://plain'})).toEqual({fault: 'link', field: 'url'});
    expect(faultOf('bundle', 'B1', {title: 'x', product_ids: 'a\na'})).toEqual({fault: 'two', field: 'product_ids'});
    expect(faultOf('coupon', 'C1', {title: 'x', from: '2026-02-01T00:00', until: '2026-01-01T00:00'})).toEqual({fault: 'order', field: 'until'});
    for (const kind of Object.keys(kOfferFields) as (keyof typeof kOfferFields)[]) expect(faultOf(kind, 'X', {title: 'x', name: 'x', product_ids: 'a,b'}), kind).toBeUndefined();
  });
  test('words are parted by commas of any script', () => expect(linesOf('a, b，c、a\nd')).toEqual(['a', 'b', 'c', 'd']));
});

describe('models', () => {
  const judged = (at: string, ndcg: number): Note => ({kind: 'judged', at, split: 'time', k: 10, customers: 1, interactions: 1, asked: 1, cold: 0, seconds: 1,
    models: [{model: 'popularity', metrics: {ndcg: {mean: 0.1, low: 0, high: 1}}, against: []}, {model: 'als:factors=32', metrics: {ndcg: {mean: ndcg, low: 0, high: 1}}, against: [{metric: 'ndcg', baseline: 'popularity', mean: 0.1, low: 0.05, high: 0.2, p: 0}]}]});
  test('stand above a line only where the interval says so', () => {
    const note = judged('x', 0.2);
    expect(note.kind === 'judged' && note.models.map(standing)).toEqual(['line', 'better']);
    expect(standing({model: 'als', metrics: {}, against: [{metric: 'ndcg', baseline: 'personal', mean: 0.1, low: -0.1, high: 0.2, p: 0.4}]})).toBe('open');
    expect(standing({model: 'popularity', metrics: {}, against: [{metric: 'ndcg', baseline: 'personal', mean: -0.1, low: -0.2, high: -0.05, p: 0}]})).toBe('worse');
  });
  test('quality is told oldest first, by name whatever the settings', () => {
    const {models, rows} = overTime([judged('b', 0.3), {kind: 'failed', at: 'a2', why: ''}, judged('a', 0.2)]);
    expect(models).toEqual(['popularity', 'als']);
    expect(rows).toEqual([{at: 'a', values: [0.1, 0.2]}, {at: 'b', values: [0.1, 0.3]}]);
  });
  test('the lines to beat are judged anyway', () => {
    expect(toJudge({serving: true, training: false, last_training: null, models: [{model: 'popularity', learned_from: '', what: ''}, {model: 'due', learned_from: '', what: ''}]})).toEqual(['due']);
    expect(trainingOf([], 'x')).toBeUndefined();
  });
});

test('a price together is there only where every part has one', () => {
  expect(priceTogether(['289.00', '0.10'])).toBe(289.1);
  expect(priceTogether(['1', null])).toBeUndefined();
});
