#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "codec/json_index.h"
#include "engine/detail/case_links.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_desk.h"
#include "engine/engine_feedback.h"
#include "engine/engine_team.h"

// What customers see of their cases, what they are told of what they said, and in which order reviews stand.
namespace rapport::engine {
namespace {

class CasesTest : public EngineTest {
 protected:
  EventSeq tell(const std::string& who, const std::string& event, const std::string& id,
                const std::string& properties) {
    const auto answer = send(track(who, event, id, properties));
    EXPECT_TRUE(answer.ok() && answer->rejected == 0) << properties;
    return answer.ok() ? answer->offset : EventSeq{};
  }
  void heard() {
    for (int tries = 0; tries < 6'000; ++tries) {
      const auto list = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, {}, reply); });
      ASSERT_TRUE(list.ok());
      if (list->find(R"("behind":0)") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "not heard";
  }
  Result<std::string> link(const std::string& ticket) {
    return wait<std::string>([&](auto reply) { case_link(*engine_, shop_, ticket, reply); });
  }
  Result<std::string> record(const std::string& token) {
    return wait<std::string>([&](auto reply) { case_record(*engine_, token, reply); });
  }
  static std::string member(const std::string& json, std::string_view name) {
    codec::JsonIndex index;
    EXPECT_TRUE(index.parse(json).ok()) << json;
    const codec::JsonValue value = index.root().find(name);
    if (!value.present()) return "";
    return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
  }
};

TEST_F(CasesTest, SheSeesHerCaseAndNothingInternal) {
  tell("ada", "Contact Started", "c", R"({"contact_id":"K1","channel":"chat"})");
  tell("ada", "Message Posted", "m1", R"({"contact_id":"K1","from":"customer","text":"where is my parcel"})");
  tell("ada", "Ticket Opened", "t", R"({"ticket_id":"T1","class":"logistics","contact_id":"K1"})");
  tell("ada", "Ticket Assigned", "a", R"({"ticket_id":"T1","agent":"agent-7","reason":"least load"})");
  tell("ada", "Message Posted", "m2",
       R"({"contact_id":"K1","from":"agent","agent":"agent-7","text":"it comes today"})");
  tell("ada", "Message Posted", "m3", R"({"contact_id":"K2","from":"customer","text":"another matter"})");
  tell("ada", "Ticket Updated", "u",
       R"({"ticket_id":"T1","state":"solved","agent":"agent-7","reason":"internal: a difficult one"})");
  const auto made = link("T1");
  ASSERT_TRUE(made.ok()) << made.error().describe();
  const auto seen = record(member(*made, "token"));
  ASSERT_TRUE(seen.ok()) << seen.error().describe();
  EXPECT_EQ(member(*seen, "state"), "solved");
  EXPECT_EQ(member(*seen, "department"), "logistics");
  for (const char* part : {"where is my parcel", "it comes today", R"("from":"you")", R"("from":"shop")",
                           R"("promise":"closed")", R"("kept":true)"})
    EXPECT_NE(seen->find(part), std::string::npos) << part << " " << *seen;
  for (const char* part : {"agent-7", "least load", "difficult", "another matter"})
    EXPECT_EQ(seen->find(part), std::string::npos) << part << " " << *seen;
  // Each step stands in the ledger, with a receipt that opens.
  std::size_t receipts = 0;
  for (std::size_t at = seen->find(R"("token":)"); at != std::string::npos;
       at = seen->find(R"("token":)", at + 1))
    ++receipts;
  EXPECT_EQ(receipts, 2U) << *seen;
}

TEST_F(CasesTest, WhatALinkedBrowserWroteIsNotHers) {
  tell("ada", "Contact Started", "c", R"({"contact_id":"K1","channel":"chat"})");
  tell("ada", "Ticket Opened", "t", R"({"ticket_id":"T1","class":"logistics","contact_id":"K1"})");
  const auto sent = send_from_page(
      {R"({"type":"identify","anonymousId":"somebody","userId":"ada","messageId":"i","traits":{}})",
       R"({"type":"track","anonymousId":"somebody","event":"Message Posted","messageId":"p1",)"
       R"("properties":{"contact_id":"K1","from":"customer","text":"never mind, keep it"}})",
       track("ada", "Message Posted", "p2", R"({"contact_id":"K1","from":"customer","text":"I do mind"})")});
  ASSERT_TRUE(sent.ok()) << sent.error().describe();
  const auto made = link("T1");
  ASSERT_TRUE(made.ok()) << made.error().describe();
  const auto seen = record(member(*made, "token"));
  ASSERT_TRUE(seen.ok()) << seen.error().describe();
  EXPECT_NE(seen->find(R"("from":"page","text":"never mind, keep it")"), std::string::npos) << *seen;
  EXPECT_NE(seen->find(R"("from":"you","text":"I do mind")"), std::string::npos) << *seen;
}

TEST_F(CasesTest, NoTokenButOurs) {
  tell("ada", "Ticket Opened", "t", R"({"ticket_id":"T1","class":"logistics"})");
  const auto made = link("T1");
  ASSERT_TRUE(made.ok());
  std::string token = member(*made, "token");
  ASSERT_TRUE(record(token).ok());
  for (const std::string& other :
       {std::string(), std::string("x"), std::string("1."), token + "A", token.substr(0, token.size() - 1),
        "2" + token.substr(1), "999" + token.substr(1)})
    EXPECT_EQ(record(other).error().code, Errc::not_found) << other;
  for (std::size_t i = 2; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(record(changed).ok()) << i;
  }
  reopen();
  EXPECT_TRUE(record(token).ok()) << "the link outlives the process";
}

TEST_F(CasesTest, WhoSaidItHearsWhatWasDoneOnce) {
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  for (const char* who : {"a", "b", "c", "d"}) {
    const std::string user(who);
    ASSERT_TRUE(send(R"({"type":"identify","userId":")" + user + R"(","anonymousId":"browser-of-)" + user +
                     R"(","messageId":"i)" + user + R"("})")
                    .ok());
  }
  // Praise and blame alike; d speaks of something else.
  tell("a", "Review Posted", "ra",
       R"({"review_id":"VA","product_id":"P1","rating":1,"text":"电池太差了，半天就没电"})");
  tell("b", "Review Posted", "rb",
       R"({"review_id":"VB","product_id":"P1","rating":5,"text":"电池很好，用一整天"})");
  tell("c", "Review Posted", "rc",
       R"({"review_id":"VC","product_id":"P1","rating":2,"text":"電池不行，續航太短"})");
  tell("d", "Review Posted", "rd",
       R"({"review_id":"VD","product_id":"P1","rating":2,"text":"快递太慢，等了一个星期"})");
  heard();
  const auto answer = [&](const std::string& rest) {
    return wait<std::string>([&](auto reply) {
      answer_feedback(
          *engine_, shop_,
          {R"({"answer_id":"battery","about":{"phrase":"电池"},)" + rest + "}", {"user:1", "owner"}}, reply);
    });
  };
  const auto preview = answer(R"("preview":true)");
  ASSERT_TRUE(preview.ok()) << preview.error().describe();
  EXPECT_EQ(member(*preview, "authors"), "3") << *preview;
  EXPECT_EQ(member(*preview, "told"), "0");
  EXPECT_EQ(answer(R"("texts":{"zh-Hans":"我们换了电池"},"expect":7)").error().code, Errc::conflict);
  EXPECT_EQ(answer(R"("expect":3)").error().where, "texts");
  const auto done = answer(R"("texts":{"zh-Hans":"我们换了电池"},"expect":3)");
  ASSERT_TRUE(done.ok()) << done.error().describe();
  EXPECT_EQ(member(*done, "told"), "3");
  const auto again = answer(R"("texts":{"zh-Hans":"我们换了电池"},"expect":3)");
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ(member(*again, "told"), "0");
  EXPECT_EQ(member(*again, "told_before"), "3");
  const auto stranger = wait<model::VisitorAnswer>([&](auto reply) {
    engine_->shop_visitor(shop_, {"browser-of-a", ""}, {}, reply);
  });
  ASSERT_TRUE(stranger.ok());
  EXPECT_TRUE(stranger->news.empty()) << "a browser that only says that it is hers";
  const auto seen = [&](const std::string& who) {
    const auto proof = wait<VisitorProofAnswer>([&](auto reply) {
      engine_->vouch_for_visitor(shop_, {"browser-of-" + who, who, seconds(600)}, reply);
    });
    EXPECT_TRUE(proof.ok());
    const auto me = wait<model::VisitorAnswer>([&](auto reply) {
      engine_->shop_visitor(shop_, {"browser-of-" + who, proof->token}, {}, reply);
    });
    EXPECT_TRUE(me.ok());
    return me->news;
  };
  ASSERT_EQ(seen("a").size(), 1U);
  EXPECT_EQ(seen("a")[0].text, "我们换了电池");
  EXPECT_EQ(seen("b").size(), 1U) << "who praised hears of it as who blamed";
  EXPECT_EQ(seen("d").size(), 0U);
  const auto by_mood = wait<std::string>([&](auto reply) {
    answer_feedback(*engine_, shop_,
                    {R"({"answer_id":"x","about":{"phrase":"电池","sentiment":"negative"},"preview":true})",
                     {"u", "owner"}},
                    reply);
  });
  EXPECT_EQ(by_mood.error().where, "about.sentiment");
}

