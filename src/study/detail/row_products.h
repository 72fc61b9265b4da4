#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "math/linear.h"

namespace rapport::study::detail {

/// The products of each row's centred values, so that the moments of a bootstrap draw are sums of rows.
class RowProducts {
 public:
  explicit RowProducts(const math::Matrix& rows);
  /// The covariance of the drawn rows, divided by their number - `ddof`, into `s` (already sized). `sums` is
  /// scratch.
  void covariance(std::span<const std::uint32_t> draw, std::vector<double>& sums, double ddof,
                  math::Matrix& s) const;

 private:
  int columns_;
  std::size_t width_ = 0;
  std::vector<double> cells_;
};

}  // namespace rapport::study::detail
