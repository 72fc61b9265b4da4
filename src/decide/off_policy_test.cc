#include "decide/off_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "base/random.h"

// The estimators against the formulas written down plainly, and their intervals against worlds of known
// truth.
namespace rapport::decide {
namespace {

/// The formulas, one row after the other; the interval by t with very many clusters is the normal one.
struct Obvious {
  double ips = 0, snips = 0, robust = 0, effective = 0, ips_spread = 0, snips_spread = 0;
};
Obvious obvious(const std::vector<OffPolicyRow>& rows) {
  Obvious out;
  const auto n = static_cast<double>(rows.size());
  double weights = 0, squares = 0;
  for (const OffPolicyRow& row : rows) {
    out.ips += row.weight * row.reward / n;
    out.robust += (row.expected + row.weight * (row.reward - row.predicted)) / n;
    weights += row.weight;
    squares += row.weight * row.weight;
  }
  out.snips = out.ips * n / weights;
  out.effective = weights * weights / squares;
  std::map<std::uint64_t, double> ips_of, snips_of;
  for (const OffPolicyRow& row : rows) {
    ips_of[row.cluster] += row.weight * row.reward - out.ips;
    snips_of[row.cluster] += row.weight * (row.reward - out.snips);
  }
  const auto clusters = static_cast<double>(ips_of.size());
  for (const auto& [cluster, sum] : ips_of) out.ips_spread += sum * sum;
  for (const auto& [cluster, sum] : snips_of) out.snips_spread += sum * sum;
  out.ips_spread = std::sqrt(out.ips_spread * clusters / (clusters - 1)) / n;
  out.snips_spread = std::sqrt(out.snips_spread * clusters / (clusters - 1)) / weights;
  return out;
}

/// A log of three actions whose rates differ by customer, drawn by b; pi is asked about.
struct World {
  std::vector<double> b{0.5, 0.3, 0.2}, pi{0.2, 0.3, 0.5}, rates{0.05, 0.10, 0.20};
  double model_error = 0;  ///< added to the model's rate of action 0, taken from that of action 2
  double truth() const { return 0.2 * 0.05 + 0.3 * 0.10 + 0.5 * 0.20; }
};
std::vector<OffPolicyRow> draw(const World& world, std::uint64_t seed, int customers) {
  Random random(seed);
  std::vector<OffPolicyRow> rows;
  std::vector<double> model = world.rates;
  model[0] += world.model_error;
  model[2] -= world.model_error;
  double expected = 0;
  for (std::size_t a = 0; a < 3; ++a) expected += world.pi[a] * model[a];
  for (int c = 0; c < customers; ++c) {
    const double taste = random.chance(0.5) ? 0.4 : 1.6;  // of mean 1: her rows go together
    const std::uint64_t looks = 1 + random.below(6);
    for (std::uint64_t i = 0; i < looks; ++i) {
      const double u = random.uniform();
      const std::size_t action = u < world.b[0] ? 0 : u < world.b[0] + world.b[1] ? 1 : 2;
      const bool taken = random.chance(world.rates[action] * taste);
      rows.push_back({static_cast<std::uint64_t>(c), world.pi[action] / world.b[action], taken ? 1.0 : 0.0,
                      model[action], expected});
    }
  }
  return rows;
}

TEST(OffPolicy, EqualsTheFormulas) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto rows = draw({}, seed, 4'000);
    const OffPolicy told = estimate_off_policy(rows);
    const Obvious plain = obvious(rows);
    EXPECT_NEAR(told.ips.value, plain.ips, 1e-12) << seed;
    EXPECT_NEAR(told.snips.value, plain.snips, 1e-12);
    EXPECT_NEAR(told.doubly_robust.value, plain.robust, 1e-12);
    EXPECT_NEAR(told.effective, plain.effective, 1e-6);
    EXPECT_NEAR((told.ips.high - told.ips.low) / 2, 1.9605 * plain.ips_spread, 1e-4 * plain.ips_spread);
    EXPECT_NEAR((told.snips.high - told.snips.low) / 2, 1.9605 * plain.snips_spread,
                1e-4 * plain.snips_spread);
    EXPECT_EQ(told.clusters, 4'000U);
    EXPECT_DOUBLE_EQ(told.largest_weight, 2.5);
    EXPECT_NEAR(told.difference.value, told.doubly_robust.value - told.logged.value, 1e-12);
  }
}

TEST(OffPolicy, IntervalsHoldTheTruthAsOftenAsTheySay) {
  constexpr int kWorlds = 600;
  for (const double error : {0.0, 0.08}) {
    World world;
    world.model_error = error;
    int ips = 0, snips = 0, robust = 0;
    double ips_width = 0, robust_width = 0;
    for (int w = 0; w < kWorlds; ++w) {
      const OffPolicy told = estimate_off_policy(draw(world, 1'000 + static_cast<std::uint64_t>(w), 500));
      const auto holds = [&](const Estimate& of) {
        return of.low <= world.truth() && world.truth() <= of.high;
      };
      ips += holds(told.ips);
      snips += holds(told.snips);
      robust += holds(told.doubly_robust);
      ips_width += told.ips.high - told.ips.low;
      robust_width += told.doubly_robust.high - told.doubly_robust.low;
    }
    for (const auto& [name, held] : {std::pair{"ips", ips}, {"snips", snips}, {"doubly robust", robust}}) {
      EXPECT_GE(held, kWorlds * 0.925) << name << " with a model off by " << error;
      EXPECT_LE(held, kWorlds * 0.975) << name << " with a model off by " << error;
    }
    if (error == 0) {
      EXPECT_LT(robust_width, ips_width) << "a good model takes spread away";
    }
  }
}

TEST(OffPolicy, OneCustomerOrNoneHasNoInterval) {
  EXPECT_EQ(estimate_off_policy({}).rows, 0U);
  const std::vector<OffPolicyRow> one{{7, 1, 1, 0, 0}, {7, 1, 0, 0, 0}};
  const OffPolicy told = estimate_off_policy(one);
  EXPECT_DOUBLE_EQ(told.ips.value, 0.5);
  EXPECT_TRUE(std::isinf(told.ips.high));
}

}  // namespace
}  // namespace rapport::decide
