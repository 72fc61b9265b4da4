#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "engine/detail/return_policy.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_returns.h"

// Story 3: the size is wrong; a photograph, decided at once or by a person, picked up, looked at, paid, told.
namespace rapport::engine {
namespace {

constexpr const char* kBrowser = "visitor-0123456789abcdef";
const std::string kPhoto(64, 'a'), kOtherPhoto(64, 'b');

class ReturnsTest : public EngineTest {
 protected:
  DeskWho who_{"li", "owner"};
  void SetUp() override {
    EngineTest::SetUp();
    order("O1", kBrowser);
    order("O2", kBrowser);
    order("O3", "somebody-else-0123456789");
  }
  void order(const std::string& id, const std::string& browser) {
    const auto event = [&](const std::string& name, const std::string& message,
                           const std::string& properties) {
      return R"({"type":"track","anonymousId":")" + browser + R"(","event":")" + name + R"(","messageId":")" +
             message + R"(","properties":)" + properties + "}";
    };
    const auto sent = send(
        event(
            "Order Completed", "o-" + id,
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
    return wait<std::string>([&](auto reply) { update_return(*engine_, shop_, id, body, who_, reply); });
  }
  std::string show(const std::string& id, std::optional<EventSeq> after = std::nullopt) {
    const auto answer = wait<std::string>([&](auto reply) {
      return_one(*engine_, shop_, {id, true, after}, reply);
    });
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
  const auto asked =
      ask(R"({"order_id":"O1","product_id":"P1","reason":"size","photos":[")" + kPhoto + R"("]})", kBrowser);
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
  const auto visitor = wait<model::VisitorAnswer>([&](auto reply) {
    engine_->shop_visitor(shop_, {kBrowser, ""}, std::nullopt, reply);
  });
  ASSERT_TRUE(visitor.ok());
  ASSERT_EQ(visitor->returns.size(), 1U);
  EXPECT_EQ(visitor->returns[0].state, "refunded");
  ASSERT_EQ(visitor->messages.size(), 1U) << "she is told that it was paid";
  EXPECT_EQ(visitor->messages[0].return_id, id);
}

TEST_F(ReturnsTest, WhatIsPaidBackAtOnceIsNeverAboveTheOrder) {
  constexpr int kReturns = 8;
  std::string all;
  for (int i = 0; i < kReturns; ++i) {
    all += std::string(all.empty() ? "" : ",") + R"({"type":"track","anonymousId":")" + kBrowser +
           R"(","event":"Return Requested","messageId":"race-)" + std::to_string(i) +
           R"(","properties":{"return_id":"RACE-)" + std::to_string(i) +
           R"(","order_id":"O1","reason":"quality"}})";
  }
  const auto sent = send(all);
  ASSERT_TRUE(sent.ok());
  for (int i = 0; i < kReturns; ++i) {
    const std::string id = "RACE-" + std::to_string(i);
    show(id, sent->offset);
    ASSERT_TRUE(update(id, R"({"state":"approved"})").ok());
  }
  std::atomic<int> answered = 0, paid = 0;
  for (int i = 0; i < kReturns; ++i) {
    update_return(*engine_, shop_, "RACE-" + std::to_string(i), R"({"state":"refunded","amount":"150.00"})",
                  who_, [&](Result<std::string> answer) {
                    paid += answer.ok() ? 1 : 0;
                    ++answered;
                  });
  }
  while (answered < kReturns) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(paid, 1) << "of 299.00";
  EXPECT_TRUE(has(show("RACE-0"), R"("refunded_so_far":"150.00")")) << show("RACE-0");
}

