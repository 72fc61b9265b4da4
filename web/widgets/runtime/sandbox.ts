import type {Money} from './money';

/**
 * The sandbox that stands where a payment provider would: no money moves. Each method has the limits that real ones have, so that
 * failing, being told why and paying another way can be gone through. Pure.
 */
export const kMethods = ['wechat_pay', 'alipay', 'unionpay', 'credit_card', 'digital_yuan', 'business_transfer'] as const;
export type Method = (typeof kMethods)[number];
export type PaymentFailure = 'insufficient_balance' | 'card_limit';

/** In minor units of the shop's currency; what a sandbox account holds or a sandbox card allows at once. */
export const kSandboxLimits: Partial<Record<Method, {most: number; code: PaymentFailure}>> = {
  wechat_pay: {most: 50_000, code: 'insufficient_balance'},
  digital_yuan: {most: 20_000, code: 'insufficient_balance'},
  unionpay: {most: 300_000, code: 'card_limit'},
};

const takes = (method: Method, total: Money): boolean => total.minor <= (kSandboxLimits[method]?.most ?? Infinity);

/** The first method that takes this amount: what is chosen for somebody who has not paid here before. */
export const fittingMethod = (total: Money): Method => kMethods.find((method) => takes(method, total)) ?? kMethods[0];

export type Payment = {paid: true} | {paid: false; code: PaymentFailure; others: Method[]};

/** Pays, or says why not and which methods would take this amount: the card first. */
export function pay(method: Method, total: Money): Payment {
  const limit = kSandboxLimits[method];
  if (!limit || total.minor <= limit.most) return {paid: true};
  const others = kMethods.filter((other) => other !== 'business_transfer' && takes(other, total)).sort((a, b) => Number(b === 'credit_card') - Number(a === 'credit_card'));
  return {paid: false, code: limit.code, others};
}
