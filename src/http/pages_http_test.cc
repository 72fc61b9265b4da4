// What a key that stands in web pages can do to what is not its visitor's: nothing, whatever number, name or
// message id it guesses. Over a real engine; every answer is held to its schema.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

const std::string kGuesser = "anon-guesser-0000000001";

class PagesHttp : public ApiOverEngine {
 protected:
  static std::string event(const std::string& name, const std::string& who, const std::string& id,
                           const std::string& properties, const std::string& more = "") {
    return fmt::format(R"({{"type":"track",{},"messageId":"{}","event":"{}","properties":{{{}}}{}}})", who,
                       id, name, properties, more);
  }
  static std::string order(const std::string& who, const std::string& id, const std::string& total,
                           const std::string& phone) {
    return event("Order Completed", who, "m-" + id + "-" + total,
                 fmt::format(R"("order_id":"{}","total":"{}","currency":"CNY",)"
                             R"("products":[{{"product_id":"P1","quantity":1,"price":"{}"}}])",
                             id, total, total),
                 fmt::format(R"(,"context":{{"externalIds":[{{"type":"phone","id":"{}"}}]}})", phone));
  }
  void put(const std::string& key, const std::string& messages) {
    const auto sent = send("POST", "/v1/batch", key, R"({"batch":[)" + messages + "]}");
    ASSERT_EQ(sent.status, 200) << sent.body;
    ASSERT_EQ(text(sent, "rejected"), "0") << sent.body;
    offset_ = text(sent, "offset");
    me("anon-waits-until-folded");
  }
  ClientReply me(const std::string& browser, const std::string& proof = "") {
    Headers headers = {{"X-Log-Offset", offset_}};
    if (!proof.empty()) headers.push_back({"X-Rapport-Proof", proof});
    return send("GET", "/v1/shop/me?anonymous_id=" + browser, public_, "", headers);
  }
  static bool has(const ClientReply& reply, const std::string& part) {
    return reply.body.find(part) != std::string::npos;
  }
  const std::string guesser_ = R"("anonymousId":")" + kGuesser + '"';
  std::string offset_;
};

TEST_F(PagesHttp, AnOldProofOpensNothingOnceTheShopHasSpoken) {
  put(public_, order(guesser_, "O-1", "1.00", "13911111111"));
  const auto opened =
      send("POST", "/v1/shop/proof", public_,
           fmt::format(R"({{"anonymous_id":"{}","order_id":"O-1","contact":"13911111111"}})", kGuesser));
  ASSERT_EQ(opened.status, 200) << opened.body;
  const std::string proof = text(opened, "proof");
  EXPECT_TRUE(has(me(kGuesser, proof), R"("total":"1.00")"));
  put(ingest_, order(R"("userId":"vic")", "O-1", "400.00", "13922222222"));
  EXPECT_FALSE(has(me(kGuesser, proof), "O-1")) << me(kGuesser, proof).body;
  const auto back = send("POST", "/v1/shop/returns", public_,
                         fmt::format(R"({{"anonymous_id":"{}","order_id":"O-1","reason":"size"}})", kGuesser),
                         {{"X-Rapport-Proof", proof}});
  EXPECT_EQ(back.status, 404) << back.body;
}

