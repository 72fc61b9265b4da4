/** How the service desk stands: figures and cards. Pure. */

export interface Card {
  comparable: number;
  /** Enough comparable cases to say anything. */
  told: boolean;
  mean?: number;
  expected?: number;
  difference?: number;
  low?: number;
  high?: number;
}
export interface Figures {
  tickets: number;
  open: number;
  late: number;
  hours_mean: number | null;
  first_answer_s_median: number | null;
  called_back: number;
  satisfied: number;
}
export interface Member extends Figures {
  agent?: string;
  department?: string;
  load: number;
  card: {late: Card | null; hours: Card | null; satisfied: Card | null};
}
export interface Team {
  days: number;
  whole: Figures & {unassigned: number};
  agents: Member[];
  teams: Member[];
}
export type Standing = 'better' | 'worse' | 'alike' | 'unsaid';

/** What a card says: only an interval wholly on one side of 0 says anything. `good` = whether more is better. */
export function standing(card: Card | null, good: 'more' | 'less'): Standing {
  if (!card?.told || card.low === undefined || card.high === undefined) return 'unsaid';
  if (card.low <= 0 && card.high >= 0) return 'alike';
  return (card.low > 0) === (good === 'more') ? 'better' : 'worse';
}
