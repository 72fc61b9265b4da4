#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "views/rule_book.h"
#include "views/rule_eval.h"

/// The six user classes as rules, and which of several memberships is named first.
namespace rapport::views {

/// The text of docs/formats/rules.md, "Shipped classes": "segment NAME:" before each rule.
std::string_view shipped_rules_text();
/// The same, parsed; in the order new, potential, high_value, churn_risk, problem, seed.
const std::vector<NamedRule>& shipped_rules();
/// The same as a shop is configured with them, one line each.
std::vector<RuleText> shipped_rule_texts();

/// Strongest first: problem, churn_risk, high_value, seed, potential, new. "other" is nobody's rule: it is
/// who is in none of them.
std::span<const std::string_view> class_precedence();

struct UndeterminedClassReason {
  std::string_view name;
  std::string_view reason;  ///< "no registration facts"
};

/// Memberships of one customer put into words.
struct Classification {
  std::vector<std::string_view> classes;  ///< she is in, by precedence
  std::string_view primary = "other";
  std::vector<UndeterminedClassReason> undetermined;  ///< by precedence
};

/// `outcomes` are those of `rules` (RuleSet::eval). Names of `precedence` that are no rule are passed over.
Classification classify(const RuleSet& rules, std::span<const Outcome> outcomes,
                        std::span<const std::string_view> precedence = class_precedence());

/// The mean order value from which a customer counts as high value, in minor units: 1000 CNY, and its rounded
/// equivalent at market rates of 2024 for the other currencies of the shipped rule. Nothing for the rest.
std::optional<std::int64_t> high_value_minor(Currency currency);

}  // namespace rapport::views
