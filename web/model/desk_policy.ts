import {kActionKinds} from './desk_actions';

/** What agents may do for customers by themselves and with a second person, as its form holds it. Pure. */

export const kDeskRoles = ['owner', 'logistics', 'agent'] as const;
export type DeskRole = (typeof kDeskRoles)[number];
export interface DeskLimit {
  role: DeskRole;
  action: (typeof kActionKinds)[number];
  alone?: string;
  most?: string;
}
export interface DeskPolicy {
  currency?: string;
  limits: DeskLimit[];
  coupons_customer_month: string;
  coupons_agent_month: string;
  approvers: DeskRole[];
  coupon_days: number;
  refund_days: number;
  book_days: number;
}
/** Of one role: amounts as written, empty where the role may not. */
export interface RoleDraft {
  role: DeskRole;
  refund_alone: string;
  refund_most: string;
  coupon_alone: string;
  coupon_most: string;
  books: boolean;
  approves: boolean;
}
export interface DeskPolicyDraft {
  roles: RoleDraft[];
  customer_month: string;
  agent_month: string;
  coupon_days: string;
  refund_days: string;
  book_days: string;
}

export function deskDraft(policy: DeskPolicy): DeskPolicyDraft {
  const limit = (role: DeskRole, action: DeskLimit['action']): DeskLimit | undefined => policy.limits.find((one) => one.role === role && one.action === action);
  return {
    roles: kDeskRoles.map((role) => ({
      role, refund_alone: limit(role, 'refund')?.alone ?? '', refund_most: limit(role, 'refund')?.most ?? '', coupon_alone: limit(role, 'coupon')?.alone ?? '', coupon_most: limit(role, 'coupon')?.most ?? '',
      books: limit(role, 'appointment') !== undefined, approves: policy.approvers.includes(role),
    })),
    customer_month: policy.coupons_customer_month, agent_month: policy.coupons_agent_month, coupon_days: String(policy.coupon_days), refund_days: String(policy.refund_days), book_days: String(policy.book_days),
  };
}
export function deskPolicyBody(draft: DeskPolicyDraft): Omit<DeskPolicy, 'currency'> {
  const limits = draft.roles.flatMap((one): DeskLimit[] => [
    ...(one.refund_most ? [{role: one.role, action: 'refund', alone: one.refund_alone || '0', most: one.refund_most} as const] : []),
    ...(one.coupon_most ? [{role: one.role, action: 'coupon', alone: one.coupon_alone || '0', most: one.coupon_most} as const] : []),
    ...(one.books ? [{role: one.role, action: 'appointment'} as const] : []),
  ]);
  return {
    limits, coupons_customer_month: draft.customer_month, coupons_agent_month: draft.agent_month, approvers: draft.roles.filter(({approves}) => approves).map(({role}) => role),
    coupon_days: Number(draft.coupon_days), refund_days: Number(draft.refund_days), book_days: Number(draft.book_days),
  };
}

export type DeskPolicyFault = 'amount' | 'order' | 'alone' | 'month' | 'days' | 'approver';
const isAmount = (text: string): boolean => /^\d{1,12}([.]\d{1,3})?$/.test(text);
/** The first fault, by the name of its words. */
export function deskPolicyFault(draft: DeskPolicyDraft): DeskPolicyFault | undefined {
  const pairs = draft.roles.flatMap((one) => [[one.refund_alone, one.refund_most], [one.coupon_alone, one.coupon_most]] as const);
  if (pairs.flat().some((text) => text !== '' && !isAmount(text))) return 'amount';
  if (pairs.some(([alone, most]) => alone !== '' && most === '')) return 'alone';
  if (pairs.some(([alone, most]) => Number(alone) > Number(most))) return 'order';
  if (![draft.customer_month, draft.agent_month].every(isAmount)) return 'month';
  if (![draft.coupon_days, draft.refund_days, draft.book_days].every((text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650)) return 'days';
  // Above what one may do alone somebody has to let it through.
  const waits = pairs.some(([alone, most]) => most !== '' && Number(most) > Number(alone));
  return waits && !draft.roles.some(({approves}) => approves) ? 'approver' : undefined;
}
