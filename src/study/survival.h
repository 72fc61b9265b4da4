#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

/// Time to an event when some cases are still open: resolution of tickets, life of contracts. Pure,
/// thread-safe.
namespace rapport::study {

struct SurvivalCase {
  double time = 0;      ///< from the start to the event, or to now; >= 0
  bool closed = false;  ///< false: still open, the event lies beyond `time`
};

struct SurvivalPoint {
  double time = 0, at_risk = 0, events = 0, open = 0;
  double survival = 1;       ///< Kaplan & Meier (1958)
  double se = 0;             ///< Greenwood
  double low = 1, high = 1;  ///< on the log scale, as R's survfit by default
};

struct SurvivalQuantile {
  double p = 0;                     ///< .5, .9, .99
  std::optional<double> time;       ///< nothing while too many are open to tell
  std::optional<double> low, high;  ///< Brookmeyer & Crowley (1982)
};

struct SurvivalCurve {
  std::vector<SurvivalPoint> points;  ///< at each distinct time
  std::vector<SurvivalQuantile> quantiles;
  std::size_t n = 0, events = 0;
  double restricted_mean = 0, restricted_mean_se = 0;  ///< mean time up to the last time seen
  /// What leaving out open cases would have said: the same quantiles of closed cases only.
  std::vector<double> closed_only;
};

/// Errors: bad_input naming a negative or missing time; refused for fewer than 3 cases or no closed one.
Result<SurvivalCurve> kaplan_meier(const std::vector<SurvivalCase>& cases,
                                   const std::vector<double>& quantiles = {0.5, 0.9, 0.99},
                                   double level = 0.95);

struct LogRank {
  double chisq = 0, df = 0, p = 0;
  std::vector<double> observed, expected;
};
/// Do groups differ? Mantel (1966). Errors: bad_input for fewer than 2 groups; refused when no event
/// separates them.
Result<LogRank> log_rank(const std::vector<std::vector<SurvivalCase>>& groups);

}  // namespace rapport::study
