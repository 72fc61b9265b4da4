#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "model/catalogue.h"
#include "model/identifier.h"

/// An event as it stands between the front desk and the log: parsed, valid, its clear part already in stored
/// bytes.
namespace rapport::model {

/// What parse() of one wire message gives. `clear` and `personal` are final; nodes, sequence and receive time
/// are the shop thread's to add.
struct Event {
  EventType type = EventType::track;
  EventKind kind;                    ///< 0 when the catalogue does not know the name
  std::string name;                  ///< as sent; kept in the record only when kind is 0
  std::string message_id;            ///< as sent, or made by the front desk; at most 256 bytes
  std::optional<Instant> timestamp;  ///< the sender's claim
  std::optional<Instant> sent_at;    ///< the sender's clock when it sent
  /// Normal forms, the subject first (user id, else member, else anonymous, else any), without repeats or
  /// blocked values. Empty only for nouns.
  std::vector<Identifier> identifiers;
  /// For alias: the second user id (also in `identifiers`).
  bool is_alias = false;
  std::string clear;         ///< properties in the clear, codec/properties.h
  std::string personal;      ///< JSON object text of all the rest, "" when there is none
  bool from_import = false;  ///< message_id is recipe + natural key and is remembered for good
  bool from_page = false;    ///< sent with a key that stands in web pages for everybody to read
};

/// A clock is corrected by up to kClockErrorMost whatever it says, and by more only where timestamp and
/// sentAt are of one clock as far as can be told: the event was sent within kWaitedMost after it happened.
inline constexpr Duration kClockErrorMost = days(7), kWaitedMost = days(30);

/// Event time as the engine holds it: the claim corrected by the sender's clock error, and never later than
/// received + 5 min. (Segment's rule: timestamp + (received - sentAt).) A sentAt that contradicts the claim,
/// of the year 9999 say, corrects nothing.
Instant corrected_event_time(const Event& event, Instant received);

}  // namespace rapport::model
