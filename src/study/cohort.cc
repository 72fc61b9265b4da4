#include "study/cohort.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "math/distributions.h"
#include "study/survival.h"

namespace rapport::study {
namespace {

/// Number of the period that holds the instant.
std::int64_t period_of(Instant when, Period period) {
  const std::int64_t day = day_number(when);
  if (period == Period::day) return day;
  // 1970-01-01 was a Thursday: Monday of its week is day -3.
  if (period == Period::week) return (day + 3) >= 0 ? (day + 3) / 7 : -((-(day + 3) + 6) / 7);
  const CivilTime civil = civil_from_instant(when);
  return static_cast<std::int64_t>(civil.year) * 12 + civil.month - 1;
}

std::string period_name(std::int64_t number, Period period) {
  if (period == Period::month) return fmt::format("{:04}-{:02}", number / 12, number % 12 + 1);
  const std::int64_t day = period == Period::day ? number : number * 7 - 3;
  return format_instant(Instant{day * 86'400'000}).substr(0, 10);
}

/// The last period that is over at the end of `until`'s day.
std::int64_t last_full_period(Instant until, Period period) {
  const std::int64_t now = period_of(until, period);
  const Instant tomorrow{(day_number(until) + 1) * 86'400'000};
  return period_of(tomorrow, period) > now ? now : now - 1;
}

Result<std::vector<PurchaseRow>> prepare(std::vector<PurchaseRow> rows, Instant until, std::size_t* after) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].amount >= 0 && std::isfinite(rows[i].amount)) continue;
    return Error{Errc::bad_input, fmt::format("purchase {}: amount {}", i + 1, rows[i].amount), "amount",
                 "amounts from 0; returns belong to their own study"};
  }
  const std::int64_t last_day = day_number(until);
  const auto kept = std::remove_if(rows.begin(), rows.end(),
                                   [&](const PurchaseRow& r) { return day_number(r.when) > last_day; });
  *after = static_cast<std::size_t>(rows.end() - kept);
  rows.erase(kept, rows.end());
  if (rows.size() < 2)
    return Error{Errc::refused, fmt::format("{} purchases up to the end of observation", rows.size()), "rows",
                 "at least 2"};
  std::stable_sort(rows.begin(), rows.end(), [](const PurchaseRow& a, const PurchaseRow& b) {
    return a.customer != b.customer ? a.customer < b.customer : a.when < b.when;
  });
  return rows;
}

/// What one customer did, by age in periods.
struct Life {
  std::int64_t first = 0;     ///< period of the first purchase
  std::vector<bool> active;   ///< by age, up to the last full period
  std::vector<double> spent;  ///< cumulative, by age
};

Life live(const PurchaseRow* from, const PurchaseRow* to, Period period, std::int64_t last) {
  Life life{period_of(from->when, period), {}, {}};
  if (life.first > last) return life;
  const auto ages = static_cast<std::size_t>(last - life.first) + 1;
  life.active.assign(ages, false);
  life.spent.assign(ages, 0.0);
  for (const PurchaseRow* row = from; row != to; ++row) {
    const auto age = static_cast<std::size_t>(period_of(row->when, period) - life.first);
    if (age >= ages) continue;
    life.active[age] = true;
    life.spent[age] += row->amount;
  }
  for (std::size_t age = 1; age < ages; ++age) life.spent[age] += life.spent[age - 1];
  return life;
}

void count_life(const Life& life, std::vector<CohortCell>& cells) {
  if (cells.size() < life.active.size()) cells.resize(life.active.size());
  for (std::size_t age = 0; age < life.active.size(); ++age) {
    cells[age].customers += 1;
    cells[age].active += life.active[age] ? 1 : 0;
  }
}

void finish_cells(std::vector<CohortCell>& cells, double level) {
  for (CohortCell& cell : cells) {
    cell.share = cell.active / cell.customers;
    cell.interval = wilson_interval(cell.active, cell.customers, level);
  }
}

struct Spread {
  double n = 0, sum = 0, squares = 0;
  void add(double v) {
    n += 1;
    sum += v;
    squares += v * v;
  }
  double mean() const { return sum / n; }
  double se() const {
    return n < 2 ? std::nan("") : std::sqrt(std::max(0.0, squares - sum * sum / n) / (n - 1) / n);
  }
};

constexpr double kMsADay = 86'400'000;

