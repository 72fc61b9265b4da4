#include "engine/detail/hypothesis_metrics.h"

#include <algorithm>

namespace rapport::engine {
namespace {

constexpr HypothesisMetric kMetrics[] = {
    {"order_rate", "share", true, true, false, "share of customers who ordered (orders cancelled left out)"},
    {"orders", "orders", true, false, false, "orders a customer (cancelled ones left out)"},
    {"revenue", "currency", true, false, false, "totals of her orders a customer (cancelled ones left out)"},
    {"service_rate", "share", true, true, true, "share who bought or used the service"},
    {"complaint_rate", "share", false, true, false, "share who opened a ticket"},
    {"contact_rate", "share", false, true, false, "share who contacted the shop"},
    {"return_rate", "share", false, true, false, "share who asked to return something"},
    {"csat", "points", true, false, false, "mean answer to csat, of those who answered"},
    {"nps", "points", true, false, false, "100 for a 9 or 10, -100 for 0 to 6, of those who answered nps"},
};

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string moment(Instant time) {
  std::string text = format_instant(time);  // 2026-11-22T09:30:00Z
  std::replace(text.begin(), text.end(), 'T', ' ');
  text.pop_back();
  return "TIMESTAMP '" + text + "'";
}

/// customer, event_time, x: what happened, a row each.
std::string facts_sql(const MetricQuestion& question) {
  const std::string_view id = question.metric->id;
  const std::uint64_t seq = question.known_at.value;
  if (id == "csat" || id == "nps") {
    return fmt::format(
        "SELECT customer, answered_at AS event_time, {} AS x FROM survey_answers WHERE item = '{}' AND seq "
        "<= {}",
        id == "csat" ? "value::DOUBLE"
                     : "CASE WHEN value >= 9 THEN 100.0 WHEN value <= 6 THEN -100.0 ELSE 0.0 END",
        id, seq);
  }
  if (id == "order_rate" || id == "orders" || id == "revenue") {
    return fmt::format(
        "SELECT customer, min(event_time) AS event_time, max(total)::DOUBLE AS x FROM events WHERE event = "
        "'Order "
        "Completed' AND seq <= {0} AND order_id NOT IN (SELECT order_id FROM events WHERE event = 'Order "
        "Cancelled' "
        "AND seq <= {0} AND order_id IS NOT NULL) GROUP BY customer, order_id",
        seq);
  }
  const std::string which =
      id == "complaint_rate" ? "event = 'Ticket Opened'"
      : id == "contact_rate" ? "event = 'Contact Started'"
      : id == "return_rate"
          ? "event = 'Return Requested'"
          : "event IN ('Service Bought', 'Service Used') AND service_id = " + literal(question.service);
  return fmt::format("SELECT customer, event_time, 1.0 AS x FROM events WHERE {} AND seq <= {}", which, seq);
}

std::string units_sql(const MetricQuestion& question, const HypothesisUnits& units) {
  if (!units.experiment.empty()) {
    return fmt::format(
        "SELECT customer, min(event_time) AS start, min(properties->>'arm') AS arm FROM events WHERE event = "
        "'Experiment Assigned' AND (properties->>'experiment_id') = {} AND seq <= {} AND customer IS NOT "
        "NULL GROUP "
        "BY customer HAVING count(DISTINCT properties->>'arm') = 1 AND min(event_time) + INTERVAL {} DAY <= "
        "{}",
        literal(units.experiment), question.known_at.value, question.window_days, moment(units.by));
  }
  const std::string start = moment(units.by - days(question.window_days));
  const std::string members =
      units.segment.empty()
          ? ""
          : " AND customer IN (SELECT customer FROM segments WHERE segment = " + literal(units.segment) + ")";
  return fmt::format(
      "SELECT customer, {0} AS start, 'all' AS arm FROM customers WHERE customer IS NOT NULL AND first_seen "
      "<= {0}{1}",
      start, members);
}

}  // namespace

std::span<const HypothesisMetric> hypothesis_metrics() {
  return kMetrics;
}

Result<const HypothesisMetric*> find_hypothesis_metric(std::string_view id, std::string_view where) {
  std::string known;
  for (const HypothesisMetric& metric : kMetrics) {
    if (metric.id == id) return &metric;
    known += (known.empty() ? "" : " ") + std::string(metric.id);
  }
  return Error{Errc::bad_input, fmt::format("'{}' is no metric", id.substr(0, 40)), std::string(where),
               known};
}

std::string metric_sql(const MetricQuestion& question, const HypothesisUnits& units) {
  const std::string_view id = question.metric->id;
  const bool asked = id == "csat" || id == "nps";
  const std::string_view value = question.metric->is_share ? "(count(f.x) > 0)::INT::DOUBLE"
                                 : id == "orders"          ? "count(f.x)::DOUBLE"
                                 : asked                   ? "avg(f.x)"
                                                           : "coalesce(sum(f.x), 0)::DOUBLE";
  return fmt::format(
      "WITH units AS ({}), facts AS ({}), ys AS (SELECT u.customer, u.arm, {} AS y FROM units u LEFT JOIN "
      "facts f ON "
      "f.customer = u.customer AND f.event_time > u.start AND f.event_time <= u.start + INTERVAL {} DAY "
      "GROUP BY "
      "u.customer, u.arm) SELECT arm, count(y) AS n, sum(y ORDER BY customer) AS s, sum(y * y ORDER BY "
      "customer) AS "
      "q FROM ys WHERE y IS NOT NULL GROUP BY arm ORDER BY arm",
      units_sql(question, units), facts_sql(question), value, question.window_days);
}

std::string assigned_sql(std::string_view experiment, EventSeq known_at) {
  return fmt::format(
      "SELECT arm, count(*) AS n FROM (SELECT customer, CASE WHEN count(DISTINCT properties->>'arm') > 1 "
      "THEN "
      "'crossed' ELSE min(properties->>'arm') END AS arm FROM events WHERE event = 'Experiment Assigned' AND "
      "(properties->>'experiment_id') = {} AND seq <= {} AND customer IS NOT NULL GROUP BY customer) GROUP "
      "BY arm "
      "ORDER BY arm",
      literal(experiment), known_at.value);
}

}  // namespace rapport::engine
