#include "engine/detail/rule_trial.h"

#include <algorithm>

namespace rapport::engine {

Result<views::RuleSet> rules_with(const views::ShopState& state, const std::string& segment,
                                  const std::string& text) {
  std::vector<views::NamedRule> rules;
  RAPPORT_TRY(views::Rule fresh, views::parse_rule(text));
  for (const views::RuleInfo& info : state.rules()) {
    if (info.text.empty() || info.name == segment) continue;
    RAPPORT_TRY(views::Rule rule, views::parse_rule(info.text));
    rules.push_back({info.name, std::move(rule)});
  }
  rules.push_back({segment, std::move(fresh)});
  return views::RuleSet::make(std::move(rules));
}

Result<std::shared_ptr<const TriedRule>> TriedRule::make(const views::ShopState& state,
                                                         const std::string& text,
                                                         const std::string& segment) {
  auto tried = std::make_shared<TriedRule>();
  RAPPORT_TRY(tried->rules_, rules_with(state, segment, text));
  tried->tried_ = tried->rules_.find(segment).value();
  return std::shared_ptr<const TriedRule>(std::move(tried));
}

views::Outcome TriedRule::ask(const views::FactsView& facts, const views::KindSet& shop_kinds,
                              const views::PublishedValues* published) const {
  views::RuleContext context;
  context.shop_kinds = &shop_kinds;
  context.published = published;
  return rules_.eval_one(tried_, facts, context);
}

std::string undetermined_of(const views::ShopState& state, std::string_view name) {
  const auto segment = state.find_segment(name);
  if (!segment || segment->value >= state.rule_set().size()) return {};
  for (const views::Guard& guard : state.rule_set().rule(segment->value).rule.guards) {
    const bool any = std::any_of(guard.kinds.begin(), guard.kinds.end(),
                                 [&](model::EventKind kind) { return state.kinds_seen().test(kind.value); });
    if (!any) return guard.reason;
  }
  return {};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace rapport::engine
