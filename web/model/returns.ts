import {wordsOf} from './policies';
import {photosOf, type Told} from './timeline';

/** Returns: the queue, what one may become, what its customer said and showed, and the rules that decide some. Pure. */

export const kReturnQueues = ['waiting', 'open', 'done'] as const;
export type ReturnQueue = (typeof kReturnQueues)[number];

export interface Return {
  return_id: string;
  order_id: string;
  product_id: string | null;
  customer: string | null;
  reason: string;
  state: string;
  requested: string | null;
  since: string | null;
  due_at: string | null;
  late: boolean;
}
export interface ReturnUpdate {
  at: string;
  state: string;
  /** What it meant then; the last three changed nothing. */
  answer: 'moves' | 'skips' | 'repeats' | 'earlier' | 'impossible';
  reason?: string;
  agent?: string;
  amount?: string | number;
}
export interface ReturnPage extends Return {
  order_total: string;
  refunded_so_far: string;
  currency: string;
  next: {state: string; by: string; told: boolean; what: string}[];
  updates: ReturnUpdate[];
}
export const isWaiting = ({state}: Pick<Return, 'state'>): boolean => state === 'under_review';
export const changed = ({answer}: Pick<ReturnUpdate, 'answer'>): boolean => answer === 'moves' || answer === 'skips';
/** Every return begins under review: the first word of that is where it began, no repetition. */
export const begins = ({state, answer}: ReturnUpdate, at: number): boolean => at === 0 && state === 'under_review' && answer === 'repeats';

/** Why the engine decided or left it to a person, as it writes it: the name of its words and what fills them; nothing for a person's own words. */
export function engineReason(reason: string): {key: string; params: Record<string, string>} | undefined {
  const rule = /^rule (\d+): (\S+), (\d+) photos, (\S+) after it was signed for$/.exec(reason);
  if (rule) return {key: 'rule', params: {n: rule[1]!, reason: rule[2]!, photos: rule[3]!, length: rule[4]!}};
  const late = /^later than (\d+) days$/.exec(reason);
  if (late) return {key: 'later', params: {n: late[1]!}};
  const known: Readonly<Record<string, string>> = {'nobody published a rule': 'no_policy', 'no rule fits': 'no_rule', 'decided by rule': 'by_rule', 'a photo came with an earlier return': 'photo_seen', 'the parcel was not signed for yet': 'not_signed'};
  return known[reason] ? {key: known[reason], params: {}} : undefined;
}
/** What is left of the order to be paid back, as the server writes amounts. */
export function leftOf({order_total: total, refunded_so_far: refunded}: Pick<ReturnPage, 'order_total' | 'refunded_so_far'>): string {
  const digits = /[.](\d+)$/.exec(total)?.[1]?.length ?? 0;
  return Math.max(0, Number(total) - Number(refunded)).toFixed(digits);
}

/** What she said and showed when she asked, for readers who may see it: out of her records. */
export interface Asked {
  text: string;
  photos: string[];
  quantity: number | undefined;
}
export function askedOf(events: readonly Told[], id: string): Asked | undefined {
  const event = events.find(({event: name, properties}) => name === 'Return Requested' && properties?.['return_id'] === id);
  if (!event) return undefined;
  const inner = event.personal?.['properties'];
  const personal = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : (event.personal ?? {});
  const quantity = Number(event.properties?.['quantity']);
  return {text: typeof personal['text'] === 'string' ? personal['text'] : '', photos: photosOf(event), quantity: quantity > 0 ? quantity : undefined};
}

export interface ReturnRule {
  reasons?: string[];
  value_most?: string | number;
  photos?: number;
  then: 'approve' | 'reject';
}
export interface ReturnPolicy {
  days: number;
  rules: ReturnRule[];
}
/** Reasons that customers choose in the shop; a rule may name others. */
export const kReturnReasons = ['damaged', 'quality', 'size', 'not_as_described', 'changed_mind'] as const;
export interface RuleDraft {
  reasons: string;
  value_most: string;
  photos: string;
  then: 'approve' | 'reject';
}
export const ruleDraft = (rule: ReturnRule): RuleDraft => ({reasons: (rule.reasons ?? []).join(', '), value_most: String(rule.value_most ?? ''), photos: rule.photos ? String(rule.photos) : '', then: rule.then});
export function ruleOf({reasons, value_most: most, photos, then}: RuleDraft): ReturnRule {
  const words = wordsOf(reasons);
  return {...(words.length ? {reasons: words} : {}), ...(most.trim() ? {value_most: most.trim()} : {}), ...(Number(photos) > 0 ? {photos: Number(photos)} : {}), then};
}
export type ReturnPolicyFault = 'days' | 'amount' | 'photos';
export function returnPolicyFault(days: string, rules: readonly RuleDraft[]): ReturnPolicyFault | undefined {
  if (!/^\d{1,4}$/.test(days) || Number(days) > 3_650) return 'days';
  if (rules.some(({value_most: most}) => most.trim() !== '' && !/^\d{1,12}([.]\d{1,3})?$/.test(most.trim()))) return 'amount';
  return rules.some(({photos}) => photos.trim() !== '' && !/^(10|\d)$/.test(photos.trim())) ? 'photos' : undefined;
}
