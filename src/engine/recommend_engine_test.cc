#include <gtest/gtest.h>

#include <cmath>

#include "codec/json_index.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_models.h"
#include "engine/engine_recommend.h"

// Models trained on a shop's own log, and what they recommend, over a real engine.
namespace rapport::engine {
namespace {

std::string at(int day, int hour = 10) {
  return fmt::format("\"2026-{:02}-{:02}T{:02}:00:00Z\"", 1 + day / 28, 1 + day % 28, hour);
}

class RecommendEngine : public EngineTest {
 protected:
  static std::string event(const std::string& user, const char* name, const std::string& id,
                           const std::string& when, const std::string& properties) {
    return R"({"type":"track","userId":")" + user + R"(","event":")" + name + R"(","messageId":")" + id +
           R"(","timestamp":)" + when + R"(,"properties":)" + properties + "}";
  }
  static std::string noun(const char* name, const std::string& id, const std::string& properties) {
    return R"({"type":"track","event":")" + std::string(name) + R"(","messageId":")" + id +
           R"(","properties":)" + properties + "}";
  }
  static std::string order(const std::string& user, int number, int day,
                           std::initializer_list<const char*> products) {
    std::string lines;
    for (const char* product : products)
      lines += (lines.empty() ? "" : ",") +
               fmt::format(R"({{"product_id":"{}","quantity":1,"price":100}})", product);
    return event(
        user, "Order Completed", fmt::format("o{}", number), at(day),
        fmt::format(R"({{"order_id":"O-{}","total":600,"currency":"CNY","products":[{}]}})", number, lines));
  }

  /// Tea with cups, coffee with mugs; tea and coffee are used up, cups and mugs last.
  EventSeq fill(int customers = 40) {
    std::string messages;
    const auto add = [&](const std::string& message) { messages += (messages.empty() ? "" : ",") + message; };
    int n = 0;
    for (const auto& [id, category, days] : {std::tuple{"tea", "drinks", 20},
                                             {"coffee", "drinks", 20},
                                             {"cup", "ware", 0},
                                             {"mug", "ware", 0},
                                             {"lamp", "light", 0}}) {
      add(noun(
          "Product Published", fmt::format("p{}", n++),
          fmt::format(R"({{"product_id":"{}","name":"{}","category":"{}","price":100,"repurchase_days":{}}})",
                      id, id, category, days)));
    }
    add(noun("Content Published", "t1",
             R"({"content_id":"T-1","title":"How to brew","content_kind":"video"})"));
    add(noun("Service Published", "s1", R"({"service_id":"S-adviser","title":"Personal adviser"})"));
    for (int c = 0; c < customers; ++c) {
      const std::string user = fmt::format("u{}", c);
      for (int k = 0; k < 3; ++k) {
        if (c % 2 == 0) {
          add(order(user, n++, 20 * k + c % 5, {"tea", "cup"}));
        } else {
          add(order(user, n++, 20 * k + c % 5, {"coffee", "mug"}));
        }
      }
    }
    const auto answer = send(messages);
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? answer->offset : EventSeq{};
  }
  Result<std::string> train(const std::string& body = "{}") {
    return wait<std::string>([&](auto reply) { train_models(*engine_, shop_, body, reply); });
  }
  std::string models_json() {
    return wait<std::string>([&](auto reply) { models(*engine_, shop_, reply); }).value();
  }
  Result<RecommendAnswer> recommend(RecommendQuery query) {
    return wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, std::move(query), reply); });
  }
  RecommendAnswer must_recommend(const std::string& customer, const std::string& scene = "",
                                 const std::string& product = "", std::optional<EventSeq> after = {}) {
    RecommendQuery query;
    query.customer = customer;
    query.scene = scene;
    query.product = product;
    query.after = after;
    query.seed = 7;
    query.count = 4;
    auto answer = recommend(query);
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : RecommendAnswer{};
  }
  EventSeq publish(const std::string& id, const std::string& body) {
    const auto answer =
        wait<std::string>([&](auto reply) { publish_scene(*engine_, shop_, id, body, {}, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    codec::JsonIndex index;
    EXPECT_TRUE(index.parse(*answer).ok());
    return EventSeq{static_cast<std::uint64_t>(index.root().find("offset").integer().value_or(0))};
  }
  /// Home without chance in it, and nobody held out.
  EventSeq plain_home(const std::string& more = "") {
    return publish("home",
                   R"({"trigger":"true","rank":1000,"holdout":0,"explore":0,"policy":"fixed","lanes":[)"
                   R"({"lane":"again","share":50,"source":"due"},)"
                   R"({"lane":"like","share":50,"source":"like"}])" +
                       more + "}");
  }
};

void expect_sums(const RecommendAnswer& answer) {
  for (const RecommendedItem& item : answer.items) {
    double sum = 0;
    for (const RecommendReason& reason : item.reasons) {
      sum += reason.points;
      EXPECT_FALSE(reason.evidence.empty());
    }
    EXPECT_NEAR(sum, item.score, 1e-6) << item.id;
  }
}

TEST_F(RecommendEngine, ThreeOrdersAreTooFewAndItIsSaid) {
  ASSERT_TRUE(send(order("ada", 1, 1, {"tea"}) + "," + order("ada", 2, 2, {"cup"}) + "," +
                   order("bob", 3, 3, {"tea"}))
                  .ok());
  const auto trained = train();
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().code, Errc::refused);
  EXPECT_NE(trained.error().message.find("3 orders of 2 customers"), std::string::npos)
      << trained.error().message;
  EXPECT_NE(trained.error().message.find("no models serve"), std::string::npos);
  const std::string told = models_json();
  EXPECT_NE(told.find("\"serving\":false"), std::string::npos);
  EXPECT_NE(told.find("\"succeeded\":false"), std::string::npos);
}

TEST_F(RecommendEngine, ModelsSurviveARestartAndAFailedTrainingLeavesThem) {
  fill();
  const auto trained = train();
  ASSERT_TRUE(trained.ok()) << trained.error().describe();
  EXPECT_NE(trained->find("\"baskets\":120"), std::string::npos) << *trained;
  const std::string before = models_json();
  reopen();
  EXPECT_EQ(models_json(), before);
  const auto wrong = train(R"({"models":["no-such"]})");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, Errc::bad_input);
  const auto refused = train(R"({"models":["rules:count=1000000"]})");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("go on serving"), std::string::npos) << refused.error().message;
  EXPECT_NE(models_json().find("\"serving\":true"), std::string::npos);
}

