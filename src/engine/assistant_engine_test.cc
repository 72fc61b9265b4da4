#include <set>
#include <thread>

#include "engine/detail/test_assistant.h"
#include "engine/engine_care.h"
#include "engine/engine_feedback.h"
#include "engine/engine_knowledge.h"

namespace rapport::engine {
namespace {

TEST_F(AssistantEngineTest, AReturnIsRequestedOnceSheSaysYesAlsoAfterARestart) {
  fill();
  const std::string contact = member(say("我要退货，订单 D-1", "ask_reason"), "contact_id");
  EXPECT_TRUE(logged("Return Requested").empty());
  reopen();
  say("尺寸不合适", "confirm_return", contact);
  AssistantAsk yes = turn("好的", contact);
  yes.message_id = "yes-1";
  const auto first = asked(yes);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(member(*first, "act"), "do_return");
  EXPECT_EQ(*asked(yes), *first);
  reopen();
  EXPECT_EQ(member(*asked(yes), "act"), "do_return");
  const auto requested = logged("Return Requested");
  ASSERT_EQ(requested.size(), 1U);
  EXPECT_NE(requested[0].properties_json.find("D-1"), std::string::npos);
  EXPECT_NE(requested[0].properties_json.find("size"), std::string::npos);
  say("退货进度", "return_progress", contact);
  EXPECT_EQ(logged("Contact Started").size(), 0U);
}

TEST_F(AssistantEngineTest, HandOverOpensOneTicketWithAWholePacketAndStartsTheClock) {
  fill();
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  const std::string contact = member(say("订单 D-2 到哪了", "order_state"), "contact_id");
  const std::string handed = say("转人工，我的电话 13912345678", "hand_over", contact);
  const std::string ticket = member(handed, "ticket_id");
  EXPECT_TRUE(ticket.starts_with("fb-"));
  say("转人工", "hand_over", contact);
  const auto tickets = logged("Ticket Opened");
  ASSERT_EQ(tickets.size(), 1U);
  const std::string& packet = tickets[0].personal_json;
  for (const char* part :
       {R"("packet":)", R"("wanted":"order_state")", R"("order_id":"D-2")", R"("phone":"+8613912345678")",
        R"("tried":["order_state","hand_over"])", R"("urgency":"normal")", R"("turns":2)"})
    EXPECT_NE(packet.find(part), std::string::npos) << part << packet;
  // Neither the number nor what was said lies open.
  EXPECT_EQ(tickets[0].properties_json.find("139"), std::string::npos);
  ASSERT_EQ(logged("Contact Started").size(), 1U);
  const auto one = wait<std::string>([&](auto reply) {
    engine::ticket(*engine_, shop_, {ticket, true, {}}, reply);
  });
  ASSERT_TRUE(one.ok());
  EXPECT_NE(one->find(R"("located")"), std::string::npos) << *one;
}

TEST_F(AssistantEngineTest, NobodyElsesThingsAndConversations) {
  fill();
  const std::string contact = member(say("你好", "greeting"), "contact_id");
  const auto foreign = asked(turn("订单 D-1 到哪了", "", kEve));
  ASSERT_TRUE(foreign.ok());
  EXPECT_EQ(member(*foreign, "act"), "no_orders");
  EXPECT_EQ(foreign->find("2026-10"), std::string::npos);
  EXPECT_EQ(asked(turn("你好", contact, kEve)).error().code, Errc::not_found);
  EXPECT_EQ(asked(turn("你好", "A-no-such")).error().code, Errc::not_found);
  reopen();
  EXPECT_EQ(asked(turn("你好", contact, kEve)).error().code, Errc::not_found);
  const auto talk = wait<std::string>(
      [&](auto reply) { assistant_transcript(*engine_, shop_, turn("x", "", kEve).who, contact, reply); });
  EXPECT_EQ(talk.error().code, Errc::not_found);
  const auto hers = wait<std::string>(
      [&](auto reply) { assistant_transcript(*engine_, shop_, turn("x").who, contact, reply); });
  ASSERT_TRUE(hers.ok());
  EXPECT_NE(hers->find(R"("text":"你好")"), std::string::npos);
}

TEST_F(AssistantEngineTest, ADryRunWritesNothing) {
  fill();
  const std::size_t before = logged("Message Posted").size();
  AssistantAsk ask = turn("取消订单 D-2");
  ask.dry_run = true;
  const auto answer = asked(ask);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(member(*answer, "act"), "confirm_cancel");
  ask.contact_id = member(*answer, "contact_id");
  ask.text = "确认";
  EXPECT_EQ(member(*asked(ask), "act"), "do_cancel");
  EXPECT_EQ(logged("Message Posted").size(), before);
  EXPECT_TRUE(logged("Order Cancelled").empty());
}

TEST_F(AssistantEngineTest, BadInputIsAnsweredClearly) {
  EXPECT_EQ(asked(turn("")).error().code, Errc::bad_input);
  EXPECT_EQ(asked(turn(" \n　")).error().code, Errc::bad_input);
  EXPECT_EQ(asked(turn(std::string(1 << 20, 'a'))).error().code, Errc::too_large);
  EXPECT_TRUE(asked(turn("😀😀😀")).ok());
  EXPECT_TRUE(asked(turn("我要return訂單退货please 😀")).ok());
}

TEST_F(AssistantEngineTest, KnowledgeIsSaidFoundAndHeldAgainstTheProduct) {
  fill();
  EXPECT_EQ(publish("noise", R"({"questions":[],"answer":{"zh-Hans":"x"}})").error().code, Errc::bad_input);
  EXPECT_EQ(publish("noise", R"({"questions":["吵吗"],"answer":{"fr":"x"}})").error().code, Errc::bad_input);
  EXPECT_EQ(publish("noise", R"({"questions":["吵吗"],"answer":{"en":"x"},"intent":"weather"})").error().code,
            Errc::bad_input);
  const auto wrong = publish(
      "noise",
      R"({"questions":["晚上开着会吵醒人吗"],"answer":{"zh-Hans":"噪音只有 20 分贝。"},"product_id":"P1"})");
  ASSERT_TRUE(wrong.ok()) << wrong.error().describe();
  EXPECT_NE(wrong->find(R"("contradictions":1)"), std::string::npos);
  const auto listed =
      wait<std::string>([&](auto reply) { knowledge_contradictions(*engine_, shop_, {}, reply); });
  EXPECT_NE(listed->find(R"("stated":"20 分贝","against":"33 dB")"), std::string::npos) << *listed;
  const auto right = publish(
      "noise",
      R"({"questions":["晚上开着会吵醒人吗"],"answer":{"zh-Hans":"噪音 33 分贝，像耳语。"},"product_id":"P1"})");
  EXPECT_NE(right->find(R"("contradictions":0)"), std::string::npos);
  const std::string said = say("晚上开着会吵醒人吗？", "knowledge");
  EXPECT_NE(said.find("像耳语"), std::string::npos);
  const auto found = wait<std::string>([&](auto reply) {
    shop_answers(*engine_, shop_, {"晚上開著會吵醒人嗎", "P1", "zh-Hant", 5}, reply);
  });
  EXPECT_NE(found->find("像耳語"), std::string::npos) << *found;
  // A draft is nobody's but the keeper's.
  ASSERT_TRUE(
      publish("noise", R"({"questions":["晚上开着会吵醒人吗"],"answer":{"zh-Hans":"改"},"draft":true})")
          .ok());
  const auto none = wait<std::string>([&](auto reply) {
    shop_answers(*engine_, shop_, {"晚上开着会吵醒人吗", "", "", 5}, reply);
  });
  EXPECT_EQ(none->find("noise"), std::string::npos);
  const auto all = wait<std::string>([&](auto reply) {
    knowledge(*engine_, shop_, {"", "draft", 10, {}}, reply);
  });
  EXPECT_NE(all->find(R"("id":"noise","state":"draft")"), std::string::npos);
}

TEST_F(AssistantEngineTest, TheCardCountsWhatBecameOfItAndGathersWhatWasNotUnderstood) {
  fill();
  for (const char* text : {"量子波动速读怎么报名", "量子波动速读怎么报名呀", "量子波动速读 怎么报名啊"}) {
    const std::string contact = member(say(text, "offer_person"), "contact_id");
    say("转人工", "hand_over", contact);
  }
  const std::string contact = member(say("订单 D-1 到哪了", "order_state"), "contact_id");
  say("谢谢", "thanks", contact);
  const auto card = wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, true, {}, reply); });
  ASSERT_TRUE(card.ok());
  for (const char* part : {R"("conversations":4)", R"("turns":8)", R"("abstained":3)", R"("handed_over":3)",
                           R"("helped":1)", R"("unhelped":0)", R"("count":3)"})
    EXPECT_NE(card->find(part), std::string::npos) << part << *card;
  const auto masked =
      wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, false, {}, reply); });
  EXPECT_EQ(masked->find("量子"), std::string::npos);
}

