#pragma once

#include <memory>
#include <string>

#include "views/rule.h"
#include "views/views.h"

/// A rule tried on customers beside those of the shop, without publishing it.
namespace rapport::engine {

class TriedRule {
 public:
  /// On the shop thread. `segment` is the name under which it would stand: a rule of that name is replaced.
  /// Errors: those of parse_rule and RuleSet::make.
  static Result<std::shared_ptr<const TriedRule>> make(const views::ShopState& state, const std::string& text,
                                                       const std::string& segment = "rule-on-trial");
  /// Her answer at facts.at(). On the shop thread.
  views::Outcome ask(const views::FactsView& facts, const views::KindSet& shop_kinds,
                     const views::PublishedValues* published) const;

 private:
  views::RuleSet rules_;
  std::size_t tried_ = 0;
};

/// The rules of the shop with one of them new or changed. Errors: as TriedRule::make.
Result<views::RuleSet> rules_with(const views::ShopState& state, const std::string& segment,
                                  const std::string& text);
/// Why nobody of the shop can be in the segment ("no registration facts"); "" when somebody can.
std::string undetermined_of(const views::ShopState& state, std::string_view segment);
/// A text literal of the rule language.
std::string quoted(std::string_view text);

}  // namespace rapport::engine