TEST_F(RecommendEngine, TheSameExtractionIsJudged) {
  fill();
  const auto judged = wait<std::string>([&](auto reply) {
    evaluate_models(*engine_, shop_, R"({"models":["item-bm25"],"split":"last-basket","k":[2],"seeds":1})",
                    reply);
  });
  ASSERT_TRUE(judged.ok()) << judged.error().describe();
  EXPECT_NE(judged->find("\"ndcg@2\""), std::string::npos) << judged->substr(0, 400);
  EXPECT_NE(judged->find("\"interactions\":240"), std::string::npos) << judged->substr(0, 400);
}

TEST_F(RecommendEngine, HerOwnHistoryWithReasonsThatAddUp) {
  fill();
  ASSERT_TRUE(train().ok());
  const EventSeq published = plain_home();
  const RecommendAnswer answer = must_recommend("u0", "home", "", published);
  expect_sums(answer);
  EXPECT_EQ(answer.rung, "personal");
  EXPECT_TRUE(answer.decision_id.starts_with("d_"));
  EXPECT_FALSE(answer.models.empty());
  ASSERT_FALSE(answer.items.empty());
  for (const RecommendedItem& item : answer.items) EXPECT_NE(item.id, "cup") << "she has one, and it lasts";
  bool due = false;
  for (const RecommendedItem& item : answer.items) {
    for (const RecommendReason& reason : item.reasons) due |= item.id == "tea" && reason.kind == "due";
  }
  EXPECT_TRUE(due);
  EXPECT_EQ(must_recommend("u0", "home", "", published).decision_id, answer.decision_id)
      << "the same position and seed give the same decision";
}

