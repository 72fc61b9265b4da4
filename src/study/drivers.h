#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// What drives an outcome: how the explained variance divides among correlated predictors. Pure, thread-safe.
namespace rapport::study {

/// One share a predictor in the order given; all but `first`, `beta` and `vif` are parts of r2 or of their
/// own sum.
struct DriverShares {
  std::vector<double>
      lmg;  ///< mean gain in R2 over all orders (Lindeman, Merenda & Gold 1980, p. 119); sums to r2
  std::vector<double>
      johnson;  ///< relative weights (Johnson 2000, Multivariate Behavioral Research 35:1-19); sum to r2
  std::vector<double> pratt;  ///< beta_j r_jy (Pratt 1987); sums to r2 but may be negative
  std::vector<double> beta;   ///< standardised coefficients
  std::vector<double> beta_squared;
  std::vector<double> first;  ///< R2 of the predictor alone
  std::vector<double> last;   ///< gain when it enters last
  std::vector<double> vif;
  double r2 = 0;
};

inline constexpr std::size_t kDriversMax = 22;

/// From the correlation matrix of the predictors followed by the outcome, (p + 1) x (p + 1). All 2^p subsets
/// are visited by one depth-first elimination, about 6 * 2^p operations. Errors: bad_input for shapes;
/// too_large above kDriversMax predictors; refused when predictors are collinear or a variable is constant
/// (NaN).
Result<DriverShares> driver_shares(const math::Matrix& correlation, const std::vector<std::string>& names);

/// R2 of every subset of predictors; bit j of the index is predictor j. p <= kDriversMax.
std::vector<double> all_subsets_r2(const math::Matrix& correlation);

struct DriverInterval {
  double low = 0, high = 0;
};
struct DriversResult {
  std::vector<std::string> names;
  DriverShares shares;
  /// Percentile bootstrap of `lmg`, `johnson` and `beta`.
  std::vector<DriverInterval> lmg_ci, johnson_ci, beta_ci;
  std::size_t n = 0;
  double f_p = 0;                   ///< of the whole regression
  std::size_t resampled_units = 0;  ///< rows, or blocks of rows when there are more than 20,000
  std::vector<double> means;        ///< of the predictors: performance
  std::vector<double> mean_se;
  double outcome_mean = 0;
};

struct DriversOptions {
  std::size_t replicates = 500;  ///< 0 for no intervals
  std::uint64_t seed = 1;
  unsigned threads = 1;
  double level = 0.95;
};

/// `x` rows x p complete, `y` the outcome. Errors: as driver_shares; refused for fewer than p + 3 rows,
/// naming a constant column.
Result<DriversResult> drivers(const math::Matrix& x, const math::Vector& y,
                              const std::vector<std::string>& names, const DriversOptions& options = {});

/// The importance-performance map (Martilla & James 1977, J. of Marketing 41:77-79).
enum class IpaQuadrant { concentrate_here, keep_up, low_priority, possible_overkill };
std::string_view quadrant_name(IpaQuadrant quadrant);
struct IpaPoint {
  std::string name;
  double importance = 0, performance = 0;
  IpaQuadrant quadrant = IpaQuadrant::keep_up;
};
struct IpaMap {
  std::vector<IpaPoint> points;
  double importance_line = 0, performance_line = 0;  ///< the means, or what was asked for
};
/// Lines at the mean of each axis unless given (NaN = mean). Errors: bad_input for unequal lengths or fewer
/// than 2 items.
Result<IpaMap> importance_performance(const std::vector<std::string>& names,
                                      const std::vector<double>& importance,
                                      const std::vector<double>& performance, double importance_line,
                                      double performance_line);

}  // namespace rapport::study
