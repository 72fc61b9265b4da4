#include "decide/assistant.h"

#include <fstream>
#include <set>
#include <sstream>

#include "text/han.h"

namespace rapport::decide {
namespace {

const Instant kNow = parse_instant("2026-11-20T04:00:00Z").value();

/// The questions and dialogues that the bench measures on: the raw strings of its file, in turn.
std::vector<std::string> written() {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/src/bench/assistant_questions.cc");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  std::vector<std::string> out;
  for (auto at = text.find("R\"("); at != std::string::npos; at = text.find("R\"(", at + 1))
    out.push_back(text.substr(at + 3, text.find(")\"", at) - at - 3));
  return out;
}

class AssistantTest : public ::testing::Test {
 protected:
  AssistantTest() {
    KnownProduct purifier;
    purifier.id = "P1";
    purifier.name = "清风空气净化器";
    purifier.name_en = "Breeze purifier";
    purifier.category = "空气净化器";
    purifier.category_en = "purifier";
    purifier.price = "1299.00";
    purifier.currency = "CNY";
    purifier.stock = 0;
    purifier.facts = {{"洁净空气量", "CADR", "400", "m3/h"}, {"噪音", "noise", "33", "dB"}};
    KnownAnswer ship;
    ship.id = "ship";
    ship.questions = {"包邮吗", "is shipping free"};
    ship.text.by = {"满 99 元包邮。", "", "Free from CNY 99."};
    ship.intent = "shipping";
    book_ = KnowledgeBook::make({ship}, {purifier}, {});
    const auto order = [&](std::string id, std::string state) {
      model::VisitorOrder one;
      one.order_id = std::move(id);
      one.state = state;
      one.placed = kNow - days(3);
      one.lines = {{"P1", 1}};
      one.nodes = {{"placed", kNow - days(3), {}}, {"signed", {}, kNow + days(1)}};
      if (state != "placed") one.nodes[1].reached = kNow - days(1);
      return one;
    };
    mine_.known = true;
    mine_.orders = {order("D-1", "signed"), order("D-2", "placed"), order("D-3", "signed")};
    facts_.book = book_.get();
    facts_.intents = &learn::IntentModel::starter();
    facts_.mine = &mine_;
    facts_.now = kNow;
    facts_.intent_least = facts_.intents->threshold(0.9);
    facts_.match_least = book_->threshold(0.9);
  }
  AssistantReply say(const std::string& text) {
    AssistantTurn turn = answer(state_, text, facts_);
    state_ = turn.state;
    return turn.reply;
  }
  std::shared_ptr<const KnowledgeBook> book_;
  model::VisitorAnswer mine_;
  AssistantFacts facts_;
  AssistantState state_;
};

TEST_F(AssistantTest, DialoguesGoTheirWay) {
  const auto texts = written();
  ASSERT_EQ(texts.size(), 2U);
  std::istringstream lines(texts[1]);
  std::string last, act;
  int turns = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line == "--") state_ = {};
    if (line.starts_with("> ")) {
      last = line.substr(2);
      act = say(last).act;
    }
    if (!line.starts_with("= ")) continue;
    EXPECT_EQ(act, line.substr(2)) << last << " (turn " << state_.turn << ", heard "
                                   << facts_.intents->understand(last).intent << " "
                                   << facts_.intents->understand(last).confidence << ")";
    ++turns;
  }
  EXPECT_GT(turns, 25);
}

TEST_F(AssistantTest, TheQuestionsMeasuredOnAreNoneOfThePhrases) {
  std::set<std::string> phrases;
  const auto form = [](std::string_view text) { return text::plain_form(text); };
  for (const auto& phrase : learn::starter_intent_phrases()) phrases.insert(form(phrase.text));
  std::istringstream lines(written()[0]);
  std::size_t questions = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::istringstream all(line.substr(colon + 2));
    for (std::string question; std::getline(all, question, '|'); ++questions)
      EXPECT_FALSE(phrases.contains(form(question))) << question;
  }
  EXPECT_GT(questions, 250U);
}

