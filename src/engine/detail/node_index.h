#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/id.h"

/// Identifier value (as a keyed hash) -> node number, ahead of the log. One owner thread.
namespace rapport::engine {

/// Nodes are numbered from 1 in the order of first sight. About 24 bytes a node; 64 shards grow one at a
/// time.
class NodeIndex {
 public:
  NodeIndex();
  std::optional<NodeId> find(const Hash128& key) const;
  /// Numbers a value that is not there yet.
  NodeId add(const Hash128& key);
  /// Puts back a stored pair while opening; numbers may come in any order.
  void restore(const Hash128& key, NodeId node);
  /// Forgets the value; the number is never used again.
  void forget(NodeId node);
  /// Highest number given so far.
  std::uint32_t last() const { return static_cast<std::uint32_t>(keys_.size() - 1); }
  /// Raises the next number above `node` (numbers of erased nodes are not reused after a restart).
  void reserve_through(NodeId node);
  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::uint32_t kEmpty = 0;
  static constexpr std::uint32_t kGone = 0xffffffffU;
  struct Shard {
    std::vector<std::uint32_t> table;
    std::size_t used = 0;
  };
  void place(const Hash128& key, std::uint32_t node);

  std::vector<Hash128> keys_;  ///< by node number; [0] unused, zeros for forgotten ones
  std::vector<Shard> shards_;
};

}  // namespace rapport::engine
