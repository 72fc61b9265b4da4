/** Rules between pairs of products, and bundles out of them. Pure. */

export interface RuleProduct {
  item: string;
  title: string;
  title_en: string;
  category: string;
  price: string | null;
}
export interface Rule {
  if: RuleProduct;
  then: RuleProduct;
  if_orders: number;
  then_orders: number;
  n: number;
  support: number;
  confidence: number;
  lift: number;
  leverage: number;
  conviction: number | null;
  extra: number;
  q: number;
}
export interface RuleCategory {
  category: string;
  category_en: string;
}
/** The same between categories; `orders` are those it was counted over. */
export interface CategoryRule {
  if: RuleCategory;
  then: RuleCategory;
  if_orders: number;
  then_orders: number;
  orders: number;
  n: number;
  confidence: number;
  lift: number;
  extra: number;
  q: number;
}
export interface PairBundle {
  items: RuleProduct[];
  n: number;
  support: number;
  lift: number;
  extra: number;
  q: number;
  bundle_id: string | null;
}
export interface RulesAnswer {
  trained: boolean;
  trained_at?: string;
  orders?: number;
  matching?: number;
  rules: Rule[];
  bundles: PairBundle[];
  category_rules?: CategoryRule[];
}
export const kRuleSorts = ['extra', 'lift', 'confidence', 'n', 'q'] as const;

/** What the parts cost together; undefined where one has no price. */
export function priceTogether(prices: readonly (string | null | undefined)[]): number | undefined {
  if (prices.length === 0 || prices.some((price) => price === null || price === undefined)) return undefined;
  return Math.round(prices.reduce((sum, price) => sum + Number(price), 0) * 100) / 100;
}
