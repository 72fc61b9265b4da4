#include "engine/detail/mirror.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "engine/detail/flip_rows.h"
#include "engine/detail/impl.h"

namespace rapport::engine {
namespace {

constexpr std::uint64_t kRecordsAtOnce = 100'000;
constexpr Duration kRest = milliseconds(500);

Hash128 flip_hash(std::string_view id) {
  Hash128 hash;
  const auto bytes = from_hex(id.substr(2));
  if (!bytes.ok() || bytes->size() != 16) return hash;
  for (int i = 0; i < 8; ++i) {
    hash.high = hash.high << 8 | static_cast<unsigned char>((*bytes)[static_cast<std::size_t>(i)]);
    hash.low = hash.low << 8 | static_cast<unsigned char>((*bytes)[static_cast<std::size_t>(i + 8)]);
  }
  return hash;
}

}  // namespace

Mirror::Mirror(Parts parts) : parts_(std::move(parts)) {}
Mirror::~Mirror() {
  stop();
}

void Mirror::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  moved_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Mirror::open() {
  lens::LensOptions options;
  options.path = parts_.path;
  options.compression = parts_.compression;
  options.memory_mb = parts_.memory_mb;
  RAPPORT_TRY(options.currency, Currency::parse(parts_.shop.founding().currency));
  auto opened = lens::Lens::open(options);
  if (!opened.ok()) return opened.error();
  lens_ = std::move(opened).value();
  lens_->set_reveal([this](lens::SealedAs what, NodeId node, std::string_view sealed) {
    return parts_.shop.keyring().open(
        what == lens::SealedAs::identifier ? SealedAs::identifier : SealedAs::personal, node, sealed);
  });
  RAPPORT_CHECK(check_digest());
  position_ = lens_->position().seq.value;
  reader_ = std::make_unique<store::LogReader>(parts_.store, parts_.shop.info().shop, EventSeq{position_ + 1},
                                               store::ChainCheck::no);
  thread_ = std::thread([this] {
    name_this_thread("lens");
    run();
  });
  return {};
}

// The mirror of another log (a restored folder, an erased and refilled one) is made anew.
Status Mirror::check_digest() {
  const lens::LensPosition position = lens_->position();
  if (position.seq.value == 0) return {};
  bool agrees = false;
  if (position.seq <= parts_.store.last(parts_.shop.info().shop).seq) {
    RAPPORT_CHECK(parts_.store.read(
        parts_.shop.info().shop, position.seq, position.seq, [&](const store::StoredBatch& batch) {
          agrees = batch.header.last() == position.seq && sha256(batch.bytes) == position.digest;
          return store::Walk::stop;
        }));
  }
  if (agrees) return {};
  log(LogLevel::warn, "the lens does not agree with the log and is made anew",
      {{"shop", parts_.shop.info().name}});
  return lens_->reset();
}

void Mirror::run() {
  while (true) {
    const Result<bool> moved = follow();
    std::unique_lock lock(mutex_);
    if (!moved.ok()) {
      failed_ = moved.error();
      log(LogLevel::error, "the lens stands still",
          {{"shop", parts_.shop.info().name}, {"why", moved.error().message}});
      moved_.notify_all();
      return;
    }
    if (stopping_) return;
    moved_.notify_all();
    if (!*moved) wake_.wait_for(lock, std::chrono::milliseconds(kRest.ms), [&] { return stopping_.load(); });
    if (stopping_) return;
  }
}

// One transaction of whole batches whose flips are stored. False when there was nothing.
Result<bool> Mirror::follow() {
  const ShopNo shop = parts_.shop.info().shop;
  RAPPORT_TRY(const EventSeq flips_upto, parts_.store.flips_upto(shop));
  const EventSeq before{position_};
  if (flips_upto <= before) return false;
  RAPPORT_CHECK(lens_->begin());
  const auto give_up = [&](const Error& error) {
    lens_->rollback();
    return error;
  };
  lens::LensPosition position{before, {}};
  std::set<NodeId> touched;
  store::StoredBatch stored;
  model::RecordView record;
  while (position.seq.value - before.value < kRecordsAtOnce && position.seq < flips_upto) {
    const Result<bool> more = reader_->next(stored);
    if (!more.ok()) return give_up(more.error());
    if (!*more) break;
    auto in = codec::BatchReader::open(stored.bytes);
    if (!in.ok()) return give_up(in.error());
    while (in->next(record)) {
      if (record.seq <= before) continue;
      const Status added = lens_->add(record);
      if (!added.ok()) return give_up(added.error());
      for (const model::NodeRef& ref : record.nodes) touched.insert(ref.node);
      if (record.type == model::RecordType::unlinked) {
        const auto body = codec::decode_unlinked(record.body);
        if (body.ok()) {
          touched.insert(body->node);
          touched.insert(body->from.begin(), body->from.end());
        }
      }
      if (record.type == model::RecordType::erased) {
        const auto body = codec::decode_erased(record.body);
        if (body.ok()) touched.insert(body->nodes.begin(), body->nodes.end());
      }
    }
    position = {stored.header.last(), sha256(stored.bytes)};
  }
  if (position.seq == before) {
    lens_->rollback();
    return false;
  }
  if (const Status fed = feed_identities({touched.begin(), touched.end()}); !fed.ok())
    return give_up(fed.error());
  if (const Status fed = feed_flips(before, position.seq); !fed.ok()) return give_up(fed.error());
  if (const Status committed = lens_->commit(position); !committed.ok()) return give_up(committed.error());
  position_ = position.seq.value;
  return true;
}

Status Mirror::feed_identities(const std::vector<NodeId>& touched) {
  if (stopping_) return Error{Errc::unavailable, "stopping"};
  std::vector<lens::IdentityFeed> rows;
  // Asked in pieces, so that the shop thread is never held for long.
  constexpr std::size_t kPiece = 2'000;
  for (std::size_t at = 0; at < touched.size(); at += kPiece) {
    std::promise<void> done;
    parts_.shop.post([&] {
      const views::ShopState& state = parts_.shop.state();
      for (std::size_t i = at; i < std::min(touched.size(), at + kPiece); ++i) {
        const CustomerId customer = state.customer_of(touched[i]);
        rows.push_back({touched[i], customer});
        if (customer.value == 0) continue;
        for (const NodeId node : state.nodes_of(customer)) rows.push_back({node, customer});
      }
      done.set_value();
    });
    done.get_future().wait();
  }
  for (const lens::IdentityFeed& row : rows) lens_->add(row);
  return {};
}

Status Mirror::feed_flips(EventSeq after, EventSeq upto) {
  Status failed;
  RAPPORT_CHECK(parts_.store.flips(parts_.shop.info().shop, after.next(), [&](const store::FlipRow& row) {
    if (row.cause > upto) return store::Walk::stop;
    const auto flip = decode_flip(row.cause, row.body);
    if (!flip.ok()) {
      failed = flip.error();
      return store::Walk::stop;
    }
    failed = lens_->add(lens::FlipFeed{flip_hash(flip->id), flip->customer, flip->segment, flip->entered,
                                       flip->valid_time, flip->cause, flip->origin});
    return failed.ok() ? store::Walk::on : store::Walk::stop;
  }));
  return failed;
}

void Mirror::end_queries() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  moved_.notify_all();
  if (lens_) lens_->end_queries();
}

