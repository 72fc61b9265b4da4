#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "model/catalogue.h"
#include "model/identifier.h"

/// What the log holds. Bytes are described in docs/formats/log.md and made by codec/record.h.
namespace rapport::model {

/// Stored; never renumber.
enum class RecordType : std::uint8_t {
  event = 1,           ///< a customer's or catalogue's event
  tick = 2,            ///< time passed and something was due
  import_started = 3,  ///< from here to import_ended customers' clocks follow their own events
  import_ended = 4,
  unlinked = 5,        ///< link assertions between one node and the others of its customer are removed
  erased = 6,          ///< nodes whose keys were destroyed
  outbox_intent = 7,   ///< a side effect was decided
  outbox_receipt = 8,  ///< it was delivered, or given up
  zone_data = 9,       ///< version of the time-zone tables used at the edge
  shop_created = 10,   ///< first record of every shop: clock kind, currency, zone
};

/// A node as one record names it. `birth` marks the first sight: the record then carries the identifier value
/// sealed under the node's own key.
struct NodeRef {
  NodeId node;
  IdentifierKind kind = IdentifierKind::user_id;
  bool birth = false;
  std::string_view sealed_value;
};

/// A decoded record; views point into the batch's bytes and live as long as they do.
struct RecordView {
  EventSeq seq;
  Instant received;
  RecordType type = RecordType::event;

  // event
  Instant event_time;
  EventType event_type = EventType::track;
  EventKind kind;
  std::string_view name;  ///< set when kind is 0
  std::string_view message_id;
  std::vector<NodeRef> nodes;  ///< the subject first
  bool is_alias = false;       ///< nodes[0] and nodes[1] are the two user ids
  bool from_import = false;
  bool from_page = false;     ///< sent with a key that everybody can read
  std::string_view clear;     ///< codec/properties.h
  std::string_view personal;  ///< sealed under the key of nodes[0]; "" when there is none

  // unlinked, erased, tick, import_*, outbox_*, shop_created: the body, codec/record.h
  std::string_view body;
};

/// Of several events that could make something somebody's (an order, a return, a ticket) the least one does:
/// the shop's word goes before a page's, which anybody can write; then the earlier one.
struct Founding {
  bool from_page = false;
  Instant at;
  friend auto operator<=>(const Founding&, const Founding&) = default;
};
inline Founding founding_of(const RecordView& record) {
  return {record.from_page, record.event_time};
}

struct UnlinkedBody {
  NodeId node;
  std::vector<NodeId> from;  ///< the others of its customer at that moment
};

struct ErasedBody {
  std::vector<NodeId> nodes;
};

/// How a shop's time passes: by the wall clock, or by its driver (simulated shops only; sends nothing
/// outside).
enum class ClockKind : std::uint8_t { wall = 1, driven = 2 };

struct ShopCreatedBody {
  ClockKind clock = ClockKind::wall;
  std::string currency = "CNY";
  std::string zone = "Asia/Shanghai";
};

/// A side effect, decided and not yet sent. The id is the receiver's idempotency key, the same at every
/// attempt.
struct OutboxIntentBody {
  std::uint64_t webhook = 0;
  std::string id;
  EventSeq cause;  ///< the record that it tells of
};

/// What became of an intent: delivered (a status of 2xx), or given up after so many attempts.
struct OutboxReceiptBody {
  std::uint64_t webhook = 0;
  std::string id;
  std::uint32_t status = 0;  ///< 0 = nobody answered
  std::uint32_t attempts = 0;
  bool delivered() const { return status >= 200 && status < 300; }
};

struct ImportBody {
  std::string recipe;
  std::string source;         ///< names the run, not a path
  std::int64_t shift_ms = 0;  ///< --shift-to-now
};

}  // namespace rapport::model
