#include <algorithm>

#include "base/assert.h"
#include "base/log.h"
#include "engine/detail/checkpoint_source.h"
#include "engine/detail/flip_rows.h"
#include "engine/detail/shop.h"

/// Opening a shop: founded, or folded from its checkpoint and what the log holds beyond; and the checkpoints
/// that make the next opening quick.
namespace rapport::engine {
namespace {

constexpr std::int64_t kCheckpointRest = 20;  // a checkpoint of one second is followed by 20 without
constexpr std::uint32_t kCheckpointVersion = 1;

}  // namespace

Status Shop::found(const ShopOptions& options) {
  founding_ = {options.clock, options.currency, options.zone};
  desk_.begin(options.clock == model::ClockKind::driven ? Instant{0} : parts_.clock.now());
  desk_.add_control(model::RecordType::shop_created, codec::encode_shop_created(founding_));
  StampedBatch batch = desk_.finish();
  return parts_.store.append(batch.append(info_.shop));
}

Status Shop::recover() {
  RAPPORT_CHECK(desk_.recover(parts_.clock.now()));
  // The founding record says how this shop counts time and money.
  const EventSeq first{1};
  Status founded;
  RAPPORT_CHECK(
      parts_.store.read_records(info_.shop, std::span(&first, 1), [&](const model::RecordView& record) {
        auto body = codec::decode_shop_created(record.body);
        if (body.ok()) {
          founding_ = std::move(body).value();
        } else {
          founded = std::move(body).error();
        }
      }));
  RAPPORT_CHECK(founded);
  RAPPORT_TRY(view_options_.currency, Currency::parse(founding_.currency));

  EventSeq from{0};
  RAPPORT_TRY(const auto head, parts_.store.latest_checkpoint(info_.shop));
  RAPPORT_TRY(const EventSeq flips_upto, parts_.store.flips_upto(info_.shop));
  // Flips between the last stored one and a later checkpoint could not be made again, so such a checkpoint is
  // passed over.
  if (head && head->view_version == kCheckpointVersion && flips_upto >= head->seq) {
    // A checkpoint is a cache: what is wrong with it costs time, nothing else.
    CheckpointSource source(parts_.store, info_.shop, *head);
    auto loaded = views::ShopState::load(source, view_options_);
    if (const Status read = source.status(); !read.ok()) loaded = read.error();
    if (loaded.ok()) {
      state_ = std::move(loaded).value();
      from = head->seq;
    } else {
      log(LogLevel::warn, "checkpoint passed over", {{"shop", info_.name}, {"why", loaded.error().message}});
    }
  }
  if (from.value == 0) state_ = views::ShopState(view_options_);
  checkpoint_at_ = recovered_from_ = from;
  RAPPORT_CHECK(parts_.store.delete_flips_after(info_.shop, from));
  RAPPORT_CHECK(fold_from_log(from));
  if (driven()) {
    driven_now_ = desk_.last_received();
    counters_.driven_now_ms = driven_now_.ms;
  }
  told_upto_ = state_.position();
  folded_ = parts_.store.last(info_.shop);
  checkpoint_ns_ = monotonic_ns();
  counters_.durable = desk_.last().value;
  measure_state();
  publish_counters();
  return {};
}

Status Shop::fold_from_log(EventSeq from) {
  store::LogReader reader(parts_.store, info_.shop, from.next());
  store::StoredBatch stored;
  while (true) {
    RAPPORT_TRY(const bool more, reader.next(stored));
    if (!more) return {};
    RAPPORT_TRY(codec::BatchReader in, codec::BatchReader::open(stored.bytes));
    views::FlipList flips;
    while (in.next(record_)) {
      if (record_.seq > from) state_.fold(record_, flips);
    }
    RAPPORT_CHECK(in.status());
    const EventSeq before{stored.header.first.value - 1};
    RAPPORT_CHECK(
        store_flips(parts_.store, info_.shop, {before, stored.header.last(), flips.flips}, segment_names()));
    counters_.flips += flips.flips.size();
  }
}

/// none = there is nothing new to save, or the state cannot be saved now: inside an import, before a sweep
/// has told what it found, or in the middle of a batch.
std::optional<store::CheckpointHead> Shop::checkpoint_head() const {
  const bool whole = folding_.empty() || !folding_.front().reader;
  if (failed_ || !whole || state_.importing() || !swept_.flips.empty()) return std::nullopt;
  if (state_.position() == checkpoint_at_ || state_.position() != folded_.seq) return std::nullopt;
  store::CheckpointHead head;
  head.seq = folded_.seq;
  head.log_digest = folded_.digest;
  head.view_version = kCheckpointVersion;
  return head;
}

bool Shop::checkpoint_due() const {
  if (checkpointer_.busy()) return false;
  const std::uint64_t fresh = state_.position().value - checkpoint_at_.value;
  const std::int64_t waited_ms = (monotonic_ns() - checkpoint_ns_) / 1'000'000;
  const Limits& limits = parts_.limits;
  const bool due = fresh >= limits.checkpoint_records ||
                   (fresh >= limits.checkpoint_records_least && waited_ms >= limits.checkpoint_every_ms);
  return due && waited_ms >= kCheckpointRest * checkpointer_.took().ms;
}

void Shop::checkpoint_if_due() {
  if (sweeping_ || !checkpoint_due()) return;
  if (const auto head = checkpoint_head()) {
    checkpointer_.start(state_, *head);
    checkpoint_at_ = head->seq;
    checkpoint_ns_ = monotonic_ns();
  }
}

}  // namespace rapport::engine
