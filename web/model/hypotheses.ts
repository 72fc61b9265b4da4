/** Where a card lies on the board, and what a form says of one. */
export const kColumns = ['registered', 'running', 'due', 'decided'] as const;
export type Column = (typeof kColumns)[number];

export function columnOf(card: {status: string; assigned: {control: number; treatment: number}}): Column {
  if (card.status === 'decided' || card.status === 'due') return card.status;
  return card.assigned.control + card.assigned.treatment > 0 ? 'running' : 'registered';
}

/** An id that says what it is about; the moment keeps it apart from others. */
export function cardId(then: string, now: Date): string {
  const words = then.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 30);
  return `H-${words ? `${words}-` : ''}${now.getTime().toString(36)}`;
}

export interface Draft {
  if: string;
  then: string;
  by: string;
  metric: string;
  direction: string;
  effect: string;
  window_days: string;
  segment: string;
  service_id: string;
  worth: string;
  guard: string;
  guard_bound: string;
  design: string;
  share: string;
  alpha: string;
  power: string;
}

/** The card as it is registered; what was left empty is left out. */
export function cardOf(draft: Draft): Record<string, unknown> {
  const card: Record<string, unknown> = {
    if: draft.if.trim(), then: draft.then.trim(), by: `${draft.by}T00:00:00Z`, metric: draft.metric, direction: draft.direction, effect: Number(draft.effect),
    design: draft.design, share: Number(draft.share || '50'), alpha: Number(draft.alpha || '0.05'), power: Number(draft.power || '0.8'),
  };
  if (draft.window_days) card['window_days'] = Number(draft.window_days);
  if (draft.segment) card['segment'] = draft.segment;
  if (draft.service_id) card['service_id'] = draft.service_id;
  if (draft.worth) card['worth'] = Number(draft.worth);
  if (draft.guard && draft.guard_bound) card['guardrail'] = {metric: draft.guard, worse_by_most: Number(draft.guard_bound)};
  return card;
}

/** What the sample size is asked of: the card without its sentence and its date. */
export function powerOf(draft: Draft): Record<string, unknown> {
  const {if: _if, then: _then, by: _by, guardrail: _guard, ...rest} = cardOf(draft);
  return rest;
}
