// What becomes of the assistant's answers, and what feedback makes of what is said to it.

#include <thread>

#include "engine/detail/assistant_desk.h"
#include "engine/detail/test_assistant.h"
#include "engine/engine_feedback.h"

namespace rapport::engine {
namespace {

/// What feedback told of, once everything is heard and at least so much of it is told.
class AssistantHeard : public AssistantEngineTest {
 protected:
  void listen() {
    ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  }
  std::size_t heard(std::size_t least) {
    std::size_t found = 0;
    for (int i = 0; i < 12'000; ++i) {
      const auto list = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, {}, reply); });
      found = logged("Feedback Classified").size();
      if (list->find(R"("behind":0})") != std::string::npos && found >= least) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
  }
};

TEST_F(AssistantHeard, RequestsMattersAndAnswersAreNoComplaintsAlsoAfterTheHandOver) {
  fill();
  listen();
  int i = 0;
  for (const char* text : {"转人工",
                           "轉人工",
                           "人工客服",
                           "噪音多大",
                           "噪音有多大",
                           "是",
                           "保修",
                           "退货进度",
                           "退款到账时间",
                           "發票",
                           "运费多少",
                           "優惠券",
                           "电池续航",
                           "预约空调清洗",
                           "物流信息",
                           "我要退貨",
                           "你们卖什么",
                           "where is my order",
                           "noise level",
                           "shipping cost",
                           "warranty",
                           "price of the purifier",
                           "transfer me to a person",
                           "yes"})
    ASSERT_TRUE(asked(turn(text, "", fmt::format("asker-browser-{:010}", i++))).ok()) << text;
  const std::string contact = member(say("转人工", "hand_over"), "contact_id");
  for (const char* text : {"转人工", "噪音多大", "是", "好的", "保修"})
    ASSERT_TRUE(asked(turn(text, contact)).ok()) << text;
  EXPECT_EQ(heard(0), 0U);
}

TEST_F(AssistantHeard, ComplaintsSaidToItCount) {
  fill();
  listen();
  const std::vector<std::string> said = {"质量太差了，用两天就坏了",
                                         "物流太慢了，等了十天",
                                         "快递员态度恶劣",
                                         "退款一直不到账",
                                         "你们发错货了",
                                         "包裝破了，東西都漏出來了",
                                         "太貴了，不值這個價",
                                         "客服一直不理人，態度太差了",
                                         "收到的杯子碎了",
                                         "屏幕有裂纹",
                                         "it arrived broken",
                                         "the delivery was late and nobody answered",
                                         "It stopped working after two days",
                                         "the courier was rude",
                                         "I still have not got my refund"};
  for (std::size_t i = 0; i < said.size(); ++i)
    ASSERT_TRUE(asked(turn(said[i], "", fmt::format("unhappy-browser-{:010}", i))).ok()) << said[i];
  EXPECT_EQ(heard(said.size()), said.size());
  // After the hand-over, too.
  const std::string contact = member(say("转人工", "hand_over"), "contact_id");
  ASSERT_TRUE(asked(turn("你们发错货了，质量太差了", contact)).ok());
  EXPECT_EQ(heard(said.size() + 1), said.size() + 1);
}

/// Visitors whom nobody knows, one after the other.
std::string stranger(int i) {
  return fmt::format("stranger-browser-{:08}", i);
}

class AssistantOutcomes : public AssistantEngineTest {
 protected:
  std::string card() {
    const auto told =
        wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, false, {}, reply); });
    EXPECT_TRUE(told.ok());
    return told.ok() ? *told : std::string();
  }
  std::string act(const std::string& text, const std::string& visitor, std::string& contact) {
    const auto answer = asked(turn(text, contact, visitor));
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    if (!answer.ok()) return {};
    contact = member(*answer, "contact_id");
    return member(*answer, "act");
  }
  void order_of(const std::string& visitor, int i) {
    const auto sent =
        send(own(visitor, "Order Completed", fmt::format("so{}", i), "2026-10-05T00:00:00Z",
                 fmt::format(R"({{"order_id":"E-{}","total":"9.00","currency":"CNY",)"
                             R"("products":[{{"product_id":"P1","quantity":1,"price":"9.00"}}]}})",
                             i)));
    ASSERT_TRUE(sent.ok() && sent->rejected == 0);
    ASSERT_TRUE(wait<std::string>([&](auto reply) { engine_->everyday(shop_, sent->offset, reply); }).ok());
  }
  /// Her order is told, and she asks for a person at once.
  void is_unhelped(const std::string& visitor) {
    std::string contact;
    EXPECT_EQ(act("我的订单到哪了", visitor, contact), "order_state");
    EXPECT_EQ(act("转人工", visitor, contact), "hand_over");
  }
};