TEST_F(AssistantEngineTest, SwitchedOffItSaysSo) {
  fill();
  const auto set = [&](const std::string& body) {
    return wait<std::string>([&](auto reply) { publish_assistant(*engine_, shop_, body, reply); });
  };
  EXPECT_EQ(set(R"({"precision":2})").error().code, Errc::bad_input);
  ASSERT_TRUE(set(R"({"on":false})").ok());
  EXPECT_EQ(asked(turn("你好")).error().code, Errc::refused);
  ASSERT_TRUE(set(R"({"on":true,"precision":0.95})").ok());
  EXPECT_TRUE(asked(turn("你好")).ok());
}

TEST_F(AssistantEngineTest, WhatIsSaidToItIsNoFeedbackUnlessItIsAPlainComplaint) {
  fill();
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  const auto heard = [&](std::size_t least) {
    std::vector<model::TimelineEntry> found;
    for (int i = 0; i < 12'000; ++i) {
      const auto list = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, {}, reply); });
      found = logged("Feedback Classified");
      if (list->find(R"("behind":0})") != std::string::npos && found.size() >= least) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found.size();
  };
  // Requests, order numbers, answers to what it asked, a yes, thanks.
  const std::string contact = member(say("我想退货，订单 D-1", "ask_reason"), "contact_id");
  say("质量太差了，用两天就坏了", "confirm_return", contact);
  say("确认", "do_return", contact);
  say("订单 D-2 到哪了", "order_state", contact);
  say("谢谢", "thanks", contact);
  EXPECT_EQ(heard(0), 0U);
  EXPECT_TRUE(logged("Ticket Opened").empty());
  // Her conversation ended well: nothing of hers is unsolved.
  CustomerQuery query;
  query.ref = std::string("anonymous_id:") + kAnna;
  const auto customer =
      wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); });
  ASSERT_TRUE(customer.ok()) << customer.error().describe();
  for (const auto& problem : customer->open_problems) EXPECT_EQ(problem.kind, "return") << problem.id;
  // A plain complaint is heard, by whomever it was said to.
  ASSERT_TRUE(asked(turn("物流太慢了，等了十天还没到，非常失望", contact)).ok());
  EXPECT_EQ(heard(1), 1U);
  EXPECT_EQ(logged("Ticket Opened").size(), 1U);
}

