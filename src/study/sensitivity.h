#pragma once

#include <string>

#include "base/result.h"
#include "study/causal.h"

/// What a cause that nobody logged could do to an effect that was estimated without an experiment. Pure,
/// thread-safe.
namespace rapport::study {

/// A hidden cause as strong as everything that was logged together, or as the strongest of it where that
/// would move more: what it would move the estimate by (Cinelli & Hazlett 2020, Journal of the Royal
/// Statistical Society B 82:39-67; eq. 14 for the bias, section 4.4 for the bounds of a confounder that
/// explains of treatment and outcome as much as a covariate, or a group of them, does). What a group explains
/// is counted less what as many columns of noise would (adjusted shares).
struct HiddenCause {
  double r2_treatment = 0, r2_outcome = 0;  ///< what it would explain of what is left of either, 0..1
  double bias = 0;                          ///< >= 0, in the outcome's unit
  double ci_low = 0, ci_high = 0;           ///< the estimate's interval, widened by the bias on both sides
  std::string strongest;                    ///< the one covariate whose likes would move most
  double strongest_bias = 0;                ///< what its likes alone would move; at most `bias`
  /// The share of what is left of both treatment and outcome that a cause must explain to bring the estimate
  /// to 0 (the robustness value), 0..1.
  double robustness = 0;
  bool stands = false;  ///< the widened interval does not hold 0
};

/// The bias of a linear effect: what `se` (classical, with `df`) says of the scale, times what the cause
/// explains (eq. 14). Shares in [0, 1). Pure.
double hidden_bias(double se, double df, double r2_treatment, double r2_outcome);

/// `result` is an estimate from `data`. The strengths are those of linear regressions of treatment and of
/// outcome, also where the estimate itself is weighted. Errors: those of fit_linear.
Result<HiddenCause> hidden_cause(const CausalData& data, const CausalResult& result);

}  // namespace rapport::study
