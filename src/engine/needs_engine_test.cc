#include <gtest/gtest.h>

#include <chrono>

#include "engine/detail/test_engine.h"
#include "engine/engine_models.h"
#include "engine/engine_needs.h"
#include "engine/engine_recommend.h"

// Needs predicted by a shop's models, as events that become tags and move what is offered.
namespace rapport::engine {
namespace {

class Needs : public EngineTest {
 protected:
  static std::string ago(int days) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return format_instant(Instant{now.count() - days * std::int64_t{86'400'000}});
  }
  static std::string order(const std::string& user, int days_ago,
                           std::initializer_list<const char*> products) {
    static int number = 0;
    std::string lines;
    for (const char* product : products)
      lines += (lines.empty() ? "" : ",") +
               fmt::format(R"({{"product_id":"{}","quantity":1,"price":10}})", product);
    ++number;
    return fmt::format(
        R"({{"type":"track","userId":"{0}","event":"Order Completed","messageId":"n{1}","timestamp":"{2}",)"
        R"("properties":{{"order_id":"N{1}","total":20,"currency":"CNY","products":[{3}]}}}})",
        user, number, ago(days_ago), lines);
  }
  /// Who buys a machine buys a grinder beside it in four orders of five.
  void SetUp() override {
    EngineTest::SetUp();
    std::string messages;
    const auto add = [&](const std::string& message) { messages += (messages.empty() ? "" : ",") + message; };
    for (const auto& [id, category] : {std::pair{"machine", "coffee machines"},
                                       {"grinder", "coffee set"},
                                       {"tea", "tea"},
                                       {"rug", "textile"}})
      add(fmt::format(R"({{"type":"track","event":"Product Published","messageId":"p-{0}","properties":)"
                      R"({{"product_id":"{0}","name":"{0}","category":"{1}","price":10}}}})",
                      id, category));
    add(R"({"type":"track","event":"Coupon Published","messageId":"c1","properties":{"coupon_id":"C-any","title":"Any"}})");
    add(R"({"type":"track","event":"Coupon Published","messageId":"c2","properties":{"coupon_id":"C-set",)"
        R"("title":"For your coffee","goes_with":"coffee set"}})");
    for (int c = 0; c < 40; ++c) {
      const std::string user = fmt::format("u{}", c);
      add(c % 2 == 1    ? order(user, 90, {"tea", "rug"})
          : c % 10 == 0 ? order(user, 90, {"machine"})
                        : order(user, 90, {"machine", "grinder"}));
    }
    for (const char* user : {"ada", "bob"}) add(order(user, 3, {"machine"}));
    add(track("bob", "Consent Updated", "no",
              R"({"purpose":"personalisation","channel":"app","granted":false})"));
    ASSERT_TRUE(send(messages).ok());
  }
  std::string train() {
    const auto answer = wait<std::string>([&](auto reply) { train_models(*engine_, shop_, "{}", reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : "";
  }
  std::vector<std::string> needs_of(const std::string& user) {
    std::vector<std::string> needs;
    const auto answer = customer(user);
    EXPECT_TRUE(answer.ok());
    if (!answer.ok()) return needs;
    for (const model::TagAnswer& tag : answer->need) needs.push_back(tag.value);
    return needs;
  }
  std::size_t due() {
    const auto answer = wait<std::size_t>([&](auto reply) { predict_due_needs(*engine_, shop_, reply); });
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? *answer : 0;
  }
};

TEST_F(Needs, AreTagsOfWhoeverWasActiveAndAgreed) {
  EXPECT_EQ(due(), 0U) << "without models nothing is predicted";
  const std::string trained = train();
  EXPECT_NE(trained.find(R"("needs_predicted":1)"), std::string::npos) << trained;
  EXPECT_EQ(needs_of("ada"), std::vector<std::string>{"coffee set"});
  EXPECT_TRUE(needs_of("bob").empty()) << "personalisation is denied";
  EXPECT_TRUE(needs_of("u10").empty()) << "not active for 30 days";
  EXPECT_NE(train().find(R"("needs_predicted":0)"), std::string::npos) << "what holds is not told again";
  EXPECT_EQ(due(), 0U) << "not twice a day";
  ExplainQuery why;
  why.customer.ref = "ada";
  why.tag = "need";
  const auto told = wait<model::ExplainAnswer>([&](auto reply) { engine_->explain(shop_, why, reply); });
  ASSERT_TRUE(told.ok()) << told.error().describe();
  ASSERT_EQ(told->steps.size(), 1U);
  EXPECT_TRUE(told->steps[0].value.starts_with("\"coffee set\": rule: of ")) << told->steps[0].value;
}

TEST_F(Needs, TriggerTheOfferThatMeetsThem) {
  train();
  const auto published = wait<std::string>([&](auto reply) {
    publish_scene(*engine_, shop_, "home",
                  R"({"trigger":"true","holdout":0,"explore":0,"policy":"fixed","lanes":[)"
                  R"({"lane":"offers","share":100,"source":"offers","kinds":["coupon"]}]})",
                  {}, reply);
  });
  ASSERT_TRUE(published.ok()) << published.error().describe();
  RecommendQuery query;
  query.customer = "ada";
  query.scene = "home";
  query.count = 2;
  query.after = EventSeq{std::strtoull(published->c_str() + published->find("\"offset\":") + 9, nullptr, 10)};
  const auto answer = wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, query, reply); });
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_EQ(answer->items.size(), 2U);
  EXPECT_EQ(answer->items[0].id, "C-set");
  EXPECT_EQ(answer->items[0].reasons[0].kind, "need");
  EXPECT_TRUE(answer->items[0].reasons[0].evidence.starts_with("need: coffee set"))
      << answer->items[0].reasons[0].evidence;
  query.customer = "bob";
  const auto other = wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, query, reply); });
  ASSERT_TRUE(other.ok());
  for (const RecommendedItem& item : other->items) EXPECT_NE(item.reasons[0].kind, "need");
}

}  // namespace
}  // namespace rapport::engine
