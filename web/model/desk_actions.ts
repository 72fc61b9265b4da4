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
  /** Prose only for who may read what is personal. */
  reason?: string;
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
  /** Of these amounts. */
  currency?: string;
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

/** A written answer as the door takes it: without what says nothing. */
export const macroBody = ({title, texts, state, class: of, action, closed}: Macro) => ({
  title: title.trim(), texts: Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, text.trim()]).filter(([, text]) => text)),
  ...(state ? {state} : {}), ...(of ? {class: of} : {}), ...(action?.action ? {action} : {}), closed,
});
export type MacroFault = 'id' | 'twice' | 'title' | 'text' | 'placeholder' | 'value';
/** What keeps a written answer from being published: the first fault, by the name of its words. */
export function macroFault(macro: Macro, taken: readonly string[], placeholders: readonly string[]): MacroFault | undefined {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(macro.macro_id.trim())) return 'id';
  if (taken.includes(macro.macro_id.trim())) return 'twice';
  if (!macro.title.trim()) return 'title';
  const texts = Object.values(macro.texts).filter((text) => text.trim());
  if (texts.length === 0) return 'text';
  if (texts.flatMap(unfilled).some((name) => !placeholders.includes(name))) return 'placeholder';
  return macro.action?.action === 'coupon' && macro.action.value !== undefined && !/^\d{1,9}([.]\d{1,3})?$/.test(macro.action.value) ? 'value' : undefined;
}

/** What whoever takes over was given: of an agent, or of the assistant, which knows less of promises and more of slots. */
export interface Packet {
  at: string;
  from: string;
  to: string;
  who: string;
  wanted: string;
  tried: string[];
  promised: {clock: string; by: string}[];
  urgency: string;
  slots: [string, string][];
  transcript: string;
  json: string;
}
const textIn = (of: unknown, name: string): string => {
  const value = typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
/** The newest packet of a ticket's history, for readers who may see what is sealed. */
export function packetOf(history: readonly {at: string; event: string; properties?: Record<string, unknown>; personal?: Record<string, unknown>}[]): Packet | undefined {
  for (const event of [...history].reverse()) {
    const inner = event.personal?.['properties'];
    const personal = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : (event.personal ?? {});
    const packet = (personal['packet'] ?? event.properties?.['packet']) as Record<string, unknown> | undefined;
    if (typeof packet !== 'object' || packet === null) continue;
    const {who, transcript, slots, tried, promised} = packet;
    const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
    return {
      at: event.at, from: textIn(personal, 'from') || textIn(event.properties, 'from'), to: textIn(event.properties, 'agent') || textIn(personal, 'agent'),
      who: typeof who === 'string' ? who : [textIn(who, 'value'), textIn(who, 'phone')].filter(Boolean).join(' · '), wanted: textIn(packet, 'wanted'),
      tried: list(tried).filter((one): one is string => typeof one === 'string'), promised: list(promised).map((one) => ({clock: textIn(one, 'clock'), by: textIn(one, 'by')})),
      urgency: textIn(packet, 'urgency'), slots: Object.entries(typeof slots === 'object' && slots !== null ? slots : {}).filter(([, value]) => typeof value === 'string' && value !== '') as [string, string][],
      transcript: typeof transcript === 'string' ? transcript : textIn(transcript, 'contact_id'), json: JSON.stringify(packet, null, 2),
    };
  }
  return undefined;
}
