import type {OfferLine} from './offer';

/** Needs that hold now, and whether the catalogue has something for them. Pure. */

const kMost = 30;
/** The latest prediction of each need of each customer, as far as it has not run out at `now`. */
export const needsSql = (now: number): string => `SELECT need, count(*) AS customers, avg(strength) AS strength FROM (
  SELECT customer, (properties->>'need') AS need, arg_max((properties->>'strength')::DOUBLE, seq) AS strength, arg_max((properties->>'until')::TIMESTAMPTZ, seq) AS until
  FROM events WHERE event = 'Need Predicted' AND customer IS NOT NULL GROUP BY 1, 2)
WHERE until IS NULL OR until > TIMESTAMPTZ '${new Date(now).toISOString()}' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${kMost}`;

export interface Need {
  need: string;
  customers: number;
  strength: number | null;
}
export const needsOf = (rows: readonly (readonly unknown[])[]): Need[] => rows.map(([need, customers, strength]) => ({need: String(need), customers: Number(customers), strength: strength === null ? null : Number(strength)}));

/** Products are what is needed; these are offered to meet it. */
export const kMeeting = ['bundle', 'coupon', 'content', 'service'] as const;
const form = (text: string | undefined): string => (text ?? '').normalize('NFKC').toLowerCase().trim();
/** Its category, the category it goes with or its words say so, or a product in it is of that category: as the recommender decides it. */
export function meets(offer: OfferLine, need: string, productsOfCategory: ReadonlySet<string>): boolean {
  const wanted = form(need);
  if (!wanted) return false;
  if ([offer.category, offer.category_en, offer.goes_with].some((text) => form(text) === wanted)) return true;
  if ([offer.title, offer.title_en, offer.word].some((text) => form(text).includes(wanted))) return true;
  return (offer.product_ids ?? []).some((id) => productsOfCategory.has(id));
}
