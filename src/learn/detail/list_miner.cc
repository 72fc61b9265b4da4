#include "learn/detail/list_miner.h"

#include <algorithm>

namespace rapport::learn::detail {
namespace {

constexpr std::size_t kFetchAhead = 6;  ///< baskets

}  // namespace

ListMiner::ListMiner(const Limits& limits, NodeBuffer& nodes, std::size_t items)
    : limits_(limits),
      nodes_(nodes),
      counts_(items, 0),
      slots_(items, 0),
      bits1_(limits, nodes),
      bits2_(limits, nodes),
      bits4_(limits, nodes),
      bits8_(limits, nodes),
      masks_(limits, nodes) {}

bool ListMiner::is_dense(std::size_t baskets, std::size_t items, std::size_t cells) {
  return items <= MaskLattice::kItemsMost && items > 2 && cells * 4 >= baskets * items;
}

Block ListMiner::below(const ListDatabase& database, std::span<const std::uint32_t> ranks, std::uint32_t j,
                       std::uint32_t depth) {
  if (depth >= limits_.longest || nodes_.over()) return {};
  const std::uint32_t* cells = database.cells.data();
  const Prefixes prefixes = database.of(j);
  const Block block = count(cells, prefixes, ranks);
  if (block.size < 2 || depth + 1 >= limits_.longest) {
    forget(cells, prefixes);
    return block;
  }
  if (prefixes.size() <= 64) {
    mine_bits(bits1_, cells, prefixes, block, depth + 1);
  } else if (prefixes.size() <= 128) {
    mine_bits(bits2_, cells, prefixes, block, depth + 1);
  } else if (prefixes.size() <= 256) {
    mine_bits(bits4_, cells, prefixes, block, depth + 1);
  } else if (prefixes.size() <= 512) {
    mine_bits(bits8_, cells, prefixes, block, depth + 1);
  } else if (is_dense(prefixes.size(), block.size, frequent_cells_)) {
    mine_masks(cells, prefixes, block, depth + 1);
  } else {
    mine_lists(cells, prefixes, block, depth + 1);
  }
  return block;
}

/// Counts the items before the given places and appends the frequent ones as siblings. Leaves the counts, for
/// forget() or a pass that numbers the items.
Block ListMiner::count(const std::uint32_t* cells, Prefixes prefixes, std::span<const std::uint32_t> ranks) {
  frequent_.clear();
  const std::uint32_t enough = limits_.smallest_count;
  std::uint32_t* counts = counts_.data();
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    // The baskets of an item lie far apart: the memory of one to come is fetched beside the counting.
    __builtin_prefetch(cells + prefixes[std::min(i + kFetchAhead, prefixes.size() - 1)].begin);
    for (std::uint32_t at = prefixes[i].begin; at < prefixes[i].end; ++at) {
      if (++counts[cells[at]] == enough) frequent_.push_back(cells[at]);
    }
  }
  std::sort(frequent_.begin(), frequent_.end());
  frequent_cells_ = 0;
  ItemsetNode* out = nodes_.room(frequent_.size());
  for (std::size_t i = 0; i < frequent_.size(); ++i) {
    out[i] = {ranks[frequent_[i]], counts[frequent_[i]], 0, 0};
    frequent_cells_ += counts[frequent_[i]];
  }
  if (frequent_.empty()) return {};
  return {nodes_.claim(frequent_.size()), static_cast<std::uint32_t>(frequent_.size())};
}

void ListMiner::forget(const std::uint32_t* cells, Prefixes prefixes) {
  for (const ListDatabase::Prefix& prefix : prefixes) {
    for (std::uint32_t at = prefix.begin; at < prefix.end; ++at) counts_[cells[at]] = 0;
  }
}