TEST_F(AssistantEngineTest, AfterTheHandOverWhatSheWritesIsForPeople) {
  fill();
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  const std::string contact = member(say("订单 D-2 到哪了", "order_state"), "contact_id");
  const std::string ticket = member(say("转人工", "hand_over", contact), "ticket_id");
  const auto is_noted = [&](std::size_t at) {
    const auto said = logged("Message Posted");
    return said.at(at).personal_json.find(R"("led":true)") != std::string::npos;
  };
  EXPECT_TRUE(is_noted(0));
  EXPECT_TRUE(is_noted(2)) << "the wish for a person is said to it";
  ASSERT_TRUE(asked(turn("还在吗", contact)).ok());
  EXPECT_FALSE(is_noted(4)) << "a person has it";
  // Solved, it is nobody's open problem, though nobody ended the conversation.
  const auto sent = send(own(kAnna, "Ticket Updated", "u1", "2026-11-20T00:00:00Z",
                             R"({"ticket_id":")" + ticket + R"(","state":"located"})"));
  ASSERT_TRUE(sent.ok());
  const auto solved = send(R"({"type":"track","anonymousId":")" + std::string(kAnna) +
                           R"(","event":"Ticket Updated","messageId":"u2","properties":{"ticket_id":")" +
                           ticket + R"(","state":"solved"}})");
  ASSERT_TRUE(solved.ok());
  CustomerQuery query;
  query.ref = std::string("anonymous_id:") + kAnna;
  query.after_offset = solved->offset;
  const auto customer =
      wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); });
  ASSERT_TRUE(customer.ok());
  EXPECT_TRUE(customer->open_problems.empty()) << customer->open_problems.front().kind;
}

