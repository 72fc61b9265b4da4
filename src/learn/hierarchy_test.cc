#include "learn/hierarchy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "learn/detail/sample_baskets.h"
#include "learn/rules.h"

namespace rapport::learn {
namespace {

TEST(Hierarchy, BasketsAreExtendedByWhatIsAboveTheirItems) {
  const Baskets baskets = parse_baskets("jacket,boots\nski pants\nshoes,jacket\nlamp\n", ',')->baskets;
  const auto made = with_categories(baskets,
                                    "jacket,outerwear\r\n\"ski pants\", "
                                    "outerwear\n[outerwear],clothes\nshoes,footwear\nboots,footwear\n\n");
  ASSERT_TRUE(made.ok()) << made.error().describe();
  EXPECT_EQ(made->without, 1U) << "the lamp";
  const auto names = [&](std::size_t b) {
    std::set<std::string> out;
    for (const std::uint32_t item : made->baskets.basket(b)) out.insert(made->baskets.name(item));
    return out;
  };
  EXPECT_EQ(names(0), (std::set<std::string>{"jacket", "boots", "[outerwear]", "[clothes]", "[footwear]"}));
  EXPECT_EQ(names(1), (std::set<std::string>{"ski pants", "[outerwear]", "[clothes]"}));
  EXPECT_EQ(names(3), (std::set<std::string>{"lamp"}));
  const auto number = [&](const char* name) { return made->baskets.find(name).value(); };
  EXPECT_TRUE(made->hierarchy.related(number("jacket"), number("[clothes]")));
  EXPECT_TRUE(made->hierarchy.related(number("[clothes]"), number("[outerwear]")));
  EXPECT_FALSE(made->hierarchy.related(number("jacket"), number("[footwear]")));
  EXPECT_EQ(made->hierarchy.above(number("jacket")).size(), 2U);
}

TEST(Hierarchy, WhatIsWrongIsNamedByItsLine) {
  const Baskets baskets = parse_baskets("a,b\n", ',')->baskets;
  for (const auto& [text, where] : {std::pair{"a,x\nb", "categories:2"},
                                    {"a,x\na,y", "categories:2"},
                                    {"a,\"x", "categories:1"},
                                    {"a,x,z", "categories:1"},
                                    {",x", "categories:1"},
                                    {"[x],y\n[y],x", "categories:2"},
                                    {"[x],x", "categories:1"}}) {
    const auto made = with_categories(baskets, text);
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().where, where) << text;
  }
  EXPECT_TRUE(with_categories(baskets, "").ok());
}

/// Every rule over the extended baskets whose items are not above one another, and no other.
TEST(Hierarchy, RulesLeaveOutAnItemWithItsOwnCategory) {
  for (const std::uint64_t seed : {5ULL, 6ULL, 7ULL}) {
    Random random(seed);
    const Baskets baskets = clustered_baskets(random, 300, 20, 3, 0.7);
    std::string text;
    for (std::uint32_t item = 0; item < baskets.items(); ++item)
      text += fmt::format("{},c{}\n", baskets.name(item), item % 4);
    text += "[c0],top\n[c1],top\n";
    const auto made = with_categories(baskets, text);
    ASSERT_TRUE(made.ok());
    RuleOptions options{.confidence = 0.5, .smallest_count = 25};
    const auto mined = mine_itemsets(made->baskets, {.smallest_count = 25, .longest = 3});
    ASSERT_TRUE(mined.ok());
    const auto all = make_rules(*mined, options);
    options.hierarchy = &made->hierarchy;
    const auto kept = make_rules(*mined, options);
    ASSERT_TRUE(all.ok() && kept.ok());
    const auto named = [&](const Rules& rules, const Rule& rule) {
      std::vector<std::uint32_t> set(rules.antecedent(rule).begin(), rules.antecedent(rule).end());
      std::sort(set.begin(), set.end());
      set.push_back(rule.consequent);
      return set;
    };
    std::set<std::vector<std::uint32_t>> expected, found;
    for (const Rule& rule : all->all()) {
      const auto set = named(*all, rule);
      bool related = false;
      for (const std::uint32_t a : set) {
        for (const std::uint32_t b : set) related |= made->hierarchy.related(a, b);
      }
      if (!related) expected.insert(set);
    }
    for (const Rule& rule : kept->all()) found.insert(named(*kept, rule));
    EXPECT_EQ(found, expected) << "seed " << seed;
    EXPECT_LT(kept->tests(), all->tests());
    EXPECT_FALSE(found.empty());
    EXPECT_LT(found.size(), all->all().size());
  }
}

}  // namespace
}  // namespace rapport::learn
