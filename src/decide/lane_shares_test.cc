#include "decide/lane_shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace rapport::decide {
namespace {

model::Scene four_lanes(model::ScenePolicy policy) {
  model::Scene scene;
  scene.policy = policy;
  for (const char* name : {"a", "b", "c", "d"}) {
    auto& lane = scene.lanes.emplace_back();
    lane.name = name;
    lane.share = 25;
  }
  return scene;
}

struct World {
  std::vector<double> rates;
  std::vector<double> later;  ///< from the middle on
};

/// What the policy takes of what the best lane would have given, over `impressions`; the shares are worked
/// out anew every `every` of them, as the desk does.
double share_of_oracle(const model::Scene& scene, const World& world, int impressions, std::uint64_t seed,
                       int every = 250) {
  Random random(seed);
  SceneTally tally;
  std::vector<double> shares = lane_shares(scene, {}, {}, seed);
  double got = 0, best = 0;
  for (int i = 0; i < impressions; ++i) {
    const auto& rates = i < impressions / 2 ? world.rates : world.later;
    if (i % every == 0) shares = lane_shares(scene, tally, tally, mix64(seed + static_cast<unsigned>(i)));
    double draw = random.uniform();
    std::size_t lane = 0;
    while (lane + 1 < shares.size() && (draw -= shares[lane]) >= 0) ++lane;
    got += rates[lane];
    best += *std::max_element(rates.begin(), rates.end());
    tally.close(lane, random.chance(rates[lane]));
  }
  return got / best;
}

const World kSteady{{0.12, 0.08, 0.05, 0.02}, {0.12, 0.08, 0.05, 0.02}};
const World kSwapped{{0.12, 0.08, 0.05, 0.02}, {0.02, 0.08, 0.05, 0.12}};

double mean_share(model::ScenePolicy policy, const World& world, int impressions, int seeds) {
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed)
    sum += share_of_oracle(four_lanes(policy), world, impressions, static_cast<std::uint64_t>(seed) * 7'919);
  return sum / seeds;
}

TEST(LaneShares, AddUpAndKeepTheFloor) {
  Random random(3);
  for (int round = 0; round < 60; ++round) {
    SceneTally of_class, of_all;
    for (int i = 0; i < 400; ++i) {
      const std::size_t lane = random.below(4);
      const bool taken = random.chance(0.05);
      of_all.close(lane, taken);
      if (random.chance(0.3)) of_class.close(lane, taken);
    }
    for (const model::ScenePolicy policy : model::kScenePolicies) {
      const auto shares =
          lane_shares(four_lanes(policy), of_class, of_all, static_cast<std::uint64_t>(round));
      EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-9);
      for (const double share : shares) EXPECT_GE(share, kShareFloor - 1e-9);
    }
  }
}

TEST(LaneShares, NothingKnownIsAsWritten) {
  for (const model::ScenePolicy policy : model::kScenePolicies) {
    for (const double share : lane_shares(four_lanes(policy), {}, {}, 1)) EXPECT_NEAR(share, 0.25, 1e-9);
  }
}

TEST(LaneShares, LiteralIsItsWords) {
  SceneTally tally;
  tally.close(0, true);
  tally.close(1, false);
  const auto shares = lane_shares(four_lanes(model::ScenePolicy::literal), tally, tally, 1);
  const double sum = 1.1 + 0.95 + 1 + 1;
  EXPECT_NEAR(shares[0], 1.1 / sum, 1e-9);
  EXPECT_NEAR(shares[1], 0.95 / sum, 1e-9);
}

TEST(LaneShares, CalibratedLeavesALaneThatDoesAsWellAsAll) {
  SceneTally tally;
  for (int i = 0; i < 4'000; ++i) tally.close(static_cast<std::size_t>(i % 4), i % 40 < 4);
  const auto shares = lane_shares(four_lanes(model::ScenePolicy::calibrated), tally, tally, 1);
  for (const double share : shares) EXPECT_NEAR(share, 0.25, 0.02);
}

// The figures over 100,000 impressions and a thousand worlds: `bench scenes`.
TEST(LaneShares, TheDefaultFindsTheBestLaneAndLeavesItWhenItChanges) {
  const double steady = mean_share(model::ScenePolicy::thompson, kSteady, 20'000, 3);
  const double swapped = mean_share(model::ScenePolicy::thompson, kSwapped, 40'000, 3);
  const double literal = mean_share(model::ScenePolicy::literal, kSteady, 20'000, 3);
  RecordProperty("thompson steady", fmt::format("{:.3f}", steady));
  EXPECT_GT(steady, 0.88);
  EXPECT_GT(swapped, 0.80);
  EXPECT_LT(literal, steady);
}

}  // namespace
}  // namespace rapport::decide
