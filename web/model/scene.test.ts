import {describe, expect, test} from 'vitest';

import {addsUp, longest, piecesOf, type PreviewItem} from './preview';
import {changedLane, changesOf, copyOf, difference, evened, faultOf, kBlankScene, laneOutcomes, nounOf, remediesOf, type Scene, type SceneLine, shareSum, wilson, withLane, withoutLane} from './scene';

const kTitle = {en: 'Home', 'zh-Hans': '首页', 'zh-Hant': '首頁'};
const scene = (shares: number[], change: Partial<Scene> = {}): Scene => ({
  ...kBlankScene, scene_id: 'home', title: kTitle, lanes: shares.map((share, i) => ({lane: `l${i}`, share, source: 'trend', kinds: ['product']})), ...change,
});
const line = (of: Scene, outcomes: [taken: number, ignored: number][]): SceneLine => ({
  scene: of, recommended: {shown: 0, taken: 0, rate: null}, held_out: {shown: 0, taken: 0, rate: null}, months: [], flagged: true,
  lane_outcomes: outcomes.map(([taken, ignored], i) => ({lane: `l${i}`, taken, ignored})), shares: [{class: 'other', shares: of.lanes.map(() => 0.5)}],
});

describe('a scene in the editor', () => {
  test('is published only when its shares add up and its titles are there in three languages', () => {
    expect(faultOf(scene([60, 40]))).toBeUndefined();
    expect(faultOf(scene([60, 30]))).toBe('shares');
    expect(faultOf(scene([]))).toBe('lanes');
    expect(faultOf(scene([100], {scene_id: 'A b'}))).toBe('id');
    expect(faultOf(scene([100], {title: {...kTitle, 'zh-Hant': ' '}}))).toBe('title');
    expect(faultOf(changedLane(scene([60, 40]), 1, {lane: 'l0'}))).toBe('lane_twice');
    expect(faultOf(changedLane(scene([100]), 0, {kinds: []}))).toBe('lane_kinds');
  });
  test('a new lane takes what is missing, and evened shares always make 100', () => {
    expect(withLane(scene([60, 25])).lanes.at(-1)!.share).toBe(15);
    expect(withLane(withoutLane(scene([60, 40]), 0)).lanes.map(({share}) => share)).toEqual([40, 60]);
    for (const shares of [[1, 1, 1], [0, 0, 0], [33, 33, 33, 7], [100, 50]]) expect(shareSum(evened(scene(shares)))).toBe(100);
    expect(evened(scene([1, 1, 1])).lanes.map(({share}) => share)).toEqual([34, 33, 33]);
  });
  test('ends after it begins, and so does every hand', () => {
    const [early, late] = ['2026-11-01T00:00:00Z', '2026-11-11T00:00:00Z'];
    expect(faultOf(scene([100], {from: late, until: early}))).toBe('times');
    expect(faultOf(scene([100], {pins: ['P1', {id: 'P2', from: late, until: early}]}))).toBe('times');
    expect(faultOf(scene([100], {from: early, until: late, boosts: [{id: 'P1', points: 1, from: early}]}))).toBeUndefined();
    expect(nounOf({...scene([100]), from: '', pins: ['P1', {id: 'P2'}, {id: 'P3', from: early}]})).toMatchObject({pins: ['P1', 'P2', {id: 'P3', from: early}]});
  });
  test('a draft tells what it changes', () => {
    const before = scene([60, 40], {pins: ['P1']});
    expect(changesOf(before, before)).toEqual([]);
    expect(changesOf(before, {...before, holdout: 10, lanes: scene([50, 50]).lanes, pins: []})).toEqual([
      {member: 'holdout', before: '5', after: '10'}, {member: 'lanes', before: 'l0 60, l1 40', after: 'l0 50, l1 50'}, {member: 'pins', before: 'P1', after: '–'}]);
    expect(changesOf(before, {...before, pins: [{id: 'P1', until: '2026-11-11T00:00:00Z'}], boosts: [{id: 'P2', points: 0.2}]})).toEqual([
      {member: 'pins', before: 'P1', after: 'P1 (… – 2026-11-11T00:00:00Z)'}, {member: 'boosts', before: '–', after: 'P2 +0.2'}]);
    expect(changesOf(before, changedLane(before, 0, {source: 'due'})).map(({member}) => member)).toEqual(['lanes']);
  });
  test('says nothing that is empty, and a copy stands behind its original', () => {
    const noun = nounOf({...scene([100]), pins: [], boosts: [{id: 'P1', points: 0.2}], other_category: false});
    expect(noun).not.toHaveProperty('pins');
    expect(noun).not.toHaveProperty('other_category');
    expect(noun.boosts).toEqual([{id: 'P1', points: 0.2}]);
    expect(copyOf(scene([100], {rank: 7, stopped: true}), 'mine')).toMatchObject({scene_id: 'mine', rank: 8, stopped: false});
  });
});

describe('what became of it', () => {
  test('shares with their intervals, as published examples have them', () => {
    // Newcombe 1998, Statistics in Medicine 17, table II: 56/70 less 48/80 by method 10 is 0.0524 to 0.3339.
    const found = difference({shown: 70, taken: 56, rate: null}, {shown: 80, taken: 48, rate: null})!;
    expect(found.value).toBeCloseTo(0.2, 10);
    expect(found.low).toBeCloseTo(0.0524, 4);
    expect(found.high).toBeCloseTo(0.3339, 4);
    expect(wilson(0, 0)).toBeUndefined();
    expect(wilson(0, 50)!.low).toBe(0);
  });
  test('outcomes are those of the lanes that stand, by name', () => {
    const of = line(scene([50, 50]), [[5, 45], [0, 0]]);
    of.lane_outcomes.reverse();
    expect(laneOutcomes(of).map(({rate}) => rate)).toEqual([0.1, null]);
  });
  test('remedies: weight moves only where one lane is surely better, content only where a lane is surely low', () => {
    expect(remediesOf(line(scene([50, 50]), [[40, 160], [4, 196]])).map(({kind}) => kind)).toEqual(['weights', 'content', 'tags']);
    expect(remediesOf(line(scene([50, 50]), [[20, 160], [18, 160]])).map(({kind}) => kind)).toEqual(['tags']);
    expect(remediesOf(line(scene([50, 50], {policy: 'fixed'}), [[0, 0], [0, 0]])).map(({kind}) => kind)).toEqual(['policy', 'tags']);
  });
});

test('the pieces of a bar are the points that add, longest first; what takes away stands apart', () => {
  const item = {item: 'P1', score: 0.5, reasons: [{kind: 'trend', points: 0.2}, {kind: 'viewed', points: 0.4}, {kind: 'variety', points: -0.1}]} as unknown as PreviewItem;
  expect(addsUp(item)).toBe(true);
  expect(addsUp({...item, score: 0.51})).toBe(false);
  expect(longest([item])).toBeCloseTo(0.6);
  const {pieces, less} = piecesOf(item, 0.6);
  expect(pieces.map(({reason, voice}) => [reason.kind, voice])).toEqual([['viewed', 'hers'], ['trend', 'crowd']]);
  expect(pieces[1]!.from).toBeCloseTo(2 / 3);
  expect(less.map(({kind}) => kind)).toEqual(['variety']);
});
