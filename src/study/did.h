#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Difference in differences: the change of the treated less the change of the others. Pure, thread-safe.
namespace rapport::study {

struct DidResult {
  double estimate = 0, se = 0, ci_low = 0, ci_high = 0, p = 0, df = 0;
  double treated_before = 0, treated_after = 0, control_before = 0, control_after = 0;
  std::size_t treated = 0, control = 0;  ///< units (or rows, without a unit column)
  std::size_t periods_before = 0, periods_after = 0;
  /// Did the arms move apart before the treatment? The difference of their slopes a period; needs two periods
  /// before.
  std::optional<double> pre_trend, pre_trend_se, pre_trend_p;
};

/// Two periods, one row a unit: `before` and `after`. With covariates (n x p, may have no columns) the change
/// is regressed on treatment and covariates with HC2 errors; without, Welch's test on the changes. Errors:
/// bad_input for shapes; refused when the treatment does not vary or an arm has fewer than 2 units.
Result<DidResult> did_wide(const math::Vector& before, const math::Vector& after,
                           const math::Vector& treatment, const math::Matrix& covariates,
                           const std::vector<std::string>& names, double level = 0.95);

struct DidLong {
  std::vector<double> outcome, time,
      treatment;                  ///< one row an observation; treatment marks the group, not the period
  std::vector<std::string> unit;  ///< empty: repeated cross-sections
  double first_treated_time = 0;  ///< periods from here on are "after"
};
/// Any number of periods. With units each unit is collapsed to mean after - mean before (Bertrand, Duflo &
/// Mullainathan 2004, QJE 119:249-275: safe against serial correlation), units seen on one side only are left
/// out; without units the interaction of group and period with HC1 errors. Errors: as did_wide; a unit in
/// both groups.
Result<DidResult> did_long(const DidLong& data, double level = 0.95);

}  // namespace rapport::study
