#include "learn/detail/mask_lattice.h"

#include <algorithm>
#include <bit>

namespace rapport::learn::detail {
namespace {

constexpr std::size_t kMergeFrom = 24;  ///< fewer baskets are not worth merging

constexpr std::uint64_t below(unsigned bit) {
  return (std::uint64_t{1} << bit) - 1;
}

}  // namespace

MaskLattice::MaskLattice(const Limits& limits, NodeBuffer& nodes) : limits_(limits), nodes_(nodes) {}

void MaskLattice::mine(Block block, std::vector<MaskedBasket> baskets, std::uint32_t depth) {
  if (depth >= limits_.longest) return;
  for (std::uint32_t k = 0; k < block.size; ++k) ranks_[k] = nodes_[block.first + k].rank;
  low_ = std::min<unsigned>(kLow, block.size);
  // A level a set size at most, all made before any is in use.
  if (levels_.size() < block.size + 1) levels_.resize(block.size + 1);
  Level& level = levels_[0];
  level.baskets = std::move(baskets);
  merge_equal(level.baskets);
  std::fill_n(table_.begin(), std::size_t{1} << low_, 0);
  for (const MaskedBasket& basket : level.baskets) table_[basket.mask & below(low_)] += basket.weight;
  sum_over_supersets();
  const std::uint64_t all = block.size == 64 ? ~std::uint64_t{0} : below(block.size);
  descend(block, all, 0, depth);
}

/// Below the siblings of `block`, the items `frequent`, found in the baskets of `level`, whose table is
/// filled.
void MaskLattice::descend(Block block, std::uint64_t frequent, std::size_t level, std::uint32_t depth) {
  if (depth >= limits_.longest || nodes_.over()) return;
  std::array<std::uint8_t, kLow> low;
  unsigned lows = 0;
  for (std::uint64_t rest = frequent & below(low_); rest != 0; rest &= rest - 1)
    low[lows++] = static_cast<std::uint8_t>(std::countr_zero(rest));
  for (unsigned i = 1; i < lows; ++i) walk(block.first + i, 1u << low[i], low.data(), i, depth);
  std::uint32_t sibling = block.first + lows;
  for (std::uint64_t rest = frequent & ~below(low_); rest != 0; rest &= rest - 1, ++sibling) {
    const auto j = static_cast<unsigned>(std::countr_zero(rest));
    const std::uint64_t keep = frequent & below(j);
    Level& next = levels_[level + 1];
    if ((keep & ~below(low_)) == 0) {
      count_low_only(levels_[level], j);
    } else {
      select(levels_[level], j, keep, next);
    }
    LowItems found_low;
    const Block found = emit(keep, next, found_low);
    if (found.size == 0) continue;
    nodes_[sibling].first_child = found.first;
    nodes_[sibling].children = found.size;
    if (found.size == 1) continue;
    std::uint64_t found_bits = 0;
    for (unsigned i = 0; i < found_low.size; ++i) found_bits |= std::uint64_t{1} << found_low.bits[i];
    for (std::uint64_t high = keep & ~below(low_); high != 0; high &= high - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(high));
      if (next.counts[bit] >= limits_.smallest_count) found_bits |= std::uint64_t{1} << bit;
    }
    descend(found, found_bits, level + 1, depth + 1);
  }
}

/// Appends the frequent ones of `candidates`: the low by the table, the high by the level's counts.
Block MaskLattice::emit(std::uint64_t candidates, const Level& level, LowItems& low) {
  ItemsetNode* out = nodes_.room(static_cast<std::size_t>(std::popcount(candidates)));
  std::uint32_t found = 0;
  for (std::uint64_t rest = candidates & below(low_); rest != 0; rest &= rest - 1) {
    const auto bit = static_cast<unsigned>(std::countr_zero(rest));
    const std::uint32_t count = table_[1u << bit];
    if (count < limits_.smallest_count) continue;
    out[found++] = {ranks_[bit], count, 0, 0};
    low.bits[low.size++] = static_cast<std::uint8_t>(bit);
  }
  for (std::uint64_t rest = candidates & ~below(low_); rest != 0; rest &= rest - 1) {
    const auto bit = static_cast<unsigned>(std::countr_zero(rest));
    if (level.counts[bit] < limits_.smallest_count) continue;
    out[found++] = {ranks_[bit], level.counts[bit], 0, 0};
  }
  return {nodes_.claim(found), found};
}