TEST_F(CasesTest, ReviewsStandByWhatWasGivenNotByTheirStars) {
  ASSERT_TRUE(
      send(
          R"({"type":"track","event":"Product Published","messageId":"p","userId":"boss","properties":{"product_id":"P1","name":"Lamp","price":10}})")
          .ok());
  const auto post = [&](const std::string& id, int rating, const std::string& more) {
    tell("u" + id, "Review Posted", id,
         R"({"review_id":")" + id + R"(","product_id":"P1","text":"words","rating":)" +
             std::to_string(rating) + more + "}");
  };
  post("R1", 5, "");
  post("R2", 1, R"(,"verified":true,"has_media":true)");
  post("R3", 4, R"(,"verified":true)");
  post("R4", 2, "");
  const auto ask = [&](ShopReviewQuery query, std::size_t total) {
    query.product = "P1";
    for (int tries = 0; tries < 500; ++tries) {
      auto got = wait<model::ShopReviews>([&](auto reply) { engine_->shop_reviews(shop_, query, reply); });
      if (got.ok() && got->total == total) return got;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return wait<model::ShopReviews>([&](auto reply) { engine_->shop_reviews(shop_, query, reply); });
  };
  const auto all = ask({}, 4);
  ASSERT_TRUE(all.ok()) << all.error().describe();
  ASSERT_EQ(all->reviews.size(), 4U) << "none is hidden";
  EXPECT_EQ(all->reviews[0].review_id, "R2") << "one star, and first";
  EXPECT_EQ(all->reviews[1].review_id, "R3");
  EXPECT_EQ(all->critical, "R2");
  std::int64_t sum = 0;
  for (const auto& reason : all->reviews[0].reasons) sum += reason.points;
  EXPECT_EQ(sum, all->reviews[0].points) << "the reasons add up";
  const auto page = ask({.most = 3}, 4);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->next, std::optional<std::size_t>(3));
  const auto critical = ask({.critical = true}, 2);
  ASSERT_TRUE(critical.ok());
  EXPECT_EQ(critical->total, 2U);
}

