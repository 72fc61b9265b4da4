#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

namespace rapport::learn {

/// TIFU-KNN: Hu, He, Gao & Zhang (2020, SIGIR, "Modeling personalized item frequency information for
/// next-basket recommendation"). A customer's vector (eq. 1-3): her baskets in groups of m, the first group
/// taking what is left; within a group the j-th of m baskets weighs r_b^(m-j), the group's vector is their
/// mean; the i-th of k groups weighs r_g^(k-i), the customer's vector is their mean. The prediction (eq. 4)
/// is alpha x her vector + (1 - alpha) x the mean vector of her nearest neighbours (Euclid). It keeps a row
/// for every customer: a line to beat in evaluation, not something that ships as an artefact.
struct TifuOptions {
  unsigned group = 7;         ///< m
  double basket_decay = 0.9;  ///< r_b
  double group_decay = 0.7;   ///< r_g
  double alpha = 0.7;
  std::size_t neighbours = 300;
};

class TifuKnn : public Recommender {
 public:
  TifuKnn(const Interactions& interactions, const TifuOptions& options);
  void score(const History& history, std::span<double> scores) const override;

  struct Cell {
    std::uint32_t index = 0;  ///< an item, or in the inverted lists a customer
    double value = 0;
  };
  using Row = std::vector<Cell>;
  /// Ascending by item.
  static Row vector_of(std::span<const Interaction> events, const TifuOptions& options);

 private:
  TifuOptions options_;
  std::vector<Row> customers_;   ///< those with a history
  std::vector<Row> holders_;     ///< by item
  std::vector<double> squares_;  ///< squared length by customer
};

Result<std::unique_ptr<const Recommender>> train_tifu_knn(const ModelSpec& spec,
                                                          const Interactions& interactions,
                                                          const TrainContext& context);

}  // namespace rapport::learn
