#include "engine/engine.h"

#include <algorithm>
#include <cctype>
#include <thread>

#include "base/log.h"
#include "engine/detail/impl.h"
#include "engine/detail/recommend_parts.h"
#include "model/catalogue_ids.h"
#include "store/backup.h"
#include "views/published.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kKeyPrefix = "key/";
constexpr std::string_view kSurveyKey = "survey links";
constexpr std::size_t kWorkerThreads = 2;
constexpr std::size_t kShopfrontQueue = 1'024;
constexpr std::size_t kWorkerQueue = 256;
constexpr std::size_t kDeciderThreads = 2;
constexpr std::size_t kDeciderQueue = 4'096;
constexpr std::size_t kQuickThreads = 2;

Status check_shop_name(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (name.empty() || name.size() > 64 || !letters || name[0] < 'a' || name[0] > 'z') {
    return Error{Errc::bad_input, fmt::format("'{}' is not a shop name", name.substr(0, 70)), "shop",
                 "1 to 64 of a-z, 0-9, _ and -, first a letter"};
  }
  return {};
}

std::string key_setting(std::uint64_t id) {
  return fmt::format("{}{:016x}", kKeyPrefix, id);
}

}  // namespace

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() {
  stop();
}

ShopUnit* Engine::Impl::unit(ShopNo shop) const {
  const std::shared_lock lock(shops_mutex);
  if (shop.value == 0 || shop.value > shops.size()) return nullptr;
  return shops[shop.value - 1U].get();
}

Result<ShopUnit*> Engine::Impl::open_shop(const store::ShopInfo& info, const ShopOptions* founding) {
  auto unit = std::make_unique<ShopUnit>(Shop::Parts{*store, *committer, *clock, options.limits}, info,
                                         options, survey_key);
  if (store->last(info.shop).seq.value == 0) {
    RAPPORT_CHECK(unit->shop.found(founding != nullptr ? *founding : ShopOptions{}));
  }
  RAPPORT_CHECK(unit->shop.recover());
  unit->simulated = is_simulated(*unit);
  ShopUnit* raw = unit.get();
  {
    const std::lock_guard lock(shops_mutex);
    shops.push_back(std::move(unit));
  }
  raw->follower.on_flips([raw](const std::vector<model::FlipAnswer>&) { raw->outbox.notice(); });
  raw->follower.on_fold([raw] { raw->feedback.notice(); });
  raw->follower.start();
  RAPPORT_CHECK(raw->outbox.start());
  RAPPORT_CHECK(raw->letters.start());
  raw->shop.on_folded([raw] {
    raw->clerk.look();
    raw->parcels.look();
  });
  raw->shop.start(&raw->follower);
  // What came up and was not told when the process ended.
  raw->shop.post([raw] {
    raw->clerk.look();
    raw->parcels.look();
  });
  if (founding == nullptr) raw->warm_up.start();
  return raw;
}

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  impl->clock = impl->options.clock != nullptr ? impl->options.clock : &impl->system_clock;
  store::StoreOptions store_options;
  store_options.path = impl->options.data;
  store_options.compression = impl->options.compression ? store::Compression::on : store::Compression::off;
  RAPPORT_TRY(impl->store, store::Store::open(store_options));
  impl->committer = std::make_unique<Committer>(*impl->store);
  impl->committer->start();
  impl->workers = std::make_unique<Workers>(kWorkerThreads, kWorkerQueue);
  impl->askers = std::make_unique<FairWorkers>(FairWorkers::Limits{});
  impl->quick = std::make_unique<Workers>(kQuickThreads, kWorkerQueue);
  impl->readers = std::make_unique<Workers>(1, kWorkerQueue);
  impl->deciders = std::make_unique<Workers>(kDeciderThreads, kDeciderQueue);
  impl->shopfront_thread = std::make_unique<Workers>(1, kShopfrontQueue);
  impl->users = std::make_unique<Users>(*impl->store, *impl->clock);
  RAPPORT_CHECK(impl->users->load());
  RAPPORT_TRY(const auto survey_key, impl->store->named_key(kSurveyKey));
  impl->survey_key = survey_key.value_or(codec::make_node_key());
  if (!survey_key) RAPPORT_CHECK(impl->store->put_named_key(kSurveyKey, impl->survey_key));
  for (const store::ShopInfo& info : impl->store->shops()) {
    RAPPORT_TRY(ShopUnit * unit, impl->open_shop(info, nullptr));
    RAPPORT_CHECK(impl->store->scan(store::Table::settings, info.shop, kKeyPrefix,
                                    [&](std::string_view, std::string_view value) {
                                      auto key = AccessKeys::decode(value);
                                      if (key.ok()) {
                                        impl->keys.add(*key);
                                      } else {
                                        log(LogLevel::warn, "an API key was passed over",
                                            {{"shop", unit->shop.info().name}, {"why", key.error().message}});
                                      }
                                      return store::Walk::on;
                                    }));
  }
  for (const auto& unit : impl->shops) {
    std::vector<std::vector<NodeId>> unfinished;
    RAPPORT_CHECK(impl->store->scan(store::Table::settings, unit->shop.info().shop, kErasingPrefix,
                                    [&](std::string_view, std::string_view value) {
                                      auto body = codec::decode_erased(value);
                                      if (body.ok()) unfinished.push_back(std::move(body->nodes));
                                      return store::Walk::on;
                                    }));
    for (const std::vector<NodeId>& nodes : unfinished) {
      EventSeq recorded;
      RAPPORT_CHECK(erase_nodes(*unit, *impl->store, nodes, {}, &recorded));
    }
  }
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

