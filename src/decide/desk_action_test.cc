#include "decide/desk_action.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rapport::decide {
namespace {

const Currency kCny{{'C', 'N', 'Y'}};

DeskPolicy policy() {
  DeskPolicy policy;
  policy.currency = kCny;
  policy.limits = {{"agent", DeskActionKind::refund, 5'000, 50'000},
                   {"owner", DeskActionKind::refund, 50'000, 500'000},
                   {"agent", DeskActionKind::coupon, 1'000, 3'000}};
  policy.coupons_customer_month = 5'000;
  policy.coupons_agent_month = 50'000;
  policy.approvers = {"owner"};
  return policy;
}

TEST(DeskAction, NoRowOfRefundsEverPaysMoreThanTheOrder) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    DeskFacts facts;
    facts.now = instant_from_civil({2026, 11, 22, 0, 0, 0, 0});
    facts.placed = facts.now - days(3);
    facts.order_currency = kCny;
    facts.total = random.between(0, 100'000);
    for (int i = 0; i < 50; ++i) {
      DeskRequest request;
      if (random.chance(0.8)) request.amount = random.between(-10, 60'000);
      const auto verdict = judge(policy(), {"li", random.chance(0.5) ? "agent" : "owner"}, request, facts);
      if (!verdict.ok()) continue;
      ASSERT_GT(verdict->amount, 0);
      ASSERT_EQ(verdict->after, verdict->before - verdict->amount);
      // One that waits is let through or refused later on.
      if (verdict->second_person && random.chance(0.5)) {
        facts.waiting += verdict->amount;
      } else {
        facts.refunded += verdict->amount;
      }
      ASSERT_LE(facts.refunded + facts.waiting, facts.total);
    }
  }
}

TEST(DeskAction, LimitsAtTheirEdges) {
  DeskFacts facts;
  facts.now = instant_from_civil({2026, 11, 22, 0, 0, 0, 0});
  facts.placed = facts.now - days(180);
  facts.order_currency = kCny;
  facts.total = 100'000;
  const auto refund = [&](std::int64_t amount) {
    return judge(policy(), {"li", "agent"}, {DeskActionKind::refund, amount, {}}, facts);
  };
  EXPECT_FALSE(refund(5'000)->second_person);
  EXPECT_TRUE(refund(5'001)->second_person);
  EXPECT_TRUE(refund(50'000).ok());
  EXPECT_EQ(refund(50'001).error().code, Errc::refused);
  facts.placed = facts.placed - milliseconds(1);
  EXPECT_EQ(refund(1).error().code, Errc::refused) << "older than 180 days";
  facts.placed = facts.now;
  facts.order_currency = Currency{{'U', 'S', 'D'}};
  EXPECT_EQ(refund(1).error().code, Errc::refused) << "no limit holds for dollars";
  EXPECT_EQ(judge(policy(), {"li", "viewer"}, {DeskActionKind::refund, 1, {}}, facts).error().code,
            Errc::forbidden);
}

TEST(DeskAction, SmallStepsComeToNothing) {
  DeskFacts facts;
  facts.now = facts.placed = instant_from_civil({2026, 11, 22, 0, 0, 0, 0});
  facts.order_currency = kCny;
  facts.total = 100'000;
  facts.refunded = 3'000;
  const auto refund = [&](std::int64_t amount) {
    return judge(policy(), {"li", "agent"}, {DeskActionKind::refund, amount, {}}, facts)->second_person;
  };
  EXPECT_FALSE(refund(2'000));
  EXPECT_TRUE(refund(2'001)) << "30 of this order were paid back before";
  facts.refunded = 60'000;
  EXPECT_TRUE(refund(1));
}

TEST(DeskAction, WhoPaysBackForGoods) {
  const auto may = [](const char* role, std::int64_t amount, std::int64_t before,
                      const char* currency = "CNY") {
    return may_pay_return(policy(), {"li", role}, amount, before, *Currency::parse(currency));
  };
  EXPECT_TRUE(may("agent", 5'000, 0).ok());
  EXPECT_EQ(may("agent", 5'001, 0).error().code, Errc::forbidden);
  EXPECT_TRUE(may("agent", 2'000, 3'000).ok());
  EXPECT_FALSE(may("agent", 2'001, 3'000).ok());
  EXPECT_FALSE(may("agent", 1, 0, "USD").ok()) << "its limits are in yuan";
  EXPECT_TRUE(may("owner", 9'000'000, 0, "USD").ok()) << "who lets through pays what the order holds";
  EXPECT_EQ(may("logistics", 1, 0).error().expected, "somebody whose role lets through: owner");
}

TEST(DeskAction, OnePersonUnderTwoSpellings) {
  EXPECT_TRUE(is_same_person("li", " Li"));
  EXPECT_TRUE(is_same_person("王 芳", "王\xe3\x80\x80芳"));
  EXPECT_TRUE(is_same_person("li", "l\xe2\x80\x8bi"));
  for (const char* other :
       {"l\xe2\x80\x83i", "l\xe2\x80\xafi", "li\xe2\x81\xa0", "\xef\xbb\xbfli", "l\xc2\xadi", "Ｌｉ", "Ⅼi"})
    EXPECT_TRUE(is_same_person("li", other)) << other;
  EXPECT_FALSE(is_same_person("li", "lin"));
  EXPECT_FALSE(may_approve(policy(), {"LI ", "owner"}, "li", DeskActionKind::refund, 1).ok());
}

TEST(DeskAction, WhoLetsThrough) {
  const auto may = [](const char* name, const char* role, std::int64_t amount) {
    return may_approve(policy(), {name, role}, "li", DeskActionKind::refund, amount).ok();
  };
  EXPECT_TRUE(may("boss", "owner", 500'000));
  EXPECT_FALSE(may("boss", "owner", 500'001));
  EXPECT_FALSE(may("li", "owner", 1)) << "who asked is no second person";
  EXPECT_FALSE(may("wu", "agent", 1));
}

}  // namespace
}  // namespace rapport::decide