TEST_F(ReturnsTest, AboveHisOwnLimitAnAgentPaysNothingBackAlone) {
  who_ = {"li", "agent"};
  const std::string id = id_of(*ask(R"({"order_id":"O1","reason":"size"})"));
  ASSERT_TRUE(update(id, R"({"state":"approved"})").ok());
  const auto above = update(id, R"({"state":"refunded","amount":"50.01"})");
  EXPECT_EQ(above.error().code, Errc::forbidden) << above.error().describe();
  EXPECT_EQ(above.error().expected, "somebody whose role lets through: owner");
  ASSERT_TRUE(update(id, R"({"state":"refunded","amount":"40.00"})").ok());
  // Another return of the same order is no way round it.
  const std::string again = id_of(*ask(R"({"order_id":"O1","reason":"size"})"));
  ASSERT_NE(again, id);
  ASSERT_TRUE(update(again, R"({"state":"approved"})").ok());
  EXPECT_EQ(update(again, R"({"state":"refunded","amount":"40.00"})").error().code, Errc::forbidden);
  ASSERT_TRUE(update(again, R"({"state":"refunding"})").ok());
  who_ = {"boss", "owner"};
  ASSERT_TRUE(update(again, R"({"state":"refunded","amount":"259.00"})").ok());
}

TEST_F(ReturnsTest, NothingComesBackThatTheOrderDidNotHold) {
  EXPECT_EQ(ask(R"({"order_id":"O1","product_id":"P9","reason":"size"})").error().where, "product_id");
  EXPECT_EQ(ask(R"({"order_id":"O1","product_id":"P1","quantity":2,"reason":"size"})").error().where,
            "quantity");
  EXPECT_EQ(ask(R"({"order_id":"O1","quantity":9999,"reason":"size"})").error().expected, "1 to 1");
  EXPECT_TRUE(ask(R"({"order_id":"O1","product_id":"P1","quantity":1,"reason":"size"})").ok());
}

TEST_F(ReturnsTest, WordsAboutHerAreSealedAndReadByWhoMay) {
  const auto asked = ask(R"({"order_id":"O1","reason":"the sleeves are as long as mine","text":"compare"})");
  ASSERT_TRUE(asked.ok()) << asked.error().describe();
  const std::string id = id_of(*asked);
  ASSERT_TRUE(update(id, R"({"state":"rejected","reason":"she wore it to a wedding"})").ok());
  const std::string whole = show(id);
  EXPECT_TRUE(has(whole, "as long as mine")) << whole;
  EXPECT_TRUE(has(whole, "to a wedding")) << whole;
  EXPECT_TRUE(has(whole, R"("text":"compare")")) << whole;
  const auto bare = wait<std::string>([&](auto reply) {
    return_one(*engine_, shop_, {id, false, {}}, reply);
  });
  EXPECT_FALSE(has(*bare, "as long as mine") || has(*bare, "to a wedding") || has(*bare, "compare")) << *bare;
  const auto tail = wait<TailAnswer>([&](auto reply) { engine_->tail(shop_, TailQuery{}, reply); });
  for (const auto& entry : tail->events)
    EXPECT_FALSE(has(entry.properties_json, "wedding") || has(entry.properties_json, "sleeves"));
}

TEST_F(ReturnsTest, AFloodFromAPageHidesNoRealReturn) {
  const std::string real = id_of(*ask(R"({"order_id":"O1","reason":"size"})", kBrowser));
  std::vector<std::string> flood;
  for (int i = 0; i < 40; ++i) {
    flood.push_back(
        R"({"type":"track","anonymousId":"page-flood","event":"Return Requested","messageId":"f)" +
        std::to_string(i) + R"(","properties":{"return_id":"F-)" + std::to_string(i) +
        R"(","order_id":"O2","reason":"size"}})");
  }
  const auto sent = send_from_page(flood);
  ASSERT_TRUE(sent.ok());
  ReturnsQuery query;
  query.most = 1;
  query.after_offset = sent->offset;
  const auto list = wait<std::string>([&](auto reply) { returns(*engine_, shop_, query, reply); });
  EXPECT_TRUE(has(*list, R"("matching":41)")) << *list;
  EXPECT_TRUE(has(*list, real)) << *list;
}

