import type {Queue, TicketPage, TicketState} from '../model/desk';
import type {AskedAction, DeskAction, FilledMacro, Macro, macroBody, TicketActions} from '../model/desk_actions';
import type {DeskPolicy} from '../model/desk_policy';
import type {CalendarLine, Roster, ServiceLevels} from '../model/policies';
import type {Result} from '../model/result';
import type {Team} from '../model/team';
import {hearShopClock} from './clock';
import {ask, get} from './http';

/** The service desk: tickets with their clocks, and what a person does to them. */

export const kQueues = ['open', 'late', 'unassigned', 'call_back', 'done'] as const;
export interface QueueQuestion {
  queue?: string;
  department?: string;
  agent?: string;
  state?: string;
  class?: string;
  sort?: string;
  limit?: number;
}
/** The deadlines of an answer are counted from the shop's clock as it was then. */
async function heard<T extends {now?: string}>(asked: Promise<Result<T>>): Promise<Result<T>> {
  const got = await asked;
  if (got.ok) hearShopClock(got.value.now);
  return got;
}
export const readQueue = (question: QueueQuestion, signal?: AbortSignal) => heard(get<Queue>('/v1/tickets', {...question}, signal));
const at = (id: string, rest = ''): string => `/v1/tickets/${encodeURIComponent(id)}${rest}`;
export const readTicket = (id: string, signal?: AbortSignal) => heard(get<TicketPage & {now?: string}>(at(id), {}, signal));

interface Done {
  ticket_id: string;
  offset: number;
}
/** With a packet it is handed over: what she wants and what was tried goes along, sealed. */
export const assignTicket = (id: string, agent: string, packet?: {wanted: string; tried: string[]}) => ask<Done>('POST', at(id, '/assign'), {body: {agent, ...(packet && {packet})}});
export const updateTicket = (id: string, update: {state: TicketState; reason?: string; priority?: string; class?: string}) => ask<Done>('POST', at(id, '/update'), {body: update});
/** A message to the customer in the ticket's conversation; whoever came by a link has no name to sign with. */
export const replyToTicket = (id: string, text: string, agent: string, macro?: string) => ask<Done>('POST', at(id, '/reply'), {body: {text, ...(agent && {agent}), ...(macro && {macro})}});
export const callBack = (id: string, satisfied: boolean, note: string, agent: string) => ask<Done>('POST', at(id, '/call-back'), {body: {satisfied, ...(note && {note}), ...(agent && {agent})}});

/** Refunds, coupons and appointments. */
export const readActions = (id: string, signal?: AbortSignal) => get<TicketActions>(at(id, '/actions'), {}, signal);
export const takeAction = (id: string, asked: AskedAction) => ask<{action: DeskAction; repeated: boolean}>('POST', at(id, '/actions'), {body: asked});
export const decideAction = (id: string, action: string, approve: boolean, reason: string) => ask<{action: DeskAction}>('POST', at(id, `/actions/${encodeURIComponent(action)}/decide`), {body: {approve, ...(reason && {reason})}});
export const readCaseLink = (id: string) => get<{path: string; link: string | null}>(at(id, '/case-link'));
export const readTeam = (days: number, signal?: AbortSignal) => get<Team>('/v1/team', {days}, signal);
const macroTitles = new Map<string, string>();
export const knownMacros = (): ReadonlyMap<string, string> => macroTitles;
export async function readMacros(signal?: AbortSignal): Promise<Result<{macros: Macro[]; placeholders: string[]}>> {
  const got = await get<{macros: Macro[]; placeholders: string[]}>('/v1/macros', {}, signal);
  if (got.ok) for (const {macro_id, title} of got.value.macros) macroTitles.set(macro_id, title || macro_id);
  return got;
}
export const fillMacro = (id: string, macro: string, signal?: AbortSignal, language = '') => get<FilledMacro>(at(id, `/macros/${encodeURIComponent(macro)}`), {language}, signal);
export const publishMacro = (id: string, macro: ReturnType<typeof macroBody>) => ask<{offset: number}>('PUT', `/v1/macros/${encodeURIComponent(id)}`, {body: macro});
/** What agents may do by themselves; `published` false = as shipped, which holds. */
export const readDeskPolicy = (signal?: AbortSignal) => get<{published: boolean; policy: DeskPolicy}>('/v1/desk/policy', {}, signal);
export const publishDeskPolicy = (policy: Omit<DeskPolicy, 'currency'>) => ask<{offset: number}>('PUT', '/v1/desk/policy', {body: policy});

/** What is promised by when, when the shop is open, and who works; `published` false = as shipped, and nothing is told of it. */
export const readRoster = (signal?: AbortSignal) => get<{published: boolean; roster: Roster}>('/v1/roster', {}, signal);
export const publishRoster = (roster: Roster) => ask<{offset: number}>('PUT', '/v1/roster', {body: roster});
export const readLevels = (signal?: AbortSignal) => get<{published: boolean; service_levels: ServiceLevels}>('/v1/service-levels', {}, signal);
export const publishLevels = (levels: ServiceLevels) => ask<{offset: number}>('PUT', '/v1/service-levels', {body: levels});
export const readCalendars = (signal?: AbortSignal) => get<{calendars: CalendarLine[]}>('/v1/calendars', {}, signal);
export const publishCalendar = (id: string, calendar: Omit<CalendarLine, 'calendar_id' | 'known_until'>) => ask<{offset: number}>('PUT', `/v1/calendars/${encodeURIComponent(id)}`, {body: calendar});