TEST_F(AssistantEngineTest, AnAnswerThatAPersonMarksAsWrongCountsOnceWhateverSheSaidNext) {
  fill();
  const std::string contact = member(say("订单 D-1 到哪了", "order_state"), "contact_id");
  say("谢谢", "thanks", contact);
  say("我的订单到哪了", "order_state", contact);
  const auto card = [&] {
    return *wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, false, {}, reply); });
  };
  EXPECT_NE(card().find(R"("helped":1,"unhelped":0,"marked_wrong":0)"), std::string::npos) << card();
  const auto mark = [&](EventSeq seq) {
    return wait<std::string>([&](auto reply) { mark_answer(*engine_, shop_, {seq, "user:1"}, reply); });
  };
  const auto said = logged("Message Posted");
  ASSERT_EQ(said.size(), 6U);
  EXPECT_EQ(mark(said[0].seq).error().code, Errc::not_found) << "hers is none";
  EXPECT_EQ(mark(EventSeq{9'999}).error().code, Errc::not_found);
  ASSERT_TRUE(mark(said[1].seq).ok()) << mark(said[1].seq).error().describe();
  ASSERT_TRUE(mark(said[1].seq).ok());
  EXPECT_NE(card().find(R"("helped":0,"unhelped":1,"marked_wrong":1)"), std::string::npos) << card();
  // One that nothing followed yet.
  ASSERT_TRUE(mark(said[5].seq).ok());
  say("谢谢", "thanks", contact);
  EXPECT_NE(card().find(R"("helped":0,"unhelped":2,"marked_wrong":2)"), std::string::npos) << card();
  const std::string told = card();
  reopen();
  EXPECT_EQ(card(), told) << "made again out of the log it is the same";
  EXPECT_EQ(logged("Feedback Corrected").size(), 2U);
}

TEST_F(AssistantEngineTest, AMarkTakenBackLeavesTheAnswerAsIfItHadNeverBeenMarked) {
  fill();
  const auto card = [&] {
    return *wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, false, {}, reply); });
  };
  const auto mark = [&](EventSeq seq, bool wrong) {
    const auto got = wait<std::string>([&](auto reply) {
      mark_answer(*engine_, shop_, {seq, "user:1", wrong}, reply);
    });
    ASSERT_TRUE(got.ok()) << got.error().describe();
    EXPECT_NE(got->find(wrong ? R"("marked":true)" : R"("marked":false)"), std::string::npos) << *got;
  };
  const std::string contact = member(say("订单 D-1 到哪了", "order_state"), "contact_id");
  const EventSeq first = logged("Message Posted")[1].seq;
  // Marked before she said anything more, taken back after it: what she said counts.
  mark(first, true);
  EXPECT_NE(card().find(R"("helped":0,"unhelped":1,"marked_wrong":1)"), std::string::npos) << card();
  say("谢谢", "thanks", contact);
  EXPECT_NE(card().find(R"("helped":0,"unhelped":1,"marked_wrong":1)"), std::string::npos) << card();
  mark(first, false);
  mark(first, false);
  EXPECT_NE(card().find(R"("helped":1,"unhelped":0,"marked_wrong":0)"), std::string::npos) << card();
  // Marked anew it counts anew, and once.
  mark(first, true);
  mark(first, true);
  EXPECT_NE(card().find(R"("helped":0,"unhelped":1,"marked_wrong":1)"), std::string::npos) << card();
  mark(first, false);
  EXPECT_EQ(logged("Feedback Corrected").size(), 4U);
  // Taken back before anything followed: nothing is known of it, until something does.
  say("我的订单到哪了", "order_state", contact);
  const EventSeq second = logged("Message Posted")[5].seq;
  mark(second, true);
  mark(second, false);
  EXPECT_NE(card().find(R"("helped":1,"unhelped":0,"marked_wrong":0)"), std::string::npos) << card();
  say("谢谢", "thanks", contact);
  EXPECT_NE(card().find(R"("helped":2,"unhelped":0,"marked_wrong":0)"), std::string::npos) << card();
  const std::string told = card();
  reopen();
  EXPECT_EQ(card(), told) << "made again out of the log it is the same";
  // What was never marked is taken back without a word.
  mark(second, false);
  EXPECT_EQ(logged("Feedback Corrected").size(), 6U);
}

}  // namespace
}  // namespace rapport::engine
