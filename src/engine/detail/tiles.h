#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/detail/census.h"
#include "engine/detail/insight.h"
#include "model/answers/insight.h"
#include "views/views.h"

/// The tiles of the overview: what each counts, and the query that counts the same.
namespace rapport::engine {

/// Indicators added up by the shop's local days.
struct DaySums {
  std::vector<Instant> starts;  ///< of days, ascending
  Instant end;                  ///< where the last day's counted hours end
  std::vector<std::array<std::int64_t, views::kIndicators>> days;
  std::int64_t sum(views::Indicator indicator, std::size_t from, std::size_t to) const;
};
/// On the shop thread. `starts` as Insight::day_starts gives them; counts hours that begin before as_of.
DaySums day_sums(const views::ShopState& state, std::vector<Instant> starts, Instant as_of);

/// What a goal may be measured by, and what the overview shows.
struct Metric {
  std::string_view id, unit, definition, reason;
  bool up_is_better = true;
  bool is_census = false;  ///< of distinct customers: only as of now
};
const std::vector<Metric>& metrics();
const Metric* find_metric(std::string_view id);

/// A metric over days [from, to) of `sums`; `n` is what a share or mean is of. None without facts.
struct Measured {
  std::optional<double> value;
  std::optional<std::int64_t> n;
};
Measured measure(const Metric& metric, const views::ShopState& state, const DaySums& sums, Currency currency,
                 std::size_t from, std::size_t to);
/// The same of a metric that only a census knows; `before` = one window earlier.
Measured measure(const Metric& metric, const Census& census, bool before);

/// The query over the lens, or the rule, that gives the metric of [from, to).
model::Drill drill_of(const Metric& metric, Currency currency, Instant from, Instant to, std::int32_t days);

/// Whether the last full day was unlike the seven before it: outside the interval in which 95 of 100 days
/// like those would lie (Student's t over their spread, at least that of chance for counts).
std::optional<model::TileChange> change_of(const model::Tile& tile, bool is_count);

}  // namespace rapport::engine
