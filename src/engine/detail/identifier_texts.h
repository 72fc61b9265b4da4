#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detail/keyring.h"
#include "store/store.h"

/// Identifier values in clear, in memory only, filled as they are met. One owner thread.
namespace rapport::engine {

/// Each value lies sealed beside its node's key (in older folders only in the record of the node's birth); a
/// value that was shown once is kept here until its node is forgotten.
class IdentifierTexts {
 public:
  IdentifierTexts(const store::Store& store, ShopNo shop, Keyring& keyring)
      : store_(store), shop_(shop), keyring_(keyring) {}

  void remember(NodeId node, std::string_view value);
  /// none = erased, or not found.
  std::optional<std::string_view> find(NodeId node);
  void forget(NodeId node);
  std::size_t memory_bytes() const { return arena_.capacity() + places_.capacity() * sizeof(Place); }

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    bool present = false;
  };
  const store::Store& store_;
  ShopNo shop_;
  Keyring& keyring_;
  std::string arena_;
  std::vector<Place> places_;
};

}  // namespace rapport::engine
