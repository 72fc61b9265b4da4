#pragma once

#include <memory>
#include <vector>

#include "learn/recommender.h"

namespace rapport::learn {

/// "Whoever takes A takes B": the counts of a rule between two items. With n baskets (PairRules::baskets),
/// confidence = both / left, lift = both n / (left right).
struct PairRule {
  std::uint32_t item = 0;  ///< B
  std::uint32_t both = 0, left = 0, right = 0;
  float q =
      1;  ///< the smallest false discovery rate at which the rule stands, over all pairs that were tested
};

/// Rules between pairs of items, by antecedent: what goes with what she took, with the counts that a reason
/// names. Only rules that stand at a false discovery rate of 5 % and whose lift is above 1.
class PairRules : public Recommender {
 public:
  /// `begins` has one place more than there are items; rules of an item by falling added().
  PairRules(std::uint64_t baskets, std::vector<std::size_t> begins, std::vector<PairRule> rules)
      : baskets_(baskets), begins_(std::move(begins)), rules_(std::move(rules)) {}
  /// For every item of her last basket: the best added() of a rule that leads there.
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);

  std::uint64_t baskets() const { return baskets_; }
  std::span<const PairRule> of(std::uint32_t item) const {
    return {rules_.data() + begins_[item], begins_[item + 1] - begins_[item]};
  }
  double confidence(const PairRule& rule) const { return static_cast<double>(rule.both) / rule.left; }
  double lift(const PairRule& rule) const {
    return static_cast<double>(rule.both) * static_cast<double>(baskets_) /
           (static_cast<double>(rule.left) * rule.right);
  }
  /// Confidence less the share of baskets that hold B anyway: what A adds.
  double added(const PairRule& rule) const {
    return confidence(rule) - static_cast<double>(rule.right) / static_cast<double>(baskets_);
  }

 private:
  std::uint64_t baskets_;
  std::vector<std::size_t> begins_;
  std::vector<PairRule> rules_;
};

/// Settings: count (baskets that must hold both, default 3), most (rules kept of an item, default 50).
/// Errors: refused when no rule stands.
Result<std::unique_ptr<const Recommender>> train_pair_rules(const ModelSpec& spec,
                                                            const Interactions& interactions,
                                                            const TrainContext& context);

}  // namespace rapport::learn
