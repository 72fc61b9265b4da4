#include "views/shipped_rules.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace rapport::views {
namespace {

// A month is 30 days rolling. "7 days or less" is the ages [0, 7 d), so that new and potential never overlap.
// The mean order value is taken over 365 days: two orders of one month alone would let one gift decide.
constexpr std::string_view kText = R"rules(
segment new:
  first User Registered within 7d and never Purchase
  undetermined if no facts of User Registered in the shop ("no registration facts")

segment potential:
  first User Registered within 7d..30d and count(Product Viewed) >= 3 in 30d and never Purchase
  undetermined if no facts of User Registered in the shop ("no registration facts")
  undetermined if no facts of Product Viewed in the shop ("no product view facts")

segment high_value:
  count(Purchase) >= 2 in 30d
  and mean(Purchase.total) >= 1000 CNY | 140 USD | 130 EUR | 110 GBP | 1100 HKD | 4500 TWD | 1100 MOP
    | 21000 JPY | 190000 KRW | 190 SGD | 210 AUD | 190 CAD | 750 BRL | 12000 INR in 365d
  undetermined if no facts of Order Completed in the shop ("no order facts")

segment churn_risk:
  ever Purchase and no Purchase for 30d and last(Review Posted.rating) <= 3
  undetermined if no facts of Order Completed in the shop ("no order facts")
  undetermined if no facts of Review Posted in the shop ("no rating facts")

segment problem:
  Contact Started | Ticket Opened within 30d
  undetermined if no facts of Contact Started | Ticket Opened in the shop ("no contact or complaint facts")

segment seed:
  last(Survey Answered.value where item = "nps") >= 9 and ever Referral Made
  undetermined if no facts of Survey Answered in the shop ("no survey facts")
  undetermined if no facts of Referral Made in the shop ("no referral facts")
)rules";

constexpr std::array<std::string_view, 6> kPrecedence = {"problem", "churn_risk", "high_value",
                                                         "seed",    "potential",  "new"};

}  // namespace

std::string_view shipped_rules_text() {
  return kText;
}

const std::vector<NamedRule>& shipped_rules() {
  static const std::vector<NamedRule> rules = [] {
    Result<std::vector<NamedRule>> parsed = parse_rules(kText);
    ASSERT(parsed.ok());
    return std::move(parsed).value();
  }();
  return rules;
}

std::vector<RuleText> shipped_rule_texts() {
  std::vector<RuleText> texts;
  for (const NamedRule& named : shipped_rules()) texts.push_back({named.name, print_rule(named.rule)});
  return texts;
}

std::span<const std::string_view> class_precedence() {
  return kPrecedence;
}

Classification classify(const RuleSet& rules, std::span<const Outcome> outcomes,
                        std::span<const std::string_view> precedence) {
  ASSERT(outcomes.size() == rules.size());
  Classification result;
  for (const std::string_view name : precedence) {
    const std::optional<std::size_t> i = rules.find(name);
    if (!i) continue;
    if (outcomes[*i].value == Truth::yes) result.classes.push_back(name);
    if (outcomes[*i].value == Truth::undetermined) result.undetermined.push_back({name, outcomes[*i].reason});
  }
  if (!result.classes.empty()) result.primary = result.classes.front();
  return result;
}

std::optional<std::int64_t> high_value_minor(Currency currency) {
  static const std::vector<Threshold>& bounds = []() -> const std::vector<Threshold>& {
    for (const NamedRule& named : shipped_rules()) {
      if (named.name != "high_value") continue;
      for (const Node& part : std::get<AllOf>(named.rule.root.is).of) {
        const auto* measure = std::get_if<Measure>(&part.is);
        if (measure != nullptr && measure->function == Measure::Function::mean) return measure->thresholds;
      }
    }
    assertion_failed("high_value has a mean", __FILE__, __LINE__);
  }();
  for (const Threshold& bound : bounds) {
    if (bound.low.currency == currency) return bound.low.value;
  }
  return std::nullopt;
}

}  // namespace rapport::views
