#pragma once

#include <array>
#include <vector>

#include "learn/detail/node_buffer.h"

namespace rapport::learn::detail {

/// A basket over at most 64 items, and how often it occurs.
struct MaskedBasket {
  std::uint64_t mask = 0;
  std::uint32_t weight = 0;
};

/// For dense databases of at most 64 items. Equal baskets are merged, and the most frequent kLow items are
/// never searched: one table over their subsets, summed over supersets, holds the count of each at once.
class MaskLattice {
 public:
  static constexpr unsigned kItemsMost = 64;
  static constexpr unsigned kLow = 10;

  MaskLattice(const Limits& limits, NodeBuffer& nodes);

  /// Finds all sets below the siblings of `block` (item k is bit k), which stand at depth `depth`.
  void mine(Block block, std::vector<MaskedBasket> baskets, std::uint32_t depth);

 private:
  struct Level {
    std::vector<MaskedBasket> baskets;
    std::array<std::uint32_t, kItemsMost> counts;
  };
  /// Low items of the table below a set.
  struct LowItems {
    std::array<std::uint8_t, kLow> bits;
    unsigned size = 0;
  };

  Block emit(std::uint64_t candidates, const Level& level, LowItems& low);
  void descend(Block block, std::uint64_t frequent, std::size_t level, std::uint32_t depth);
  /// Keeps the baskets with bit `j`, cut to `keep`, in `to` and in the table; merges equal ones.
  void select(const Level& from, unsigned j, std::uint64_t keep, Level& to);
  void merge_equal(std::vector<MaskedBasket>& baskets);
  void count_low_only(const Level& from, unsigned j);
  void sum_over_supersets();
  void walk(std::uint32_t node, std::uint32_t set, const std::uint8_t* bits, unsigned size,
            std::uint32_t depth);

  const Limits& limits_;
  NodeBuffer& nodes_;
  unsigned low_ = 0;  ///< how many items the table covers
  std::array<std::uint32_t, kItemsMost> ranks_{};
  std::array<std::uint32_t, 1u << kLow> table_{};
  std::vector<Level> levels_;
  std::vector<std::uint32_t> places_;  ///< of merge_equal
};

}  // namespace rapport::learn::detail
