#include "learn/rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "learn/detail/sample_baskets.h"

namespace rapport::learn {
namespace {

std::uint32_t count_of(const Baskets& baskets, std::vector<std::uint32_t> set) {
  std::sort(set.begin(), set.end());
  std::uint32_t count = 0;
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    const auto basket = baskets.basket(b);
    count += std::includes(basket.begin(), basket.end(), set.begin(), set.end());
  }
  return count;
}

Result<Rules> rules_of(const Baskets& baskets, const RuleOptions& options, unsigned longest = 0) {
  RAPPORT_TRY(const Itemsets mined,
              mine_itemsets(baskets, {.smallest_count = itemset_count_for(options), .longest = longest}));
  return make_rules(mined, options);
}

TEST(Rules, MeasuresAreWhatCountingSays) {
  Random random(11);
  const Baskets baskets = clustered_baskets(random, 400, 24, 3, 0.7);
  const auto rules = rules_of(baskets, {.confidence = 0.6, .smallest_count = 30});
  ASSERT_TRUE(rules.ok());
  ASSERT_GT(rules->all().size(), 50u);
  const auto n = static_cast<double>(baskets.size());
  for (const Rule& rule : rules->all()) {
    std::vector<std::uint32_t> set(rules->antecedent(rule).begin(), rules->antecedent(rule).end());
    const double x = count_of(baskets, set), y = count_of(baskets, {rule.consequent});
    set.push_back(rule.consequent);
    const double xy = count_of(baskets, set);
    EXPECT_EQ(rule.both_count, xy);
    EXPECT_EQ(rule.antecedent_count, x);
    EXPECT_EQ(rule.consequent_count, y);
    EXPECT_GE(rule.confidence, 0.6);
    EXPECT_DOUBLE_EQ(rule.support, xy / n);
    EXPECT_DOUBLE_EQ(rule.confidence, xy / x);
    EXPECT_NEAR(rule.lift, (xy / x) / (y / n), 1e-12);
    EXPECT_NEAR(rule.leverage, xy / n - (x / n) * (y / n), 1e-12);
    if (xy == x) {
      EXPECT_TRUE(std::isinf(rule.conviction));
    } else {
      EXPECT_NEAR(rule.conviction, (1 - y / n) / (1 - xy / x), 1e-9);
    }
  }
}

// Every split of every frequent set, by the definition of support that was asked for.
std::size_t count_rules(const Baskets& baskets, std::uint32_t items, double confidence,
                        std::uint32_t smallest, SupportOf support_of) {
  std::size_t found = 0;
  for (std::uint32_t bits = 1; bits < (1u << items); ++bits) {
    for (std::uint32_t y = 0; y < items; ++y) {
      if ((bits >> y) & 1) continue;
      std::vector<std::uint32_t> set;
      for (std::uint32_t i = 0; i < items; ++i) {
        if ((bits >> i) & 1) set.push_back(i);
      }
      const std::uint32_t x_count = count_of(baskets, set);
      set.push_back(y);
      const std::uint32_t both = count_of(baskets, set);
      const bool enough = (support_of == SupportOf::rule ? both : x_count) >= smallest;
      found += enough && both > 0 && both >= confidence * x_count;
    }
  }
  return found;
}

TEST(Rules, NoRuleIsMissedUnderEitherSupport) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    const Baskets baskets = random_baskets(random, 120, 7, 0.4);
    for (const SupportOf support_of : {SupportOf::rule, SupportOf::antecedent}) {
      const auto rules =
          rules_of(baskets, {.confidence = 0.3, .support_of = support_of, .smallest_count = 9});
      ASSERT_TRUE(rules.ok());
      EXPECT_EQ(rules->all().size(), count_rules(baskets, 7, 0.3, 9, support_of));
    }
  }
}