TEST_F(RecommendEngine, TheNextRequestKnowsTheNewestEvent) {
  fill();
  ASSERT_TRUE(train().ok());
  const EventSeq published = plain_home();
  const auto first = send(track("new", "Product Viewed", "v0", R"({"product_id":"lamp"})"));
  ASSERT_TRUE(first.ok());
  EXPECT_NE(must_recommend("new", "home", "", std::max(first->offset, published)).rung, "personal")
      << "nobody else ever took a lamp";
  const auto clicked = send(track("new", "Product Viewed", "v1", R"({"product_id":"coffee"})"));
  ASSERT_TRUE(clicked.ok());
  const RecommendAnswer answer = must_recommend("new", "home", "", clicked->offset);
  EXPECT_EQ(answer.rung, "personal");
  EXPECT_EQ(answer.items[0].id, "mug");
  EXPECT_EQ(answer.items[0].reasons[0].offer_id, "coffee");
}

TEST_F(RecommendEngine, WhatGoesWithAProductNamesTheRule) {
  fill();
  ASSERT_TRUE(train().ok());
  publish("product",
          R"({"trigger":"true","needs_product":true,"holdout":0,"explore":0,"policy":"fixed","lanes":[)"
          R"({"lane":"goes","share":100,"source":"goes_with"}]})");
  const EventSeq seen = send(track("x", "Product Viewed", "vx", R"({"product_id":"tea"})")).value().offset;
  const RecommendAnswer answer = must_recommend("", "", "tea", seen);
  EXPECT_EQ(answer.scene, "product");
  ASSERT_FALSE(answer.items.empty());
  EXPECT_EQ(answer.items[0].id, "cup");
  const RecommendReason& reason = answer.items[0].reasons[0];
  EXPECT_EQ(reason.kind, "rule");
  EXPECT_EQ(reason.figures.at(0), (std::pair<std::string, double>("n", 60)));
  EXPECT_EQ(reason.figures.at(2).second, 1) << "confidence";
  EXPECT_EQ(reason.figures.at(3).second, 2) << "lift";
  RecommendQuery unknown;
  unknown.product = "nothing";
  EXPECT_EQ(recommend(unknown).error().code, Errc::not_found);
}

TEST_F(RecommendEngine, ScenesServeByTheirTriggers) {
  fill();
  ASSERT_TRUE(train().ok());
  EventSeq last = send(track("eve", "User Registered", "r1")).value().offset;
  EXPECT_EQ(must_recommend("eve", "", "", last).scene, "onboarding");
  // Orders of 600 CNY, the last more than 30 days ago by today's clock: won back.
  EXPECT_EQ(must_recommend("u0", "", "", last).scene, "win_back");
  std::string looks;
  for (int i = 0; i < 3; ++i)
    looks += (i == 0 ? "" : ",") +
             track("u1", "Product Viewed", fmt::format("l{}", i), R"({"product_id":"lamp"})");
  last = send(looks).value().offset;
  EXPECT_EQ(must_recommend("u1", "", "", last).scene, "related_need");
  EXPECT_EQ(must_recommend("", "", "", last).scene, "home");
  RecommendQuery unknown;
  unknown.scene = "nothing";
  EXPECT_EQ(recommend(unknown).error().code, Errc::not_found);
  RecommendQuery beyond;
  beyond.after = EventSeq{last.value + 1'000'000};
  EXPECT_EQ(recommend(beyond).error().code, Errc::unavailable) << "nobody waits for what was never stamped";
  const auto wrong = wait<std::string>([&](auto reply) {
    publish_scene(*engine_, shop_, "bad", R"({"trigger":"ever Purchas","lanes":[{"lane":"a","share":100}]})",
                  {}, reply);
  });
  EXPECT_EQ(wrong.error().code, Errc::bad_input);
  EXPECT_TRUE(wrong.error().where.starts_with("trigger")) << wrong.error().where;
}

