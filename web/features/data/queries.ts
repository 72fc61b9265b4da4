import type {Key} from '../../i18n/en';

/** Questions worth asking first; they run as they stand on any shop. */
export const kQueries: readonly {title: Key; query: string}[] = [
  {title: 'query.events', query: 'SELECT event, count(*) AS events FROM events GROUP BY event ORDER BY events DESC LIMIT 20'},
  {title: 'query.days', query: "SELECT date_trunc('day', placed_at) AS day, count(*) AS orders, sum(total) AS revenue FROM orders GROUP BY day ORDER BY day"},
  {title: 'query.late', query: `WITH scored AS (SELECT order_id, avg(rating) AS score FROM reviews GROUP BY order_id)
SELECT late, count(*) AS orders, round(avg(score), 2) AS score
FROM orders JOIN scored USING (order_id) WHERE signed_at IS NOT NULL AND state = 'signed' GROUP BY late`},
  {title: 'query.cohorts', query: `WITH firsts AS (SELECT customer, min(placed_at) AS first FROM orders GROUP BY customer)
SELECT date_trunc('month', first) AS cohort, count(DISTINCT f.customer) AS customers, count(DISTINCT o.customer) AS came_back
FROM firsts f LEFT JOIN orders o ON o.customer = f.customer AND o.placed_at > first AND o.placed_at <= first + INTERVAL 30 DAY
GROUP BY cohort ORDER BY cohort`},
  {title: 'query.services', query: 'SELECT service_id, count(*) FILTER (bought > 0) AS bought, count(*) FILTER (used > 0) AS used, round(avg(rating), 2) AS rating FROM service_life GROUP BY service_id ORDER BY bought DESC'},
  {title: 'query.segments', query: 'SELECT segment, count(*) AS customers FROM segments GROUP BY segment ORDER BY customers DESC'},
];
