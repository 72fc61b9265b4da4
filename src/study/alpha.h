#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/data.h"

namespace rapport::study {

struct AlphaOptions {
  math::MissingRule missing = math::MissingRule::pairwise;  ///< trap 3: the two differ in the third digit
  std::vector<std::string> reverse;                         ///< items to turn; never turned automatically
};

struct AlphaItem {
  std::string name;
  bool reversed = false;
  std::int64_t n = 0;
  double mean = 0, sd = 0;
  double r_total = 0;  ///< with the sum of all items
  double r_std = 0;    ///< with the sum of standardised items
  double r_cor = 0;    ///< corrected for overlap by the squared multiple correlation
  double r_drop = 0;   ///< with the sum of the other items
  double alpha_if_dropped = 0, std_alpha_if_dropped = 0;
  double loading = 0, uniqueness = 0;  ///< of the one-factor model, standardised; NaN when that was refused
};

/// Internal consistency of one scale.
struct AlphaResult {
  std::int64_t rows = 0, rows_complete = 0;
  std::int64_t n = 0;    ///< rows with at least one item (pairwise) or all items (listwise)
  double alpha = 0;      ///< raw, from covariances (Cronbach 1951, Psychometrika 16:297)
  double std_alpha = 0;  ///< from correlations
  double ase = 0;        ///< asymptotic standard error (van Zyl, Neudecker & Nel 2000, Psychometrika 65:271)
  double ci_low = 0, ci_high = 0;  ///< alpha -+ 1.96 ase
  double g6 = 0;                   ///< Guttman's lambda 6
  double average_r = 0, median_r = 0;
  double signal_to_noise = 0;
  double mean = 0;  ///< of the items' means
  /// McDonald's omega of the one-factor maximum likelihood model on complete rows: trap 4, the model's
  /// denominator and the observed one differ; NaN with the reason in `omega_refused` when that model gave no
  /// answer.
  double omega = 0, omega_observed = 0, omega_se = 0;
  double ave = 0;  ///< average variance extracted (Fornell & Larcker 1981), from unstandardised estimates
  double chisq = 0, df = 0, pvalue = 0;  ///< of the one-factor model
  std::string omega_refused;
  std::vector<AlphaItem> items;
  std::vector<std::string> against_the_scale;  ///< items that correlate negatively with the rest
};

/// Errors: bad_input for fewer than two items or a reversed name that is not among them; refused for a
/// constant item or too few rows.
Result<AlphaResult> alpha(const Items& items, const AlphaOptions& options = {});

}  // namespace rapport::study
