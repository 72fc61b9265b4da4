#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "courier/webhook.h"
#include "engine/detail/shop.h"
#include "model/answers/segments.h"
#include "model/answers/shop.h"
#include "store/store.h"

/// Side effects of one shop on their way out: webhooks that tell of flips, and of invitations that others are
/// to deliver. An intent is a durable record of
/// the log before anything leaves, the flip's id is the idempotency key at the receiver, and the call is let
/// go in the write that logs its receipt.
namespace rapport::engine {

/// A webhook as kept under its id in the settings.
struct Webhook {
  std::uint64_t id = 0;
  std::string url, secret;
  /// "segment.entered", "segment.left", "*", each also with "/<segment>"; "survey.invited", also with
  /// "/<survey>"; "clock.warned", "clock.due", "clock.escalated", also with "/<clock>"; "action.taken",
  /// also with "/refund" and its like
  std::vector<std::string> events;
  EventSeq since;  ///< flips caused at or before it are none of its business
};

/// One call that waits, is tried again, or was given up.
struct OutboxEntry {
  std::uint64_t webhook = 0;
  std::string message_id, body;
  std::uint32_t attempts = 0;
  Instant due;  ///< Instant::never() once given up
};

std::string encode_webhook(const Webhook& webhook);
Result<Webhook> decode_webhook(std::string_view bytes);
std::string encode_outbox_entry(const OutboxEntry& entry);
Result<OutboxEntry> decode_outbox_entry(std::string_view bytes);
/// Whether the webhook asked for this flip.
bool wants(const Webhook& webhook, const model::FlipAnswer& flip);
/// The message as JSON: {"type","timestamp","data":{...}}.
std::string webhook_body(const model::FlipAnswer& flip);

class Outbox {
 public:
  struct Parts {
    store::Store& store;
    Shop& shop;
    Clock& clock;
    courier::CallPolicy policy;
  };
  explicit Outbox(const Parts& parts);
  ~Outbox();
  /// Reads webhooks and waiting calls back, then starts the thread. Errors: the store's.
  Status start();
  void stop();

  /// New flips can be read from the store.
  void notice();
  Result<std::uint64_t> add(std::string url, std::vector<std::string> events, EventSeq since,
                            std::string& secret_out);
  Status remove(std::uint64_t id);
  std::vector<model::WebhookAnswer> webhooks() const;
  /// Those that carry invitations to this survey on channels that we do not serve ourselves: they asked for
  /// "survey.invited", by name.
  std::vector<std::uint64_t> carriers(std::string_view survey) const;
  /// Those that asked for this event of the service desk: "clock.due", or "clock.due/closed".
  std::vector<std::uint64_t> listeners(std::string_view event, std::string_view clock) const;
  /// The rows of calls, for the batch that decides them; and that batch is durable.
  static std::vector<TableChange> rows(const std::vector<OutboxEntry>& calls);
  void take(std::vector<OutboxEntry> calls);
  /// Calls that were given up are tried again now; how many.
  Result<std::uint64_t> redrive();
  std::uint64_t pending() const { return pending_; }
  std::uint64_t dead() const { return dead_; }

 private:
  void run();
  struct Intent {
    OutboxEntry entry;
    EventSeq cause;
  };
  Status take_flips();
  Status log_intents(std::vector<Intent> fresh, EventSeq reached);
  Status append_and_wait(Shop::Controls controls);
  /// Logs what became of a call; `kept` is what stays of it, if anything.
  void settle(const OutboxEntry& entry, int status, std::optional<std::string> kept);
  void send_due(courier::WebhookSender& sender);
  void attempt(courier::WebhookSender& sender, OutboxEntry entry);
  void count();

  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::uint64_t, Webhook> webhooks_;
  std::map<std::string, OutboxEntry> entries_;  ///< by their key in the store
  std::map<std::uint64_t, std::uint64_t> delivered_;
  EventSeq taken_upto_;
  bool noticed_ = true, stopping_ = false;
  std::atomic<std::uint64_t> pending_{0}, dead_{0};
  Random jitter_{0};
  std::thread thread_;
};

}  // namespace rapport::engine
