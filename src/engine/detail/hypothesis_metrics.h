#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

/// What a hypothesis may be about: fixed questions to the lens over the shop's own facts, one value a
/// customer in a window after her start.
namespace rapport::engine {

struct HypothesisMetric {
  std::string_view id;
  std::string_view unit;  ///< "share", "orders", "currency", "points"
  bool up_is_better = true;
  bool is_share = false;  ///< a value of 0 or 1 each
  bool of_service = false;
  std::string_view doc;
};
std::span<const HypothesisMetric> hypothesis_metrics();
/// Errors: bad_input listing the metrics.
Result<const HypothesisMetric*> find_hypothesis_metric(std::string_view id, std::string_view where);

/// Whom the question is about.
struct HypothesisUnits {
  std::string experiment;  ///< those assigned, by arm; each customer's first assignment, the crossed left out
  Instant by;              ///< whose window ended by then
  std::string segment;     ///< without an experiment: who is in it now, or everybody; from `by` - window on
};

struct MetricQuestion {
  const HypothesisMetric* metric = nullptr;
  std::string service;
  std::int64_t window_days = 30;
  EventSeq known_at;  ///< later records are not looked at
};

/// arm, n, s, q: units, sum and sum of squares of their values, by arm.
std::string metric_sql(const MetricQuestion& question, const HypothesisUnits& units);
/// arm, n: customers assigned, and those of the two arms at once as arm "crossed".
std::string assigned_sql(std::string_view experiment, EventSeq known_at);

}  // namespace rapport::engine
