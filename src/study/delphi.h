#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Delphi rounds: how far experts agree, and whether the rounds converge. Pure, thread-safe.
namespace rapport::study {

/// Kendall's coefficient of concordance with the correction for ties (Kendall & Gibbons 1990, section 6).
struct Concordance {
  double w = 0;      ///< 0 no agreement .. 1 the same order by all
  double chisq = 0;  ///< judges * (items - 1) * w
  double df = 0, p = 0;
  std::size_t judges = 0, items = 0;
};

/// `ratings` is judges x items, without missing values; only each judge's order counts. Errors: refused for
/// fewer than two judges or items, or when every judge ties all items.
Result<Concordance> kendall_w(const math::Matrix& ratings);

struct DelphiItem {
  std::string name;
  std::size_t n = 0;
  double mean = 0, sd = 0, median = 0, q1 = 0, q3 = 0;
  double cv = 0;                   ///< sd / mean; Chinese Delphi practice asks for < .25
  double agreement = 0;            ///< share of experts within one point of the median
  double ci_low = 0, ci_high = 0;  ///< of the mean (t)
  double weight = 0;               ///< mean / sum of means
};

struct DelphiRound {
  std::string name;
  Concordance concordance;
  double w_ci_low = 0, w_ci_high = 0;  ///< bootstrap over experts, bias-corrected percentiles
  std::vector<DelphiItem> items;
};

struct DelphiResult {
  std::vector<DelphiRound> rounds;
  /// Between the last two rounds: the largest move of a median, and the mean change of the interquartile
  /// range.
  double median_shift_max = 0, iqr_change_mean = 0, w_change = 0;
  bool converged = false;  ///< >= 2 rounds, no median moved by more than half a point, and iqr did not widen
};

struct DelphiInput {
  std::vector<std::string> items;
  std::vector<std::string> round_names;
  std::vector<math::Matrix> rounds;  ///< each experts x items, complete
};

/// Errors: bad_input for shapes; as kendall_w.
Result<DelphiResult> delphi(const DelphiInput& input, std::uint64_t seed = 1, double level = 0.95);

}  // namespace rapport::study