void Engine::stop() {
  if (!impl_ || impl_->stopped) return;
  impl_->stopped = true;
  for (const auto& unit : impl_->shops) unit->mirror.end_queries();
  impl_->workers->stop();
  impl_->askers->stop();
  impl_->quick->stop();
  impl_->readers->stop();
  impl_->users->stop();
  impl_->deciders->stop();
  impl_->shopfront_thread->stop();
  // Shops finish what is queued (their commits need the committer), followers read to the end, then the
  // committer goes.
  for (const auto& unit : impl_->shops) unit->warm_up.stop();
  for (const auto& unit : impl_->shops) unit->feedback.stop();
  for (const auto& unit : impl_->shops) unit->parcels.stop();
  for (const auto& unit : impl_->shops) unit->outbox.stop();
  for (const auto& unit : impl_->shops) unit->letters.stop();
  for (const auto& unit : impl_->shops) unit->mirror.stop();
  for (const auto& unit : impl_->shops) unit->shop.stop();
  for (const auto& unit : impl_->shops) unit->follower.stop();
  impl_->committer->stop();
}

// --- shops and keys
// -----------------------------------------------------------------------------------------------

bool is_simulated(const ShopUnit& unit) {
  if (unit.shop.driven()) return true;
  const views::ShopState& state = unit.shop.state();
  for (const model::EventKind kind : {model::kind::product_published, model::kind::service_published}) {
    const auto ids = state.noun_ids(kind);
    if (!ids.empty() && views::json_member(state.noun(kind, ids.front()), "simulated") == "true") return true;
  }
  return false;
}

namespace {

/// As last seen; looks again beside the caller, so a shop that was filled a moment ago is told a moment
/// later.
bool seems_simulated(ShopUnit& unit) {
  constexpr std::int64_t kLookEvery_ns = 1'000'000'000;
  if (unit.simulated || unit.shop.driven()) return true;
  const std::int64_t now = monotonic_ns();
  std::int64_t asked = unit.simulated_asked_ns;
  if (now - asked < kLookEvery_ns || !unit.simulated_asked_ns.compare_exchange_strong(asked, now))
    return false;
  [[maybe_unused]] const bool queued =
      unit.shop.read(std::nullopt, [&unit] { unit.simulated = is_simulated(unit); });
  return false;
}

}  // namespace

std::vector<model::ShopSummary> Engine::shops() const {
  std::vector<model::ShopSummary> out;
  const std::shared_lock lock(impl_->shops_mutex);
  for (const auto& unit : impl_->shops) {
    const auto& counters = unit->shop.counters();
    out.push_back({unit->shop.info().name, unit->shop.info().shop, EventSeq{counters.folded.load()},
                   counters.customers.load(), unit->shop.driven(), seems_simulated(*unit),
                   unit->shop.driven() ? Instant{counters.driven_now_ms.load()} : impl_->clock->now()});
  }
  return out;
}

