#include "engine/detail/desk_policy.h"

#include <set>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "engine/detail/noun_members.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

using codec::JsonKind;
using codec::JsonValue;
using decide::DeskActionKind;
using decide::DeskLimit;
using decide::DeskPolicy;

constexpr std::size_t kLimitsMost = 60, kNameMost = 64;
// Roles of the console's users that may act at all, and server keys.
constexpr std::string_view kRoles[] = {"owner", "logistics", "agent"};

bool is_role(std::string_view text) {
  return std::find(std::begin(kRoles), std::end(kRoles), text) != std::end(kRoles);
}

Result<std::int64_t> money_of(const JsonValue& value, std::int64_t fallback, Currency currency,
                              const std::string& where) {
  if (!value.present()) return fallback;
  const std::string text = value.is(JsonKind::string) ? value.text() : std::string(value.raw());
  const auto minor = parse_minor(text, currency);
  if (!minor.ok() || *minor < 0 || value.is(JsonKind::boolean))
    return Error{Errc::bad_input, "no amount", where, "a decimal that is not negative, as \"20.00\""};
  return *minor;
}

Result<std::int32_t> days_of(const JsonValue& value, std::int32_t fallback, const std::string& where) {
  if (!value.present()) return fallback;
  const auto whole = value.is(JsonKind::number) ? value.integer() : std::nullopt;
  if (!whole || *whole < 1 || *whole > 3'650)
    return Error{Errc::bad_input, "no number of days", where, "a whole number from 1 to 3650"};
  return static_cast<std::int32_t>(*whole);
}

Result<std::string> role_of(const JsonValue& value, const std::string& where) {
  if (!value.present() || !value.is(JsonKind::string) || !is_role(value.text()))
    return Error{Errc::bad_input, "no role that works for customers", where,
                 fmt::format("one of: {}", fmt::join(kRoles, ", "))};
  return value.text();
}

Result<DeskLimit> limit_of(const JsonValue& value, const std::string& where, Currency currency) {
  DeskLimit limit;
  RAPPORT_TRY(limit.role, role_of(value.find("role"), where + ".role"));
  const JsonValue action = value.find("action");
  const auto kind = action.present() && action.is(JsonKind::string)
                        ? decide::desk_action_from_name(action.text())
                        : std::nullopt;
  if (!kind) return Error{Errc::bad_input, "no action", where + ".action", "refund, coupon or appointment"};
  limit.action = *kind;
  if (limit.action == DeskActionKind::appointment) return limit;
  RAPPORT_TRY(limit.alone, money_of(value.find("alone"), 0, currency, where + ".alone"));
  RAPPORT_TRY(limit.most, money_of(value.find("most"), limit.alone, currency, where + ".most"));
  if (limit.most < limit.alone)
    return Error{Errc::bad_input, "one person may do more than two", where + ".most", "at least `alone`"};
  return limit;
}

Status read_limits(const JsonValue& list, DeskPolicy& policy) {
  if (!list.present()) return {};
  if (!list.is(JsonKind::array)) return Error{Errc::bad_input, "no list", "limits", "a list of limits"};
  policy.limits.clear();
  for (codec::JsonItems items(list); items.next();) {
    const std::string where = fmt::format("limits[{}]", policy.limits.size());
    RAPPORT_TRY(DeskLimit limit, limit_of(items.value(), where, policy.currency));
    if (policy.limit(limit.role, limit.action) != nullptr)
      return Error{Errc::bad_input, "a role and an action twice", where, "each pair once"};
    policy.limits.push_back(std::move(limit));
    if (policy.limits.size() > kLimitsMost)
      return Error{Errc::too_large, "too many limits", "limits", fmt::format("at most {}", kLimitsMost)};
  }
  return {};
}

Status read_approvers(const JsonValue& list, DeskPolicy& policy) {
  if (!list.present()) return {};
  if (!list.is(JsonKind::array)) return Error{Errc::bad_input, "no list", "approvers", "a list of roles"};
  policy.approvers.clear();
  for (codec::JsonItems items(list); items.next();) {
    RAPPORT_TRY(std::string role,
                role_of(items.value(), fmt::format("approvers[{}]", policy.approvers.size())));
    if (!policy.approves(role)) policy.approvers.push_back(std::move(role));
  }
  return {};
}

Status read_into(std::string_view body, DeskPolicy& policy) {
  RAPPORT_TRY(const auto asked, NounMembers::parse(body));
  RAPPORT_CHECK(read_limits(asked->find("limits"), policy));
  RAPPORT_CHECK(read_approvers(asked->find("approvers"), policy));
  RAPPORT_TRY(policy.coupons_customer_month,
              money_of(asked->find("coupons_customer_month"), policy.coupons_customer_month, policy.currency,
                       "coupons_customer_month"));
  RAPPORT_TRY(policy.coupons_agent_month,
              money_of(asked->find("coupons_agent_month"), policy.coupons_agent_month, policy.currency,
                       "coupons_agent_month"));
  RAPPORT_TRY(policy.coupon_days, days_of(asked->find("coupon_days"), policy.coupon_days, "coupon_days"));
  RAPPORT_TRY(policy.refund_days, days_of(asked->find("refund_days"), policy.refund_days, "refund_days"));
  RAPPORT_TRY(policy.book_days, days_of(asked->find("book_days"), policy.book_days, "book_days"));
  return {};
}

}  // namespace

