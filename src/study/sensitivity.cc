#include "study/sensitivity.h"

#include <algorithm>
#include <cmath>

#include "study/regression.h"

namespace rapport::study {
namespace {

/// Of one coefficient: the share of what the others leave that it explains.
double partial_r2(const Coefficient& c, double df) {
  const double t2 = c.statistic * c.statistic;
  return std::isfinite(t2) ? t2 / (t2 + df) : 1;
}

/// How strong a confounder like covariate j can be at most (section 4.4, k_D = k_Y = 1).
struct Strength {
  double treatment = 0, outcome = 0;
};
Strength as_strong(double r2_treatment, double r2_outcome) {
  constexpr double kMost = 1 - 1e-9;
  const double d = std::min(r2_treatment, kMost / 2), y = std::min(r2_outcome, kMost);
  Strength s;
  s.treatment = d / (1 - d);
  const double with_it = d * d / ((1 - d) * (1 - d));
  const double eta = (1 + std::sqrt(with_it)) / std::sqrt(std::max(1e-9, 1 - with_it));
  s.outcome = std::min(kMost, eta * eta * y / (1 - y));
  return s;
}

}  // namespace

double hidden_bias(double se, double df, double r2_treatment, double r2_outcome) {
  return se * std::sqrt(df) * std::sqrt(r2_outcome * r2_treatment / (1 - r2_treatment));
}

Result<HiddenCause> hidden_cause(const CausalData& data, const CausalResult& result) {
  math::Matrix all(data.x.rows(), data.x.cols() + 1);
  all << data.treatment, data.x;
  std::vector<std::string> names{"treatment"};
  names.insert(names.end(), data.names.begin(), data.names.end());
  RAPPORT_TRY(const LinearFit outcome, fit_linear(all, data.outcome, names));
  RAPPORT_TRY(const LinearFit treatment, fit_linear(data.x, data.treatment, data.names));
  RAPPORT_TRY(const LinearFit alone, fit_linear(data.treatment, data.outcome, {"treatment"}));
  const double se = outcome.coefficients[1].se, df = outcome.df_residual;
  HiddenCause cause;
  const auto consider = [&](const Strength& s) {
    const double bias = hidden_bias(se, df, s.treatment, s.outcome);
    if (bias < cause.bias) return false;
    cause.r2_treatment = s.treatment;
    cause.r2_outcome = s.outcome;
    cause.bias = bias;
    return true;
  };
  for (std::size_t j = 0; j < data.names.size(); ++j) {
    const bool most = consider(as_strong(partial_r2(treatment.coefficients[j + 1], treatment.df_residual),
                                         partial_r2(outcome.coefficients[j + 2], df)));
    if (most || j == 0) cause.strongest = data.names[j];
  }
  cause.strongest_bias = cause.bias;
  const double left = outcome.sigma * outcome.sigma / (alone.sigma * alone.sigma);
  consider(as_strong(std::max(0.0, treatment.r2_adjusted), std::max(0.0, 1 - left)));
  cause.ci_low = result.ci_low - cause.bias;
  cause.ci_high = result.ci_high + cause.bias;
  cause.stands = cause.ci_low > 0 || cause.ci_high < 0;
  // Robustness value for the estimate: |estimate| in units of the bias's scale (their eq. 19).
  const double f = std::fabs(result.estimate) / (se * std::sqrt(df)), f2 = f * f;
  cause.robustness = 0.5 * (std::sqrt(f2 * f2 + 4 * f2) - f2);
  return cause;
}

}  // namespace rapport::study
