#pragma once

#include <array>
#include <memory>
#include <vector>

#include "learn/next_basket.h"
#include "learn/recommender.h"

namespace rapport::learn {

/// The next basket out of her own habits, with weights that are learned. Every item of her history and the
/// `kTrending` items that many take lately are described by a few numbers (how often, how lately, in baskets
/// and in days; how near the end of its usual interval, by DueModel's log-logistic time; how often anybody
/// takes it again; how many take it lately) and scored by one weighted sum. The weights maximise the
/// likelihood of a conditional logit (McFadden 1974, "Conditional logit analysis of qualitative choice
/// behavior", eq. 6-8) over the last baskets of the training data: what was in the basket against what might
/// have been, given the baskets before it. Facts about items are taken from what lies before those baskets
/// while weights are learned, and from everything afterwards. Keeps no row of any customer.
class Habits : public Recommender {
 public:
  static constexpr std::size_t kFeatures = 18;
  static constexpr std::size_t kTrending = 100;
  using Features = std::array<double, kFeatures>;

  /// What is known of an item without looking at who asks.
  struct Item {
    double interval_days = 0;  ///< median of the time between two purchases
    double again = 0;          ///< log of the probability that one more purchase follows
    double trend = 0;          ///< log of how many took it, newer ones counting more
  };
  struct Facts {
    std::vector<Item> items;
    std::vector<std::uint32_t> trending;  ///< items, most trending first
    double strength = 2;                  ///< intervals' weight of the item's in her own
  };
  struct Candidate {
    std::uint32_t item = 0;
    double score = 0;  ///< > 0
  };

  /// A thing of hers that she may take again.
  struct Repeat {
    std::uint32_t item = 0;
    double odds = 0;           ///< of taking it next, the likeliest of hers having 1
    std::int64_t last_ms = 0;  ///< she took it last
    double interval_days = 0;  ///< and takes it so often: her own mean pulled to the item's
  };

  Habits(Facts facts, const Features& weights) : facts_(std::move(facts)), weights_(weights) {}
  /// Everything that has a score, in no particular order of scores.
  void candidates(const History& history, std::vector<Candidate>& found) const;
  /// What she had before, the likeliest first; ties by number. Any history, also an empty one.
  std::vector<Repeat> repeats(const History& history) const;
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);
  const Features& weights() const { return weights_; }

 private:
  Facts facts_;
  Features weights_;
};

/// Errors: refused when nobody bought anything twice, or no customer has three baskets.
Result<std::unique_ptr<const Recommender>> train_habits(const ModelSpec& spec,
                                                        const Interactions& interactions,
                                                        const TrainContext& context);

}  // namespace rapport::learn
