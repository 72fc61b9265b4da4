#include "study/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "base/random.h"
#include "study/detail/columns.h"
#include "study/detail/shared_data.h"
#include "study/power.h"
#include "study/sequential.h"

namespace rapport::study {
namespace {

const Arm kA = *mean_arm("A", 3407, 1396.87, 52377.9767);
const Arm kB = *mean_arm("B", 3461, 2422.7, 134698.29);

// GrowthBook gbstats, packages/stats/tests: printed to 5 digits.
TEST(Experiment, WelchAbsoluteAndRelativeOfGbstats) {
  const auto absolute = compare(kA, kB, Scale::absolute);
  ASSERT_TRUE(absolute.ok());
  EXPECT_NEAR(absolute->lift, .29, 5e-6);
  EXPECT_NEAR(absolute->ci_low, .04538, 5e-6);
  EXPECT_NEAR(absolute->ci_high, .53462, 5e-6);
  EXPECT_NEAR(absolute->se, .12478, 5e-6);
  EXPECT_NEAR(absolute->p, .02016, 5e-6);
  const auto relative = compare(kA, kB, Scale::relative);
  EXPECT_NEAR(relative->lift, .70732, 5e-6);
  EXPECT_NEAR(relative->ci_low, -.03526, 5e-6);
  EXPECT_NEAR(relative->ci_high, 1.44989, 5e-6);
  EXPECT_NEAR(relative->se, .37879, 5e-6);
  // Trap: the relative p is another number than the absolute one.
  EXPECT_NEAR(relative->p, .06191, 5e-6);
  const auto props = compare(*proportion_arm("A", 28, 14), *proportion_arm("B", 30, 16), Scale::relative);
  EXPECT_NEAR(props->lift, .06667, 5e-6);
  EXPECT_NEAR(props->ci_low, -.47767, 5e-6);
  EXPECT_NEAR(props->ci_high, .61101, 5e-6);
  EXPECT_NEAR(props->p, .80707, 5e-6);
}

TEST(Experiment, AlwaysValidOfGbstats) {
  const Arm a = *mean_arm("A", 3000, 1396.87, 52377.9767);
  const auto mean = always_valid(*compare(a, kB, Scale::relative), 6461, 1000);
  ASSERT_TRUE(mean.ok());
  EXPECT_NEAR(mean->lift, .50336, 5e-6);
  EXPECT_NEAR(mean->ci_low, -.55844, 5e-6);
  EXPECT_NEAR(mean->ci_high, 1.56516, 5e-6);
  EXPECT_EQ(mean->p, 1);
  const auto props = always_valid(
      *compare(*proportion_arm("A", 3000, 1396), *proportion_arm("B", 3461, 2422), Scale::relative), 6461,
      5000);
  EXPECT_NEAR(props->lift, .50386, 5e-6);
  EXPECT_NEAR(props->ci_low, .40098, 5e-6);
  EXPECT_NEAR(props->ci_high, .60675, 5e-6);
  EXPECT_LT(props->p, 1e-5);
  // Trap: tuning changes the interval, so it belongs to the plan.
  EXPECT_NE(always_valid(*compare(a, kB, Scale::relative), 6461, 5000)->ci_low, mean->ci_low);
  EXPECT_FALSE(always_valid(*compare(a, kB, Scale::relative), 6461, 0).ok());
}

std::vector<double> equal_looks(int k) {
  std::vector<double> t;
  for (int i = 1; i <= k; ++i) t.push_back(static_cast<double>(i) / k);
  return t;
}

// Recursive integration; equal to the tables of Jennison & Turnbull (2000) and ldbounds.
TEST(GroupSequential, PublishedBounds) {
  const double pocock[] = {2.178272, 2.289478, 2.413176}, obf[] = {1.977431, 2.004036, 2.040073};
  const int looks[] = {2, 3, 5};
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(group_sequential(SpendingRule::pocock, equal_looks(looks[i]))->bounds[0], pocock[i], 5.1e-7);
    EXPECT_NEAR(group_sequential(SpendingRule::obrien_fleming, equal_looks(looks[i]))->bounds.back(), obf[i],
                5.1e-7);
  }
  const auto five = *group_sequential(SpendingRule::obrien_fleming, equal_looks(5));
  const double obf5[] = {4.5617, 3.2256, 2.6337, 2.2809, 2.0401};
  const auto ld_obf = *group_sequential(SpendingRule::lan_demets_obf, equal_looks(5));
  const double ld_obf5[] = {4.87688, 3.35701, 2.68028, 2.28982, 2.03103};
  const auto ld_pocock = *group_sequential(SpendingRule::lan_demets_pocock, equal_looks(5));
  const double ld_pocock5[] = {2.43798, 2.42681, 2.41019, 2.39665, 2.38598};
  for (int k = 0; k < 5; ++k) {
    EXPECT_NEAR(five.bounds[k], obf5[k], 5.1e-5);
    EXPECT_NEAR(ld_obf.bounds[k], ld_obf5[k], 5.1e-6);
    EXPECT_NEAR(ld_pocock.bounds[k], ld_pocock5[k], 5.1e-6);
  }
  EXPECT_NEAR(five.spent.back(), 0.05, 1e-10);
  // Trap: "O'Brien-Fleming spending" is two formulas.
  EXPECT_NEAR(group_sequential(SpendingRule::lan_demets_obf2, equal_looks(5))->bounds[0], 4.383, 5e-4);
}

TEST(GroupSequential, CrossingAgreesWithSimulatedPaths) {
  const auto design = *group_sequential(SpendingRule::pocock, {0.3, 0.7, 1});
  const double drift = drift_for_power(design, 0.8);
  const auto crossing = crossing_probability(design, drift);
  EXPECT_NEAR(crossing.back(), 0.8, 1e-9);
  Random random(99);
  const int runs = 40000;
  std::vector<int> crossed(3, 0);
  for (int run = 0; run < runs; ++run) {
    double s = 0, last = 0;
    for (int k = 0; k < 3; ++k) {
      const double step = design.fractions[k] - last;
      last = design.fractions[k];
      const double normal =
          std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
      s += drift * step + std::sqrt(step) * normal;
      if (std::fabs(s / std::sqrt(last)) < design.bounds[k]) continue;
      for (int j = k; j < 3; ++j) ++crossed[j];
      break;
    }
  }
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(crossing[k], crossed[k] / static_cast<double>(runs), 0.008) << k;
}

TEST(SampleRatio, ChiSquares) {
  const auto two = sample_ratio({821588, 815482}, {1, 1});
  EXPECT_NEAR(two->chisq, 22.7743688419, 5e-11);
  EXPECT_NEAR(two->p / 1.821792873e-06, 1, 5e-9);
  EXPECT_NEAR(sample_ratio({1000, 1100}, {.5, .5})->p, .02909633174, 5e-12);
  const auto three = sample_ratio({5000, 5100, 4800}, {1, 1, 1});
  EXPECT_NEAR(three->chisq, 9.3959731544, 5e-11);
  EXPECT_NEAR(three->p, .009113608188, 5e-13);
  // Trap: an arm planned with nothing adds no degree of freedom, and nobody may be in it.
  EXPECT_EQ(sample_ratio({1000, 1100, 0}, {.5, .5, 0})->df, 1);
  EXPECT_EQ(sample_ratio({1000, 1100, 3}, {.5, .5, 0}).error().code, Errc::refused);
}

TEST(SampleRatio, SequentialPHoldsUnderPeeking) {
  Random random(20261122);
  int alarms = 0;
  for (int run = 0; run < 400; ++run) {
    double a = 0, b = 0;
    bool alarm = false;
    for (int i = 0; i < 3000 && !alarm; ++i) {
      (random.chance(0.5) ? a : b) += 1;
      if (i % 50 == 49) alarm = sample_ratio({a, b}, {1, 1})->sequential_p < 0.05;
    }
    alarms += alarm ? 1 : 0;
  }
  EXPECT_LE(alarms, 400 * 0.05);
  EXPECT_LT(sample_ratio({821588, 815482}, {1, 1})->sequential_p, 0.01);
}

// Trap: a ratio of means needs the delta method; treating sessions as units understates the error.
TEST(Experiment, RatioMetricKeepsTheUserAsUnit) {
  Random random(4);
  std::vector<double> clicks, sessions;
  double naive_n = 0, naive_p = 0;
  for (int user = 0; user < 4000; ++user) {
    const double rate = random.uniform();
    const double visits = 1 + static_cast<double>(random.below(20));
    double hits = 0;
    for (int v = 0; v < visits; ++v) hits += random.chance(rate) ? 1 : 0;
    clicks.push_back(hits);
    sessions.push_back(visits);
    naive_n += visits;
    naive_p += hits;
  }
  const Arm arm = *ratio_arm("A", clicks, sessions);
  EXPECT_NEAR(arm.mean, naive_p / naive_n, 1e-12);
  const double naive_variance = arm.mean * (1 - arm.mean) / naive_n;
  EXPECT_GT(arm.variance, 3 * naive_variance);
  // A constant denominator of 1 is a plain mean.
  const Arm plain = *ratio_arm("A", clicks, std::vector<double>(clicks.size(), 1.0));
  EXPECT_NEAR(plain.variance, mean_arm("A", clicks)->variance, 1e-15);
}

// Trap: pooled and per-arm theta differ when slopes do; both leave the effect nearly alone and shrink its
// error.
TEST(Cuped, ReducesVarianceBySquaredCorrelation) {
  Random random(12);
  std::vector<math::Vector> y(2, math::Vector(3000));
  std::vector<math::Matrix> x(2, math::Matrix(3000, 1));
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < 3000; ++i) {
      x[k](i, 0) = random.uniform() * 10;
      y[k][i] = 0.3 * k + (k == 0 ? 1.0 : 1.4) * x[k](i, 0) + random.uniform() * 4;
    }
  }
  const auto pooled = cuped({"A", "B"}, y, x, CupedTheta::pooled);
  const auto per_arm = cuped({"A", "B"}, y, x, CupedTheta::per_arm);
  ASSERT_TRUE(pooled.ok() && per_arm.ok());
  EXPECT_LT((*pooled)[0].variance_kept, 0.4);
  EXPECT_LT((*per_arm)[0].variance_kept, (*pooled)[0].variance_kept);
  EXPECT_NE((*pooled)[0].arm.mean, (*per_arm)[0].arm.mean);
  const auto raw = compare(*mean_arm("A", std::vector<double>(y[0].begin(), y[0].end())),
                           *mean_arm("B", std::vector<double>(y[1].begin(), y[1].end())), Scale::absolute);
  EXPECT_LT(compare((*pooled)[0].arm, (*pooled)[1].arm, Scale::absolute)->se, 0.6 * raw->se);
  x[0].setConstant(1);
  x[1].setConstant(1);
  EXPECT_EQ(cuped({"A", "B"}, y, x, CupedTheta::pooled).error().code, Errc::refused);
}

