#include "learn/itemsets.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <numeric>
#include <thread>

#include "base/assert.h"
#include "learn/detail/list_miner.h"

namespace rapport::learn {
namespace {

using detail::Block;
using detail::Limits;
using detail::ListDatabase;
using detail::ListMiner;
using detail::NodeBuffer;

constexpr unsigned kThreadsMost = 64;
constexpr std::uint32_t kNone = ~0u;

/// The frequent items by falling frequency, ties by number.
std::vector<std::uint32_t> items_by_frequency(const Baskets& baskets, std::uint32_t smallest_count,
                                              std::vector<std::uint32_t>& counts) {
  counts.assign(baskets.items(), 0);
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    for (const std::uint32_t item : baskets.basket(b)) ++counts[item];
  }
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= smallest_count) items.push_back(item);
  }
  std::stable_sort(items.begin(), items.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  return items;
}

/// The baskets with items as ranks, without the rare ones, and where each item stands. Two transpositions
/// instead of a sort of every basket.
ListDatabase recode(const Baskets& baskets, const std::vector<std::uint32_t>& items,
                    const std::vector<std::uint32_t>& counts) {
  std::vector<std::uint32_t> rank_of(baskets.items(), kNone);
  ListDatabase database;
  database.baskets = baskets.size();
  database.starts.assign(items.size() + 1, 0);
  for (std::uint32_t rank = 0; rank < items.size(); ++rank) {
    rank_of[items[rank]] = rank;
    database.starts[rank + 1] = database.starts[rank] + counts[items[rank]];
  }
  const std::size_t cells = database.starts.back();
  std::vector<std::uint32_t> fills(database.starts.begin(), database.starts.end() - 1);
  std::vector<std::uint32_t> holders(cells);  // baskets by item
  std::vector<ListDatabase::Prefix> rows(baskets.size());
  std::uint32_t begin = 0;
  for (std::uint32_t b = 0; b < baskets.size(); ++b) {
    rows[b] = {begin, begin};
    for (const std::uint32_t item : baskets.basket(b)) {
      const std::uint32_t rank = rank_of[item];
      if (rank == kNone) continue;
      holders[fills[rank]++] = b;
      ++begin;
    }
  }
  database.cells.resize(cells);
  database.prefixes.resize(cells);
  for (std::uint32_t rank = 0; rank < items.size(); ++rank) {
    for (std::uint32_t at = database.starts[rank]; at < database.starts[rank + 1]; ++at) {
      ListDatabase::Prefix& row = rows[holders[at]];
      database.prefixes[at] = row;
      database.cells[row.end++] = rank;
    }
  }
  return database;
}

/// The sets below one single item, found by some thread into its own buffer.
struct Part {
  unsigned thread = 0;
  Block children;
  std::size_t begin = 0, end = 0;
};

class Job {
 public:
  Job(const ListDatabase& database, const Limits& limits, std::size_t most)
      : database_(database), limits_(limits), most_(most), ranks_(database.items()) {
    std::iota(ranks_.begin(), ranks_.end(), 0u);
  }

  void run_alone(NodeBuffer& nodes) {
    ListMiner miner(limits_, nodes, ranks_.size());
    for (std::uint32_t j = 1; j < ranks_.size() && !nodes.over(); ++j) {
      const Block children = miner.below(database_, ranks_, j, 1);
      nodes[1 + j].first_child = children.first;
      nodes[1 + j].children = children.size;
    }
  }

  /// Threads take items from the rarest down; the parts are then joined in the order of one thread.
  void run_together(NodeBuffer& nodes, unsigned threads) {
    std::vector<NodeBuffer> buffers;
    for (unsigned t = 0; t < threads; ++t) buffers.emplace_back(most_);
    std::vector<Part> parts(ranks_.size());
    std::atomic<std::uint32_t> next{1};
    const auto work = [&](unsigned t) {
      ListMiner miner(limits_, buffers[t], ranks_.size());
      for (std::uint32_t j = next++; j < ranks_.size() && !buffers[t].over(); j = next++) {
        Part& part = parts[j];
        part.thread = t;
        part.begin = buffers[t].size();
        part.children = miner.below(database_, ranks_, j, 1);
        part.end = buffers[t].size();
      }
    };
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
    work(0);
    for (std::thread& other : others) other.join();
    join(buffers, parts, nodes);
  }

 private:
  static void join(const std::vector<NodeBuffer>& buffers, const std::vector<Part>& parts,
                   NodeBuffer& nodes) {
    std::size_t total = nodes.size();
    for (const NodeBuffer& buffer : buffers) total += buffer.size();
    nodes.room(total - nodes.size());
    for (std::uint32_t j = 1; j < parts.size(); ++j) {
      const Part& part = parts[j];
      const ItemsetNode* from = buffers[part.thread].data();
      const std::size_t size = part.end - part.begin;
      ItemsetNode* to = nodes.room(size);
      const auto shift = static_cast<std::uint32_t>(nodes.claim(size) - part.begin);
      for (std::size_t i = 0; i < size; ++i) {
        to[i] = from[part.begin + i];
        if (to[i].children != 0) to[i].first_child += shift;
      }
      nodes[1 + j].children = part.children.size;
      nodes[1 + j].first_child = part.children.size == 0 ? 0 : part.children.first + shift;
    }
  }

