#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detail/keyring.h"
#include "store/store.h"

/// Identifier values in clear, in memory only. One owner thread.
namespace rapport::engine {

/// Each value lies sealed beside its node's key (in older folders only in the record of the node's birth).
/// What was born or shown since the start is kept here, and WarmUp brings the rest, until a node is
/// forgotten. Memory grows in blocks, so that no call ever moves all of it.
class IdentifierTexts {
 public:
  IdentifierTexts(const store::Store& store, ShopNo shop, Keyring& keyring)
      : store_(store), shop_(shop), keyring_(keyring) {}

  /// Does nothing for a node that is known already or was forgotten.
  void remember(NodeId node, std::string_view value);
  /// none = erased, or not found. Valid until the node is forgotten.
  std::optional<std::string_view> find(NodeId node);
  /// For good: overwrites the value; it cannot be remembered again.
  void forget(NodeId node);
  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kBlockBytes = 256 * 1024;
  static constexpr std::size_t kChunk = 4'096;
  struct Place {
    enum class State : std::uint8_t { unknown, present, forgotten };
    char* text = nullptr;
    std::uint32_t length = 0;
    State state = State::unknown;
  };
  Place& place_of(NodeId node);
  char* room_for(std::size_t bytes);

  const store::Store& store_;
  ShopNo shop_;
  Keyring& keyring_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_used_ = kBlockBytes;
  std::size_t large_bytes_ = 0;
  std::vector<std::unique_ptr<std::array<Place, kChunk>>> places_;
};

}  // namespace rapport::engine
