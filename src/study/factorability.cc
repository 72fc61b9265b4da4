#include "study/factorability.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "math/distributions.h"
#include "math/resample.h"
#include "math/variates.h"

namespace rapport::study {

using math::Matrix;
using math::Vector;

Result<Factorability> factorability(const Matrix& r, std::int64_t n) {
  const auto factor = math::Cholesky::of(r);
  if (!factor.ok()) {
    return Error{Errc::refused, "singular correlations: an item is a combination of the others", "items",
                 "items that are not combinations of one another"};
  }
  const Eigen::Index p = r.rows();
  const Matrix inverse = factor->inverse();
  Factorability f;
  f.item_kmo.resize(p);
  double all_r = 0, all_q = 0;
  for (Eigen::Index i = 0; i < p; ++i) {
    double own_r = 0, own_q = 0;
    for (Eigen::Index j = 0; j < p; ++j) {
      if (i == j) continue;
      const double q = inverse(i, j) / std::sqrt(inverse(i, i) * inverse(j, j));
      own_r += r(i, j) * r(i, j);
      own_q += q * q;
    }
    f.item_kmo[i] = own_r / (own_r + own_q);
    all_r += own_r;
    all_q += own_q;
  }
  f.kmo = all_r / (all_r + all_q);
  const auto items = static_cast<double>(p);
  f.bartlett = -(static_cast<double>(n) - 1 - (2 * items + 5) / 6) * factor->log_determinant();
  f.df = items * (items - 1) / 2;
  f.pvalue = math::chi2_sf(f.bartlett, f.df);
  f.eigenvalues = math::symmetric_eigen(r).values;
  return f;
}

ParallelAnalysis parallel_analysis(const Vector& eigenvalues, std::int64_t n, int draws, std::uint64_t seed,
                                   unsigned threads) {
  const Eigen::Index p = eigenvalues.size();
  Matrix drawn(draws, p);
  math::parallel_for(static_cast<std::size_t>(draws), threads, [&](std::size_t i) {
    Random random(mix64(seed ^ mix64(i + 1)));
    Matrix lower = Matrix::Zero(p, p);
    for (Eigen::Index row = 0; row < p; ++row) {
      for (Eigen::Index column = 0; column < row; ++column) lower(row, column) = math::draw_normal(random);
      lower(row, row) = std::sqrt(math::draw_chi2(random, static_cast<double>(n - 1 - row)));
    }
    const Matrix r = math::correlation_of(lower * lower.transpose());
    drawn.row(static_cast<Eigen::Index>(i)) = math::symmetric_eigen(r).values.transpose();
  });
  ParallelAnalysis result;
  result.mean = drawn.colwise().mean();
  result.percentile.resize(p);
  for (Eigen::Index j = 0; j < p; ++j) {
    std::vector<double> column(drawn.col(j).begin(), drawn.col(j).end());
    std::sort(column.begin(), column.end());
    result.percentile[j] = math::quantile_sorted(column, 0.95);
  }
  while (result.factors < p && eigenvalues[result.factors] > result.percentile[result.factors])
    ++result.factors;
  return result;
}

}  // namespace rapport::study
