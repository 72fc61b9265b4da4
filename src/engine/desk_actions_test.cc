#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "codec/json_index.h"
#include "engine/detail/macro_text.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_care.h"
#include "engine/engine_desk.h"
#include "engine/engine_feedback.h"

// What agents do on tickets: within the policy, with a second person above it, once whatever is clicked, and
// never more than an order holds.
namespace rapport::engine {
namespace {

class DeskTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    tell(
        "ada", "Order Completed", "o1",
        R"({"order_id":"O-1","total":200.00,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":200}]})");
    tell("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"logistics","order_id":"O-1"})");
  }
  EventSeq tell(const std::string& user, const std::string& event, const std::string& id,
                const std::string& properties) {
    const auto answer = send(track(user, event, id, properties));
    EXPECT_TRUE(answer.ok() && answer->rejected == 0) << properties;
    return answer.ok() ? answer->offset : EventSeq{};
  }
  Result<std::string> act(const std::string& body, const DeskWho& who = {"user:1", "agent"}) {
    return wait<std::string>([&](auto reply) { act_on_ticket(*engine_, shop_, {"T1", body, who}, reply); });
  }
  Result<std::string> refund(const std::string& key, const std::string& amount,
                             const DeskWho& who = {"user:1", "agent"}) {
    return act(
        R"({"action":"refund","key":")" + key + R"(","reason":"late parcel","amount":")" + amount + R"("})",
        who);
  }
  Result<std::string> coupon(const std::string& key, const std::string& value) {
    return act(R"({"action":"coupon","key":")" + key + R"(","reason":"sorry","value":")" + value + R"("})");
  }
  Result<std::string> decide(const std::string& action, const std::string& body, const DeskWho& who) {
    return wait<std::string>([&](auto reply) {
      decide_desk_action(*engine_, shop_, {"T1", action, body, who}, reply);
    });
  }
  std::size_t logged(const std::string& event) {
    const auto tail = wait<TailAnswer>([&](auto reply) { engine_->tail(shop_, TailQuery{}, reply); });
    EXPECT_TRUE(tail.ok());
    return static_cast<std::size_t>(std::count_if(tail->events.begin(), tail->events.end(),
                                                  [&](const auto& entry) { return entry.event == event; }));
  }
  static std::string member(const std::string& json, std::string_view object, std::string_view name) {
    codec::JsonIndex index;
    EXPECT_TRUE(index.parse(json).ok()) << json;
    const codec::JsonValue in = object.empty() ? index.root() : index.root().find(object);
    const codec::JsonValue value = in.find(name);
    if (!value.present()) return "";
    return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
  }
};

TEST_F(DeskTest, ASmallRefundIsDoneAtOnceAndOnceOnly) {
  const auto first = refund("k1", "30.00"), again = refund("k1", "30.00");
  ASSERT_TRUE(first.ok()) << first.error().describe();
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ(member(*first, "action", "state"), "done");
  EXPECT_EQ(member(*first, "action", "before"), "200.00");
  EXPECT_EQ(member(*first, "action", "after"), "170.00");
  EXPECT_EQ(member(*first, "", "repeated"), "false");
  EXPECT_EQ(member(*again, "", "repeated"), "true");
  EXPECT_EQ(logged("Order Refunded"), 1U);
  // The same key for something else is a mistake of the client's.
  const auto other = refund("k1", "31.00");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, Errc::conflict);
  reopen();
  const auto after = refund("k1", "30.00");
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(member(*after, "", "repeated"), "true") << "also after a restart";
  EXPECT_EQ(logged("Order Refunded"), 1U);
}

