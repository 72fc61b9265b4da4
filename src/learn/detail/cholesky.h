#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

/// A small positive definite system by Cholesky, column by column in one fixed order: the same bits
/// everywhere.
namespace rapport::learn::detail {

/// `columns` holds the lower half of A, entry (r, c) at c n + r; it becomes L with A = L L^T. False when A is
/// not positive definite, as only a damaged model's is.
[[nodiscard]] inline bool factor_cholesky(std::vector<double>& columns, std::size_t n) {
  for (std::size_t c = 0; c < n; ++c) {
    double* column = columns.data() + c * n;
    if (!(column[c] > 0)) return false;
    const double root = std::sqrt(column[c]);
    for (std::size_t r = c; r < n; ++r) column[r] /= root;
    for (std::size_t k = c + 1; k < n; ++k) {
      double* later = columns.data() + k * n;
      const double times = column[k];
      for (std::size_t r = k; r < n; ++r) later[r] -= times * column[r];
    }
  }
  return true;
}

/// `values` becomes L^-1 values.
inline void solve_lower(const std::vector<double>& columns, std::size_t n, std::span<double> values) {
  for (std::size_t c = 0; c < n; ++c) {
    const double* column = columns.data() + c * n;
    const double value = values[c] /= column[c];
    for (std::size_t r = c + 1; r < n; ++r) values[r] -= value * column[r];
  }
}

}  // namespace rapport::learn::detail
