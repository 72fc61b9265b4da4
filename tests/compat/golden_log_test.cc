#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "history.h"

// A log as an older build wrote it, batch after batch with a 4-byte length before each, and the hash its
// state had then. A fold that gives another hash is another fold: raise kFoldVersion in shop_save.cc, write
// the log anew with RAPPORT_WRITE_GOLDEN=FILE and say in docs/decisions/ what changed.
namespace rapport::sim {
namespace {

constexpr std::uint64_t kSeeds[] = {11, 12, 13};

views::ShopOptions golden_options() {
  views::ShopOptions options;
  options.rules = all_rules();
  return options;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Appends `log` as batches of up to 7 records of one receive time.
void write_batches(const views::SampleLog& log, std::string& out) {
  Digest previous{};
  model::RecordView record;
  for (std::size_t i = 0; i < log.size();) {
    log.view(i, record);
    const Instant received = record.received;
    codec::BatchWriter batch(record.seq, received, previous);
    for (; i < log.size() && batch.size() < 7; ++i) {
      log.view(i, record);
      if (record.received != received) break;
      if (record.type != model::RecordType::event) {
        batch.add_control(record.type, record.body);
        continue;
      }
      const std::string id = "m" + std::to_string(i);
      batch.add_event({.event_time = record.event_time,
                       .event_type = record.event_type,
                       .kind = record.kind,
                       .name = record.name,
                       .message_id = id,
                       .nodes = record.nodes,
                       .is_alias = record.is_alias,
                       .from_import = record.from_import,
                       .clear = record.clear,
                       .personal_sealed = ""});
    }
    codec::FinishedBatch done = std::move(batch).finish();
    previous = done.digest;
    ByteWriter(out).u32(static_cast<std::uint32_t>(done.bytes.size()));
    out += done.bytes;
  }
}

/// Folds every batch of a file; a new shop starts where seq 1 comes again.
std::vector<std::string> hashes_of(std::string_view file) {
  std::vector<std::string> hashes;
  views::ShopState state(golden_options());
  views::FlipList flips;
  ByteReader in(file);
  while (!in.at_end()) {
    Result<codec::BatchReader> batch = codec::BatchReader::open(in.raw(in.u32()));
    if (!batch.ok()) return {batch.error().describe()};
    if (batch->header().first == EventSeq{1} && state.position() != EventSeq{0}) {
      hashes.push_back(digest_hex(state.state_hash()));
      state = views::ShopState(golden_options());
    }
    model::RecordView record;
    while (batch->next(record)) state.fold(record, flips);
    if (!batch->status().ok()) return {batch->status().error().describe()};
  }
  hashes.push_back(digest_hex(state.state_hash()));
  return hashes;
}

TEST(GoldenLog, FoldsToTheHashItHad) {
  const std::string folder = std::string(RAPPORT_SOURCE_DIR) + "/tests/compat/";
  if (const char* path = std::getenv("RAPPORT_WRITE_GOLDEN")) {
    std::string bytes;
    for (const std::uint64_t seed : kSeeds) {
      Random random(seed);
      const History history = random_history(random);
      Arrival arrival;
      arrival.way = static_cast<Arrival::Way>(seed % 3);
      arrival.rules_at_start = all_rules().size();
      write_batches(arrive(history, arrival, random), bytes);
    }
    std::ofstream(path, std::ios::binary) << bytes;
  }
  const std::string file = read_file(folder + "shops-v1.log");
  ASSERT_FALSE(file.empty());
  std::istringstream expected(read_file(folder + "shops-v1.sha256"));
  std::vector<std::string> hashes;
  for (std::string line; std::getline(expected, line);) hashes.push_back(line);
  EXPECT_EQ(hashes_of(file), hashes);
}

}  // namespace
}  // namespace rapport::sim
