#include "engine/detail/outbox.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "codec/record.h"
#include "engine/detail/flip_rows.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kWebhookPrefix = "webhook/";
constexpr std::string_view kEntryPrefix = "call/";
constexpr std::string_view kPositionKey = "taken_upto";
constexpr std::string_view kInvited = "survey.invited";
constexpr std::size_t kWebhooksMost = 100;
constexpr std::size_t kFlipsAtOnce = 5'000;
constexpr std::size_t kIntentsABatch = 10'000;

std::string webhook_key(std::uint64_t id) {
  return fmt::format("{}{:016x}", kWebhookPrefix, id);
}
std::string entry_key(const OutboxEntry& entry) {
  return fmt::format("{}{:016x}/{}", kEntryPrefix, entry.webhook, entry.message_id);
}

std::string receipt_of(const OutboxEntry& entry, int status) {
  return codec::encode_outbox_receipt(
      {entry.webhook, entry.message_id, static_cast<std::uint32_t>(status), entry.attempts});
}

}  // namespace

std::string encode_webhook(const Webhook& webhook) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(1);
  out.u64(webhook.id);
  out.text(webhook.url);
  out.text(webhook.secret);
  out.varint(webhook.events.size());
  for (const std::string& event : webhook.events) out.text(event);
  out.u64(webhook.since.value);
  return bytes;
}

Result<Webhook> decode_webhook(std::string_view bytes) {
  ByteReader in(bytes);
  Webhook webhook;
  const std::uint8_t version = in.u8();
  webhook.id = in.u64();
  webhook.url = in.text();
  webhook.secret = in.text();
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) webhook.events.emplace_back(in.text());
  webhook.since = EventSeq{in.u64()};
  if (!in.ok() || !in.at_end() || version != 1) return Error{Errc::corrupt, "a stored webhook is damaged"};
  return webhook;
}

std::string encode_outbox_entry(const OutboxEntry& entry) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(1);
  out.u64(entry.webhook);
  out.text(entry.message_id);
  out.text(entry.body);
  out.varint(entry.attempts);
  out.i64(entry.due.ms);
  return bytes;
}

Result<OutboxEntry> decode_outbox_entry(std::string_view bytes) {
  ByteReader in(bytes);
  OutboxEntry entry;
  const std::uint8_t version = in.u8();
  entry.webhook = in.u64();
  entry.message_id = in.text();
  entry.body = in.text();
  entry.attempts = static_cast<std::uint32_t>(in.varint());
  entry.due = {in.i64()};
  if (!in.ok() || !in.at_end() || version != 1)
    return Error{Errc::corrupt, "a stored webhook call is damaged"};
  return entry;
}

bool wants(const Webhook& webhook, const model::FlipAnswer& flip) {
  if (!flip.may_send || flip.cause <= webhook.since) return false;
  const std::string kind = flip.entered ? "segment.entered" : "segment.left";
  return std::any_of(webhook.events.begin(), webhook.events.end(), [&](const std::string& event) {
    return event == "*" || event == kind || event == kind + "/" + flip.segment ||
           event == "*/" + flip.segment;
  });
}

std::string webhook_body(const model::FlipAnswer& flip) {
  // Segment names are identifiers, so nothing here needs escaping.
  return fmt::format(
      R"({{"type":"{}","timestamp":"{}","data":{{"id":"{}","customer":"{}","segment":"{}","valid_time":"{}","seq":{}}}}})",
      flip.entered ? "segment.entered" : "segment.left", format_instant(flip.valid_time), flip.id,
      model::format_customer_id(flip.customer), flip.segment, format_instant(flip.valid_time),
      flip.cause.value);
}

Outbox::Outbox(const Parts& parts) : parts_(parts) {}
Outbox::~Outbox() {
  stop();
}

Status Outbox::start() {
  const ShopNo shop = parts_.shop.info().shop;
  Status damaged;
  RAPPORT_CHECK(parts_.store.scan(store::Table::settings, shop, kWebhookPrefix,
                                  [&](std::string_view, std::string_view value) {
                                    auto webhook = decode_webhook(value);
                                    if (webhook.ok()) {
                                      webhooks_.emplace(webhook->id, *webhook);
                                    } else {
                                      damaged = webhook.error();
                                    }
                                    return store::Walk::on;
                                  }));
  RAPPORT_CHECK(parts_.store.scan(store::Table::outbox, shop, kEntryPrefix,
                                  [&](std::string_view key, std::string_view value) {
                                    auto entry = decode_outbox_entry(value);
                                    if (entry.ok()) {
                                      entries_.emplace(key, *entry);
                                    } else {
                                      damaged = entry.error();
                                    }
                                    return store::Walk::on;
                                  }));
  RAPPORT_CHECK(damaged);
  RAPPORT_TRY(const auto position, parts_.store.get(store::Table::outbox, shop, kPositionKey));
  if (position) taken_upto_ = EventSeq{ByteReader(*position).u64()};
  jitter_ = Random(static_cast<std::uint64_t>(monotonic_ns()));
  count();
  thread_ = std::thread([this] {
    name_this_thread("outbox");
    run();
  });
  return {};
}

