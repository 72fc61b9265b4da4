#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "learn/evaluate.h"

namespace rapport::learn::detail {

/// Values of many columns by customer, over seeds; their means and the bootstrap that draws whole customers,
/// the same draws for all columns, so that differences are paired.
class CustomerPool {
 public:
  CustomerPool(std::size_t customers, std::size_t columns);
  /// NaN is no value.
  void add(std::uint32_t customer, std::size_t column, double value);
  /// Draws once; estimates and differences follow from it.
  Status resample(std::size_t replicates, std::uint64_t seed, unsigned threads, double level);
  /// The mean over all values and its percentile interval; NaN without values.
  Estimate estimate(std::size_t column) const;
  /// Mean of `column` less mean of `other`.
  Estimate difference(std::size_t column, std::size_t other) const;
  /// Two-sided p of a paired t test over customers who have both.
  double paired_p(std::size_t column, std::size_t other) const;
  std::size_t customers() const { return rows_; }

 private:
  double mean(std::size_t column) const;
  std::size_t columns_, rows_ = 0;
  std::vector<std::uint32_t> row_of_;  ///< by customer
  std::vector<double> sums_, counts_;  ///< rows x columns
  std::vector<double> draws_;          ///< replicates x columns
  double level_ = 0.95;
};

}  // namespace rapport::learn::detail
