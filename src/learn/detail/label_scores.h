#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learn/detail/linear_svm.h"

/// One linear model a label over the same columns.
namespace rapport::learn {

struct LabelScoresOptions {
  bool odds = false;  ///< weigh each feature by how far the label shifts its odds
  double cost = 1;
  std::uint64_t seed = 0;
  unsigned threads = 1;
};

/// Immutable once trained; const access from any thread. With two labels one model serves both.
class LabelScores {
 public:
  /// `labels` holds one of 0 .. count - 1 a row, each at least once.
  static LabelScores train(const SparseRows& rows, std::size_t columns, std::span<const std::uint32_t> labels,
                           std::size_t count, const LabelScoresOptions& options);

  /// A score a label: above 0 on its side.
  std::vector<double> of(std::span<const TextEntry> row) const;

 private:
  std::size_t models_ = 0, labels_ = 0;
  std::vector<float> weights_;    ///< column x model, the row's own weights multiplied in
  std::vector<float> stretches_;  ///< column x model, squared; empty: all 1
  std::vector<double> biases_;
};

}  // namespace rapport::learn
