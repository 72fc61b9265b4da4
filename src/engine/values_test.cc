#include "engine/detail/test_engine.h"

namespace rapport::engine {
namespace {

class ValuesTest : public EngineTest {
 protected:
  Result<ValueAnswer> publish(ValueRequest request) {
    return wait<ValueAnswer>([&](auto reply) { engine_->publish_value(shop_, std::move(request), reply); });
  }
  /// c_1, c_2, ... in the segment, once everybody was reached.
  std::uint64_t members(const std::string& name, std::uint64_t expected) {
    std::uint64_t total = 0;
    for (int i = 0; i < 500; ++i) {
      const auto page = wait<model::SegmentPage>(
          [&](auto reply) { engine_->segment_members(shop_, name, "", 100, reply); });
      total = page.ok() ? page->total : 0;
      if (total == expected) return total;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return total;
  }
};

TEST_F(ValuesTest, TheTopTenthByOrderValueIsHighValueFromTheSeqAtWhichItIsPublished) {
  EXPECT_EQ(publish({.name = "order_value_p90", .order_value_per_mille = 900}).error().code, Errc::conflict)
      << "too few orders to speak of a quantile";
  std::string messages;
  for (int n = 1; n <= 40; ++n) {
    messages +=
        (n > 1 ? "," : "") +
        track("u" + std::to_string(n), "Order Completed", "m" + std::to_string(n),
              fmt::format(R"({{"order_id":"O{}","total":{}.50,"currency":"CNY","products":[]}})", n, n * 10));
  }
  const auto sent = send(messages);
  ASSERT_EQ(sent->accepted, 40U);
  ASSERT_TRUE(customer("u40", sent->offset).ok());
  const auto rule = wait<EventSeq>([&](auto reply) {
    engine_->publish_rule(shop_, "high_value",
                          "mean(Purchase.total) >= published order_value_p90 CNY in 365d", reply);
  });
  ASSERT_TRUE(rule.ok()) << rule.error().describe();
  EXPECT_EQ(members("high_value", 0), 0U) << "undetermined until the value is known";

  const auto value = publish({.name = "order_value_p90", .order_value_per_mille = 900});
  ASSERT_TRUE(value.ok()) << value.error().describe();
  EXPECT_EQ(value->number, "360.50") << "nearest rank: the 36th of 40";
  EXPECT_EQ(value->currency, "CNY");
  EXPECT_EQ(value->orders, 40U);
  EXPECT_EQ(members("high_value", 5), 5U) << "u36 to u40";
  // As it was believed before the value's record, and after a restart.
  const auto before = customer("u40", {}, EventSeq{value->offset.value - 1});
  ASSERT_TRUE(before.ok()) << before.error().describe();
  EXPECT_TRUE(before->segments.empty());
  ASSERT_EQ(customer("u40")->segments.size(), 1U);
  reopen();
  EXPECT_EQ(members("high_value", 5), 5U);
  ASSERT_TRUE(publish({.name = "order_value_p90", .number = "400.50", .currency = "CNY"}).ok());
  EXPECT_EQ(members("high_value", 1), 1U);
  expect_one_state(13, 2, 1'000);
}

TEST_F(ValuesTest, WhatOthersDidFirstCountsInThePastOfOneWhoDidNot) {
  const auto rule = wait<EventSeq>([&](auto reply) {
    engine_->publish_rule(
        shop_, "quiet",
        "no Ticket Opened for 9d undetermined if no facts of Ticket Opened in the shop (\"none\")", reply);
  });
  ASSERT_TRUE(rule.ok()) << rule.error().describe();
  const auto ada = send(track("ada", "Product Liked", "m1", R"({"product_id":"P1"})"));
  const auto bob = send(track("bob", "Ticket Opened", "m2", R"({"ticket_id":"T1","class":"product"})"));
  EXPECT_EQ(members("quiet", 1), 1U) << "the sweep brought ada out of undetermined";
  const auto then = customer("ada", {}, ada->offset);
  ASSERT_TRUE(then.ok()) << then.error().describe();
  EXPECT_TRUE(then->segments.empty());
  const auto after = customer("ada", {}, bob->offset);
  ASSERT_TRUE(after.ok());
  ASSERT_EQ(after->segments.size(), 1U);
  EXPECT_EQ(after->segments.front().name, "quiet");
}

TEST_F(ValuesTest, WhatIsNoValueIsRefusedAtTheDoor) {
  EXPECT_EQ(publish({.name = "Top Ten", .number = "1"}).error().where, "name");
  EXPECT_EQ(publish({.name = "season", .number = "1.5"}).error().where, "value");
  EXPECT_EQ(publish({.name = "season", .number = "\"1\""}).error().where, "value");
  EXPECT_EQ(publish({.name = "season", .number = "1", .currency = "yuan"}).error().code, Errc::bad_input);
  EXPECT_EQ(publish({.name = "p90", .order_value_per_mille = 1'001}).error().code, Errc::bad_input);
  EXPECT_TRUE(publish({.name = "season", .number = "1"}).ok());
  EXPECT_TRUE(publish({.name = "rating", .number = "4.5", .thousandths = true}).ok());
}

}  // namespace
}  // namespace rapport::engine
