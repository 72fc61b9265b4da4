#include "learn/boosted_trees.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace rapport::learn {
namespace {

struct Sample {
  std::vector<float> cells, outcome;
  FeatureRows rows() const { return {cells, 3}; }
};

/// An outcome that no straight line tells: likely where exactly one of the first two features is high. The
/// third is noise.
Sample crossed(std::uint64_t seed, std::size_t n) {
  Random random(seed);
  Sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = random.uniform(), b = random.uniform();
    for (const double value : {a, b, random.uniform()}) sample.cells.push_back(static_cast<float>(value));
    sample.outcome.push_back(random.chance((a > 0.5) != (b > 0.5) ? 0.8 : 0.2) ? 1.0F : 0.0F);
  }
  return sample;
}

TEST(BoostedTrees, FindWhatNoStraightLineTells) {
  const Sample learnt = crossed(1, 4'000), later = crossed(2, 2'000);
  const auto trees = BoostedTrees::train(learnt.rows(), learnt.outcome);
  ASSERT_TRUE(trees.ok()) << trees.error().describe();
  const auto odds = trees->log_odds(later.rows());
  ASSERT_TRUE(odds.ok());
  std::size_t right = 0;
  for (std::size_t i = 0; i < later.outcome.size(); ++i) right += ((*odds)[i] > 0) == (later.outcome[i] == 1);
  EXPECT_GT(right, 1'500U) << "four in five are the most that can be known";
  // Fewer rounds are another, weaker model.
  const auto first = trees->log_odds(later.rows(), 1);
  ASSERT_TRUE(first.ok());
  EXPECT_LT(std::abs((*first)[0]), 0.5);
}

TEST(BoostedTrees, ContributionsAddUpAndNoiseAddsLittle) {
  const Sample learnt = crossed(3, 4'000);
  const auto trees = BoostedTrees::train(learnt.rows(), learnt.outcome);
  ASSERT_TRUE(trees.ok());
  const auto odds = trees->log_odds(learnt.rows());
  const auto parts = trees->contributions(learnt.rows());
  ASSERT_TRUE(odds.ok() && parts.ok());
  ASSERT_EQ(parts->size(), odds->size() * 4);
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < odds->size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 4; ++k) sum += (*parts)[i * 4 + k];
    ASSERT_NEAR(sum, (*odds)[i], 1e-4);
    signal += std::abs((*parts)[i * 4]);
    noise += std::abs((*parts)[i * 4 + 2]);
  }
  EXPECT_GT(signal, 4 * noise);
}

TEST(BoostedTrees, TheSameRowsGiveTheSameTrees) {
  const Sample sample = crossed(4, 1'000);
  const auto one = BoostedTrees::train(sample.rows(), sample.outcome);
  const auto two = BoostedTrees::train(sample.rows(), sample.outcome);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(*one->log_odds(sample.rows()), *two->log_odds(sample.rows()));
}

TEST(BoostedTrees, WhatIsNotKnownFindsItsWay) {
  Sample sample = crossed(5, 1'000);
  for (std::size_t i = 0; i < sample.cells.size(); i += 7)
    sample.cells[i] = std::numeric_limits<float>::quiet_NaN();
  const auto trees = BoostedTrees::train(sample.rows(), sample.outcome);
  ASSERT_TRUE(trees.ok());
  const auto all = trees->log_odds(sample.rows());
  ASSERT_TRUE(all.ok());
  for (const double odds : *all) ASSERT_TRUE(std::isfinite(odds));
}

TEST(BoostedTrees, RefusesWhatDoesNotFit) {
  Sample sample = crossed(6, 100);
  const auto trees = BoostedTrees::train(sample.rows(), sample.outcome, {.rounds = 2});
  ASSERT_TRUE(trees.ok());
  EXPECT_EQ(trees->log_odds({sample.cells, 2}).error().code, Errc::bad_input);
  EXPECT_EQ(trees->log_odds(sample.rows(), 3).error().code, Errc::bad_input);
  EXPECT_EQ(BoostedTrees::train(sample.rows(), sample.outcome, {.rounds = 0}).error().code, Errc::bad_input);
  sample.outcome[5] = 0.5F;
  EXPECT_EQ(BoostedTrees::train(sample.rows(), sample.outcome).error().code, Errc::bad_input);
  sample.outcome.pop_back();
  EXPECT_EQ(BoostedTrees::train(sample.rows(), sample.outcome).error().code, Errc::bad_input);
}

}  // namespace
}  // namespace rapport::learn