TEST_F(AssistantOutcomes, StrangersWhoHaveNothingToShowAndAskForAPersonSilenceNobody) {
  fill();
  for (int i = 0; i < 40; ++i) {
    std::string contact;
    EXPECT_EQ(act("你好", stranger(i), contact), "greeting");
    EXPECT_EQ(act("我的订单到哪了", stranger(i), contact), "no_orders");
    EXPECT_EQ(act("转人工", stranger(i), contact), "hand_over");
  }
  reopen();
  const std::string told = card();
  EXPECT_NE(told.find(R"("raised":[])"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("unhelped":0)"), std::string::npos) << told;
  say("我的订单到哪了", "order_state");
  say("你好", "greeting");
  say("转人工", "hand_over");
}

TEST_F(AssistantOutcomes, ARaiseIsOfOneIntentTellsWhyAndTheSurestIsStillSaid) {
  fill();
  for (int i = 0; i < 32; ++i) {
    order_of(stranger(i), i);
    is_unhelped(stranger(i));
  }
  reopen();
  const std::string told = card();
  EXPECT_NE(told.find(R"("raised":[{"intent":"order_state","least_confidence":0.95,"raised":true)"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find(R"("shipped_judged":32,"shipped_right":0})"), std::string::npos) << told;
  say("我的订单到哪了", "order_state");
  say("我想退货", "ask_reason");
  say("转人工", "hand_over");
}

TEST_F(AssistantOutcomes, OneVisitorCountsOnceADayForAnIntentAndAgentsMarksCountFully) {
  fill();
  order_of(stranger(1), 1);
  for (int i = 0; i < 35; ++i) is_unhelped(stranger(1));
  // Two, where midnight fell in between.
  const std::string told = card();
  EXPECT_TRUE(told.find(R"("judged":1,"right":0)") != std::string::npos ||
              told.find(R"("judged":2,"right":0)") != std::string::npos)
      << told;
  EXPECT_NE(told.find(R"("raised":[])"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("unhelped":35)"), std::string::npos) << "what became of them is still counted";
  int marked = 0;
  for (const auto& said : logged("Message Posted")) {
    if (said.personal_json.find(R"("act":"order_state")") == std::string::npos) continue;
    ASSERT_TRUE(wait<std::string>([&](auto reply) {
                  mark_answer(*engine_, shop_, {said.seq, "user:1"}, reply);
                }).ok());
    ++marked;
  }
  ASSERT_EQ(marked, 35);
  EXPECT_NE(card().find(R"("intent":"order_state","least_confidence":0.95)"), std::string::npos) << card();
}

TEST_F(AssistantOutcomes, OutcomesOfLongAgoAreForgotten) {
  struct SetClock final : Clock {
    Instant now() override { return at; }
    Instant at = parse_instant("2026-11-20T04:00:00Z").value();
  } set;
  clock_ = &set;
  reopen();
  fill();
  for (int i = 0; i < 32; ++i) {
    order_of(stranger(i), i);
    is_unhelped(stranger(i));
  }
  EXPECT_NE(card().find(R"("intent":"order_state","least_confidence":0.95)"), std::string::npos) << card();
  set.at = set.at + AssistantDesk::kRemembered + days(1);
  reopen();
  EXPECT_NE(card().find(R"("raised":[])"), std::string::npos) << card();
  engine_.reset();
}

}  // namespace
}  // namespace rapport::engine
