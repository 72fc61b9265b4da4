import {expect, test} from 'vitest';

import {matchPath, safeNext, withFilters} from './route';

test('a pattern catches the parts it names, decoded', () => {
  expect(matchPath('/customers/:id', '/customers/phone%3A139')).toEqual({id: 'phone:139'});
  expect(matchPath('/customers', '/customers')).toEqual({});
  expect(matchPath('/data/*', '/data/sql/saved')).toEqual({rest: 'sql/saved'});
});

test('other places, shorter, longer or broken ones, are not caught', () => {
  expect(matchPath('/customers/:id', '/customers')).toBeUndefined();
  expect(matchPath('/customers/:id', '/customers/a/b')).toBeUndefined();
  expect(matchPath('/customers/:id', '/segments/a')).toBeUndefined();
  expect(matchPath('/customers/:id', '/customers/%E6%9')).toBeUndefined();
});

test('filters are set and taken away, the others stay', () => {
  const query = new URLSearchParams('class=seed&tag=scene:露营');
  expect(withFilters('/customers', query, {class: ''})).toBe('/customers?tag=scene%3A%E9%9C%B2%E8%90%A5');
  expect(withFilters('/customers', query, {class: undefined, tag: undefined})).toBe('/customers');
  expect(withFilters('/customers', query, {sort: 'value'})).toContain('class=seed');
});

test('after signing in one lands at home only', () => {
  for (const hostile of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null]) expect(safeNext(hostile)).toBe('/');
  expect(safeNext('/login?next=/login')).toBe('/');
  expect(safeNext('/customers/c_1?group=order')).toBe('/customers/c_1?group=order');
});
