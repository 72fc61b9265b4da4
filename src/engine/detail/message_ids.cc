#include "engine/detail/message_ids.h"

#include <algorithm>

#include "base/assert.h"

namespace rapport::engine {
namespace {
constexpr std::size_t kFirstRing = 64;
constexpr std::int64_t kMarkEvery = 600'000;
}  // namespace

MessageIds::MessageIds(std::size_t most, Duration window)
    : shards_(kShards),
      shard_most_(
          std::min<std::size_t>(std::max<std::size_t>(most / kShards, 1), std::size_t{1} << kIndexBits)),
      window_(window) {}

bool MessageIds::find(const Shard& shard, const Hash128& id) const {
  if (shard.table.empty()) return false;
  const std::size_t mask = shard.table.size() - 1;
  const std::uint32_t tag = tag_of(id);
  for (std::size_t at = id.low & mask;; at = (at + 1) & mask) {
    const std::uint32_t cell = shard.table[at];
    if (cell == kEmpty) return false;
    if ((cell & ~kIndexMask) != tag) continue;
    const std::uint32_t place = cell & kIndexMask;
    if (shard.ring[place] != id) continue;
    // A stale cell may point at a place that is free now; then the id is not remembered.
    const std::uint64_t size = shard.ring.size();
    const std::uint64_t distance = (place + size - shard.head % size) % size;
    if (distance < shard.tail - shard.head) return true;
  }
}

bool MessageIds::contains(const Hash128& id) const {
  return find(shard_of(id), id);
}

void MessageIds::rebuild(Shard& shard, std::size_t ring_size) {
  std::vector<Hash128> ring(ring_size);
  std::vector<std::uint32_t> table(std::size_t{2} * ring_size, kEmpty);
  const std::size_t mask = table.size() - 1;
  ASSERT((table.size() & mask) == 0);
  for (std::uint64_t n = shard.head; n < shard.tail; ++n) {
    const Hash128& id = shard.ring[n % shard.ring.size()];
    const auto place = static_cast<std::uint32_t>(n % ring_size);
    ring[place] = id;
    std::size_t at = id.low & mask;
    while (table[at] != kEmpty) at = (at + 1) & mask;
    table[at] = tag_of(id) | place;
  }
  shard.ring = std::move(ring);
  shard.table = std::move(table);
  shard.used = static_cast<std::size_t>(shard.tail - shard.head);
}

void MessageIds::drop_oldest(Shard& shard) {
  ++shard.head;
  --size_;
  while (shard.marks.size() > 1 && shard.marks[1].first <= shard.head) shard.marks.erase(shard.marks.begin());
}

bool MessageIds::insert(const Hash128& id, Instant received) {
  Shard& shard = shards_[id.high >> 56];
  if (find(shard, id)) return false;
  const std::uint64_t live = shard.tail - shard.head;
  if (live == shard_most_) {
    dropped_for_room_ = std::max(dropped_for_room_, shard.marks.front().from);
    drop_oldest(shard);
  }
  if (live + 1 > shard.ring.size()) {
    rebuild(shard, shard.ring.empty()
                       ? kFirstRing
                       : std::min<std::size_t>(shard.ring.size() * 2, std::size_t{1} << kIndexBits));
  } else if (shard.used * 10 > shard.table.size() * 8) {
    rebuild(shard, shard.ring.size());
  }
  const auto place = static_cast<std::uint32_t>(shard.tail % shard.ring.size());
  // The all-ones cell means empty; the one id whose tag and place would look so goes to the next place.
  if ((tag_of(id) | place) == kEmpty) {
    ++shard.tail;
    shard.ring[place] = Hash128{~std::uint64_t{0}, ~std::uint64_t{0}};
    ++size_;
    return insert(id, received);
  }
  shard.ring[place] = id;
  const std::size_t mask = shard.table.size() - 1;
  std::size_t at = id.low & mask;
  while (shard.table[at] != kEmpty) at = (at + 1) & mask;
  shard.table[at] = tag_of(id) | place;
  ++shard.used;
  if (shard.marks.empty() || received.ms - shard.marks.back().from.ms >= kMarkEvery) {
    shard.marks.push_back({shard.tail, received});
  }
  ++shard.tail;
  ++size_;
  return true;
}

void MessageIds::expire(Instant now) {
  const Instant keep = now - window_;
  for (Shard& shard : shards_) {
    while (shard.marks.size() > 1 && shard.marks[1].from <= keep) {
      const std::uint64_t gone = shard.marks[1].first - shard.head;
      shard.head += gone;
      size_ -= static_cast<std::size_t>(gone);
      shard.marks.erase(shard.marks.begin());
    }
  }
}

Duration MessageIds::effective_window(Instant now) const {
  return dropped_for_room_ == Instant::min() ? window_ : std::min(window_, now - dropped_for_room_);
}

std::size_t MessageIds::memory_bytes() const {
  std::size_t bytes = 0;
  for (const Shard& shard : shards_) {
    bytes += shard.ring.capacity() * sizeof(Hash128) + shard.table.capacity() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace rapport::engine
