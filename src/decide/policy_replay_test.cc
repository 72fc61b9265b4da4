#include "decide/policy_replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "decide/lane_shares.h"

// Policies replayed over logs of worlds whose rates are known.
namespace rapport::decide {
namespace {

using model::ScenePolicy;

model::Scene four_lanes(ScenePolicy policy) {
  model::Scene scene;
  scene.id = "home";
  scene.policy = policy;
  scene.trigger = "true";
  using enum model::SceneSource;
  for (const auto source : {due, like, trend, region}) {
    auto& lane = scene.lanes.emplace_back();
    lane.name = model::scene_source_name(source);
    lane.share = 25;
    lane.source = source;
    lane.kinds = {model::OfferKind::product};
  }
  return scene;
}

const std::vector<double> kRates{0.12, 0.08, 0.05, 0.02};

/// Drawn by `shares`; the third lane has nothing left for one place in five. Outcomes are known 50
/// impressions later.
std::vector<LoggedImpression> logged_by(const std::vector<double>& shares, int impressions,
                                        std::uint64_t seed) {
  Random random(seed);
  std::vector<LoggedImpression> log;
  for (int i = 0; i < impressions; ++i) {
    LoggedImpression one;
    one.customer = random.below(static_cast<std::uint64_t>(impressions) / 4);
    one.shown_ms = 1'000 * i;
    one.closed_ms = one.shown_ms + 50'000;
    one.user_class = static_cast<std::uint8_t>(random.below(2));
    one.open = random.chance(0.2) ? 0b1011 : 0b1111;
    double open = 0;
    for (std::size_t l = 0; l < 4; ++l) {
      if ((one.open >> l & 1U) == 0 || !(shares[l] > 0)) continue;
      open += shares[l];
      one.possible = static_cast<std::uint16_t>(one.possible | 1U << l);
    }
    double draw = random.uniform() * open;
    for (std::size_t l = 0; l < 4; ++l) {
      if ((one.possible >> l & 1U) == 0) continue;
      one.lane = static_cast<std::uint8_t>(l);
      if ((draw -= shares[l]) < 0) break;
    }
    one.probability = static_cast<float>(shares[one.lane] / open);
    one.taken = random.chance(kRates[one.lane]);
    log.push_back(one);
  }
  return log;
}

/// What drawing by `shares` earns a place, over places with and without the third lane.
double truth_of(const std::vector<double>& shares) {
  double all = 0, without = 0;
  for (std::size_t l = 0; l < 4; ++l) all += shares[l] * kRates[l];
  for (const std::size_t l : {0, 1, 3}) without += shares[l] * kRates[l] / (1 - shares[2]);
  return 0.8 * all + 0.2 * without;
}

/// What a learning policy earns a place when it acts itself; the mean of several runs.
double lived(ScenePolicy policy, int impressions, std::uint64_t seed) {
  const model::Scene scene = four_lanes(policy);
  Random random(seed);
  SceneTally tally;
  double got = 0;
  std::vector<double> shares;
  std::vector<std::pair<std::size_t, bool>> waiting;
  for (int i = 0; i < impressions; ++i) {
    if (i >= 50)
      tally.close(waiting[static_cast<std::size_t>(i - 50)].first,
                  waiting[static_cast<std::size_t>(i - 50)].second);
    if (i % 50 == 0) shares = lane_shares(scene, tally, tally, mix64(seed + static_cast<unsigned>(i)));
    const bool closed = random.chance(0.2);
    const double open = closed ? 1 - shares[2] : 1;
    double draw = random.uniform() * open;
    std::size_t lane = 0;
    for (std::size_t l = 0; l < 4; ++l) {
      if (closed && l == 2) continue;
      lane = l;
      if ((draw -= shares[l]) < 0) break;
    }
    const bool taken = random.chance(kRates[lane]);
    got += taken;
    waiting.emplace_back(lane, taken);
  }
  return got / impressions;
}

TEST(PolicyReplay, TheLoggedPolicyEarnsWhatItEarned) {
  const auto log = logged_by({0.25, 0.25, 0.25, 0.25}, 4'000, 3);
  const PolicyJudged told =
      judge_policy(four_lanes(ScenePolicy::fixed), four_lanes(ScenePolicy::fixed), log, 1);
  EXPECT_EQ(told.refusal, Refusal::none);
  EXPECT_NEAR(told.figures.largest_weight, 1, 1e-6);
  EXPECT_NEAR(told.figures.effective, 4'000, 1e-3);
  EXPECT_NEAR(told.figures.difference.value, told.figures.doubly_robust.value - told.figures.logged.value,
              1e-12);
  EXPECT_NEAR(told.figures.ips.value, told.figures.logged.value, 1e-6);
  EXPECT_NEAR(told.supported, 1, 1e-12);
}

TEST(PolicyReplay, OtherSharesEarnWhatTheyWouldHave) {
  model::Scene other = four_lanes(ScenePolicy::fixed);
  const std::vector<double> shares{0.6, 0.2, 0.1, 0.1};
  for (std::size_t l = 0; l < 4; ++l) other.lanes[l].share = std::lround(shares[l] * 100);
  int robust = 0, ips = 0;
  constexpr int kLogs = 200;
  for (std::uint64_t seed = 1; seed <= kLogs; ++seed) {
    const auto log = logged_by({0.1, 0.3, 0.4, 0.2}, 2'000, seed * 31);
    const PolicyJudged told = judge_policy(four_lanes(ScenePolicy::fixed), other, log, 1);
    ASSERT_EQ(told.refusal, Refusal::none);
    const auto holds = [&](const Estimate& of) {
      return of.low <= truth_of(shares) && truth_of(shares) <= of.high;
    };
    robust += holds(told.figures.doubly_robust);
    ips += holds(told.figures.ips);
    if (seed == 1) {
      EXPECT_NEAR(told.acts[0], 0.6 * 0.8 + 0.6 / 0.9 * 0.2, 0.01);
    }
  }
  EXPECT_GE(robust, kLogs * 0.90) << "of " << kLogs;
  EXPECT_GE(ips, kLogs * 0.90) << "of " << kLogs;
}

TEST(PolicyReplay, LearningPoliciesEarnAboutWhatTheyDoWhenTheyAct) {
  constexpr int kImpressions = 8'000, kRuns = 8;
  for (const ScenePolicy policy : {ScenePolicy::literal, ScenePolicy::calibrated, ScenePolicy::thompson}) {
    double live = 0, replayed = 0;
    for (std::uint64_t run = 1; run <= kRuns; ++run) {
      live += lived(policy, kImpressions, run * 101) / kRuns;
      auto log = logged_by({0.25, 0.25, 0.25, 0.25}, kImpressions, run * 97);
      for (LoggedImpression& one : log) one.user_class = 0;
      const PolicyJudged told = judge_policy(four_lanes(ScenePolicy::fixed), four_lanes(policy), log, run);
      ASSERT_EQ(told.refusal, Refusal::none) << model::scene_policy_name(policy);
      replayed += told.figures.doubly_robust.value / kRuns;
    }
    EXPECT_NEAR(replayed, live, 0.006) << model::scene_policy_name(policy);
  }
}

TEST(PolicyReplay, ThePastDoesNotDependOnTheFuture) {
  const auto log = logged_by({0.25, 0.25, 0.25, 0.25}, 1'500, 9);
  auto later = log;
  for (std::size_t i = 1'000; i < later.size(); ++i) later[i].taken = !later[i].taken;
  const model::Scene scene = four_lanes(ScenePolicy::thompson);
  const ReplayedShares one = replay_policy(scene, log, 5), other = replay_policy(scene, later, 5);
  for (std::size_t i = 0; i < 1'000; ++i) ASSERT_EQ(one.tables[one.of[i]], other.tables[other.of[i]]) << i;
}

TEST(PolicyReplay, WhatTheLogCannotTellIsRefusedByName) {
  const model::Scene scene = four_lanes(ScenePolicy::fixed);
  const auto all = logged_by({0.25, 0.25, 0.25, 0.25}, 1'000, 4);
  const auto judged = [&](const model::Scene& other, std::span<const LoggedImpression> log) {
    return judge_policy(scene, other, log, 1);
  };
  EXPECT_EQ(judged(scene, std::span(all).first(150)).refusal, Refusal::impressions);
  EXPECT_EQ(judged(scene, {}).refusal, Refusal::impressions);
  model::Scene elsewhere = scene;
  elsewhere.lanes[3].source = model::SceneSource::newest;
  EXPECT_EQ(judged(elsewhere, all).refusal, Refusal::support);
  EXPECT_NEAR(judged(elsewhere, all).supported, 0.75, 0.03);
  EXPECT_EQ(judged(scene, logged_by({0.5, 0.5, 0, 0}, 1'000, 4)).refusal, Refusal::support);
  model::Scene extreme = scene;
  for (std::size_t l = 0; l < 4; ++l) extreme.lanes[l].share = l == 0 ? 100 : 0;
  EXPECT_EQ(judged(extreme, logged_by({0.02, 0.3, 0.3, 0.38}, 2'000, 4)).refusal, Refusal::effective);
  model::Scene pinned = scene;
  pinned.pins.emplace_back().id = "tea";
  EXPECT_EQ(judged(pinned, all).refusal, Refusal::same_lists);
  EXPECT_EQ(judged(pinned, all).member, "pins");
  EXPECT_EQ(refusal_name(Refusal::effective), "effective_sample_size");
}

TEST(PolicyReplay, LanesAreKnownByWhatTheyShow) {
  const model::Scene scene = four_lanes(ScenePolicy::fixed);
  model::Scene turned = scene;
  std::reverse(turned.lanes.begin(), turned.lanes.end());
  turned.lanes[0].name = "renamed";
  EXPECT_EQ(lanes_in(scene, turned), (std::vector<std::optional<std::size_t>>{3, 2, 1, 0}));
  model::Scene twins = scene;
  twins.lanes[1] = twins.lanes[0];
  twins.lanes[1].name = "second";
  EXPECT_EQ(lanes_in(twins, twins), (std::vector<std::optional<std::size_t>>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace rapport::decide