TEST_F(ReturnsTest, WhatAPageSaysOfSomebodysOrderIsNoMatterOfARule) {
  publish(R"({"days":7,"rules":[{"reasons":["size"],"then":"approve"}]})");
  ASSERT_TRUE(
      send(
          track(
              "vic", "Order Completed", "ov",
              R"({"order_id":"OV","total":"80.00","currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":"80.00"}]})") +
          "," + track("vic", "Shipment Updated", "sv", R"({"order_id":"OV","node":"signed"})"))
          .ok());
  const auto sent = send_from_page(
      {R"({"type":"identify","anonymousId":"anon-guesser-1","userId":"vic","messageId":"i1","traits":{}})",
       R"({"type":"track","anonymousId":"anon-guesser-1","event":"Return Requested","messageId":"g1",)"
       R"("properties":{"return_id":"R-G","order_id":"OV","reason":"size"}})",
       track("vic", "Return Requested", "g2", R"({"return_id":"R-H","order_id":"OV","reason":"size"})")});
  ASSERT_TRUE(sent.ok());
  show("R-G", sent->offset);
  ASSERT_TRUE(wait<std::size_t>([&](auto reply) { decide_told_returns(*engine_, shop_, reply); }).ok());
  EXPECT_TRUE(has(show("R-G"), R"("state":"under_review")")) << show("R-G");
  EXPECT_TRUE(has(show("R-H"), R"("state":"under_review")")) << show("R-H");
  // Her own is not in their way, and is approved.
  const auto hers = ask(R"({"order_id":"OV","reason":"size"})");
  ASSERT_TRUE(hers.ok()) << hers.error().describe();
  EXPECT_TRUE(has(*hers, R"("state":"approved")")) << *hers;
}

TEST_F(ReturnsTest, SheReadsWhyAPersonDidNotAgreeAndNotWhyARuleDidNot) {
  publish(R"({"days":7,"rules":[{"reasons":["changed_mind"],"then":"reject"}]})");
  const std::string by_person = id_of(*ask(R"({"order_id":"O1","reason":"size"})", kBrowser));
  const std::string by_rule = id_of(*ask(R"({"order_id":"O2","reason":"changed_mind"})", kBrowser));
  ASSERT_TRUE(update(by_person, R"({"state":"rejected","reason":"吊牌已剪"})").ok());
  EXPECT_EQ(
      update(by_person, R"({"state":"rejected","reason":")" + std::string(601, 'x') + R"("})").error().where,
      "reason");
  show(by_person);
  const auto visitor = wait<model::VisitorAnswer>([&](auto reply) {
    engine_->shop_visitor(shop_, {kBrowser, ""}, std::nullopt, reply);
  });
  ASSERT_TRUE(visitor.ok());
  ASSERT_EQ(visitor->returns.size(), 2U);
  for (const model::VisitorReturn& back : visitor->returns) {
    EXPECT_EQ(back.state, "rejected");
    EXPECT_EQ(back.reason, back.return_id == by_person ? "吊牌已剪" : "");
  }
}

TEST_F(ReturnsTest, WhatNoRuleFitsWaitsForAPerson) {
  EXPECT_TRUE(has(*ask(R"({"order_id":"O1","reason":"quality"})", kBrowser), R"("decided_by":"person")"));
  publish(R"({"days":7,"rules":[{"reasons":["size"],"photos":1,"then":"approve"}]})");
  // The photograph of another return decides nothing by itself.
  const auto first =
      ask(R"({"order_id":"O2","product_id":"P1","reason":"size","photos":[")" + kPhoto + R"("]})", kBrowser);
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
  // The same by events, which nobody can refuse any more: kept, shown with its answer, and it changes
  // nothing.
  const auto sent = send(R"({"type":"track","anonymousId":")" + std::string(kBrowser) +
                         R"(","event":"Return Updated","messageId":"late","properties":{"return_id":")" + id +
                         R"(","state":"refunding"}})");
  ASSERT_TRUE(sent.ok());
  const std::string shown = show(id, sent->offset);
  EXPECT_TRUE(has(shown, R"("state":"refunding","answer":"impossible")")) << shown;
  EXPECT_TRUE(has(shown, R"("reason":"size","state":"rejected")")) << shown;
}