std::string shipped_desk_policy() {
  return R"({"limits":[{"role":"agent","action":"refund","alone":"50","most":"500"},)"
         R"({"role":"logistics","action":"refund","alone":"50","most":"500"},)"
         R"({"role":"owner","action":"refund","alone":"500","most":"5000"},)"
         R"({"role":"agent","action":"coupon","alone":"10","most":"30"},)"
         R"({"role":"logistics","action":"coupon","alone":"10","most":"30"},)"
         R"({"role":"owner","action":"coupon","alone":"30","most":"100"},)"
         R"({"role":"agent","action":"appointment"},{"role":"owner","action":"appointment"}],)"
         R"("coupons_customer_month":"50","coupons_agent_month":"500","approvers":["owner"]})";
}

Result<DeskPolicy> parse_desk_policy(std::string_view body, Currency currency) {
  DeskPolicy policy;
  policy.currency = currency;
  RAPPORT_CHECK(read_into(shipped_desk_policy(), policy));
  RAPPORT_CHECK(read_into(body, policy));
  return policy;
}

Result<DeskPolicy> desk_policy_of(Inquiry& inquiry) {
  RAPPORT_TRY(const std::string noun, inquiry.noun(model::kind::desk_policy_published, "main"));
  return parse_desk_policy(noun.empty() ? std::string_view("{}") : std::string_view(noun),
                           inquiry.currency());
}

std::string desk_policy_json(const DeskPolicy& policy) {
  std::string text;
  codec::JsonWriter json(text);
  const auto money = [&](std::int64_t minor) { return format_minor(minor, policy.currency); };
  json.begin_object();
  json.field("currency", policy.currency.text());
  json.key("limits");
  json.begin_array();
  for (const DeskLimit& limit : policy.limits) {
    json.begin_object();
    json.field("role", limit.role);
    json.field("action", decide::desk_action_name(limit.action));
    if (limit.action != DeskActionKind::appointment) {
      json.field("alone", money(limit.alone));
      json.field("most", money(limit.most));
    }
    json.end_object();
  }
  json.end_array();
  json.field("coupons_customer_month", money(policy.coupons_customer_month));
  json.field("coupons_agent_month", money(policy.coupons_agent_month));
  json.key("approvers");
  json.begin_array();
  for (const std::string& role : policy.approvers) json.text(role);
  json.end_array();
  json.field("coupon_days", policy.coupon_days);
  json.field("refund_days", policy.refund_days);
  json.field("book_days", policy.book_days);
  json.end_object();
  return text;
}

}  // namespace rapport::engine
