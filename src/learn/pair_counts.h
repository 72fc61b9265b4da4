#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "learn/itemsets.h"

namespace rapport::learn {

/// How often items meet in baskets, kept exact while baskets come one by one: integers only, so that the
/// state after any order of the same baskets is the same, and the same as mining them afresh. An item has its
/// own table of partners; a basket of k items touches k of them. One thread at a time.
class PairCounts {
 public:
  static constexpr std::size_t kBasketItemsMost = 5'000;  ///< 25 million counts: a wholesaler's list
  static constexpr std::uint32_t kItemsMost = 50'000'000;

  /// Counts a basket; repeats of an item count once, an empty basket is one too. Errors, with nothing
  /// counted: too_large for more than kBasketItemsMost items; bad_input for an item number of kItemsMost or
  /// more.
  Status add(std::span<const std::uint32_t> items);

  std::uint32_t baskets() const { return baskets_; }
  std::uint32_t count(std::uint32_t item) const;
  std::uint32_t count(std::uint32_t a, std::uint32_t b) const;
  /// Item numbers seen so far are below this.
  std::uint32_t items_end() const { return static_cast<std::uint32_t>(tables_.size()); }

  struct Partner {
    std::uint32_t item = 0, count = 0;
  };
  /// Partners that at least `smallest_count` baskets hold with the item, by falling count, ties by number.
  std::vector<Partner> partners(std::uint32_t item, std::uint32_t smallest_count) const;

  /// The itemsets of one and two items, equal node by node to mine_itemsets() with `longest` 2 over the same
  /// baskets: make_rules() over it gives every pair rule.
  Itemsets itemsets(std::uint32_t smallest_count) const;

  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kEmpty = ~0u;
  struct Table {
    std::vector<Partner> slots;  ///< a power of two of them, at most three quarters used
    std::uint32_t used = 0;
    std::uint32_t count = 0;  ///< baskets with the item itself
  };
  static void count_partner(Table& table, std::uint32_t item);
  static void grow(Table& table);

  std::vector<Table> tables_;
  std::vector<std::uint32_t> basket_;  ///< the one in hand, sorted
  std::uint32_t baskets_ = 0;
};

}  // namespace rapport::learn
