#include "learn/pair_counts.h"

#include <algorithm>

#include "base/hash.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kFirstSlots = 8;

std::size_t place_of(std::uint32_t item, std::size_t slots) {
  return (item * 0x9e3779b97f4a7c15ULL >> 32) & (slots - 1);
}

}  // namespace

Status PairCounts::add(std::span<const std::uint32_t> items) {
  basket_.assign(items.begin(), items.end());
  std::sort(basket_.begin(), basket_.end());
  basket_.erase(std::unique(basket_.begin(), basket_.end()), basket_.end());
  if (basket_.size() > kBasketItemsMost)
    return fail(Errc::too_large, "a basket of {} items; pairs are counted up to {}", basket_.size(),
                kBasketItemsMost);
  if (!basket_.empty() && basket_.back() >= kItemsMost)
    return fail(Errc::bad_input, "item number {} is over {}", basket_.back(), kItemsMost);
  if (!basket_.empty() && basket_.back() >= tables_.size()) tables_.resize(basket_.back() + 1);
  ++baskets_;
  for (const std::uint32_t item : basket_) {
    Table& table = tables_[item];
    ++table.count;
    while ((table.used + basket_.size()) * 4 > table.slots.size() * 3) grow(table);
    for (const std::uint32_t partner : basket_) {
      if (partner != item) count_partner(table, partner);
    }
  }
  return {};
}

void PairCounts::count_partner(Table& table, std::uint32_t item) {
  const std::size_t last = table.slots.size() - 1;
  std::size_t place = place_of(item, table.slots.size());
  while (table.slots[place].item != item) {
    if (table.slots[place].item == kEmpty) {
      table.slots[place].item = item;
      ++table.used;
      break;
    }
    place = (place + 1) & last;
  }
  ++table.slots[place].count;
}

void PairCounts::grow(Table& table) {
  std::vector<Partner> old = std::move(table.slots);
  table.slots.assign(std::max(kFirstSlots, old.size() * 2), Partner{kEmpty, 0});
  const std::size_t last = table.slots.size() - 1;
  for (const Partner& partner : old) {
    if (partner.item == kEmpty) continue;
    std::size_t place = place_of(partner.item, table.slots.size());
    while (table.slots[place].item != kEmpty) place = (place + 1) & last;
    table.slots[place] = partner;
  }
}

std::uint32_t PairCounts::count(std::uint32_t item) const {
  return item < tables_.size() ? tables_[item].count : 0;
}

std::uint32_t PairCounts::count(std::uint32_t a, std::uint32_t b) const {
  if (a >= tables_.size() || tables_[a].slots.empty()) return 0;
  const std::vector<Partner>& slots = tables_[a].slots;
  std::size_t place = place_of(b, slots.size());
  while (slots[place].item != b && slots[place].item != kEmpty) place = (place + 1) & (slots.size() - 1);
  return slots[place].item == b ? slots[place].count : 0;
}

std::vector<PairCounts::Partner> PairCounts::partners(std::uint32_t item,
                                                      std::uint32_t smallest_count) const {
  std::vector<Partner> found;
  if (item >= tables_.size()) return found;
  for (const Partner& partner : tables_[item].slots) {
    if (partner.item != kEmpty && partner.count >= smallest_count) found.push_back(partner);
  }
  std::sort(found.begin(), found.end(), [](const Partner& a, const Partner& b) {
    return a.count != b.count ? a.count > b.count : a.item < b.item;
  });
  return found;
}

Itemsets PairCounts::itemsets(std::uint32_t smallest_count) const {
  smallest_count = std::max(1u, smallest_count);
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item < tables_.size(); ++item) {
    if (tables_[item].count >= smallest_count) items.push_back(item);
  }
  std::stable_sort(items.begin(), items.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return tables_[a].count > tables_[b].count; });
  std::vector<std::uint32_t> ranks(tables_.size(), kEmpty);
  for (std::uint32_t rank = 0; rank < items.size(); ++rank) ranks[items[rank]] = rank;
  std::vector<ItemsetNode> nodes;
  const auto singles = static_cast<std::uint32_t>(items.size());
  nodes.push_back({0, baskets_, singles == 0 ? 0u : 1u, singles});
  for (std::uint32_t rank = 0; rank < singles; ++rank)
    nodes.push_back({rank, tables_[items[rank]].count, 0, 0});
  for (std::uint32_t rank = 0; rank < singles; ++rank) {
    const auto first = static_cast<std::uint32_t>(nodes.size());
    for (const Partner& partner : tables_[items[rank]].slots) {
      if (partner.item == kEmpty || partner.count < smallest_count || ranks[partner.item] >= rank) continue;
      nodes.push_back({ranks[partner.item], partner.count, 0, 0});
    }
    const auto children = static_cast<std::uint32_t>(nodes.size()) - first;
    if (children == 0) continue;
    std::sort(nodes.begin() + first, nodes.end(),
              [](const ItemsetNode& a, const ItemsetNode& b) { return a.rank < b.rank; });
    nodes[1 + rank].first_child = first;
    nodes[1 + rank].children = children;
  }
  return Itemsets(std::move(items), smallest_count, std::move(nodes));
}

std::size_t PairCounts::bytes() const {
  std::size_t bytes = tables_.capacity() * sizeof(Table);
  for (const Table& table : tables_) bytes += table.slots.capacity() * sizeof(Partner);
  return bytes;
}

}  // namespace rapport::learn
