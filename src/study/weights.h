#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Weights of items from data, and how stable a ranking of services is across weighting schemes. Pure,
/// thread-safe. `x` is always respondents (or alternatives) x items without missing values, larger meaning
/// better. Each function refuses an item that does not vary, naming it.
namespace rapport::study {

/// One way of weighting the items; weights are >= 0 and sum to 1.
struct WeightScheme {
  std::string name;
  std::vector<double> weights;
};

/// Shannon (1948) entropy of each item's shares p_ij = x_ij / sum_i x_ij; weight ~ 1 - entropy / ln n.
/// Errors: refused for a negative value or an item that sums to 0.
Result<std::vector<double>> entropy_weights(const math::Matrix& x, const std::vector<std::string>& names);

/// CRITIC: spread times conflict, sd_j * sum_k (1 - r_jk) on items scaled to [0, 1] (Diakoulaki, Mavrotas &
/// Papayannakis 1995, Computers Ops Res. 22:763-770).
Result<std::vector<double>> critic_weights(const math::Matrix& x, const std::vector<std::string>& names);

struct PcaWeights {
  std::vector<double> weights;          ///< |first component| / sum
  std::vector<double> first_component;  ///< loadings of unit length, sign with a positive largest entry
  std::vector<double> eigenvalues;      ///< of the correlation matrix, from the largest
};
Result<PcaWeights> pca_weights(const math::Matrix& x, const std::vector<std::string>& names);

struct RegressionWeights {
  std::vector<double> weights;  ///< |standardised beta| / sum
  std::vector<double>
      standardised_beta;  ///< may be negative: then the weight misleads, and a report must say so
  double r2 = 0;
};
Result<RegressionWeights> regression_weights(const math::Matrix& x, const math::Vector& y,
                                             const std::vector<std::string>& names);

struct RankStability {
  std::vector<std::vector<double>> index;  ///< scheme x service, 0-100
  std::vector<std::vector<std::size_t>>
      rank;  ///< scheme x service, 1 is best; equal indices share the better rank
  std::vector<std::size_t> best_rank, worst_rank;  ///< per service over the schemes
  double kendall_w = 0;    ///< agreement of the schemes' orders; 1 for a single scheme
  bool same_first = true;  ///< every scheme puts the same service first
};
/// `means` is services x items; `low` and `high` the ends of the scale that become 0 and 100. Errors:
/// bad_input for shapes or low >= high.
Result<RankStability> rank_stability(const math::Matrix& means, const std::vector<WeightScheme>& schemes,
                                     double low, double high);

}  // namespace rapport::study
