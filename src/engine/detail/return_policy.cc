#include "engine/detail/return_policy.h"

#include <algorithm>

#include "engine/detail/noun_members.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kRulesMost = 50, kReasonMost = 64;

Result<ReturnPolicy::Rule> rule_of(const codec::JsonValue& value, const std::string& where, Currency shop) {
  const auto members = NounMembers::parse(value.raw());
  if (!members.ok()) return Error{Errc::bad_input, "no rule", where, "an object"};
  const NounMembers& body = **members;
  ReturnPolicy::Rule rule;
  const codec::JsonValue reasons = body.find("reasons");
  if (reasons.present() && !reasons.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "no list", where + ".reasons", "a list of reasons"};
  for (codec::JsonItems items(reasons); reasons.present() && items.next();) {
    const std::string reason = items.value().is(codec::JsonKind::string) ? items.value().text() : "";
    if (reason.empty() || reason.size() > kReasonMost)
      return Error{Errc::bad_input, "no reason", where + ".reasons", "texts of 1 to 64 bytes"};
    rule.reasons.push_back(reason);
  }
  if (body.find("value_most").present()) {
    rule.value_most = body.minor("value_most", shop);
    if (!rule.value_most || *rule.value_most < 0)
      return Error{Errc::bad_input, "no amount", where + ".value_most", "such as \"300.00\""};
  }
  if (body.find("photos").present()) {
    const auto photos = body.number("photos");
    if (!photos || *photos < 0 || *photos > 10 || *photos != static_cast<double>(static_cast<int>(*photos)))
      return Error{Errc::bad_input, "no number of photos", where + ".photos", "0 to 10"};
    rule.photos_least = static_cast<std::int64_t>(*photos);
  }
  const std::string then = body.text("then");
  if (then != "approve" && then != "reject")
    return Error{Errc::bad_input, "a rule without an end", where + ".then", "approve or reject"};
  rule.approve = then == "approve";
  return rule;
}

}  // namespace

Result<ReturnPolicy> ReturnPolicy::parse(std::string_view text, Currency shop) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  ReturnPolicy policy;
  const auto days = body->number("days");
  if (!days || *days < 0 || *days > 3'650 || *days != static_cast<double>(static_cast<std::int64_t>(*days)))
    return Error{Errc::bad_input, "no number of days", "days", "0 to 3650, since it was signed for"};
  policy.days_most = static_cast<std::int64_t>(*days);
  const codec::JsonValue rules = body->find("rules");
  if (!rules.present() || !rules.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "no rules", "rules", "a list; an empty one leaves all to people"};
  for (codec::JsonItems items(rules); items.next();) {
    RAPPORT_TRY(Rule rule, rule_of(items.value(), fmt::format("rules[{}]", policy.rules.size()), shop));
    policy.rules.push_back(std::move(rule));
    if (policy.rules.size() > kRulesMost)
      return Error{Errc::too_large, "too many rules", "rules", fmt::format("at most {}", kRulesMost)};
  }
  return policy;
}

ReturnDecision decide_return(const ReturnPolicy& policy, const ReturnFacts& facts) {
  if (facts.photo_seen) return {std::nullopt, "a photo came with an earlier return"};
  if (!facts.since_signed) return {std::nullopt, "the parcel was not signed for yet"};
  if (*facts.since_signed > days(policy.days_most))
    return {std::nullopt, fmt::format("later than {} days", policy.days_most)};
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const ReturnPolicy::Rule& rule = policy.rules[i];
    const bool reason = rule.reasons.empty() || std::find(rule.reasons.begin(), rule.reasons.end(),
                                                          facts.reason) != rule.reasons.end();
    const bool value = !rule.value_most || (facts.own_currency && facts.value_minor <= *rule.value_most);
    if (reason && value && facts.photos >= rule.photos_least)
      return {rule.approve,
              fmt::format("rule {}: {}, {} photos, {} after it was signed for", i + 1, facts.reason,
                          facts.photos, format_duration(hours(facts.since_signed->ms / hours(1).ms)))};
  }
  return {std::nullopt, "no rule fits"};
}

}  // namespace rapport::engine
