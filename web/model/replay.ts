/** Other policies over what a scene showed and what became of it. Pure. */

export interface Guess {
  value: number;
  low: number | null;
  high: number | null;
}
export interface Refused {
  check: string;
  why: string;
  got?: number;
  least?: number;
  member?: string;
}
export interface Replayed {
  name: string;
  policy: string;
  serves_now: boolean;
  refused: Refused | null;
  effective_sample_size: number;
  largest_weight: number;
  supported: number;
  lanes: {lane: string; share: number}[];
  ips: Guess | null;
  snips: Guess | null;
  doubly_robust: Guess | null;
  difference: Guess | null;
}
export interface ReplayAnswer {
  scene: string;
  days: number;
  since: string;
  until: string;
  known_at: number;
  impressions: number;
  customers: number;
  left_out: Record<'held_out' | 'without_lane' | 'without_shares' | 'other_lanes', number>;
  logged: Guess | null;
  policies: Replayed[];
}

export type Outlook = 'better' | 'worse' | 'open' | 'refused';
/** Whether a policy would have earned more than what was shown; decided only where the interval leaves nought out. */
export function outlook({refused, difference}: Replayed): Outlook {
  if (refused || !difference) return 'refused';
  if (difference.low === null || difference.high === null) return 'open';
  return difference.low > 0 ? 'better' : difference.high < 0 ? 'worse' : 'open';
}
/** The policy with most that surely beats what was shown; undefined when none does. */
export function best(policies: readonly Replayed[]): Replayed | undefined {
  return policies.filter((one) => outlook(one) === 'better').sort((a, b) => b.doubly_robust!.value - a.doubly_robust!.value)[0];
}

/** A line for everybody's interval: from a little below the lowest to a little above the highest, never below nought. */
export function scaleOf(guesses: readonly (Guess | null)[]): {from: number; to: number} {
  const ends = guesses.flatMap((one) => (one ? [one.value, one.low ?? one.value, one.high ?? one.value] : []));
  if (ends.length === 0) return {from: 0, to: 1};
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const room = (high - low || high || 0.01) * 0.08;
  return {from: Math.max(0, low - room), to: high + room};
}
/** Where a value lies on it, 0..1. */
export const placeOf = (value: number, {from, to}: {from: number; to: number}): number => Math.max(0, Math.min(1, (value - from) / (to - from || 1)));
