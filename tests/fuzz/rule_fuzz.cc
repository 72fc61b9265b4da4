#include "base/assert.h"
#include "views/rule.h"
#include "views/rule_eval.h"

/// Any bytes as the text of a rule, as a file of rules and as a rule's JSON. What reads, prints and reads
/// back equal, in both forms, and can be asked about a customer without facts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport;
  using namespace rapport::views;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto check = [](const Rule& rule) {
    const Result<Rule> again = parse_rule(print_rule(rule));
    // Printing may be longer than what was read; only the limit on bytes may then refuse it.
    if (!again.ok() && again.error().code == Errc::too_large) return;
    ASSERT(again.ok() && *again == rule);
    const Result<Rule> from_json = rule_from_json(rule_to_json(rule));
    ASSERT(from_json.ok() && *from_json == rule);
    const ShopTables tables(Currency{{'C', 'N', 'Y'}});
    const Outcome outcome = eval(rule, FactsView(tables, Instant{0}, {}));
    ASSERT(outcome.until > Instant{0});
  };
  if (const Result<Rule> rule = parse_rule(bytes); rule.ok()) check(*rule);
  if (const Result<Rule> rule = rule_from_json(bytes); rule.ok()) check(*rule);
  if (Result<std::vector<NamedRule>> rules = parse_rules(bytes); rules.ok()) {
    if (const Result<RuleSet> set = RuleSet::make(std::move(*rules)); set.ok()) {
      for (std::size_t i = 0; i < set->size(); ++i) check(set->rule(i).rule);
    }
  }
  return 0;
}