void Outbox::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Outbox::notice() {
  {
    const std::lock_guard lock(mutex_);
    noticed_ = true;
  }
  wake_.notify_one();
}

void Outbox::run() {
  courier::WebhookSender sender(parts_.policy);
  while (true) {
    {
      std::unique_lock lock(mutex_);
      Instant next = Instant::never();
      for (const auto& [key, entry] : entries_) next = std::min(next, entry.due);
      const Duration wait = std::clamp(next - parts_.clock.now(), milliseconds(0), seconds(1));
      wake_.wait_for(lock, std::chrono::milliseconds(wait.ms), [&] { return noticed_ || stopping_; });
      if (stopping_) return;
      noticed_ = false;
    }
    const Status taken = take_flips();
    if (!taken.ok())
      log(LogLevel::warn, "outbox cannot read flips",
          {{"shop", parts_.shop.info().name}, {"why", taken.error().message}});
    send_due(sender);
    count();
  }
}

// Turns flips after the last taken one into intents. An intent is a record of the log, and the call that
// waits for it is written with it: a crash neither loses nor doubles one.
Status Outbox::take_flips() {
  const ShopNo shop = parts_.shop.info().shop;
  std::map<std::uint64_t, Webhook> webhooks;
  {
    const std::lock_guard lock(mutex_);
    webhooks = webhooks_;
  }
  RAPPORT_TRY(const EventSeq upto, parts_.store.flips_upto(shop));
  if (upto <= taken_upto_) return {};
  std::vector<Intent> fresh;
  const bool sends = !parts_.shop.driven() && !webhooks.empty();
  EventSeq reached = upto;
  Status damaged;
  if (sends) {
    RAPPORT_CHECK(parts_.store.flips(shop, taken_upto_.next(), [&](const store::FlipRow& row) {
      if (row.cause > upto || (fresh.size() >= kFlipsAtOnce && row.cause > reached)) return store::Walk::stop;
      auto flip = decode_flip(row.cause, row.body);
      if (!flip.ok()) {
        damaged = flip.error();
        return store::Walk::stop;
      }
      for (const auto& [id, webhook] : webhooks) {
        if (wants(webhook, *flip)) {
          fresh.push_back({{id, flip->id, webhook_body(*flip), 0, parts_.clock.now()}, flip->cause});
        }
      }
      if (fresh.size() >= kFlipsAtOnce) reached = row.cause;
      return store::Walk::on;
    }));
    RAPPORT_CHECK(damaged);
  }
  RAPPORT_CHECK(log_intents(std::move(fresh), reached));
  const std::lock_guard lock(mutex_);
  noticed_ = noticed_ || reached < upto;
  return {};
}

// The position moves with the last batch of intents. A crash before it takes the same flips again; those
// whose intents were logged are known by their calls, and none of these was sent yet.
Status Outbox::log_intents(std::vector<Intent> fresh, EventSeq reached) {
  const ShopNo shop = parts_.shop.info().shop;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(fresh, [&](const Intent& intent) { return entries_.contains(entry_key(intent.entry)); });
  }
  std::string position;
  ByteWriter(position).u64(reached.value);
  if (fresh.empty()) {
    RAPPORT_CHECK(parts_.store.put(store::Table::outbox, shop, kPositionKey, position, store::Sync::no));
  }
  for (std::size_t from = 0; from < fresh.size(); from += kIntentsABatch) {
    const std::size_t to = std::min(fresh.size(), from + kIntentsABatch);
    Shop::Controls controls;
    for (std::size_t i = from; i < to; ++i) {
      const OutboxEntry& entry = fresh[i].entry;
      controls.records.emplace_back(
          model::RecordType::outbox_intent,
          codec::encode_outbox_intent({entry.webhook, entry.message_id, fresh[i].cause}));
      controls.changes.push_back({store::Table::outbox, entry_key(entry), encode_outbox_entry(entry)});
    }
    if (to == fresh.size())
      controls.changes.push_back({store::Table::outbox, std::string(kPositionKey), position});
    RAPPORT_CHECK(append_and_wait(std::move(controls)));
    const std::lock_guard lock(mutex_);
    for (std::size_t i = from; i < to; ++i)
      entries_.emplace(entry_key(fresh[i].entry), std::move(fresh[i].entry));
  }
  taken_upto_ = reached;
  return {};
}