TEST_F(PagesHttp, AReturnOfAGuessedOrderStandsInNobodysWay) {
  put(public_, order(guesser_, "O-2", "1.00", "13911111111"));
  me(kGuesser);  // folded
  const auto guessed =
      send("POST", "/v1/shop/returns", public_,
           fmt::format(R"({{"anonymous_id":"{}","order_id":"O-2","reason":"size"}})", kGuesser));
  ASSERT_EQ(guessed.status, 200) << guessed.body;
  const std::string browser = "anon-victims-own-000001";
  put(ingest_, order(R"("userId":"vic","anonymousId":")" + browser + '"', "O-2", "400.00", "13922222222"));
  me(browser);
  // Nobody pays it back any more.
  const auto paid = send("POST", "/v1/returns/" + text(guessed, "return_id") + "/update", admin_,
                         R"({"state":"refunded","amount":"50.00"})");
  EXPECT_EQ(paid.status, 409) << paid.body;
  const auto hers = send("POST", "/v1/shop/returns", public_,
                         fmt::format(R"({{"anonymous_id":"{}","order_id":"O-2","reason":"size"}})", browser));
  ASSERT_EQ(hers.status, 200) << hers.body;
  EXPECT_NE(text(hers, "return_id"), text(guessed, "return_id"));
  const auto queue = send("GET", "/v1/returns", admin_, "", {{"X-Log-Offset", text(hers, "offset")}});
  EXPECT_LT(queue.body.find(text(hers, "return_id")), queue.body.find(text(guessed, "return_id")))
      << queue.body;
}

TEST_F(PagesHttp, AReviewIsTheShopsWhateverAPageSaidBefore) {
  put(ingest_, event("Product Published", R"("userId":"shop")", "p1",
                     R"("product_id":"P1","name":"Lamp","price":10.00,"currency":"CNY")"));
  const auto shown = [&] { return send("GET", "/v1/shop/products/P1/reviews", public_); };
  put(public_, event("Review Posted", guesser_, "g1",
                     R"("review_id":"V-9","product_id":"P1","rating":1,"text":"GUESSER junk")"));
  EXPECT_TRUE(has(shown(), "GUESSER"));
  put(ingest_, event("Review Posted", R"("userId":"vic")", "v1",
                     R"("review_id":"V-9","product_id":"P1","rating":5,"text":"It is bright")"));
  EXPECT_FALSE(has(shown(), "GUESSER")) << shown().body;
  EXPECT_TRUE(has(shown(), "It is bright")) << shown().body;
  EXPECT_EQ(text(shown(), "by_stars"), "[0,0,0,0,1]");
  put(public_, event("Review Followed Up", R"("anonymousId":"anon-somebody-else-001")", "f1",
                     R"("review_id":"V-9","text":"it exploded")"));
  EXPECT_FALSE(has(shown(), "exploded")) << shown().body;
  put(public_, event("Review Posted", guesser_, "g2",
                     R"("review_id":"V-9","product_id":"P1","rating":1,"text":"GUESSER again")"));
  EXPECT_FALSE(has(shown(), "GUESSER")) << shown().body;
}

TEST_F(PagesHttp, EventsInHerNamePushNothingOfHersOut) {
  const std::string browser = "anon-victims-own-000001";
  put(ingest_, order(R"("userId":"vic")", "O-7", "400.00", "13922222222") + "," +
                   event("Coupon Granted", R"("userId":"vic")", "c1",
                         R"("coupon_id":"C-7","coupon_value":"10.00","currency":"CNY")") +
                   "," +
                   event("Return Requested", R"("userId":"vic")", "r1",
                         R"("return_id":"R-7","order_id":"O-7","reason":"size")"));
  std::string flood;
  for (int i = 0; i < 5'500; ++i) {
    flood += (flood.empty() ? "" : ",") +
             event("Product Viewed", R"("userId":"vic")", fmt::format("f{}", i), R"("product_id":"P1")");
    if (i % 1'000 != 999) continue;
    put(public_, flood);
    flood.clear();
  }
  for (int i = 0; i < 60; ++i) {
    flood += "," + event("Return Requested", R"("userId":"vic")", fmt::format("b{}", i),
                         fmt::format(R"("return_id":"B-{}","order_id":"O-7","reason":"size")", i));
  }
  put(public_, flood.substr(flood.front() == ',' ? 1 : 0));
  const auto vouched = send("POST", "/v1/visitors/proof", ingest_,
                            fmt::format(R"({{"anonymous_id":"{}","subject":"vic"}})", browser));
  ASSERT_EQ(vouched.status, 200) << vouched.body;
  const auto seen = me(browser, text(vouched, "proof"));
  for (const char* mine : {R"("order_id":"O-7")", R"("coupon_id":"C-7")", R"("return_id":"R-7")"})
    EXPECT_TRUE(has(seen, mine)) << mine << seen.body.substr(0, 2'000);
}

TEST_F(PagesHttp, ReasonsAreForWhoMayReveal) {
  put(ingest_, order(R"("userId":"vic")", "O-3", "400.00", "13922222222") + "," +
                   event("Ticket Opened", R"("userId":"vic")", "t1",
                         R"("ticket_id":"T-3","class":"logistics","order_id":"O-3")"));
  const auto asked =
      send("POST", "/v1/tickets/T-3/actions", admin_,
           R"({"action":"refund","key":"k1","reason":"she is rude","amount":"600","agent":"li"})");
  const auto small = send(
      "POST", "/v1/tickets/T-3/actions", admin_,
      R"({"action":"refund","key":"k2","reason":"she is rude","amount":"60","agent":"li","role":"agent"})");
  EXPECT_EQ(asked.status, 422) << asked.body;
  ASSERT_EQ(small.status, 200) << small.body;
  for (const char* path : {"/v1/tickets/T-3/actions", "/v1/desk/actions"}) {
    EXPECT_TRUE(has(send("GET", path, admin_), "she is rude")) << path;
    EXPECT_FALSE(has(send("GET", path, read_), "rude")) << path;
    EXPECT_TRUE(has(send("GET", path, read_), R"("amount":"60.00")")) << path;
  }
}

}  // namespace
}  // namespace rapport::http
