import {describe, expect, test} from 'vitest';

import {changeOf, groupBy, progressOf} from './change';
import {primaryOf} from './classes';
import {aroundCircle} from './identity_graph';
import {type Bin, circles, fullest} from './matrix';
import {parseMetrics} from './metrics';
import {recipeWith} from './recipe';
import {problemOf} from './result';
import {rowsAsSql} from './rows_as_sql';
import {linePath, thin} from './sparkline';
import {drawable, greatest} from './sql_chart';
import {byDay, groupOf, parcelStep, telling} from './timeline';

test('the primary class follows the precedence', () => {
  expect(primaryOf(['seed', 'problem', 'new'])).toBe('problem');
  expect(primaryOf(['potential', 'high_value'])).toBe('high_value');
  expect(primaryOf(['my_own_segment'])).toBe('other');
});

describe('problems', () => {
  test('are read from RFC 9457', () => {
    const problem = problemOf(400, '{"code":"bad_input","detail":"no","where":"line 1","expected":"Purchase"}', '7');
    expect(problem).toEqual({code: 'bad_input', status: 400, detail: 'no', where: 'line 1', expected: 'Purchase', retryAfter: 7});
  });
  test('survive an answer that is none', () => {
    expect(problemOf(502, '<html>', null)).toEqual({code: 'unreadable', status: 502, detail: '<html>'});
    expect(problemOf(500, 'null', null).code).toBe('unreadable');
  });
});

describe('the matrix', () => {
  const bins: Bin[] = [{value: 9, urgency: 0, customers: 30, class: {seed: 20, new: 10}}, {value: 0, urgency: 9, customers: 10, class: {problem: 10}}];
  test('puts high value at the top and high urgency at the right, areas in proportion', () => {
    const [seed, problem] = circles(bins, 100);
    expect([seed!.leading, problem!.leading]).toEqual(['seed', 'problem']);
    expect(seed!.y).toBeLessThan(problem!.y);
    expect(seed!.x).toBeLessThan(problem!.x);
    expect((seed!.r / problem!.r) ** 2).toBeCloseTo(3);
  });
  test('shows one class alone', () => {
    expect(circles(bins, 100, 'new')).toMatchObject([{customers: 10, leading: 'new'}]);
    expect(circles(bins, 100, 'churn_risk')).toEqual([]);
  });
  test('names its fullest quarter', () => {
    expect(fullest(bins)).toEqual({value: 'high', urgency: 'low', share: 0.75});
    expect(fullest([])).toBeUndefined();
  });
});

describe('the timeline', () => {
  test('every kind of event has its group', () => {
    expect(['page', 'Product Added', 'Return Updated', 'Message Posted', 'Message Sent', 'Service Used', 'identify', 'Something New'].map(groupOf))
      .toEqual(['browse', 'order', 'return', 'contact', 'decision', 'service', 'person', 'other']);
  });
  test('days keep the order', () => {
    const days = byDay([{event_time: '2026-11-02T01:00:00Z'}, {event_time: '2026-11-01T23:00:00Z'}, {event_time: '2026-11-01T01:00:00Z'}], (instant) => instant.slice(0, 10));
    expect(days.map((day) => [day.day, day.events.length])).toEqual([['2026-11-02', 1], ['2026-11-01', 2]]);
  });
  test('what tells most comes first, personal parts included, nested ones left out', () => {
    const event = {seq: 1, event_time: '', event: 'x', type: 'track', properties: {zeta: 1, total: 9, products: [1], simulated: true}, personal: {properties: {query: '净化器'}}};
    expect(telling(event, 2)).toEqual([{name: 'query', value: '净化器'}, {name: 'total', value: '9'}]);
  });
  test('a parcel is along six nodes, or went another way', () => {
    expect(parcelStep('in_transit')).toEqual({step: 3});
    expect(parcelStep('refunded')).toEqual({step: -1, aside: 'refunded'});
  });
});

describe('changes', () => {
  test('are good or bad by what is better', () => {
    expect(changeOf(110, 100, 'up')).toMatchObject({tone: 'good', absolute: 10});
    expect(changeOf(110, 100, 'down')?.tone).toBe('bad');
    expect(changeOf(100.2, 100)?.tone).toBe('even');
    expect(changeOf(5, 0)).toEqual({relative: undefined, absolute: 5, tone: 'good'});
    expect(changeOf(null, 3)).toBeUndefined();
  });
  test('progress runs from baseline to target, downwards too', () => {
    expect(progressOf(48, 12, 30)).toBe(0.5);
    expect(progressOf(1, 1, 1)).toBeUndefined();
    expect(progressOf(1, 2, null)).toBeUndefined();
  });
  test('groups keep the order of first mention', () => {
    expect(groupBy([3, 1, 4, 5], (n) => n % 2 ? 'odd' : 'even')).toEqual([{name: 'odd', items: [3, 1, 5]}, {name: 'even', items: [4]}]);
  });
});

