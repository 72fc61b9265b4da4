#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "decide/desk_action.h"
#include "engine/detail/inquiry.h"

/// The desk's policy out of the noun `Desk Policy Published`.
namespace rapport::engine {

/// As asked for, with what is shipped for members that are left out (docs/desk.md shows the form). Amounts
/// are decimals in the shop's currency. Errors: bad_input naming the member, too_large.
Result<decide::DeskPolicy> parse_desk_policy(std::string_view body, Currency currency);
/// What holds until a policy was published: small refunds and coupons, and a second person above.
std::string shipped_desk_policy();
/// The shop's own, or what is shipped. Not on the shop thread.
Result<decide::DeskPolicy> desk_policy_of(Inquiry& inquiry);
/// The policy whole, as GET /v1/desk/policy shows it.
std::string desk_policy_json(const decide::DeskPolicy& policy);

}  // namespace rapport::engine
