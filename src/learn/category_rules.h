#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "learn/pair_rules.h"

namespace rapport::learn {

/// "Whoever takes something of A takes something of B": pair rules between the categories of items, which
/// stand where the single items are too thin (Srikant & Agrawal 1995, VLDB, section 1).
class CategoryRules : public Recommender {
 public:
  static constexpr std::uint32_t kNone = ~0U;
  /// `category_of` has a place an item: a number below the rules' count of lists, or kNone.
  CategoryRules(std::vector<std::uint32_t> category_of, std::unique_ptr<const PairRules> rules,
                std::size_t categories);
  /// kNone for an item without one, and for one that the training did not know.
  std::uint32_t category_of(std::uint32_t item) const {
    return item < category_of_.size() ? category_of_[item] : kNone;
  }
  std::size_t categories() const { return items_.size(); }
  /// The first item of a category: what it is called is known where items are.
  std::uint32_t an_item(std::uint32_t category) const { return items_[category]; }
  /// Items of these rules are categories.
  const PairRules& rules() const { return *rules_; }

  /// For every item: the best added() of a rule from a category of her last basket to the item's.
  void score(const History& history, std::span<double> scores) const override;
  bool save(ByteWriter& out) const override;
  static Result<std::unique_ptr<const Recommender>> load(ByteReader& in, std::size_t items);

 private:
  std::vector<std::uint32_t> category_of_;
  std::unique_ptr<const PairRules> rules_;
  std::vector<std::uint32_t> items_;
};

/// The first of an item's attributes is its category. Settings: count (baskets that must hold both, default
/// 5), most (rules kept of a category, default 20). Errors: refused without categories, or when no rule
/// stands.
Result<std::unique_ptr<const Recommender>> train_category_rules(const ModelSpec& spec,
                                                                const Interactions& interactions,
                                                                const TrainContext& context);

}  // namespace rapport::learn
