#include <gtest/gtest.h>

#include <cmath>

#include "codec/json_index.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_recommend.h"
#include "engine/engine_whatif.h"

// Policies replayed over what a shop showed and what its customers did, over a real engine.
namespace rapport::engine {
namespace {

class WhatIfEngine : public EngineTest {
 protected:
  static constexpr std::string_view kLanes =
      R"("lanes":[{"lane":"new","share":70,"source":"newest"},{"lane":"top","share":30,"source":"region"}])";

  void SetUp() override {
    EngineTest::SetUp();
    std::string messages;
    for (int i = 0; i < 30; ++i)
      messages +=
          (i == 0 ? "" : ",") +
          fmt::format(R"({{"type":"track","event":"Product Published","messageId":"p{0}","properties":)"
                      R"({{"product_id":"P-{0}","name":"Product {0}","category":"c{1}","price":10}}}})",
                      i, i % 10);
    for (int i = 0; i < 10; ++i)
      messages += "," + track("buyer", "Order Completed", fmt::format("o{}", i),
                              fmt::format(R"({{"order_id":"O-{0}","total":1,"currency":"CNY","products":[)"
                                          R"({{"product_id":"P-{0}","quantity":1,"price":1}}]}})",
                                          i));
    ASSERT_TRUE(send(messages).ok());
  }
  EventSeq publish(const std::string& lanes, const std::string& more = "", int holdout = 0) {
    const std::string body =
        fmt::format(R"({{"trigger":"true","holdout":{},"explore":0,"policy":"fixed",)", holdout) + lanes +
        more + "}";
    const auto answer =
        wait<std::string>([&](auto reply) { publish_scene(*engine_, shop_, "home", body, {}, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    codec::JsonIndex index;
    EXPECT_TRUE(index.parse(*answer).ok());
    return EventSeq{static_cast<std::uint64_t>(index.root().find("offset").integer().value_or(0))};
  }
  /// Lists of three for 40 customers and more; what the lane "top" offers is clicked, half of the rest
  /// ignored and the other half left alone. Answers how many places were shown.
  int live(EventSeq after, int lists, const std::string& name) {
    std::string messages;
    int shown = 0;
    for (int i = 0; i < lists; ++i) {
      RecommendQuery query;
      query.scene = "home";
      query.count = 3;
      query.seed = static_cast<std::uint64_t>(i) * 7'919 + 11;
      query.after = after;
      const auto answer = wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, query, reply); });
      EXPECT_TRUE(answer.ok()) << answer.error().describe();
      if (!answer.ok()) return 0;
      for (std::size_t place = 0; place < answer->items.size(); ++place, ++shown) {
        const RecommendedItem& item = answer->items[place];
        const auto add = [&](const char* event) {
          messages += (messages.empty() ? "" : ",") +
                      track(fmt::format("u{}", i % 40), event, fmt::format("{}{}{}{}", name, event, i, place),
                            fmt::format(R"({{"decision_id":"{}","position":{},"item":"{}"}})",
                                        answer->decision_id, place + 1, item.id));
        };
        add("Recommendation Shown");
        add(item.lane == "top" ? "Recommendation Clicked" : "Recommendation Ignored");
      }
    }
    EXPECT_TRUE(send(messages).ok());
    return shown;
  }
  std::string ask(const std::string& body) {
    const auto answer =
        wait<std::string>([&](auto reply) { whatif_scene(*engine_, shop_, "home", body, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : "";
  }
  Errc refused(const std::string& id, const std::string& body) {
    const auto answer =
        wait<std::string>([&](auto reply) { whatif_scene(*engine_, shop_, id, body, reply); });
    return answer.ok() ? Errc::internal : answer.error().code;
  }
};

double number(codec::JsonValue value) {
  return std::strtod(std::string(value.raw()).c_str(), nullptr);
}

/// The number at a path of members; "#" is the first of a list.
double at(const std::string& body, std::initializer_list<const char*> path) {
  codec::JsonIndex index;
  EXPECT_TRUE(index.parse(body).ok()) << body;
  codec::JsonValue value = index.root();
  for (const char* step : path) {
    if (*step == '#') {
      codec::JsonItems items(value);
      EXPECT_TRUE(items.next());
      value = items.value();
    } else {
      value = value.find(step);
    }
    EXPECT_TRUE(value.present()) << step << " in " << body;
    if (!value.present()) return 0;
  }
  return number(value);
}

TEST_F(WhatIfEngine, OtherSharesAreJudgedByWhatWasShown) {
  const int shown = live(publish(std::string(kLanes)), 100, "a");
  ASSERT_EQ(shown, 300);
  const std::string all = ask("{}");
  EXPECT_EQ(at(all, {"impressions"}), 300) << all;
  EXPECT_EQ(at(all, {"customers"}), 40);
  // Whatever came of the lane "top" was clicked: the rate is its share.
  const double top = at(all, {"logged", "value"});
  EXPECT_GT(top, 0.2);
  EXPECT_LT(top, 0.4);
  for (const char* name : {"fixed", "literal", "calibrated", "thompson"})
    EXPECT_NE(all.find(fmt::format(R"("name":"{}")", name)), std::string::npos);
  EXPECT_NEAR(at(all, {"policies", "#", "effective_sample_size"}), 300, 1);
  EXPECT_NEAR(at(all, {"policies", "#", "ips", "value"}), top, 1e-3);

  const std::string half = ask(R"({"shares":{"new":50,"top":50}})");
  EXPECT_NEAR(at(half, {"policies", "#", "snips", "value"}), 0.5, 0.06) << half;
  EXPECT_NEAR(at(half, {"policies", "#", "doubly_robust", "value"}), 0.5, 0.02) << half;
  EXPECT_GT(at(half, {"policies", "#", "difference", "low"}), 0.1) << "it would surely have earned more";
  EXPECT_NE(half.find(R"("refused":null)"), std::string::npos);
  const std::string again = ask(R"({"shares":{"new":50,"top":50}})");
  EXPECT_EQ(again.substr(again.find("\"impressions\"")), half.substr(half.find("\"impressions\"")))
      << "the same question has the same answer";
}

TEST_F(WhatIfEngine, WhatTheLogCannotTellIsRefused) {
  live(publish(std::string(kLanes)), 80, "a");
  const std::string other =
      ask(R"({"scene":{"trigger":"true","explore":0,"lanes":[{"lane":"due","share":100,"source":"due"}]}})");
  EXPECT_NE(other.find(R"("check":"support")"), std::string::npos) << other;
  EXPECT_NE(other.find(R"("ips":null)"), std::string::npos) << other;
  const std::string hands =
      ask(R"({"scene":{"trigger":"true","explore":0,"pins":["P-1"],)" + std::string(kLanes) + "}}");
  EXPECT_NE(hands.find(R"("check":"same_lists")"), std::string::npos) << hands;
  EXPECT_NE(hands.find(R"("member":"pins")"), std::string::npos) << hands;
  EXPECT_EQ(refused("nothing", "{}"), Errc::not_found);
  EXPECT_EQ(refused("home", R"({"policy":"clever"})"), Errc::bad_input);
  EXPECT_EQ(refused("home", R"({"shares":{"new":50}})"), Errc::bad_input);
  EXPECT_EQ(refused("home", R"({"shares":{"nowhere":100}})"), Errc::bad_input);
  EXPECT_EQ(refused("home", R"({"days":0})"), Errc::bad_input);
  EXPECT_EQ(refused("home", R"({"polcy":"literal"})"), Errc::bad_input) << "a misspelt member is no question";
  EXPECT_EQ(refused("home", R"({"shares":{"new":50,"new":50}})"), Errc::bad_input);
  // Lanes that show something else begin anew; what was shown under the others is counted apart.
  publish(R"("lanes":[{"lane":"new","share":100,"source":"newest"}])");
  const std::string anew = ask("{}");
  EXPECT_EQ(at(anew, {"impressions"}), 0) << anew;
  EXPECT_EQ(at(anew, {"left_out", "other_lanes"}), 240) << anew;
  EXPECT_NE(anew.find(R"("check":"impressions")"), std::string::npos) << anew;
}

TEST_F(WhatIfEngine, WhatNoLaneFilledIsNoPartOfIt) {
  live(publish(std::string(kLanes), R"(,"stopped":true)"), 20, "a");
  const std::string stopped = ask("{}");
  EXPECT_EQ(at(stopped, {"impressions"}), 0) << stopped;
  EXPECT_EQ(at(stopped, {"left_out", "without_lane"}), 60) << stopped;
}

TEST_F(WhatIfEngine, LanesThatShowSomethingElseBeginAnew) {
  const auto outcomes = [&] {
    const std::string told =
        wait<std::string>([&](auto reply) { recommendation_scenes(*engine_, shop_, reply); }).value();
    const std::size_t home = told.find(R"("scene_id":"home")");
    const std::size_t at = told.find("\"lane_outcomes\":", home);
    return told.substr(at, told.find(']', at) - at);
  };
  const int shown = live(publish(std::string(kLanes)), 20, "a");
  ask("{}");  // waits until it is counted
  EXPECT_EQ(outcomes().find(R"("taken":0,"ignored":0)"), std::string::npos) << outcomes();
  // The same two sources the other way round: what the one earned is not the other's.
  const EventSeq turned = publish(
      R"("lanes":[{"lane":"top","share":30,"source":"region"},{"lane":"new","share":70,"source":"newest"}])");
  ask("{}");
  EXPECT_NE(outcomes().find(R"({"lane":"top","taken":0,"ignored":0},{"lane":"new","taken":0,"ignored":0})"),
            std::string::npos)
      << outcomes();
  EXPECT_EQ(live(turned, 20, "b"), shown);
  const std::string after = ask("{}");
  EXPECT_EQ(at(after, {"impressions"}), shown) << after;
  EXPECT_EQ(at(after, {"left_out", "other_lanes"}), shown) << after;
  EXPECT_NE(outcomes().find(R"("ignored":0},{"lane":"new","taken":0,)"), std::string::npos) << outcomes();
}

// Sixty people see one list each ten times over; whoever clicks, clicks every time. The interval is as wide
// as sixty people allow and not six hundred looks.
TEST_F(WhatIfEngine, WhatASceneAddsIsJudgedByWholeCustomers) {
  const EventSeq published = publish(std::string(kLanes), "", 40);
  const auto scenes = [&] {
    return wait<std::string>([&](auto reply) { recommendation_scenes(*engine_, shop_, reply); }).value();
  };
  EXPECT_NE(scenes().find(R"("difference":null)"), std::string::npos);
  std::string known;
  for (int i = 0; i < 60; ++i)
    known += (i == 0 ? "" : ",") +
             track(fmt::format("w{}", i), "Product Viewed", fmt::format("w{}", i), R"({"product_id":"P-1"})");
  const auto sent = send(known);
  ASSERT_TRUE(sent.ok());
  std::string messages;
  double n[2] = {}, clickers[2] = {};
  for (int i = 0; i < 60; ++i) {
    for (std::uint64_t look = 0; look < 10; ++look) {
      RecommendQuery query;
      query.customer = fmt::format("w{}", i);
      query.scene = "home";
      query.count = 1;
      query.seed = look;
      query.after = std::max(sent->offset, published);
      const auto answer = wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, query, reply); });
      ASSERT_TRUE(answer.ok()) << answer.error().describe();
      const bool clicks = i % (answer->held_out ? 6 : 3) == 0;
      n[answer->held_out] += look == 0;
      clickers[answer->held_out] += look == 0 && clicks;
      for (const char* event :
           {"Recommendation Shown", clicks ? "Recommendation Clicked" : "Recommendation Ignored"})
        messages += (messages.empty() ? "" : ",") +
                    track(fmt::format("w{}", i), event, fmt::format("{}{}{}", event, i, look),
                          fmt::format(R"({{"decision_id":"{}","position":1,"item":"{}"}})",
                                      answer->decision_id, answer->items[0].id));
    }
  }
  ASSERT_GE(std::min(n[0], n[1]), 10);
  const auto shown = send(messages);
  ASSERT_TRUE(shown.ok());
  ask("{}");  // reads the log to its end
  const std::string told = scenes();
  codec::JsonIndex index;
  ASSERT_TRUE(index.parse(told).ok());
  for (codec::JsonItems items(index.root().find("scenes")); items.next();) {
    if (items.value().find("scene").find("scene_id").text() != "home") continue;
    const codec::JsonValue difference = items.value().find("difference");
    const double p = clickers[0] / n[0], q = clickers[1] / n[1];
    EXPECT_NEAR(number(difference.find("value")), p - q, 1e-9) << told;
    const double by_people = 1.96 * std::sqrt(p * (1 - p) / n[0] + q * (1 - q) / n[1]);
    const double half = number(difference.find("high")) - number(difference.find("value"));
    EXPECT_NEAR(half, by_people, by_people * 0.12) << "and not a third of it, as by looks";
    EXPECT_EQ(number(difference.find("customers")), n[0]);
    EXPECT_EQ(number(difference.find("customers_held_out")), n[1]);
  }
}

}  // namespace
}  // namespace rapport::engine