// ---- returns that events ask for ----

std::string told_return(const std::string& browser, const std::string& id, const std::string& order,
                        const std::string& more = "") {
  return R"({"type":"track","anonymousId":")" + browser + R"(","event":"Return Requested","messageId":"q-)" +
         id + R"(","properties":{"return_id":")" + id + R"(","order_id":")" + order + R"(","reason":"size")" +
         more + "}}";
}

TEST_F(ReturnsTest, AnEventsReturnIsDecidedByTheSameRulesOnce) {
  const auto decide = [&] {
    const auto done = wait<std::size_t>([&](auto reply) { decide_told_returns(*engine_, shop_, reply); });
    EXPECT_TRUE(done.ok()) << done.error().describe();
    return done.ok() ? *done : 99;
  };
  const auto folded = [&](const Result<model::IngestAnswer>& sent) {
    ReturnsQuery query;
    query.after_offset = sent->offset;
    return wait<std::string>([&](auto reply) { returns(*engine_, shop_, query, reply); }).ok();
  };
  const std::string photo = R"(,"photos":[")" + kPhoto + R"("])";
  ASSERT_TRUE(folded(send(told_return(kBrowser, "E1", "O1", photo))));
  EXPECT_EQ(decide(), 0U) << "nobody published a rule";
  publish(R"({"days":7,"rules":[{"reasons":["size"],"value_most":"300.00","photos":1,"then":"approve"}]})");
  EXPECT_EQ(decide(), 1U);
  EXPECT_EQ(decide(), 0U) << "once";
  const std::string shown = show("E1");
  EXPECT_TRUE(has(shown, R"("state":"approved")")) << shown;
  EXPECT_TRUE(has(shown, "decided by rule")) << shown;
  std::size_t told = 0;
  for (const model::TimelineEntry& entry : all_records(*engine_, shop_))
    told += entry.event == "Message Decided" ? 1 : 0;
  EXPECT_EQ(told, 1U) << "and told to her";
  // The same photograph, none at all, an order that nobody knows yet, one of somebody else, and an old one.
  const std::string old =
      R"({"type":"track","anonymousId":")" + std::string(kBrowser) +
      R"(","event":"Return Requested","messageId":"q-E6","timestamp":"2020-01-01T00:00:00Z",)" +
      R"("properties":{"return_id":"E6","order_id":"O2","reason":"size"}})";
  ASSERT_TRUE(
      folded(send(told_return(kBrowser, "E2", "O2", photo) + "," + told_return(kBrowser, "E3", "O2") + "," +
                  told_return(kBrowser, "E4", "unknown", photo) + "," +
                  told_return(kBrowser, "E5", "O3", R"(,"photos":[")" + kOtherPhoto + R"("])") + "," + old)));
  EXPECT_EQ(decide(), 3U) << "E2, E3 and E5 are told why a person decides";
  EXPECT_EQ(decide(), 0U);
  EXPECT_TRUE(has(show("E2"), "a photo came with an earlier return")) << show("E2");
  for (const char* id : {"E2", "E3", "E5"}) EXPECT_TRUE(has(show(id), R"("answer":"repeats")")) << show(id);
  for (const char* id : {"E4", "E6"}) EXPECT_TRUE(has(show(id), R"("updates":[])")) << show(id);
  for (const char* id : {"E2", "E3", "E4", "E5", "E6"})
    EXPECT_TRUE(has(show(id), R"("state":"under_review")"));
}

