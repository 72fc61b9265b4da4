import type {Told} from './study_report';

/** A list as it was decided for one customer, and how its reasons are drawn. Pure. */

export interface PreviewReason {
  kind: string;
  points: number;
  lane?: string;
  because?: string;
  because_title?: string;
  because_title_en?: string;
  evidence: string;
  figures?: Record<string, number>;
}
export interface PreviewItem {
  item: string;
  item_kind: string;
  title: string;
  title_en: string;
  category?: string;
  score: number;
  rung: string;
  lane: string | null;
  propensity: number;
  reasons: PreviewReason[];
}
export interface Recommendations {
  decision_id: string;
  scene: string;
  title: Told;
  triggered: boolean;
  models: string | null;
  rung: string;
  customer?: string;
  class: string;
  held_out: boolean;
  stopped: boolean;
  personalised: boolean;
  seed: number;
  known_at: number;
  /** What operators did that touched this list, and who. */
  hands: {hand: string; id?: string; by?: string}[];
  items: PreviewItem[];
}

/** Whose word a reason is: hers, the moment's, everybody's, the shop's. */
export type Voice = 'hers' | 'moment' | 'crowd' | 'shop';
const kVoices: Readonly<Record<string, Voice>> = {
  need: 'hers', bought: 'hers', viewed: 'hers', others: 'hers', due: 'hers', in_view: 'moment', rule: 'moment', category: 'moment', region: 'crowd', trend: 'crowd', top: 'crowd', newest: 'crowd',
};
export const voiceOf = (kind: string): Voice => kVoices[kind] ?? 'shop';

const kSumWithin = 1e-6;
/** Whether the points of all reasons are the score, as promised. */
export const addsUp = (item: PreviewItem): boolean => Math.abs(item.reasons.reduce((sum, {points}) => sum + points, 0) - item.score) < kSumWithin;

export interface Piece {
  reason: PreviewReason;
  voice: Voice;
  /** Where on a bar from 0 to 1 it begins, and how long it is. */
  from: number;
  wide: number;
}
/** The reasons that add, longest first, as pieces of one bar; what takes away is told apart. `most`: the longest bar of the list. */
export function piecesOf(item: PreviewItem, most: number): {pieces: Piece[]; less: PreviewReason[]} {
  const more = item.reasons.filter(({points}) => points > 0).sort((a, b) => b.points - a.points);
  const room = most > 0 ? most : 1;
  let from = 0;
  const pieces = more.map((reason) => {
    const piece = {reason, voice: voiceOf(reason.kind), from: from / room, wide: reason.points / room};
    from += reason.points;
    return piece;
  });
  return {pieces, less: item.reasons.filter(({points}) => points < 0)};
}
export const longest = (items: readonly PreviewItem[]): number => Math.max(0, ...items.map((item) => item.reasons.reduce((sum, {points}) => sum + Math.max(0, points), 0)));
