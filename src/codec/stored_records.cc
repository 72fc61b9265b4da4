#include "codec/stored_records.h"

namespace rapport::codec {

Result<StoredRecords> StoredRecords::open(std::string_view batch) {
  RAPPORT_TRY(const BatchHeader header, read_batch_header(batch));
  return StoredRecords(header, batch.substr(kBatchHeaderBytes));
}

bool StoredRecords::next(StoredRecord& record) {
  if (damaged_ || read_ == header_.count) return false;
  record.bytes = in_.text();
  ByteReader body(record.bytes);
  const std::uint8_t version = body.u8(), type = body.u8();
  std::uint64_t kind = 0;
  if (type == static_cast<std::uint8_t>(model::RecordType::event)) {
    body.u8();  // flags
    body.u8();  // message type
    kind = body.varint();
  }
  if (!in_.ok() || !body.ok() || version != kRecordVersion || kind > 0xffff) {
    damaged_ = true;
    return false;
  }
  record.seq = EventSeq{header_.first.value + read_++};
  record.type = static_cast<model::RecordType>(type);
  record.kind = model::EventKind{static_cast<std::uint16_t>(kind)};
  return true;
}

Status StoredRecords::status() const {
  if (damaged_) return fail(Errc::corrupt, "record {} cannot be read", header_.first.value + read_);
  if (read_ == header_.count && in_.left() > 0)
    return fail(Errc::corrupt, "bytes stand behind the last record {}", header_.last().value);
  return {};
}

}  // namespace rapport::codec
