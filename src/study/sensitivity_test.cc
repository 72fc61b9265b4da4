#include "study/sensitivity.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "study/regression.h"

namespace rapport::study {
namespace {

// The worked example of the authors' package (sensemakr's vignette, Darfur): estimate .0973, se .02326 on 783
// degrees of freedom; a confounder like `female` explains .00916 of the treatment and .12464 of the outcome,
// and leaves .0752; the robustness value is .139.
TEST(HiddenCause, TheAuthorsExample) {
  const double bias = hidden_bias(0.02326, 783, 0.00916429, 0.1246405);
  EXPECT_NEAR(0.09732 - bias, 0.07522, 5e-5);
}

struct Made {
  CausalData data;
  double long_effect = 0;  ///< with the hidden cause among the covariates
};

/// A linear world: x1 logged, h not; both move treatment and outcome by the same strength.
Made world(std::uint64_t seed, double strength) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  constexpr Eigen::Index kRows = 4'000;
  Made made;
  made.data.x.resize(kRows, 2);
  made.data.treatment.resize(kRows);
  made.data.outcome.resize(kRows);
  made.data.names = {"logged", "noise"};
  math::Matrix full(kRows, 4);
  for (Eigen::Index i = 0; i < kRows; ++i) {
    const double x = normal(random), h = normal(random);
    const double t = 0.5 * x + strength * h + normal(random) > 0 ? 1 : 0;
    made.data.x(i, 0) = x;
    made.data.x(i, 1) = normal(random);
    made.data.treatment[i] = t;
    made.data.outcome[i] = 0.3 * t + 0.6 * x + 1.2 * strength * h + normal(random);
    full.row(i) << t, x, made.data.x(i, 1), h;
  }
  made.long_effect = fit_linear(full, made.data.outcome, {"t", "x", "n", "h"})->coefficients[1].estimate;
  return made;
}

// A hidden cause that is no stronger than the strongest logged one moves the estimate by no more than the
// bound says (within what the sample shakes); without one the bound is not needed.
TEST(HiddenCause, TheBoundHoldsForACauseAsStrongAsTheLogged) {
  for (std::uint64_t seed = 11; seed < 31; ++seed) {
    const Made made = world(seed, 0.5);
    const auto result = estimate_aipw(made.data, {.estimand = Estimand::ate});
    ASSERT_TRUE(result.ok()) << "seed " << seed;
    const auto cause = hidden_cause(made.data, *result);
    ASSERT_TRUE(cause.ok()) << "seed " << seed;
    EXPECT_EQ(cause->strongest, "logged") << "seed " << seed;
    EXPECT_GT(std::fabs(result->estimate - made.long_effect), 0.3) << "seed " << seed;
    EXPECT_LE(cause->ci_low, made.long_effect) << "seed " << seed;
    EXPECT_GE(cause->ci_high, made.long_effect) << "seed " << seed;
  }
}

// Twelve logged causes, each weak: what was not logged may be like all of them.
TEST(HiddenCause, ManyWeakCausesTogetherAreAStrongOne) {
  int single = 0, together = 0;
  for (std::uint64_t seed = 101; seed < 121; ++seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    constexpr Eigen::Index kRows = 2'000, kCauses = 12;
    CausalData data;
    data.x.resize(kRows, kCauses);
    data.treatment.resize(kRows);
    data.outcome.resize(kRows);
    for (Eigen::Index j = 0; j < kCauses; ++j) data.names.push_back(fmt::format("x{}", j));
    for (Eigen::Index i = 0; i < kRows; ++i) {
      const double h = normal(random);
      double pull = 0.5 * h, push = 0.5 * h;
      for (Eigen::Index j = 0; j < kCauses; ++j) {
        data.x(i, j) = normal(random);
        pull += 0.2 * data.x(i, j);
        push += 0.2 * data.x(i, j);
      }
      data.treatment[i] = pull + normal(random) > 0 ? 1 : 0;
      data.outcome[i] = push + normal(random);  // no effect at all
    }
    const auto result = estimate_aipw(data, {.estimand = Estimand::ate});
    ASSERT_TRUE(result.ok()) << "seed " << seed;
    const auto cause = hidden_cause(data, *result);
    ASSERT_TRUE(cause.ok()) << "seed " << seed;
    EXPECT_LT(cause->strongest_bias, cause->bias) << "seed " << seed;
    single += result->ci_low - cause->strongest_bias <= 0;
    together += cause->ci_low <= 0;
  }
  EXPECT_LE(single, 2) << "the likes of one of them do not explain what was found";
  EXPECT_EQ(together, 20);
}

// Where nothing chose, columns of noise are no cause, however many.
TEST(HiddenCause, NoiseIsNoCause) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  constexpr Eigen::Index kRows = 1'000, kColumns = 40;
  CausalData data;
  data.x.resize(kRows, kColumns);
  data.treatment.resize(kRows);
  data.outcome.resize(kRows);
  for (Eigen::Index j = 0; j < kColumns; ++j) data.names.push_back(fmt::format("x{}", j));
  for (Eigen::Index i = 0; i < kRows; ++i) {
    for (Eigen::Index j = 0; j < kColumns; ++j) data.x(i, j) = normal(random);
    data.treatment[i] = static_cast<double>(i % 2);
    data.outcome[i] = 0.5 * data.treatment[i] + normal(random);
  }
  const auto result = estimate_aipw(data, {.estimand = Estimand::ate});
  ASSERT_TRUE(result.ok());
  const auto cause = hidden_cause(data, *result);
  ASSERT_TRUE(cause.ok());
  EXPECT_TRUE(cause->stands);
  EXPECT_LT(cause->bias, 0.3 * (result->ci_high - result->ci_low));
}

TEST(HiddenCause, AStrongEffectStandsAndARobustnessValueSaysHowFirmly) {
  const Made made = world(5, 0);
  const auto result = estimate_aipw(made.data, {.estimand = Estimand::ate});
  ASSERT_TRUE(result.ok());
  CausalResult strong = *result;
  strong.estimate += 5;
  strong.ci_low += 5;
  strong.ci_high += 5;
  const auto weak = hidden_cause(made.data, *result), firm = hidden_cause(made.data, strong);
  ASSERT_TRUE(weak.ok() && firm.ok());
  EXPECT_FALSE(weak->stands);
  EXPECT_TRUE(firm->stands);
  EXPECT_GT(firm->robustness, weak->robustness);
  EXPECT_GT(weak->robustness, 0);
  EXPECT_LT(firm->robustness, 1);
}

}  // namespace
}  // namespace rapport::study