Result<const lens::Lens*> Mirror::opened() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Error{Errc::unavailable, "stopping"};
  if (!lens_) RAPPORT_CHECK(open());
  return static_cast<const lens::Lens*>(lens_.get());
}

Result<const lens::Lens*> Mirror::caught_up(EventSeq upto, Duration patience, Cancellation* cancellation) {
  std::atomic<bool> left{false};
  // Made before the lock is taken and ended after it is given back: cancelling takes them the other way
  // round.
  const Cancellation::Interrupt interrupt(cancellation, [&] {
    left = true;
    const std::lock_guard lock(mutex_);
    moved_.notify_all();
  });
  std::unique_lock lock(mutex_);
  if (stopping_) return Error{Errc::unavailable, "stopping"};
  if (!lens_) RAPPORT_CHECK(open());
  const bool there = moved_.wait_for(lock, std::chrono::milliseconds(patience.ms), [&] {
    return position_ >= upto.value || !failed_.ok() || stopping_ || left;
  });
  RAPPORT_CHECK(failed_);
  if (left) return Error{Errc::conflict, "nobody waits for the answer any more", "cancelled"};
  if (!there || stopping_) {
    return Error{Errc::unavailable,
                 fmt::format("the lens stands at {} and is on its way to {}", position_.load(), upto.value),
                 "", "the same question in a few seconds"};
  }
  return static_cast<const lens::Lens*>(lens_.get());
}

}  // namespace rapport::engine
