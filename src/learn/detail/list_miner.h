#pragma once

#include <span>
#include <vector>

#include "learn/detail/bit_columns.h"
#include "learn/detail/mask_lattice.h"
#include "learn/detail/node_buffer.h"

namespace rapport::learn::detail {

/// Baskets over items 0 .. items-1, each ascending, end to end in `cells`, and for each item where it stands:
/// the cells from `begin` to `end` are what comes before it in one of its baskets.
struct ListDatabase {
  struct Prefix {
    std::uint32_t begin = 0, end = 0;
  };
  std::vector<std::uint32_t> cells;
  std::vector<Prefix> prefixes;       ///< grouped by item
  std::vector<std::uint32_t> starts;  ///< items + 1 entries into `prefixes`
  std::size_t baskets = 0;
  std::size_t items() const { return starts.size() - 1; }
  std::span<const Prefix> of(std::size_t item) const {
    return {prefixes.data() + starts[item], starts[item + 1] - starts[item]};
  }
};

/// Depth first over conditional databases by occurrence delivery; hands small ones to BitColumns and dense
/// ones to MaskLattice. One thread at a time; `items` bounds the items of any database it is given.
class ListMiner {
 public:
  ListMiner(const Limits& limits, NodeBuffer& nodes, std::size_t items);

  /// Finds all sets below item `j` of `database`, itself a node at depth `depth`, `ranks[k]` being the rank
  /// of item k. Gives the children of that node.
  Block below(const ListDatabase& database, std::span<const std::uint32_t> ranks, std::uint32_t j,
              std::uint32_t depth);
  /// Whether a database of that shape is better mined by MaskLattice.
  static bool is_dense(std::size_t baskets, std::size_t items, std::size_t cells);

 private:
  using Prefixes = std::span<const ListDatabase::Prefix>;
  struct Level {
    ListDatabase database;
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint32_t> row_begins;
    std::vector<std::uint32_t> fills;
  };

  Block count(const std::uint32_t* cells, Prefixes prefixes, std::span<const std::uint32_t> ranks);
  template <unsigned W>
  void mine_bits(BitColumns<W>& bits, const std::uint32_t* cells, Prefixes prefixes, Block block,
                 std::uint32_t depth);
  void mine_masks(const std::uint32_t* cells, Prefixes prefixes, Block block, std::uint32_t depth);
  void mine_lists(const std::uint32_t* cells, Prefixes prefixes, Block block, std::uint32_t depth);
  void fill_level(const std::uint32_t* cells, Prefixes prefixes, Block block, Level& level);
  void forget(const std::uint32_t* cells, Prefixes prefixes);

  const Limits& limits_;
  NodeBuffer& nodes_;
  std::vector<std::uint32_t> counts_;  ///< by item; all zero between calls
  std::vector<std::uint32_t> slots_;   ///< by item: 1 + its number among the frequent; all zero between calls
  std::vector<std::uint32_t> frequent_;
  std::size_t frequent_cells_ = 0;
  BitColumns<1> bits1_;
  BitColumns<2> bits2_;
  BitColumns<4> bits4_;
  BitColumns<8> bits8_;
  MaskLattice masks_;
  std::vector<std::unique_ptr<Level>> levels_;
};

}  // namespace rapport::learn::detail