TEST_F(DeskTest, NeverMoreThanIsLeftOfTheOrder) {
  const DeskWho owner{"user:9", "owner"};
  ASSERT_TRUE(refund("k1", "150.00", owner).ok());
  const auto more = refund("k2", "50.01", owner);
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().code, Errc::refused);
  EXPECT_EQ(more.error().expected, "at most 50.00 CNY");
  // What was refunded elsewhere counts, too.
  tell("ada", "Order Refunded", "r1", R"({"order_id":"O-1","amount":20.00,"currency":"CNY"})");
  const auto rest = act(R"({"action":"refund","key":"k3","reason":"rest"})", owner);
  ASSERT_TRUE(rest.ok()) << rest.error().describe();
  EXPECT_EQ(member(*rest, "action", "amount"), "30.00") << "without an amount it is all that is left";
  const auto none = refund("k4", "0.01", owner);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, Errc::refused);
  const auto foreign = act(R"({"action":"refund","key":"k5","reason":"x","order_id":"O-none"})", owner);
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().code, Errc::not_found);
}

TEST_F(DeskTest, TwentyClicksAtOnceNeverExceedTheOrder) {
  std::vector<std::future<Result<std::string>>> all;
  for (int i = 0; i < 20; ++i) {
    auto promise = std::make_shared<std::promise<Result<std::string>>>();
    all.push_back(promise->get_future());
    act_on_ticket(
        *engine_, shop_,
        {"T1",
         R"({"action":"refund","reason":"x","amount":"45","key":"c)" + std::to_string(i % 10) + R"("})",
         {"user:1", "owner"}},
        [promise](Result<std::string> answer) { promise->set_value(std::move(answer)); });
  }
  int fresh = 0, repeated = 0, refused = 0;
  for (auto& each : all) {
    const auto answer = each.get();
    if (!answer.ok()) {
      EXPECT_EQ(answer.error().code, Errc::refused) << answer.error().describe();
      ++refused;
    } else {
      ++(member(*answer, "", "repeated") == "true" ? repeated : fresh);
    }
  }
  EXPECT_EQ(fresh, 4) << "four times 45 of 200";
  EXPECT_EQ(fresh + repeated + refused, 20);
  EXPECT_EQ(logged("Order Refunded"), 4U);
}

TEST_F(DeskTest, ASecondPersonAboveTheLimit) {
  const auto asked = refund("k1", "120.00");
  ASSERT_TRUE(asked.ok()) << asked.error().describe();
  EXPECT_EQ(member(*asked, "action", "state"), "proposed");
  EXPECT_EQ(logged("Order Refunded"), 0U);
  const std::string id = member(*asked, "action", "action_id");
  // What waits holds its part of the order.
  const auto over = refund("k2", "100.00", {"user:9", "owner"});
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().expected, "at most 80.00 CNY");
  EXPECT_EQ(decide(id, R"({"approve":true})", {"user:2", "agent"}).error().code, Errc::forbidden);
  EXPECT_EQ(decide(id, R"({"approve":true})", {"user:1", "owner"}).error().code, Errc::forbidden)
      << "who asked is no second person";
  EXPECT_EQ(decide(id, R"({"approve":false})", {"user:9", "owner"}).error().code, Errc::bad_input)
      << "a refusal has a reason";
  const auto through = decide(id, R"({"approve":true})", {"user:9", "owner"});
  ASSERT_TRUE(through.ok()) << through.error().describe();
  EXPECT_EQ(member(*through, "action", "state"), "done");
  EXPECT_EQ(logged("Order Refunded"), 1U);
  EXPECT_EQ(decide(id, R"({"approve":true})", {"user:9", "owner"}).error().code, Errc::conflict);
  const auto list = wait<std::string>([&](auto reply) {
    ticket_actions(*engine_, shop_, "T1", {"user:1", "agent"}, reply);
  });
  ASSERT_TRUE(list.ok());
  EXPECT_NE(list->find(R"("asked_by":"user:1")"), std::string::npos) << *list;
  EXPECT_NE(list->find(R"("decided_by":"user:9")"), std::string::npos) << *list;
  EXPECT_NE(list->find(R"("left":"80.00")"), std::string::npos) << *list;
}

TEST_F(DeskTest, SmallStepsOfOneOrderNeedASecondPersonToo) {
  EXPECT_EQ(member(*refund("k1", "45.00"), "action", "state"), "done");
  EXPECT_EQ(member(*refund("k2", "5.00"), "action", "state"), "done");
  EXPECT_EQ(member(*refund("k3", "0.01"), "action", "state"), "proposed") << "above 50 of one order";
}

