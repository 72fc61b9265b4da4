#include "study/scorecard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"

namespace rapport::study {
namespace {

TEST(Scorecard, WhoHadTheHardCasesIsHeldToHardCases) {
  // Stratum 0 is late one time in ten, stratum 1 five in ten; both agents are alike, their cases are not.
  std::vector<ScoredCase> cases;
  const auto add = [&](std::uint32_t agent, std::uint32_t stratum, int late, int of) {
    for (int i = 0; i < of; ++i) cases.push_back({agent, stratum, i < late ? 1.0 : 0.0});
  };
  add(0, 0, 9, 90);
  add(0, 1, 5, 10);
  add(1, 0, 1, 10);
  add(1, 1, 45, 90);
  const auto cards = scorecards(cases, ScoreKind::share);
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_NEAR(cards[0].mean, 0.14, 1e-12);
  EXPECT_NEAR(cards[1].mean, 0.46, 1e-12);
  for (const Scorecard& card : cards) {
    EXPECT_NEAR(card.difference, 0, 1e-12);
    EXPECT_LT(card.low, 0);
    EXPECT_GT(card.high, 0);
  }
}

TEST(Scorecard, NothingIsSaidOfWhoCannotBeCompared) {
  std::vector<ScoredCase> cases;
  for (int i = 0; i < 40; ++i) cases.push_back({0, 0, 1.0});
  for (int i = 0; i < 9; ++i) cases.push_back({1, 1, 0.0});
  cases.push_back({2, 1, 1.0});
  const auto cards = scorecards(cases, ScoreKind::share);
  ASSERT_EQ(cards.size(), 3U);
  EXPECT_EQ(cards[0].comparable, 0U);
  EXPECT_FALSE(cards[0].told);
  EXPECT_FALSE(cards[1].told) << "nine are too few";
  EXPECT_TRUE(scorecards({}, ScoreKind::amount).empty());
}

/// 200 seeds: eight agents of different skill and different cases. How often the interval holds the agent's
/// difference from what the pool, as it truly is, would do with his cases.
double coverage(ScoreKind kind, std::uint64_t first_seed) {
  constexpr int kSeeds = 200, kAgents = 8, kStrata = 6;
  int held = 0, all = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + kSeeds; ++seed) {
    Random random(seed);
    std::vector<double> base(kStrata), skill(kAgents);
    for (double& each : base) each = 0.1 + 0.5 * random.uniform();
    for (double& each : skill) each = -0.08 + 0.16 * random.uniform();
    std::vector<ScoredCase> cases;
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> counts;
    for (std::uint32_t agent = 0; agent < kAgents; ++agent) {
      const int n = static_cast<int>(random.between(25, 120));
      for (int i = 0; i < n; ++i) {
        // Each has a stratum of his own preference half of the time.
        const auto stratum =
            static_cast<std::uint32_t>(random.chance(0.5) ? agent % kStrata : random.below(kStrata));
        const double p = base[stratum] + skill[agent];
        const double value = kind == ScoreKind::share ? (random.chance(p) ? 1.0 : 0.0)
                                                      : -std::log(1 - random.uniform()) * 20 * p;
        cases.push_back({agent, stratum, value});
        ++counts[{agent, stratum}];
      }
    }
    std::vector<double> truth(kStrata), n_of(kStrata);
    const double unit = kind == ScoreKind::share ? 1 : 20;
    for (const auto& [key, n] : counts) {
      truth[key.second] += n * unit * (base[key.second] + skill[key.first]);
      n_of[key.second] += n;
    }
    for (const Scorecard& card : scorecards(cases, kind)) {
      if (!card.told) continue;
      double difference = 0, n_all = 0;
      for (std::uint32_t s = 0; s < kStrata; ++s) {
        const int n = counts[{card.agent, s}];
        difference += n * (unit * (base[s] + skill[card.agent]) - truth[s] / std::max(n_of[s], 1.0));
        n_all += n;
      }
      difference /= n_all;
      ++all;
      held += card.low <= difference && difference <= card.high ? 1 : 0;
    }
  }
  EXPECT_EQ(all, kSeeds * kAgents);
  return static_cast<double>(held) / all;
}

TEST(Scorecard, TheIntervalHoldsWhatItSays) {
  const double share = coverage(ScoreKind::share, 1), amount = coverage(ScoreKind::amount, 1);
  RecordProperty("share", std::to_string(share));
  RecordProperty("amount", std::to_string(amount));
  std::printf("coverage of 95 %% intervals, 1600 agents: shares %.4f, amounts %.4f\n", share, amount);
  // Of 1600, 95 % would scatter by 0.0054.
  EXPECT_GT(share, 0.935);
  EXPECT_LT(share, 0.975);
  EXPECT_GT(amount, 0.925);
  EXPECT_LT(amount, 0.975);
}

}  // namespace
}  // namespace rapport::study