// The Resume experiment and the NSW experiment: figures of their publications and of R's t.test.
TEST(Experiment, RealExperiments) {
  RAPPORT_SHARED_TABLE(nsw, "reference/data/nsw_dw.csv");
  std::vector<double> treated, control;
  const auto treat = *nsw.numbers("treat"), re78 = *nsw.numbers("re78");
  for (std::size_t i = 0; i < nsw.rows(); ++i) (treat[i] == 1 ? treated : control).push_back(re78[i]);
  const auto effect = compare(*mean_arm("control", control), *mean_arm("treated", treated), Scale::absolute);
  EXPECT_NEAR(effect->lift, 1794.34238185, 5e-8);
  EXPECT_NEAR(effect->se, 670.996544467, 5e-9);
  EXPECT_NEAR(effect->df, 307.132494497, 5e-9);
  EXPECT_NEAR(effect->p, .0078929783, 5e-11);
  const auto calls =
      compare(*proportion_arm("afam", 2435, 157), *proportion_arm("cauc", 2435, 235), Scale::absolute);
  EXPECT_NEAR(calls->lift, .0320, 5e-5);
}

TEST(Equivalence, NeedsTheWholeIntervalInside) {
  const Arm a = *proportion_arm("A", 10000, 5000), b = *proportion_arm("B", 10000, 5010);
  const auto wide = test_equivalence(a, b, Scale::absolute, 0.02);
  ASSERT_TRUE(wide.ok());
  EXPECT_TRUE(wide->equivalent);
  EXPECT_GT(wide->effect.ci_low, -0.02);
  EXPECT_LT(wide->effect.ci_high, 0.02);
  EXPECT_FALSE(test_equivalence(a, b, Scale::absolute, 0.005)->equivalent);
  EXPECT_FALSE(test_equivalence(a, b, Scale::absolute, -1).ok());
}

