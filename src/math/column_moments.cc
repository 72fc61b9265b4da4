#include "math/column_moments.h"

#include <cmath>

#include "base/assert.h"
#include "math/resample.h"

// The wide clone does the same additions in the same order as the plain one (four lanes, no fused
// operations), so the bits do not depend on the processor. Sanitizers cannot start before the resolver runs,
// hence the exception.
#if defined(__x86_64__) && !defined(RAPPORT_SANITIZED) && !defined(__SANITIZE_ADDRESS__)
#define RAPPORT_WIDE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RAPPORT_WIDE_CLONES
#endif

namespace rapport::math {
namespace {

constexpr std::size_t kBlockRows = 256;  ///< one packed block stays in the second-level cache
constexpr std::size_t kChunkRows =
    32768;  ///< the unit of parallel work, fixed so that sums do not depend on threads
constexpr std::size_t kLanes = 4;

using Lane = double __attribute__((vector_size(kLanes * sizeof(double)), aligned(8)));

/// gram(i, j) += dot(a_i, b_j) for packed columns of kBlockRows cells; `k` is a multiple of 4. Row-major k x
/// k, only tiles that touch j <= i are made when `lower_only`.
RAPPORT_WIDE_CLONES
void add_products(const double* a, const double* b, std::size_t k, bool lower_only, double* gram) {
  for (std::size_t i = 0; i < k; i += 4) {
    const std::size_t j_end = lower_only ? i + 4 : k;
    for (std::size_t j = 0; j < j_end; j += 2) {
      Lane sum[4][2] = {};
      const double* ai = a + i * kBlockRows;
      const double* bj = b + j * kBlockRows;
      for (std::size_t r = 0; r < kBlockRows; r += kLanes) {
        const Lane b0 = *reinterpret_cast<const Lane*>(bj + r);
        const Lane b1 = *reinterpret_cast<const Lane*>(bj + kBlockRows + r);
        for (std::size_t q = 0; q < 4; ++q) {
          const Lane aq = *reinterpret_cast<const Lane*>(ai + q * kBlockRows + r);
          sum[q][0] += aq * b0;
          sum[q][1] += aq * b1;
        }
      }
      for (std::size_t q = 0; q < 4; ++q) {
        for (std::size_t s = 0; s < 2; ++s) {
          const Lane v = sum[q][s];
          gram[(i + q) * k + j + s] += (v[0] + v[1]) + (v[2] + v[3]);
        }
      }
    }
  }
}

/// What one chunk of rows adds up to, about the shift of each column.
struct Sums {
  std::vector<double> cross;  ///< k x k, lower: sum of x_i x_j where both present
  std::vector<double> sum;  ///< k x k: sum of x_i where j is present too (only filled from blocks with gaps)
  std::vector<double> count;   ///< k x k, lower: rows where both present (only from blocks with gaps)
  std::vector<double> totals;  ///< k: sum of x_i over blocks without gaps
  double rows = 0;             ///< rows of blocks without gaps
  double complete = 0;
};

class Accumulator {
 public:
  Accumulator(std::span<const std::span<const double>> columns, MissingRule rule,
              const std::vector<double>& shift)
      : columns_(columns), rule_(rule), shift_(shift), k_((columns.size() + 3) / 4 * 4) {
    sums_.cross.assign(k_ * k_, 0);
    sums_.totals.assign(k_, 0);
    if (rule == MissingRule::pairwise) {
      sums_.sum.assign(k_ * k_, 0);
      sums_.count.assign(k_ * k_, 0);
    }
    packed_.assign(k_ * kBlockRows, 0);
  }

  Sums run(std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; row += kBlockRows) block(row, std::min(last, row + kBlockRows));
    return std::move(sums_);
  }

 private:
  void block(std::size_t first, std::size_t last) {
    const std::size_t rows = last - first;
    double poison = 0;  // NaN as soon as one cell is
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const double* from = columns_[c].data() + first;
      double* to = packed_.data() + c * kBlockRows;
      double total = 0;
      for (std::size_t r = 0; r < rows; ++r) total += to[r] = from[r] - shift_[c];
      for (std::size_t r = rows; r < kBlockRows; ++r) to[r] = 0;
      poison += total * 0;
      block_totals_[c] = total;
    }
    if (std::isnan(poison)) return gapped_block(rows);
    for (std::size_t c = 0; c < columns_.size(); ++c) sums_.totals[c] += block_totals_[c];
    sums_.rows += static_cast<double>(rows);
    sums_.complete += static_cast<double>(rows);
    add_products(packed_.data(), packed_.data(), k_, true, sums_.cross.data());
  }

