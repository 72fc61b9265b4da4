import {describe, expect, test} from 'vitest';

import {aboutOf, answerFault, csvOf, voicesOf, type Clause, correctionBody, correctionOf, type FeedbackEntry, kAspects, stretches, toneOf, wholeText} from './feedback';

const clause = (from: number, to: number, more: Partial<Clause> = {}): Clause => ({class: 'logistics', sentiment: -1, aspect: 'delay', urgency: 0, confidence: 0.9, from, to, ...more});
const entry = (more: Partial<FeedbackEntry>): FeedbackEntry => ({
  id: 'R-1', kind: 'review', at: '2026-11-01T00:00:00Z', seq: 1, customer: 'c_1', product_id: '', order_id: '', contact_id: '', rating: 2, state: 'classified', department: 'logistics',
  sentiment: -1, replied: false, ticket: null, clauses: [], unsure: [], ...more});

describe('stretches', () => {
  test('cuts where clauses begin and end, counting characters as a reader does', () => {
    const cut = stretches('👍送得慢，电池好', [clause(1, 5), clause(5, 8, {class: 'product', sentiment: 1})], []);
    expect(cut.map(({text, labels, ends}) => [text, labels.length, ends.length])).toEqual([['👍', 0, 0], ['送得慢，', 1, 1], ['电池好', 1, 1]]);
  });
  test('keeps several classes of one clause together, and clauses that overlap apart', () => {
    expect(stretches('又慢又贵', [clause(0, 4), clause(0, 4, {class: 'price'})], []).map(({ends}) => ends.length)).toEqual([2]);
    expect(stretches('abcdef', [clause(0, 4)], [clause(2, 6)]).map(({text, labels, ends}) => [text, labels.length, ends.length])).toEqual([['ab', 1, 0], ['cd', 2, 1], ['ef', 1, 1]]);
  });
  test('joined they are the text, whatever the places say', () => {
    let seed = 20261122;
    const next = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({length: next(30)}, () => '慢 a👍好'.at(next(4)) ?? '').join('');
      const wild = (): Clause => clause(next(50) - 10, next(50) - 10, {sentiment: next(3) - 1});
      const cut = stretches(text, Array.from({length: next(4)}, wild), Array.from({length: next(4)}, wild));
      expect(cut.map((one) => one.text).join(''), `seed ${seed}`).toBe(text);
      for (const {labels, ends} of cut) expect(ends.every((one) => labels.includes(one)), `seed ${seed}`).toBe(true);
    }
  });
});

test('a stretch is coloured by what is sure, blame before praise', () => {
  const label = (sentiment: number, sure: boolean) => ({clause: clause(0, 1, {sentiment}), sure});
  expect(toneOf([])).toBeUndefined();
  expect(toneOf([label(1, true), label(-1, true)])).toEqual({mood: 'negative', sure: true});
  expect(toneOf([label(1, true), label(-1, false)])).toEqual({mood: 'positive', sure: true});
  expect(toneOf([label(-0.4, false)])).toEqual({mood: 'negative', sure: false});
  expect(toneOf([label(0, true)])).toEqual({mood: 'neutral', sure: true});
});

test('a correction starts from all that the model said and is sent whole', () => {
  const lines = correctionOf(entry({clauses: [clause(4, 8)], unsure: [clause(0, 4, {class: 'price', sentiment: 0, aspect: '', urgency: 1})]}));
  expect(lines.map(({class: of}) => of)).toEqual(['price', 'logistics']);
  expect(correctionBody(lines)).toEqual({clauses: [
    {class: 'price', sentiment: 0, urgency: 1, from: 0, to: 4}, {class: 'logistics', sentiment: -1, urgency: 0, aspect: 'delay', from: 4, to: 8}]});
  expect(correctionBody([])).toEqual({clauses: []});
  expect(wholeText(entry({text: '👍好'}))).toMatchObject({from: 0, to: 2});
});

test('an aspect belongs to one class', () => {
  const all = Object.values(kAspects).flat();
  expect(new Set(all).size).toBe(all.length);
});

describe('telling many what was done', () => {
  const whole = {answer_id: 'did-1', phrase: '说明书', class: '', aspect: '', product_id: '', days: '90'};
  test('names what it is about, and leaves out what says nothing', () => {
    expect(aboutOf(whole)).toEqual({phrase: '说明书', days: 90});
    expect(answerFault(whole)).toBeUndefined();
    expect(answerFault({...whole, answer_id: '答复'})).toBe('id');
    expect(answerFault({...whole, phrase: ' '})).toBe('about');
    expect(answerFault({...whole, phrase: '', class: 'logistics'})).toBeUndefined();
    expect(answerFault({...whole, days: '0'})).toBe('days');
  });
});

describe('who said something', () => {
  const entry = (customer: string, at: string, ticket: string | null = null) => ({customer, at, ticket: ticket ? {ticket_id: ticket, state: 'open'} : null});
  test('stands once each, the most often first, with the last time and the tickets', () => {
    const voices = voicesOf([entry('c_1', '2026-11-02T00:00:00Z'), entry('c_2', '2026-11-01T00:00:00Z', 'T-1'), entry('c_2', '2026-11-03T00:00:00Z', 'T-1')]);
    expect(voices).toEqual([{customer: 'c_2', pieces: 2, last: '2026-11-03T00:00:00Z', tickets: ['T-1']}, {customer: 'c_1', pieces: 1, last: '2026-11-02T00:00:00Z', tickets: []}]);
  });
  test('is saved so that no table program reads a formula out of it', () => {
    expect(csvOf(['a', 'b'], [['=SUM(A1)', 1], ['x,"y"', 2]])).toBe('a,b\r\n\'=SUM(A1),1\r\n"x,""y""",2\r\n');
  });
});
