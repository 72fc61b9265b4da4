#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "codec/record.h"

/// Reading the log of a shop, batch by batch.
namespace rapport::store {

class Store;

/// The end of a shop's log. A shop without records has seq 0, a zero digest and Instant::min().
struct LogHead {
  EventSeq seq;     ///< last durable record
  Digest digest{};  ///< of the last batch: what the next one names as `previous`
  Instant received = Instant::min();
};

struct StoredBatch {
  codec::BatchHeader header;
  std::string_view bytes;  ///< for codec::BatchReader; valid until the reader's next step
};

/// Whether a reader recomputes the chain of digests while it goes (about 1 GB/s), or trusts RocksDB's block
/// checksums alone.
enum class ChainCheck : std::uint8_t { yes, no };

/// Follows one shop's log from a seq on. It sees durable batches only, and keeps seeing new ones: a follower
/// calls next() until it gives false, waits for news, and calls again. One thread at a time; any number of
/// readers beside one another. The store must outlive it.
class LogReader {
 public:
  /// The first batch given is the one that holds `from`; its earlier records are the caller's to skip.
  /// `from` 0 or 1 means the beginning.
  LogReader(const Store& store, ShopNo shop, EventSeq from, ChainCheck check = ChainCheck::yes);
  ~LogReader();
  LogReader(LogReader&&) noexcept;
  LogReader& operator=(LogReader&&) noexcept;

  /// False: the durable end. Errors: corrupt naming shop and seq, when a block does not match its checksum, a
  /// batch is missing, or a batch does not name the one before it. After an error the reader stays where it
  /// is.
  Result<bool> next(StoredBatch& batch);
  /// The seq that the next batch will begin with.
  EventSeq position() const;
  /// Digest of the batch given last (zero before the first, and with ChainCheck::no).
  const Digest& digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rapport::store
