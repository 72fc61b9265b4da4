#pragma once

#include <cstdint>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/time.h"
#include "model/access.h"
#include "model/answers/shop.h"

namespace rapport::engine {

/// API keys of every shop. A key is 24 random bytes behind its role's prefix ("rk_ingest_..."); only its
/// SHA-256 is kept, which is enough for a secret of that length. Thread-safe.
class AccessKeys {
 public:
  struct Stored {
    model::Principal principal;
    std::string label;
    Instant created;
    Digest hash{};
  };

  /// Makes a key; `stored` is what the caller must make durable before the key is shown.
  static std::string make(model::KeyRole role, Stored& stored);
  static std::string encode(const Stored& stored);
  static Result<Stored> decode(std::string_view bytes);

  void add(const Stored& stored);
  /// False when no such key of that shop.
  bool remove(ShopNo shop, std::uint64_t id);
  Result<model::Principal> authenticate(std::string_view key) const;
  std::vector<Stored> of_shop(ShopNo shop) const;

 private:
  struct HashOfDigest {
    std::size_t operator()(const Digest& digest) const {
      std::size_t word = 0;
      std::memcpy(&word, digest.data(), sizeof word);
      return word;
    }
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<Digest, Stored, HashOfDigest> by_hash_;
};

}  // namespace rapport::engine