TEST_F(RecommendEngine, ConsentAndHandsAreKept) {
  fill();
  ASSERT_TRUE(train().ok());
  EventSeq last = plain_home(R"(,"pins":["lamp"],"left_out":["coffee"])");
  RecommendAnswer answer = must_recommend("u1", "home", "", last);
  ASSERT_FALSE(answer.items.empty());
  EXPECT_EQ(answer.items[0].id, "lamp");
  EXPECT_EQ(answer.items[0].reasons[0].kind, "pin");
  for (const RecommendedItem& item : answer.items) EXPECT_NE(item.id, "coffee");
  last = send(track("u0", "Consent Updated", "no",
                    R"({"purpose":"personalisation","channel":"app","granted":false})"))
             .value()
             .offset;
  answer = must_recommend("u0", "home", "", last);
  EXPECT_FALSE(answer.personalised);
  EXPECT_NE(answer.rung, "personal");
  last = plain_home(R"(,"stopped":true)");
  answer = must_recommend("u1", "home", "", last);
  EXPECT_TRUE(answer.stopped);
  EXPECT_NE(answer.rung, "personal");
}

TEST_F(RecommendEngine, APublicKeyLearnsNothingOfWhomAVisitorIsLinkedTo) {
  fill();
  ASSERT_TRUE(train().ok());
  EventSeq last = plain_home();
  const std::string anonymous = "0123456789abcdef0123456789abcdef";
  last = send(R"({"type":"identify","userId":"u1","anonymousId":")" + anonymous +
              R"(","messageId":"link","traits":{}})")
             .value()
             .offset;
  RecommendQuery query;
  query.anonymous_id = anonymous;
  query.scene = "home";
  query.count = 4;
  query.after = last;
  auto answer = recommend(query);
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_NE(answer->rung, "personal") << "what u1 bought is not the visitor's to see";
  EXPECT_TRUE(answer->customer.empty());
  query.follows_links = true;
  EXPECT_EQ(recommend(query)->rung, "personal");
  query.follows_links = false;
  query.after = send(R"({"type":"track","event":"Product Viewed","anonymousId":")" + anonymous +
                     R"(","messageId":"own","properties":{"product_id":"tea"}})")
                    .value()
                    .offset;
  answer = recommend(query);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->rung, "personal") << "her own view is hers";
}

TEST_F(RecommendEngine, WhatWasShownAndTakenMovesTheShares) {
  fill();
  ASSERT_TRUE(train().ok());
  EventSeq last = publish("home", R"({"trigger":"true","holdout":0,"explore":0,"policy":"literal","lanes":[)"
                                  R"({"lane":"again","share":50,"source":"due"},)"
                                  R"({"lane":"like","share":50,"source":"like"}]})");
  const RecommendAnswer answer = must_recommend("u0", "home", "", last);
  ASSERT_FALSE(answer.items.empty());
  std::string messages;
  for (const char* name : {"Recommendation Shown", "Recommendation Clicked"}) {
    messages += (messages.empty() ? "" : ",") +
                track("u0", name, name,
                      fmt::format(R"({{"decision_id":"{}","position":1,"item":"{}"}})", answer.decision_id,
                                  answer.items[0].id));
  }
  messages +=
      "," + track("u0", "Recommendation Shown", "forged",
                  R"({"decision_id":"d_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","position":1,"item":"tea"})");
  ASSERT_TRUE(send(messages).ok());
  // She buys the second without a click.
  ASSERT_TRUE(send(track("u0", "Recommendation Shown", "second",
                         fmt::format(R"({{"decision_id":"{}","position":2,"item":"{}"}})", answer.decision_id,
                                     answer.items.at(1).id)) +
                   "," +
                   track("u0", "Order Completed", "bought",
                         fmt::format(R"({{"order_id":"O-x","total":1,"currency":"CNY","products":[{{)"
                                     R"("product_id":"{}","quantity":1,"price":1}}]}})",
                                     answer.items.at(1).id)))
                  .ok());
  reopen();  // What was counted is a fold of the log.
  const auto told = wait<std::string>([&](auto reply) { recommendation_scenes(*engine_, shop_, reply); });
  ASSERT_TRUE(told.ok());
  EXPECT_NE(told->find(R"("recommended":{"shown":2,"taken":2,"rate":1})"), std::string::npos) << *told;
  // One click of the lane: 0.55 against 0.5, as shares of 1.05.
  EXPECT_NE(told->find("0.5238"), std::string::npos) << *told;
}

}  // namespace
}  // namespace rapport::engine