  void gapped_block(std::size_t rows) {
    keep_.assign(rows, 1);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      for (std::size_t r = 0; r < rows; ++r)
        keep_[r] &= static_cast<char>(!std::isnan(packed_[c * kBlockRows + r]));
    }
    std::size_t kept = 0;
    for (const char keep : keep_) kept += static_cast<std::size_t>(keep);
    sums_.complete += static_cast<double>(kept);
    if (rule_ == MissingRule::pairwise) return pairwise_block(rows);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      double* cells = packed_.data() + c * kBlockRows;
      std::size_t to = 0;
      for (std::size_t r = 0; r < rows; ++r) {
        if (keep_[r]) {
          sums_.totals[c] += cells[r];
          cells[to++] = cells[r];
        }
      }
      std::fill(cells + to, cells + kBlockRows, 0.0);
    }
    sums_.rows += static_cast<double>(kept);
    add_products(packed_.data(), packed_.data(), k_, true, sums_.cross.data());
  }

  void pairwise_block(std::size_t rows) {
    present_.assign(k_ * kBlockRows, 0);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      double* cells = packed_.data() + c * kBlockRows;
      for (std::size_t r = 0; r < rows; ++r) {
        const bool missing = std::isnan(cells[r]);
        present_[c * kBlockRows + r] = missing ? 0 : 1;
        if (missing) cells[r] = 0;
      }
    }
    add_products(packed_.data(), packed_.data(), k_, true, sums_.cross.data());
    add_products(packed_.data(), present_.data(), k_, false, sums_.sum.data());
    add_products(present_.data(), present_.data(), k_, true, sums_.count.data());
  }

  std::span<const std::span<const double>> columns_;
  MissingRule rule_;
  const std::vector<double>& shift_;
  std::size_t k_;
  Sums sums_;
  std::vector<double> packed_, present_;
  std::vector<char> keep_;
  std::vector<double> block_totals_ = std::vector<double>(columns_.size(), 0.0);
};

/// A value near each column's mean, from up to 512 rows spread over the data.
std::vector<double> shifts(std::span<const std::span<const double>> columns, std::size_t rows) {
  std::vector<double> shift(columns.size(), 0);
  const std::size_t stride = std::max<std::size_t>(1, rows / 512);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    double sum = 0, n = 0;
    for (std::size_t r = 0; r < rows; r += stride) {
      if (std::isnan(columns[c][r])) continue;
      sum += columns[c][r];
      n += 1;
    }
    shift[c] = n > 0 ? sum / n : 0;
  }
  return shift;
}

void add(std::vector<double>& to, const std::vector<double>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

ColumnMoments finish(const Sums& sums, const std::vector<double>& shift, std::size_t p, MissingRule rule) {
  const std::size_t k = (p + 3) / 4 * 4;
  ColumnMoments m;
  const auto size = static_cast<Eigen::Index>(p);
  m.means.resize(size);
  m.covariance.resize(size, size);
  m.counts.resize(size, size);
  m.rows_complete = static_cast<std::size_t>(sums.complete);
  const bool pairwise = rule == MissingRule::pairwise;
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double n = sums.rows + (pairwise ? sums.count[i * k + j] : 0);
      const double si = sums.totals[i] + (pairwise ? sums.sum[i * k + j] : 0);
      const double sj = sums.totals[j] + (pairwise ? sums.sum[j * k + i] : 0);
      const double cov = n < 2 ? std::nan("") : (sums.cross[i * k + j] - si * sj / n) / (n - 1);
      const auto a = static_cast<Eigen::Index>(i), b = static_cast<Eigen::Index>(j);
      m.covariance(a, b) = m.covariance(b, a) = cov;
      m.counts(a, b) = m.counts(b, a) = n;
      if (i == j) m.means[a] = shift[i] + si / n;
    }
  }
  return m;
}

}  // namespace

ColumnMoments column_moments(std::span<const std::span<const double>> columns, MissingRule rule,
                             unsigned threads) {
  ASSERT(!columns.empty());
  const std::size_t rows = columns[0].size();
  for (const auto& column : columns) ASSERT(column.size() == rows);
  const std::vector<double> shift = shifts(columns, rows);
  const std::size_t chunks = std::max<std::size_t>(1, (rows + kChunkRows - 1) / kChunkRows);
  std::vector<Sums> parts(chunks);
  parallel_for(chunks, threads, [&](std::size_t i) {
    parts[i] = Accumulator(columns, rule, shift).run(i * kChunkRows, std::min(rows, (i + 1) * kChunkRows));
  });
  Sums total = std::move(parts[0]);
  for (std::size_t i = 1; i < chunks; ++i) {
    add(total.cross, parts[i].cross);
    add(total.sum, parts[i].sum);
    add(total.count, parts[i].count);
    add(total.totals, parts[i].totals);
    total.rows += parts[i].rows;
    total.complete += parts[i].complete;
  }
  ColumnMoments m = finish(total, shift, columns.size(), rule);
  m.rows = rows;
  return m;
}

}  // namespace rapport::math
