#include "learn/detail/customer_pool.h"

#include <algorithm>
#include <cmath>

#include "math/distributions.h"
#include "math/resample.h"

namespace rapport::learn::detail {
namespace {

constexpr std::uint32_t kNoRow = ~0u;

}  // namespace

CustomerPool::CustomerPool(std::size_t customers, std::size_t columns)
    : columns_(columns), row_of_(customers, kNoRow) {}

void CustomerPool::add(std::uint32_t customer, std::size_t column, double value) {
  std::uint32_t& row = row_of_[customer];
  if (row == kNoRow) {
    row = static_cast<std::uint32_t>(rows_++);
    sums_.resize(rows_ * columns_, 0);
    counts_.resize(rows_ * columns_, 0);
  }
  if (std::isnan(value)) return;
  sums_[row * columns_ + column] += value;
  counts_[row * columns_ + column] += 1;
}

double CustomerPool::mean(std::size_t column) const {
  double sum = 0, count = 0;
  for (std::size_t row = 0; row < rows_; ++row) {
    sum += sums_[row * columns_ + column];
    count += counts_[row * columns_ + column];
  }
  return sum / count;  // 0 / 0 is NaN: no value
}

Status CustomerPool::resample(std::size_t replicates, std::uint64_t seed, unsigned threads, double level) {
  level_ = level;
  const auto statistic = [this](std::span<const std::uint32_t> rows, std::span<double> out) {
    std::vector<double> counts(columns_, 0);
    std::fill(out.begin(), out.end(), 0);
    for (const std::uint32_t row : rows) {
      const double* sum = sums_.data() + row * columns_;
      const double* count = counts_.data() + row * columns_;
      for (std::size_t c = 0; c < columns_; ++c) {
        out[c] += sum[c];
        counts[c] += count[c];
      }
    }
    for (std::size_t c = 0; c < columns_; ++c) out[c] = counts[c] > 0 ? out[c] / counts[c] : 0;
    return true;
  };
  RAPPORT_TRY(math::Draws draws,
              math::bootstrap(rows_, columns_, statistic,
                              {.replicates = replicates, .seed = seed, .threads = threads}));
  draws_ = std::move(draws.values);
  return {};
}

Estimate CustomerPool::estimate(std::size_t column) const {
  std::vector<double> draws;
  for (std::size_t at = column; at < draws_.size(); at += columns_) draws.push_back(draws_[at]);
  std::sort(draws.begin(), draws.end());
  const double centre = mean(column);
  if (std::isnan(centre)) return {centre, centre, centre};
  const math::Interval interval = math::percentile_interval(draws, level_);
  return {centre, interval.low, interval.high};
}

Estimate CustomerPool::difference(std::size_t column, std::size_t other) const {
  std::vector<double> draws;
  for (std::size_t start = 0; start < draws_.size(); start += columns_)
    draws.push_back(draws_[start + column] - draws_[start + other]);
  std::sort(draws.begin(), draws.end());
  const math::Interval interval = math::percentile_interval(draws, level_);
  return {mean(column) - mean(other), interval.low, interval.high};
}

double CustomerPool::paired_p(std::size_t column, std::size_t other) const {
  std::vector<double> differences;
  double sum = 0;
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::size_t a = row * columns_ + column, b = row * columns_ + other;
    if (counts_[a] == 0 || counts_[b] == 0) continue;
    differences.push_back(sums_[a] / counts_[a] - sums_[b] / counts_[b]);
    sum += differences.back();
  }
  const double n = static_cast<double>(differences.size());
  const double deviation = math::standard_deviation(differences);
  if (n < 2 || deviation == 0) return sum == 0 ? 1 : 0;
  return math::two_sided_t_p(sum / n / (deviation / std::sqrt(n)), n - 1);
}

}  // namespace rapport::learn::detail
