#include <gtest/gtest.h>

#include "engine/detail/return_policy.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_returns.h"

// Story 3: the size is wrong; a photograph, decided at once or by a person, picked up, looked at, paid, told.
namespace rapport::engine {
namespace {

constexpr const char* kBrowser = "visitor-0123456789abcdef";
const std::string kPhoto(64, 'a'), kOtherPhoto(64, 'b');

class ReturnsTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    order("O1", kBrowser);
    order("O2", kBrowser);
    order("O3", "somebody-else-0123456789");
  }
  void order(const std::string& id, const std::string& browser) {
    const auto event = [&](const std::string& name, const std::string& message, const std::string& properties) {
      return R"({"type":"track","anonymousId":")" + browser + R"(","event":")" + name + R"(","messageId":")" + message +
             R"(","properties":)" + properties + "}";
    };
    const auto sent = send(
        event("Order Completed", "o-" + id,
              R"({"order_id":")" + id +
                  R"(","total":"299.00","currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":"299.00"}]})") +
        "," + event("Shipment Updated", "s-" + id, R"({"order_id":")" + id + R"(","node":"signed"})"));
    ASSERT_TRUE(sent.ok());
    // Whoever asks next finds it folded.
    ReturnsQuery query;
    query.after_offset = sent->offset;
    ASSERT_TRUE(wait<std::string>([&](auto reply) { returns(*engine_, shop_, query, reply); }).ok());
  }
  Result<std::string> ask(const std::string& body, std::optional<std::string> browser = std::nullopt) {
    return wait<std::string>([&](auto reply) { request_return(*engine_, shop_, {body, browser}, reply); });
  }
  Result<std::string> update(const std::string& id, const std::string& body) {
    return wait<std::string>([&](auto reply) { update_return(*engine_, shop_, id, body, "li", reply); });
  }
  std::string show(const std::string& id, std::optional<EventSeq> after = std::nullopt) {
    const auto answer = wait<std::string>([&](auto reply) { return_one(*engine_, shop_, id, after, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : "";
  }
  void publish(const std::string& policy) {
    const auto published =
        wait<std::string>([&](auto reply) { publish_return_policy(*engine_, shop_, policy, reply); });
    ASSERT_TRUE(published.ok()) << published.error().describe();
  }
  static std::string id_of(const std::string& answer) {
    const auto at = answer.find(R"("return_id":")") + 13;
    return answer.substr(at, answer.find('"', at) - at);
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(ReturnsTest, ByPhotoDecidedAtOncePickedUpPaidAndTold) {
  publish(R"({"days":7,"rules":[{"reasons":["size"],"value_most":"300.00","photos":1,"then":"approve"}]})");
  const auto asked = ask(R"({"order_id":"O1","product_id":"P1","reason":"size","photos":[")" + kPhoto + R"("]})", kBrowser);
  ASSERT_TRUE(asked.ok()) << asked.error().describe();
  EXPECT_TRUE(has(*asked, R"("state":"approved","decided_by":"rule")")) << *asked;
  const std::string id = id_of(*asked);
  for (const char* state : {"pickup_booked", "picked_up", "inspected", "refunding"}) {
    const auto moved = update(id, std::string(R"({"state":")") + state + R"("})");
    ASSERT_TRUE(moved.ok()) << moved.error().describe();
  }
  const auto above = update(id, R"({"state":"refunded","amount":"299.01"})");
  EXPECT_EQ(above.error().code, Errc::conflict) << "a refund above the order";
  EXPECT_EQ(above.error().expected, "at most 299.00 CNY");
  EXPECT_EQ(update(id, R"({"state":"refunded"})").error().where, "amount");
  ASSERT_TRUE(update(id, R"({"state":"refunded","amount":"299.00"})").ok());
  EXPECT_EQ(update(id, R"({"state":"refunded","amount":"1.00"})").error().code, Errc::conflict) << "twice";
  const std::string shown = show(id);
  EXPECT_TRUE(has(shown, R"("state":"refunded")")) << shown;
  EXPECT_TRUE(has(shown, R"("refunded_so_far":"299.00")")) << shown;
  EXPECT_FALSE(has(shown, R"("answer":"impossible")")) << shown;
  const auto visitor = wait<model::VisitorAnswer>(
      [&](auto reply) { engine_->shop_visitor(shop_, {kBrowser, ""}, std::nullopt, reply); });
  ASSERT_TRUE(visitor.ok());
  ASSERT_EQ(visitor->returns.size(), 1U);
  EXPECT_EQ(visitor->returns[0].state, "refunded");
  ASSERT_EQ(visitor->messages.size(), 1U) << "she is told that it was paid";
  EXPECT_EQ(visitor->messages[0].return_id, id);
}

TEST_F(ReturnsTest, WhatNoRuleFitsWaitsForAPerson) {
  EXPECT_TRUE(has(*ask(R"({"order_id":"O1","reason":"quality"})", kBrowser), R"("decided_by":"person")"));
  publish(R"({"days":7,"rules":[{"reasons":["size"],"photos":1,"then":"approve"}]})");
  // The photograph of another return decides nothing by itself.
  const auto first = ask(R"({"order_id":"O2","product_id":"P1","reason":"size","photos":[")" + kPhoto + R"("]})", kBrowser);
  EXPECT_TRUE(has(*first, R"("decided_by":"rule")")) << *first;
  order("O4", kBrowser);
  const auto again = ask(R"({"order_id":"O4","reason":"size","photos":[")" + kPhoto + R"("]})", kBrowser);
  EXPECT_TRUE(has(*again, "a photo came with an earlier return")) << *again;
  const auto list = wait<std::string>([&](auto reply) { returns(*engine_, shop_, {}, reply); });
  EXPECT_TRUE(has(*list, R"("matching":2)")) << *list;
  EXPECT_TRUE(has(*list, R"("due_at":"20)")) << "the clock of two hours runs: " << *list;
}

TEST_F(ReturnsTest, OnlyHerOwnAndOnlyOnce) {
  EXPECT_EQ(ask(R"({"order_id":"O3","reason":"size"})", kBrowser).error().code, Errc::not_found);
  EXPECT_EQ(ask(R"({"order_id":"none","reason":"size"})").error().code, Errc::not_found);
  EXPECT_EQ(ask(R"({"order_id":"O1"})", kBrowser).error().where, "reason");
  EXPECT_EQ(ask(R"({"order_id":"O1","reason":"size","photos":["x"]})", kBrowser).error().where, "photos");
  ASSERT_TRUE(ask(R"({"order_id":"O1","reason":"size"})", kBrowser).ok());
  EXPECT_EQ(ask(R"({"order_id":"O1","reason":"size"})", kBrowser).error().code, Errc::conflict);
  EXPECT_TRUE(ask(R"({"order_id":"O3","reason":"size"})").ok()) << "an agent asks for whom she likes";
}

TEST_F(ReturnsTest, OutOfOrderRepeatedAndImpossibleUpdatesAreAnsweredAndNothingIsLost) {
  const std::string id = id_of(*ask(R"({"order_id":"O1","reason":"size"})", kBrowser));
  ASSERT_TRUE(update(id, R"({"state":"rejected","reason":"worn"})").ok());
  const auto paid = update(id, R"({"state":"refunded","amount":"10.00"})");
  EXPECT_EQ(paid.error().code, Errc::conflict);
  EXPECT_EQ(paid.error().expected, "under_review, closed");
  EXPECT_EQ(update(id, R"({"state":"lost"})").error().where, "state");
  EXPECT_EQ(update("R-none", R"({"state":"approved"})").error().code, Errc::not_found);
  // The same by events, which nobody can refuse any more: kept, shown with its answer, and it changes nothing.
  const auto sent = send(R"({"type":"track","anonymousId":")" + std::string(kBrowser) +
                         R"(","event":"Return Updated","messageId":"late","properties":{"return_id":")" + id +
                         R"(","state":"refunding"}})");
  ASSERT_TRUE(sent.ok());
  const std::string shown = show(id, sent->offset);
  EXPECT_TRUE(has(shown, R"("state":"refunding","answer":"impossible")")) << shown;
  EXPECT_TRUE(has(shown, R"("reason":"size","state":"rejected")")) << shown;
}

TEST(ReturnPolicy, DecidesByTheFirstRuleThatFits) {
  const Currency cny{{'C', 'N', 'Y'}};
  const auto policy = ReturnPolicy::parse(
      R"({"days":7,"rules":[{"reasons":["changed_mind"],"then":"reject"},{"value_most":"100.00","then":"approve"}]})", cny);
  ASSERT_TRUE(policy.ok()) << policy.error().describe();
  ReturnFacts facts{.reason = "size", .value_minor = 10'000, .since_signed = days(3)};
  EXPECT_EQ(decide_return(*policy, facts).approve, true);
  facts.value_minor = 10'001;
  EXPECT_EQ(decide_return(*policy, facts).approve, std::nullopt);
  facts.reason = "changed_mind";
  EXPECT_EQ(decide_return(*policy, facts).approve, false);
  facts.since_signed = days(8);
  EXPECT_EQ(decide_return(*policy, facts).approve, std::nullopt);
  facts.since_signed.reset();
  EXPECT_EQ(decide_return(*policy, facts).approve, std::nullopt) << "not signed for";
  EXPECT_EQ(ReturnPolicy::parse(R"({"days":7})", cny).error().where, "rules");
  EXPECT_EQ(ReturnPolicy::parse(R"({"days":-1,"rules":[]})", cny).error().where, "days");
  EXPECT_EQ(ReturnPolicy::parse(R"({"days":7,"rules":[{"then":"maybe"}]})", cny).error().where, "rules[0].then");
}

}  // namespace
}  // namespace rapport::engine
