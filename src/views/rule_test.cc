#include "views/rule.h"

#include <gtest/gtest.h>

#include <fstream>

#include "views/detail/rule_random.h"

namespace rapport::views {
namespace {

// Every form, in the spelling in which it prints.
constexpr std::string_view kCanonical[] = {
    "true",
    "ever Order Completed",
    "never Purchase",
    "Order Completed within 7d",
    "User Registered within 7d..30d",
    "Product Viewed within 7d..",
    "no Purchase for 30d",
    "first User Registered within 7d",
    "last Purchase within 30d..90d",
    "Contact Started | Ticket Opened within 30d",
    "Product Viewed where category = \"空气净化器\", price between 500 CNY and 800 CNY within 7d",
    "Ticket Opened where class in (\"logistics\", \"product\") within 1d12h",
    "count(Product Viewed) >= 3 in 30d",
    "count(Product Viewed where product_id != \"P1\") between 3 and 5 in 7d..30d",
    "sum(Order Completed.total) >= 1000 CNY | 150.5 USD | 20000 JPY in 30d",
    "mean(Purchase.total) >= published order_value_p80 CNY in 365d",
    "mean(Product Added.quantity) > 1.5",
    "distinct(Product Viewed.category) >= 2 in 500ms",
    "last(Review Posted.rating) <= 3",
    "first(Tier Changed.tier) = \"gold\"",
    "last(Ticket Updated.state) in (\"closed\", \"solved\")",
    "last(Survey Answered.value where item = \"nps\") >= 9",
    "max(Device Reported.value where measure = \"filter_hours_left\") < 100.25 in 1d",
    "Product Added then not Purchase within 24h",
    "Product Viewed then Product Added within 10m by product_id in 7d",
    "Form Page Viewed then Form Page Viewed within 5m then not Purchase within 30m in 2d",
    "trait city_tier = \"1\"",
    "trait job in (\"teacher\", \"nurse\")",
    "trait birth_month between 3 and 5",
    "has trait region",
    "has tag need",
    "tag category = \"咖啡机\" with strength >= 0.5",
    "tag price_band in (\"500-800\", \"800-1500\")",
    "in segment potential",
    "consent marketing",
    "consent marketing by sms",
    "holds service \"S-warranty\"",
    "holds any service",
    "published sale_season >= 1",
    "not ever Purchase",
    "not (ever Purchase and true) or false",
    "(true and false) and (true or false)",
    "ever Purchase undetermined if no facts of Order Completed | Purchase in the shop (\"no orders\")",
};

TEST(RuleText, PrintsWhatItReads) {
  for (const std::string_view text : kCanonical) {
    const Result<Rule> rule = parse_rule(text);
    ASSERT_TRUE(rule.ok()) << text << "\n" << rule.error().describe();
    EXPECT_EQ(print_rule(*rule), text == "Product Added then not Purchase within 24h"
                                     ? "Product Added then not Purchase within 1d"
                                     : text);
    const Result<Rule> again = parse_rule(print_rule(*rule));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, *rule);
  }
}

TEST(RuleText, CommentsAndLinesAreFree) {
  const Result<Rule> rule = parse_rule("# away\n  ever   Purchase # bought\n\tand no Purchase\n for 30d");
  ASSERT_TRUE(rule.ok()) << rule.error().describe();
  EXPECT_EQ(print_rule(*rule), "ever Purchase and no Purchase for 30d");
}

struct Wrong {
  std::string_view text, where, message, expected;
};
constexpr Wrong kWrong[] = {
    {"", "line 1, column 1", "the rule ends too early", "an event"},
    {"ever Ordr Completed", "line 1, column 6", "there is no event 'Ordr Completed'", "'Order Completed'?"},
    {"ever order completed", "line 1, column 6", "there is no event 'order completed'", "'Order Completed'?"},
    {"ever Purchase and\n  no Purchase for 30", "line 2, column 19", "'30' is not what should stand here",
     "30d"},
    {"Product Viewed within 1y", "line 1, column 23", "'1y' is not a duration", "24h"},
    {"Product Viewed within 0s", "line 1, column 23", "an empty window", "7d..30d"},
    {"Product Viewed within 30d..7d", "line 1, column 23", "an empty window", "7d..30d"},
    {"count(Product Viewed) >= 3 in 200000d", "line 1, column 31", "too long a window", "36500d"},
    {"count(Product Viewed) >= 2.5", "line 1, column 26", "'2.5' is not a whole number", "whole"},
    {"count(Product Viewed) >= many", "line 1, column 26", "'many'", "a number"},
    {"sum(Order Completed.total) >= 1000", "line 1, column 35", "ends too early", "currency such as CNY"},
    {"sum(Order Completed.total) >= 10.001 CNY", "line 1, column 31", "too many decimals for CNY", "2"},
    {"sum(Order Completed.total) >= 1 CNY | 2 CNY", "line 1, column 39", "two thresholds", "each currency"},
    {"sum(Order Completed.totl) >= 1 CNY", "line 1, column 21", "have no 'totl'", "'total'?"},
    {"sum(Product Viewed.category) >= 1", "line 1, column 20", "'category' is a text", "distinct"},
    {"ever Review Posted where text = \"x\"", "line 1, column 26", "personal", "clear"},
    {"ever Ticket Opened where class = \"logistic\"", "line 1, column 34", "cannot be \"logistic\"",
     "\"logistics\"?"},
    {"trait citytier = \"1\"", "line 1, column 7", "there is no trait 'citytier'", "'city_tier'?"},
    {"trait email = \"a@b.cn\"", "line 1, column 7", "personal", "clear trait"},
    {"trait job > \"a\"", "line 1, column 11", "is a text", "'='"},
    {"tag categori = \"x\"", "line 1, column 5", "there is no tag 'categori'", "'category'?"},
    {"tag category = \"x\" with strength >= 2", "line 1, column 37", "'2'", "at most 1"},
    {"Product Added then not Purchase within 1d then Purchase within 1d", "line 1, column 43",
     "after 'then not'", "at the end"},
    {"Product Viewed then Contact Started within 1d by product_id", "line 1, column 50", "name no product",
     "product"},
    {"ever Purchase and", "line 1, column 18", "the rule ends too early", ""},
    {"ever Purchase ever Purchase", "line 1, column 15", "'ever' is not", "'and'"},
    {"(ever Purchase", "line 1, column 15", "the rule ends too early", "')'"},
    {"ever Purchase （and）", "line 1, column 15", "full-width", "'('"},
    {"trait job = “teacher”", "line 1, column 13", "full-width", "'\"'"},
    {"trait job = \"teacher", "line 1, column 13", "a text without end", "closing"},
    {"trait job = \"a\\n\"", "line 1, column 13", "a lone", "\\\\"},
    {"in segment Potential", "line 1, column 12", "'Potential'", "a-z"},
    {"ever Product Published", "line 1, column 6", "there is no event 'Product Published'", ""},
    {"ever Purchase undetermined if no facts of Purchase in the shop", "line 1, column 63", "ends too early",
     "'('"},
    {"consent", "line 1, column 8", "ends too early", "marketing"},
    {"Order Completed", "line 1, column 16", "ends too early", "within 7d"},
    {"count(Product Viewed) in 3", "line 1, column 23", "'in' is for texts", ">="},
    {"ever Purchase | Purchase", "line 1, column 17", "named twice", "once"},
};

TEST(RuleText, SaysWhereAndWhatWasExpected) {
  for (const Wrong& wrong : kWrong) {
    const Result<Rule> rule = parse_rule(wrong.text);
    ASSERT_FALSE(rule.ok()) << wrong.text;
    EXPECT_EQ(rule.error().where, wrong.where) << wrong.text << "\n" << rule.error().describe();
    EXPECT_NE(rule.error().message.find(wrong.message), std::string::npos) << wrong.text << "\n"
                                                                           << rule.error().describe();
    EXPECT_NE(rule.error().expected.find(wrong.expected), std::string::npos) << wrong.text << "\n"
                                                                             << rule.error().describe();
  }
}

TEST(RuleText, LimitsAreNamed) {
  const auto code = [](const std::string& text) {
    const Result<Rule> rule = parse_rule(text);
    return rule.ok() ? std::string("ok") : std::string(errc_name(rule.error().code));
  };
  std::string deep, negations, wide = "true", values = "trait job in (\"a\"";
  for (std::size_t i = 0; i < RuleLimits::kDepth; ++i) deep += "(";
  for (std::size_t i = 0; i < RuleLimits::kDepth; ++i) negations += "not ";
  EXPECT_EQ(code(deep.substr(1) + "true" + std::string(RuleLimits::kDepth - 1, ')')), "ok");
  EXPECT_EQ(code(deep + "true" + std::string(RuleLimits::kDepth, ')')), "too_large");
  EXPECT_EQ(code(negations + "true"), "too_large");
  for (std::size_t i = 0; i < RuleLimits::kNodes; ++i) wide += " and true";
  EXPECT_EQ(code(wide), "too_large");
  for (std::size_t i = 0; i < RuleLimits::kAlternatives; ++i) values += ", \"a\"";
  EXPECT_EQ(code(values + ")"), "too_large");
  EXPECT_EQ(code("trait job = \"" + std::string(RuleLimits::kTextBytes + 1, 'x') + "\""), "too_large");
  EXPECT_EQ(code(std::string(RuleLimits::kBytes + 1, ' ')), "too_large");
  EXPECT_EQ(code(std::string(100'000, '(')), "too_large");
}

TEST(RuleText, RandomRulesComeBackEqualFromTextAndJson) {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    detail::RuleMaker maker(random, days(400), {"new", "win-back"}, true);
    const Rule rule = maker.rule(4);
    const std::string text = print_rule(rule);
    const Result<Rule> parsed = parse_rule(text);
    ASSERT_TRUE(parsed.ok()) << "seed " << seed << "\n" << text << "\n" << parsed.error().describe();
    ASSERT_EQ(*parsed, rule) << "seed " << seed << "\n" << text;
    const std::string json = rule_to_json(rule);
    const Result<Rule> from_json = rule_from_json(json);
    ASSERT_TRUE(from_json.ok()) << "seed " << seed << "\n" << json << "\n" << from_json.error().describe();
    ASSERT_EQ(*from_json, rule) << "seed " << seed << "\n" << json;
  }
}

TEST(RuleText, DamagedTextIsAnErrorOrARuleThatPrints) {
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    Random random(seed);
    std::string text(kCanonical[random.below(std::size(kCanonical))]);
    for (std::uint64_t n = 1 + random.below(3); n > 0 && !text.empty(); --n) {
      const std::size_t at = random.below(text.size());
      if (random.chance(0.3)) {
        text.erase(at, 1 + random.below(5));
      } else {
        text[at] = static_cast<char>(random.below(256));
      }
    }
    const Result<Rule> rule = parse_rule(text);
    if (!rule.ok()) {
      ASSERT_FALSE(rule.error().where.empty()) << "seed " << seed;
      continue;
    }
    const Result<Rule> again = parse_rule(print_rule(*rule));
    ASSERT_TRUE(again.ok()) << "seed " << seed << " " << text << "\n" << again.error().describe();
    ASSERT_EQ(*again, *rule) << "seed " << seed;
  }
}

TEST(RuleJson, IsReadable) {
  const Rule rule = *parse_rule("ever Purchase and count(Product Viewed where category = \"a\") >= 3 in 30d");
  EXPECT_EQ(
      rule_to_json(rule),
      R"({"rule":{"all":[{"test":"ever","events":["Purchase"]},)"
      R"({"test":"count","events":["Product Viewed"],"where":[{"property":"category","compare":"=","texts":["a"]}],)"
      R"("compare":">=","thresholds":[{"low":3}],"ages":{"to_ms":2592000000}}]}})");
}

TEST(RuleJson, DamagedJsonIsAnError) {
  for (const std::string_view text :
       {"", "{", "[]", "{}", "null", "{\"rule\":{}}", "{\"rule\":{\"all\":[]}}",
        "{\"rule\":{\"test\":\"ever\"}}", "{\"rule\":{\"test\":\"ever\",\"events\":[\"Nothing\"]}}",
        "{\"rule\":{\"test\":\"true\",\"x\":1}}",
        "{\"rule\":{\"test\":\"within\",\"events\":[\"Purchase\"],\"ages\":{\"from_ms\":5,\"to_ms\":5}}}",
        "{\"rule\":{\"test\":\"true\"}} x"}) {
    EXPECT_FALSE(rule_from_json(text).ok()) << text;
  }
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Random random(seed);
    std::string json = rule_to_json(detail::RuleMaker(random, days(30), {}, true).rule(2));
    for (int n = 0; n < 3; ++n) json[random.below(json.size())] = static_cast<char>(random.below(256));
    const Result<Rule> rule = rule_from_json(json);
    if (rule.ok()) {
      ASSERT_TRUE(parse_rule(print_rule(*rule)).ok()) << "seed " << seed << "\n"
                                                      << json << "\n"
                                                      << print_rule(*rule);
    }
  }
}

TEST(RuleGraph, OrdersAndRefusesCircles) {
  const Result<std::vector<NamedRule>> rules = parse_rules(
      "segment a: in segment b and in segment c\nsegment b: in segment c\nsegment c: ever Purchase\n");
  ASSERT_TRUE(rules.ok()) << rules.error().describe();
  EXPECT_EQ(*order_of(*rules), (std::vector<std::size_t>{2, 1, 0}));
  const auto circle =
      order_of(*parse_rules("segment a: in segment b segment b: in segment c segment c: in segment a"));
  ASSERT_FALSE(circle.ok());
  EXPECT_NE(circle.error().message.find("a -> b -> c -> a"), std::string::npos) << circle.error().describe();
  const auto unknown = order_of(*parse_rules("segment potential: true segment a: in segment potentail"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().expected, "'potential'?");
  EXPECT_FALSE(parse_rules("segment a: true segment a: false").ok());
  EXPECT_FALSE(parse_rules("ever Purchase").ok());
}

TEST(RuleGraph, KnowsItsCausesAndHorizon) {
  namespace k = model::kind;
  const Rule rule =
      *parse_rule("no Purchase for 30d and count(Category Met) > 1 in 90d and trait job = \"x\"");
  EXPECT_EQ(kinds_of(rule),
            (std::vector<model::EventKind>{k::identify, k::product_viewed, k::products_searched,
                                           k::order_completed, k::order_cancelled}));
  EXPECT_EQ(horizon_of(rule), days(90));
  EXPECT_EQ(horizon_of(*parse_rule("ever Purchase")).ms, Ages::kAlways);
  EXPECT_TRUE(reads_tags(*parse_rule("not has tag need")));
}

// The page about the language shows nothing that does not parse.
TEST(RuleText, TheDocumentedExamplesAreRules) {
  std::ifstream file(RAPPORT_SOURCE_DIR "/docs/formats/rules.md");
  ASSERT_TRUE(file.is_open());
  std::string line, rule;
  bool examples = false;
  int seen = 0;
  const auto check = [&] {
    if (rule.empty()) return;
    const Result<Rule> parsed = parse_rule(rule);
    EXPECT_TRUE(parsed.ok()) << rule << parsed.error().describe();
    rule.clear();
    ++seen;
  };
  while (std::getline(file, line)) {
    if (line.starts_with("## ")) {
      check();
      examples = line == "## Examples";
    }
    if (!examples || !line.starts_with("    ")) continue;
    if (line.starts_with("    #")) check();
    rule += line + "\n";
  }
  EXPECT_GE(seen, 7);
}

}  // namespace
}  // namespace rapport::views
