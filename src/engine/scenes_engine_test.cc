#include <gtest/gtest.h>

#include "codec/json_index.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_recommend.h"

// Scenes that are drafted, approved, scheduled and handled, over a real engine: each an event, each named in
// what it touched.
namespace rapport::engine {
namespace {

const SceneAuthor kMarketing{"user:3", true, true, false}, kOtherMarketing{"user:4", true, true, false},
    kAnalyst{"user:5", false, false, false};

class Scenes : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    std::string messages;
    for (const char* id : {"tea", "cup", "lamp", "rug"})
      messages +=
          (messages.empty() ? "" : ",") +
          fmt::format(R"({{"type":"track","event":"Product Published","messageId":"p-{0}","properties":)"
                      R"({{"product_id":"{0}","name":"{0}","category":"{0}s","price":10}}}})",
                      id);
    ASSERT_TRUE(send(messages).ok());
  }
  static std::string scene(const std::string& more = "") {
    return R"({"trigger":"true","rank":1,"holdout":0,"explore":0,"policy":"fixed",)"
           R"("lanes":[{"lane":"new","share":100,"source":"newest"}])" +
           more + "}";
  }
  Result<std::string> put(const std::string& id, const std::string& body, const SceneAuthor& author) {
    auto answer =
        wait<std::string>([&](auto reply) { publish_scene(*engine_, shop_, id, body, author, reply); });
    if (answer.ok()) remember(*answer);
    return answer;
  }
  Result<std::string> approve(const std::string& id, const SceneAuthor& author,
                              const std::string& body = "") {
    auto answer =
        wait<std::string>([&](auto reply) { approve_scene(*engine_, shop_, id, body, author, reply); });
    if (answer.ok()) remember(*answer);
    return answer;
  }
  Result<std::string> withdraw(const std::string& id, const SceneAuthor& author) {
    auto answer = wait<std::string>([&](auto reply) { withdraw_draft(*engine_, shop_, id, author, reply); });
    if (answer.ok()) remember(*answer);
    return answer;
  }
  Result<RecommendAnswer> ask(const std::string& id, bool draft = false) {
    RecommendQuery query;
    query.scene = id;
    query.draft = draft;
    query.count = 2;
    query.seed = 3;
    query.after = offset_;
    return wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, query, reply); });
  }
  std::string scenes() {
    return wait<std::string>([&](auto reply) { recommendation_scenes(*engine_, shop_, reply); }).value();
  }
  void remember(const std::string& answer) {
    codec::JsonIndex index;
    ASSERT_TRUE(index.parse(answer).ok()) << answer;
    offset_ = EventSeq{static_cast<std::uint64_t>(index.root().find("offset").integer().value_or(0))};
  }
  EventSeq offset_;
};

bool has_hand(const RecommendAnswer& answer, const std::string& hand, const std::string& id,
              const std::string& by) {
  for (const RecommendHand& one : answer.hands) {
    if (one.hand == hand && one.id == id && one.by == by) return true;
  }
  return false;
}