TEST_F(CasesTest, TheTeamIsCountedFromItsTickets) {
  EventSeq last;
  for (int n = 0; n < 30; ++n) {
    const std::string id = "T" + std::to_string(n);
    tell("u" + id, "Ticket Opened", "o" + id, R"({"ticket_id":")" + id + R"(","class":"service"})");
    tell("u" + id, "Ticket Assigned", "a" + id,
         R"({"ticket_id":")" + id + R"(","agent":")" + (n % 2 == 0 ? "li" : "wu") + R"("})");
    if (n < 20)
      last = tell("u" + id, "Ticket Updated", "s" + id, R"({"ticket_id":")" + id + R"(","state":"solved"})");
  }
  const auto called = wait<std::string>([&](auto reply) {
    call_back_ticket(*engine_, shop_, {"T0", R"({"satisfied":true})", {"user:1", "agent"}}, reply);
  });
  ASSERT_TRUE(called.ok()) << called.error().describe();
  const auto page = wait<std::string>([&](auto reply) { team(*engine_, shop_, {30, last}, reply); });
  ASSERT_TRUE(page.ok()) << page.error().describe();
  codec::JsonIndex index;
  ASSERT_TRUE(index.parse(*page).ok());
  const codec::JsonValue whole = index.root().find("whole");
  EXPECT_EQ(whole.find("tickets").integer(), 30);
  EXPECT_EQ(whole.find("open").integer(), 10);
  EXPECT_EQ(whole.find("late").integer(), 0);
  EXPECT_EQ(whole.find("called_back").integer(), 1);
  EXPECT_EQ(whole.find("satisfied").integer(), 1);
  EXPECT_NE(page->find(R"("agent":"li","load":5,"tickets":15,"open":5)"), std::string::npos) << *page;
  EXPECT_NE(page->find(R"("comparable":15,"told":true)"), std::string::npos) << *page;
  EXPECT_EQ(wait<std::string>([&](auto reply) {
              team(*engine_, shop_, {3, {}}, reply);
            })
                .error()
                .where,
            "days");
}