TEST_F(DeskTest, AKeyIsItsWritersOwnAndAmountsAreWholeCoins) {
  ASSERT_TRUE(refund("k1", "30.00").ok());
  EXPECT_EQ(refund("k1", "30.00", {"user:2", "agent"}).error().code, Errc::conflict);
  EXPECT_EQ(refund("k2", "10.004").error().where, "amount");
  EXPECT_EQ(refund("k2", "1e400").error().where, "amount");
  EXPECT_EQ(refund("k2", "10.0000000000000000001").error().where, "amount");
  EXPECT_TRUE(refund("k2", "10.000").ok());
}

TEST_F(DeskTest, OnePersonsCouponsCountTogetherHoweverHeIsSpelt) {
  ASSERT_TRUE(wait<std::string>([&](auto reply) {
                publish_desk_policy(*engine_, shop_,
                                    R"({"coupons_agent_month":"20","coupons_customer_month":"500"})", reply);
              }).ok());
  const auto grant = [&](const std::string& key, const std::string& agent) {
    return act(R"({"action":"coupon","key":")" + key + R"(","reason":"sorry","value":"10"})",
               {agent, "agent"});
  };
  ASSERT_TRUE(grant("k1", "li").ok());
  ASSERT_TRUE(grant("k2", "LI ").ok());
  EXPECT_EQ(grant("k3", "l i").error().code, Errc::refused);
}

TEST_F(DeskTest, WhatWaitsForSomebodyWhoIsErasedWaitsNoMore) {
  const auto asked = refund("k1", "120.00");
  ASSERT_TRUE(asked.ok());
  const std::string id = member(*asked, "action", "action_id");
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "user_id:ada", reply); }).ok());
  const auto list =
      wait<std::string>([&](auto reply) { waiting_desk_actions(*engine_, shop_, true, reply); });
  EXPECT_EQ(*list, R"({"actions":[]})");
  const auto late = decide(id, R"({"approve":false,"reason":"too late"})", {"user:9", "owner"});
  EXPECT_EQ(late.error().code, Errc::conflict);
  EXPECT_EQ(late.error().message, "it does not wait: it is refused");
  EXPECT_EQ(logged("Order Refunded"), 0U);
  reopen();
  EXPECT_EQ(*wait<std::string>([&](auto reply) { waiting_desk_actions(*engine_, shop_, true, reply); }),
            R"({"actions":[]})");
}

TEST_F(DeskTest, WhatStaffWritesOfAPersonIsSealedWithHer) {
  const auto asked =
      act(R"({"action":"refund","key":"k1","reason":"she shouts at everybody","amount":"120.00"})");
  ASSERT_TRUE(asked.ok()) << asked.error().describe();
  EXPECT_EQ(member(*asked, "action", "reason"), "she shouts at everybody");
  const auto assigned = wait<std::string>([&](auto reply) {
    assign_ticket(*engine_, shop_, "T1", R"({"agent":"wu","reason":"能忍的人来"})", reply);
  });
  ASSERT_TRUE(assigned.ok());
  const auto tail = wait<TailAnswer>([&](auto reply) { engine_->tail(shop_, TailQuery{}, reply); });
  for (const auto& entry : tail->events) {
    EXPECT_EQ(entry.properties_json.find("shouts"), std::string::npos) << entry.properties_json;
    EXPECT_EQ(entry.properties_json.find("能忍"), std::string::npos) << entry.properties_json;
  }
  // The desk reads it, also after a restart, until she is erased.
  const auto reasons = [&] {
    return *wait<std::string>([&](auto reply) {
      ticket_actions(*engine_, shop_, "T1", {"user:1", "agent"}, reply);
    });
  };
  EXPECT_NE(reasons().find("she shouts"), std::string::npos) << reasons();
  reopen();
  EXPECT_NE(reasons().find("she shouts"), std::string::npos) << reasons();
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "user_id:ada", reply); }).ok());
  EXPECT_EQ(reasons().find("she shouts"), std::string::npos) << reasons();
}