template <unsigned W>
void ListMiner::mine_bits(BitColumns<W>& bits, const std::uint32_t* cells, Prefixes prefixes, Block block,
                          std::uint32_t depth) {
  auto* columns = bits.start(block.size).data();
  for (std::size_t i = 0; i < frequent_.size(); ++i) slots_[frequent_[i]] = static_cast<std::uint32_t>(i + 1);
  for (std::size_t basket = 0; basket < prefixes.size(); ++basket) {
    const std::uint64_t bit = std::uint64_t{1} << (basket % 64);
    const std::size_t word = W == 1 ? 0 : basket / 64;
    for (std::uint32_t at = prefixes[basket].begin; at < prefixes[basket].end; ++at) {
      counts_[cells[at]] = 0;
      columns[slots_[cells[at]]][word] |= bit;
    }
  }
  for (const std::uint32_t item : frequent_) slots_[item] = 0;
  bits.mine(block, depth);
}

void ListMiner::mine_masks(const std::uint32_t* cells, Prefixes prefixes, Block block, std::uint32_t depth) {
  std::vector<MaskedBasket> baskets;
  baskets.reserve(prefixes.size());
  for (std::size_t i = 0; i < frequent_.size(); ++i) slots_[frequent_[i]] = static_cast<std::uint32_t>(i + 1);
  for (const ListDatabase::Prefix& prefix : prefixes) {
    std::uint64_t mask = 0;
    for (std::uint32_t at = prefix.begin; at < prefix.end; ++at) {
      counts_[cells[at]] = 0;
      if (const std::uint32_t slot = slots_[cells[at]]; slot != 0) mask |= std::uint64_t{1} << (slot - 1);
    }
    if (mask != 0) baskets.push_back({mask, 1});
  }
  for (const std::uint32_t item : frequent_) slots_[item] = 0;
  masks_.mine(block, std::move(baskets), depth);
}

void ListMiner::mine_lists(const std::uint32_t* cells, Prefixes prefixes, Block block, std::uint32_t depth) {
  while (levels_.size() <= depth) levels_.push_back(std::make_unique<Level>());
  Level& level = *levels_[depth];
  fill_level(cells, prefixes, block, level);
  for (std::uint32_t j = 1; j < block.size; ++j) {
    const Block children = below(level.database, level.ranks, j, depth);
    nodes_[block.first + j].first_child = children.first;
    nodes_[block.first + j].children = children.size;
  }
}

/// The conditional database: only frequent items, numbered anew, and no basket with fewer than two of them.
void ListMiner::fill_level(const std::uint32_t* cells, Prefixes prefixes, Block block, Level& level) {
  level.ranks.resize(block.size);
  ListDatabase& database = level.database;
  database.starts.assign(block.size + 1, 0);
  for (std::uint32_t k = 0; k < block.size; ++k) {
    level.ranks[k] = nodes_[block.first + k].rank;
    slots_[frequent_[k]] = k + 1;
  }
  database.cells.clear();
  level.row_begins.clear();
  for (const ListDatabase::Prefix& prefix : prefixes) {
    const std::size_t begin = database.cells.size();
    for (std::uint32_t at = prefix.begin; at < prefix.end; ++at) {
      counts_[cells[at]] = 0;
      if (const std::uint32_t slot = slots_[cells[at]]; slot != 0) database.cells.push_back(slot - 1);
    }
    if (database.cells.size() - begin < 2) {
      database.cells.resize(begin);
    } else {
      level.row_begins.push_back(static_cast<std::uint32_t>(begin));
    }
  }
  for (const std::uint32_t item : frequent_) slots_[item] = 0;
  database.baskets = level.row_begins.size();
  level.row_begins.push_back(static_cast<std::uint32_t>(database.cells.size()));
  for (const std::uint32_t item : database.cells) ++database.starts[item + 1];
  for (std::size_t k = 1; k < database.starts.size(); ++k) database.starts[k] += database.starts[k - 1];
  level.fills.assign(database.starts.begin(), database.starts.end());
  database.prefixes.resize(database.cells.size());
  for (std::size_t row = 0; row + 1 < level.row_begins.size(); ++row) {
    const std::uint32_t begin = level.row_begins[row];
    for (std::uint32_t at = begin; at < level.row_begins[row + 1]; ++at)
      database.prefixes[level.fills[database.cells[at]]++] = {begin, at};
  }
}

}  // namespace rapport::learn::detail
