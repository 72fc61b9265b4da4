#pragma once

#include <array>
#include <bit>
#include <vector>

#include "learn/detail/node_buffer.h"

namespace rapport::learn::detail {

/// Eclat (Zaki 2000) on columns of at most 64 x W baskets: one bit a basket, so that a set's count is the
/// population count of an AND. For the many small conditional databases at the edge of the search.
template <unsigned W>
class BitColumns {
 public:
  using Column = std::array<std::uint64_t, W>;

  BitColumns(const Limits& limits, NodeBuffer& nodes) : limits_(limits), nodes_(nodes) {}

  /// Cleared columns for `items` items, of which column 0 takes what nobody asks for.
  std::vector<Column>& start(std::size_t items) {
    top_.assign(items + 1, Column{});
    return top_;
  }
  /// Finds all sets below the siblings of `block`, which are items 1 .. block.size of start() and stand at
  /// depth `depth` (single items: 1).
  void mine(Block block, std::uint32_t depth) { descend(block, top_.data() + 1, depth); }

 private:
  void descend(Block block, const Column* columns, std::uint32_t depth) {
    if (depth >= limits_.longest || nodes_.over()) return;
    if (levels_.size() <= depth) levels_.resize(depth + 1);
    // The level's memory may move while deeper levels are made, its content not: taken anew each time.
    if (levels_[depth].size() < block.size) levels_[depth].resize(block.size);
    for (std::uint32_t j = 1; j < block.size; ++j) {
      ItemsetNode* out = nodes_.room(j);
      const ItemsetNode* siblings = &nodes_[block.first];
      Column* next = levels_[depth].data();
      const Column mine = columns[j];
      std::uint32_t found = 0;
      for (std::uint32_t k = 0; k < j; ++k) {
        std::uint32_t count = 0;
        for (unsigned w = 0; w < W; ++w) {
          next[found][w] = mine[w] & columns[k][w];
          count += static_cast<std::uint32_t>(std::popcount(next[found][w]));
        }
        out[found] = {siblings[k].rank, count, 0, 0};
        found += count >= limits_.smallest_count;
      }
      if (found == 0) continue;
      const Block below{nodes_.claim(found), found};
      nodes_[block.first + j].first_child = below.first;
      nodes_[block.first + j].children = found;
      if (found > 1) descend(below, next, depth + 1);
    }
  }

  const Limits& limits_;
  NodeBuffer& nodes_;
  std::vector<Column> top_;
  std::vector<std::vector<Column>> levels_;
};

}  // namespace rapport::learn::detail
