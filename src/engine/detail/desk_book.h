#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decide/desk_action.h"
#include "engine/detail/shop.h"
#include "store/store.h"
#include "views/booking_history.h"

/// What agents did for customers on tickets, what customers said when they were called back, and what authors
/// of feedback were told: what the desk's doors look at before they act.
namespace rapport::engine {

/// One refund, coupon or appointment on a ticket. Amounts are minor units.
struct DeskAction {
  enum class State : std::uint8_t { proposed, approved, refused, done };
  std::string id, ticket;
  decide::DeskActionKind kind = decide::DeskActionKind::refund;
  State state = State::proposed;
  std::string order, coupon, service, currency;
  std::int64_t amount = 0, before = 0, after = 0;
  Instant for_time;
  std::string asked_by, decided_by;
  /// Sealed as its event keeps it, so that nothing is left here when she is erased; opened by find() and its
  /// like.
  std::string reason_sealed, decided_reason_sealed;
  std::string reason, decided_reason;  ///< of the one that is being made; and as older logs hold it
  Instant asked = Instant::never(), settled = Instant::min();
  NodeId node;

  std::string_view state_name() const;
  /// It holds what it asks for: an order's money, a month's coupons.
  bool counts() const { return state != State::refused; }
};

/// What a customer said when she was called back about a ticket.
struct CallBackOutcome {
  bool satisfied = false;
  Instant at = Instant::min();
  std::string agent;
};

/// One a shop; any thread. Made at the first question out of the log and kept in memory; the order in which
/// records came does not matter. Whoever acts holds acting() from looking until what he wrote is folded, so
/// that of two at once the second sees the first.
class DeskBook {
 public:
  DeskBook(store::Store& store, Shop& shop) : store_(store), shop_(shop) {}

  std::mutex& acting() { return acting_; }
  /// Reads on to what the shop has folded. Errors: those of the store; unavailable when the log is not read
  /// to its end yet.
  Status refresh();

  /// With its reasons opened, as all that follow; "" once its customer is erased.
  std::optional<DeskAction> find(std::string_view id) const;
  std::vector<DeskAction> of_ticket(std::string_view ticket) const;
  /// Oldest first.
  std::vector<DeskAction> waiting(std::size_t most) const;
  /// Refunds of the order that wait for a second person.
  std::int64_t refunds_waiting(std::string_view order) const;
  /// Coupons asked for since then that were not refused, with the node whom each is for.
  std::vector<std::pair<NodeId, std::int64_t>> coupons_since(Instant from) const;
  std::int64_t coupons_of_agent(std::string_view agent, Instant from) const;
  /// Appointments of the service within that minute, however they were made, less those that were cancelled.
  std::int64_t booked(std::string_view service, Instant at) const;
  /// From that minute on, by their times, ascending.
  std::vector<std::pair<Instant, std::int64_t>> booked_from(std::string_view service, Instant from) const;
  /// What this node has of the service at that very time.
  views::BookingHistory::Part booked_by(std::string_view service, Instant at, NodeId node) const;
  /// Appointments of this node from then on, of all services.
  std::int64_t held_from(NodeId node, Instant from) const;
  std::optional<CallBackOutcome> call_back(std::string_view ticket) const;
  /// Nodes whom the answer was told to.
  std::vector<NodeId> told(std::string_view answer) const;
  /// Ids of answers, each with how many authors heard of it.
  std::vector<std::pair<std::string, std::size_t>> answers() const;

 private:
  DeskAction opened(const DeskAction& action) const;
  void take(const model::RecordView& record);
  void take_erasure(const model::RecordView& record);
  void take_action(const model::RecordView& record);
  void take_booking(const model::RecordView& record);
  void take_call_back(const model::RecordView& record);
  void take_answer(const model::RecordView& record);

  store::Store& store_;
  Shop& shop_;
  std::mutex acting_;
  mutable std::mutex mutex_;
  EventSeq read_upto_;
  std::map<std::string, DeskAction, std::less<>> actions_;
  std::map<std::string, std::vector<std::string>, std::less<>> by_ticket_;
  std::map<std::string, std::map<std::int64_t, views::BookingHistory>, std::less<>>
      bookings_;                                                                ///< service, ms
  std::map<NodeId, std::set<std::pair<std::string, std::int64_t>>> booked_of_;  ///< what each node made
  std::map<std::string, CallBackOutcome, std::less<>> call_backs_;
  std::map<std::string, std::vector<NodeId>, std::less<>> answers_;
};

}  // namespace rapport::engine