Status add_activation(CohortResult& result, const std::vector<SurvivalCase>& waits, double days,
                      double level) {
  const auto curve = kaplan_meier(waits, {}, level);
  if (!curve.ok()) {
    if (curve.error().where != "event") return curve.error();
    result.activation = 0;
    result.activation_interval = wilson_interval(0, static_cast<double>(waits.size()), level);
    return {};
  }
  SurvivalPoint at{.survival = 1, .low = 1, .high = 1};
  for (const SurvivalPoint& point : curve->points) {
    if (point.time <= days) at = point;
  }
  result.activation = 1 - at.survival;
  result.activation_interval = {1 - at.high, 1 - at.low};
  if (at.survival == 1 || at.survival == 0) {
    // Greenwood's error is 0 where nobody or everybody has bought again; those watched long enough still tell
    // how far the share may lie from it.
    const auto known = std::count_if(waits.begin(), waits.end(), [days](const SurvivalCase& wait) {
      return wait.closed || wait.time >= days;
    });
    const double n = std::max(1.0, static_cast<double>(known));
    result.activation_interval = wilson_interval(at.survival == 1 ? 0 : n, n, level);
  }
  return {};
}

}  // namespace

Result<Period> parse_period(std::string_view word) {
  if (word == "day") return Period::day;
  if (word == "week") return Period::week;
  if (word == "month") return Period::month;
  return Error{Errc::bad_input, fmt::format("'{}' is no period", word), "period", "day, week or month"};
}

Result<CohortResult> cohorts(std::vector<PurchaseRow> purchases, Instant until, Period period,
                             double activation_days, double level) {
  CohortResult result;
  RAPPORT_TRY(const std::vector<PurchaseRow> rows, prepare(std::move(purchases), until, &result.after_until));
  const std::int64_t last = last_full_period(until, period);
  std::map<std::int64_t, CohortRow> by_start;
  std::vector<Spread> value;
  std::vector<SurvivalCase> waits;
  Spread per_active;
  std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from;
    while (to < rows.size() && rows[to].customer == rows[from].customer) ++to;
    const Life life = live(&rows[from], &rows[to - 1] + 1, period, last);
    CohortRow& cohort = by_start[life.first];
    cohort.size += 1;
    count_life(life, cohort.retention);
    count_life(life, result.retention);
    if (value.size() < life.spent.size()) value.resize(life.spent.size());
    for (std::size_t age = 0; age < life.spent.size(); ++age) {
      value[age].add(life.spent[age]);
      if (life.active[age]) per_active.add(life.spent[age] - (age > 0 ? life.spent[age - 1] : 0));
    }
    std::size_t second = from + 1;
    while (second < to && day_number(rows[second].when) == day_number(rows[from].when)) ++second;
    const double wait = second < to ? static_cast<double>((rows[second].when - rows[from].when).ms) / kMsADay
                                    : static_cast<double>((until - rows[from].when).ms) / kMsADay;
    waits.push_back({std::max(0.0, wait), second < to});
    earliest = std::min(earliest, life.first);
    ++result.customers;
    from = to;
  }
  result.purchases = rows.size();
  if (value.empty())
    return Error{Errc::refused, "no period is over", "until",
                 "at least one full period after the first purchase"};
  for (auto& [start, cohort] : by_start) {
    cohort.name = period_name(start, period);
    finish_cells(cohort.retention, level);
    result.cohorts.push_back(std::move(cohort));
  }
  finish_cells(result.retention, level);
  for (std::size_t age = 0; age < value.size(); ++age) {
    AgeValue v{age, value[age].n, value[age].mean(), value[age].se()};
    const double half =
        value[age].n < 2 ? std::nan("") : math::t_quantile((1 + level) / 2, value[age].n - 1) * v.se;
    v.interval = {v.ltv - half, v.ltv + half};
    result.value.push_back(v);
  }
  result.arpu = per_active.mean();
  result.arpu_se = per_active.se();
  result.periods = static_cast<double>(last - earliest + 1);
  if (activation_days > 0 && waits.size() >= 3)
    RAPPORT_CHECK(add_activation(result, waits, activation_days, level));
  return result;
}

Result<std::vector<CustomerSummary>> summarise_purchases(std::vector<PurchaseRow> purchases, Instant until,
                                                         double days) {
  if (!(days > 0))
    return Error{Errc::bad_input, fmt::format("a period of {} days", days), "period", "above 0"};
  std::size_t after = 0;
  RAPPORT_TRY(const std::vector<PurchaseRow> rows, prepare(std::move(purchases), until, &after));
  const std::int64_t end = day_number(until);
  std::vector<CustomerSummary> customers;
  for (std::size_t i = 0; i < rows.size();) {
    CustomerSummary c{rows[i].customer};
    const std::int64_t first = day_number(rows[i].when);
    std::int64_t last = first;
    double value = 0;
    for (const std::uint32_t who = rows[i].customer; i < rows.size() && rows[i].customer == who; ++i) {
      const std::int64_t day = day_number(rows[i].when);
      c.history.frequency += day > last ? 1 : 0;
      value += day > first ? rows[i].amount : 0;
      last = day;
    }
    c.history.recency = static_cast<double>(last - first) / days;
    c.history.length = static_cast<double>(end - first) / days;
    c.mean_repeat_value = c.history.frequency > 0 ? value / c.history.frequency : std::nan("");
    customers.push_back(c);
  }
  return customers;
}

}  // namespace rapport::study
