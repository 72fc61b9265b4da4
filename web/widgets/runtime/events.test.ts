import {readFileSync} from 'node:fs';

import {describe, expect, test} from 'vitest';

import * as events from './events';
import type {Product} from './nouns';

/** The catalogue's page, which the server's own test holds equal to the catalogue. */
interface Spec {
  type: string;
  required: boolean;
}
const catalogue = new Map<string, Map<string, Spec>>();
let current = new Map<string, Spec>();
for (const line of readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8').split('\n')) {
  const heading = /^### (.+)$/.exec(line);
  if (heading) catalogue.set(heading[1]!, (current = new Map<string, Spec>()));
  const row = /^\| `(\w+)`( \*\*required\*\*)? \| ([\w ]+)[^|]*\| ([^|]*)/.exec(line);
  if (row) current.set(row[1]!, {type: row[3]!.trim() === 'word' ? `word ${/One of: ([^.]*)/.exec(row[4]!)?.[1] ?? ''}` : row[3]!.trim(), required: Boolean(row[2])});
}

const decimal = /^-?\d+(\.\d+)?$/;
function fits(value: unknown, type: string): boolean {
  if (type.startsWith('word ')) return type.slice(5).split(' ').includes(String(value));
  switch (type) {
    case 'text': return typeof value === 'string' && value.length > 0 && new TextEncoder().encode(value).length <= 512;
    case 'integer': return Number.isSafeInteger(value);
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    case 'money': return typeof value === 'string' && decimal.test(value);
    case 'currency': return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
    case 'text_list': return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'time': return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
    case 'lines': return Array.isArray(value) && value.every((one) => typeof one.product_id === 'string' && Number.isSafeInteger(one.quantity) && decimal.test(one.price));
    case 'answers': return Array.isArray(value) && value.every((one) => typeof one.item === 'string' && one.value !== undefined);
    default: throw new Error(`a type that this test does not know: ${type}`);
  }
}

const product: Product = {product_id: 'P1', category: '空气净化器', brand: '北屿', price: 2079, currency: 'CNY', orders: 1, pieces: 1, views: 1, rating: 4.5, ratings: 2};
const price = {minor: 207_900, currency: 'CNY'};
const lines = [{product_id: 'P1', quantity: 2, price}];
const made: Record<keyof typeof events, events.Happening> = {
  listViewed: events.listViewed('home', ['P1', 'P2'], '空气净化器'),
  recommendationShown: events.recommendationShown('d_8f2a', 'P1', 'product', 1, 'home'),
  recommendationClicked: events.recommendationClicked('d_8f2a', 'P1', 'product', 1, 'home'),
  productViewed: events.productViewed(product, 'home', 3),
  searched: events.searched('净化器', 17, {scene: '母婴', category: '', function: '静音'}),
  areaEngaged: events.areaEngaged('/shop/p/P1', 'parameters', 5400.7, 'P1'),
  contentViewed: events.contentViewed('term-cadr', 'CADR', 'P1'),
  added: events.added(product, 2),
  removed: events.removed('P1', 1, price),
  liked: events.liked('P1'),
  checkoutStarted: events.checkoutStarted('SF-1', lines),
  paymentFailed: events.paymentFailed('SF-1', price, 'wechat_pay', 'insufficient_balance'),
  ordered: events.ordered('SF-1', lines, 'credit_card', 'CN-33'),
  returnRequested: events.returnRequested('R-1', 'SF-1', 'size', 'P1', '太大了'),
  contactStarted: events.contactStarted('K-1', 'P1', 'SF-1', 'CADR'),
  messagePosted: events.messagePosted('K-1', '滤芯多久换一次？'),
  reviewed: events.reviewed('V-1', 'P1', 4, '安静', 'SF-1'),
  messageDelivered: events.messageDelivered('survey-ask-1-0'),
  messageOpened: events.messageOpened('survey-ask-1-0'),
  surveyShown: events.surveyShown('nps'),
  surveyAnswered: events.surveyAnswered('nps', [{item: 'nps', value: 9}, {item: 'comment', value: '好'}], 'SF-1'),
  serviceOffered: events.serviceOffered('S-warranty', price, 'SF-1'),
  serviceKnown: events.serviceKnown('S-warranty'),
  serviceBought: events.serviceBought('S-warranty', price, 'SF-1'),
  serviceRated: events.serviceRated('S-install', 5),
};

describe('every event that the storefront writes', () => {
  test('the catalogue was read', () => expect(catalogue.size).toBeGreaterThan(60));
  test.each(Object.entries(made))('%s is as the catalogue has it', (_, {event, properties}) => {
    const specs = catalogue.get(event);
    expect(specs, event).toBeDefined();
    for (const [name, spec] of specs!) if (spec.required) expect(properties, `${event} needs ${name}`).toHaveProperty(name);
    for (const [name, value] of Object.entries(properties)) {
      expect(specs!.has(name), `${event} has no ${name}`).toBe(true);
      expect(fits(value, specs!.get(name)!.type), `${event}.${name} = ${JSON.stringify(value)} is no ${specs!.get(name)!.type}`).toBe(true);
    }
  });
  test('every maker is here', () => expect(Object.keys(made).sort()).toEqual(Object.keys(events).sort()));
  test('what is not known is left out, not sent empty', () => {
    expect(events.productViewed({...product, price: undefined, category: '', brand: undefined}).properties).toEqual({product_id: 'P1'});
    expect(events.searched('x', 0, {scene: ''}).properties).toEqual({query: 'x', results: 0});
  });
  test('an order says what its lines come to', () => {
    expect(made.ordered.properties).toMatchObject({total: '4158.00', currency: 'CNY', products: [{product_id: 'P1', quantity: 2, price: '2079.00'}]});
  });
});
