#include "decide/own_precision.h"

#include <vector>

#include "base/random.h"

namespace rapport::decide {
namespace {

using Standing = OwnPrecision::Standing;

std::vector<JudgedAnswer> some(std::int32_t confidence, int right, int wrong) {
  std::vector<JudgedAnswer> out;
  for (int i = 0; i < right + wrong; ++i) out.push_back({confidence, i < right});
  return out;
}

TEST(OwnPrecision, WithoutOutcomesTheShippedFigureHolds) {
  const OwnPrecision none = own_precision(0.6, 0.85, {}, kIntentMost);
  EXPECT_EQ(none.least, 0.6);
  EXPECT_EQ(none.standing, Standing::too_few);
  // However badly it went: 29 are too few.
  const OwnPrecision bad = own_precision(0.6, 0.85, some(700, 0, 29), kIntentMost);
  EXPECT_EQ(bad.least, 0.6);
  EXPECT_EQ(bad.standing, Standing::too_few);
}

TEST(OwnPrecision, WhatIsRefutedIsNotSaidAnyMore) {
  auto answers = some(650, 10, 40);
  const auto good = some(900, 95, 5);
  answers.insert(answers.end(), good.begin(), good.end());
  const OwnPrecision own = own_precision(0.6, 0.85, answers, kIntentMost);
  EXPECT_TRUE(own.raised);
  EXPECT_DOUBLE_EQ(own.least, 0.9);
  EXPECT_EQ(own.judged, 100U);
  EXPECT_EQ(own.standing, Standing::kept);
  EXPECT_GE(own.low, 0.85);
}

TEST(OwnPrecision, WhatFailsThroughoutIsAskedToBeAsSureAsMayBeAndNoSurer) {
  auto answers = some(990, 10, 60);
  const auto guesses = some(700, 5, 40);
  answers.insert(answers.end(), guesses.begin(), guesses.end());
  const OwnPrecision own = own_precision(0.6, 0.85, answers, kIntentMost);
  EXPECT_TRUE(own.raised);
  EXPECT_DOUBLE_EQ(own.least, kIntentMost) << "the surest are still said, so that outcomes come";
  EXPECT_EQ(own.judged, 70U);
  EXPECT_EQ(own.standing, Standing::refuted);
  EXPECT_EQ(own.shipped_judged, 115U);
  EXPECT_EQ(own.shipped_right, 15U);
  // None at all are that sure.
  const OwnPrecision low = own_precision(0.6, 0.85, some(700, 0, 60), kIntentMost);
  EXPECT_DOUBLE_EQ(low.least, kIntentMost);
  EXPECT_EQ(low.judged, 0U);
  EXPECT_EQ(low.standing, Standing::too_few);
  // Nor is it lowered where the shop itself wants more than that.
  const OwnPrecision strict = own_precision(0.992, 0.99, some(999, 10, 60), kIntentMost);
  EXPECT_DOUBLE_EQ(strict.least, 0.992);
  EXPECT_FALSE(strict.raised);
}

TEST(OwnPrecision, NewOutcomesTakeTheRaiseBack) {
  auto answers = some(990, 0, 40);
  EXPECT_EQ(own_precision(0.6, 0.85, answers, kIntentMost).least, kIntentMost);
  const auto better = some(980, 400, 10);
  answers.insert(answers.end(), better.begin(), better.end());
  EXPECT_EQ(own_precision(0.6, 0.85, answers, kIntentMost).least, 0.6);
}

TEST(OwnPrecision, AnIntentIsRaisedByItsOwnOutcomesOnly) {
  std::vector<JudgedAnswer> answers;
  for (int i = 0; i < 60; ++i) answers.push_back({800, false, "order_state"});
  for (int i = 0; i < 60; ++i) answers.push_back({700, i % 20 != 0, "coupon"});
  for (int i = 0; i < 29; ++i) answers.push_back({700, false, "invoice"});
  const auto own = own_by_intent(0.6, 0.85, answers);
  ASSERT_EQ(own.size(), 3U);
  EXPECT_TRUE(own.at("order_state").raised);
  EXPECT_DOUBLE_EQ(own.at("order_state").least, kIntentMost);
  EXPECT_DOUBLE_EQ(own.at("coupon").least, 0.6);
  EXPECT_EQ(own.at("coupon").standing, Standing::kept);
  EXPECT_FALSE(own.at("invoice").raised) << "29 are too few";
}

TEST(OwnPrecision, ItNeverGoesBelowWhatIsShipped) {
  const OwnPrecision own = own_precision(0.6, 0.85, some(500, 1'000, 0), kIntentMost);
  EXPECT_EQ(own.least, 0.6);
  EXPECT_EQ(own.judged, 0U);
}

TEST(OwnPrecision, TheBoundsAreThoseOfWilsonsPaper) {
  const OwnPrecision own = own_precision(0.5, 0.85, some(900, 81, 19), kIntentMost);
  // By hand: p = 0.81, z = 1.6449, n = 100: (0.823528 -+ 0.065932) / 1.027057.
  EXPECT_NEAR(own.low, 0.73764, 1e-5);
  EXPECT_NEAR(own.high, 0.86603, 1e-5);
  EXPECT_EQ(own.standing, Standing::untold);
}

TEST(OwnPrecision, TheOrderOfAnswersDoesNotMatterAndAShopThatKeepsItIsSeldomRaised) {
  Random random(20261123);
  int raised = 0;
  constexpr int kShops = 400;
  for (int shop = 0; shop < kShops; ++shop) {
    std::vector<JudgedAnswer> answers;
    for (int i = 0; i < 300; ++i)
      answers.push_back({static_cast<std::int32_t>(600 + random.below(400)), random.below(1'000) < 900});
    const OwnPrecision own = own_precision(0.6, 0.85, answers, kIntentMost);
    raised += own.raised ? 1 : 0;
    for (std::size_t i = answers.size(); i > 1; --i) std::swap(answers[i - 1], answers[random.below(i)]);
    const OwnPrecision again = own_precision(0.6, 0.85, answers, kIntentMost);
    EXPECT_EQ(own.least, again.least);
    EXPECT_EQ(own.judged, again.judged);
  }
  // At 90 % right, 85 wanted, a false alarm is rarer than its one-sided 5 %.
  EXPECT_LT(raised, kShops / 20);
}

}  // namespace
}  // namespace rapport::decide
