// Models and recommendations over the API; every answer is held to its schema. That the lists are right is
// held to in engine/recommend_engine_test.cc and decide/.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

const std::string kAnonymous = "anon-0123456789abcdef";

class RecommendHttp : public ApiOverEngine {
 protected:
  std::string offset_;

  void put(const std::string& messages) {
    const auto sent = send("POST", "/v1/batch", ingest_, R"({"batch":[)" + messages + "]}");
    ASSERT_EQ(sent.status, 200) << sent.body;
    ASSERT_EQ(text(sent, "rejected"), "0") << sent.body;
    offset_ = text(sent, "offset");
    wait();
  }
  /// What is asked next knows of the last events.
  void wait() { send("GET", "/v1/customers/u0", admin_, "", {{"X-Log-Offset", offset_}}); }

  void stock() {
    std::string messages;
    int n = 0;
    const auto add = [&](const std::string& name, const std::string& rest, const std::string& properties) {
      messages += fmt::format(R"({}{{"type":"track","event":"{}","messageId":"m{}",{}"properties":{{{}}}}})",
                              messages.empty() ? "" : ",", name, n++, rest, properties);
    };
    for (const char* id : {"tea", "cup", "coffee", "mug", "lamp"})
      add("Product Published", "",
          fmt::format(R"("product_id":"{}","name":"{}","price":10,"cost":3)", id, id));
    for (int c = 0; c < 24; ++c) {
      for (int k = 0; k < 2; ++k) {
        const char* first = c % 2 == 0 ? "tea" : "coffee";
        const char* second = c % 2 == 0 ? "cup" : "mug";
        add("Order Completed",
            fmt::format(R"("userId":"u{}","timestamp":"2026-09-{:02}T10:00:00Z",)", c, 1 + 14 * k),
            fmt::format(
                R"("order_id":"O{}","total":20,"currency":"CNY","products":[{{"product_id":"{}","quantity":1,"price":10}},{{"product_id":"{}","quantity":1,"price":10}}])",
                n, first, second));
      }
    }
    put(messages);
  }
};

TEST_F(RecommendHttp, TrainedThenRecommended) {
  stock();
  EXPECT_EQ(text(send("GET", "/v1/models", read_), "serving"), "false");
  EXPECT_EQ(send("POST", "/v1/models/train", read_, "{}").status, 403) << "reading does not train";
  const auto trained = send("POST", "/v1/models/train", admin_, "{}");
  ASSERT_EQ(trained.status, 200) << trained.body;
  EXPECT_EQ(text(trained, "baskets"), "48");
  EXPECT_EQ(text(send("GET", "/v1/models", read_), "serving"), "true");
  const auto judged = send("POST", "/v1/models/evaluate", read_,
                           R"({"models":["item-bm25"],"split":"last-basket","k":[2],"seeds":1})");
  EXPECT_EQ(judged.status, 200) << judged.body;

  const auto list =
      send("POST", "/v1/recommend", read_, R"({"customer":"u0","scene":"home","n":3,"seed":5})");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(text(list, "seed"), "5");
  EXPECT_EQ(text(send("POST", "/v1/recommend", read_, R"({"scene":"home"})"), "customer"), "")
      << "nobody is known";
  EXPECT_EQ(send("POST", "/v1/recommend", read_, R"({"anonymous_id":"never-seen-before-1"})").status, 200);
  EXPECT_EQ(send("POST", "/v1/recommend", read_, R"({"customer":"nobody"})").status, 404);
  EXPECT_EQ(send("POST", "/v1/recommend", read_, R"({"n":0})").status, 400);
  EXPECT_EQ(send("POST", "/v1/recommend", public_, "{}").status, 403);
  const auto related = send("GET", "/v1/products/tea/related?n=2", read_);
  ASSERT_EQ(related.status, 200) << related.body;
  EXPECT_NE(related.body.find(R"("item":"cup")"), std::string::npos) << related.body;
  EXPECT_EQ(send("GET", "/v1/products/nothing/related", read_).status, 404);
}

