/** What the shop promises by when, when it is open, and who works: the nouns as the forms edit them. Pure. */

export interface Target {
  clock: string;
  /** "30s", "5m", "24h"; "0s" promises nothing. */
  target: string;
  class?: string;
  priority?: string;
  tier?: string;
  calendar?: string;
}
export interface Rung {
  after: string;
  agent: string;
}
export interface ServiceLevels {
  calendar?: string;
  warn_percent?: number;
  bad_rating_most?: number;
  departments?: Record<string, string>;
  targets?: Target[];
  ladders?: Record<string, Rung[]>;
}
export interface RosterAgent {
  agent: string;
  name?: string;
  departments: string[];
  skills?: string[];
  capacity?: number;
  calendar?: string;
}
export interface Roster {
  agents: RosterAgent[];
}
export interface CalendarLine {
  calendar_id: string;
  zone?: string;
  week: Record<string, string[]>;
  holidays_of?: string;
  holidays?: string[];
  special?: Record<string, string[]>;
  known_until?: string | null;
}

export const kWeekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const kDepartmentKeys = ['product', 'service', 'logistics', 'price', 'payment', 'experience', 'contact', 'return', 'review'] as const;

/** The words of a line, parted by commas (Chinese ones too), semicolons or blanks at their ends. */
export const wordsOf = (line: string): string[] => line.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean);
export const lineOf = (words: readonly string[] | undefined): string => (words ?? []).join(', ');

/** "30s", "5m", "24h", "2d"; what the server takes for a length of time. */
export const isLength = (text: string): boolean => /^\d{1,9}(ms|s|m|h|d)$/.test(text);
const kUnits = {s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000} as const;
/** Milliseconds of a length of time; nothing when it is none. */
export function lengthOf(text: string): number | undefined {
  const found = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!found) return undefined;
  return Number(found[1]) * (found[2] === 'ms' ? 1 : kUnits[found[2] as keyof typeof kUnits]);
}
/** "09:00-12:00", the end after the begin, up to 24:00. */
export function isShift(text: string): boolean {
  const found = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  if (!found) return false;
  const [from = 0, to = 0] = [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])];
  return Number(found[2]) < 60 && Number(found[4]) < 60 && from < to && to <= 1_440;
}

/** What keeps a form from being published: the first fault, by the name of its words. */
export function levelsFault({targets = [], ladders = {}, warn_percent: warn = 0}: ServiceLevels): 'length' | 'agent' | 'percent' | undefined {
  if (!Number.isInteger(warn) || warn < 0 || warn > 100) return 'percent';
  if (targets.some(({target}) => !isLength(target)) || Object.values(ladders).flat().some(({after}) => !isLength(after))) return 'length';
  return Object.values(ladders).flat().some(({agent}) => !agent) ? 'agent' : undefined;
}
export function rosterFault({agents}: Roster): 'agent' | 'twice' | 'departments' | 'capacity' | undefined {
  if (agents.some(({agent}) => !agent)) return 'agent';
  if (new Set(agents.map(({agent}) => agent)).size < agents.length) return 'twice';
  if (agents.some(({departments}) => departments.length === 0)) return 'departments';
  return agents.some(({capacity = 20}) => !Number.isInteger(capacity) || capacity < 1 || capacity > 1_000) ? 'capacity' : undefined;
}
export function calendarFault({calendar_id: id, week, holidays = []}: CalendarLine): 'id' | 'shift' | 'no_day' | 'day' | undefined {
  if (!/^[\w.-]{1,64}$/.test(id)) return 'id';
  const shifts = Object.values(week).flat();
  if (shifts.some((one) => !isShift(one))) return 'shift';
  if (shifts.length === 0) return 'no_day';
  return holidays.some((one) => !/^\d{4}-\d\d-\d\d$/.test(one)) ? 'day' : undefined;
}

/** Without members that say nothing, as the server wants an absent one left out. */
export const targetBody = ({clock, target, ...when}: Target): Target => ({clock, target, ...Object.fromEntries(Object.entries(when).filter(([name, value]) => value || (name === 'calendar' && value === '')))});
