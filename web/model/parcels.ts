import {isLength} from './policies';

/** Parcels under way and what is announced of them: the queue, the estimate, the policy as its form edits it. Pure. */

export const kParcelQueues = ['likely_late', 'late', 'open', 'delivered'] as const;
export type ParcelQueue = (typeof kParcelQueues)[number];

export interface Parcel {
  order_id: string;
  customer: string | null;
  /** The newest of the six nodes, or `exception`. */
  node: string;
  carrier: string | null;
  region: string | null;
  placed: string | null;
  promised: string | null;
  signed: string | null;
  late: boolean;
  /** 0..1; null: nothing is promised, it was signed for, or too few like it were seen. */
  late_chance: number | null;
  /** Signed for by from, at, to with 10, 50, 90 in a hundred. */
  estimate: {at: string; from: string; to: string; like_it: number; rung: number; few: boolean} | null;
  /** Until then a doubt waits for news; null: nothing is left to decide. */
  decided_at: string | null;
  announced: Announced | null;
}
export interface Announced {
  likely_at: string | null;
  late_at: string | null;
  promised: string | null;
  estimated: string | null;
  coupon: string | null;
  coupon_value: string | null;
  coupon_at: string | null;
}
export interface Parcels {
  now: string;
  parcels: Parcel[];
  matching: number;
  /** Not with those delivered. */
  counts?: {open: number; likely_late: number; late: number};
  learned_from: number;
}
export interface ParcelPage extends Parcel {
  now: string;
  nodes: {node: string; reached: string | null; promised: string | null; place: string | null}[];
}

/** Milliseconds by which it is behind its promise, below nought when time is left; nothing where nothing is promised. */
export function behind({promised, signed}: Pick<Parcel, 'promised' | 'signed'>, now_ms: number): number | undefined {
  return promised ? (signed ? Date.parse(signed) : now_ms) - Date.parse(promised) : undefined;
}

/** The nodes as a reader goes through them: what went wrong stands after the last node that was reached before it. */
export function inOrder(nodes: ParcelPage['nodes']): ParcelPage['nodes'] {
  const wrong = nodes.find(({node}) => node === 'exception');
  if (!wrong?.reached) return nodes;
  const way = nodes.filter((one) => one !== wrong);
  const before = way.filter(({reached}) => reached !== null && Date.parse(reached) <= Date.parse(wrong.reached ?? ''));
  const at = before.length ? way.lastIndexOf(before.at(-1)!) + 1 : 0;
  return [...way.slice(0, at), wrong, ...way.slice(at)];
}

