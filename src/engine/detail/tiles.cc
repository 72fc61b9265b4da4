#include "engine/detail/tiles.h"

#include <algorithm>
#include <cmath>

#include "math/distributions.h"

namespace rapport::engine {
namespace {

using views::Indicator;

constexpr std::size_t kDaysCompared = 7;

double scale_of(Currency currency) {
  double scale = 1;
  for (int i = 0; i < currency.decimals(); ++i) scale *= 10;
  return scale;
}

/// What a tile divides; `below` kIndicators = nothing, it is a count.
struct Fraction {
  std::string_view id;
  Indicator above;
  std::optional<Indicator> less;  ///< taken off what is above
  std::optional<Indicator> below;
  std::optional<Indicator> below_less;
  double times = 1;
};

constexpr Fraction kFractions[] = {
    {"new_customers", Indicator::registrations, {}, {}, {}},
    {"orders", Indicator::orders, {}, {}, {}},
    {"revenue", Indicator::revenue_minor, {}, {}, {}},
    {"average_order_value", Indicator::revenue_minor, {}, Indicator::orders, Indicator::orders_foreign},
    {"return_rate", Indicator::returns, {}, Indicator::orders, {}},
    {"complaint_rate", Indicator::tickets_opened, {}, Indicator::orders, {}},
    {"csat", Indicator::csat_satisfied, {}, Indicator::csat_answers, {}},
    {"nps", Indicator::nps_promoters, Indicator::nps_detractors, Indicator::nps_answers, {}, 100},
    {"resolution_hours", Indicator::resolution_ms, {}, Indicator::tickets_solved, {}, 1.0 / 3'600'000},
    {"recommendation_click_rate",
     Indicator::recommendations_clicked,
     {},
     Indicator::recommendations_shown,
     {}},
    {"rating", Indicator::rating_thousandths, {}, Indicator::ratings, {}, 0.001},
    {"first_answer_minutes", Indicator::first_answer_ms, {}, Indicator::contacts_answered, {}, 1.0 / 60'000},
};

const Fraction* fraction_of(std::string_view id) {
  for (const Fraction& fraction : kFractions) {
    if (fraction.id == id) return &fraction;
  }
  return nullptr;
}

std::string timestamp(Instant at) {
  std::string text = format_instant(at);
  std::replace(text.begin(), text.end(), 'T', ' ');
  text.pop_back();
  return "TIMESTAMP '" + text + "'";
}

std::string between(std::string_view column, Instant from, Instant to) {
  return fmt::format("{0} >= {1} AND {0} < {2}", column, timestamp(from), timestamp(to));
}

/// Net orders as the fold counts them: the first of each id, not cancelled.
constexpr std::string_view kNetOrders =
    "WITH o AS (SELECT order_id, min(event_time) FILTER (event = 'Order Completed') AS placed, "
    "arg_min(total, (event_time, total)) FILTER (event = 'Order Completed') AS total, "
    "arg_min(coalesce(currency, '{0}'), (event_time, total)) FILTER (event = 'Order Completed') AS currency "
    "FROM events WHERE event IN ('Order Completed', 'Order Cancelled') GROUP BY 1 "
    "HAVING count(*) FILTER (event = 'Order Cancelled') = 0) ";
constexpr std::string_view kTicketLives =
    "WITH t AS (SELECT properties->>'ticket_id' AS id, min(event_time) FILTER (event = 'Ticket Opened') AS "
    "opened, "
    "min(event_time) FILTER (step IN ('solved', 'called_back', 'closed')) AS solved, "
    "coalesce(max(event_time) FILTER (step IN ('solved', 'called_back', 'closed')) >= "
    "coalesce(max(event_time) FILTER (step IN ('open', 'reopened')), '-infinity'), false) AS done "
    "FROM events WHERE event IN ('Ticket Opened', 'Ticket Updated') GROUP BY 1) ";

std::string sql_of(std::string_view id, Currency currency, Instant from, Instant to) {
  const std::string net = fmt::format(fmt::runtime(kNetOrders), currency.text());
  const std::string events = between("event_time", from, to);
  const std::string placed = between("placed", from, to);
  const auto count_of = [&](std::string_view event) {
    return fmt::format("SELECT count(*) FROM events WHERE event = '{}' AND {}", event, events);
  };
  const auto share_of_answers = [&](std::string_view item, std::string_view share) {
    return fmt::format("SELECT {} FROM survey_answers WHERE item = '{}' AND value BETWEEN {} AND {}", share,
                       item, item == "nps" ? "0 AND 10" : "1 AND 5", between("answered_at", from, to));
  };
  if (id == "new_customers") return count_of("User Registered");
  if (id == "orders") return fmt::format("{}SELECT count(*) FROM o WHERE {}", net, placed);
  if (id == "revenue" || id == "average_order_value") {
    return fmt::format("{}SELECT {}(total)::DOUBLE FROM o WHERE currency = '{}' AND {}", net,
                       id == "revenue" ? "sum" : "avg", currency.text(), placed);
  }
  if (id == "return_rate" || id == "complaint_rate") {
    const bool is_return = id == "return_rate";
    return fmt::format(
        "{}, c AS (SELECT properties->>'{}' AS id, min(event_time) AS placed FROM events WHERE event = '{}' "
        "GROUP BY 1) "
        "SELECT (SELECT count(*) FROM c WHERE {}) / (SELECT count(*) FROM o WHERE {})",
        net.substr(0, net.size() - 1), is_return ? "return_id" : "ticket_id",
        is_return ? "Return Requested" : "Ticket Opened", placed, placed);
  }
  if (id == "csat") return share_of_answers("csat", "avg((value >= 4)::INT)");
  if (id == "nps") return share_of_answers("nps", "100 * (avg((value >= 9)::INT) - avg((value <= 6)::INT))");
  if (id == "open_tickets") {
    return fmt::format("{}SELECT count(*) FROM t WHERE opened < {} AND NOT done", kTicketLives,
                       timestamp(to));
  }
  if (id == "resolution_hours") {
    return fmt::format(
        "{}SELECT avg(greatest(0, date_diff('millisecond', opened, solved))) / 3600000 FROM t WHERE opened "
        "IS NOT "
        "NULL AND {}",
        kTicketLives, between("solved", from, to));
  }
  if (id == "recommendation_click_rate") {
    return fmt::format(
        "SELECT count(*) FILTER (event = 'Recommendation Clicked') / count(*) FILTER (event = "
        "'Recommendation "
        "Shown') FROM events WHERE {}",
        events);
  }
  if (id == "rating")
    return fmt::format("SELECT avg(rating) FROM events WHERE event = 'Review Posted' AND {}", events);
  if (id == "first_answer_minutes") {
    return fmt::format(
        "WITH c AS (SELECT properties->>'contact_id' AS id, min(event_time) FILTER (event = 'Contact "
        "Started') AS placed, "
        "min(event_time) FILTER (event = 'Message Posted' AND (properties->>'from') <> 'customer') AS "
        "answered "
        "FROM events WHERE event IN ('Contact Started', 'Message Posted') GROUP BY 1) "
        "SELECT avg(greatest(0, date_diff('millisecond', placed, answered))) / 60000 FROM c WHERE answered "
        "IS "
        "NOT NULL "
        "AND {}",
        placed);
  }
  if (id == "repurchase_rate") {
    return fmt::format(
        "WITH n AS (SELECT customer, placed_at FROM orders WHERE cancelled_at IS NULL AND placed_at < {1}), "
        "b AS (SELECT customer, count(*) AS total, count(*) FILTER (placed_at >= {0}) AS recent FROM n GROUP "
        "BY 1) "
        "SELECT count(*) FILTER (total > 1) / count(*) FROM b WHERE recent > 0",
        timestamp(from), timestamp(to));
  }
  return {};
}

}  // namespace

std::int64_t DaySums::sum(Indicator indicator, std::size_t from, std::size_t to) const {
  std::int64_t sum = 0;
  for (std::size_t day = from; day < to && day < days.size(); ++day)
    sum += days[day][static_cast<std::size_t>(indicator)];
  return sum;
}

DaySums day_sums(const views::ShopState& state, std::vector<Instant> starts, Instant as_of) {
  DaySums out;
  out.starts = std::move(starts);
  out.days.resize(out.starts.size());
  const std::int64_t hour_ms = hours(1).ms;
  out.end = Instant{as_of.ms / hour_ms * hour_ms + hour_ms};
  for (const views::HourSums& hour : state.hour_sums(out.starts.front(), out.end)) {
    const Instant at{hour.hour * hour_ms};
    const auto day = std::upper_bound(out.starts.begin(), out.starts.end(), at) - out.starts.begin();
    auto& sums = out.days[static_cast<std::size_t>(day - 1)];
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += hour.sums[i];
  }
  return out;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = {
      {"customers_active", "customers", "Customers with an act of their own in the window", "no events yet",
       true, true},
      {"new_customers", "customers", "User Registered events", "no registration facts"},
      {"orders", "orders", "Orders placed and not cancelled, each order number once", "no orders yet"},
      {"revenue", "money", "Totals of those orders in the shop's currency", "no orders yet"},
      {"average_order_value", "money", "Revenue by orders", "no orders in these days"},
      {"return_rate", "share", "Returns requested by orders placed", "no orders in these days", false},
      {"complaint_rate", "share", "Tickets opened by orders placed", "no orders in these days", false},
      {"csat", "share", "Answers to csat of 4 or 5, of all", "no ratings yet"},
      {"nps", "score", "Share of 9 and 10 less share of 0 to 6 among answers to nps, times 100",
       "no ratings yet"},
      {"open_tickets", "tickets", "Tickets neither solved, called back nor closed, now", "no tickets yet",
       false},
      {"resolution_hours", "hours", "Mean from opened to first solved of tickets first solved in the window",
       "no ticket was solved in these days", false},
      {"recommendation_click_rate", "share", "Recommendations clicked by shown", "no recommendations shown"},
      {"repurchase_rate", "share", "Of customers who ordered in the window: had ordered before",
       "no orders in these days", true, true},
      {"rating", "stars", "Mean rating of reviews", "no reviews in these days"},
      {"first_answer_minutes", "minutes", "Mean from a contact's start to the first answer",
       "no contact was answered in these days", false},
      {"conversion", "share", "Of customers who visited in the window: ordered in it",
       "no visits in these days", true, true},
  };
  return all;
}

const Metric* find_metric(std::string_view id) {
  const auto at = std::find_if(metrics().begin(), metrics().end(),
                               [id](const Metric& metric) { return metric.id == id; });
  return at == metrics().end() ? nullptr : &*at;
}

Measured measure(const Metric& metric, const views::ShopState& state, const DaySums& sums, Currency currency,
                 std::size_t from, std::size_t to) {
  if (metric.id == "open_tickets") {
    if (state.indicator_total(Indicator::tickets_opened) == 0) return {};
    // Those that stand open by the desk's rules, less what opened and plus what was solved since.
    const std::int64_t later = sums.sum(Indicator::tickets_opened, to, sums.days.size()) -
                               sums.sum(Indicator::tickets_done, to, sums.days.size());
    const auto now = static_cast<std::int64_t>(state.case_clocks().open_tickets().size());
    return {static_cast<double>(now - later), {}};
  }
  const Fraction* fraction = fraction_of(metric.id);
  if (fraction == nullptr) return {};
  const double times = fraction->times / (metric.unit == "money" ? scale_of(currency) : 1);
  std::int64_t above = sums.sum(fraction->above, from, to);
  if (fraction->less) above -= sums.sum(*fraction->less, from, to);
  if (!fraction->below) {
    if (state.indicator_total(fraction->above) == 0) return {};
    return {static_cast<double>(above) * times, {}};
  }
  std::int64_t below = sums.sum(*fraction->below, from, to);
  if (fraction->below_less) below -= sums.sum(*fraction->below_less, from, to);
  if (below <= 0) return {{}, 0};
  return {static_cast<double>(above) * times / static_cast<double>(below), below};
}

Measured measure(const Metric& metric, const Census& census, bool before) {
  const Activity& activity = census.activity;
  const auto share = [](std::uint64_t part, std::uint64_t whole) -> Measured {
    if (whole == 0) return {{}, 0};
    return {static_cast<double>(part) / static_cast<double>(whole), static_cast<std::int64_t>(whole)};
  };
  if (metric.id == "customers_active") {
    if (census.rows.empty()) return {};
    return {static_cast<double>(before ? activity.before : activity.now), {}};
  }
  if (metric.id == "repurchase_rate") {
    return before ? share(activity.returning_before, activity.buyers_before)
                  : share(activity.returning, activity.buyers);
  }
  if (metric.id == "conversion" && !before) {
    const auto& steps = census.journey.steps;
    return share(steps[static_cast<std::size_t>(JourneyStepKind::order)].reached,
                 steps[static_cast<std::size_t>(JourneyStepKind::visit)].reached);
  }
  return {};
}

model::Drill drill_of(const Metric& metric, Currency currency, Instant from, Instant to, std::int32_t days) {
  if (metric.id == "customers_active")
    return {model::Drill::Kind::condition, fmt::format("{} within {}d", active_events_rule(), days)};
  std::string sql = sql_of(metric.id, currency, from, to);
  if (sql.empty()) return {};
  return {model::Drill::Kind::sql, std::move(sql)};
}

std::optional<model::TileChange> change_of(const model::Tile& tile, bool is_count) {
  if (tile.series.size() < kDaysCompared + 2) return std::nullopt;
  const model::DayValue& day = tile.series[tile.series.size() - 2];
  if (!day.value) return std::nullopt;
  double sum = 0, squares = 0;
  for (std::size_t back = 1; back <= kDaysCompared; ++back) {
    const model::DayValue& other = tile.series[tile.series.size() - 2 - back];
    if (!other.value) return std::nullopt;
    sum += *other.value;
    squares += *other.value * *other.value;
  }
  const double n = kDaysCompared;
  const double mean = sum / n;
  double variance = std::max(0.0, (squares - n * mean * mean) / (n - 1));
  if (is_count) variance = std::max(variance, mean);
  const double half = math::t_quantile(0.975, n - 1) * std::sqrt(variance * (1 + 1 / n));
  if (half <= 0 || std::abs(*day.value - mean) <= half) return std::nullopt;
  return model::TileChange{tile.id,  *day.value,  mean,        *day.value - mean,
                           day.date, mean - half, mean + half, kDaysCompared};
}

}  // namespace rapport::engine
