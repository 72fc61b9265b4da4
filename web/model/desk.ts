/** Tickets and their clocks: what a clock says now, what may be done next. Pure. */

export const kClockKinds = ['first_answer', 'located', 'closed', 'call_back', 'decision', 'pick_up', 'public_answer'] as const;
export type ClockKind = (typeof kClockKinds)[number];
export const kTicketStates = ['open', 'located', 'waiting', 'solved', 'called_back', 'reopened', 'escalated', 'closed'] as const;
export type TicketState = (typeof kTicketStates)[number];
export const kPriorities = ['low', 'normal', 'high', 'urgent'] as const;

export interface TraceStep {
  at: string;
  what: 'started' | 'paused' | 'resumed' | 'stopped' | 'reopened' | 'terms' | 'calendar' | 'warned' | 'breached';
  used_ms: number;
  target_ms: number;
}
/** Times used are business time; `due_at` and `warn_at` are moments, and null while the clock does not run. */
export interface DeskClock {
  clock: ClockKind;
  run: 'idle' | 'running' | 'paused' | 'stopped';
  target_ms: number;
  used_ms: number;
  remaining_ms: number;
  started: string | null;
  warn_at: string | null;
  due_at: string | null;
  warned_at: string | null;
  breached_at: string | null;
  first_stop: string | null;
  late: boolean;
  trace?: TraceStep[];
}
export interface Ticket {
  ticket_id: string;
  class: string;
  department: string;
  state: string;
  priority: string | null;
  opened: string;
  since: string;
  agent: string | null;
  customer: string | null;
  contact_id: string | null;
  order_id: string | null;
  due_at: string | null;
  late: boolean;
  clocks: DeskClock[];
}
export interface HistoryEvent {
  seq: number;
  /** An answer of the assistant that somebody of the shop marked as wrong. */
  marked_wrong?: boolean;
  at: string;
  event: string;
  properties?: Record<string, unknown>;
  personal?: Record<string, unknown>;
}
export interface TicketPage extends Ticket {
  told: {clock: ClockKind; step: number; at: string}[];
  history: HistoryEvent[];
}
export interface Queue {
  now: string;
  tickets: Ticket[];
  matching: number;
  counts: {open: number; late: number; unassigned: number};
  departments: {department: string; open: number; late: number}[];
}

export type ClockState = 'running' | 'warned' | 'late' | 'paused' | 'kept' | 'missed';

/** What is to be said of a clock at a moment; an answer a few seconds old is brought up to it. */
export function clockState(clock: DeskClock, now_ms: number): ClockState {
  const passed = (moment: string | null): boolean => moment !== null && Date.parse(moment) <= now_ms;
  if (clock.run === 'stopped') return clock.breached_at || clock.late ? 'missed' : 'kept';
  if (clock.late || clock.breached_at || passed(clock.due_at)) return 'late';
  if (clock.run !== 'running') return 'paused';
  return clock.warned_at || passed(clock.warn_at) ? 'warned' : 'running';
}
/** Milliseconds left, below nought when it is over: by the wall clock where the clock runs, else of business time; used where it stopped. */
export function clockTime(clock: DeskClock, now_ms: number): number {
  if (clock.run === 'stopped') return clock.used_ms;
  return clock.run === 'running' && clock.due_at ? Date.parse(clock.due_at) - now_ms : clock.remaining_ms;
}

const kRank: Readonly<Record<DeskClock['run'], number>> = {running: 0, paused: 1, idle: 2, stopped: 3};
/** The clock that presses most: of those that run the one due first, else one that is paused; nothing when all have stopped. */
export function pressing(clocks: readonly DeskClock[]): DeskClock | undefined {
  const due = (clock: DeskClock): number => (clock.due_at ? Date.parse(clock.due_at) : Number.MAX_SAFE_INTEGER);
  return [...clocks].filter(({run}) => run === 'running' || run === 'paused').sort((a, b) => kRank[a.run] - kRank[b.run] || due(a) - due(b))[0];
}