describe('lines and charts', () => {
  test('a line has a gap where a value is missing, and lies flat where all are equal', () => {
    expect(linePath([0, null, 1, 2], 10, 10, 0).match(/M/g)).toHaveLength(2);
    expect(linePath([null, 3, null], 10, 10, 0)).toBe('M5 5h0');
    expect(linePath([5, 5], 10, 10, 0)).toBe('M0 5L10 5');
    expect(linePath([null], 10, 10)).toBe('');
  });
  test('thinning keeps both ends', () => {
    const thinned = thin(Array.from({length: 100}, (_, i) => i), 7);
    expect(thinned).toHaveLength(7);
    expect([thinned[0], thinned.at(-1)]).toEqual([0, 99]);
  });
  test('an answer of SQL is drawn when it has words or times beside numbers', () => {
    const rows = [['a', 1], ['b', 3], ['c', null]];
    const table = {columns: [{name: 'event', type: 'VARCHAR'}, {name: 'n', type: 'BIGINT'}], rows};
    const drawn = drawable(table)!;
    expect(drawn).toEqual({kind: 'bar', label: 0, values: [1]});
    expect(greatest(table, drawn)).toEqual({label: 'b', value: 3, column: 'n'});
    expect(drawable({...table, columns: [{name: 'd', type: 'TIMESTAMP'}, table.columns[1]!]})?.kind).toBe('line');
    expect(drawable({...table, rows: rows.slice(0, 1)})).toBeUndefined();
    expect(drawable({columns: [table.columns[0]!], rows: [['a'], ['b']]})).toBeUndefined();
  });
  test('identifiers lie around their centre', () => {
    const places = aroundCircle(4, 100, 100);
    expect(places[0]).toMatchObject({x: 50, anchor: 'middle'});
    expect(places[1]!.anchor).toBe('start');
    expect(places[3]!.anchor).toBe('end');
  });
});

test('rows become a SELECT that gives them back, quotes and all', () => {
  expect(rowsAsSql(['it"s', 'n'], [["o'clock", 1.5], ['x', null]])).toBe(`SELECT * FROM (VALUES ('o''clock', 1.5), ('x', NULL)) AS report("it""s", "n")`);
  expect(rowsAsSql(['a'], [])).toBe('SELECT NULL AS "a" WHERE false');
  expect(rowsAsSql(['a'], [[Number.POSITIVE_INFINITY]])).toContain('(NULL)');
});

test('metrics are read with labels and help', () => {
  const samples = parseMetrics('# HELP up Whether.\n# TYPE up gauge\nup 1\nlag{shop="de\\"mo",x="1"} 2.5\nnonsense\n');
  expect(samples).toEqual([{name: 'up', labels: {}, value: 1, help: 'Whether.'}, {name: 'lag', labels: {shop: 'de\\"mo', x: '1'}, value: 2.5, help: ''}]);
});

describe('mapping a column', () => {
  const recipe = JSON.stringify({recipe: 'r', events: [{event: 'Order Completed', identifiers: {phone: '手机'}, properties: {order_id: '单号', products: {lines: 'rows', product_id: '货号'}}}]});
  const mapped = (column: string, property: string, before: string) => {
    const got = recipeWith(recipe, column, property, before);
    return got.ok ? (JSON.parse(got.value) as {events: Record<string, unknown>[]}).events[0]! : undefined;
  };
  test('moves it from one property to another', () => {
    expect(mapped('单号', 'total', 'order_id')!['properties']).toEqual({total: '单号', products: {lines: 'rows', product_id: '货号'}});
    expect(mapped('手机', 'member_id', 'phone')!['identifiers']).toEqual({member_id: '手机'});
  });
  test('sets time and lines where they belong', () => {
    expect(mapped('日期', 'time', '')!['time']).toEqual({column: '日期'});
    expect((mapped('件数', 'quantity', '')!['properties'] as Record<string, unknown>)['products']).toEqual({lines: 'rows', product_id: '货号', quantity: '件数'});
  });
  test('takes it away', () => {
    expect(mapped('手机', '', 'phone')!['identifiers']).toEqual({});
  });
  test('refuses a recipe that is no plain JSON', () => {
    expect(recipeWith('{// mine\n}', 'a', 'b', '').ok).toBe(false);
    expect(recipeWith('{}', 'a', 'b', '').ok).toBe(false);
  });
});
