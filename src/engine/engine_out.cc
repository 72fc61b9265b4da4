#include <algorithm>

#include "engine/detail/dead_letters.h"
#include "engine/detail/flip_rows.h"
#include "engine/detail/history.h"
#include "engine/detail/impl.h"

// What leaves: the tail of the log, flips, dead letters, webhooks.
namespace rapport::engine {
namespace {

constexpr std::size_t kTailMost = 10'000;

}  // namespace

void Engine::tail(ShopNo shop, TailQuery query, Reply<TailAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  query.most = std::clamp<std::size_t>(query.most, 1, kTailMost);
  impl_->on_quick<TailAnswer>(std::move(reply), [this, unit, shop, query]() -> Result<TailAnswer> {
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
  impl_->on_quick<std::vector<model::DeadLetterAnswer>>(
      std::move(reply), [this, shop, after, most, reveal]() -> Result<std::vector<model::DeadLetterAnswer>> {
        std::vector<model::DeadLetterAnswer> letters;
        Status damaged;
        RAPPORT_CHECK(impl_->store->dead_letters(shop, after, [&](const store::DeadLetter& stored) {
          auto letter = decode_dead_letter(stored);
          if (!letter.ok()) {
            damaged = letter.error();
            return store::Walk::stop;
          }
          if (!reveal) letter->raw.clear();
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

}  // namespace rapport::engine