TEST_F(Scenes, ADraftServesNobodyUntilSomebodyElseApproves) {
  ASSERT_TRUE(put("home", scene(), kMarketing).ok());
  const auto drafted =
      put("home", scene(R"(,"state":"draft","pins":["lamp"],"published_by":"user:1")"), kMarketing);
  ASSERT_TRUE(drafted.ok()) << drafted.error().describe();
  EXPECT_NE(drafted->find(R"("state":"draft")"), std::string::npos) << *drafted;
  auto answer = ask("home");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_TRUE(answer->decision_id.starts_with("d_"));
  for (const RecommendHand& hand : answer->hands) EXPECT_NE(hand.hand, "pin") << "the draft serves nobody";
  answer = ask("home", true);
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_EQ(answer->items.at(0).id, "lamp");
  EXPECT_TRUE(answer->decision_id.empty()) << "nothing may come of a preview";
  EXPECT_TRUE(has_hand(*answer, "draft", "", "user:3"));

  EXPECT_EQ(approve("home", kMarketing).error().code, Errc::forbidden) << "nobody approves his own";
  EXPECT_EQ(approve("home", kAnalyst).error().code, Errc::forbidden);
  EXPECT_EQ(approve("home", kOtherMarketing, R"({"draft":"0123456789abcdef"})").error().code, Errc::conflict);
  EXPECT_NE(scenes().find(R"("drafted_by":"user:3")"), std::string::npos);
  const std::string digest = drafted->substr(drafted->find("\"draft\":\"") + 9, 16);
  EXPECT_NE(scenes().find("\"draft\":\"" + digest), std::string::npos) << scenes();
  const auto approved = approve("home", kOtherMarketing, "{\"draft\":\"" + digest + "\"}");
  ASSERT_TRUE(approved.ok()) << approved.error().describe();
  answer = ask("home");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->items.at(0).id, "lamp");
  EXPECT_TRUE(has_hand(*answer, "approved", "", "user:4"));
  EXPECT_TRUE(has_hand(*answer, "pin", "lamp", "user:4")) << "who did it is not taken from the body";
  const std::string told = scenes();
  EXPECT_NE(told.find(R"("drafts":[])"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("drafted_by":"user:3","approved_by":"user:4","published_by":"user:4")"),
            std::string::npos)
      << told;
  EXPECT_EQ(approve("home", kOtherMarketing).error().code, Errc::not_found) << "it is approved once";
}

TEST_F(Scenes, WhoMayOnlyDraftPublishesNothing) {
  EXPECT_EQ(put("mine", scene(), kAnalyst).error().code, Errc::forbidden);
  ASSERT_TRUE(put("mine", scene(R"(,"state":"draft")"), kAnalyst).ok());
  EXPECT_EQ(ask("mine").error().code, Errc::not_found) << "a scene that is only a draft does not serve";
  EXPECT_TRUE(ask("mine", true).ok());
  EXPECT_EQ(withdraw("mine", {"user:6", false, false, false}).error().code, Errc::forbidden);
  ASSERT_TRUE(withdraw("mine", kAnalyst).ok());
  EXPECT_EQ(ask("mine", true).error().code, Errc::not_found);
  EXPECT_EQ(put("a@draft", scene(), {}).error().code, Errc::bad_input);
  EXPECT_EQ(put("mine", scene(R"(,"state":"perhaps")"), {}).error().code, Errc::bad_input);
  const auto own = put("mine", scene(R"(,"state":"draft")"), {});
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(approve("mine", {}).error().code, Errc::bad_input) << "nobody approves what he did not look at";
  EXPECT_EQ(approve("mine", {}, R"({"drafts":"x"})").error().code, Errc::bad_input);
  const std::string digest = own->substr(own->find("\"draft\":\"") + 9, 16);
  EXPECT_TRUE(approve("mine", {}, "{\"draft\":\"" + digest + "\"}").ok()) << "an owner may approve his own";
}

TEST_F(Scenes, ServeInTheirTimeAndHandsToo) {
  ASSERT_TRUE(
      put("over", scene(R"(,"from":"2001-01-01T00:00:00Z","until":"2002-01-01T00:00:00Z")"), {}).ok());
  const auto over = ask("over");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code, Errc::not_found);
  EXPECT_NE(over.error().expected.find("2002-01-01"), std::string::npos) << over.error().describe();
  EXPECT_EQ(ask("over", true).error().code, Errc::not_found) << "no draft of it waits";
  ASSERT_TRUE(put("over", scene(R"(,"state":"draft","until":"2002-01-01T00:00:00Z")"), {}).ok());
  EXPECT_TRUE(ask("over", true).ok()) << "a preview sees any time";
  EXPECT_NE(ask("").value().scene, "over") << "nor by its trigger";
  ASSERT_TRUE(
      put("now",
          scene(
              R"(,"from":"2001-01-01T00:00:00Z","pins":["rug",{"id":"lamp","until":"2002-01-01T00:00:00Z"}],)"
              R"("boosts":[{"id":"cup","points":2},{"id":"tea","points":3,"until":"2002-01-01T00:00:00Z"}],)"
              R"("left_out":["lamp"])"),
          kMarketing)
          .ok());
  const auto answer = ask("now");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_EQ(answer->items.size(), 2U);
  EXPECT_EQ(answer->items[0].id, "rug");
  EXPECT_EQ(answer->items[1].id, "cup") << "the boost of tea is over";
  for (const auto& [hand, id] :
       {std::pair{"schedule", ""}, {"pin", "rug"}, {"boost", "cup"}, {"left_out", "lamp"}})
    EXPECT_TRUE(has_hand(*answer, hand, id, "user:3")) << hand;
  EXPECT_EQ(answer->hands.size(), 4U);
  ASSERT_TRUE(put("now", scene(R"(,"stopped":true)"), kMarketing).ok());
  EXPECT_TRUE(has_hand(ask("now").value(), "stopped", "", "user:3"));
  ASSERT_TRUE(
      put("now", R"({"holdout":100,"lanes":[{"lane":"new","share":100,"source":"newest"}]})", {}).ok());
  RecommendQuery known;
  known.scene = "now";
  known.anonymous_id = "somebody-0123456789";
  known.after = offset_;
  const auto held = wait<RecommendAnswer>([&](auto reply) { engine_->recommend(shop_, known, reply); });
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(held->held_out);
  EXPECT_TRUE(has_hand(*held, "hold_out", "", "owner"));
}

