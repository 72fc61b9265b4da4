#include "codec/record.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/random.h"
#include "codec/properties.h"

namespace rapport::codec {
namespace {

using model::IdentifierKind;
using model::NodeRef;
using model::RecordType;
using model::RecordView;

std::string random_bytes(Random& random, std::size_t most) {
  std::string bytes(random.below(most + 1), '\0');
  for (char& c : bytes) c = static_cast<char>(random.below(256));
  return bytes;
}

/// An event that owns its bytes, the obvious form beside the stored one.
struct OwnedEvent {
  Instant event_time;
  std::uint8_t type = 1;
  std::uint16_t kind = 0;
  std::string name, message_id, clear, personal;
  struct Node {
    std::uint32_t node;
    std::uint8_t kind;
    bool birth;
    std::string sealed;
  };
  std::vector<Node> nodes;
  bool is_alias = false, from_import = false, from_page = false;
};

OwnedEvent random_event(Random& random, Instant received) {
  OwnedEvent event;
  event.event_time = random.chance(0.1) ? (random.chance(0.5) ? Instant::min() : Instant::max())
                                        : received - seconds(random.between(-300, 1'000'000));
  event.type = static_cast<std::uint8_t>(random.between(1, 6));
  event.kind = random.chance(0.3) ? 0 : static_cast<std::uint16_t>(random.between(1, 65'535));
  if (event.kind == 0) event.name = random_bytes(random, 40);
  event.message_id = random_bytes(random, 50);
  event.clear = random_bytes(random, 200);
  if (random.chance(0.5)) event.personal = "x" + random_bytes(random, 200);
  for (std::uint64_t n = random.below(5); n > 0; --n) {
    const bool birth = random.chance(0.3);
    event.nodes.push_back({static_cast<std::uint32_t>(random.between(1, 0xffff'ffff)),
                           static_cast<std::uint8_t>(random.between(1, 8)), birth,
                           birth ? random_bytes(random, 60) : ""});
  }
  event.is_alias = event.nodes.size() >= 2 && random.chance(0.2);
  event.from_import = random.chance(0.2);
  event.from_page = random.chance(0.2);
  return event;
}

void add(BatchWriter& writer, const OwnedEvent& event) {
  std::vector<NodeRef> nodes;
  for (const auto& n : event.nodes) {
    nodes.push_back({NodeId{n.node}, IdentifierKind{n.kind}, n.birth, n.sealed});
  }
  writer.add_event({event.event_time, model::EventType{event.type}, model::EventKind{event.kind}, event.name,
                    event.message_id, nodes, event.is_alias, event.from_import, event.from_page, event.clear,
                    event.personal});
}

void expect_same(const RecordView& got, const OwnedEvent& event) {
  EXPECT_EQ(got.type, RecordType::event);
  EXPECT_EQ(got.event_time, event.event_time);
  EXPECT_EQ(static_cast<int>(got.event_type), event.type);
  EXPECT_EQ(got.kind.value, event.kind);
  EXPECT_EQ(got.name, event.name);
  EXPECT_EQ(got.message_id, event.message_id);
  EXPECT_EQ(got.clear, event.clear);
  EXPECT_EQ(got.personal, event.personal);
  EXPECT_EQ(got.is_alias, event.is_alias);
  EXPECT_EQ(got.from_import, event.from_import);
  EXPECT_EQ(got.from_page, event.from_page);
  ASSERT_EQ(got.nodes.size(), event.nodes.size());
  for (std::size_t i = 0; i < event.nodes.size(); ++i) {
    EXPECT_EQ(got.nodes[i].node.value, event.nodes[i].node);
    EXPECT_EQ(static_cast<int>(got.nodes[i].kind), event.nodes[i].kind);
    EXPECT_EQ(got.nodes[i].birth, event.nodes[i].birth);
    EXPECT_EQ(got.nodes[i].sealed_value, event.nodes[i].sealed);
  }
}

std::string small_batch() {
  BatchWriter writer(EventSeq{7}, Instant{1'000'000}, Digest{});
  Random random(5);
  for (int i = 0; i < 3; ++i) add(writer, random_event(random, Instant{1'000'000}));
  writer.add_control(RecordType::erased, encode_erased({{NodeId{3}, NodeId{9}}}));
  return std::move(writer).finish().bytes;
}

TEST(Record, ABatchGivesBackWhatWasPutIn) {
  const std::uint64_t seed = 20261122;
  SCOPED_TRACE(seed);
  Random random(seed);
  RecordView record;  // one view for all: nothing of an earlier record may shine through
  for (int round = 0; round < 200; ++round) {
    const Instant received{random.between(1'500'000'000'000, 1'800'000'000'000)};
    const EventSeq first{static_cast<std::uint64_t>(random.between(1, 1'000'000'000'000))};
    Digest previous;
    for (auto& b : previous) b = static_cast<std::uint8_t>(random.below(256));
    BatchWriter writer(first, received, previous);
    std::vector<std::pair<RecordType, OwnedEvent>> expected;
    for (std::uint64_t n = 1 + random.below(20); n > 0; --n) {
      OwnedEvent event = random_event(random, received);
      RecordType type = RecordType::event;
      if (random.chance(0.2)) {
        type = RecordType{static_cast<std::uint8_t>(random.between(2, 10))};
        writer.add_control(type, event.clear);
      } else {
        add(writer, event);
      }
      expected.emplace_back(type, std::move(event));
    }
    EXPECT_EQ(writer.size(), expected.size());
    EXPECT_EQ(writer.next_seq().value, first.value + expected.size());
    const FinishedBatch batch = std::move(writer).finish();
    EXPECT_EQ(batch.digest, sha256(batch.bytes));
    auto reader = BatchReader::open(batch.bytes);
    ASSERT_TRUE(reader.ok()) << reader.error().describe();
    EXPECT_EQ(reader->header().previous, previous);
    EXPECT_EQ(reader->header().last().value, first.value + expected.size() - 1);
    std::size_t at = 0;
    while (reader->next(record)) {
      ASSERT_LT(at, expected.size());
      EXPECT_EQ(record.seq.value, first.value + at);
      EXPECT_EQ(record.received, received);
      EXPECT_EQ(record.type, expected[at].first);
      if (record.type == RecordType::event) {
        expect_same(record, expected[at].second);
        EXPECT_TRUE(record.body.empty());
      } else {
        EXPECT_EQ(record.body, expected[at].second.clear);
        EXPECT_TRUE(record.nodes.empty() && record.personal.empty() && record.message_id.empty());
      }
      ++at;
    }
    ASSERT_TRUE(reader->status().ok()) << reader->status().error().describe();
    ASSERT_EQ(at, expected.size());
  }
}

TEST(Record, EveryTruncationIsNoticed) {
  const std::string whole = small_batch();
  RecordView record;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    auto reader = BatchReader::open(std::string_view(whole).substr(0, n));
    if (!reader.ok()) continue;
    while (reader->next(record)) continue;
    EXPECT_FALSE(reader->status().ok()) << n << " of " << whole.size() << " bytes passed for a batch";
  }
  const std::string longer = whole + "x";
  auto reader = BatchReader::open(longer);
  ASSERT_TRUE(reader.ok());
  while (reader->next(record)) continue;
  EXPECT_EQ(reader->status().error().code, Errc::corrupt);
}

TEST(Record, LaterVersionsAndTypesAreNamedNotGuessed) {
  std::string bytes = small_batch();
  bytes[0] = 2;
  EXPECT_EQ(BatchReader::open(bytes).error().code, Errc::unsupported);
  BatchWriter writer(EventSeq{40}, Instant{0}, Digest{});
  writer.add_control(RecordType::tick, "");
  bytes = std::move(writer).finish().bytes;
  RecordView record;
  std::string other = bytes;
  other[kBatchHeaderBytes + 1] = 9;
  auto version = BatchReader::open(other);
  EXPECT_FALSE(version->next(record));
  EXPECT_EQ(version->status().error().code, Errc::unsupported);
  EXPECT_EQ(version->status().error().where, "seq 40");
  other = bytes;
  other[kBatchHeaderBytes + 2] = 77;
  auto type = BatchReader::open(other);
  EXPECT_FALSE(type->next(record));
  EXPECT_EQ(type->status().error().code, Errc::unsupported);
}

TEST(Record, ControlBodiesRoundTripAndRefuseAnythingElse) {
  const model::UnlinkedBody unlinked{NodeId{5}, {NodeId{1}, NodeId{4'000'000'000U}}};
  EXPECT_EQ(decode_unlinked(encode_unlinked(unlinked))->from, unlinked.from);
  EXPECT_EQ(decode_unlinked(encode_unlinked(unlinked))->node, unlinked.node);
  const model::ErasedBody erased{{NodeId{2}, NodeId{7}}};
  EXPECT_EQ(decode_erased(encode_erased(erased))->nodes, erased.nodes);
  const model::ShopCreatedBody shop{model::ClockKind::driven, "USD", "America/New_York"};
  EXPECT_EQ(decode_shop_created(encode_shop_created(shop))->clock, shop.clock);
  EXPECT_EQ(decode_shop_created(encode_shop_created(shop))->currency, "USD");
  EXPECT_EQ(decode_shop_created(encode_shop_created(shop))->zone, "America/New_York");
  const model::ImportBody import{"olist", "run 1", -5};
  EXPECT_EQ(decode_import(encode_import(import))->recipe, "olist");
  EXPECT_EQ(decode_import(encode_import(import))->source, "run 1");
  EXPECT_EQ(decode_import(encode_import(import))->shift_ms, -5);
  EXPECT_EQ(*decode_zone_data(encode_zone_data("2024a")), "2024a");

  const model::OutboxIntentBody intent{7, "f_1", EventSeq{9}};
  EXPECT_EQ(decode_outbox_intent(encode_outbox_intent(intent))->id, "f_1");
  EXPECT_EQ(decode_outbox_intent(encode_outbox_intent(intent))->webhook, 7U);
  EXPECT_EQ(decode_outbox_intent(encode_outbox_intent(intent))->cause, EventSeq{9});
  const model::OutboxReceiptBody receipt{7, "f_1", 204, 3};
  EXPECT_TRUE(decode_outbox_receipt(encode_outbox_receipt(receipt))->delivered());
  EXPECT_EQ(decode_outbox_receipt(encode_outbox_receipt(receipt))->attempts, 3U);
  EXPECT_EQ(decode_outbox_receipt(encode_outbox_intent(intent) + "xx").error().code, Errc::corrupt);
  EXPECT_EQ(decode_outbox_intent("").error().code, Errc::corrupt);

  EXPECT_EQ(decode_unlinked("").error().code, Errc::corrupt);
  EXPECT_EQ(decode_unlinked(encode_unlinked(unlinked) + "x").error().code, Errc::corrupt);
  EXPECT_EQ(decode_erased(std::string("\xff\xff\xff\xff\x0f", 5)).error().code, Errc::corrupt);
  EXPECT_EQ(decode_erased(std::string("\x01\x00", 2)).error().code, Errc::corrupt) << "node 0 is no node";
  EXPECT_EQ(decode_shop_created(std::string("\x07\x00\x00", 3)).error().code, Errc::corrupt);
  EXPECT_EQ(decode_import("\x05"
                          "ab")
                .error()
                .code,
            Errc::corrupt);
}

TEST(Record, DamagedBytesNeverReadOutsideTheBatch) {
  const std::uint64_t seed = 77;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string whole = small_batch();
  RecordView record;
  for (int round = 0; round < 20'000; ++round) {
    // Copied to the heap at its exact size, so that a sanitiser sees the first byte too far.
    std::vector<char> bytes(whole.begin(), whole.end());
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
      bytes[random.below(bytes.size())] ^= static_cast<char>(1U << random.below(8));
    }
    if (random.chance(0.3)) bytes.resize(random.below(bytes.size() + 1));
    auto reader = BatchReader::open(std::string_view(bytes.data(), bytes.size()));
    if (!reader.ok()) continue;
    std::uint32_t count = 0;
    while (reader->next(record)) ++count;
    EXPECT_LE(count, reader->header().count);
  }
}

// docs/formats/log.md carries one batch as hexadecimal lines, each with a remark after '#'.
TEST(Record, TheWorkedExampleOfTheDocumentDecodes) {
  std::ifstream file(RAPPORT_SOURCE_DIR "/docs/formats/log.md");
  ASSERT_TRUE(file.good());
  std::string line, hex;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line == "```hex") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      for (const char c : line.substr(0, line.find('#'))) {
        if (c != ' ') hex.push_back(c);
      }
    }
  }
  const auto bytes = from_hex(hex);
  ASSERT_TRUE(bytes.ok());
  auto reader = BatchReader::open(*bytes);
  ASSERT_TRUE(reader.ok()) << reader.error().describe();
  EXPECT_EQ(reader->header().first.value, 41U);
  EXPECT_EQ(format_instant(reader->header().received), "2026-11-22T03:04:05.678Z");
  RecordView record;
  ASSERT_TRUE(reader->next(record));
  EXPECT_EQ(record.seq.value, 41U);
  EXPECT_EQ(record.message_id, "m-1");
  EXPECT_EQ(record.event_time, record.received - seconds(2));
  ASSERT_EQ(record.nodes.size(), 2U);
  EXPECT_EQ(record.nodes[0].node, NodeId{17});
  EXPECT_FALSE(record.nodes[0].birth);
  EXPECT_EQ(record.nodes[1].kind, IdentifierKind::anonymous_id);
  EXPECT_TRUE(record.nodes[1].birth);
  EXPECT_EQ(record.name, "Tea Tasted");
  EXPECT_EQ(record.personal.size(), 0U);
  PropertyReader properties(record.clear);
  Property property;
  ASSERT_TRUE(properties.next(property));
  EXPECT_TRUE(property.is_number);
  EXPECT_EQ(property.number, -3);
  ASSERT_TRUE(reader->next(record));
  EXPECT_EQ(record.type, RecordType::erased);
  EXPECT_EQ(decode_erased(record.body)->nodes, (std::vector<NodeId>{NodeId{17}, NodeId{18}}));
  EXPECT_FALSE(reader->next(record));
  EXPECT_TRUE(reader->status().ok());
}

}  // namespace
}  // namespace rapport::codec
