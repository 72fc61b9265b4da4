#include "study/detail/row_products.h"

namespace rapport::study::detail {

RowProducts::RowProducts(const math::Matrix& rows) : columns_(static_cast<int>(rows.cols())) {
  const math::Matrix centred = rows.rowwise() - rows.colwise().mean();
  width_ = static_cast<std::size_t>(columns_ * (columns_ + 3) / 2);
  cells_.assign(static_cast<std::size_t>(rows.rows()) * width_, 0);
  double* out = cells_.data();
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    for (int i = 0; i < columns_; ++i) *out++ = centred(row, i);
    for (int i = 0; i < columns_; ++i) {
      for (int j = 0; j <= i; ++j) *out++ = centred(row, i) * centred(row, j);
    }
  }
}

void RowProducts::covariance(std::span<const std::uint32_t> draw, std::vector<double>& sums, double ddof,
                             math::Matrix& s) const {
  sums.assign(width_, 0);
  double* to = sums.data();
  for (const std::uint32_t row : draw) {
    const double* from = cells_.data() + row * width_;
    for (std::size_t k = 0; k < width_; ++k) to[k] += from[k];
  }
  const double n = static_cast<double>(draw.size());
  const double* product = to + columns_;
  for (int i = 0; i < columns_; ++i) {
    for (int j = 0; j <= i; ++j) s(i, j) = s(j, i) = (*product++ - to[i] * to[j] / n) / (n - ddof);
  }
}

}  // namespace rapport::study::detail
