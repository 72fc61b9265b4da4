import type {Arm, Interval} from './scene';

/** What recommendations take part in over a span of days: the queries over the mirror of the log, and what their answers say. Pure. */

const k95 = 1.959964;
const instant = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}'`;

/** The tables that all questions of this page stand on; times in milliseconds. */
function tables(from: number, to: number): string {
  const within = (column: string): string => `${column} >= ${instant(from)} AND ${column} < ${instant(to)}`;
  return `WITH shown AS (SELECT DISTINCT customer FROM events WHERE event = 'Recommendation Shown' AND ${within('event_time')}),
took AS (SELECT customer, (properties->>'item') AS item, event_time AS at FROM events WHERE event IN ('Recommendation Clicked', 'Recommendation Bought') AND ${within('event_time')}),
takers AS (SELECT DISTINCT customer FROM took),
chosen AS (SELECT DISTINCT l.order_id FROM order_lines l JOIN took t ON t.customer = l.customer AND t.item = l.product_id AND l.placed_at BETWEEN t.at - INTERVAL 1 HOUR AND t.at + INTERVAL 1 DAY),
recent AS (SELECT o.order_id, o.customer, o.total, o.currency, c.order_id IS NOT NULL AS recommended FROM orders o LEFT JOIN chosen c USING (order_id) WHERE o.cancelled_at IS NULL AND ${within('o.placed_at')}),
ever AS (SELECT customer, count(*) AS n FROM orders WHERE cancelled_at IS NULL AND placed_at < ${instant(to)} GROUP BY 1),
people AS (SELECT s.customer, t.customer IS NOT NULL AS took, r.customer IS NOT NULL AS bought, coalesce(e.n, 0) > 1 AS again
  FROM shown s LEFT JOIN takers t USING (customer) LEFT JOIN (SELECT DISTINCT customer FROM recent) r USING (customer) LEFT JOIN ever e USING (customer))`;
}
export function contributionSql(from: number, to: number): string {
  return `${tables(from, to)}
SELECT 'people' AS what, took AS yes, count(*) AS n, count(*) FILTER (WHERE bought) AS bought, count(*) FILTER (WHERE bought AND again) AS again, NULL::DOUBLE AS mean, NULL::DOUBLE AS sd, '' AS currency FROM people GROUP BY took
UNION ALL SELECT 'orders', recommended, count(*), 0, 0, avg(total)::DOUBLE, stddev_samp(total)::DOUBLE, currency FROM recent GROUP BY recommended, currency`;
}
export type Drilled = 'took' | 'not_took' | 'bought' | 'again' | 'orders';
const kDrills: Readonly<Record<Drilled, string>> = {
  took: "SELECT 'c_' || customer AS customer_id, bought, again FROM people WHERE took ORDER BY customer",
  not_took: "SELECT 'c_' || customer AS customer_id, bought, again FROM people WHERE NOT took ORDER BY customer",
  bought: "SELECT 'c_' || customer AS customer_id, took, again FROM people WHERE bought ORDER BY customer",
  again: "SELECT 'c_' || customer AS customer_id, took FROM people WHERE bought AND again ORDER BY customer",
  orders: "SELECT order_id, 'c_' || customer AS customer_id, total, currency FROM recent WHERE recommended ORDER BY total DESC",
};
/** The page that lists the people, or the orders, behind a figure. */
export const drillOf = (what: Drilled, from: number, to: number): string => `/data/sql?query=${encodeURIComponent(`${tables(from, to)}\n${kDrills[what]}`)}`;

interface Group {
  n: number;
  bought: number;
  again: number;
}
interface Spend {
  n: number;
  mean: number;
  sd: number;
}
export interface Contribution {
  takers: Group;
  others: Group;
  /** Of the currency with most orders. */
  currency: string;
  recommended: Spend | undefined;
  usual: Spend | undefined;
}
type Cell = string | number | boolean | null;
const kNobody: Group = {n: 0, bought: 0, again: 0};

export function contributionOf(rows: readonly (readonly Cell[])[]): Contribution {
  const people = (took: boolean): Group => {
    const row = rows.find(([what, yes]) => what === 'people' && yes === took);
    return row ? {n: Number(row[2]), bought: Number(row[3]), again: Number(row[4])} : kNobody;
  };
  const orders = rows.filter(([what]) => what === 'orders');
  const most = [...orders].sort((a, b) => Number(b[2]) - Number(a[2]))[0];
  const currency = String(most?.[7] ?? '');
  const spend = (recommended: boolean): Spend | undefined => {
    const row = orders.find((one) => one[1] === recommended && one[7] === currency);
    return row && row[5] !== null ? {n: Number(row[2]), mean: Number(row[5]), sd: Number(row[6] ?? 0)} : undefined;
  };
  return {takers: people(true), others: people(false), currency, recommended: spend(true), usual: spend(false)};
}

export const share = (taken: number, shown: number): Arm => ({shown, taken, rate: shown > 0 ? taken / shown : null});

const kLeast = 2;
/** The first mean less the second with its 95 % interval (Welch 1947, by the normal: for some dozens of orders and more). */
export function meanDifference(a: Spend | undefined, b: Spend | undefined): (Interval & {value: number}) | undefined {
  if (!a || !b || a.n < kLeast || b.n < kLeast) return undefined;
  const value = a.mean - b.mean;
  const half = k95 * Math.sqrt((a.sd * a.sd) / a.n + (b.sd * b.sd) / b.n);
  return {value, low: value - half, high: value + half};
}
