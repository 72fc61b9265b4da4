/** Refunds, coupons and appointments on a ticket, and written answers. Pure. */

export const kActionKinds = ['refund', 'coupon', 'appointment'] as const;
export type ActionKind = (typeof kActionKinds)[number];
export interface DeskAction {
  action_id: string;
  ticket_id: string;
  action: ActionKind;
  state: 'proposed' | 'approved' | 'refused' | 'done';
  order_id?: string;
  coupon_id?: string;
  service_id?: string;
  for?: string;
  amount?: string;
  currency?: string;
  before?: string;
  after?: string;
  asked_by: string;
  reason: string;
  asked: string;
  decided_by?: string;
  decided_reason?: string;
  settled?: string;
}
/** What the caller may do here; null = not in this role. */
export interface MayAct {
  refund: {alone: string; most: string; left?: string} | null;
  coupon: {alone: string; most: string; left?: string} | null;
  appointment: Record<string, never> | null;
  approve: boolean;
}
export interface TicketActions {
  actions: DeskAction[];
  may: MayAct;
}
export interface AskedAction {
  action: ActionKind;
  key: string;
  reason: string;
  order_id?: string;
  amount?: string;
  value?: string;
  service_id?: string;
  for?: string;
}
export interface Macro {
  macro_id: string;
  title: string;
  texts: Record<string, string>;
  state?: string;
  class?: string;
  action?: Partial<AskedAction>;
  closed: boolean;
}
export interface FilledMacro {
  macro_id: string;
  language: string;
  text: string;
  missing: string[];
  state?: string;
  class?: string;
  action?: Partial<AskedAction>;
}

/** What is typed after a `/` that begins the answer; undefined when nobody looks for a macro. */
export function macroQuery(text: string): string | undefined {
  return /^\/([^\s]*)$/.exec(text.trimStart())?.[1];
}
/** Macros that fit what was typed: by their name or title; those whose name begins so come first. */
export function fittingMacros(macros: readonly Macro[], query: string): Macro[] {
  const asked = query.toLowerCase();
  const rank = ({macro_id, title}: Macro): number => (macro_id.toLowerCase().startsWith(asked) ? 0 : title.toLowerCase().includes(asked) ? 1 : macro_id.toLowerCase().includes(asked) ? 2 : 3);
  return macros.filter((one) => !one.closed && rank(one) < 3).sort((a, b) => rank(a) - rank(b) || a.macro_id.localeCompare(b.macro_id));
}
/** Placeholders that still stand between braces. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(/(?<!\{)\{([^\s{}]{1,40})\}/g)].map(([, name]) => name ?? ''))];
}
/** Whether a decimal is more than another; texts, as the server sends amounts. */
export const isMore = (one: string, other: string): boolean => Number(one) > Number(other);
