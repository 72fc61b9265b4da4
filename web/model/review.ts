/** The monthly review of the programme: what was said of a goal in a month, and which goals wait for it. Pure. */
export const kVerdicts = ['on_course', 'behind', 'reached', 'change'] as const;
export type Verdict = (typeof kVerdicts)[number];

export interface Review {
  /** "2026-11" */
  month: string;
  verdict: Verdict;
  note: string;
  actual: number | null;
}
interface Reviewed {
  reviews?: Review[];
  baseline: number | null;
  target: number | null;
  actual: number | null;
  due?: string;
}

const kKept = 24;

export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
export const reviewOf = (goal: Reviewed, month: string): Review | undefined => goal.reviews?.find((one) => one.month === month);
/** Those that nobody has reviewed in this month yet. */
export const unreviewed = <T extends Reviewed>(goals: readonly T[], month: string): T[] => goals.filter((goal) => !reviewOf(goal, month));

/** With the review of its month put in, newest first; what was said of that month before is replaced. */
export function withReview(reviews: readonly Review[] | undefined, review: Review): Review[] {
  return [review, ...(reviews ?? []).filter((one) => one.month !== review.month)].sort((a, b) => b.month.localeCompare(a.month)).slice(0, kKept);
}

/** What the figures alone suggest: reached; behind when less of the way is gone than of the time; else on course. */
export function suggested(goal: Reviewed, now: number, begun: number): Verdict {
  const {baseline, target, actual} = goal;
  if (target === null || actual === null) return 'behind';
  const up = target >= (baseline ?? 0);
  if (up ? actual >= target : actual <= target) return 'reached';
  const due = goal.due ? Date.parse(goal.due) : NaN;
  if (baseline === null || target === baseline || !Number.isFinite(due) || due <= begun) return 'behind';
  const way = (actual - baseline) / (target - baseline);
  return way >= (now - begun) / (due - begun) ? 'on_course' : 'behind';
}
