import {describe, expect, test} from 'vitest';

import {monthOf, suggested, unreviewed, withReview, type Review} from './review';

const review = (month: string, note = ''): Review => ({month, note, verdict: 'on_course', actual: 1});
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

describe('the monthly review', () => {
  test('a month is reviewed once; saying it again replaces it; the newest stands first', () => {
    const all = withReview(withReview(withReview(undefined, review('2026-09')), review('2026-11')), review('2026-10'));
    expect(all.map(({month}) => month)).toEqual(['2026-11', '2026-10', '2026-09']);
    expect(withReview(all, review('2026-10', 'again')).map(({note}) => note)).toEqual(['', 'again', '']);
    const years = Array.from({length: 40}, (_, i) => review(monthOf(day('2024-01-15') + i * 31 * 86_400_000)));
    expect(years.reduce<Review[]>((kept, one) => withReview(kept, one), []).length).toBe(24);
  });
  test('goals wait until the month has been spoken of', () => {
    const goal = {baseline: 1, target: 2, actual: 1, reviews: [review('2026-10')]};
    expect(unreviewed([goal], '2026-10')).toEqual([]);
    expect(unreviewed([goal], '2026-11')).toEqual([goal]);
  });
  test('the figures suggest: reached, on course, behind, also where less is better', () => {
    const goal = (baseline: number | null, target: number | null, actual: number | null) => suggested({baseline, target, actual, due: '2027-01-01T00:00:00Z'}, day('2026-07-01'), day('2026-01-01'));
    expect(goal(48, 12, 12)).toBe('reached');
    expect(goal(48, 12, 20)).toBe('on_course');
    expect(goal(48, 12, 40)).toBe('behind');
    expect(goal(0.2, 0.4, 0.35)).toBe('on_course');
    expect(goal(0.2, 0.4, 0.21)).toBe('behind');
    expect(goal(null, 0.4, 0.5)).toBe('reached');
    expect(goal(0.2, 0.4, null)).toBe('behind');
    expect(suggested({baseline: 1, target: 2, actual: 1.5}, 0, 0)).toBe('behind');
  });
});
