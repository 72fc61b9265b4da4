// The assistant and what it knows, over the API: every answer is held to its schema. What is told is
// engine/assistant_engine_test.cc's.

#include <thread>

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

using AssistantApi = ApiOverEngine;

TEST_F(AssistantApi, AVisitorAsksWithAPublicKeyAndReadsWhatWasSaid) {
  const std::string visitor = "a-browser-nobody-guesses-1";
  const auto first = send("POST", "/v1/shop/assistant", public_,
                          R"({"anonymous_id":")" + visitor + R"(","text":"你好","language":"zh-Hant"})");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_NE(first.body.find(R"("act":"greeting")"), std::string::npos) << first.body;
  codec::JsonIndex index;
  ASSERT_TRUE(index.parse(first.body).ok());
  const std::string contact = index.root().find("contact_id").text();
  const std::string path = "/v1/shop/assistant?anonymous_id=" + visitor + "&contact_id=" + contact;
  const auto read = send("GET", path, public_);
  EXPECT_EQ(read.status, 200);
  EXPECT_NE(read.body.find(R"("from":"customer","text":"你好")"), std::string::npos) << read.body;
  EXPECT_EQ(
      send("GET", "/v1/shop/assistant?anonymous_id=somebody-else-entirely&contact_id=" + contact, public_)
          .status,
      404);
  EXPECT_EQ(send("POST", "/v1/shop/assistant", public_, R"({"anonymous_id":"short","text":"你好"})").status,
            400);
  EXPECT_EQ(send("POST", "/v1/shop/assistant", public_,
                 R"({"anonymous_id":"a-browser-nobody-guesses-1","text":""})")
                .status,
            400);
  EXPECT_EQ(
      send("POST", "/v1/shop/assistant", public_, R"({"anonymous_id":"a-browser-nobody-guesses-1"})").status,
      400);
}

TEST_F(AssistantApi, WhoMayDoWhat) {
  EXPECT_EQ(send("POST", "/v1/assistant", public_, R"({"user_id":"ada","text":"hi"})").status, 403);
  EXPECT_EQ(send("POST", "/v1/assistant", read_, R"({"user_id":"ada","text":"hi"})").status, 403);
  EXPECT_EQ(
      send("POST", "/v1/assistant", admin_, R"({"user_id":"ada","text":"hello","dry_run":true})").status,
      200);
  EXPECT_EQ(send("PUT", "/v1/knowledge/a", read_, R"({"questions":["x"],"answer":{"en":"y"}})").status, 403);
  EXPECT_EQ(send("PUT", "/v1/knowledge/a", public_, R"({"questions":["x"],"answer":{"en":"y"}})").status,
            403);
  EXPECT_EQ(send("GET", "/v1/knowledge", public_).status, 403);
  EXPECT_EQ(send("PUT", "/v1/assistant", read_, R"({"on":false})").status, 403);
}

TEST_F(AssistantApi, KnowledgeIsPublishedListedFoundAndHeldAgainstItself) {
  const auto one = send(
      "PUT", "/v1/knowledge/warranty", admin_,
      R"({"questions":["保修多久","how long is the warranty"],"answer":{"zh-Hans":"保修两年。","en":"Two years."}})");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(send("PUT", "/v1/knowledge/other", admin_,
                 R"({"questions":["保修多久？"],"answer":{"zh-Hans":"保修 12 个月。"}})")
                .status,
            200);
  EXPECT_EQ(send("PUT", "/v1/knowledge/bad", admin_, R"({"questions":"x","answer":{"en":"y"}})").status, 400);
  EXPECT_EQ(send("PUT", "/v1/knowledge/everyday-words", admin_, R"({"questions":["x"],"answer":{"en":"y"}})")
                .status,
            400);
  const auto listed = send("GET", "/v1/knowledge?query=%E4%BF%9D%E5%9B%BA", read_);
  EXPECT_EQ(listed.status, 200);
  const auto against = send("GET", "/v1/knowledge/contradictions", read_);
  EXPECT_NE(against.body.find(R"("kind":"other_answer","answer":"other","other":"warranty")"),
            std::string::npos)
      << against.body;
  const auto found = send("GET", "/v1/shop/answers?q=How%20long%20is%20the%20warranty&language=en", public_);
  EXPECT_NE(found.body.find(R"("text":"Two years.")"), std::string::npos) << found.body;
  EXPECT_EQ(send("GET", "/v1/knowledge?state=weather", read_).status, 400);
}

