#include "engine/detail/node_index.h"

#include "base/assert.h"

namespace rapport::engine {

NodeIndex::NodeIndex() : keys_(1), shards_(kShards) {}

std::optional<NodeId> NodeIndex::find(const Hash128& key) const {
  const Shard& shard = shards_[key.high >> 58];
  if (shard.table.empty()) return std::nullopt;
  const std::size_t mask = shard.table.size() - 1;
  for (std::size_t at = key.low & mask;; at = (at + 1) & mask) {
    const std::uint32_t node = shard.table[at];
    if (node == kEmpty) return std::nullopt;
    if (node != kGone && keys_[node] == key) return NodeId{node};
  }
}

void NodeIndex::place(const Hash128& key, std::uint32_t node) {
  Shard& shard = shards_[key.high >> 58];
  if ((shard.used + 1) * 10 > shard.table.size() * 6) {
    std::vector<std::uint32_t> old(std::max<std::size_t>(64, shard.table.size() * 2), kEmpty);
    old.swap(shard.table);
    shard.used = 0;
    for (const std::uint32_t moved : old) {
      if (moved != kEmpty && moved != kGone) place(keys_[moved], moved);
    }
  }
  const std::size_t mask = shard.table.size() - 1;
  std::size_t at = key.low & mask;
  while (shard.table[at] != kEmpty) at = (at + 1) & mask;
  shard.table[at] = node;
  ++shard.used;
}

NodeId NodeIndex::add(const Hash128& key) {
  const auto node = static_cast<std::uint32_t>(keys_.size());
  ASSERT(node < kGone);
  keys_.push_back(key);
  place(key, node);
  return NodeId{node};
}

void NodeIndex::restore(const Hash128& key, NodeId node) {
  reserve_through(node);
  keys_[node.value] = key;
  place(key, node.value);
}

void NodeIndex::reserve_through(NodeId node) {
  if (node.value >= keys_.size()) keys_.resize(std::size_t{node.value} + 1);
}

void NodeIndex::forget(NodeId node) {
  if (node.value >= keys_.size()) return;
  const Hash128 key = keys_[node.value];
  Shard& shard = shards_[key.high >> 58];
  if (shard.table.empty()) return;
  const std::size_t mask = shard.table.size() - 1;
  for (std::size_t at = key.low & mask; shard.table[at] != kEmpty; at = (at + 1) & mask) {
    if (shard.table[at] != node.value) continue;
    shard.table[at] = kGone;
    break;
  }
  keys_[node.value] = Hash128{};
}

std::size_t NodeIndex::memory_bytes() const {
  std::size_t bytes = keys_.capacity() * sizeof(Hash128);
  for (const Shard& shard : shards_) bytes += shard.table.capacity() * sizeof(std::uint32_t);
  return bytes;
}

}  // namespace rapport::engine
