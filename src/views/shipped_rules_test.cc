#include "views/shipped_rules.h"

#include <gtest/gtest.h>

#include "views/class_texts.h"

namespace rapport::views {
namespace {

TEST(ShippedRules, AreSixAndReadBack) {
  const std::vector<NamedRule>& rules = shipped_rules();
  ASSERT_EQ(rules.size(), 6u);
  const std::vector<RuleText> texts = shipped_rule_texts();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(texts[i].segment, rules[i].name);
    EXPECT_EQ(*parse_rule(texts[i].text), rules[i].rule);
    EXPECT_FALSE(rules[i].rule.guards.empty()) << rules[i].name;
  }
  EXPECT_TRUE(RuleSet::make(rules).ok());
}

TEST(ShippedRules, KnowTheirThresholds) {
  EXPECT_EQ(high_value_minor(Currency{{'C', 'N', 'Y'}}), 100'000);
  EXPECT_EQ(high_value_minor(Currency{{'J', 'P', 'Y'}}), 21'000);
  EXPECT_EQ(high_value_minor(Currency{{'C', 'H', 'F'}}), std::nullopt);
}

TEST(ShippedRules, OneClassIsNamedFirst) {
  const RuleSet rules = *RuleSet::make(shipped_rules());
  std::vector<Outcome> outcomes(rules.size());
  EXPECT_EQ(classify(rules, outcomes).primary, "other");
  outcomes[*rules.find("seed")].value = Truth::yes;
  outcomes[*rules.find("high_value")].value = Truth::yes;
  outcomes[*rules.find("new")] = {Truth::undetermined, Instant::never(), "no registration facts"};
  const Classification classes = classify(rules, outcomes);
  EXPECT_EQ(classes.primary, "high_value");
  EXPECT_EQ(classes.classes, (std::vector<std::string_view>{"high_value", "seed"}));
  ASSERT_EQ(classes.undetermined.size(), 1u);
  EXPECT_EQ(classes.undetermined[0].reason, "no registration facts");
  constexpr std::string_view kOther[] = {"seed", "high_value"};
  EXPECT_EQ(classify(rules, outcomes, kOther).primary, "seed");
}

TEST(ClassTexts, NameEveryClassInEveryLanguage) {
  for (const TextLanguage language : {TextLanguage::en, TextLanguage::zh_hans, TextLanguage::zh_hant}) {
    for (const std::string_view name : class_precedence()) {
      const ClassText* text = find_class_text(name, language);
      ASSERT_NE(text, nullptr) << name;
      EXPECT_FALSE(text->title.empty() || text->needs.empty() || text->pains.empty()) << name;
    }
    EXPECT_NE(find_class_text("other", language), nullptr);
    EXPECT_EQ(find_class_text("nobody", language), nullptr);
  }
}

}  // namespace
}  // namespace rapport::views