Status Outbox::append_and_wait(Shop::Controls controls) {
  struct Durable {
    std::mutex mutex;
    std::condition_variable told;
    std::optional<Status> status;
  };
  auto durable = std::make_shared<Durable>();
  parts_.shop.post([shop = &parts_.shop, durable, controls = std::move(controls)]() mutable {
    shop->append_controls(std::move(controls), [durable](const Status& written) {
      const std::lock_guard lock(durable->mutex);
      durable->status = written;
      durable->told.notify_one();
    });
  });
  std::unique_lock lock(durable->mutex);
  while (!durable->told.wait_for(lock, std::chrono::milliseconds(100),
                                 [&] { return durable->status.has_value(); })) {
    const std::lock_guard stop(mutex_);
    // Whether it still becomes durable or not: the next start reads which.
    if (stopping_) return Error{Errc::unavailable, "stopping"};
  }
  return *durable->status;
}

// The receipt and the end of the call commit together. Until then the call stands: a crash sends it again
// under the same id.
void Outbox::settle(const OutboxEntry& entry, int status, std::optional<std::string> kept) {
  Shop::Controls controls;
  controls.records.emplace_back(model::RecordType::outbox_receipt, receipt_of(entry, status));
  controls.changes.push_back({store::Table::outbox, entry_key(entry), std::move(kept)});
  parts_.shop.post([shop = &parts_.shop, controls = std::move(controls)]() mutable {
    shop->append_controls(std::move(controls), [](const Status&) {});
  });
}

void Outbox::send_due(courier::WebhookSender& sender) {
  std::vector<OutboxEntry> due;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = parts_.clock.now();
    for (const auto& [key, entry] : entries_) {
      if (entry.due <= now) due.push_back(entry);
    }
  }
  for (OutboxEntry& entry : due) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    attempt(sender, std::move(entry));
  }
}

void Outbox::attempt(courier::WebhookSender& sender, OutboxEntry entry) {
  const ShopNo shop = parts_.shop.info().shop;
  const std::string key = entry_key(entry);
  std::optional<Webhook> webhook;
  {
    const std::lock_guard lock(mutex_);
    const auto found = webhooks_.find(entry.webhook);
    if (found != webhooks_.end()) webhook = found->second;
  }
  if (!webhook) {
    // Its webhook was removed meanwhile: given up.
    settle(entry, 0, std::nullopt);
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
    return;
  }
  ++entry.attempts;
  const courier::WebhookOutcome outcome =
      sender.send({webhook->url, webhook->secret, entry.message_id, entry.body}, parts_.clock.now());
  if (outcome.delivered()) {
    settle(entry, outcome.status, std::nullopt);
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
    ++delivered_[entry.webhook];
    return;
  }
  const auto next =
      courier::next_attempt(static_cast<int>(entry.attempts), outcome, parts_.clock.now(), jitter_.uniform());
  entry.due = next.value_or(Instant::never());
  log(next ? LogLevel::info : LogLevel::warn,
      next ? "webhook call will be tried again" : "webhook call given up",
      {{"shop", parts_.shop.info().name},
       {"webhook", entry.webhook},
       {"status", outcome.status},
       {"attempts", entry.attempts}});
  if (next) {
    const Status kept =
        parts_.store.put(store::Table::outbox, shop, key, encode_outbox_entry(entry), store::Sync::no);
    if (!kept.ok()) return;
  } else {
    settle(entry, outcome.status, encode_outbox_entry(entry));
  }
  const std::lock_guard lock(mutex_);
  entries_[key] = entry;
}

void Outbox::count() {
  const std::lock_guard lock(mutex_);
  std::uint64_t dead = 0;
  for (const auto& [key, entry] : entries_) dead += entry.due == Instant::never();
  dead_ = dead;
  pending_ = entries_.size() - dead;
}

