#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/time.h"

/// The window of message ids that have been seen, ahead of the log. One owner thread.
namespace rapport::engine {

/// Remembers up to `most` ids for `window`; beyond either, the oldest go first (each of 256 shards drops its
/// own oldest, which for hashed ids is the same to within sampling). About 23 bytes an id; a shard's table is
/// rebuilt alone, so that growing never stops the shop for long.
class MessageIds {
 public:
  explicit MessageIds(std::size_t most = std::size_t{64} << 20, Duration window = hours(24));

  bool contains(const Hash128& id) const;
  /// True when it was new. `received` must not run backwards.
  bool insert(const Hash128& id, Instant received);
  /// Forgets what is older than the window.
  void expire(Instant now);
  std::size_t size() const { return size_; }
  /// How far back a repeat is noticed at `now`: the window, or less when ids were dropped for room.
  Duration effective_window(Instant now) const;
  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kShards = 256;
  static constexpr std::uint32_t kIndexBits = 18;
  static constexpr std::uint32_t kIndexMask = (1U << kIndexBits) - 1;
  static constexpr std::uint32_t kEmpty = 0xffffffffU;

  struct Mark {
    std::uint64_t first = 0;  ///< absolute number of the first id received at or after `from`
    Instant from;
  };
  struct Shard {
    std::vector<Hash128> ring;
    std::vector<std::uint32_t> table;  ///< tag in the upper bits, place in the ring in the lower ones
    std::uint64_t head = 0, tail = 0;  ///< absolute numbers; place = number % ring.size()
    std::size_t used = 0;              ///< table cells not empty, stale ones included
    std::vector<Mark> marks;
  };

  const Shard& shard_of(const Hash128& id) const { return shards_[id.high >> 56]; }
  static std::uint32_t tag_of(const Hash128& id) { return static_cast<std::uint32_t>(id.high) & ~kIndexMask; }
  bool find(const Shard& shard, const Hash128& id) const;
  void rebuild(Shard& shard, std::size_t ring_size);
  void drop_oldest(Shard& shard);

  std::vector<Shard> shards_;
  std::size_t shard_most_;
  Duration window_;
  std::size_t size_ = 0;
  Instant dropped_for_room_ = Instant::min();
};

}  // namespace rapport::engine
