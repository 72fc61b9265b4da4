#include "base/assert.h"
#include "codec/record.h"

/// Any bytes as a batch. What decodes whole, written anew, decodes to the same records.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport;
  auto reader = codec::BatchReader::open({reinterpret_cast<const char*>(data), size});
  if (!reader.ok()) return 0;
  const codec::BatchHeader header = reader->header();
  codec::BatchWriter writer(header.first, header.received, header.previous);
  std::vector<model::RecordView> records;
  model::RecordView record;
  while (reader->next(record)) {
    ASSERT(record.seq == writer.next_seq());
    if (record.type == model::RecordType::event) {
      writer.add_event({record.event_time, record.event_type, record.kind, record.name, record.message_id,
                        record.nodes, record.is_alias, record.from_import, record.from_page, record.clear,
                        record.personal});
    } else {
      writer.add_control(record.type, record.body);
    }
    records.push_back(record);
  }
  if (!reader->status().ok()) return 0;
  ASSERT(records.size() == header.count);
  const codec::FinishedBatch again = std::move(writer).finish();
  auto second = codec::BatchReader::open(again.bytes);
  ASSERT(second.ok());
  for (const model::RecordView& expected : records) {
    ASSERT(second->next(record));
    ASSERT(record.type == expected.type && record.event_time == expected.event_time);
    ASSERT(record.message_id == expected.message_id && record.name == expected.name);
    ASSERT(record.clear == expected.clear && record.personal == expected.personal);
    ASSERT(record.body == expected.body && record.nodes.size() == expected.nodes.size());
  }
  ASSERT(!second->next(record) && second->status().ok());
  return 0;
}