TEST_F(DeskTest, WhatIsRefusedDoesNothing) {
  const auto asked = refund("k1", "120.00");
  ASSERT_TRUE(asked.ok());
  const std::string id = member(*asked, "action", "action_id");
  ASSERT_TRUE(decide(id, R"({"approve":false,"reason":"the parcel came"})", {"user:9", "owner"}).ok());
  EXPECT_EQ(logged("Order Refunded"), 0U);
  ASSERT_TRUE(refund("k2", "200.00", {"user:9", "owner"}).ok()) << "its part of the order is free again";
}

TEST_F(DeskTest, CouponsAreCappedByCustomerAgentAndMonth) {
  const auto first = coupon("a", "10");
  ASSERT_TRUE(first.ok()) << first.error().describe();
  EXPECT_EQ(member(*first, "action", "state"), "done");
  EXPECT_EQ(coupon("b", "30.01").error().code, Errc::refused) << "more than the role may";
  for (const char* key : {"c", "d", "e", "f"}) ASSERT_TRUE(coupon(key, "10").ok());
  const auto sixth = coupon("g", "0.01");
  ASSERT_FALSE(sixth.ok());
  EXPECT_EQ(sixth.error().expected, "at most 0.00 CNY") << sixth.error().describe();
  EXPECT_EQ(logged("Coupon Granted"), 5U);
  const auto published = wait<std::string>([&](auto reply) {
    publish_desk_policy(
        *engine_, shop_,
        R"({"coupons_customer_month":"51","limits":[{"role":"agent","action":"coupon","alone":"1","most":"1"}]})",
        reply);
  });
  ASSERT_TRUE(published.ok()) << published.error().describe();
  EXPECT_TRUE(coupon("h", "1").ok());
  EXPECT_EQ(refund("k9", "1").error().code, Errc::forbidden) << "the new list says nothing of refunds";
  EXPECT_EQ(wait<std::string>([&](auto reply) {
              publish_desk_policy(*engine_, shop_, R"({"limits":[{"role":"viewer","action":"coupon"}]})",
                                  reply);
            })
                .error()
                .where,
            "limits[0].role");
}

TEST_F(DeskTest, AppointmentsInTheServicesHoursAndRoom) {
  tell("boss", "Service Published", "s1",
       R"({"service_id":"S-fit","title":"Fitting","calendar":"office","capacity":1})");
  const auto calendar = wait<std::string>([&](auto reply) {
    publish_calendar(
        *engine_, shop_, "office",
        R"({"zone":"UTC","week":{"mon":["09:00-17:00"],"tue":["09:00-17:00"],"wed":["09:00-17:00"],"thu":["09:00-17:00"],"fri":["09:00-17:00"],"sat":["09:00-17:00"],"sun":["09:00-17:00"]}})",
        reply);
  });
  ASSERT_TRUE(calendar.ok()) << calendar.error().describe();
  const Instant now{std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count()};
  const std::string day = format_instant(now + days(3)).substr(0, 10);
  const auto book = [&](const std::string& key, const std::string& at) {
    return act(R"({"action":"appointment","key":")" + key +
               R"(","reason":"fit","service_id":"S-fit","for":")" + at + R"("})");
  };
  EXPECT_EQ(book("a", day + "T20:00:00Z").error().where, "for") << "closed then";
  ASSERT_TRUE(book("b", day + "T10:00:00Z").ok());
  EXPECT_EQ(book("c", day + "T10:00:00Z").error().code, Errc::refused) << "one at a time";
  EXPECT_TRUE(book("d", day + "T11:00:00Z").ok());
  for (const char* wrong : {"T12:00:01Z", "T12:00:00.001Z", "T12:00:00", ""}) {
    EXPECT_EQ(book("w", day + wrong).error().code, Errc::bad_input) << wrong;
    EXPECT_EQ(book("w", day + wrong).error().where, "for") << wrong;
  }
  EXPECT_EQ(book("e", "2020-01-01T10:00:00Z").error().code, Errc::refused);
  EXPECT_EQ(logged("Service Booked"), 2U);
}