TEST_F(RecommendHttp, RulesAreListedWithTheirFigures) {
  stock();
  const auto none = send("GET", "/v1/models/rules", read_);
  ASSERT_EQ(none.status, 200) << none.body;
  EXPECT_EQ(text(none, "trained"), "false");
  ASSERT_EQ(send("POST", "/v1/models/train", admin_, "{}").status, 200);
  const auto all = send("GET", "/v1/models/rules?sort=lift", read_);
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(text(all, "matching"), "4") << all.body;
  EXPECT_EQ(text(all, "orders"), "48");
  // Of 48 orders 24 hold tea, 24 a cup, 24 both.
  const auto tea = send("GET", "/v1/models/rules?if=tea", read_);
  ASSERT_EQ(tea.status, 200) << tea.body;
  EXPECT_EQ(text(tea, "matching"), "1");
  for (const char* figure :
       {R"("item":"cup")", R"("price":"10.00")", R"("n":24)", R"("confidence":1)", R"("lift":2)",
        R"("leverage":0.25)", R"("extra":12)", R"("conviction":null)", R"("bundle_id":null)"})
    EXPECT_NE(tea.body.find(figure), std::string::npos) << figure << ": " << tea.body;
  EXPECT_EQ(send("GET", "/v1/models/rules?sort=beauty", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/models/rules?item=nothing", read_).status, 404);
  EXPECT_EQ(send("GET", "/v1/models/rules", public_).status, 403);
}

TEST_F(RecommendHttp, WhatAVisitorIsShownHoldsNothingOfTheShops) {
  stock();
  auto shown = send("GET", "/v1/shop/recommendations?limit=3&anonymous_id=" + kAnonymous, public_);
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(text(shown, "trained"), "false");
  ASSERT_EQ(send("POST", "/v1/models/train", admin_, "{}").status, 200);
  shown = send("GET", "/v1/shop/recommendations?limit=3&product=tea&anonymous_id=" + kAnonymous, public_);
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(text(shown, "trained"), "true");
  EXPECT_NE(shown.body.find(R"("product_id":"cup")"), std::string::npos) << shown.body;
  for (const char* inside : {"\"cost\"", "\"score\"", "\"propensity\"", "\"class\"", "c_"})
    EXPECT_EQ(shown.body.find(inside), std::string::npos) << inside << ": " << shown.body;
  EXPECT_EQ(send("GET", "/v1/shop/recommendations?anonymous_id=short", public_).status, 400);
}

TEST_F(RecommendHttp, PoliciesAreReplayedOrRefusedByName) {
  stock();
  const auto side_by_side = send("GET", "/v1/scenes/home/replay?days=30", read_);
  ASSERT_EQ(side_by_side.status, 200) << side_by_side.body;
  EXPECT_EQ(text(side_by_side, "impressions"), "0");
  EXPECT_NE(side_by_side.body.find(R"("check":"impressions")"), std::string::npos) << side_by_side.body;
  const auto list = send("POST", "/v1/recommend", read_, R"({"scene":"home","n":3,"seed":5})");
  ASSERT_EQ(list.status, 200) << list.body;
  put(fmt::format(R"({{"type":"track","event":"Recommendation Shown","messageId":"seen","userId":"u1",)"
                  R"("properties":{{"decision_id":"{}","position":1,"item":"tea"}}}},)"
                  R"({{"type":"track","event":"Recommendation Clicked","messageId":"click","userId":"u1",)"
                  R"("properties":{{"decision_id":"{}","position":1,"item":"tea"}}}})",
                  text(list, "decision_id"), text(list, "decision_id")));
  const auto one = send("POST", "/v1/scenes/home/whatif", read_, R"({"policy":"thompson"})");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(text(one, "impressions"), "1") << one.body;
  EXPECT_EQ(send("POST", "/v1/scenes/nothing/whatif", read_, "{}").status, 404);
  EXPECT_EQ(send("POST", "/v1/scenes/home/whatif", read_, R"({"policy":"clever"})").status, 400);
  EXPECT_EQ(send("GET", "/v1/scenes/home/replay", public_).status, 403);
}

TEST_F(RecommendHttp, ScenesArePublished) {
  stock();
  const auto scenes = send("GET", "/v1/scenes", read_);
  ASSERT_EQ(scenes.status, 200) << scenes.body;
  for (const char* id : {"onboarding", "related_need", "value_lift", "win_back", "product", "home"})
    EXPECT_NE(scenes.body.find(fmt::format(R"("scene_id":"{}")", id)), std::string::npos) << id;
  EXPECT_EQ(send("PUT", "/v1/scenes/mine", read_, "{}").status, 403);
  EXPECT_EQ(send("PUT", "/v1/scenes/mine", admin_, R"({"lanes":[{"lane":"a","share":90}]})").status, 400);
  const auto put_scene = send("PUT", "/v1/scenes/mine", admin_,
                              R"({"title":"Mine","lanes":[{"lane":"a","share":100,"source":"trend"}]})");
  ASSERT_EQ(put_scene.status, 200) << put_scene.body;
  offset_ = text(put_scene, "offset");
  wait();
  const auto list = send("POST", "/v1/recommend", read_, R"({"scene":"mine","n":2})");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(text(list, "scene"), "mine");
}

TEST_F(RecommendHttp, DraftsWaitForApproval) {
  stock();
  const std::string body =
      R"({"title":"Mine","state":"draft","lanes":[{"lane":"a","share":100,"source":"trend"}]})";
  EXPECT_EQ(send("PUT", "/v1/scenes/mine", read_, body).status, 403);
  const auto draft = send("PUT", "/v1/scenes/mine", admin_, body);
  ASSERT_EQ(draft.status, 200) << draft.body;
  EXPECT_EQ(text(draft, "state"), "draft");
  offset_ = text(draft, "offset");
  wait();
  EXPECT_EQ(send("POST", "/v1/recommend", read_, R"({"scene":"mine"})").status, 404);
  EXPECT_EQ(send("POST", "/v1/recommend", admin_, R"({"scene":"mine","draft":true})").status, 403)
      << "a preview is for people in the console";
  const auto scenes = send("GET", "/v1/scenes", read_);
  ASSERT_EQ(scenes.status, 200) << scenes.body;
  EXPECT_NE(scenes.body.find(R"("drafted_by":"key:)"), std::string::npos) << scenes.body;
  EXPECT_EQ(send("POST", "/v1/scenes/mine/approve", read_, "{}").status, 403);
  EXPECT_EQ(send("POST", "/v1/scenes/mine/approve", admin_, R"({"draft":"another"})").status, 409);
  const auto approved = send("POST", "/v1/scenes/mine/approve", admin_,
                             fmt::format(R"({{"draft":"{}"}})", text(draft, "draft")));
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(text(approved, "state"), "live");
  offset_ = text(approved, "offset");
  wait();
  const auto list = send("POST", "/v1/recommend", read_, R"({"scene":"mine","n":2})");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_NE(list.body.find(R"({"hand":"approved","by":"key:)"), std::string::npos) << list.body;
  EXPECT_EQ(send("DELETE", "/v1/scenes/mine/draft", admin_).status, 404) << "it was approved";
}

}  // namespace
}  // namespace rapport::http
