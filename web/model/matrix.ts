/** The value x urgency matrix as circles to draw. Pure. */
export interface Bin {
  value: number;
  urgency: number;
  customers: number;
  class: Record<string, number>;
}
export interface Circle extends Bin {
  x: number;
  y: number;
  r: number;
  leading: string;
}

/**
 * Circles whose areas are in proportion to their customers, on a square of `side`; urgency runs to the right, value upwards.
 * The leading class of a bin is the one with most customers, by name where two are equal.
 */
export function circles(bins: readonly Bin[], side: number, only = ''): Circle[] {
  const of = (bin: Bin): number => only ? (bin.class[only] ?? 0) : bin.customers;
  const most = Math.max(1, ...bins.map(of));
  const cell = side / 10;
  return bins.filter((bin) => of(bin) > 0).map((bin) => ({
    ...bin,
    customers: of(bin),
    x: (bin.urgency + 0.5) * cell,
    y: side - (bin.value + 0.5) * cell,
    r: Math.max(2.5, Math.sqrt(of(bin) / most) * cell * 0.48),
    leading: only || leading(bin.class),
  }));
}

function leading(classes: Record<string, number>): string {
  return Object.entries(classes).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? 'other';
}

/** The fullest quarter of the matrix, for the sentence beside it: high or low value, high or low urgency, and its share. */
export function fullest(bins: readonly Bin[]): {value: 'high' | 'low'; urgency: 'high' | 'low'; share: number} | undefined {
  const total = bins.reduce((sum, bin) => sum + bin.customers, 0);
  if (total === 0) return undefined;
  const quarters = new Map<string, number>();
  for (const bin of bins) {
    const key = `${bin.value >= 5 ? 'high' : 'low'} ${bin.urgency >= 5 ? 'high' : 'low'}`;
    quarters.set(key, (quarters.get(key) ?? 0) + bin.customers);
  }
  const [key, customers] = [...quarters].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]!;
  const [value, urgency] = key.split(' ') as ['high' | 'low', 'high' | 'low'];
  return {value, urgency, share: customers / total};
}

export interface Flow {
  from: string;
  to: string;
  customers: number;
}