// Trap: many metrics. R: p.adjust(c(.01,.02,.03,.04,.05), "BH") and "holm".
TEST(Multiple, BenjaminiHochbergAndHolm) {
  const auto bh = adjust_false_discovery({.01, .04, .03, .5, NAN});
  EXPECT_NEAR(bh[0], .04, 1e-15);
  EXPECT_NEAR(bh[1], .16 / 3, 1e-15);
  EXPECT_NEAR(bh[2], .16 / 3, 1e-15);
  EXPECT_NEAR(bh[3], .5, 1e-15);
  EXPECT_TRUE(std::isnan(bh[4]));
  const auto holm = adjust_holm({.01, .04, .03, .5});
  EXPECT_NEAR(holm[0], .04, 1e-15);
  EXPECT_NEAR(holm[1], .09, 1e-15);
  EXPECT_NEAR(holm[2], .09, 1e-15);
}

// The examples of R's help pages: power.t.test and power.prop.test.
TEST(Power, AgreesWithR) {
  EXPECT_NEAR(power_of_means(20, 1, 1), 0.8689528, 1e-6);
  EXPECT_NEAR(*sample_size_means(1, 1, 0.9), 22.02110, 2e-5);
  EXPECT_NEAR(*sample_size_proportions(.5, .75, .9), 76.7, 5e-2);
  EXPECT_NEAR(power_of_proportions(50, .5, .75), 0.7401659, 1e-6);
  EXPECT_NEAR(power_of_proportions(*sample_size_proportions(.1, .12, .8), .1, .12), .8, 1e-12);
  EXPECT_FALSE(sample_size_means(0, 1).ok());
  EXPECT_FALSE(sample_size_proportions(.1, 1.2).ok());
}

