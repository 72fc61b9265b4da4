#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

namespace rapport::learn {

/// A linear model of items on items without a diagonal, in closed form: with P = (X^T X + lambda I)^-1, B =
/// -P / diag(P), 0 on the diagonal (Steck 2019, WWW, "Embarrassingly shallow autoencoders for sparse data",
/// eq. 8). Time is cubic and memory quadratic in the items, so it covers only the most popular `items` of
/// them; the others come last.
class Ease : public Recommender {
 public:
  Ease(std::vector<std::uint32_t> items, std::vector<float> weights, double halflife);
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);
  /// Of the items it covers, by number up to the last of them, for a customer with `seen` weighing `weights`;
  /// 0 for the others.
  std::vector<double> scores_of(std::span<const std::uint32_t> seen, std::span<const double> weights) const;
  /// What each thing she has adds to the scores of `items`, a row an item: weight x B(seen, item).
  std::vector<double> contributions(std::span<const std::uint32_t> seen, std::span<const double> weights,
                                    std::span<const std::uint32_t> items) const;

 private:
  std::uint32_t row_of(std::uint32_t item) const;
  std::vector<std::uint32_t> items_;  ///< item by row
  std::vector<std::uint32_t> rows_;   ///< row by item, where there is one
  std::vector<float> weights_;        ///< B, row-major
  double halflife_;
};

Result<std::unique_ptr<const Recommender>> train_ease(const ModelSpec& spec, const Interactions& interactions,
                                                      const TrainContext& context);

}  // namespace rapport::learn
