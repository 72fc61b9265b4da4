import {describe, expect, it} from 'vitest';

import {type Card, standing} from './team';

const card = (low: number, high: number, told = true): Card => ({comparable: 20, told, low, high});

describe('a card', () => {
  it('says something only where its interval leaves 0 out', () => {
    expect(standing(card(-0.1, 0.1), 'less')).toBe('alike');
    expect(standing(card(0.02, 0.1), 'less')).toBe('worse');
    expect(standing(card(-0.2, -0.1), 'less')).toBe('better');
    expect(standing(card(0.02, 0.1), 'more')).toBe('better');
  });
  it('says nothing of few cases', () => {
    expect(standing(null, 'less')).toBe('unsaid');
    expect(standing(card(0.5, 0.9, false), 'less')).toBe('unsaid');
  });
});
