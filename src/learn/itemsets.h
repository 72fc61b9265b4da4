#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "learn/baskets.h"

namespace rapport::learn {

/// A frequent itemset: the items on the way from the root to it. `rank` numbers the frequent items from the
/// most frequent (0); ranks fall from the root down, so that a set is found once, and siblings stand side by
/// side with rising ranks.
struct ItemsetNode {
  std::uint32_t rank = 0;
  std::uint32_t count = 0;        ///< baskets that hold the whole set
  std::uint32_t first_child = 0;  ///< index of the first child; 0 when there are none
  std::uint32_t children = 0;
};

/// All itemsets that enough baskets hold, as a tree. Node 0 is the empty set, held by every basket; node 1 +
/// r is the single item of rank r. An immutable value; const access from any thread.
class Itemsets {
 public:
  /// A tree that somebody else counted (PairCounts); `nodes` keep what the class promises.
  Itemsets(std::vector<std::uint32_t> items, std::uint32_t smallest_count, std::vector<ItemsetNode> nodes);

  std::span<const ItemsetNode> nodes() const { return nodes_; }
  std::uint32_t baskets() const { return nodes_[0].count; }
  /// Frequent itemsets, single items included, the empty set not.
  std::size_t size() const { return nodes_.size() - 1; }
  /// The number of each frequent item in the baskets that were mined, by rank.
  std::span<const std::uint32_t> items() const { return items_; }
  std::uint32_t smallest_count() const { return smallest_count_; }
  /// How many sets have 1, 2, ... items.
  std::vector<std::size_t> sizes() const;

 private:
  friend Result<Itemsets> mine_itemsets(const Baskets& baskets, const struct MineOptions& options);
  Itemsets() = default;
  std::vector<std::uint32_t> items_;
  std::uint32_t smallest_count_ = 1;
  std::span<const ItemsetNode> nodes_;
  std::shared_ptr<const ItemsetNode[]> memory_;
};

struct MineOptions {
  std::uint32_t smallest_count = 1;  ///< baskets that must hold a set, >= 1
  unsigned longest = 0;              ///< items of the longest set; 0: no limit
  unsigned threads = 1;              ///< 1 .. 64; the answer is the same for any number
  std::size_t itemsets_most = 100'000'000;
};

/// ceil(share x baskets), at least 1: the fewest baskets that make a set of that support. Errors: bad_input
/// for a share outside (0, 1].
Result<std::uint32_t> count_for_support(double share, std::size_t baskets);

/// Every itemset held by at least `smallest_count` baskets. Exact. Recodes the items by frequency, counts
/// conditional databases by occurrence delivery (Uno, Kiyomi & Arimura 2004, LCM ver. 2, FIMI), goes down
/// columns of bits where a database has few baskets (Zaki 2000, IEEE TKDE 12(3), eclat), and counts the last
/// items of dense data at once: the subset sums of all baskets over the most frequent items (after Borgelt
/// 2012, WIREs 2(6), "16-items machine"). Errors: bad_input for options out of range; too_large over
/// `itemsets_most`.
Result<Itemsets> mine_itemsets(const Baskets& baskets, const MineOptions& options);

}  // namespace rapport::learn
