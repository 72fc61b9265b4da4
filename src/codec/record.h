#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "model/record.h"

/// The stored form of the log: a batch is one value of the log and holds the records of one commit; it names
/// the batch before it by digest, so that a missing or changed batch cannot pass for a whole log. Byte by
/// byte in docs/formats/log.md.
namespace rapport::codec {

inline constexpr std::uint8_t kBatchVersion = 1;
inline constexpr std::uint8_t kRecordVersion = 1;
/// Version, first seq, received, count, digest of the batch before.
inline constexpr std::size_t kBatchHeaderBytes = 1 + 8 + 8 + 4 + 32;
/// Named limits of one batch; over them the writer's caller starts another.
inline constexpr std::uint32_t kMostRecordsInBatch = 65'536;
inline constexpr std::size_t kMostBatchBytes = 64 << 20;

/// An event on its way into a batch. Views are borrowed until add_event returns. Subject first in `nodes`;
/// `clear` is codec/properties.h, `personal_sealed` is codec/seal.h under the key of nodes[0] or "".
struct EventRecord {
  Instant event_time;
  model::EventType event_type = model::EventType::track;
  model::EventKind kind;
  std::string_view name;  ///< stored only when kind is 0
  std::string_view message_id;
  std::span<const model::NodeRef> nodes;
  bool is_alias = false;
  bool from_import = false;
  bool from_page = false;
  std::string_view clear;
  std::string_view personal_sealed;
};

struct FinishedBatch {
  std::string bytes;
  Digest digest{};  ///< SHA-256 of bytes: what the next batch names as `previous`
};

/// Collects the records of one batch, in seq order from `first`. One thread at a time. The writer may be used
/// for one batch only.
class BatchWriter {
 public:
  BatchWriter(EventSeq first, Instant received, const Digest& previous);

  /// The seq that the record got.
  EventSeq add_event(const EventRecord& event);
  /// For every type but `event`; `body` is one of the encode_* below, or bytes the caller owns the meaning
  /// of.
  EventSeq add_control(model::RecordType type, std::string_view body);

  std::uint32_t size() const { return count_; }
  std::size_t bytes() const { return bytes_.size(); }
  EventSeq first() const { return first_; }
  /// The seq after the last record.
  EventSeq next_seq() const { return EventSeq{first_.value + count_}; }

  /// At least one record must have been added.
  FinishedBatch finish() &&;

 private:
  void add_body(model::RecordType type);

  std::string bytes_;
  std::string body_;
  EventSeq first_;
  Instant received_;
  std::uint32_t count_ = 0;
};

struct BatchHeader {
  EventSeq first;
  std::uint32_t count = 0;
  Instant received;
  Digest previous{};
  EventSeq last() const { return EventSeq{first.value + count - 1}; }
};

/// Errors: corrupt, unsupported (a version of a later release).
Result<BatchHeader> read_batch_header(std::string_view bytes);

/// Reads records without copying. `bytes` must outlive the reader and what it gives.
///
///   RAPPORT_TRY(BatchReader in, BatchReader::open(bytes));
///   while (in.next(record)) ...;
///   RAPPORT_CHECK(in.status());
class BatchReader {
 public:
  /// Errors: corrupt, unsupported.
  static Result<BatchReader> open(std::string_view bytes);

  const BatchHeader& header() const { return header_; }
  /// False after the last record and at the first damaged one; status() tells which. Reuses record.nodes.
  bool next(model::RecordView& record);
  /// Ok while everything read so far was whole, and, once next() gave false, if nothing followed the last
  /// record. Errors: corrupt or unsupported, naming the seq.
  Status status() const;

 private:
  enum class Fault : std::uint8_t { none, damaged, version, type, trailing };

  BatchReader(const BatchHeader& header, std::string_view records) : header_(header), in_(records) {}
  bool stop(Fault fault);
  bool read_event(ByteReader& in, model::RecordView& record);

  BatchHeader header_;
  ByteReader in_;
  std::uint32_t read_ = 0;
  Fault fault_ = Fault::none;
};

/// Bodies of control records. Decoders give corrupt for anything but exactly one body.
std::string encode_unlinked(const model::UnlinkedBody& body);
Result<model::UnlinkedBody> decode_unlinked(std::string_view bytes);
std::string encode_erased(const model::ErasedBody& body);
Result<model::ErasedBody> decode_erased(std::string_view bytes);
std::string encode_shop_created(const model::ShopCreatedBody& body);
Result<model::ShopCreatedBody> decode_shop_created(std::string_view bytes);
/// For import_started and import_ended alike.
std::string encode_import(const model::ImportBody& body);
Result<model::ImportBody> decode_import(std::string_view bytes);
std::string encode_outbox_intent(const model::OutboxIntentBody& body);
Result<model::OutboxIntentBody> decode_outbox_intent(std::string_view bytes);
std::string encode_outbox_receipt(const model::OutboxReceiptBody& body);
Result<model::OutboxReceiptBody> decode_outbox_receipt(std::string_view bytes);
/// zone_data: the version text of the tables used at the edge ("2024a"). A tick has no body: its time is the
/// batch's `received`.
std::string encode_zone_data(std::string_view version);
Result<std::string> decode_zone_data(std::string_view bytes);

}  // namespace rapport::codec
