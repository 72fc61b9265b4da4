import type {Answers} from './study_form';

/** A question to begin with, so that nobody starts before an empty box: over the shop's own facts, or a worked example. */
export interface Starter {
  sql: string;
  options: Answers;
  /** Where the numbers come from when they are typed in; absent when the shop's own facts are asked. */
  source?: string;
}

/** One row an answered sheet after an order: satisfaction and what it may rest on, each 1 to 5. */
const kSheets = `SELECT customer_id, answered_at,
  max(value) FILTER (item = 'csat') AS csat, max(value) FILTER (item = 'delivery') AS delivery,
  max(value) FILTER (item = 'product') AS product, max(value) FILTER (item = 'price') AS price,
  max(value) FILTER (item = 'clarity') AS clarity
FROM survey_answers WHERE survey_id = 'order_csat'
GROUP BY customer_id, answered_at ORDER BY answered_at, customer_id`;
const kOrders = 'SELECT customer_id AS customer, placed_at AS date, total AS amount FROM orders WHERE cancelled_at IS NULL ORDER BY placed_at, order_id';

/** Who bought a service against who did not: visits and orders from before, satisfaction after. */
const kService = `WITH had AS (SELECT customer, min(first_at) AS since FROM service_life WHERE service_id = 'S-warranty' AND bought > 0 GROUP BY customer),
score AS (SELECT customer, avg(value) FILTER (item = 'csat') AS csat, max(value) FILTER (item = 'nps') AS nps FROM survey_answers GROUP BY customer),
about AS (SELECT customer, max(value) FILTER (trait = 'age_band') AS age, max(value) FILTER (trait = 'income_band') AS income,
  max(value) FILTER (trait = 'children') AS children FROM traits GROUP BY customer)
SELECT c.customer_id, (h.customer IS NOT NULL)::INT AS has_service, s.nps, c.orders, a.age, a.income, a.children
FROM customers c JOIN score s USING (customer) LEFT JOIN had h USING (customer) LEFT JOIN about a USING (customer)
WHERE s.nps IS NOT NULL AND a.age IS NOT NULL ORDER BY c.customer`;

/** The trial by lot that the log holds; the outcome is whether somebody ordered again within 90 days. */
const kTrial = `WITH drawn AS (SELECT customer, properties->>'experiment_id' AS experiment, arg_min(properties->>'arm', event_time) AS arm, min(event_time) AS since
  FROM events WHERE event = 'Experiment Assigned' GROUP BY ALL),
latest AS (SELECT max(event_time) AS until FROM events)
SELECT d.arm, (EXISTS (SELECT 1 FROM orders o WHERE o.customer = d.customer AND o.placed_at > d.since AND o.placed_at <= d.since + INTERVAL 90 DAY))::INT AS ordered_again
FROM drawn d, latest WHERE d.experiment = 'E-express' AND d.since <= latest.until - INTERVAL 90 DAY ORDER BY d.arm, d.customer`;

const rows = (columns: string, ...values: string[]): string => `SELECT * FROM (VALUES\n  ${values.map((row) => `(${row})`).join(',\n  ')}\n) AS t(${columns})`;

