#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Linear regression by least squares with classical or heteroscedasticity-consistent errors. Pure,
/// thread-safe.
namespace rapport::study {

/// How the coefficients' covariance is estimated. HC0: White (1980); HC1-HC3: MacKinnon & White (1985, J.
/// Econometrics 29:305-325): residuals squared times n/(n-p), 1/(1-h), 1/(1-h)^2.
enum class ErrorType { classical, hc0, hc1, hc2, hc3 };
/// "classical", "hc0", ... "hc3". Errors: bad_input.
Result<ErrorType> parse_error_type(std::string_view word);

struct RegressionOptions {
  bool intercept = true;
  ErrorType errors = ErrorType::classical;
  double level = 0.95;  ///< of the intervals, in (0, 1)
};

struct Coefficient {
  std::string name;
  double estimate = 0;
  double se = 0;
  double statistic = 0;  ///< t for linear, z for logistic
  double p = 0;          ///< two-sided
  double ci_low = 0, ci_high = 0;
};

struct LinearFit {
  std::vector<Coefficient> coefficients;  ///< "(intercept)" first when there is one
  std::size_t n = 0;
  double df_residual = 0;
  double sigma = 0;  ///< residual standard deviation
  double rss = 0;
  /// About the mean with an intercept, about zero without one.
  double r2 = 0, r2_adjusted = 0;
  double f = 0, f_df1 = 0, f_p = 0;  ///< infinite f when the fit is exact
  math::Matrix covariance;           ///< of the coefficients, in their order
  math::Vector residuals;
  math::Vector leverage;  ///< diagonal of the hat matrix
};

/// `x` is n x p without the intercept column, `names` its p columns; no missing values. Designs with
/// n * columns^2 <= 2 million are solved in double-double arithmetic (NIST StRD Longley to 13 digits, Filip
/// to 9 where the powers are given exactly; see fit_polynomial), larger ones by scaled QR with refinement.
/// Errors: bad_input for shapes that do not fit or non-finite values; refused when there are no residual
/// degrees of freedom, a column is constant beside an intercept, or a column is a combination of others
/// (`where` names it).
Result<LinearFit> fit_linear(const math::Matrix& x, const math::Vector& y,
                             const std::vector<std::string>& names, const RegressionOptions& options = {});

/// y = b0 + b1 x + ... + bk x^k with powers in double-double. 1 <= degree <= 12. Errors as fit_linear.
Result<LinearFit> fit_polynomial(const std::vector<double>& x, const std::vector<double>& y, int degree,
                                 const std::string& name, const RegressionOptions& options = {});

/// 1 / (1 - R2_j) for each column of `x` regressed on the others. Errors: refused when a column is a
/// combination of the others or constant, by name.
Result<std::vector<double>> variance_inflation(const math::Matrix& x, const std::vector<std::string>& names);

}  // namespace rapport::study
