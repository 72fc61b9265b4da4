/** How a figure changed and whether that is good. Pure. */
export interface Change {
  /** Relative change, 0.12 = 12 % more; undefined where there was nothing before. */
  relative: number | undefined;
  absolute: number;
  tone: 'good' | 'bad' | 'even';
}

export function changeOf(value: number | null | undefined, previous: number | null | undefined, better: 'up' | 'down' = 'up'): Change | undefined {
  if (value === null || value === undefined || previous === null || previous === undefined) return undefined;
  const absolute = value - previous;
  const relative = previous === 0 ? undefined : absolute / Math.abs(previous);
  const small = relative !== undefined ? Math.abs(relative) < 0.005 : absolute === 0;
  const tone = small ? 'even' : (absolute > 0) === (better === 'up') ? 'good' : 'bad';
  return {relative, absolute, tone};
}

/** How far from baseline to target, 0..1 and beyond; undefined where one is missing or they are equal. */
export function progressOf(baseline: number | null, target: number | null, actual: number | null): number | undefined {
  if (baseline === null || target === null || actual === null || baseline === target) return undefined;
  return (actual - baseline) / (target - baseline);
}

/** The department's goals together, in the order of first mention. */
export function groupBy<T>(items: readonly T[], name: (item: T) => string): {name: string; items: T[]}[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = name(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].map(([key, members]) => ({name: key, items: members}));
}