TEST(Experiment, RefusesByName) {
  EXPECT_EQ(mean_arm("A", 10, 5, 1).error().where, "A");
  EXPECT_FALSE(mean_arm("A", 1, 5, 25).ok());
  EXPECT_FALSE(proportion_arm("A", 10, 11).ok());
  EXPECT_EQ(compare(*proportion_arm("A", 10, 0), *proportion_arm("B", 10, 5), Scale::relative).error().code,
            Errc::refused);
  EXPECT_EQ(compare(*proportion_arm("A", 10, 0), *proportion_arm("B", 10, 0), Scale::absolute).error().code,
            Errc::refused);
}

/// How often the difference of two arms' shares, drawn by lot from a fixed population, is held.
double held(std::uint64_t seed, bool these, double p_control, double p_treated) {
  constexpr int kUnits = 200, kDraws = 4'000;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  // The treatment spares everybody whom it can, so the units' effects differ as little as they may.
  std::vector<int> without(kUnits), with(kUnits);
  double truth = 0;
  for (int i = 0; i < kUnits; ++i) {
    const double at = (i + 0.5) / kUnits;
    without[static_cast<std::size_t>(i)] = at < p_control;
    with[static_cast<std::size_t>(i)] = at < p_treated;
    truth += (with[static_cast<std::size_t>(i)] - without[static_cast<std::size_t>(i)]) / double{kUnits};
  }
  std::vector<std::size_t> order(kUnits);
  std::iota(order.begin(), order.end(), std::size_t{0});
  int covered = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::shuffle(order.begin(), order.end(), random);
    double hits[2] = {};
    for (std::size_t i = 0; i < kUnits; ++i) hits[i % 2] += (i % 2 == 0 ? without : with)[order[i]];
    const auto a = proportion_arm("a", kUnits / 2, hits[0]), b = proportion_arm("b", kUnits / 2, hits[1]);
    const auto e = these ? compare_these(*a, *b) : compare(*a, *b, Scale::absolute);
    covered += e->ci_low <= truth && truth <= e->ci_high;
  }
  return static_cast<double>(covered) / kDraws;
}

// The difference for these very units: Neyman's interval holds it too often where the effect is large, the
// sharp one about as often as it says.
TEST(CompareThese, HoldsTheUnitsOwnDifferenceAsOftenAsItSays) {
  constexpr std::uint64_t kSeed = 20261122;
  EXPECT_GT(held(kSeed, false, 0.6, 0.2), 0.975);
  EXPECT_NEAR(held(kSeed, true, 0.6, 0.2), 0.95, 0.015);
  EXPECT_NEAR(held(kSeed, true, 0.5, 0.48), 0.95, 0.02);
}

TEST(CompareThese, IsNeverWiderAndWantsShares) {
  const auto a = proportion_arm("a", 50, 30), b = proportion_arm("b", 70, 14);
  const auto wide = compare(*a, *b, Scale::absolute), narrow = compare_these(*a, *b);
  ASSERT_TRUE(wide.ok() && narrow.ok());
  EXPECT_EQ(wide->lift, narrow->lift);
  EXPECT_LT(narrow->se, wide->se);
  // 30/50 - 14/70 = .4, so .24 / 119 of the variance .0048 + .16 * 1 / 70 is no error.
  EXPECT_NEAR(narrow->se, std::sqrt(0.6 * 0.4 / 50 + 0.2 * 0.8 / 70 - 0.24 / 119), 1e-12);
  EXPECT_FALSE(compare_these(*a, *mean_arm("m", 10, 20, 90)).ok());
}

}  // namespace
}  // namespace rapport::study
