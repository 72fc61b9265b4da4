#include <algorithm>

#include "base/bytes.h"
#include "engine/detail/flip_rows.h"
#include "engine/detail/history.h"
#include "engine/detail/impl.h"

// What leaves: the tail of the log, flips, dead letters; and the whole log folded anew.
namespace rapport::engine {
namespace {

constexpr std::size_t kTailMost = 10'000;

Result<model::DeadLetterAnswer> decode_dead_letter(const store::DeadLetter& stored, bool reveal) {
  ByteReader in(stored.body);
  model::DeadLetterAnswer letter;
  const std::uint8_t version = in.u8();
  letter.id = stored.id;
  letter.received_ms = stored.at.ms;
  letter.code = in.text();
  letter.message = in.text();
  letter.where = in.text();
  letter.expected = in.text();
  letter.raw = in.text();
  if (!in.ok() || version != 1) return Error{Errc::corrupt, "a dead letter is damaged"};
  if (!reveal) letter.raw.clear();
  return letter;
}

}  // namespace

void Engine::tail(ShopNo shop, TailQuery query, Reply<TailAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  query.most = std::clamp<std::size_t>(query.most, 1, kTailMost);
  impl_->on_worker<TailAnswer>(std::move(reply), [this, unit, shop, query]() -> Result<TailAnswer> {
    TailAnswer answer;
    answer.next = query.after;
    if (query.derived) {
      Status damaged;
      RAPPORT_CHECK(impl_->store->flips(shop, query.after.next(), [&](const store::FlipRow& row) {
        // A page never ends between two flips of one cause, or the next page would pass over the rest.
        if (answer.flips.size() >= query.most && row.cause != answer.next) return store::Walk::stop;
        auto flip = decode_flip(row.cause, row.body);
        if (!flip.ok()) {
          damaged = flip.error();
          return store::Walk::stop;
        }
        answer.flips.push_back(std::move(flip).value());
        answer.next = row.cause;
        return store::Walk::on;
      }));
      RAPPORT_CHECK(damaged);
      return answer;
    }
    model::RecordView record;
    const EventSeq last = impl_->store->last(shop).seq;
    if (last <= query.after) return answer;
    RAPPORT_CHECK(impl_->store->read(shop, query.after.next(), last, [&](const store::StoredBatch& batch) {
      auto in = codec::BatchReader::open(batch.bytes);
      if (!in.ok()) return store::Walk::stop;
      while (in->next(record)) {
        if (record.seq <= query.after) continue;
        if (answer.events.size() >= query.most) return store::Walk::stop;
        answer.events.push_back(timeline_entry(record, unit->shop.keyring(), query.reveal));
        answer.next = record.seq;
      }
      return store::Walk::on;
    }));
    return answer;
  });
}

void Engine::dead_letters(ShopNo shop, std::uint64_t after, std::size_t most, bool reveal,
                          Reply<std::vector<model::DeadLetterAnswer>> reply) {
  if (impl_->unit(shop) == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  most = std::clamp<std::size_t>(most, 1, 1'000);
  impl_->on_worker<std::vector<model::DeadLetterAnswer>>(
      std::move(reply), [this, shop, after, most, reveal]() -> Result<std::vector<model::DeadLetterAnswer>> {
        std::vector<model::DeadLetterAnswer> letters;
        Status damaged;
        RAPPORT_CHECK(impl_->store->dead_letters(shop, after, [&](const store::DeadLetter& stored) {
          auto letter = decode_dead_letter(stored, reveal);
          if (!letter.ok()) {
            damaged = letter.error();
            return store::Walk::stop;
          }
          letters.push_back(std::move(letter).value());
          return letters.size() < most ? store::Walk::on : store::Walk::stop;
        }));
        RAPPORT_CHECK(damaged);
        return letters;
      });
}

Result<std::uint64_t> Engine::add_webhook(ShopNo shop, std::string url, std::vector<std::string> events,
                                          std::string& secret_out) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return Error{Errc::not_found, "no such shop"};
  return unit->outbox.add(std::move(url), std::move(events), EventSeq{unit->shop.counters().folded.load()},
                          secret_out);
}

std::vector<model::WebhookAnswer> Engine::webhooks(ShopNo shop) const {
  const ShopUnit* unit = impl_->unit(shop);
  return unit == nullptr ? std::vector<model::WebhookAnswer>() : unit->outbox.webhooks();
}

Status Engine::remove_webhook(ShopNo shop, std::uint64_t id) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return Error{Errc::not_found, "no such shop"};
  return unit->outbox.remove(id);
}

void Engine::redrive_webhooks(ShopNo shop, Reply<std::uint64_t> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<std::uint64_t>(std::move(reply), [unit]() { return unit->outbox.redrive(); });
}

Result<model::VerifyAnswer> Engine::verify(std::size_t batch) const {
  model::VerifyAnswer answer;
  Sha256 all;
  const std::int64_t start = monotonic_ns();
  for (const store::ShopInfo& info : impl_->store->shops()) {
    const ShopUnit* unit = impl_->unit(info.shop);
    if (unit == nullptr) continue;
    views::ShopOptions options;
    RAPPORT_TRY(options.currency, Currency::parse(unit->shop.founding().currency));
    views::ShopState state(options);
    views::FlipList flips;
    store::LogReader reader(*impl_->store, info.shop, EventSeq{1}, store::ChainCheck::yes);
    store::StoredBatch stored;
    model::RecordView record;
    std::size_t in_slice = 0;
    while (true) {
      RAPPORT_TRY(const bool more, reader.next(stored));
      if (!more) break;
      RAPPORT_TRY(codec::BatchReader in, codec::BatchReader::open(stored.bytes));
      while (in.next(record)) {
        state.fold(record, flips);
        flips.flips.clear();
        // Slices only decide when the sweep comes by; the hash may not notice.
        if (++in_slice >= batch) {
          in_slice = 0;
          state.sweep(64, flips);
        }
      }
      RAPPORT_CHECK(in.status());
    }
    while (state.sweep(10'000, flips) > 0) flips.flips.clear();
    const Digest hash = state.state_hash();
    answer.shops.push_back({info.name, digest_hex(hash), state.position()});
    all.update(info.name);
    all.update(as_view(hash));
    answer.seq += state.position().value;
  }
  answer.state = digest_hex(all.finish());
  const double elapsed = static_cast<double>(monotonic_ns() - start) / 1e9;
  answer.events_per_second = elapsed > 0 ? static_cast<double>(answer.seq) / elapsed : 0;
  return answer;
}

}  // namespace rapport::engine
