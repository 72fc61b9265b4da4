import {expect, test} from 'vitest';

import {claimsOf, reasonOf, share} from './claims';

test('the board is read by its columns, wherever they stand', () => {
  const table = {key: 'claims', title: '', columns: ['figure', 'claim', 'ci_low', 'ci_high', 'claimed', 'n', 'n_exposed', 'evidence', 'verdict', 'reason'],
    rows: [[9.05, 'experience', 7.9, 10.2, 3.8, 107, 107, 'goes together', 'larger', ''], [null, 'training', null, null, 0.12, 0, 0, '', 'cannot_tell', 'the data has no trained_staff']]};
  const [first, second] = claimsOf({tables: [{key: 'other', title: '', columns: [], rows: []}, table]});
  expect(first).toEqual({claim: 'experience', claimed: 3.8, figure: 9.05, low: 7.9, high: 10.2, n: 107, exposed: 107, evidence: 'goes together', verdict: 'larger', reason: ''});
  expect(second).toMatchObject({figure: null, verdict: 'cannot_tell', reason: 'the data has no trained_staff'});
  expect(claimsOf({tables: []})).toEqual([]);
  expect(share('experience')).toBe(false);
});

test('what is missing can be said in other languages', () => {
  expect(reasonOf('the data has no guided and tickets')).toEqual({kind: 'no_column', what: 'guided and tickets'});
  expect(reasonOf('only 3 rows with it (30 are needed)')).toEqual({kind: 'few_with', n: '3', least: '30'});
  expect(reasonOf('only 29 rows without it (30 are needed)')).toEqual({kind: 'few_without', n: '29', least: '30'});
  expect(reasonOf('only 12 complete rows (60 are needed)')).toEqual({kind: 'few', n: '12', least: '60'});
  expect(reasonOf('singular')).toBeUndefined();
});