TEST_F(DeskTest, AMacroSignsWithANameThatCustomersMayRead) {
  const auto put = wait<std::string>([&](auto reply) {
    publish_macro(
        *engine_, shop_, "sign",
        R"({"title":"Sign","texts":{"zh-Hans":"{agent}为您处理。","en":"{agent} looks after it."}})", reply);
  });
  ASSERT_TRUE(put.ok()) << put.error().describe();
  const auto hired = wait<model::UserAnswer>(
      [&](auto reply) { engine_->add_user({.name = "fang", .role = model::UserRole::agent}, reply); });
  ASSERT_TRUE(hired.ok()) << hired.error().describe();
  const std::string fang = "user:" + std::to_string(hired->id);
  const auto said = [&](const std::string& language, const DeskWho& who) {
    const auto filled = wait<std::string>([&](auto reply) {
      fill_macro(*engine_, shop_, {"T1", "sign", language, who}, reply);
    });
    EXPECT_TRUE(filled.ok());
    return filled.ok() ? member(*filled, "", "text") : std::string();
  };
  EXPECT_EQ(said("zh-Hans", {fang, "agent"}), "客服为您处理。") << "nobody has given her a name";
  EXPECT_EQ(said("en", {fang, "agent"}), "our team looks after it.");
  const auto roster = wait<std::string>([&](auto reply) {
    publish_roster(
        *engine_, shop_,
        R"({"agents":[{"agent":"fang","name":"方晴","departments":["logistics"]},{"agent":"li","departments":["logistics"]}]})",
        reply);
  });
  ASSERT_TRUE(roster.ok()) << roster.error().describe();
  EXPECT_EQ(said("zh-Hans", {fang, "agent"}), "方晴为您处理。") << "by the name that she signs in with";
  EXPECT_EQ(said("en", {"user:99", "owner"}), "our team looks after it.") << "no such user";
  tell("ada", "Ticket Assigned", "a1", R"({"ticket_id":"T1","agent":"fang"})");
  EXPECT_EQ(said("en", {"key:1", "owner"}), "方晴 looks after it.")
      << "a server speaks for whose ticket it is";
  EXPECT_EQ(said("en", {"user:99", "owner"}), "our team looks after it.") << "a person only for himself";
  // Sent by somebody whom the roster has no name for: his id does not stand in the message.
  const auto sent = wait<std::string>([&](auto reply) {
    reply_on_ticket(*engine_, shop_,
                    {"T1", R"({"macro":"sign","language":"en","agent":"li"})", {"user:99", "owner"}}, reply);
  });
  ASSERT_TRUE(sent.ok()) << sent.error().describe();
  const auto page = wait<std::string>([&](auto reply) {
    engine::ticket(*engine_, shop_, {"T1", true, {}}, reply);
  });
  ASSERT_TRUE(page.ok());
  EXPECT_NE(page->find("our team looks after it."), std::string::npos) << *page;
}

