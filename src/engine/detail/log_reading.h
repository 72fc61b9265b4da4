#pragma once

#include <algorithm>

#include "codec/record.h"
#include "engine/detail/shop.h"
#include "store/store.h"

namespace rapport::engine {

/// Hands every record after `read_upto` that the shop has folded to `take(const model::RecordView&)`, in
/// order, and moves `read_upto` on; for followers that keep what they read in memory. Stops between pieces
/// once the monotonic clock has reached `until_ns`: then it answers false. Errors: those of the store;
/// corrupt.
template <class Take>
Result<bool> read_folded(store::Store& store, Shop& shop, EventSeq& read_upto, std::int64_t until_ns,
                         Take take) {
  constexpr std::uint64_t kRecordsAtOnce = 20'000;
  const EventSeq last{shop.counters().folded.load()};
  model::RecordView record;
  while (read_upto < last) {
    if (monotonic_ns() >= until_ns) return false;
    const EventSeq stride{std::min(last.value, read_upto.value + kRecordsAtOnce)};
    Status damaged;
    RAPPORT_CHECK(
        store.read(shop.info().shop, read_upto.next(), stride, [&](const store::StoredBatch& batch) {
          auto in = codec::BatchReader::open(batch.bytes);
          if (!in.ok()) {
            damaged = in.error();
            return store::Walk::stop;
          }
          while (in->next(record)) {
            if (record.seq > read_upto) take(record);
          }
          read_upto = std::max(read_upto, batch.header.last());
          return store::Walk::on;
        }));
    RAPPORT_CHECK(damaged);
  }
  return true;
}

}  // namespace rapport::engine
