// What customers say, over the API: every answer is held to its schema. What is told is
// engine/feedback_engine_test.cc's.

#include <future>

#include "engine/engine_feedback.h"
#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

class FeedbackApi : public ApiOverEngine {
 protected:
  void listen() {
    std::promise<bool> begun;
    engine::listen_to_feedback(*engine_, shop_,
                               [&](const Result<std::size_t>& n) { begun.set_value(n.ok()); });
    ASSERT_TRUE(begun.get_future().get());
  }
  /// The list, once what is in the log was listened to.
  ClientReply listened() {
    for (int i = 0; i < 12'000; ++i) {
      const ClientReply answer = send("GET", "/v1/feedback", admin_);
      if (answer.body.find(R"("behind":0})") != std::string::npos) return send("GET", "/v1/feedback", admin_);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the listener does not come to the log's end";
    return {};
  }
};

TEST_F(FeedbackApi, ListedCorrectedAnsweredAndBoiledDown) {
  listen();
  std::string batch;
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    batch += (i > 0 ? "," : "") + std::string(R"({"type":"track","userId":"u)") + n + R"(","messageId":"m)" +
             n + R"(","event":"Review Posted","properties":{"review_id":"V)" + n +
             R"(","product_id":"P1","rating":1,"text":"电池太不耐用了，快递很快！"}})";
  }
  ASSERT_EQ(send("POST", "/v1/batch", ingest_, R"({"batch":[)" + batch + "]}").status, 200);
  const auto all = listened();
  EXPECT_NE(all.body.find(R"("text":"电池太不耐用了，")"), std::string::npos) << all.body;
  const auto masked = send("GET", "/v1/feedback?department=product&sentiment=negative&limit=2", read_);
  EXPECT_EQ(masked.status, 200) << masked.body;
  EXPECT_EQ(masked.body.find("电池"), std::string::npos) << "texts are for those who may reveal";
  EXPECT_EQ(send("GET", "/v1/feedback", ingest_).status, 403);
  EXPECT_EQ(send("GET", "/v1/feedback?class=weather", read_).status, 400);

  // By what was said: in either script, page by page, and not for those who may not read it.
  const std::string battery = "%E9%9B%BB%E6%B1%A0";  // 電池; it was written 电池
  const auto found = send("GET", "/v1/feedback?limit=3&phrase=" + battery, admin_);
  EXPECT_EQ(found.status, 200) << found.body;
  EXPECT_NE(found.body.find(R"("id":"V3")"), std::string::npos) << found.body;
  EXPECT_EQ(found.body.find(R"("id":"V0")"), std::string::npos) << found.body;
  const auto rest =
      send("GET", "/v1/feedback?limit=3&phrase=" + battery + "&before=" + text(found, "next"), admin_);
  EXPECT_NE(rest.body.find(R"("id":"V0")"), std::string::npos) << rest.body;
  EXPECT_EQ(rest.body.find(R"("id":"V1")"), std::string::npos) << "each once: " << rest.body;
  EXPECT_NE(rest.body.find(R"("next":null)"), std::string::npos) << rest.body;
  const auto nobody = send("GET", "/v1/feedback?phrase=weather", admin_);
  EXPECT_NE(nobody.body.find(R"("feedback":[],"next":null)"), std::string::npos) << nobody.body;
  EXPECT_EQ(send("GET", "/v1/feedback?phrase=" + battery, read_).status, 403)
      << "who may not read it may not ask for it";
  EXPECT_EQ(send("GET", "/v1/feedback?phrase=" + std::string(200, 'a'), admin_).status, 413);

  // Departments are named as the service levels name them.
  EXPECT_NE(masked.body.find(R"("department":"product")"), std::string::npos) << masked.body;
  EXPECT_EQ(send("GET", "/v1/feedback?department=hardware", read_).status, 400);
  ASSERT_EQ(send("PUT", "/v1/service-levels", admin_, R"({"departments":{"product":"hardware"}})").status,
            200);
  const auto renamed = send("GET", "/v1/feedback?department=hardware&limit=2", read_);
  EXPECT_NE(renamed.body.find(R"("department":"hardware")"), std::string::npos) << renamed.body;
  EXPECT_EQ(send("GET", "/v1/feedback?department=product", read_).status, 400);

  const auto corrected = send("POST", "/v1/feedback/V1/correct", admin_,
                              R"({"clauses":[{"class":"service","sentiment":-1,"aspect":"repair"}]})");
  EXPECT_EQ(corrected.status, 200) << corrected.body;
  const auto after =
      send("GET", "/v1/feedback?state=corrected", admin_, "", {{"X-Log-Offset", text(corrected, "offset")}});
  EXPECT_NE(after.body.find(R"("id":"V1")"), std::string::npos) << after.body;
  EXPECT_EQ(send("POST", "/v1/feedback/V1/correct", read_, R"({"clauses":[]})").status, 403);
  EXPECT_EQ(send("POST", "/v1/feedback/V99/correct", admin_, R"({"clauses":[]})").status, 404);

  EXPECT_EQ(send("GET", "/v1/feedback/V1/reply", read_).status, 403);
  EXPECT_EQ(send("GET", "/v1/feedback/V1/reply?language=zh-Hant", admin_).status, 200);
  EXPECT_EQ(send("GET", "/v1/feedback/V1/reply?language=fr", admin_).status, 400);
  EXPECT_EQ(send("POST", "/v1/feedback/V1/reply", admin_, R"({"text":"谢谢"})").status, 201);
  EXPECT_EQ(send("POST", "/v1/feedback/V1/reply", admin_, R"({"text":""})").status, 400);

  const auto pains = send("GET", "/v1/feedback/pains?sort=rising", read_);
  EXPECT_EQ(pains.status, 200) << pains.body;
  EXPECT_EQ(send("GET", "/v1/feedback/pains?days=3", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/feedback/pains?sort=loudest", read_).status, 400);
}

TEST_F(FeedbackApi, ATextIsTriedAndNothingIsKept) {
  const auto said =
      send("POST", "/v1/feedback/classify", read_, R"({"text":"客服态度很差😡 but fast delivery"})");
  ASSERT_EQ(said.status, 200) << said.body;
  EXPECT_NE(said.body.find(R"("classes":["service"])"), std::string::npos) << said.body;
  EXPECT_EQ(send("POST", "/v1/feedback/classify", read_, R"({"text":""})").status, 200);
  EXPECT_EQ(send("POST", "/v1/feedback/classify", read_, R"({})").status, 400);
  const std::string huge(1'100'000, 'a');
  EXPECT_EQ(send("POST", "/v1/feedback/classify", read_, R"({"text":")" + huge + R"("})").status, 413);
}

}  // namespace
}  // namespace rapport::http
