#pragma once

#include <cstddef>
#include <span>

#include "math/linear.h"

/// Means and covariances of columns that may have missing cells (NaN), in one streaming pass over long data.
namespace rapport::math {

enum class MissingRule {
  listwise,  ///< a row with any missing cell is left out of everything
  pairwise,  ///< each pair of columns uses the rows where both are present
};

struct ColumnMoments {
  Vector means;                   ///< of the rows used (pairwise: of each column's own present cells)
  Matrix covariance;              ///< divided by its own count - 1; NaN where that count is below 2
  Matrix counts;                  ///< rows used by each pair; the diagonal counts each column's own
  std::size_t rows = 0;           ///< rows given
  std::size_t rows_complete = 0;  ///< rows without a missing cell
};

/// `columns` are of equal length. The covariance of a pair uses the means of that pair's own rows (R's
/// cov(use = "pairwise.complete.obs")). Work is cut into fixed blocks that are summed in order, so any number
/// of threads gives the same bits. Values must be finite or NaN.
ColumnMoments column_moments(std::span<const std::span<const double>> columns, MissingRule rule,
                             unsigned threads = 1);

}  // namespace rapport::math
