#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Groups of alike rows by k-means, with the number of groups chosen in the open. Pure, thread-safe.
namespace rapport::study {

/// One candidate number of groups.
struct ClusterTrial {
  int k = 0;
  double within = 0;  ///< sum of squares within groups, as a share of the total
  /// Calinski & Harabasz (1974), Communications in Statistics 3:1-27: between over within, each by its df.
  double calinski_harabasz = 0;
  /// Simplified silhouette (Hruschka, de Castro & Campello 2004): mean of (b - a) / max(a, b) with a, b the
  /// distances to the own and the nearest other centre; -1 .. 1.
  double silhouette = 0;
  double smallest = 0;  ///< share of rows in the smallest group
};

struct Clustering {
  int k = 0;
  std::vector<int> group;  ///< of each row, 0 the largest group
  std::vector<double> size;
  math::Matrix centres;  ///< k x p, in standard deviations from the mean of all rows
  std::vector<ClusterTrial> trials;
};

struct ClusterOptions {
  int k_most = 8;
  double smallest = 0.02;  ///< a k with a smaller group is not taken
  int starts = 4;
  int rounds = 60;
  std::uint64_t seed = 1;
};

/// Columns are standardised; a column that does not vary is left out of the distances. Starts by k-means++
/// (Arthur & Vassilvitskii 2007, SODA), rounds by Lloyd (1982). The k of the largest silhouette among those
/// without a tiny group is taken. Errors: refused for fewer than 50 rows, or when no column varies.
Result<Clustering> cluster_rows(const math::Matrix& x, const ClusterOptions& options = {});

}  // namespace rapport::study