void MaskLattice::select(const Level& from, unsigned j, std::uint64_t keep, Level& to) {
  to.baskets.resize(from.baskets.size());
  std::size_t kept = 0;
  for (const MaskedBasket& basket : from.baskets) {
    to.baskets[kept] = {basket.mask & keep, basket.weight};
    kept += (basket.mask >> j) & 1;
  }
  to.baskets.resize(kept);
  merge_equal(to.baskets);
  to.counts.fill(0);
  std::fill_n(table_.begin(), std::size_t{1} << low_, 0);
  for (const MaskedBasket& basket : to.baskets) {
    table_[basket.mask & below(low_)] += basket.weight;
    for (std::uint64_t high = basket.mask & ~below(low_); high != 0; high &= high - 1)
      to.counts[static_cast<unsigned>(std::countr_zero(high))] += basket.weight;
  }
  sum_over_supersets();
}

void MaskLattice::count_low_only(const Level& from, unsigned j) {
  std::fill_n(table_.begin(), std::size_t{1} << low_, 0);
  for (const MaskedBasket& basket : from.baskets) {
    const auto has = static_cast<std::uint32_t>((basket.mask >> j) & 1);
    table_[basket.mask & below(low_)] += basket.weight & (0u - has);
  }
  sum_over_supersets();
}

void MaskLattice::merge_equal(std::vector<MaskedBasket>& baskets) {
  if (baskets.size() < kMergeFrom) return;
  const unsigned bits = static_cast<unsigned>(std::bit_width(baskets.size())) + 1;
  places_.assign(std::size_t{1} << bits, 0);
  const std::size_t last = places_.size() - 1;
  std::uint32_t kept = 0;
  for (const MaskedBasket& basket : baskets) {
    std::size_t place = (basket.mask * 0x9e3779b97f4a7c15ULL) >> (64 - bits);
    while (places_[place] != 0 && baskets[places_[place] - 1].mask != basket.mask) place = (place + 1) & last;
    if (places_[place] == 0) {
      baskets[kept] = basket;
      places_[place] = ++kept;
    } else {
      baskets[places_[place] - 1].weight += basket.weight;
    }
  }
  baskets.resize(kept);
}

/// table[S] becomes the sum over all supersets of S: the baskets that hold S.
void MaskLattice::sum_over_supersets() {
  const std::size_t size = std::size_t{1} << low_;
  for (std::size_t step = 1; step < size; step *= 2) {
    for (std::size_t start = 0; start < size; start += 2 * step) {
      for (std::size_t i = start; i < start + step; ++i) table_[i] += table_[i + step];
    }
  }
}

/// All frequent sets that add some of `bits` (rising) to `set`, which is node `node` at depth `depth`.
void MaskLattice::walk(std::uint32_t node, std::uint32_t set, const std::uint8_t* bits, unsigned size,
                       std::uint32_t depth) {
  if (depth >= limits_.longest) return;
  ItemsetNode* out = nodes_.room(size);
  std::array<std::uint8_t, kLow> found_bits;
  unsigned found = 0;
  for (unsigned i = 0; i < size; ++i) {
    const std::uint32_t count = table_[set | (1u << bits[i])];
    out[found] = {ranks_[bits[i]], count, 0, 0};
    found_bits[found] = bits[i];
    found += count >= limits_.smallest_count;
  }
  if (found == 0) return;
  const std::uint32_t first = nodes_.claim(found);
  nodes_[node].first_child = first;
  nodes_[node].children = found;
  for (unsigned i = 1; i < found; ++i)
    walk(first + i, set | (1u << found_bits[i]), found_bits.data(), i, depth + 1);
}

}  // namespace rapport::learn::detail