TEST_F(DeskTest, AMacroIsSentWholeOrNotAtAll) {
  const auto put = [&](const std::string& id, const std::string& body) {
    return wait<std::string>([&](auto reply) { publish_macro(*engine_, shop_, id, body, reply); });
  };
  EXPECT_EQ(put("m1", R"({"texts":{"en":"Hello {nmae}"}})").error().where, "texts.en");
  EXPECT_EQ(put("m1", R"({"texts":{}})").error().where, "texts");
  ASSERT_TRUE(
      put("m1",
          R"({"title":"Late","texts":{"zh-Hans":"{name}您好，订单{order_id}{parcel.node}。","en":"Dear {name}, order {order_id} is {parcel.node}."},"state":"waiting","class":"logistics"})")
          .ok());
  const auto fill = [&](const std::string& language) {
    return wait<std::string>([&](auto reply) {
      fill_macro(*engine_, shop_, {"T1", "m1", language, {"user:1", "agent"}}, reply);
    });
  };
  auto filled = fill("en");
  ASSERT_TRUE(filled.ok()) << filled.error().describe();
  EXPECT_EQ(member(*filled, "", "missing"), R"(["name","parcel.node"])");
  const auto say = [&](const std::string& body) {
    return wait<std::string>([&](auto reply) {
      reply_on_ticket(*engine_, shop_, {"T1", body, {"user:1", "agent"}}, reply);
    });
  };
  const auto blocked = say(R"({"macro":"m1","language":"en"})");
  ASSERT_FALSE(blocked.ok());
  EXPECT_EQ(blocked.error().message, "no fact fills {name}, {parcel.node}");
  EXPECT_EQ(logged("Message Posted"), 0U);
  ASSERT_TRUE(
      send(
          R"({"type":"identify","userId":"ada","messageId":"i1","traits":{"name":"李娜","language":"zh-TW"}})")
          .ok());
  tell("ada", "Shipment Updated", "s1", R"({"order_id":"O-1","node":"in_transit"})");
  filled = fill("");
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ(member(*filled, "", "language"), "zh-Hant") << "hers";
  EXPECT_EQ(member(*filled, "", "text"), "李娜您好，訂單O-1運輸途中。");
  ASSERT_TRUE(say(R"({"macro":"m1"})").ok());
  EXPECT_EQ(logged("Message Posted"), 1U);
  const auto ticket = wait<std::string>([&](auto reply) {
    engine::ticket(*engine_, shop_, {"T1", true, {}}, reply);
  });
  ASSERT_TRUE(ticket.ok());
  EXPECT_EQ(member(*ticket, "", "state"), "waiting") << "its step is done with it";
  EXPECT_NE(ticket->find(R"("macro_id":"m1")"), std::string::npos) << "and recorded";
  EXPECT_NE(ticket->find("訂單O-1"), std::string::npos) << "in the ticket's conversation of its own";
}

TEST(MacroText, Braces) {
  const auto filled = fill_text("{{a} {b} {c} { d }", {{"b", "2"}, {"c", ""}});
  EXPECT_EQ(filled.text, "{a} 2 {c} { d }");
  EXPECT_EQ(filled.missing, std::vector<std::string>{"c"});
  EXPECT_EQ(placeholders_of("{x}{y}{x}"), (std::vector<std::string>{"x", "y"}));
}

