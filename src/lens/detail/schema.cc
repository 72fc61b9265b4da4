#include "lens/detail/schema.h"

#include <fmt/format.h>

namespace rapport::lens::detail {

std::vector<std::string> table_statements() {
  return {
      "CREATE SCHEMA mirror",
      fmt::format("CREATE TABLE mirror.version AS SELECT {} AS version", kSchemaVersion),
      "CREATE TABLE mirror.position AS SELECT 0::UBIGINT AS seq, ''::BLOB AS digest",
      R"(CREATE TABLE mirror.events (
           seq UBIGINT, received_at TIMESTAMP, event_time TIMESTAMP, type VARCHAR, event VARCHAR,
           message_id VARCHAR, node UINTEGER, user_node UINTEGER, anonymous_node UINTEGER, imported BOOLEAN,
           product_id VARCHAR, order_id VARCHAR, service_id VARCHAR, category VARCHAR, channel VARCHAR,
           region VARCHAR, step VARCHAR, currency VARCHAR, total DECIMAL(18,3), price DECIMAL(18,3),
           quantity BIGINT, rating DOUBLE, value DOUBLE, properties VARCHAR, personal BLOB))",
      R"(CREATE TABLE mirror.order_lines (
           seq UBIGINT, event_time TIMESTAMP, node UINTEGER, order_id VARCHAR, line UINTEGER, product_id VARCHAR,
           quantity BIGINT, price DECIMAL(18,3), currency VARCHAR))",
      R"(CREATE TABLE mirror.answers (
           seq UBIGINT, event_time TIMESTAMP, node UINTEGER, survey_id VARCHAR, item VARCHAR, value DOUBLE))",
      R"(CREATE TABLE mirror.clauses (
           seq UBIGINT, event_time TIMESTAMP, about VARCHAR, class VARCHAR, sentiment DOUBLE, aspect VARCHAR))",
      R"(CREATE TABLE mirror.traits (
           seq UBIGINT, event_time TIMESTAMP, node UINTEGER, trait VARCHAR, value VARCHAR))",
      R"(CREATE TABLE mirror.nodes (
           node UINTEGER, kind VARCHAR, customer UINTEGER, sealed BLOB, first_seq UBIGINT, first_seen TIMESTAMP))",
      R"(CREATE TABLE mirror.flips (
           id VARCHAR, customer UINTEGER, segment VARCHAR, entered BOOLEAN, valid_time TIMESTAMP, cause UBIGINT,
           origin VARCHAR))",
  };
}

namespace {

// A table of things told of by events, each known by the id that its properties carry.
std::string thing_view(const std::string& name, const std::string& id, const std::string& events,
                       const std::string& columns) {
  return fmt::format(R"(CREATE OR REPLACE VIEW main.{} AS
    SELECT (properties->>'{}') AS {}, {} FROM mirror.events WHERE event IN ({}) AND (properties->>'{}') IS NOT NULL
    GROUP BY 1)",
                     name, id, id, columns, events, id);
}

}  // namespace