Result<ShopNo> Engine::find_shop(std::string_view name) const {
  if (const auto info = impl_->store->find_shop(name)) return info->shop;
  std::string known;
  for (const auto& shop : impl_->store->shops()) known += (known.empty() ? "" : ", ") + shop.name;
  return Error{Errc::not_found, fmt::format("no shop '{}'", name), "shop",
               known.empty() ? "one made by 'rapport keys add --shop NAME'" : "one of: " + known};
}

Result<ShopNo> Engine::create_shop(std::string_view name, const ShopOptions& options) {
  RAPPORT_CHECK(check_shop_name(name));
  RAPPORT_CHECK([&]() -> Status {
    RAPPORT_TRY([[maybe_unused]] const Currency currency, Currency::parse(options.currency));
    return {};
  }());
  if (const auto info = impl_->store->find_shop(name)) return info->shop;
  RAPPORT_TRY(const store::ShopInfo info, impl_->store->create_shop(name));
  RAPPORT_TRY([[maybe_unused]] ShopUnit * unit, impl_->open_shop(info, &options));
  return info.shop;
}

Result<std::string> Engine::add_key(ShopNo shop, model::KeyRole role, std::string_view label) {
  if (impl_->unit(shop) == nullptr) return Error{Errc::not_found, "no such shop"};
  AccessKeys::Stored stored;
  const std::string key = AccessKeys::make(role, stored);
  stored.principal.shop = shop;
  stored.label = std::string(label.substr(0, 100));
  stored.created = impl_->clock->now();
  RAPPORT_CHECK(impl_->store->put(store::Table::settings, shop, key_setting(stored.principal.key_id),
                                  AccessKeys::encode(stored)));
  impl_->keys.add(stored);
  return key;
}

std::vector<model::KeyAnswer> Engine::keys(ShopNo shop) const {
  std::vector<model::KeyAnswer> out;
  const ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return out;
  for (const AccessKeys::Stored& stored : impl_->keys.of_shop(shop)) {
    out.push_back({stored.principal.key_id, unit->shop.info().name,
                   std::string(model::key_role_name(stored.principal.role)), stored.label, stored.created});
  }
  return out;
}

Status Engine::remove_key(ShopNo shop, std::uint64_t id) {
  if (!impl_->keys.remove(shop, id)) return fail(Errc::not_found, "no key {} in this shop", id);
  return impl_->store->remove(store::Table::settings, shop, key_setting(id));
}

Result<model::Principal> Engine::authenticate(std::string_view key) const {
  return impl_->keys.authenticate(key);
}

Currency Engine::currency_of(ShopNo shop) const {
  const ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return Currency{{'C', 'N', 'Y'}};
  auto currency = Currency::parse(unit->shop.founding().currency);
  return currency.ok() ? *currency : Currency{{'C', 'N', 'Y'}};
}

// --- in
// -----------------------------------------------------------------------------------------------------------

void Engine::ingest(ShopNo shop, IngestRequest request, Reply<model::IngestAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) {
    reply(Error{Errc::not_found, "no such shop"});
    return;
  }
  refuse_broken_scenes(request);
  auto shared = std::make_shared<Reply<model::IngestAnswer>>(std::move(reply));
  const bool taken = unit->shop.ingest(
      std::move(request), [shared](Result<model::IngestAnswer> answer) { (*shared)(std::move(answer)); });
  if (!taken)
    (*shared)(Error{Errc::overloaded, "the shop's queue is full", "", "the same batch again in a second"});
}

void Engine::drive_clock(ShopNo shop, Instant now, Reply<EventSeq> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) {
    reply(Error{Errc::not_found, "no such shop"});
    return;
  }
  unit->shop.post([unit, now, reply = std::move(reply)] {
    const auto moved = unit->shop.drive_clock(now);
    if (!moved.ok()) {
      reply(moved.error());
      return;
    }
    unit->shop.append_control_folded(model::RecordType::tick, "",
                                     [reply](Result<EventSeq> seq) { reply(std::move(seq)); });
  });
}

// --- the house
// ----------------------------------------------------------------------------------------------------

Status Engine::backup(const std::string& to) const {
  return impl_->store->backup(to);
}

