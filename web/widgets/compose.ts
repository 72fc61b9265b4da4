/** A package that a visitor composes: what is asked of the server, and how its price falls on the pieces. Pure. */
export const kPiecesMost = 9;

/** How many of each service, in the order in which they were first chosen; 0 takes one out. */
export type Composition = ReadonlyMap<string, number>;

export function withPieces(chosen: Composition, service: string, pieces: number): Composition {
  const next = new Map(chosen);
  const kept = Math.min(kPiecesMost, Math.max(0, Math.trunc(pieces)));
  if (kept > 0) next.set(service, kept);
  else next.delete(service);
  return next;
}

export const asked = (chosen: Composition): {services: {service_id: string; quantity: number}[]} => ({services: [...chosen].map(([service_id, quantity]) => ({service_id, quantity}))});

export interface PieceLine {
  service: string;
  pieces: number;
  /** Minor units of all its pieces before any discount of packages. */
  total: number;
}

/** Splits the total over single pieces by what each costs, to the minor unit: the largest remainders get what is left. */
export function shares(lines: readonly PieceLine[], total: number): {service: string; minor: number}[] {
  const pieces = lines.flatMap((line) => Array.from({length: line.pieces}, () => ({service: line.service, weight: line.total / line.pieces})));
  const whole = pieces.reduce((sum, piece) => sum + piece.weight, 0);
  if (pieces.length === 0) return [];
  const exact = pieces.map((piece) => (whole > 0 ? (total * piece.weight) / whole : total / pieces.length));
  const split = exact.map(Math.floor);
  const left = total - split.reduce((sum, minor) => sum + minor, 0);
  const byRemainder = exact.map((value, at) => ({at, rest: value - Math.floor(value)})).sort((a, b) => b.rest - a.rest || a.at - b.at);
  for (const {at} of byRemainder.slice(0, left)) split[at]! += 1;
  return pieces.map(({service}, at) => ({service, minor: split[at]!}));
}