TEST_F(AssistantTest, NothingIsDoneBeforeSheConfirms) {
  EXPECT_EQ(say("我要退货，订单 D-1，尺寸不合适").action.kind, AssistantAction::Kind::none);
  const AssistantReply done = say("好的");
  EXPECT_EQ(done.action.kind, AssistantAction::Kind::request_return);
  EXPECT_EQ(done.action.order_id, "D-1");
  EXPECT_EQ(done.action.reason, "size");
  EXPECT_EQ(done.action.product_id, "P1");
  EXPECT_EQ(done.action.return_id, "R-D-1");
  mine_.returns = {{"R-D-1", "D-1", "P1", "closed", kNow, kNow, ""}};
  say("我要退货，订单 D-1，尺寸不合适");
  EXPECT_EQ(say("好的").action.return_id, "R-D-1-2") << "another return has another number";
  // A yes to nothing does nothing.
  EXPECT_EQ(say("好的").action.kind, AssistantAction::Kind::none);
}

TEST_F(AssistantTest, ACorrectionAsksAnew) {
  EXPECT_EQ(say("我要退货，订单 D-1，尺寸不合适").act, "confirm_return");
  const AssistantReply again = say("不对，是订单 D-3");
  EXPECT_EQ(again.act, "confirm_return");
  EXPECT_NE(again.text.find("D-3"), std::string::npos);
  EXPECT_EQ(say("确认").action.order_id, "D-3");
}

TEST_F(AssistantTest, ANumberThatIsNotHersIsNoOtherOrder) {
  say("订单 D-2 到哪了");
  EXPECT_EQ(say("取消 D-99").act, "not_yours");
  EXPECT_EQ(say("是").action.kind, AssistantAction::Kind::none);
  EXPECT_EQ(say("取消订单 D-2").act, "confirm_cancel");
  EXPECT_EQ(say("不是，取消 O-999").action.kind, AssistantAction::Kind::none);
  EXPECT_EQ(say("是").action.kind, AssistantAction::Kind::none) << "what was asked before is dropped";
}

TEST_F(AssistantTest, WhatIsNotHersIsNotTold) {
  mine_ = {};
  const AssistantReply reply = say("订单 D-1 到哪了");
  EXPECT_EQ(reply.text.find("signed"), std::string::npos);
  EXPECT_EQ(reply.act, "no_orders");
}

TEST_F(AssistantTest, ItIsTheProductSpokenOf) {
  EXPECT_NE(say("清风空气净化器吵吗").text.find("33 dB"), std::string::npos);
  const AssistantReply reply = say("它有现货吗");
  EXPECT_EQ(reply.act, "product");
  EXPECT_NE(reply.text.find("没有货"), std::string::npos) << reply.text;
  EXPECT_NE(say("CADR 是什么意思").text.find("28–48 平方米"), std::string::npos);
}

TEST_F(AssistantTest, ReplyInTheWordsLanguageAndScript) {
  EXPECT_NE(say("包郵嗎").text.find("滿 99 元包郵"), std::string::npos);
  EXPECT_EQ(say("is shipping free").text, "Free from CNY 99.");
  EXPECT_NE(say("CADR 400 是多大").text.find("净化"), std::string::npos);
}

TEST_F(AssistantTest, WhatIsAskedWhileAConfirmationWaitsIsAnsweredAndTheTaskGoesOn) {
  for (const char* asked :
       {"空气净化器多少钱", "清风空氣淨化器多少錢", "how much is the purifier", "包邮吗"}) {
    state_ = {};
    EXPECT_EQ(say("我要退货，订单 D-1，尺寸不合适").act, "confirm_return");
    const AssistantReply reply = say(asked);
    const bool price = std::string_view(asked) != "包邮吗";
    EXPECT_NE(reply.text.find(price ? "1299.00" : "99 元"), std::string::npos) << asked << reply.text;
    EXPECT_NE(reply.text.find("D-1"), std::string::npos) << reply.text;
    EXPECT_EQ(state_.task, "return_wanted");
    EXPECT_EQ(say("好的").action.kind, AssistantAction::Kind::request_return) << asked;
  }
  // What nothing answers brings the confirmation again, and no task is lost.
  state_ = {};
  say("我要退货，订单 D-1，尺寸不合适");
  EXPECT_EQ(say("asdf qwer").act, "confirm_return");
  EXPECT_EQ(say("好的").action.kind, AssistantAction::Kind::request_return);
}

