#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "codec/segment.h"
#include "engine/detail/committer.h"
#include "engine/detail/followers.h"
#include "engine/detail/shop.h"
#include "simulated_disk.h"

// A shop that writes checkpoints while it works, on a disk whose power may go at any write.
namespace rapport::crash {
namespace {

constexpr const char* kPlace = "/data/shop";

/// Time that stands still, so that nothing depends on how fast a test runs.
class StillClock final : public Clock {
 public:
  Instant now() override { return instant_from_civil({2026, 11, 22, 3, 0, 0, 0}); }
};

engine::IngestRequest views_of(int batch) {
  engine::IngestRequest request;
  for (int i = 0; i < 20; ++i) {
    const int n = 20 * batch + i;
    const std::string text = fmt::format(
        R"({{"type":"track","userId":"u{}","event":"{}","messageId":"m{}","properties":{{"product_id":"P{}","ticket_id":"T{}","class":"product"}}}})",
        n % 37, n % 5 == 0 ? "Ticket Opened" : "Product Viewed", n, n % 11, n);
    auto event = codec::parse_message(text, {});
    EXPECT_TRUE(event.ok()) << event.error().describe();
    request.events.push_back(std::move(*event));
  }
  return request;
}

/// One life of the shop: recovers, takes batches until the end or the first refusal, stops.
class Life {
 public:
  explicit Life(SimulatedDisk& disk) {
    limits_.checkpoint_records = 60;
    auto opened = store::Store::open({.path = kPlace, .file_system = &disk, .witness_every = {0}});
    if (!opened.ok()) {
      why_ = opened.error().describe();
      return;
    }
    store_ = std::move(*opened);
    auto info = store_->find_shop("tea");
    if (!info) {
      auto made = store_->create_shop("tea");
      if (!made.ok()) return;
      info = *made;
    }
    committer_ = std::make_unique<engine::Committer>(*store_);
    shop_ = std::make_unique<engine::Shop>(engine::Shop::Parts{*store_, *committer_, clock_, limits_}, *info);
    if (store_->last(info->shop).seq.value == 0 && !shop_->found({}).ok()) return;
    if (const Status recovered = shop_->recover(); !recovered.ok()) {
      why_ = recovered.error().describe();
      return;
    }
    whole_ = true;
  }
  ~Life() {
    // Stops in the order in which the engine does.
    if (started_) shop_->stop();
    follower_.reset();
    committer_.reset();
  }
  bool whole() const { return whole_; }
  const std::string& why() const { return why_; }
  engine::Shop& shop() { return *shop_; }
  store::Store& store() { return *store_; }