/** A length of time as a clock shows it: "2 d 03:04", "3:04:05", "4:05"; its sign is told by words beside it. */
export function countdown(ms: number): {days: number; text: string} {
  const all = Math.floor(Math.abs(ms) / 1000);
  const days = Math.floor(all / 86_400);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor((all % 86_400) / 3_600), Math.floor((all % 3_600) / 60), all % 60];
  if (days > 0) return {days, text: `${two(hours)}:${two(minutes)}`};
  return {days, text: hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`};
}

/** The states that a person may bring a ticket to next; the likeliest first. */
const kNext: Readonly<Record<TicketState, readonly TicketState[]>> = {
  open: ['located', 'solved', 'waiting', 'escalated'],
  reopened: ['located', 'solved', 'waiting', 'escalated'],
  escalated: ['located', 'solved', 'waiting'],
  located: ['solved', 'waiting', 'escalated'],
  waiting: ['open', 'located', 'solved'],
  solved: ['called_back', 'reopened'],
  called_back: ['closed', 'reopened'],
  closed: ['reopened'],
};
export const nextStates = (state: string): readonly TicketState[] => kNext[state as TicketState] ?? [];
export const isDone = (state: string): boolean => ['solved', 'called_back', 'closed'].includes(state);

/** A property of an event wherever it stands: in the clear, or for those who may see what is personal. */
export function told(event: {properties?: Record<string, unknown>; personal?: Record<string, unknown>}, name: string): string {
  const inner = event.personal?.['properties'];
  const personal = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : (event.personal ?? {});
  const value = event.properties?.[name] ?? personal[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** An event of the customer's timeline, as far as a ticket's story needs it. */
export interface TimelineEvent {
  seq: number;
  event_time: string;
  event: string;
  message_id?: string;
  properties?: Record<string, unknown>;
  personal?: Record<string, unknown>;
}
/**
 * The ticket's history with what it does not name itself: the review or message that it is about, and the conversation that
 * has the ticket's own name where it began without one. In the order of time.
 */
export function storyOf(ticket: Pick<TicketPage, 'ticket_id' | 'contact_id' | 'history'>, timeline: readonly TimelineEvent[]): HistoryEvent[] {
  const seen = new Set(ticket.history.map(({seq}) => seq));
  const opening = ticket.history.find(({event}) => event === 'Ticket Opened');
  const about = opening ? told(opening, 'about') : '';
  const belongs = (event: TimelineEvent): boolean => (about !== '' && (told(event, 'review_id') === about || event.message_id === about))
    || (ticket.contact_id === null && told(event, 'contact_id') === ticket.ticket_id);
  const more = timeline.filter((event) => !seen.has(event.seq) && belongs(event)).map(({event_time: at, ...event}): HistoryEvent => ({...event, at}));
  return more.length === 0 ? ticket.history : [...ticket.history, ...more].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq);
}

/** What was said and done, in order: messages for the conversation, the rest as notes between them. */
export interface Turn {
  event: HistoryEvent;
  /** Who speaks; "" for what is no message. */
  from: '' | 'customer' | 'agent' | 'bot' | 'system';
  text: string;
}
export const turnsOf = (history: readonly HistoryEvent[]): Turn[] => history.map((event) => {
  const from = told(event, 'from');
  const speaks = event.event === 'Message Posted' && (from === 'customer' || from === 'agent' || from === 'bot' || from === 'system');
  const review = event.event === 'Review Posted' || event.event === 'Review Followed Up';
  return {event, from: speaks ? from : review ? 'customer' : '', text: speaks || review ? told(event, 'text') : ''};
});
/** One of the assistant's own messages: their ids begin so; other bots' answers cannot be marked. */
export const isAssistants = (event: HistoryEvent): boolean => event.event === 'Message Posted' && told(event, 'contact_id').startsWith('A-');