Result<std::string> Engine::erasure_ledger(std::optional<ShopNo> shop) const {
  RAPPORT_TRY(std::vector<store::Erasure> ledger, store::erasure_ledger(*impl_->store));
  if (shop) {
    const ShopUnit* unit = impl_->unit(*shop);
    std::erase_if(ledger, [&](const store::Erasure& erasure) {
      return unit == nullptr || erasure.shop != unit->shop.info().name;
    });
  }
  return store::format_ledger(ledger);
}

Status Engine::ready() const {
  if (impl_->stopped) return Error{Errc::unavailable, "stopping"};
  if (!impl_->store->accepts_writes())
    return Error{Errc::unavailable, wants_space()
                                        ? "the log refuses writes: the disk is full"
                                        : "the log refuses writes after a failed write; restart the server"};
  return {};
}

bool Engine::wants_space() const {
  return impl_->store->wants_space();
}

model::EngineMetrics Engine::metrics() const {
  model::EngineMetrics out;
  out.writable = impl_->store->accepts_writes();
  const Committer::Latency latency = impl_->committer->latency();
  out.commits = latency.commits;
  out.commit_p50_us = latency.p50_us;
  out.commit_p99_us = latency.p99_us;
  const std::shared_lock lock(impl_->shops_mutex);
  for (const auto& unit : impl_->shops) {
    const auto& counters = unit->shop.counters();
    model::EngineMetrics::Shop shop;
    shop.name = unit->shop.info().name;
    shop.position = counters.stamped;
    shop.folded = counters.folded;
    shop.accepted = counters.accepted;
    shop.duplicate = counters.duplicate;
    shop.rejected = counters.rejected;
    shop.suppressed = counters.suppressed;
    shop.customers = counters.customers;
    shop.timers = counters.timers;
    shop.state_bytes = counters.state_bytes;
    shop.flips = counters.flips;
    shop.warming_up = unit->warm_up.under_way();
    shop.checkpoint_position = unit->shop.checkpoint_saved().value;
    shop.checkpoint_took_ms = unit->shop.checkpoint_took().ms;
    shop.checkpoint_paused_ms = unit->shop.checkpoint_paused().ms;
    shop.queue = counters.queue;
    shop.dedup_window_ms = counters.dedup_window_ms;
    shop.lens_position = unit->mirror.position().value;
    shop.outbox_pending = unit->outbox.pending() + unit->letters.waiting();
    shop.outbox_dead = unit->outbox.dead();
    shop.feedback_behind = unit->feedback.behind();
    shop.feedback_classified = unit->feedback.classified();
    shop.feedback_tickets = unit->feedback.tickets();
    out.shops.push_back(std::move(shop));
  }
  return out;
}

Status position_is_there(const ShopUnit& unit, std::optional<EventSeq> after) {
  // An answer names a position only after it was counted here.
  const std::uint64_t last = unit.shop.counters().stamped.load();
  if (!after || after->value <= last) return {};
  return Error{Errc::unavailable,
               fmt::format("position {} is not there: the log ends at {}", after->value, last),
               "X-Log-Offset", "a position that an answer of this server named"};
}

Status is_past(const ShopUnit& unit, std::optional<EventSeq> known_at) {
  const std::uint64_t last = unit.shop.counters().stamped.load();
  if (!known_at || known_at->value <= last) return {};
  return Error{Errc::bad_input, fmt::format("position {} is in the future", known_at->value), "known_at",
               fmt::format("a position up to {}, the last", last)};
}

void Engine::Impl::ingest_folded(ShopUnit& unit, model::Event event, Reply<model::IngestAnswer> reply) {
  IngestRequest request;
  request.events.push_back(std::move(event));
  auto shared = std::make_shared<Reply<model::IngestAnswer>>(std::move(reply));
  const bool taken =
      unit.shop.ingest(std::move(request), [&unit, shared](Result<model::IngestAnswer> answer) {
        if (!answer.ok()) return (*shared)(answer.error());
        const model::IngestAnswer kept = *answer;
        if (!unit.shop.read(kept.offset, [shared, kept] { (*shared)(kept); })) (*shared)(kept);
      });
  if (!taken)
    (*shared)(Error{Errc::overloaded, "too many events wait for this shop", "", "again in a second"});
}

}  // namespace rapport::engine