  /// How many events were acknowledged.
  std::uint64_t work(int batches) {
    committer_->start();
    ledger_ = std::make_unique<engine::Ledger>(*store_, shop_->info());
    follower_ = std::make_unique<engine::Follower>(*store_, *shop_, clock_, *ledger_);
    follower_->start();
    shop_->start(follower_.get());
    started_ = true;
    std::uint64_t accepted = 0;
    for (int batch = 0; batch < batches; ++batch) {
      std::promise<Result<model::IngestAnswer>> promise;
      shop_->ingest_waiting(
          views_of(batch), [&](Result<model::IngestAnswer> answer) { promise.set_value(std::move(answer)); });
      const auto answer = promise.get_future().get();
      if (!answer.ok()) return accepted;
      accepted += answer->accepted;
      // The pace of customers rather than of a loop: the fold keeps up.
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return accepted;
  }

  /// The state that the log alone gives.
  Digest refolded() {
    views::ShopState state;
    views::FlipList flips;
    EXPECT_TRUE(store_
                    ->verify_log(shop_->info().shop,
                                 [&](const store::StoredBatch& batch) {
                                   auto in = codec::BatchReader::open(batch.bytes);
                                   model::RecordView record;
                                   while (in.ok() && in->next(record)) state.fold(record, flips);
                                 })
                    .ok());
    while (state.sweep(1'000, flips) > 0) {
    }
    return state.state_hash();
  }

 private:
  StillClock clock_;
  engine::Limits limits_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Committer> committer_;
  std::unique_ptr<engine::Shop> shop_;
  std::unique_ptr<engine::Ledger> ledger_;
  std::unique_ptr<engine::Follower> follower_;
  std::string why_;
  bool whole_ = false, started_ = false;
};

constexpr int kBatches = 24;

/// Recovers and holds the state against the log. Gives where recovery began.
EventSeq expect_recovered(SimulatedDisk& disk, std::uint64_t acknowledged) {
  Life life(disk);
  EXPECT_TRUE(life.whole()) << life.why();
  if (!life.whole()) return {};
  views::FlipList flips;
  const EventSeq last = life.store().last(life.shop().info().shop).seq;
  EXPECT_GE(last.value, acknowledged + 1) << "what was answered is there";
  EXPECT_EQ(life.shop().state().position(), last);
  EXPECT_EQ(digest_hex(life.shop().state().state_hash()), digest_hex(life.refolded()));
  // What the ledger kept of the life before is of this very log, and goes on.
  engine::Ledger ledger(life.store(), life.shop().info());
  const Status followed = ledger.catch_up();
  EXPECT_TRUE(followed.ok()) << followed.error().describe();
  const auto verified = ledger.verify();
  EXPECT_TRUE(verified.ok()) << verified.error().describe();
  if (verified.ok()) {
    EXPECT_GE(verified->size, acknowledged / 5);
  }
  return life.shop().recovered_from();
}

TEST(RunningCheckpoint, AKilledShopGoesOnFromTheLastOneAndOldOnesGo) {
  SimulatedDisk disk(1);
  std::uint64_t accepted = 0;
  {
    Life life(disk);
    ASSERT_TRUE(life.whole());
    accepted = life.work(kBatches);
    ASSERT_EQ(accepted, 20U * kBatches);
    // A checkpoint is followed by twenty times its own length without one, and a sanitizer makes it long.
    for (int i = 0; i < 12'000 && life.shop().checkpoint_saved().value < 300; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_GE(life.shop().checkpoint_saved().value, 300U) << "while it runs, not at its end";
    std::size_t files = 0;
    for (const std::string& path : disk.files())
      files += path.find("/checkpoints/") != std::string::npos ? 1 : 0;
    EXPECT_LE(files, 2U) << "the newest, and perhaps one on its way";
    disk.cut_power_now();
  }
  disk.power_on();
  EXPECT_GE(expect_recovered(disk, accepted).value, 60U);
}

TEST(RunningCheckpoint, ThePowerMayGoAtAnyWrite) {
  // Where the writes lie depends on threads, so points are spread over a whole run and taken as they come.
  std::uint64_t first = 0, last = 0;
  {
    SimulatedDisk disk(2);
    Life life(disk);
    first = disk.steps();
    life.work(kBatches);
    last = disk.steps();
  }
  ASSERT_GT(last, first + 40);
  std::size_t from_checkpoint = 0;
  constexpr std::uint64_t kPoints = 24;
  for (std::uint64_t i = 0; i < kPoints; ++i) {
    const std::uint64_t at = first + 1 + i * (last - first) / kPoints;
    SCOPED_TRACE(fmt::format("power cut at step {}", at));
    SimulatedDisk disk(100 + i);
    std::uint64_t accepted = 0;
    {
      Life life(disk);
      ASSERT_TRUE(life.whole());
      disk.cut_power_at(at);
      accepted = life.work(kBatches);
      disk.cut_power_now();
    }
    disk.power_on();
    from_checkpoint += expect_recovered(disk, accepted).value > 0 ? 1 : 0;
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(from_checkpoint, kPoints / 4) << "the test must meet checkpoints, or it shows nothing";
}

}  // namespace
}  // namespace rapport::crash