TEST_F(ReturnsTest, WhatAnImportBringsOrAPersonSawToIsLeftAlone) {
  publish(R"({"days":7,"rules":[{"then":"approve"}]})");
  const std::filesystem::path file = folder_.string() + "_import.jsonl";
  std::ofstream(file) << told_return(kBrowser, "I1", "O1") << '\n';
  ImportRequest request;
  request.recipe = "events-jsonl";
  request.paths = {file.string()};
  const auto imported = wait<ImportAnswer>([&](auto reply) { engine_->import(shop_, request, reply); });
  std::filesystem::remove(file);
  ASSERT_TRUE(imported.ok()) << imported.error().describe();
  ASSERT_EQ(imported->accepted, 1U);
  const auto sent = send(
      told_return(kBrowser, "P1", "O2") + R"(,{"type":"track","anonymousId":")" + kBrowser +
      R"(","event":"Return Updated","messageId":"u","properties":{"return_id":"P1","state":"rejected"}})");
  ASSERT_TRUE(sent.ok());
  show("P1", sent->offset);
  EXPECT_EQ(*wait<std::size_t>([&](auto reply) { decide_told_returns(*engine_, shop_, reply); }), 0U);
  EXPECT_TRUE(has(show("I1"), R"("updates":[])")) << show("I1");
}

constexpr int kTold = 40;

void decide_all(Engine& engine, ShopNo shop) {
  for (std::size_t last = 1; last > 0;) {
    const auto done = wait_for<std::size_t>([&](auto reply) { decide_told_returns(engine, shop, reply); });
    ASSERT_TRUE(done.ok()) << done.error().describe();
    last = *done;
  }
}

/// Runs in the process that is killed.
TEST(ReturnKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  decide_all(*engine, *engine->find_shop("desk"));
}

TEST(ReturnKill, EachIsDecidedOnceWhateverIsKilled) {
  const std::uint64_t seed = 31;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_return");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {});
    const auto published = wait_for<std::string>([&](auto reply) {
      publish_return_policy(*engine, shop, R"({"days":7,"rules":[{"then":"approve"}]})", reply);
    });
    ASSERT_TRUE(published.ok());
    for (int n = 0; n < kTold; ++n) {
      const std::string id = std::to_string(n), order = R"("order_id":"O)" + id + '"';
      send_to(
          *engine, shop,
          track(
              "u" + id, "Order Completed", "o" + id,
              "{" + order +
                  R"(,"total":20,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":20}]})") +
              "," + track("u" + id, "Shipment Updated", "s" + id, "{" + order + R"(,"node":"signed"})") +
              "," +
              track("u" + id, "Return Requested", "r" + id,
                    R"({"return_id":"R)" + id + R"(","reason":"size",)" + order + "}"));
    }
  }
  kill_until_it_ends(random, "ReturnKill.DISABLED_Child", folder);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  decide_all(*engine, shop);
  std::map<std::string, int> counts;
  for (const model::TimelineEntry& entry : all_records(*engine, shop)) {
    ++counts[entry.event];
    if (has(entry.properties_json, R"("state":"approved")")) ++counts["approved"];
  }
  EXPECT_EQ(counts["Return Requested"], kTold);
  EXPECT_EQ(counts["Return Updated"], 2 * kTold) << "under review, and approved";
  EXPECT_EQ(counts["approved"], kTold);
  EXPECT_EQ(counts["Message Decided"], kTold);
  engine.reset();
  std::filesystem::remove_all(folder);
}

TEST(ReturnPolicy, DecidesByTheFirstRuleThatFits) {
  const Currency cny{{'C', 'N', 'Y'}};
  const auto policy = ReturnPolicy::parse(
      R"({"days":7,"rules":[{"reasons":["changed_mind"],"then":"reject"},{"value_most":"100.00","then":"approve"}]})",
      cny);
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
  EXPECT_EQ(ReturnPolicy::parse(R"({"days":7,"rules":[{"then":"maybe"}]})", cny).error().where,
            "rules[0].then");
}

}  // namespace
}  // namespace rapport::engine