TEST_F(DeskTest, OfTwoCallBacksAtOnceOneIsTaken) {
  tell("ada", "Ticket Updated", "u1", R"({"ticket_id":"T1","state":"solved"})");
  constexpr int kAtOnce = 6;
  std::vector<Errc> failed;
  std::mutex mutex;
  int taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&, i] {
      const auto answer = wait<std::string>([&](auto reply) {
        const std::string body = i % 2 == 0 ? R"({"satisfied":true})" : R"({"satisfied":false})";
        call_back_ticket(*engine_, shop_, {"T1", body, {"user:1", "agent"}}, reply);
      });
      const std::lock_guard lock(mutex);
      if (answer.ok()) {
        ++taken;
      } else {
        failed.push_back(answer.error().code);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(failed, std::vector<Errc>(kAtOnce - 1, Errc::conflict));
  EXPECT_LE(logged("Ticket Updated"), 4U) << "the steps of one outcome";
}

TEST_F(DeskTest, TheCallBackClosesOrEscalates) {
  const auto call = [&](const std::string& body) {
    return wait<std::string>([&](auto reply) {
      call_back_ticket(*engine_, shop_, {"T1", body, {"user:1", "agent"}}, reply);
    });
  };
  EXPECT_EQ(call(R"({"satisfied":true})").error().code, Errc::conflict) << "not solved yet";
  TicketsQuery query;
  query.after_offset = tell("ada", "Ticket Updated", "u1", R"({"ticket_id":"T1","state":"solved"})");
  query.queue = "call_back";
  auto list = wait<std::string>([&](auto reply) { tickets(*engine_, shop_, query, reply); });
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(member(*list, "", "matching"), "1");
  ASSERT_TRUE(call(R"({"satisfied":false,"note":"still nothing","agent":"li"})").ok());
  std::optional<EventSeq> last;
  const auto state = [&] {
    const auto ticket = wait<std::string>([&](auto reply) {
      engine::ticket(*engine_, shop_, {"T1", true, last}, reply);
    });
    return member(*ticket, "", "state");
  };
  EXPECT_EQ(state(), "escalated");
  // Solved again, some moments later: another call-back.
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  last = tell("ada", "Ticket Updated", "u2", R"({"ticket_id":"T1","state":"solved"})");
  ASSERT_EQ(state(), "solved");
  ASSERT_TRUE(call(R"({"satisfied":true})").ok());
  EXPECT_EQ(state(), "closed");
  EXPECT_EQ(call(R"({"satisfied":true})").error().code, Errc::conflict);
}

TEST_F(DeskTest, AHandOverIsWholeOrRefused) {
  const auto assign = [&](const std::string& body) {
    return wait<std::string>([&](auto reply) { assign_ticket(*engine_, shop_, "T1", body, reply); });
  };
  EXPECT_EQ(assign(R"({"agent":"wu","packet":{"tried":[]}})").error().where, "packet.wanted");
  EXPECT_EQ(assign(R"({"agent":"wu","packet":{"wanted":"her parcel"}})").error().where, "packet.tried");
  const auto whole =
      assign(R"({"agent":"wu","packet":{"wanted":"her parcel","tried":["called the carrier"]}})");
  ASSERT_TRUE(whole.ok()) << whole.error().describe();
  const auto ticket = wait<std::string>([&](auto reply) {
    engine::ticket(*engine_, shop_, {"T1", true, {}}, reply);
  });
  ASSERT_TRUE(ticket.ok());
  for (const char* part : {R"("who":"c_)", R"("wanted":"her parcel")", R"("tried":["called the carrier"])",
                           R"("promised":[{"clock":)", R"("urgency":"normal")", R"("transcript":"T1")"})
    EXPECT_NE(ticket->find(part), std::string::npos) << part << *ticket;
}

/// Listens, and waits until all of it was heard.
class FollowTest : public DeskTest {
 protected:
  void heard() {
    for (int tries = 0; tries < 6'000; ++tries) {
      const auto list = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, {}, reply); });
      ASSERT_TRUE(list.ok());
      if (list->find(R"("behind":0)") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "not heard";
  }
  std::string state() {
    const auto ticket = wait<std::string>([&](auto reply) {
      engine::ticket(*engine_, shop_, {"T2", true, {}}, reply);
    });
    return ticket.ok() ? member(*ticket, "", "state") : ticket.error().describe();
  }
};

TEST_F(FollowTest, TheCustomersWordMovesHerTicketAndThanksDoNot) {
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  tell("bo", "Contact Started", "c1", R"({"contact_id":"K1","channel":"chat"})");
  tell("bo", "Ticket Opened", "c2", R"({"ticket_id":"T2","class":"service","contact_id":"K1"})");
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  const auto say = [&](const std::string& id, const std::string& text) {
    pause();
    tell("bo", "Message Posted", id, R"({"contact_id":"K1","from":"customer","text":")" + text + R"("})");
    heard();
    pause();
  };
  pause();
  tell("bo", "Ticket Updated", "u1", R"({"ticket_id":"T2","state":"located"})");
  pause();
  tell("bo", "Ticket Updated", "u2", R"({"ticket_id":"T2","state":"waiting"})");
  say("m1", "好的，谢谢");
  EXPECT_EQ(state(), "waiting");
  say("m2", "照片已经发了，你们看一下");
  EXPECT_EQ(state(), "located") << "it goes on where it stood";
  tell("bo", "Ticket Updated", "u3", R"({"ticket_id":"T2","state":"solved"})");
  say("m3", "thank you so much!");
  EXPECT_EQ(state(), "solved");
  say("m4", "还是不行，又坏了");
  EXPECT_EQ(state(), "reopened");
  const std::size_t moves = logged("Ticket Updated");
  reopen();
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  heard();
  EXPECT_EQ(logged("Ticket Updated"), moves) << "once, whatever happens";
}

}  // namespace
}  // namespace rapport::engine