// Somebody who serves the gold customers alone is not held to what others do for everybody else.
TEST_F(CasesTest, ATeamCardComparesWithinTheCustomersTier) {
  EventSeq last;
  for (int n = 0; n < 30; ++n) {
    const std::string id = "T" + std::to_string(n), user = "u" + id;
    if (n % 2 == 0) tell(user, "Tier Changed", "g" + id, R"({"tier":"gold"})");
    tell(user, "Ticket Opened", "o" + id, R"({"ticket_id":")" + id + R"(","class":"service"})");
    // A tier that came later is not the case's.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    tell(user, "Tier Changed", "l" + id, R"({"tier":"platinum"})");
    last = tell(user, "Ticket Assigned", "a" + id,
                R"({"ticket_id":")" + id + R"(","agent":")" + (n % 2 == 0 ? "li" : "wu") + R"("})");
  }
  const auto alone = wait<std::string>([&](auto reply) { team(*engine_, shop_, {30, last}, reply); });
  ASSERT_TRUE(alone.ok()) << alone.error().describe();
  const std::string of_agents = alone->substr(0, alone->find(R"("teams")"));
  EXPECT_EQ(of_agents.find(R"("comparable":15)"), std::string::npos) << of_agents;
  EXPECT_NE(of_agents.find(R"("comparable":0)"), std::string::npos) << of_agents;
  // Once others had such cases too, there is something to compare with.
  for (int n = 30; n < 34; ++n) {
    const std::string id = "T" + std::to_string(n), user = "u" + id;
    tell(user, "Tier Changed", "g" + id, R"({"tier":"gold"})");
    tell(user, "Ticket Opened", "o" + id, R"({"ticket_id":")" + id + R"(","class":"service"})");
    last = tell(user, "Ticket Assigned", "a" + id, R"({"ticket_id":")" + id + R"(","agent":"wu"})");
  }
  const auto both = wait<std::string>([&](auto reply) { team(*engine_, shop_, {30, last}, reply); });
  ASSERT_TRUE(both.ok());
  EXPECT_NE(both->find(R"("comparable":15,"told":true)"), std::string::npos) << *both;
}

// What is done stays done until it is reopened: the desk's rule, and the overview's.
TEST_F(CasesTest, TheOverviewCountsOpenTicketsByTheDesksRules) {
  EventSeq last;
  for (const char* id : {"T1", "T2", "T3"})
    last = tell("ada", "Ticket Opened", std::string("o") + id,
                R"({"ticket_id":")" + std::string(id) + R"(","class":"price"})");
  const auto move = [&](const std::string& id, const std::string& state) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    last = tell("ada", "Ticket Updated", id + state,
                R"({"ticket_id":")" + id + R"(","state":")" + state + R"("})");
  };
  const auto open = [&] {
    const auto page = wait<model::Overview>([&](auto reply) { engine_->overview(shop_, 30, last, reply); });
    EXPECT_TRUE(page.ok());
    if (!page.ok()) return -1.0;
    const auto tile = std::find_if(page->tiles.begin(), page->tiles.end(),
                                   [](const model::Tile& each) { return each.id == "open_tickets"; });
    if (tile == page->tiles.end()) return -1.0;
    const auto drilled = wait<model::SqlAnswer>([&](auto reply) {
      engine_->sql(shop_, {tile->drill.text, true}, reply);
    });
    EXPECT_TRUE(drilled.ok()) << tile->drill.text;
    if (drilled.ok() && drilled->rows.size() == 1) {
      EXPECT_EQ(static_cast<double>(std::get<std::int64_t>(drilled->rows[0][0])), tile->value.value_or(-1))
          << "a drill gives the same number";
    }
    return tile->value.value_or(-1);
  };
  EXPECT_EQ(open(), 3);
  move("T1", "solved");
  EXPECT_EQ(open(), 2);
  move("T1", "located");
  EXPECT_EQ(open(), 2) << "a late word on a ticket that is done";
  move("T1", "reopened");
  EXPECT_EQ(open(), 3);
}

}  // namespace
}  // namespace rapport::engine