/** An announcement as its own event tells it. */
export interface Told {
  at: string;
  step: 'likely' | 'late';
  chance: number | undefined;
  evidence: string;
  channels: string[];
  /** Why no coupon went with it; "" when one did or none was to. */
  withheld: string;
  coupon: string;
}
/** The evidence of an announcement as the engine writes it, in parts; nothing where it is written otherwise. */
export interface Evidence {
  like_it: string | undefined;
  rung: string | undefined;
  late: string | undefined;
  days: string | undefined;
  given: string | undefined;
  budget: string | undefined;
}
export function evidenceOf(text: string): Evidence | undefined {
  const found = /^(?:(\d+) parcels like it, rung (\d); chance [\d.]+|too few parcels like it for an estimate)(?:; (\S+) late)?(?:; given in (\d+) days before ([\d.]+)(?: of ([\d.]+))?)?$/.exec(text);
  return found ? {like_it: found[1], rung: found[2], late: found[3], days: found[4], given: found[5], budget: found[6]} : undefined;
}
interface LoggedDelay {
  event: string;
  event_time: string;
  properties?: Record<string, unknown>;
}
/** What was announced of one order, out of its customer's records; oldest first. */
export function toldOf(events: readonly LoggedDelay[], order: string): Told[] {
  return events.filter(({event, properties}) => event === 'Delay Announced' && properties?.['order_id'] === order).map(({event_time: at, properties = {}}): Told => {
    const text = (name: string): string => (typeof properties[name] === 'string' ? (properties[name] as string) : '');
    const chance = Number(properties['strength']);
    return {at, step: Number(properties['step']) === 1 ? 'late' : 'likely', chance: Number.isFinite(chance) ? chance : undefined, evidence: text('evidence'),
      channels: text('channel').split(',').filter(Boolean), withheld: text('reason'), coupon: text('coupon_id')};
  }).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export interface ParcelPolicy {
  threshold?: number;
  false_warnings?: number;
  patience?: string;
  compensation?: {coupon: string; value: string; currency?: string; valid?: string; after?: string};
  caps?: {customer?: number; day?: number; days?: number; budget?: string};
  channels?: string[];
}
export interface Trial {
  threshold: number;
  late: number;
  punctual: number;
  warned_right: number;
  warned_wrong: number;
  warned_12h_ahead: number;
}
export interface ParcelPolicyNow {
  published: boolean;
  policy: ParcelPolicy | null;
  threshold_now: number | null;
  trials: Trial[];
}

/** The policy as its form holds it: texts, as people write them. */
export interface ParcelPolicyDraft {
  by: 'false_warnings' | 'threshold';
  /** Of a hundred. */
  share: string;
  patience: string;
  compensates: boolean;
  coupon: string;
  value: string;
  currency: string;
  valid: string;
  after: string;
  customer: string;
  day: string;
  days: string;
  budget: string;
  app: boolean;
  email: boolean;
}
const hundred = (share: number): string => String(Math.round(share * 1000) / 10);
/** What is published, or what the engine takes where nothing is said. */
export function draftOf(policy: ParcelPolicy | null): ParcelPolicyDraft {
  const {compensation: given, caps = {}, channels = ['app', 'email']} = policy ?? {};
  const by = policy?.threshold === undefined ? 'false_warnings' : 'threshold';
  return {
    by, share: hundred(policy?.threshold ?? policy?.false_warnings ?? 0.1), patience: policy?.patience ?? '24h',
    compensates: given !== undefined, coupon: given?.coupon ?? '', value: String(given?.value ?? ''), currency: given?.currency ?? '', valid: given?.valid ?? '30d', after: given?.after ?? '24h',
    customer: String(caps.customer ?? 2), day: String(caps.day ?? 200), days: String(caps.days ?? 30), budget: String(caps.budget ?? ''), app: channels.includes('app'), email: channels.includes('email'),
  };
}
const isAmount = (text: string): boolean => /^\d{1,12}([.]\d{1,3})?$/.test(text);
const isWhole = (text: string, least: number, most: number): boolean => /^\d{1,7}$/.test(text) && Number(text) >= least && Number(text) <= most;

export type ParcelPolicyFault = 'share' | 'length' | 'coupon' | 'value' | 'caps' | 'budget' | 'channel';
/** What keeps the form from being published: the first fault, by the name of its words. */
export function policyFault(draft: ParcelPolicyDraft): ParcelPolicyFault | undefined {
  const [least, most] = draft.by === 'threshold' ? [5, 100] : [0, 50];
  const share = Number(draft.share);
  if (draft.share.trim() === '' || !(share >= least && share <= most)) return 'share';
  if (!isLength(draft.patience)) return 'length';
  if (!draft.app && !draft.email) return 'channel';
  if (!draft.compensates) return undefined;
  if (!draft.coupon.trim()) return 'coupon';
  if (!isAmount(draft.value) || Number(draft.value) <= 0) return 'value';
  if (!isLength(draft.valid) || !isLength(draft.after)) return 'length';
  if (!isWhole(draft.customer, 0, 1_000) || !isWhole(draft.day, 0, 1_000_000) || !isWhole(draft.days, 1, 366)) return 'caps';
  return draft.budget && !isAmount(draft.budget) ? 'budget' : undefined;
}
/** Caps and a budget are of a compensation: without one they are left out. */
export function policyBody(draft: ParcelPolicyDraft): ParcelPolicy {
  const share = Math.round(Number(draft.share) * 10) / 1_000;
  return {
    ...(draft.by === 'threshold' ? {threshold: share} : {false_warnings: share}), patience: draft.patience,
    channels: [...(draft.app ? ['app'] : []), ...(draft.email ? ['email'] : [])],
    ...(draft.compensates ? {
      compensation: {coupon: draft.coupon.trim(), value: draft.value, valid: draft.valid, after: draft.after, ...(draft.currency.trim() ? {currency: draft.currency.trim().toUpperCase()} : {})},
      caps: {customer: Number(draft.customer), day: Number(draft.day), days: Number(draft.days), ...(draft.budget ? {budget: draft.budget} : {})},
    } : {}),
  };
}
