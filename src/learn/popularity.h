#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

namespace rapport::learn {

/// What many take. Scores do not depend on the history: the last rung of the cold-start ladder.
class Popularity : public Recommender {
 public:
  explicit Popularity(std::vector<double> shares) : shares_(std::move(shares)) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);
  std::span<const double> shares() const { return shares_; }

 private:
  std::vector<double> shares_;
};

/// A share of few events pulled to the parent's: (count + strength x parent share) / (total + strength), the
/// mean of a Dirichlet posterior. A region without events has its parent's shares. `counts` and `parent` of
/// one length.
std::vector<double> shrink_to_parent(std::span<const double> counts, std::span<const double> parent,
                                     double strength);

Result<std::unique_ptr<const Recommender>> train_popularity(const ModelSpec& spec,
                                                            const Interactions& interactions,
                                                            const TrainContext& context);
/// Recent events count by their age (`halflife` days), pulled to the shares of all time with the strength of
/// `strength` events.
Result<std::unique_ptr<const Recommender>> train_trend(const ModelSpec& spec,
                                                       const Interactions& interactions,
                                                       const TrainContext& context);

}  // namespace rapport::learn
