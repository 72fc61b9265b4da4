#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "codec/event_builder.h"
#include "engine/detail/outbox.h"
#include "engine/detail/roster.h"
#include "engine/detail/shop.h"

/// Does what clocks ask for: warns, tells when something is due, escalates up the ladder, and gives newly
/// opened tickets an owner. What it does are events by the front door; what is left to do is read from the
/// state, so that a kill at any moment neither loses nor doubles a step: the message id is made of case,
/// clock, its begin and step.
namespace rapport::engine {

class ClockClerk {
 public:
  static constexpr std::size_t kAtOnce = 200;  ///< cases in one batch of its own

  ClockClerk(Shop& shop, Outbox& outbox) : shop_(shop), outbox_(outbox) {}

  /// On the shop thread, after something was folded. Looks anew before each step: what was solved meanwhile
  /// is not there any more.
  void look();

 private:
  struct Doing {
    std::vector<model::Event> events;
    std::vector<OutboxEntry> calls;
    std::vector<std::string> ids;  ///< of the steps and tickets that these events are for
  };
  void tell(const views::ClockStep& step, Doing& doing);
  void escalate(const views::ClockStep& step, const std::string& id, Instant at, Doing& doing);
  void call(const views::ClockStep& step, const std::string& id, Instant at, Doing& doing);
  void assign(Doing& doing);
  std::vector<decide::CareAgent> staff(Instant now);
  void send(Doing doing);
  /// The event of that node's customer; nothing when nothing names her any more.
  bool add_event(NodeId node, std::string_view name, const std::string& message_id, Instant at,
                 std::vector<codec::PropertyInput> properties, Doing& doing);
  std::string_view case_id(views::CaseRef ref) const;

  Shop& shop_;
  Outbox& outbox_;
  std::string roster_text_;
  Roster roster_;
  std::set<std::string> refused_;  ///< steps that the front desk does not take: a suppressed person's
  std::int64_t assign_not_before_ns_ = 0;
  // One batch of its own is under way at most.
  bool waiting_ = false;
  std::shared_ptr<std::atomic<std::uint64_t>> answered_;  ///< position, or kFailed, kNothing; 0 = not yet
};

}  // namespace rapport::engine
