#include "codec/stored_records.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rapport::codec {
namespace {

std::string some_batch(std::uint32_t events) {
  BatchWriter writer(EventSeq{7}, Instant{1'000}, Digest{});
  const model::NodeRef node{NodeId{3}, model::IdentifierKind::user_id, true, "sealed"};
  for (std::uint32_t i = 0; i < events; ++i) {
    EventRecord event;
    event.kind = model::EventKind{static_cast<std::uint16_t>(i * 37)};
    event.event_time = Instant{900};
    const std::string id = "m" + std::to_string(i);
    event.message_id = id;
    event.nodes = std::span(&node, 1);
    event.clear = std::string_view("clear", i % 6);
    writer.add_event(event);
    if (i % 3 == 0) writer.add_control(model::RecordType::tick, "");
  }
  return std::move(writer).finish().bytes;
}

TEST(StoredRecords, TellTheSameAsTheWholeReader) {
  const std::string batch = some_batch(200);
  auto whole = BatchReader::open(batch);
  auto quick = StoredRecords::open(batch);
  ASSERT_TRUE(whole.ok() && quick.ok());
  model::RecordView expected;
  StoredRecord got;
  std::size_t bytes = kBatchHeaderBytes;
  while (whole->next(expected)) {
    ASSERT_TRUE(quick->next(got));
    EXPECT_EQ(got.seq, expected.seq);
    EXPECT_EQ(got.type, expected.type);
    if (got.type == model::RecordType::event) EXPECT_EQ(got.kind, expected.kind);
    bytes += got.bytes.size() + (got.bytes.size() < 128 ? 1 : 2);
  }
  EXPECT_FALSE(quick->next(got));
  EXPECT_TRUE(quick->status().ok());
  EXPECT_EQ(bytes, batch.size());  // every byte of the batch is in the header, a length or a record
}

TEST(StoredRecords, CutAndChangedBatchesNeverReadOutside) {
  const std::string batch = some_batch(20);
  Random random(5);
  for (std::size_t i = 0; i < 2'000; ++i) {
    std::string broken = batch.substr(0, random.chance(0.5) ? batch.size() : random.below(batch.size()));
    if (!broken.empty()) broken[random.below(broken.size())] ^= static_cast<char>(1 + random.below(255));
    auto records = StoredRecords::open(broken);
    if (!records.ok()) continue;
    StoredRecord one;
    std::size_t seen = 0;
    while (records->next(one)) {
      ASSERT_GE(one.bytes.data(), broken.data());
      ASSERT_LE(one.bytes.data() + one.bytes.size(), broken.data() + broken.size());
      ++seen;
    }
    if (seen < records->header().count) EXPECT_FALSE(records->status().ok());
  }
}

}  // namespace
}  // namespace rapport::codec