TEST_F(AssistantTest, AQuestionIsNoComplaint) {
  for (const char* text : {"你们卖什么", "你們賣什麼", "what do you sell"}) {
    state_ = {};
    EXPECT_NE(say(text).action.kind, AssistantAction::Kind::hand_over) << text;
  }
  for (const char* text : {"我要投诉", "怎么投诉", "客服态度恶劣", "你们怎么做生意的", "什么破店", "太過分了",
                           "this is the worst service ever, I want to file a complaint"}) {
    state_ = {};
    EXPECT_EQ(say(text).action.kind, AssistantAction::Kind::hand_over) << text;
  }
}

TEST_F(AssistantTest, AskingForAPersonHandsOverHoweverSureItHasToBe) {
  facts_.intent_least = 1.001;
  facts_.match_least = 2;
  for (const char* text :
       {"转人工", "轉人工", "人工客服", "transfer me to a person", "can I talk to a human?"}) {
    state_ = {};
    EXPECT_EQ(say(text).act, "hand_over") << text;
  }
  state_ = {};
  EXPECT_EQ(say("我的订单到哪了").act, "offer_person");
  // A raise is of its intent alone.
  facts_.intent_least = facts_.intents->threshold(0.9);
  facts_.raised = {{"order_state", 1.001}};
  EXPECT_EQ(say("我的订单到哪了").act, "offer_person");
  EXPECT_EQ(say("我想退货").act, "ask_order");
}

TEST_F(AssistantTest, NobodyIsLeftWithoutAWay) {
  const AssistantReply first = say("量子波动速读怎么报名");
  EXPECT_TRUE(first.abstained);
  EXPECT_EQ(first.act, "offer_person");
  const AssistantReply second = say("好的");
  EXPECT_EQ(second.act, "hand_over");
  EXPECT_EQ(second.action.kind, AssistantAction::Kind::hand_over);
  EXPECT_TRUE(state_.handed_over);
}

TEST_F(AssistantTest, AnythingAtAllIsAnswered) {
  const std::string kSaid[] = {"",   "😀😀😀", "{0} {1}", std::string(100'000, 'a'), "\xff\xfe", "订单",
                               "#",  "好的",   "不",      "12345678901234567890",    "我要退货", "取消",
                               "退", "P1"};
  for (const std::string& first : kSaid) {
    for (const std::string& second : kSaid) {
      state_ = {};
      EXPECT_FALSE(say(first).text.empty());
      EXPECT_FALSE(say(second).text.empty()) << first.substr(0, 20) << " / " << second.substr(0, 20);
    }
  }
}

TEST_F(AssistantTest, WhatIsHeardByRuleIsRightWhereTheModelIsNot) {
  BookableService install;
  install.id = "S-install";
  install.name.by = {"上门安装", "", "Installation"};
  facts_.bookable = {install};
  std::istringstream lines(written()[0]);
  std::string line;
  std::size_t asked = 0, mended = 0;
  while (std::getline(lines, line)) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string intent = line.substr(0, colon);
    std::istringstream all(line.substr(colon + 2));
    for (std::string text; std::getline(all, text, '|');) {
      ++asked;
      const std::string_view model = facts_.intents->understand(text).intent;
      const AssistantTurn turn = answer({}, text, facts_);
      if (turn.reply.intent != model) {
        EXPECT_EQ(turn.reply.intent, intent) << text;
        ++mended;
      }
      // Nothing but a wish for a service begins an appointment.
      if (intent != "service") {
        EXPECT_NE(turn.state.task, "book") << text;
        EXPECT_NE(turn.state.task, "move_booking") << text;
      }
    }
  }
  EXPECT_EQ(asked, 264U);
  RecordProperty("mended", static_cast<int>(mended));
}

}  // namespace
}  // namespace rapport::decide
