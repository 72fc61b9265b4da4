#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/identifier.h"

/// What is known of one customer, at one exact position of the log.
namespace rapport::model {

struct IdentityAnswer {
  IdentifierKind kind = IdentifierKind::user_id;
  NodeId node;
  std::optional<std::string> value;  ///< absent for readers who may not see personal parts
  bool shared = false;               ///< asserted with more user ids than its limit: links nobody
};

struct TagAnswer {
  std::string_view name;  ///< of the tag's specification: outlives every answer
  std::string value;
  std::int32_t strength = 1000;  ///< thousandths, 0..1000
  Instant since;
  std::optional<Instant> until;  ///< when it ends without a further event
  std::string_view source;       ///< "trait", "facts", "Need Predicted"; static too
};

struct SegmentMembership {
  std::string name;
  Instant since;
};

struct UndeterminedClass {
  std::string name;
  std::string reason;  ///< "no registration facts"
};

struct ConsentAnswer {
  std::string purpose, channel;
  bool granted = false;
  Instant at;
};

struct ServiceLifeAnswer {
  std::string service_id;
  /// offered known bought entitled booked delivered used rated renewed lapsed: the last one reached; of
  /// appointments only such as stand, and booking_cancelled when there is nothing else.
  std::string stage;
  Instant since;
  std::map<std::string, std::uint32_t> counts;  ///< by stage
  std::uint32_t late = 0, errors = 0;
};

struct OrderAnswer {
  std::string order_id;
  Instant placed;
  std::string state;  ///< placed, packing, ..., signed, cancelled, refunded
  std::string total, currency;
  std::vector<std::pair<std::string, std::int64_t>> lines;  ///< product id, quantity
};

struct OpenProblemAnswer {
  std::string kind;  ///< "ticket", "return", "contact", "review"
  std::string id;
  std::string state;
  Instant since;
};

struct CustomerAnswer {
  CustomerId id;
  std::vector<IdentityAnswer> identities;
  std::vector<std::pair<std::string, std::string>>
      traits;  ///< clear ones; personal ones too for readers who may
  std::vector<TagAnswer> base, behaviour, need;
  std::vector<SegmentMembership> segments;
  std::string primary;
  std::vector<UndeterminedClass> undetermined;
  std::int32_t value_score = 0, urgency_score = 0;  ///< 0..100, views/scores.h
  std::vector<ConsentAnswer> consent;
  std::vector<ServiceLifeAnswer> services;
  std::vector<OrderAnswer> orders;  ///< the latest 20
  std::uint64_t orders_total = 0;
  std::vector<OpenProblemAnswer> open_problems;
  std::uint64_t facts = 0;  ///< facts kept in memory
  std::optional<Instant> first_seen, last_seen;
  Instant valid_at;
  EventSeq known_at;
};

/// One entry of a customer's history, for the timeline and for tail.
struct TimelineEntry {
  EventSeq seq;
  Instant event_time, received;
  std::string type, event, message_id;
  NodeId node;
  bool from_page = false;       ///< a key that stands in web pages sent it
  std::string properties_json;  ///< clear ones
  std::string personal_json;    ///< "" for readers who may not see it, or when erased
};

}  // namespace rapport::model