Result<std::uint64_t> Outbox::add(std::string url, std::vector<std::string> events, EventSeq since,
                                  std::string& secret_out) {
  RAPPORT_CHECK(courier::check_webhook_url(url, parts_.policy));
  if (events.empty()) events = {"*"};
  for (const std::string& event : events) {
    const std::string kind = event.substr(0, event.find('/'));
    const bool known = kind == "*" || kind == "segment.entered" || kind == "segment.left" ||
                       kind == kInvited || kind == "clock.warned" || kind == "clock.due" ||
                       kind == "clock.escalated" || kind == "parcel.delayed" || kind == "action.taken";
    if (!known) {
      return Error{Errc::bad_input, fmt::format("no such event '{}'", event.substr(0, 60)), "events",
                   "'*', 'segment.entered' or 'segment.left', each also with '/' and a segment's name; or "
                   "'survey.invited', also with '/' and a survey's; 'clock.warned', 'clock.due' or "
                   "'clock.escalated', also with '/' and a clock's; 'parcel.delayed', also with '/likely' or "
                   "'/late'; 'action.taken', also with '/' and refund, coupon or appointment"};
    }
  }
  Webhook webhook;
  std::array<std::uint8_t, 8> random{};
  secure_random(random);
  std::memcpy(&webhook.id, random.data(), random.size());
  webhook.id >>= 12;  // exact as a JSON number
  webhook.url = std::move(url);
  webhook.secret = courier::new_webhook_secret();
  webhook.events = std::move(events);
  webhook.since = since;
  {
    const std::lock_guard lock(mutex_);
    if (webhooks_.size() >= kWebhooksMost)
      return fail(Errc::too_large, "a shop has at most {} webhooks", kWebhooksMost);
  }
  RAPPORT_CHECK(parts_.store.put(store::Table::settings, parts_.shop.info().shop, webhook_key(webhook.id),
                                 encode_webhook(webhook)));
  secret_out = webhook.secret;
  const std::lock_guard lock(mutex_);
  webhooks_.emplace(webhook.id, webhook);
  return webhook.id;
}

Status Outbox::remove(std::uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    if (webhooks_.erase(id) == 0) return fail(Errc::not_found, "no webhook {} in this shop", id);
  }
  return parts_.store.remove(store::Table::settings, parts_.shop.info().shop, webhook_key(id));
}

std::vector<model::WebhookAnswer> Outbox::webhooks() const {
  const std::lock_guard lock(mutex_);
  std::vector<model::WebhookAnswer> out;
  for (const auto& [id, webhook] : webhooks_) {
    model::WebhookAnswer answer{id, webhook.url, webhook.events, 0, 0, 0};
    const auto delivered = delivered_.find(id);
    answer.delivered = delivered == delivered_.end() ? 0 : delivered->second;
    for (const auto& [key, entry] : entries_) {
      if (entry.webhook != id) continue;
      ++(entry.due == Instant::never() ? answer.dead : answer.pending);
    }
    out.push_back(std::move(answer));
  }
  return out;
}

std::vector<std::uint64_t> Outbox::carriers(std::string_view survey) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> ids;
  for (const auto& [id, webhook] : webhooks_) {
    const bool carries =
        std::any_of(webhook.events.begin(), webhook.events.end(), [&](const std::string& event) {
          return event == kInvited || event == fmt::format("{}/{}", kInvited, survey);
        });
    if (carries) ids.push_back(id);
  }
  return ids;
}

std::vector<std::uint64_t> Outbox::listeners(std::string_view event, std::string_view clock) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> ids;
  for (const auto& [id, webhook] : webhooks_) {
    const bool listens =
        std::any_of(webhook.events.begin(), webhook.events.end(), [&](const std::string& asked) {
          return asked == event || asked == fmt::format("{}/{}", event, clock);
        });
    if (listens) ids.push_back(id);
  }
  return ids;
}

std::vector<TableChange> Outbox::rows(const std::vector<OutboxEntry>& calls) {
  std::vector<TableChange> changes;
  for (const OutboxEntry& call : calls)
    changes.push_back({store::Table::outbox, entry_key(call), encode_outbox_entry(call)});
  return changes;
}

void Outbox::take(std::vector<OutboxEntry> calls) {
  if (calls.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (OutboxEntry& call : calls) entries_.emplace(entry_key(call), std::move(call));
  }
  notice();
}

Result<std::uint64_t> Outbox::redrive() {
  std::uint64_t again = 0;
  const ShopNo shop = parts_.shop.info().shop;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [key, entry] : entries_) {
      if (entry.due != Instant::never()) continue;
      OutboxEntry fresh = entry;
      fresh.attempts = 0;
      fresh.due = parts_.clock.now();
      RAPPORT_CHECK(
          parts_.store.put(store::Table::outbox, shop, key, encode_outbox_entry(fresh), store::Sync::no));
      entry = fresh;
      ++again;
    }
  }
  notice();
  return again;
}

}  // namespace rapport::engine
