import {describe, expect, test} from 'vitest';

import {answersAsFilters, answersFrom, asOptions, fieldsOf, type Method, strangers, unanswered} from './study_form';
import {grouped} from './study_groups';

const method = (name: string, ...options: [string, string][]): Method => ({
  name, purpose: '', needs_table: true, sql: '', options: options.map(([option, value]) => ({name: option, value, help: ''})),
});

describe('the fields of a form', () => {
  const kinds = (...given: Parameters<typeof method>) => Object.fromEntries(fieldsOf(method(...given)).map(({name, kind}) => [name, kind]));
  test('are told from what stands after an option', () => {
    expect(kinds('alpha', ['items', 'A,B,C'], ['reverse', 'B'], ['missing', 'pairwise|listwise'])).toEqual({items: 'columns', reverse: 'columns', missing: 'choice'});
    expect(kinds('cfa', ['model', 'FILE|TEXT'], ['std-lv', ''], ['level', 'P'])).toEqual({model: 'model', 'std-lv': 'flag', level: 'number'});
    expect(kinds('power', ['alpha', 'A'], ['baseline', 'P'])).toEqual({alpha: 'number', baseline: 'number'});
    expect(kinds('weights', ['reverse', 'A'])).toEqual({reverse: 'columns'});
    expect(kinds('ab', ['arm', 'NAME:N,SUM,SUMSQ'], ['sequential', 'fixed|always-valid|obf'], ['outcome', 'Y'])).toEqual({arm: 'lines', sequential: 'choice', outcome: 'column'});
    expect(kinds('clv', ['until', 'DATE'], ['summary', 'FILE'])).toEqual({until: 'date'});
  });
  test('say what is needed and what can wait', () => {
    const fields = fieldsOf(method('drivers', ['outcome', 'Y'], ['items', 'A,B,C'], ['seed', 'N']));
    expect(fields.map(({needed, first}) => [needed, first])).toEqual([[true, true], [true, true], [false, false]]);
    expect(unanswered(fields, {outcome: 'csat', items: ' '})).toEqual(['items']);
  });
  test('go into the address and back', () => {
    const fields = fieldsOf(method('ab', ['arm', 'NAME:N,SUM,SUMSQ'], ['level', 'NUMBER'], ['control', 'NAME']));
    const answers = {arm: 'A:3,1\n B:4,2 ', level: '.9'};
    const query = new URLSearchParams(Object.entries(answersAsFilters(fields, answers)));
    query.set('sql', 'SELECT 1');
    expect(answersFrom(query)).toEqual(answers);
    expect(asOptions(fields, answersFrom(query))).toEqual({arm: ['A:3,1', 'B:4,2'], level: '.9'});
  });
  test('know columns of another table', () => {
    const fields = fieldsOf(method('drivers', ['outcome', 'Y'], ['items', 'A,B,C'], ['level', 'NUMBER']));
    expect(strangers(fields, {outcome: 'y', items: 'a,b, c', level: '9'}, ['a', 'c', 'y'])).toEqual(['b']);
    expect(strangers(fields, {outcome: 'y'}, [])).toEqual([]);
  });
});

test('the gallery shows every method once, also one that it does not know', () => {
  const shown = grouped([{name: 'roi'}, {name: 'astrology'}, {name: 'alpha'}]);
  expect(shown.map(({group, methods}) => [group, methods.map(({name}) => name)])).toEqual([['measure', ['alpha']], ['value', ['roi']], ['other', ['astrology']]]);
});