// Benjamini & Hochberg's step-up by its definition: the largest q' at which the rule would be rejected.
TEST(Rules, FalseDiscoveryRateByDefinition) {
  Random random(3);
  const Baskets baskets = random_baskets(random, 300, 8, 0.35);
  const auto rules = rules_of(baskets, {.confidence = 0.3, .smallest_count = 10, .threads = 2});
  ASSERT_TRUE(rules.ok());
  for (const Rule& rule : rules->all()) {
    double q = 1;
    for (const Rule& other : rules->all()) {
      if (other.fisher_p < rule.fisher_p) continue;
      std::size_t place = 0;
      for (const Rule& each : rules->all()) place += each.fisher_p <= other.fisher_p;
      q = std::min(q, other.fisher_p * static_cast<double>(rules->tests()) / static_cast<double>(place));
    }
    EXPECT_NEAR(rule.fdr_q, q, 1e-12);
  }
}

// Items that have nothing to do with each other: hardly anything is left at a rate of 5 %.
TEST(Rules, NoiseIsNotDiscovered) {
  std::size_t worlds_with_a_find = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    const Baskets baskets = random_baskets(random, 400, 12, 0.3);
    const auto rules = rules_of(baskets, {.confidence = 0, .smallest_count = 20}, 2);
    ASSERT_TRUE(rules.ok());
    bool any = false;
    for (const Rule& rule : rules->all()) any |= rule.fdr_q <= 0.05;
    worlds_with_a_find += any;
  }
  EXPECT_LE(worlds_with_a_find, 6u);  // 5 % of 40 is 2; seven or more would happen once in 200
}

TEST(Rules, BadOptionsAreNamed) {
  Random random(1);
  const Baskets baskets = random_baskets(random, 20, 4, 0.5);
  EXPECT_EQ(rules_of(baskets, {.confidence = 1.5}).error().code, Errc::bad_input);
  EXPECT_EQ(rules_of(baskets, {.confidence = std::nan("")}).error().code, Errc::bad_input);
  EXPECT_EQ(rules_of(baskets, {.confidence = 0, .support_of = SupportOf::antecedent}).error().code,
            Errc::bad_input);
  EXPECT_EQ(rules_of(baskets, {.confidence = 0, .rules_most = 3}).error().code, Errc::too_large);
  const auto mined = mine_itemsets(baskets, {.smallest_count = 5});
  EXPECT_EQ(make_rules(*mined, {.smallest_count = 2}).error().code, Errc::bad_input);
}

TEST(Rules, KnownCountsOfGroceries) {
  const char* shared = std::getenv("RAPPORT_SHARED");
  const std::string path = (shared != nullptr ? std::string(shared) : RAPPORT_SOURCE_DIR "/../shared") +
                           "/data/groceries/groceries_baskets.csv";
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string(ci) == "true") FAIL() << "no " << path;
    GTEST_SKIP() << "no " << path << " (RAPPORT_SHARED)";
  }
  std::stringstream text;
  text << in.rdbuf();
  const auto read = parse_baskets(text.str());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->baskets.size(), 9'835u);
  EXPECT_EQ(read->baskets.occurrences(), 43'367u);
  const std::uint32_t smallest = count_for_support(0.001, read->baskets.size()).value();
  const auto mined = mine_itemsets(read->baskets, {.smallest_count = smallest});
  ASSERT_TRUE(mined.ok());
  EXPECT_EQ(mined->sizes(), (std::vector<std::size_t>{157, 2981, 6831, 3137, 376, 10}));
  const auto rules = make_rules(*mined, {.confidence = 0.8, .smallest_count = smallest});
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->all().size(), 410u);
  const auto best = std::max_element(rules->all().begin(), rules->all().end(),
                                     [](const Rule& a, const Rule& b) { return a.lift < b.lift; });
  EXPECT_EQ(read->baskets.name(best->consequent), "bottled beer");
  EXPECT_NEAR(best->lift, 11.235, 0.0005);
}

}  // namespace
}  // namespace rapport::learn