TEST_F(Scenes, WhatWaitsSurvivesARestart) {
  const auto drafted = put("home", scene(R"(,"state":"draft","pins":["lamp"])"), kMarketing);
  ASSERT_TRUE(drafted.ok());
  const std::string digest = drafted->substr(drafted->find("\"draft\":\"") + 9, 16);
  reopen();
  EXPECT_EQ(ask("home", true).value().items.at(0).id, "lamp");
  ASSERT_TRUE(approve("home", {}, "{\"draft\":\"" + digest + "\"}").ok());
  reopen();
  EXPECT_EQ(ask("home").value().items.at(0).id, "lamp");
}

TEST_F(Scenes, AreCalledByIdsThatStandInAPath) {
  for (const char* id : {"..", ".", "", " ", "a b", "a/b", "-a", "a%00", "a?b", "\x01"})
    EXPECT_EQ(put(id, scene(), {}).error().code, Errc::bad_input) << id;
  EXPECT_EQ(put(std::string("a\0b", 3), scene(), {}).error().code, Errc::bad_input);
  for (const char* id : {"a.b", "11-11_x", "双十一"}) EXPECT_TRUE(put(id, scene(), {}).ok()) << id;
}

TEST_F(Scenes, HaveLanesOfDifferentNames) {
  const auto twice = put("mine",
                         R"({"lanes":[{"lane":"new","share":50,"source":"newest"},)"
                         R"({"lane":"new","share":50,"source":"trend"}]})",
                         {});
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.error().describe().find("two lanes are called 'new'"), std::string::npos);
  EXPECT_EQ(twice.error().where, "lanes[1].lane");
}

TEST_F(Scenes, OneThatCannotServeIsRefusedAsAnEventToo) {
  ASSERT_TRUE(put("mine", scene(R"(,"pins":["lamp"])"), {}).ok());
  const auto event = [](const char* id, const std::string& more) {
    return fmt::format(
        R"({{"type":"track","event":"Scene Published","messageId":"{}","properties":{{"scene_id":"mine",{}}}}})",
        id, more);
  };
  const std::string lanes = R"("lanes":[{"lane":"new","share":100,"source":"newest"}])";
  const auto sent = send(event("s1", R"("lanes":[{"lane":"new","share":90,"source":"newest"}])") + "," +
                         event("s2", R"("trigger":"bought(", )" + lanes) + "," +
                         track("ada", "Product Viewed", "v1", R"({"product_id":"tea"})"));
  ASSERT_TRUE(sent.ok());
  EXPECT_EQ(sent->accepted, 1U);
  EXPECT_EQ(sent->rejected, 2U);
  offset_ = sent->offset;
  const auto answer = ask("mine");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_EQ(answer->items.at(0).id, "lamp") << "the scene of before serves on";
  const auto better =
      send(event("s3", R"("trigger":"true","holdout":0,"explore":0,"pins":["rug"],)" + lanes));
  ASSERT_TRUE(better.ok());
  EXPECT_EQ(better->accepted, 1U);
}

}  // namespace
}  // namespace rapport::engine
