import {describe, expect, test} from 'vitest';

import {clockState, clockTime, countdown, type DeskClock, isDone, kTicketStates, nextStates, pressing, storyOf, turnsOf} from './desk';

const kNow = Date.parse('2026-11-22T08:00:00Z');
const clock = (more: Partial<DeskClock>): DeskClock => ({
  clock: 'closed', run: 'running', target_ms: 7_200_000, used_ms: 3_600_000, remaining_ms: 3_600_000, started: '2026-11-22T07:00:00Z', warn_at: '2026-11-22T08:30:00Z',
  due_at: '2026-11-22T09:00:00Z', warned_at: null, breached_at: null, first_stop: null, late: false, ...more});

describe('a clock', () => {
  test('runs, warns and is late as the time goes, without another answer', () => {
    const one = clock({});
    expect([kNow, kNow + 1_800_000, kNow + 3_600_000].map((now) => clockState(one, now))).toEqual(['running', 'warned', 'late']);
    expect([kNow, kNow + 3_600_000, kNow + 3_660_000].map((now) => clockTime(one, now))).toEqual([3_600_000, 0, -60_000]);
  });
  test('stands still while it is paused, and says how it ended', () => {
    const paused = clock({run: 'paused', due_at: null, warn_at: null, remaining_ms: 5_000});
    expect([clockState(paused, kNow), clockTime(paused, kNow + 1e9)]).toEqual(['paused', 5_000]);
    expect(clockState(clock({run: 'paused', due_at: null, breached_at: '2026-11-22T07:30:00Z'}), kNow)).toBe('late');
    expect(clockState(clock({run: 'stopped', due_at: null}), kNow)).toBe('kept');
    expect(clockState(clock({run: 'stopped', due_at: null, breached_at: '2026-11-22T07:30:00Z'}), kNow)).toBe('missed');
    expect(clockTime(clock({run: 'stopped', due_at: null}), kNow)).toBe(3_600_000);
  });
  test('presses when it is due first; one that is paused when none runs', () => {
    const late = clock({clock: 'located', due_at: '2026-11-22T07:00:00Z'});
    const paused = clock({run: 'paused', due_at: null});
    expect(pressing([clock({}), late, paused])).toBe(late);
    expect(pressing([clock({run: 'stopped', due_at: null}), paused])).toBe(paused);
    expect(pressing([clock({run: 'stopped', due_at: null})])).toBeUndefined();
  });
});

test('a length of time is shown as a clock does', () => {
  expect([5_000, 65_000, 3_725_000, -65_999, 90_061_000, 0].map((ms) => countdown(ms)))
    .toEqual([{days: 0, text: '0:05'}, {days: 0, text: '1:05'}, {days: 0, text: '1:02:05'}, {days: 0, text: '1:05'}, {days: 1, text: '01:01'}, {days: 0, text: '0:00'}]);
});

test('every state leads somewhere, never to itself, and what is done is only called back, closed or reopened', () => {
  for (const state of kTicketStates) {
    expect(nextStates(state).length, state).toBeGreaterThan(0);
    expect(nextStates(state)).not.toContain(state);
    if (isDone(state)) expect(nextStates(state).filter((next) => !isDone(next))).toEqual(['reopened']);
  }
  expect(nextStates('a state of tomorrow')).toEqual([]);
});

test('messages speak, the rest stands between them', () => {
  const at = '2026-11-22T07:00:00Z';
  const turns = turnsOf([
    {seq: 1, at, event: 'Ticket Opened', properties: {ticket_id: 'T'}},
    {seq: 2, at, event: 'Message Posted', properties: {from: 'customer'}, personal: {text: '在吗'}},
    {seq: 3, at, event: 'Message Posted', properties: {from: 'agent'}, personal: {properties: {text: 'Yes'}}},
    {seq: 4, at, event: 'Message Posted', properties: {from: 'somebody else'}},
    {seq: 5, at, event: 'Review Posted', properties: {rating: 1}, personal: {text: '差'}},
  ]);
  expect(turns.map(({from, text}) => [from, text])).toEqual([['', ''], ['customer', '在吗'], ['agent', 'Yes'], ['', ''], ['customer', '差']]);
});

test('the story holds what the ticket is about, and the conversation of its own name, once and in order', () => {
  const opened = {seq: 5, at: '2026-11-22T07:00:00Z', event: 'Ticket Opened', properties: {ticket_id: 'T', about: 'R-1'}};
  const timeline = [
    {seq: 9, event_time: '2026-11-22T07:30:00Z', event: 'Message Posted', properties: {contact_id: 'T', from: 'agent'}},
    {seq: 8, event_time: '2026-11-22T07:20:00Z', event: 'Message Posted', properties: {contact_id: 'another', from: 'agent'}},
    {seq: 5, event_time: '2026-11-22T07:00:00Z', event: 'Ticket Opened', properties: {ticket_id: 'T', about: 'R-1'}},
    {seq: 2, event_time: '2026-11-22T06:00:00Z', event: 'Review Posted', properties: {review_id: 'R-1', rating: 1}},
  ];
  const story = (contact: string | null) => storyOf({ticket_id: 'T', contact_id: contact, history: [opened]}, timeline).map(({seq}) => seq);
  expect(story(null)).toEqual([2, 5, 9]);
  expect(story('C-1')).toEqual([2, 5]);
  const message = {seq: 3, event_time: '2026-11-22T06:30:00Z', event: 'Message Posted', message_id: 'R-1', properties: {}};
  expect(storyOf({ticket_id: 'T', contact_id: 'C-1', history: [opened]}, [message]).map(({seq, at}) => [seq, at])).toEqual([[3, '2026-11-22T06:30:00Z'], [5, opened.at]]);
  expect(storyOf({ticket_id: 'T', contact_id: null, history: []}, [])).toEqual([]);
});
