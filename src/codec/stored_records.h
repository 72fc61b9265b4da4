#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"
#include "codec/record.h"
#include "model/catalogue.h"
#include "model/record.h"

/// A batch record by record, as its bytes stand in the log: for those who hash or copy what is stored and
/// need no more of it than what kind of record it is.
namespace rapport::codec {

struct StoredRecord {
  EventSeq seq;
  model::RecordType type = model::RecordType::event;
  model::EventKind kind;   ///< of an event; 0 = unknown to the catalogue
  std::string_view bytes;  ///< version, type and body: all of the record behind its length
};

/// `bytes` of the batch must outlive the reader and what it gives. One thread at a time.
class StoredRecords {
 public:
  /// Errors: those of read_batch_header.
  static Result<StoredRecords> open(std::string_view batch);
  const BatchHeader& header() const { return header_; }
  /// False after the last record and at the first whose beginning cannot be read; status() tells which.
  bool next(StoredRecord& record);
  /// Errors: corrupt naming the seq.
  Status status() const;

 private:
  StoredRecords(const BatchHeader& header, std::string_view records) : header_(header), in_(records) {}

  BatchHeader header_;
  ByteReader in_;
  std::uint32_t read_ = 0;
  bool damaged_ = false;
};

}  // namespace rapport::codec
