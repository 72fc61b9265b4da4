import {describe, expect, test} from 'vitest';

import {calendarFault, isLength, isShift, lengthOf, levelsFault, lineOf, rosterFault, targetBody, wordsOf} from './policies';

test('words of a line, whatever parts them', () => {
  expect(wordsOf(' logistics，returns、 service; ,')).toEqual(['logistics', 'returns', 'service']);
  expect(wordsOf('')).toEqual([]);
  expect(wordsOf(lineOf(['a b', 'c']))).toEqual(['a b', 'c']);
});

test('lengths of time and shifts as the server takes them', () => {
  expect(['30s', '5m', '24h', '0s', '2d', '10ms'].map(isLength)).toEqual([true, true, true, true, true, true]);
  expect(['', '30', 's', '-5m', '1.5h', '5 m', '5M', '1e3s'].map(isLength)).toEqual(Array(8).fill(false));
  expect([lengthOf('90m'), lengthOf('2d'), lengthOf('7ms'), lengthOf('soon')]).toEqual([5_400_000, 172_800_000, 7, undefined]);
  expect(['09:00-12:00', '00:00-24:00', '23:59-24:00'].map(isShift)).toEqual([true, true, true]);
  expect(['9:00-12:00', '12:00-09:00', '09:00-09:00', '09:60-12:00', '09:00-24:01', '09:00–12:00', ''].map(isShift)).toEqual(Array(7).fill(false));
});

describe('what keeps a form from being published', () => {
  test('promises', () => {
    expect(levelsFault({})).toBeUndefined();
    expect(levelsFault({warn_percent: 75, targets: [{clock: 'closed', target: '24h'}], ladders: {'*': [{after: '0s', agent: 'lead'}]}})).toBeUndefined();
    expect(levelsFault({warn_percent: 101})).toBe('percent');
    expect(levelsFault({targets: [{clock: 'closed', target: 'a day'}]})).toBe('length');
    expect(levelsFault({ladders: {logistics: [{after: '1h', agent: ''}]}})).toBe('agent');
  });
  test('the roster', () => {
    const li = {agent: 'li', departments: ['logistics']};
    expect(rosterFault({agents: [li]})).toBeUndefined();
    expect(rosterFault({agents: [{...li, agent: ''}]})).toBe('agent');
    expect(rosterFault({agents: [li, li]})).toBe('twice');
    expect(rosterFault({agents: [{...li, departments: []}]})).toBe('departments');
    expect([0, 1.5, 1_001, NaN].map((capacity) => rosterFault({agents: [{...li, capacity}]}))).toEqual(Array(4).fill('capacity'));
  });
  test('a calendar', () => {
    const office = {calendar_id: 'office', week: {mon: ['09:00-12:00', '13:30-18:00']}};
    expect(calendarFault(office)).toBeUndefined();
    expect(calendarFault({...office, calendar_id: 'a b'})).toBe('id');
    expect(calendarFault({...office, week: {mon: ['nine to five']}})).toBe('shift');
    expect(calendarFault({...office, week: {mon: []}})).toBe('no_day');
    expect(calendarFault({...office, holidays: ['1 May']})).toBe('day');
  });
});

test('a target is sent without what it does not say; round the clock is said', () => {
  expect(targetBody({clock: 'closed', target: '2h', class: '', priority: 'urgent', tier: ''})).toEqual({clock: 'closed', target: '2h', priority: 'urgent'});
  expect(targetBody({clock: 'closed', target: '2h', calendar: ''})).toEqual({clock: 'closed', target: '2h', calendar: ''});
});
