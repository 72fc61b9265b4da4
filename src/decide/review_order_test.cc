#include "decide/review_order.h"

#include <gtest/gtest.h>

namespace rapport::decide {
namespace {

std::int64_t score(const ReviewFacts& facts, Instant now) {
  std::int64_t sum = 0;
  for (const ReviewReason& reason : review_reasons(facts, now)) sum += reason.points;
  return sum;
}

TEST(ReviewOrder, EachThingCountsAsDocumented) {
  const Instant now = instant_from_civil({2026, 11, 22, 0, 0, 0, 0});
  ReviewFacts facts{.posted = now - days(400)};
  EXPECT_TRUE(review_reasons(facts, now).empty());
  facts.has_media = facts.verified = true;
  EXPECT_EQ(score(facts, now), 55);
  facts.followed_up = facts.posted + days(29);
  EXPECT_EQ(score(facts, now), 65) << "too early to have used it";
  facts.followed_up = facts.posted + days(30);
  EXPECT_EQ(score(facts, now), 80);
  facts.aspects = 9;
  EXPECT_EQ(score(facts, now), 95) << "three count";
  facts.characters = 60;
  EXPECT_EQ(score(facts, now), 100);
  facts.characters = 100'000;
  EXPECT_EQ(score(facts, now), 105);
  facts.posted = now - days(30);
  facts.followed_up = now;
  EXPECT_EQ(score(facts, now), 125);
}

TEST(ReviewOrder, TheNewerOfTwoAlikeIsNeverLower) {
  const Instant now = instant_from_civil({2026, 11, 22, 0, 0, 0, 0});
  std::int64_t before = 1'000;
  for (int age = 0; age < 800; ++age) {
    const std::int64_t at = score({.posted = now - days(age)}, now);
    EXPECT_LE(at, before) << age;
    before = at;
  }
}

}  // namespace
}  // namespace rapport::decide
