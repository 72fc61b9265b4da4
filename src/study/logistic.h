#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"
#include "study/regression.h"

/// Logistic regression by maximum likelihood. Pure, thread-safe.
namespace rapport::study {

struct LogisticFit {
  std::vector<Coefficient> coefficients;  ///< "(intercept)" first; z statistics
  std::size_t n = 0, events = 0;
  double log_likelihood = 0, null_log_likelihood = 0;
  double deviance = 0, null_deviance = 0, aic = 0;
  double mcfadden_r2 = 0;
  double lr_chisq = 0, lr_df = 0, lr_p = 0;  ///< against the intercept alone
  double auc = 0;                            ///< in sample
  math::Matrix covariance;
  math::Vector fitted;  ///< probabilities, in the order of the rows
  int iterations = 0;
};

/// `y` is 0 or 1, `x` n x p without intercept and without missing values. Newton-Raphson on the
/// log-likelihood (McCullagh & Nelder 1989, section 4.4) with step halving, stopped when the score in units
/// of its standard error is below 1e-10. Errors: bad_input for shapes or an outcome that is neither 0 nor 1;
/// refused for only one outcome, a redundant column, or *separation*: a combination of the columns splits the
/// outcomes (perfectly or in part), so that no finite maximum exists (Albert & Anderson 1984, Biometrika
/// 71:1-10); `where` names the column that diverges fastest.
Result<LogisticFit> fit_logistic(const math::Matrix& x, const math::Vector& y,
                                 const std::vector<std::string>& names,
                                 const RegressionOptions& options = {});

/// Probability that a random 1 is scored above a random 0, ties counting half (Mann-Whitney).
double area_under_curve(std::span<const double> score, std::span<const double> outcome);

}  // namespace rapport::study