  const ListDatabase& database_;
  const Limits& limits_;
  std::size_t most_;
  std::vector<std::uint32_t> ranks_;
};

/// Dense baskets over few items need no conditional lists at all.
void mine_masks(const ListDatabase& database, const Limits& limits, NodeBuffer& nodes) {
  std::vector<std::uint64_t> masks(database.cells.size());
  std::vector<detail::MaskedBasket> baskets;
  for (std::size_t item = 0; item < database.items(); ++item) {
    for (const ListDatabase::Prefix& prefix : database.of(item))
      masks[prefix.begin] |= std::uint64_t{1} << item;
  }
  for (const std::uint64_t mask : masks) {
    if (mask != 0) baskets.push_back({mask, 1});
  }
  detail::MaskLattice(limits, nodes)
      .mine({1, static_cast<std::uint32_t>(database.items())}, std::move(baskets), 1);
}

Status check(const Baskets& baskets, const MineOptions& options) {
  if (options.smallest_count < 1)
    return Error{Errc::bad_input, "a set that no basket holds is not frequent", "smallest_count",
                 "at least 1"};
  if (options.threads < 1 || options.threads > kThreadsMost)
    return fail(Errc::bad_input, "{} threads", options.threads).at("threads");
  if (options.itemsets_most < 1 || options.itemsets_most > 1'000'000'000)
    return Error{Errc::bad_input, "a limit outside 1 .. 1,000,000,000", "itemsets_most"};
  if (baskets.size() >= kNone) return Error{Errc::too_large, "more than 4 billion baskets"};
  return {};
}

}  // namespace

Itemsets::Itemsets(std::vector<std::uint32_t> items, std::uint32_t smallest_count,
                   std::vector<ItemsetNode> nodes)
    : items_(std::move(items)), smallest_count_(smallest_count) {
  const auto kept = std::make_shared<const std::vector<ItemsetNode>>(std::move(nodes));
  memory_ = {kept, kept->data()};
  nodes_ = *kept;
}

std::vector<std::size_t> Itemsets::sizes() const {
  std::vector<std::size_t> sizes;
  std::vector<std::uint32_t> level{0}, next;
  while (!level.empty()) {
    next.clear();
    for (const std::uint32_t node : level) {
      for (std::uint32_t i = 0; i < nodes_[node].children; ++i) next.push_back(nodes_[node].first_child + i);
    }
    if (!next.empty()) sizes.push_back(next.size());
    level.swap(next);
  }
  return sizes;
}

Result<std::uint32_t> count_for_support(double share, std::size_t baskets) {
  if (!(share > 0 && share <= 1)) return fail(Errc::bad_input, "support {} is no share", share).at("support");
  const double exact = share * static_cast<double>(baskets);
  const double nearest = std::round(exact);
  // 0.07 x 100 is 7.000000000000001 in binary: what was meant is 7.
  const double count = std::abs(exact - nearest) < 1e-9 * std::max(1.0, exact) ? nearest : std::ceil(exact);
  return static_cast<std::uint32_t>(std::max(1.0, count));
}

Result<Itemsets> mine_itemsets(const Baskets& baskets, const MineOptions& options) {
  RAPPORT_CHECK(check(baskets, options));
  std::vector<std::uint32_t> counts;
  Itemsets found;
  found.smallest_count_ = options.smallest_count;
  found.items_ = items_by_frequency(baskets, options.smallest_count, counts);
  const Limits limits{options.smallest_count, options.longest == 0 ? ~0u : options.longest};
  NodeBuffer nodes(options.itemsets_most);
  const auto items = static_cast<std::uint32_t>(found.items_.size());
  ItemsetNode* out = nodes.room(items + 1);
  out[0] = {0, static_cast<std::uint32_t>(baskets.size()), items == 0 ? 0u : 1u, items};
  for (std::uint32_t rank = 0; rank < items; ++rank) out[1 + rank] = {rank, counts[found.items_[rank]], 0, 0};
  nodes.claim(items + 1);
  if (items > 1 && limits.longest > 1) {
    const ListDatabase database = recode(baskets, found.items_, counts);
    Job job(database, limits, options.itemsets_most);
    if (ListMiner::is_dense(database.baskets, items, database.cells.size())) {
      mine_masks(database, limits, nodes);
    } else if (options.threads == 1) {
      job.run_alone(nodes);
    } else {
      job.run_together(nodes, options.threads);
    }
  }
  if (nodes.size() - 1 > options.itemsets_most)
    return fail(Errc::too_large, "more than {} itemsets are that frequent", options.itemsets_most)
        .at("support");
  const std::size_t size = nodes.size();
  found.memory_ = nodes.release();
  found.nodes_ = {found.memory_.get(), size};
  return found;
}

}  // namespace rapport::learn