std::vector<std::string> view_statements() {
  return {
      R"(CREATE OR REPLACE VIEW main.events AS SELECT
           seq, received_at, event_time, type, event, message_id, node, customer_text(node) AS customer_id,
           customer_no(node) AS customer, product_id, order_id, service_id, category, channel, region, step,
           currency, total, price, quantity, rating, value, imported, properties::JSON AS properties,
           identifier_of(user_node) AS user_id, identifier_of(anonymous_node) AS anonymous_id,
           reveal(node, personal)::JSON AS personal
         FROM mirror.events)",
      R"(CREATE OR REPLACE VIEW main.identity AS SELECT
           customer_text(node) AS customer_id, customer_no(node) AS customer, node, kind,
           reveal_identifier(node, sealed) AS value, first_seen
         FROM mirror.nodes WHERE customer > 0)",
      R"(CREATE OR REPLACE VIEW main.customers AS
         WITH folded AS (
           SELECT customer_no(node) AS customer, min(event_time) AS first_seen, max(event_time) AS last_seen,
                  count(*) AS events,
                  count(DISTINCT order_id) FILTER (event = 'Order Completed') AS orders,
                  min(event_time) FILTER (event = 'Order Completed') AS first_order_at,
                  max(event_time) FILTER (event = 'Order Completed') AS last_order_at,
                  min(event_time) FILTER (event = 'User Registered') AS registered_at
           FROM mirror.events WHERE node IS NOT NULL GROUP BY 1),
         known AS (SELECT customer, count(*) AS identifiers, min(first_seen) AS seen
                   FROM mirror.nodes WHERE customer > 0 GROUP BY 1)
         SELECT 'c_' || known.customer AS customer_id, known.customer, identifiers,
                coalesce(first_seen, seen) AS first_seen, coalesce(last_seen, seen) AS last_seen,
                coalesce(events, 0) AS events, coalesce(orders, 0) AS orders, first_order_at, last_order_at,
                registered_at
         FROM known LEFT JOIN folded USING (customer))",
      R"(CREATE OR REPLACE VIEW main.orders AS
         WITH placed AS (
           SELECT order_id, arg_max(node, seq) AS node, min(event_time) AS placed_at,
                  arg_max(total, seq) AS total, arg_max(currency, seq) AS currency,
                  arg_max(channel, seq) AS channel, arg_max(region, seq) AS region,
                  arg_max(properties, seq) AS properties, max(seq) AS seq
           FROM mirror.events WHERE event = 'Order Completed' GROUP BY order_id),
         lines AS (
           SELECT l.order_id, count(*) AS lines, TRY_CAST(sum(l.quantity) AS BIGINT) AS pieces,
                  TRY_CAST(sum(l.quantity * l.price) AS DECIMAL(18,3)) AS lines_total
           FROM mirror.order_lines l JOIN placed p ON p.seq = l.seq GROUP BY l.order_id),
         later AS (
           SELECT order_id,
                  max(TRY_CAST(properties->>'by' AS TIMESTAMP)) FILTER (event = 'Shipment Promised' AND step = 'signed')
                    AS promised_by,
                  min(event_time) FILTER (event = 'Shipment Updated' AND step = 'picked_up') AS picked_up_at,
                  min(event_time) FILTER (event = 'Shipment Updated' AND step = 'signed') AS signed_at,
                  arg_max(step, (event_time, seq)) FILTER (event = 'Shipment Updated') AS shipment,
                  min(event_time) FILTER (event = 'Order Cancelled') AS cancelled_at,
                  min(event_time) FILTER (event = 'Order Refunded') AS refunded_at,
                  TRY_CAST(sum(total) FILTER (event = 'Order Refunded') AS DECIMAL(18,3)) AS refunded
           FROM mirror.events
           WHERE event IN ('Shipment Promised', 'Shipment Updated', 'Order Cancelled', 'Order Refunded')
           GROUP BY order_id)
         SELECT order_id, customer_text(node) AS customer_id, customer_no(node) AS customer, placed_at, total,
                currency, TRY_CAST(properties->>'revenue' AS DECIMAL(18,3)) AS revenue,
                TRY_CAST(properties->>'freight' AS DECIMAL(18,3)) AS freight,
                TRY_CAST(properties->>'discount' AS DECIMAL(18,3)) AS discount, (properties->>'method') AS method,
                TRY_CAST(properties->>'payment_instalments' AS BIGINT) AS instalments, channel, region,
                coalesce(lines, 0) AS lines, coalesce(pieces, 0) AS pieces, lines_total, promised_by,
                picked_up_at, signed_at, signed_at > promised_by AS late, cancelled_at, refunded_at, refunded,
                CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN refunded_at IS NOT NULL THEN 'refunded'
                     WHEN signed_at IS NOT NULL THEN 'signed' ELSE coalesce(shipment, 'placed') END AS state
         FROM placed LEFT JOIN lines USING (order_id) LEFT JOIN later USING (order_id))",
      R"(CREATE OR REPLACE VIEW main.order_lines AS SELECT
           order_id, line, product_id, quantity, price, TRY_CAST(quantity * price AS DECIMAL(18,3)) AS line_total, currency,
           event_time AS placed_at, customer_text(node) AS customer_id, customer_no(node) AS customer, seq
         FROM mirror.order_lines)",
      R"(CREATE OR REPLACE VIEW main.flips AS SELECT
           customer_text(customer) AS customer_id, customer_no(customer) AS customer, segment, entered, valid_time,
           cause AS known_at, origin, id
         FROM mirror.flips)",
      R"(CREATE OR REPLACE VIEW main.segments AS
         SELECT 'c_' || customer AS customer_id, customer, segment, since FROM (
           SELECT customer_no(customer) AS customer, segment,
                  arg_max(entered, (cause, valid_time)) AS is_in, arg_max(valid_time, (cause, valid_time)) AS since
           FROM mirror.flips GROUP BY 1, 2)
         WHERE is_in AND customer IS NOT NULL)",
      R"(CREATE OR REPLACE VIEW main.traits AS
         SELECT 'c_' || customer AS customer_id, customer, trait, value, since FROM (
           SELECT customer_no(node) AS customer, trait, arg_max(value, (event_time, seq)) AS value,
                  max(event_time) AS since
           FROM mirror.traits GROUP BY 1, 2)
         WHERE customer IS NOT NULL)",
      // A cancellation takes back what was made at its own moment or before: what stands is the last sum of a
      // walk that never goes below nothing.
      R"(CREATE OR REPLACE VIEW main.service_life AS
         WITH steps AS (
           SELECT DISTINCT node, service_id, (properties->>'for') AS for_time, event_time,
                  event = 'Booking Cancelled' AS cancels
           FROM mirror.events
           WHERE event IN ('Service Booked', 'Booking Cancelled') AND service_id IS NOT NULL AND node IS NOT NULL),
         sums AS (
           SELECT node, service_id, for_time, CASE WHEN cancels THEN -1 ELSE 1 END AS step,
                  sum(CASE WHEN cancels THEN -1 ELSE 1 END) OVER (
                    PARTITION BY node, service_id, for_time ORDER BY event_time, cancels
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far
           FROM steps),
         standing AS (
           SELECT node, service_id, for_time FROM sums GROUP BY 1, 2, 3
           HAVING sum(step) > least(0, min(so_far)))
         SELECT 'c_' || customer AS customer_id, customer, service_id,
                coalesce(reached, 'booking_cancelled') AS stage, * EXCLUDE (customer, service_id, reached)
         FROM (
           SELECT customer_no(e.node) AS customer, e.service_id AS service_id,
                  arg_max(lower(replace(event, 'Service ', '')), (event_time, seq))
                    FILTER (event <> 'Booking Cancelled' AND (event <> 'Service Booked' OR s.node IS NOT NULL))
                    AS reached,
                  count(*) FILTER (event = 'Service Offered') AS offered,
                  count(*) FILTER (event = 'Service Known') AS known,
                  count(*) FILTER (event = 'Service Bought') AS bought,
                  count(*) FILTER (event = 'Service Entitled') AS entitled,
                  count(*) FILTER (event = 'Service Booked') AS booked,
                  count(*) FILTER (event = 'Booking Cancelled') AS booking_cancelled,
                  count(*) FILTER (event = 'Service Delivered') AS delivered,
                  count(*) FILTER (event = 'Service Used') AS used,
                  count(*) FILTER (event = 'Service Rated') AS rated,
                  count(*) FILTER (event = 'Service Renewed') AS renewed,
                  count(*) FILTER (event = 'Service Lapsed') AS lapsed,
                  count(*) FILTER ((properties->>'on_time') = 'false') AS late,
                  count(*) FILTER ((properties->>'error') = 'true') AS errors,
                  avg(rating) AS rating, min(event_time) AS first_at, max(event_time) AS last_at
           FROM mirror.events e
           LEFT JOIN standing s ON e.event = 'Service Booked' AND s.node = e.node AND s.service_id = e.service_id
             AND s.for_time IS NOT DISTINCT FROM (e.properties->>'for')
           WHERE event IN ('Service Offered', 'Service Known', 'Service Bought', 'Service Entitled', 'Service Booked',
                           'Service Delivered', 'Service Used', 'Service Rated', 'Service Renewed', 'Service Lapsed',
                           'Booking Cancelled')
             AND e.service_id IS NOT NULL AND e.node IS NOT NULL
           GROUP BY 1, 2)
         WHERE customer IS NOT NULL AND (reached IS NOT NULL OR booked > 0))",
      R"(CREATE OR REPLACE VIEW main.products AS
         SELECT product_id, arg_max(properties->>'name', k) AS name, arg_max(category, k) AS category,
                arg_max(properties->>'brand', k) AS brand, arg_max(price, k) AS price,
                arg_max(currency, k) AS currency, arg_max(TRY_CAST(properties->>'stock' AS BIGINT), k) AS stock,
                arg_max(event_time, k) AS published_at, arg_max(properties, k)::JSON AS body
         FROM (SELECT *, (event_time, seq) AS k FROM mirror.events WHERE event = 'Product Published')
         GROUP BY product_id)",
      R"(CREATE OR REPLACE VIEW main.reviews AS SELECT
           (properties->>'review_id') AS review_id, customer_text(node) AS customer_id, customer_no(node) AS customer,
           product_id, order_id, rating, event_time AS posted_at, reveal(node, personal)::JSON AS personal, seq
         FROM mirror.events WHERE event = 'Review Posted')",
      R"(CREATE OR REPLACE VIEW main.survey_answers AS SELECT
           customer_text(node) AS customer_id, customer_no(node) AS customer, survey_id, item, value,
           event_time AS answered_at, seq
         FROM mirror.answers)",
      R"(CREATE OR REPLACE VIEW main.feedback_clauses AS SELECT
           about, class, sentiment, aspect, event_time AS classified_at, seq FROM mirror.clauses)",
      thing_view("tickets", "ticket_id", "'Ticket Opened', 'Ticket Updated', 'Ticket Assigned'",
                 R"('c_' || customer_no(min(node)) AS customer_id,
                    min(properties->>'class') AS class, min(properties->>'priority') AS priority,
                    arg_max(properties->>'agent', seq) FILTER (event = 'Ticket Assigned') AS agent,
                    CASE WHEN max(event_time) FILTER (step IN ('solved', 'called_back', 'closed')) >=
                              coalesce(max(event_time) FILTER (step IN ('open', 'reopened')), '-infinity')
                         THEN arg_max(step, (event_time, seq)) FILTER (step IN ('solved', 'called_back', 'closed'))
                         ELSE coalesce(arg_max(step, (event_time, seq)) FILTER (event = 'Ticket Updated'), 'open')
                    END AS state,
                    min(event_time) AS opened_at,
                    min(event_time) FILTER (step = 'solved') AS solved_at,
                    max(event_time) FILTER (step = 'closed') AS closed_at,
                    count(*) FILTER (step = 'reopened') AS reopened)"),
      thing_view("returns", "return_id", "'Return Requested', 'Return Updated'",
                 R"('c_' || customer_no(min(node)) AS customer_id, max(order_id) AS order_id,
                    max(product_id) AS product_id, min(properties->>'reason') AS reason,
                    coalesce(arg_max(step, (event_time, seq)) FILTER (event = 'Return Updated'), 'requested')
                      AS state,
                    min(event_time) AS requested_at,
                    max(event_time) FILTER (step = 'closed') AS closed_at)"),
      thing_view("contacts", "contact_id", "'Contact Started', 'Message Posted', 'Contact Ended'",
                 R"('c_' || customer_no(min(node)) AS customer_id,
                    min(channel) FILTER (event = 'Contact Started') AS channel,
                    min(properties->>'reason') FILTER (event = 'Contact Started') AS reason,
                    min(event_time) AS started_at,
                    max(event_time) FILTER (event = 'Contact Ended') AS ended_at,
                    count(*) FILTER (event = 'Message Posted') AS messages)"),
  };
}

}  // namespace rapport::lens::detail
