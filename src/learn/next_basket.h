#pragma once

#include <memory>

#include "learn/neighbours.h"
#include "learn/recommender.h"

/// What a customer takes again: models of her own history.
namespace rapport::learn {

/// In how many of her baskets an item was, newer ones counting more: the n-th last basket counts
/// 2^-(n / halflife); without a halflife all alike.
class PersonalFrequency : public Recommender {
 public:
  explicit PersonalFrequency(double halflife) : halflife_(halflife) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);

 private:
  double halflife_;
};

/// Who bought an item now and then buys it again when it runs out. The time between two purchases of an item
/// is log-logistic: its median is the customer's own mean interval pulled to the item's (and that to all
/// items') with the weight of `strength` intervals, its shape one integer. The score is P(she ever buys it
/// again) x P(within her usual time between baskets | not bought for as long as it is), after the two factors
/// of Bhagat, Muralidharan, Lobzhanidze & Vishwanath (2018, KDD, "Buy it again", eq. 1).
class DueModel : public Recommender {
 public:
  struct Item {
    double interval_days = 0;  ///< median of the time between two purchases
    double again = 0;          ///< probability that one more purchase follows
  };
  /// What is due of her history, by item number.
  struct Due {
    std::uint32_t item = 0;
    double score = 0;
    std::int64_t last_ms = 0;  ///< she bought it last
    double interval_days = 0;  ///< and buys it so often
  };
  std::vector<Due> due(const History& history) const;
  const Item& item(std::uint32_t item) const { return items_[item]; }
  DueModel(std::vector<Item> items, double strength, unsigned shape)
      : items_(std::move(items)), strength_(strength), shape_(shape) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);

 private:
  friend class NextBasket;
  static Result<DueModel> read(ByteReader& in, std::size_t items);
  std::vector<Item> items_;
  double strength_;
  unsigned shape_;
};

/// The next basket without a row of any customer. Four shares, each adding up to one over the items:
///   own x ((1 - due) frequency + due x DueModel) + (1 - own) x (like x neighbours + (1 - like) x popularity)
/// Frequency is PersonalFrequency's; the neighbours are those of the items she has, weighed by that
/// frequency, and stand where TIFU-KNN asks for like customers.
class NextBasket : public Recommender {
 public:
  struct Weights {
    double own = 0.8, due = 0.3, like = 0.3;  ///< each in [0, 1]
  };
  const DueModel& due_model() const { return due_; }
  NextBasket(PersonalFrequency frequency, DueModel due, NeighbourLists neighbours,
             std::vector<double> popularity, Weights weights)
      : frequency_(frequency),
        due_(std::move(due)),
        neighbours_(std::move(neighbours)),
        popularity_(std::move(popularity)),
        weights_(weights) {}
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);

 private:
  PersonalFrequency frequency_;
  DueModel due_;
  NeighbourLists neighbours_;
  std::vector<double> popularity_;
  Weights weights_;
};

/// Settings "strength" and "shape". Errors: refused when nobody bought anything twice.
Result<DueModel> learn_due(const ModelSpec& spec, const Interactions& interactions);

Result<std::unique_ptr<const Recommender>> train_next_basket(const ModelSpec& spec,
                                                             const Interactions& interactions,
                                                             const TrainContext& context);
Result<std::unique_ptr<const Recommender>> train_personal(const ModelSpec& spec,
                                                          const Interactions& interactions,
                                                          const TrainContext& context);
Result<std::unique_ptr<const Recommender>> train_due(const ModelSpec& spec, const Interactions& interactions,
                                                     const TrainContext& context);

}  // namespace rapport::learn
