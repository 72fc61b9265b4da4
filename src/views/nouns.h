#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "base/time.h"

/// What the fold knows of the things that have a life of their own. Each is a function of the set of events:
/// where two events disagree the later event time holds, and at equal times the greater value.
/// `Instant::min()` means "did not happen". Words are numbers in ShopTables::words.
namespace rapport::views {

/// Steps of a parcel, as the catalogue's word list of `node` counts them.
enum class ParcelStep : std::uint8_t {
  placed,
  packing,
  picked_up,
  in_transit,
  out_for_delivery,
  signed_for,
  exception
};
inline constexpr std::size_t kParcelSteps = 7;

struct Parcel {
  std::array<Instant, kParcelSteps> reached;   ///< first time each step was reached
  std::array<Instant, kParcelSteps> promised;  ///< the moment last promised for it
  std::array<Instant, kParcelSteps> told;      ///< when that promise was made
};

struct Order {
  NodeId node;                      ///< whose Order Completed made it (model::Founding); 0 = none yet
  std::uint32_t parcel = 0;         ///< number in Orders::parcel; 0 = no shipment told
  Instant placed = Instant::min();  ///< that event's time
  EventSeq made_by;                 ///< where in the log that event lies
  std::int64_t total_minor = 0;
  Instant cancelled = Instant::min();  ///< first cancellation
  Instant refunded = Instant::min();   ///< last refund
  std::int64_t refunded_minor = 0;     ///< all refunds that told an amount
  std::uint8_t currency_slot = 0;
  bool repeated = false;   ///< completed more than once
  bool from_page = false;  ///< so far only pages told of it
  /// A refund that told no amount: all of it.
  bool refunded_whole = false;
  static constexpr std::uint16_t kNoRefund = 256, kSeveral = 257;
  std::uint16_t refund_slot = kNoRefund;  ///< the currency that refunds named; of several kSeveral

  /// What has been paid back, in the order's currency. Of refunds in another one nobody can say what is left:
  /// then all of it.
  std::int64_t paid_back() const {
    const bool other = refund_slot != kNoRefund && refund_slot != currency_slot;
    return refunded_whole || other ? std::max(total_minor, refunded_minor) : refunded_minor;
  }
};

struct Return {
  NodeId node;
  std::uint32_t order = 0, product = 0, reason_word = 0;
  Instant requested = Instant::min();
  std::uint8_t state = 0;  ///< index in the catalogue's word list of return_state
  Instant state_since = Instant::min();
  /// First moments: out of review, approved, and the pick-up arranged (or none needed any more).
  Instant decided = Instant::min(), approved = Instant::min(), arranged = Instant::min();
};

struct Contact {
  NodeId node;
  std::uint32_t channel_word = 0;
  Instant started = Instant::min(), ended = Instant::min();
  Instant last_message = Instant::min();
  std::uint8_t last_from = 0;  ///< index in the word list of `from`: customer agent bot system
  std::uint32_t customer_messages = 0, staff_messages = 0;
  Instant first_answer = Instant::min();  ///< first message that is not the customer's
  Instant first_human = Instant::min();   ///< first message of a person, which no bot's reply is
};

struct Ticket {
  NodeId node;
  std::uint8_t feedback_class = 0;  ///< index in the word list of `class`
  Instant opened = Instant::min();
  std::uint8_t state = 0;  ///< index in the word list of ticket_state; 7 = closed
  Instant state_since = Instant::min();
  Instant solved = Instant::min();    ///< first moment it was told solved, called back or closed
  Instant done = Instant::min();      ///< the last such moment
  Instant reopened = Instant::min();  ///< the last moment it was told open or reopened
  std::uint32_t agent_word = 0;       ///< last assigned
  Instant assigned = Instant::min();
  std::uint32_t contact = 0, order = 0;
};

enum class ServiceStage : std::uint8_t {
  offered,
  known,
  bought,
  entitled,
  booked,
  delivered,
  used,
  rated,
  renewed,
  lapsed,
  booking_cancelled,  ///< counted beside the life: an appointment that will not be kept
};
/// Of a service's life, without what is only counted beside it.
inline constexpr std::size_t kLifeStages = 10;
std::string_view stage_name(ServiceStage stage);

/// One stage of one service's life with one node; a customer's is the sum over her nodes.
struct ServiceStep {
  std::uint32_t service = 0;
  ServiceStage stage = ServiceStage::offered;
  std::uint32_t count = 0;
  Instant first, last;
  std::int64_t sum = 0;                   ///< bought, renewed: minor units; rated: thousandths
  std::uint32_t on_time = 0, errors = 0;  ///< delivered only
};

/// An appointment that one node made, or the cancellation of one whose event names the node.
struct Appointment {
  Instant for_time, at;  ///< when it is to be; when the event happened
  std::uint32_t service = 0;
  NodeId cancelled_by;  ///< subject of the cancellation; 0 = it is made
};

struct ConsentState {
  std::uint32_t purpose_word = 0, channel_word = 0;
  bool granted = false;
  Instant at;  ///< of the decisive event
};

struct CouponState {
  std::uint32_t coupon = 0;
  std::uint32_t granted = 0, redeemed = 0, expired = 0;  ///< how often
  Instant last_granted = Instant::min();
  Instant until = Instant::min();  ///< of the last grant
  std::int64_t value_minor = 0;    ///< of the last grant
  std::uint8_t currency_slot = 0;
};

struct NeedState {
  std::uint32_t need_word = 0;
  std::int64_t strength_thousandths = 0;
  Instant at, until;
  std::uint32_t evidence_word = 0;
};

/// Answers to the survey item "csat".
struct CsatSum {
  std::uint32_t answers = 0;
  std::int64_t thousandths = 0;
};

struct Points {
  std::int64_t balance = 0;  ///< sum of all deltas
  std::uint32_t changes = 0;
};

}  // namespace rapport::views
