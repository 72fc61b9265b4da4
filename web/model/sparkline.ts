/** The path of a small line through `values`, in a box of that width and height; gaps where a value is missing. Pure. */
export function linePath(values: readonly (number | null)[], width: number, height: number, pad = 2): string {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const span = high - low || 1;
  const step = values.length > 1 ? (width - 2 * pad) / (values.length - 1) : 0;
  let path = '';
  let pen = false;
  values.forEach((value, i) => {
    if (value === null) {
      pen = false;
      return;
    }
    const x = pad + i * step;
    const y = high === low ? height / 2 : pad + (1 - (value - low) / span) * (height - 2 * pad);
    // A value alone between gaps is a dot: a line of no length, which a round end makes visible.
    const alone = !pen && (values[i + 1] ?? null) === null;
    path += `${pen ? 'L' : 'M'}${round(x)} ${round(y)}${alone ? 'h0' : ''}`;
    pen = true;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Of many points at most `most`, evenly chosen, the last always among them. */
export function thin<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  const step = (points.length - 1) / (most - 1);
  return Array.from({length: most}, (_, i) => points[Math.round(i * step)] as T);
}

/** A series of days without the last, which is still going on: a morning's orders beside whole days look like a crash. */
export function fullDays<T>(series: readonly T[]): T[] {
  return series.length > 2 ? series.slice(0, -1) : [...series];
}
