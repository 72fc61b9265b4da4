#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learn/detail/text_features.h"

namespace rapport::learn {

/// Sparse rows one after the other: row i is entries[begins[i]] up to entries[begins[i + 1]].
struct SparseRows {
  std::vector<std::size_t> begins = {0};
  std::vector<TextEntry> entries;
  std::size_t rows() const { return begins.size() - 1; }
  std::span<const TextEntry> row(std::size_t i) const {
    return std::span(entries).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void add(std::span<const TextEntry> row) {
    entries.insert(entries.end(), row.begin(), row.end());
    begins.push_back(entries.size());
  }
};

struct SvmOptions {
  double cost = 1;         ///< of a row on the wrong side of the margin, beside half the weights' square
  double tolerance = 0.1;  ///< on the projected gradient of the dual, as its authors advise
  int sweeps_most = 200;
  std::uint64_t seed = 0;  ///< of the order in which rows are visited
};

/// Weights of min ½|w|² + C Σ max(0, 1 - y (w·x + b))² by coordinate descent in the dual with shrinking
/// (Hsieh, Chang, Lin, Keerthi & Sundararajan 2008, ICML, 408-415), the bias as a column of ones. `sides`
/// holds +1 or -1 a row. Gives columns + 1 values, the bias last. The same rows, options and seed give the
/// same bits.
std::vector<double> train_linear_svm(const SparseRows& rows, std::size_t columns,
                                     std::span<const std::int8_t> sides, const SvmOptions& options);

}  // namespace rapport::learn
