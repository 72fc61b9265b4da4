#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

/// What an agent may do for a customer by himself, what needs a second person, and what nobody may. Pure; any
/// thread. Amounts are minor units.
namespace rapport::decide {

enum class DeskActionKind : std::uint8_t { refund, coupon, appointment };
inline constexpr std::string_view kDeskActionNames[] = {"refund", "coupon", "appointment"};
inline std::string_view desk_action_name(DeskActionKind kind) {
  return kDeskActionNames[static_cast<std::size_t>(kind)];
}
std::optional<DeskActionKind> desk_action_from_name(std::string_view name);

/// Of a role and an action: up to `alone` one person is enough, up to `most` a second one lets it through. Of
/// an order what was paid back before counts as well for `alone`, so that small steps come to nothing. An
/// appointment costs nothing: for it both are 0.
struct DeskLimit {
  std::string role;
  DeskActionKind action = DeskActionKind::refund;
  std::int64_t alone = 0, most = 0;
};

struct DeskPolicy {
  Currency currency;              ///< of every amount here
  std::vector<DeskLimit> limits;  ///< a role without a line for an action may not do it
  std::int64_t coupons_customer_month = 0, coupons_agent_month = 0;  ///< in 30 days
  std::vector<std::string> approvers;                                ///< roles that let through
  std::int32_t coupon_days = 30;                                     ///< how long a coupon holds
  std::int32_t refund_days = 180;                                    ///< after the order
  std::int32_t book_days = 60;                                       ///< how far ahead an appointment may lie

  /// Null when the role may not do it.
  const DeskLimit* limit(std::string_view role, DeskActionKind action) const;
  bool approves(std::string_view role) const;
};

struct DeskActor {
  std::string name;  ///< as events name staff
  std::string role;
};

struct DeskRequest {
  DeskActionKind action = DeskActionKind::refund;
  std::optional<std::int64_t> amount;  ///< of a refund none = all that is left
  Instant for_time;                    ///< of an appointment
};

/// What is known of the order, the month or the service.
struct DeskFacts {
  Instant now;
  // refund
  Instant placed = Instant::min();  ///< of the order; min() = no such order
  Currency order_currency;
  std::int64_t total = 0, refunded = 0;
  std::int64_t waiting = 0;  ///< refunds of it that wait for a second person
  // coupon
  std::int64_t customer_month = 0, agent_month = 0;  ///< granted or waiting, in 30 days
  // appointment
  bool service_known = false, open_then = true;
  std::optional<std::int64_t> capacity;  ///< appointments at one time, where the catalogue states it
  std::int64_t booked_then = 0;
};

struct DeskVerdict {
  bool second_person = false;  ///< it waits for one
  std::int64_t amount = 0;     ///< what is refunded or granted
  std::int64_t before = 0;     ///< left of the order, or granted in the month, before it
  std::int64_t after = 0;      ///< and after it
  std::string why;             ///< of second_person
};

/// Whether it is done, waits, or is refused. Errors: forbidden for a role that may not; bad_input for an
/// amount that is none; not_found for no such order or service; refused for more than is left of the order or
/// than a cap, and for a time at which the service cannot be had, naming what would be right.
Result<DeskVerdict> judge(const DeskPolicy& policy, const DeskActor& actor, const DeskRequest& request,
                          const DeskFacts& facts);

/// The part of judge() that an appointment is held to, whoever makes it. Errors: as there.
Result<DeskVerdict> judge_appointment(std::int32_t book_days, Instant for_time, const DeskFacts& facts);

/// Whether this person may pay back `amount` for goods that are sent back, `paid_before` of the order having
/// been paid back by then: a role that approves any, another one up to what it may alone. Errors: forbidden.
Status may_pay_return(const DeskPolicy& policy, const DeskActor& actor, std::int64_t amount,
                      std::int64_t paid_before, Currency currency);

/// Whether two names of staff are one person's: blanks and the case of letters do not make another one.
bool is_same_person(std::string_view a, std::string_view b);

/// Whether this person may let it through: another one than who asked, in a role that approves, whose own
/// limit holds it. Errors: forbidden.
Status may_approve(const DeskPolicy& policy, const DeskActor& approver, std::string_view asked_by,
                   DeskActionKind action, std::int64_t amount);

}  // namespace rapport::decide