export const kStarters: Record<string, Starter> = {
  nps: {sql: "SELECT arg_max(value, answered_at) AS score, customer_id FROM survey_answers WHERE item = 'nps' GROUP BY customer_id ORDER BY customer_id", options: {score: 'score'}},
  cohort: {sql: kOrders, options: {customer: 'customer', date: 'date', amount: 'amount'}},
  clv: {sql: kOrders, options: {customer: 'customer', date: 'date', amount: 'amount'}},
  survival: {sql: 'SELECT opened_at, solved_at, priority, class FROM tickets ORDER BY opened_at, ticket_id', options: {start: 'opened_at', end: 'solved_at', unit: 'hour'}},
  alpha: {sql: kSheets, options: {items: 'delivery,product,price,clarity'}},
  efa: {sql: kSheets, options: {items: 'delivery,product,price,clarity'}},
  drivers: {sql: kSheets, options: {outcome: 'csat', items: 'delivery,product,price,clarity'}},
  ipa: {sql: kSheets, options: {outcome: 'csat', items: 'delivery,product,price,clarity'}},
  regression: {sql: kSheets, options: {outcome: 'csat', items: 'delivery,product,price,clarity', errors: 'hc3'}},
  weights: {sql: kSheets, options: {items: 'delivery,product,price,clarity', outcome: 'csat', low: '1', high: '5'}},
  cfa: {sql: kSheets, options: {model: 'experience =~ delivery + product + price + clarity'}},
  sem: {sql: kSheets, options: {model: 'experience =~ delivery + product + price + clarity\ncsat ~ experience'}},
  pls: {sql: kSheets, options: {model: 'experience =~ delivery + product + price + clarity\nsatisfaction =~ csat\nsatisfaction ~ experience', scale: '1-5'}},
  ab: {sql: kTrial, options: {outcome: 'ordered_again', scale: 'absolute'}},
  causal: {sql: kService, options: {treatment: 'has_service', outcome: 'nps', covariates: 'orders,age,income,children'}},
  power: {sql: '', options: {baseline: '0.2', mde: '0.03', power: '0.8'}},
  ahp: {
    sql: rows('name, coffee, wine, tea, beer, soda, milk, water', "'coffee', 1, 9, 5, 2, 1, 1, 1/2", "'wine', 1/9, 1, 1/3, 1/9, 1/9, 1/9, 1/9", "'tea', 1/5, 3, 1, 1/3, 1/4, 1/3, 1/9",
      "'beer', 1/2, 9, 3, 1, 1/2, 1, 1/3", "'soda', 1, 9, 4, 2, 1, 2, 1/2", "'milk', 1, 9, 3, 1, 1/2, 1, 1/3", "'water', 2, 9, 9, 3, 2, 3, 1"),
    options: {}, source: 'Saaty (2008)',
  },
  delphi: {sql: rows('speed, price, staff, clarity, warranty, returns', '1, 6, 3, 2, 5, 4', '1, 5, 6, 2, 4, 3', '6, 3, 2, 5, 4, 1'), options: {}, source: 'docs/study/delphi.md'},
  fuzzy: {
    sql: rows('factor, weight, best, good, fair, poor, bad', "'timely', 0.35, 0.3, 0.4, 0.2, 0.1, 0", "'friendly', 0.25, 0.2, 0.5, 0.2, 0.1, 0", "'clear', 0.2, 0.1, 0.3, 0.4, 0.1, 0.1",
      "'solved', 0.2, 0.4, 0.3, 0.2, 0.05, 0.05"),
    options: {grades: 'best,good,fair,poor,bad', scores: '100,80,60,40,20'}, source: 'docs/study/fuzzy.md',
  },
  kano: {sql: rows('speed_f, speed_d', '1, 5', '1, 5', '1, 5', '2, 5', '2, 5', '1, 3', '3, 3', '1, 5'), options: {}, source: 'docs/study/kano.md'},
  servqual: {
    sql: rows('p1, p2, e1, e2', '4, 3, 6, 7', '5, 4, 6, 6', '6, 4, 7, 6', '5, 5, 6, 7'),
    options: {perceived: 'p1,p2', expected: 'e1,e2', dimensions: 'staff:1,place:1'}, source: 'docs/study/servqual.md',
  },
  'price-sensitivity': {
    sql: rows('too_cheap, cheap, expensive, too_expensive', '5, 8, 12, 16', '6, 9, 13, 18', '4, 7, 11, 14', '7, 10, 15, 20', '5, 8, 12, 16', '6, 9, 14, 18', '5, 8, 13, 17', '4, 7, 11, 15',
      '6, 10, 14, 19', '5, 9, 12, 16'),
    options: {}, source: 'pricesensitivitymeter',
  },
  roi: {sql: rows('service, benefit, benefit_se, cost, cost_se', "'warranty', 100, 10, 20, 1", "'adviser', 80, 40, 60, 5", "'gift', 5, 1, 50, 0"), options: {}, source: 'docs/study/roi.md'},
};