TEST_F(AssistantApi, MediaOfAnAnswerLeadNowhereThatRuns) {
  const auto put = [&](const std::string& media) {
    return send("PUT", "/v1/knowledge/m", admin_,
                R"({"questions":["how do I fit it"],"answer":{"en":"Like this."},"media":[)" + media + "]}");
  };
  for (const char* bad :
       {R"x("javascript:alert(1)")x", R"x("JavaScript:alert(1)")x", R"x("data:text/html,x")x",
        R"x("http://a.example/x")x", R"x("//a.example/x")x", R"x("/\\a.example/x")x", R"x("https://")x",
        R"x("https:///x")x", R"x(" https://a.example/x")x", R"x("https://a.example/\"><img src=x>")x",
        R"x("https://shop.example@evil.example/x")x", R"x("a.jpg")x",
        R"x("https://a.example/1.jpg","javascript:alert(1)")x"}) {
    const auto refused = put(bad);
    EXPECT_EQ(refused.status, 400) << bad << refused.body;
    EXPECT_NE(refused.body.find("media"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(put(R"("https://a.example/1.jpg?w=2#x","/media/2.mp4")").status, 200);
  const auto found = send("GET", "/v1/shop/answers?q=how%20do%20I%20fit%20it&language=en", public_);
  EXPECT_NE(found.body.find(R"("media":["https://a.example/1.jpg?w=2#x","/media/2.mp4"])"), std::string::npos)
      << found.body;
  // What comes as an event is not refused, and not led to.
  const std::string noun =
      R"x({"event":"Content Published","messageId":"n1","anonymousId":"shop","properties":{"content_id":"m","content_kind":"answer","hidden":true,"questions":["how do I fit it"],"answer":{"en":"So."},"media":["javascript:alert(1)","https://a.example/3.jpg"]}})x";
  ASSERT_EQ(send("POST", "/v1/t", admin_, noun).status, 200);
  std::string told;
  for (int i = 0; i < 500 && told.find("So.") == std::string::npos; ++i) {
    told = send("GET", "/v1/shop/answers?q=how%20do%20I%20fit%20it&language=en", public_).body;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_NE(told.find(R"("media":["https://a.example/3.jpg"])"), std::string::npos) << told;
}

TEST_F(AssistantApi, TheCardAndTheSwitch) {
  EXPECT_EQ(send("PUT", "/v1/assistant", admin_, R"({"precision":0.95})").status, 200);
  const auto card = send("GET", "/v1/assistant/card", read_);
  EXPECT_EQ(card.status, 200);
  EXPECT_NE(card.body.find(R"("precision_wanted":0.95)"), std::string::npos) << card.body;
  EXPECT_EQ(send("PUT", "/v1/assistant", admin_, R"({"on":false})").status, 200);
  const auto off = send("POST", "/v1/shop/assistant", public_,
                        R"({"anonymous_id":"a-browser-nobody-guesses-1","text":"hi"})");
  EXPECT_EQ(off.status, 422) << off.body;
}

TEST_F(AssistantApi, AVisitorBooksWithinTheRoomAndAPageDoesNotGoRoundIt) {
  const std::string noun =
      R"({"event":"Service Published","messageId":"n1","anonymousId":"shop","properties":{"service_id":"S-fit","title":"上门安装","capacity":1}})";
  ASSERT_EQ(send("POST", "/v1/t", admin_, noun).status, 200);
  const auto times = send("GET", "/v1/shop/services/S-fit/times?days=3&limit=5", public_);
  ASSERT_EQ(times.status, 200) << times.body;
  const std::size_t at = times.body.find(R"("at":")");
  ASSERT_NE(at, std::string::npos) << times.body;
  const std::string when = times.body.substr(at + 6, times.body.find('"', at + 6) - at - 6);
  const auto book = [&](const std::string& visitor, const std::string& service, const std::string& moment) {
    return send("POST", "/v1/shop/bookings", public_,
                R"({"anonymous_id":")" + visitor + R"(","service_id":")" + service + R"(","for":")" + moment +
                    R"("})");
  };
  const auto booked = book("a-browser-nobody-guesses-1", "S-fit", when);
  ASSERT_EQ(booked.status, 200) << booked.body;
  EXPECT_NE(booked.body.find(R"("booked":true)"), std::string::npos) << booked.body;
  const auto full = book("a-browser-nobody-guesses-2", "S-fit", when);
  EXPECT_NE(full.body.find(R"("why":"full")"), std::string::npos) << full.body;
  EXPECT_EQ(book("short", "S-fit", when).status, 400);
  EXPECT_EQ(book("a-browser-nobody-guesses-2", "S-none", when).status, 404);
  EXPECT_EQ(book("a-browser-nobody-guesses-2", "S-fit", "tomorrow").status, 400);
  const auto no_zone = book("a-browser-nobody-guesses-2", "S-fit", when.substr(0, when.size() - 1));
  EXPECT_EQ(no_zone.status, 400) << no_zone.body;
  EXPECT_NE(no_zone.body.find("a time with its zone"), std::string::npos) << no_zone.body;
  EXPECT_EQ(send("GET", "/v1/shop/services/S-none/times", public_).status, 404);
  const auto page = [&](const std::string& key, const std::string& id, const std::string& service) {
    return send("POST", "/v1/t", key,
                R"({"event":"Service Booked","messageId":")" + id +
                    R"(","anonymousId":"a-browser-nobody-guesses-3","properties":{"service_id":")" + service +
                    R"(","for":")" + when + R"("}})");
  };
  const auto refused = page(public_, "b1", "S-fit");
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_NE(refused.body.find("/v1/shop/bookings"), std::string::npos) << "it tells the door";
  EXPECT_EQ(page(public_, "b2", "S-other").status, 200) << "no hours and no room to keep to";
  EXPECT_EQ(page(admin_, "b3", "S-fit").status, 200) << "the shop's server knows";
}

TEST_F(AssistantApi, AVisitorCancelsHerOwnAppointmentAndAPageNobodyElses) {
  const std::string noun =
      R"({"event":"Service Published","messageId":"n1","anonymousId":"shop","properties":{"service_id":"S-fit","title":"上门安装","capacity":1}})";
  ASSERT_EQ(send("POST", "/v1/t", admin_, noun).status, 200);
  const auto times = send("GET", "/v1/shop/services/S-fit/times?days=3&limit=5", public_);
  const std::size_t at = times.body.find(R"("at":")");
  ASSERT_NE(at, std::string::npos) << times.body;
  const std::string when = times.body.substr(at + 6, times.body.find('"', at + 6) - at - 6);
  const auto ask = [&](const std::string& path, const std::string& visitor, const std::string& more = "") {
    return send(
        "POST", path, public_,
        R"({"anonymous_id":")" + visitor + R"(","service_id":"S-fit","for":")" + when + R"(")" + more + "}");
  };
  const std::string hers = "a-browser-nobody-guesses-1", other = "a-browser-nobody-guesses-2";
  ASSERT_EQ(ask("/v1/shop/bookings", hers).status, 200);
  EXPECT_EQ(ask("/v1/shop/bookings/cancel", other).status, 404);
  EXPECT_EQ(ask("/v1/shop/bookings/cancel", "short").status, 400);
  EXPECT_EQ(ask("/v1/shop/bookings/cancel", hers, R"(,"reason":"x")").status, 400);
  const auto page = [&](const std::string& id, const std::string& visitor) {
    return send("POST", "/v1/t", public_,
                R"({"event":"Booking Cancelled","messageId":")" + id + R"(","anonymousId":")" + visitor +
                    R"(","properties":{"service_id":"S-fit","for":")" + when + R"("}})");
  };
  const auto refused = page("c1", other);
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_NE(refused.body.find("/v1/shop/bookings/cancel"), std::string::npos) << "it tells the door";
  EXPECT_NE(ask("/v1/shop/bookings", other).body.find(R"("why":"full")"), std::string::npos) << "hers stands";
  const auto done = ask("/v1/shop/bookings/cancel", hers);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_NE(done.body.find(R"("cancelled":true)"), std::string::npos) << done.body;
  EXPECT_EQ(ask("/v1/shop/bookings/cancel", hers).status, 200) << "a second click";
  ASSERT_NE(ask("/v1/shop/bookings", other).body.find(R"("booked":true)"), std::string::npos);
  EXPECT_EQ(page("c2", other).status, 200) << "its own";
  EXPECT_NE(ask("/v1/shop/bookings", hers).body.find(R"("booked":true)"), std::string::npos);
}

TEST_F(AssistantApi, AnAnswerIsMarkedByWhoMayAct) {
  const auto first = send("POST", "/v1/shop/assistant", public_,
                          R"({"anonymous_id":"a-browser-nobody-guesses-1","text":"你好"})");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(send("POST", "/v1/assistant/answers/1/wrong", public_, "").status, 403);
  EXPECT_EQ(send("POST", "/v1/assistant/answers/1/wrong", read_, "").status, 403);
  EXPECT_EQ(send("POST", "/v1/assistant/answers/x/wrong", admin_, "").status, 400);
  EXPECT_EQ(send("POST", "/v1/assistant/answers/9999/wrong", admin_, "").status, 404);
  EXPECT_EQ(send("DELETE", "/v1/assistant/answers/1/wrong", read_, "").status, 403);
  EXPECT_EQ(send("DELETE", "/v1/assistant/answers/9999/wrong", admin_, "").status, 404);
}

}  // namespace
}  // namespace rapport::http
