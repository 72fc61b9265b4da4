import {describe, expect, it} from 'vitest';

import {fittingMacros, macroQuery, type Macro, unfilled} from './desk_actions';

const macro = (macro_id: string, title: string, closed = false): Macro => ({macro_id, title, texts: {en: 'x'}, closed});

describe('macros', () => {
  it('are looked for by a slash that begins the answer', () => {
    expect(macroQuery('/')).toBe('');
    expect(macroQuery('  /late')).toBe('late');
    expect(macroQuery('and/or')).toBeUndefined();
    expect(macroQuery('/late is')).toBeUndefined();
  });
  it('fit by name before title, closed ones never', () => {
    const all = [macro('refund', 'Money back'), macro('sorry', 'Late parcel'), macro('late', 'Sorry'), macro('later', 'x', true)];
    expect(fittingMacros(all, 'late').map(({macro_id}) => macro_id)).toEqual(['late', 'sorry']);
    expect(fittingMacros(all, '').length).toBe(3);
  });
  it('show what nothing fills', () => {
    expect(unfilled('Dear {name}, {{not} {order_id} {name} { x }')).toEqual(['name', 'order_id']);
  });
});
