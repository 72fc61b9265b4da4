#include "engine/detail/checkpoint_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "codec/record.h"

namespace rapport::engine {
namespace {

namespace fs = std::filesystem;

/// A shop with one record and a checkpoint of numbers, each as text, in chunks of any size.
class CheckpointSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rapport_checkpoint_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store::StoreOptions options;
    options.path = folder_ + "/data";
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    store_ = std::move(*opened);
    shop_ = store_->create_shop("tea")->shop;
    const store::LogHead head = store_->last(shop_);
    codec::BatchWriter writer(head.seq.next(), Instant{1'000}, head.digest);
    writer.add_event({.event_time = Instant{5}, .message_id = "m"});
    const codec::FinishedBatch batch = std::move(writer).finish();
    ASSERT_TRUE(store_->append({.shop = shop_, .batch = batch.bytes, .digest = batch.digest}).ok());
    save();
  }
  void TearDown() override {
    store_.reset();
    fs::remove_all(folder_);
  }
  void save() {
    std::string bytes;
    ByteWriter out(bytes);
    for (std::uint64_t i = 0; i < kNumbers; ++i) {
      out.varint(i);
      out.text(std::to_string(i));
    }
    Random random(20261123);
    std::string_view left = bytes;
    store::CheckpointHead head;
    head.seq = store_->last(shop_).seq;
    head.log_digest = store_->last(shop_).digest;
    const auto saved = store_->save_checkpoint(shop_, head, [&](std::string& chunk) -> Result<bool> {
      chunk = left.substr(0, static_cast<std::size_t>(random.between(1, 3'000)));
      left.remove_prefix(chunk.size());
      return !chunk.empty();
    });
    ASSERT_TRUE(saved.ok()) << saved.error().describe();
  }
  store::CheckpointHead head() const {
    auto latest = store_->latest_checkpoint(shop_);
    EXPECT_TRUE(latest.ok() && latest->has_value());
    return latest.ok() && latest->has_value() ? **latest : store::CheckpointHead{};
  }
  /// How many numbers come out right before the first that does not.
  static std::uint64_t read(ByteReader& in) {
    for (std::uint64_t i = 0; i < kNumbers; ++i) {
      const bool same = in.varint() == i && in.text() == std::to_string(i);
      if (!same || !in.ok()) return i;
    }
    return kNumbers;
  }

  static constexpr std::uint64_t kNumbers = 50'000;
  std::string folder_;
  std::unique_ptr<store::Store> store_;
  ShopNo shop_;
};

TEST_F(CheckpointSourceTest, GivesAllThatWasSaved) {
  CheckpointSource source(*store_, shop_, head());
  ByteReader in(source);
  EXPECT_EQ(read(in), kNumbers);
  EXPECT_TRUE(in.at_end() && in.ok());
  EXPECT_TRUE(source.status().ok());
}

TEST_F(CheckpointSourceTest, MayBeLeftAtAnyPoint) {
  for (const int numbers : {0, 1, 20'000}) {
    CheckpointSource source(*store_, shop_, head());
    ByteReader in(source);
    for (int i = 0; i < numbers; ++i) {
      in.varint();
      in.text();
    }
    EXPECT_TRUE(in.ok());
  }
}

TEST_F(CheckpointSourceTest, DamageEndsItAndIsNamed) {
  const store::CheckpointHead before = head();
  const std::string path = folder_ + fmt::format("/data/checkpoints/1-{:020}.checkpoint", before.seq.value);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    ASSERT_TRUE(file.is_open());
    file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
    file.write("damage!!", 8);
  }
  CheckpointSource source(*store_, shop_, before);
  ByteReader in(source);
  EXPECT_LT(read(in), kNumbers);
  EXPECT_FALSE(in.ok());
  ASSERT_FALSE(source.status().ok());
  EXPECT_EQ(source.status().error().code, Errc::corrupt);
}

}  // namespace
}  // namespace rapport::engine
