#include "engine/detail/followers.h"

#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "engine/detail/flip_rows.h"

namespace rapport::engine {
namespace {
constexpr std::size_t kRowsAtOnce = 100'000;
// Positions are cheap to write many at a time and dear one by one, so they wait for company unless somebody
// asks.
constexpr std::int64_t kPositionsEveryNs = 1'000'000'000;
constexpr Duration kCareEvery = hours(1);
}  // namespace

Follower::Follower(store::Store& store, Shop& shop, Clock& clock, Ledger& ledger)
    : store_(store), shop_(shop), clock_(clock), ledger_(ledger) {}
Follower::~Follower() {
  stop();
}

void Follower::start() {
  const auto upto = store_.positions_upto(shop_.info().shop);
  positions_upto_ = upto.ok() ? upto->value : 0;
  reader_ = std::make_unique<store::LogReader>(store_, shop_.info().shop, EventSeq{positions_upto_ + 1},
                                               store::ChainCheck::no);
  thread_ = std::thread([this] {
    name_this_thread("follower");
    run();
  });
}

void Follower::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Follower::folded(Folded batch) {
  {
    const std::lock_guard lock(mutex_);
    told_.push_back(std::move(batch));
  }
  wake_.notify_one();
  if (hear_fold_) hear_fold_();
}

void Follower::store_told(std::vector<Folded> told) {
  for (Folded& batch : told) {
    if (!batch.new_segment_names.empty()) segment_names_ = std::move(batch.new_segment_names);
    const Status stored =
        store_flips(store_, shop_.info().shop, {batch.after, batch.upto, batch.flips}, segment_names_);
    if (!stored.ok()) {
      log(LogLevel::warn, "flips not stored", {{"shop", shop_.info().name}, {"why", stored.error().message}});
      continue;
    }
    if (batch.flips.empty() || !hear_flips_) continue;
    std::vector<model::FlipAnswer> heard;
    for (const views::Flip& flip : batch.flips) {
      auto answer = decode_flip(flip.cause, encode_flip(flip, segment_names_[flip.segment.value]));
      if (answer.ok()) heard.push_back(std::move(answer).value());
    }
    hear_flips_(heard);
  }
}

// Writes the positions of what the log holds beyond the last ones. True when there was something.
bool Follower::follow_positions() {
  std::vector<std::pair<NodeId, EventSeq>> rows;
  store::StoredBatch stored;
  model::RecordView record;
  EventSeq upto{positions_upto_};
  while (rows.size() < kRowsAtOnce) {
    const auto more = reader_->next(stored);
    if (!more.ok()) {
      log(LogLevel::error, "the log cannot be followed",
          {{"shop", shop_.info().name}, {"why", more.error().message}});
      return false;
    }
    if (!*more) break;
    auto in = codec::BatchReader::open(stored.bytes);
    if (!in.ok()) return false;
    while (in->next(record)) {
      if (record.seq.value <= positions_upto_) continue;
      for (const model::NodeRef& ref : record.nodes) rows.emplace_back(ref.node, record.seq);
      // What concerns everybody (nouns, rules, imports, unlinks) is found under one node of its own.
      if (concerns_everybody(record)) rows.emplace_back(kEverybody, record.seq);
    }
    upto = stored.header.last();
  }
  if (upto.value == positions_upto_) return false;
  const Status stored_rows = store_.append_positions(shop_.info().shop, upto, rows);
  if (!stored_rows.ok()) {
    log(LogLevel::warn, "positions not stored",
        {{"shop", shop_.info().name}, {"why", stored_rows.error().message}});
    return false;
  }
  {
    const std::lock_guard lock(mutex_);
    positions_upto_ = upto.value;
  }
  moved_.notify_all();
  return true;
}

// Readers of the ledger follow the log themselves; this keeps their way short.
void Follower::follow_ledger() {
  if (const Status followed = ledger_.catch_up(); !followed.ok())
    log(LogLevel::warn, "the ledger does not follow",
        {{"shop", shop_.info().name}, {"why", followed.error().message}});
}

// Lets go of what is past its time: message ids out of the window, dead letters of fourteen days.
void Follower::care() {
  const Instant now = clock_.now();
  if (now - last_care_ < kCareEvery) return;
  last_care_ = now;
  const ShopNo shop = shop_.info().shop;
  if (const Status expired = store_.expire_dedup(shop, now - hours(24)); !expired.ok()) {
    log(LogLevel::warn, "message ids not expired",
        {{"shop", shop_.info().name}, {"why", expired.error().message}});
  }
  if (const auto expired = store_.expire_dead_letters(shop, now); !expired.ok()) {
    log(LogLevel::warn, "dead letters not expired",
        {{"shop", shop_.info().name}, {"why", expired.error().message}});
  }
}

void Follower::run() {
  std::int64_t positions_ns = 0;
  while (true) {
    std::vector<Folded> told;
    bool last = false, asked = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(200),
                     [&] { return !told_.empty() || stopping_ || asked_for_positions_; });
      told.swap(told_);
      last = stopping_;
      asked = std::exchange(asked_for_positions_, false);
    }
    store_told(std::move(told));
    if (asked || last || monotonic_ns() - positions_ns > kPositionsEveryNs) {
      while (follow_positions()) {
      }
      if (!asked || last) follow_ledger();
      positions_ns = monotonic_ns();
    }
    care();
    if (last) {
      std::vector<Folded> rest;
      {
        const std::lock_guard lock(mutex_);
        rest.swap(told_);
      }
      store_told(std::move(rest));
      return;
    }
  }
}

bool Follower::wait_for_positions(EventSeq seq, Duration patience) {
  std::unique_lock lock(mutex_);
  if (positions_upto_.load() >= seq.value) return true;
  asked_for_positions_ = true;
  wake_.notify_one();
  return moved_.wait_for(lock, std::chrono::milliseconds(patience.ms),
                         [&] { return positions_upto_.load() >= seq.value; });
}

}  // namespace rapport::engine
