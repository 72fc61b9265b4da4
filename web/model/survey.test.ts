import {expect, test} from 'vitest';

import {changed, conditionOf, criteriaOf, faultOf, freeCriterion, moved, studyOf, type Survey, withCriteria, withItem, without, written} from './survey';

const begun: Survey = {survey_id: 'spring', kind: 'questionnaire', title: 'Spring', items: []};

test('an editor adds, changes, moves and takes away', () => {
  let survey = withItem(withItem(begun, 'scale'), 'text');
  expect(survey.items.map(({item, type, high}) => [item, type, high])).toEqual([['q1', 'scale', 5], ['q2', 'text', undefined]]);
  survey = changed(survey, 0, {text: 'How was it?', high: 10});
  expect(moved(survey, 0, 1).items.map(({item}) => item)).toEqual(['q2', 'q1']);
  expect(moved(survey, 0, -1)).toBe(survey);
  expect(without(survey, 1).items).toHaveLength(1);
  expect(withItem(without(survey, 0), 'scale').items.map(({item}) => item)).toEqual(['q2', 'q3']);
  expect(begun.items).toEqual([]);
});

test('what keeps a survey from being published is named', () => {
  expect(faultOf(begun)).toEqual({fault: 'no_items'});
  expect(faultOf({...begun, survey_id: 'with space'})).toEqual({fault: 'no_id'});
  expect(faultOf({...begun, title: {en: ' '}})).toEqual({fault: 'no_title'});
  const survey = withItem(withItem(begun, 'scale'), 'scale');
  expect(faultOf(survey)).toEqual({fault: 'no_text', item: 0});
  const said = changed(changed(survey, 0, {text: 'a'}), 1, {text: {'zh-Hans': '甲'}});
  expect(faultOf(said)).toBeUndefined();
  expect(faultOf(changed(said, 1, {item: 'q1'}))).toEqual({fault: 'same_name', item: 1});
  expect(faultOf(changed(said, 1, {low: 5, high: 5}))).toEqual({fault: 'bad_scale', item: 1});
  expect(faultOf(changed(said, 1, {type: 'choice', choices: [{value: 1, text: 'a'}]}))).toEqual({fault: 'few_choices', item: 1});
});

test('what is written goes into the language of the page', () => {
  expect(written('old', 'zh-CN', '新')).toBe('新');
  expect(written({en: 'old', 'zh-Hans': '旧'}, 'zh-CN', '新')).toEqual({en: 'old', 'zh-Hans': '新'});
});

test('answers lead to the study that they were asked for', () => {
  const scale = (item: string, more = {}) => ({item, text: 't', type: 'scale' as const, low: 1, high: 7, ...more});
  expect(studyOf({kind: 'questionnaire', template: 'nps', items: [scale('nps')]})).toEqual({method: 'nps', options: {score: 'nps'}});
  expect(studyOf({kind: 'questionnaire', template: 'ces', items: [scale('ces')]})).toEqual({method: 'nps', options: {score: 'ces', kind: 'ces', low: '1', high: '7'}});
  expect(studyOf({kind: 'questionnaire', template: 'servqual', items: [scale('e1', {facet: 'expectation', dimension: 'x'}), scale('p1', {facet: 'perception', dimension: 'x'})]}))
    .toEqual({method: 'servqual', options: {perceived: 'p1', expected: 'e1', dimensions: 'x:1'}});
  expect(studyOf({kind: 'questionnaire', items: [scale('a'), scale('b', {reverse: true})]})).toEqual({method: 'alpha', options: {items: 'a,b', reverse: 'b'}});
  expect(studyOf({kind: 'questionnaire', template: '', items: [{...scale('q'), low: 0, high: 10}]})).toEqual({method: 'nps', options: {score: 'q'}});
  expect(studyOf({kind: 'ahp', items: []})?.method).toBe('ahp');
  expect(studyOf({kind: 'questionnaire', items: []})).toBeUndefined();
});

test('criteria make every pair once, and pairs that stood keep their names', () => {
  const criteria = [{item: 'a', text: 'A'}, {item: 'b', text: 'B'}, {item: 'c', text: 'C'}];
  const three = withCriteria({kind: 'ahp', title: 't', items: [{item: 'p1_2', text: '', type: 'pair', left: criteria[0]!, right: criteria[1]!}]}, criteria);
  expect(three.items.map(({item}) => item)).toEqual(['p1_2', 'p_a_c', 'p_b_c']);
  expect(criteriaOf(three)).toEqual(criteria);
  expect(withCriteria(three, criteria.slice(0, 2)).items).toHaveLength(1);
  expect(freeCriterion([{item: 'c2', text: ''}])).toBe('c3');
});
test('a condition asks about an earlier question with a number', () => {
  const survey: Survey = {survey_id: 's', kind: 'questionnaire', title: 't', items: [{item: 'q1', text: 'x', type: 'scale', low: 0, high: 10}, {item: 'q2', text: 'y', type: 'text', when: {item: 'q1', at_most: 6}}]};
  expect(faultOf(survey)).toBeUndefined();
  expect(conditionOf(survey.items[1]!.when)).toEqual({way: 'at_most', value: 6});
  expect(faultOf({...survey, items: [survey.items[1]!, survey.items[0]!]})).toEqual({fault: 'bad_condition', item: 0});
  expect(conditionOf(undefined)).toBeUndefined();
});
