#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/id.h"
#include "codec/seal.h"
#include "store/store.h"

/// The keys of a shop's nodes, in front of the store's keyring, and what they seal.
namespace rapport::engine {

/// What a sealed text is, bound into its authentication so that one cannot stand in for the other.
enum class SealedAs : char { identifier = 'i', personal = 'p', file = 'f', letter = 'l' };
/// The additional authenticated data of codec::seal: one letter and the node's number.
std::string seal_context(SealedAs what, NodeId node);

/// Keys seen lately stay in memory (32 bytes a node); the rest are read from the store. Thread-safe.
class Keyring {
 public:
  Keyring(const store::Store& store, ShopNo shop) : store_(store), shop_(shop) {}

  /// A fresh key for a new node; durable only when the node's first batch is.
  codec::NodeKey make(NodeId node);
  /// none = destroyed.
  std::optional<codec::NodeKey> find(NodeId node);
  void forget(NodeId node);

  /// The identifier behind the node, in clear. none = erased, or the folder is older than 0.2 and keeps it in
  /// the log only.
  std::optional<std::string> value_of(NodeId node);
  /// none = the key is destroyed, or the bytes are damaged.
  std::optional<std::string> open(SealedAs what, NodeId node, std::string_view sealed);
  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kChunk = 4'096;
  struct Chunk {
    std::array<codec::NodeKey, kChunk> keys;
    std::array<bool, kChunk> present{};
  };
  Chunk& chunk_of(NodeId node);
  /// A key that was read from the store; refused for a node that was forgotten meanwhile.
  void keep(NodeId node, const codec::NodeKey& key);
  const store::Store& store_;
  ShopNo shop_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::unordered_set<std::uint32_t> forgotten_;  ///< a key read from the store just before must not come back
  std::array<std::uint8_t, 4'096> random_{};
  std::size_t random_left_ = 0;
};

}  // namespace rapport::engine
