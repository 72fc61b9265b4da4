import type {ActionKind} from './desk_actions';
import {type DeskPolicy, type DeskRole, kDeskRoles} from './desk_policy';
import type {Problem} from './result';

/** Why the desk's limits forbid a refund, a coupon or a payment, by the server's problem and the policy: which limit, whose, and who may. Pure. */

/** What was asked for: an action, letting one through that waits, or paying a return back. */
export type Forbidden = {kind: ActionKind; step: 'ask' | 'decide'} | {kind: 'refund'; step: 'return'};
/** Amounts are as the engine writes them, "5.00 CNY"; an empty list of roles is nobody. */
export type Refusal =
  | {why: 'role' | 'lets' | 'same'; roles: DeskRole[]}
  | {why: 'over_most'; alone: string; most: string; roles: DeskRole[]}
  | {why: 'approver_limit'; most: string; roles: DeskRole[]}
  | {why: 'pays'; alone: string; roles: DeskRole[]}
  | {why: 'over_left'; left: string}
  | {why: 'nothing_left'; back: string; total: string}
  | {why: 'month'; customer: string; agent: string; left: string}
  | {why: 'order'; days: number; currency: string}
  | {why: 'time'; days: number};

const kMoney = String.raw`(-?\d+(?:[.]\d+)? [A-Z]{3})`;
const kLeft = new RegExp(`^at most ${kMoney}$`);
const kMost = new RegExp(`^at most ${kMoney}, with a second person above ${kMoney}$`);
const kBack = new RegExp(`^${kMoney} of ${kMoney} were paid back$`);

/** Undefined for what is no limit of the desk's; the problem's own text tells that. */
export function refusalOf(problem: Problem, of: Forbidden, policy: DeskPolicy, role: string): Refusal | undefined {
  const {code, where = '', expected = ''} = problem;
  const text = (amount: string | undefined): string => `${amount ?? '0'} ${policy.currency ?? ''}`.trim();
  const limit = (who: string) => policy.limits.find((one) => one.role === who && one.action === of.kind);
  const most = (who: string): number => Number(limit(who)?.most ?? 0);
  const approvers = kDeskRoles.filter((one) => policy.approvers.includes(one));
  if (code === 'forbidden') {
    if (of.step === 'return') return where === 'amount' ? {why: 'pays', alone: text(limit(role)?.alone), roles: approvers} : undefined;
    if (where === 'action') return {why: 'role', roles: kDeskRoles.filter((one) => limit(one) !== undefined)};
    if (of.step !== 'decide') return undefined;
    if (where === 'role') return {why: 'lets', roles: approvers};
    if (where === 'agent') return {why: 'same', roles: approvers};
    return where === 'amount' ? {why: 'approver_limit', most: text(limit(role)?.most), roles: approvers.filter((one) => most(one) > most(role))} : undefined;
  }
  if (code !== 'refused' || of.step === 'return') return undefined;
  if (where === 'order_id') return {why: 'order', days: policy.refund_days, currency: policy.currency ?? ''};
  if (where === 'for') return {why: 'time', days: policy.book_days};
  if (where !== 'amount') return undefined;
  const over = kMost.exec(expected), left = kLeft.exec(expected), back = kBack.exec(expected);
  if (over) return {why: 'over_most', most: over[1]!, alone: over[2]!, roles: kDeskRoles.filter((one) => most(one) > most(role))};
  if (left && of.kind === 'coupon') return {why: 'month', customer: text(policy.coupons_customer_month), agent: text(policy.coupons_agent_month), left: left[1]!};
  if (left) return {why: 'over_left', left: left[1]!};
  return back ? {why: 'nothing_left', back: back[1]!, total: back[2]!} : undefined;
}
