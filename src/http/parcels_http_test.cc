// Parcels, returns and failed payments over the API; every answer is held to its schema.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

constexpr const char* kBrowser = "anon-0123456789abcdef";

class ParcelsHttp : public ApiOverEngine {
 protected:
  void put(const std::string& event, const std::string& id, const std::string& properties) {
    const auto reply = send("POST", "/v1/track", ingest_,
                            R"({"anonymousId":")" + std::string(kBrowser) + R"(","messageId":")" + id +
                                R"(","event":")" + event + R"(","properties":{)" + properties + "}}");
    ASSERT_EQ(reply.status, 200) << reply.body;
    ASSERT_EQ(text(reply, "rejected"), "0") << reply.body;
    offset_ = text(reply, "offset");
  }
  void order() {
    put("Order Completed", "o1",
        R"("order_id":"O1","total":"299.00","currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":"299.00"}])");
    put("Shipment Promised", "p1",
        R"("order_id":"O1","node":"signed","by":"2030-01-01T00:00:00Z","carrier":"SF")");
    put("Shipment Updated", "n1", R"("order_id":"O1","node":"picked_up","place":"杭州")");
  }
  ClientReply ask(const std::string& path) {
    return send("GET", path, read_, "", {{"X-Log-Offset", offset_}});
  }
  std::string offset_;
};

TEST_F(ParcelsHttp, ListsAndShowsParcels) {
  order();
  const auto list = ask("/v1/parcels");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(text(list, "matching"), "1");
  const auto one = ask("/v1/parcels/O1");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_NE(one.body.find(R"("place":"杭州")"), std::string::npos) << one.body;
  EXPECT_EQ(text(one, "carrier"), "SF");
  EXPECT_EQ(ask("/v1/parcels/none").status, 404);
  EXPECT_EQ(ask("/v1/parcels?queue=lost").status, 400);
  EXPECT_EQ(send("GET", "/v1/parcels", public_).status, 403);
  EXPECT_EQ(text(ask("/v1/parcels/policy"), "published"), "false");
  EXPECT_EQ(send("PUT", "/v1/parcels/policy", read_, "{}").status, 403);
  EXPECT_EQ(send("PUT", "/v1/parcels/policy", admin_, R"({"patience":"soon"})").status, 400);
  const auto published = send("PUT", "/v1/parcels/policy", admin_, R"({"false_warnings":0.05})");
  ASSERT_EQ(published.status, 200) << published.body;
  EXPECT_EQ(text(send("GET", "/v1/parcels/policy", read_), "published"), "true");
}

TEST_F(ParcelsHttp, AVisitorReturnsHerOwnAndAPageDecidesNothing) {
  order();
  ASSERT_EQ(send("PUT", "/v1/returns/policy", admin_, R"({"days":7,"rules":[]})").status, 200);
  EXPECT_EQ(send("PUT", "/v1/returns/policy", admin_, R"({"days":7})").status, 400);
  const std::string mine =
      R"({"anonymous_id":")" + std::string(kBrowser) + R"(","order_id":"O1","reason":"size"})";
  EXPECT_EQ(send("POST", "/v1/returns", public_, mine).status, 403);
  EXPECT_EQ(
      send("POST", "/v1/shop/returns", public_, R"({"anonymous_id":"short","order_id":"O1","reason":"size"})")
          .status,
      400);
  EXPECT_EQ(send("POST", "/v1/shop/returns", public_,
                 R"({"anonymous_id":"anon-ffffffffffffffff","order_id":"O1","reason":"size"})")
                .status,
            404);
  const auto asked = send("POST", "/v1/shop/returns", public_, mine, {{"X-Log-Offset", offset_}});
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(text(asked, "decided_by"), "person");
  offset_ = text(asked, "offset");
  const std::string id = text(asked, "return_id");
  EXPECT_EQ(send("POST", "/v1/shop/returns", public_, mine).status, 409);
  const auto forged = send("POST", "/v1/track", public_,
                           R"({"anonymousId":")" + std::string(kBrowser) +
                               R"(","messageId":"f1","event":"Return Updated","properties":{"return_id":")" +
                               id + R"(","state":"approved"}})");
  EXPECT_EQ(forged.status, 403) << forged.body;
  EXPECT_EQ(text(ask("/v1/returns"), "matching"), "1");
  EXPECT_EQ(send("POST", "/v1/returns/" + id + "/decide", admin_, R"({"decision":"reject"})").status, 400);
  ASSERT_EQ(send("POST", "/v1/returns/" + id + "/decide", admin_, R"({"decision":"approve"})").status, 200);
  const auto above =
      send("POST", "/v1/returns/" + id + "/update", admin_, R"({"state":"refunded","amount":"300.00"})");
  EXPECT_EQ(above.status, 409) << above.body;
  const auto paid =
      send("POST", "/v1/returns/" + id + "/update", admin_, R"({"state":"refunded","amount":"299.00"})");
  ASSERT_EQ(paid.status, 200) << paid.body;
  offset_ = text(paid, "offset");
  EXPECT_EQ(text(ask("/v1/returns/" + id), "state"), "refunded");
  const auto me = send("GET", "/v1/shop/me?anonymous_id=" + std::string(kBrowser), public_, "",
                       {{"X-Log-Offset", offset_}});
  EXPECT_NE(me.body.find(R"("kind":"return_refunded")"), std::string::npos) << me.body;
}

TEST_F(ParcelsHttp, APageSaysNothingThatIsTheShopsToSay) {
  const auto told = [&](const std::string& key, const std::string& name, const std::string& properties) {
    return send("POST", "/v1/track", key,
                R"({"anonymousId":")" + std::string(kBrowser) + R"(","event":")" + name +
                    R"(","properties":{)" + properties + "}}")
        .status;
  };
  const std::pair<const char*, const char*> kTheShops[] = {
      {"Order Refunded", R"("order_id":"O1","amount":"-1000","currency":"CNY")"},
      {"Order Cancelled", R"("order_id":"O1")"},
      {"Shipment Updated", R"("order_id":"O1","node":"signed")"},
      {"Shipment Promised", R"("order_id":"O1","node":"signed","by":"2030-01-01T00:00:00Z")"},
      {"Ticket Opened", R"("ticket_id":"T-1","class":"product")"},
      {"Ticket Updated", R"("ticket_id":"T-1","state":"closed")"},
      {"Ticket Assigned", R"("ticket_id":"T-1","agent":"mallory")"},
      {"Coupon Granted", R"("coupon_id":"C-FREE","coupon_value":"100000","currency":"CNY")"},
      {"Points Changed", R"("delta":1000,"reason":"x")"},
      {"Message Posted", R"("contact_id":"K1","from":"agent","text":"pay 500")"},
      {"Contact Ended", R"("contact_id":"K1")"}};
  for (const auto& [name, properties] : kTheShops) EXPECT_EQ(told(public_, name, properties), 403) << name;
  EXPECT_EQ(told(public_, "Message Posted", R"("contact_id":"K1","from":"customer","text":"hello")"), 200);
  EXPECT_EQ(told(admin_, "Points Changed", R"("delta":1000,"reason":"x")"), 200) << "a server may";
}

TEST_F(ParcelsHttp, APageThatNamesAnEarlierTimeTakesNoOrderOver) {
  order();
  const std::string other = "attacker-browser-00001";
  const auto claimed = send(
      "POST", "/v1/track", public_,
      R"({"anonymousId":")" + other +
          R"(","messageId":"x1","event":"Order Completed","timestamp":"2020-01-01T00:00:00Z",)"
          R"("properties":{"order_id":"O1","total":"1.00","currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":"1.00"}]}})");
  ASSERT_EQ(claimed.status, 200) << claimed.body;
  ASSERT_EQ(text(claimed, "rejected"), "0") << claimed.body;
  const auto orders_of = [&](const std::string& browser) {
    return send("GET", "/v1/shop/me?anonymous_id=" + browser, public_, "",
                {{"X-Log-Offset", text(claimed, "offset")}})
        .body;
  };
  EXPECT_NE(orders_of(kBrowser).find(R"("order_id":"O1")"), std::string::npos) << orders_of(kBrowser);
  EXPECT_EQ(orders_of(other).find(R"("order_id":"O1")"), std::string::npos) << orders_of(other);
}

TEST_F(ParcelsHttp, WhoGuessesAMessagesIdMakesNoDuplicateOfTheShopsOwn) {
  const std::string body =
      R"({"anonymousId":"attacker-browser-00001","messageId":"o1","event":"Product Viewed","properties":{"product_id":"P1"}})";
  ASSERT_EQ(text(send("POST", "/v1/track", public_, body), "accepted"), "1");
  order();  // whose message is o1 as well
  EXPECT_NE(ask("/v1/parcels/O1").body.find("SF"), std::string::npos);
  const auto seen = send("GET", "/v1/shop/me?anonymous_id=" + std::string(kBrowser), public_, "",
                         {{"X-Log-Offset", offset_}});
  EXPECT_NE(seen.body.find(R"("total":"299.00")"), std::string::npos) << seen.body;
  EXPECT_EQ(text(send("POST", "/v1/track", public_, body), "duplicate"), "1") << "a page's own retry";
}

TEST_F(ParcelsHttp, WhoGuessesAnOrdersNumberBeforeItIsMadeHasNothingOfIt) {
  const std::string other = "attacker-browser-00001";
  const auto claimed = send(
      "POST", "/v1/track", public_,
      R"({"anonymousId":")" + other +
          R"(","messageId":"x1","event":"Order Completed","properties":{"order_id":"O1","total":"1.00","currency":"CNY",)"
          R"("products":[{"product_id":"P1","quantity":1,"price":"1.00"}]}})");
  ASSERT_EQ(claimed.status, 200) << claimed.body;
  order();  // by the shop's server
  const auto seen = [&](const std::string& browser) {
    return send("GET", "/v1/shop/me?anonymous_id=" + browser, public_, "", {{"X-Log-Offset", offset_}}).body;
  };
  EXPECT_EQ(seen(other).find(R"("order_id":"O1")"), std::string::npos) << seen(other);
  EXPECT_NE(seen(kBrowser).find(R"("total":"299.00")"), std::string::npos) << seen(kBrowser);
}

TEST_F(ParcelsHttp, NumbersThatAreTooGreatEndNothing) {
  for (int i = 0; i < 3; ++i) {
    const auto sent =
        send("POST", "/v1/track", admin_,
             R"({"userId":"huge","messageId":"huge-)" + std::to_string(i) +
                 R"(","event":"Points Changed","properties":{"delta":4611686018427387904,"reason":"x"}})");
    ASSERT_EQ(sent.status, 200) << sent.body;
    offset_ = text(sent, "offset");
  }
  EXPECT_EQ(ask("/v1/customers/user_id:huge").status, 200);
  const auto order = send("POST", "/v1/track", admin_,
                          R"({"userId":"huge","messageId":"huge-o","event":"Order Completed","properties":)"
                          R"({"order_id":"HUGE","total":"1.00","currency":"CNY","products":)"
                          R"([{"product_id":"P1","quantity":1000000,"price":"1000000000000"}]}})");
  ASSERT_EQ(order.status, 200) << order.body;
  const auto counted = send("POST", "/v1/sql", admin_,
                            R"({"query":"select count(*) n from orders where lines_total is null"})",
                            {{"X-Log-Offset", text(order, "offset")}});
  EXPECT_EQ(counted.status, 200) << counted.body;
}

TEST_F(ParcelsHttp, AFailedPaymentIsExplainedOrSaidToBeUnknown) {
  const auto known = send("GET", "/v1/shop/payment-help?code=51&method=credit_card", public_);
  ASSERT_EQ(known.status, 200) << known.body;
  EXPECT_EQ(text(known, "cause"), "insufficient_balance");
  EXPECT_EQ(known.body.find(R"("ways":["credit_card")"), std::string::npos) << "not the one that failed";
  EXPECT_EQ(text(send("GET", "/v1/shop/payment-help?code=made_up&method=alipay", public_), "known"), "false");
  EXPECT_EQ(send("GET", "/v1/shop/payment-help", public_).status, 400);
}

}  // namespace
}  // namespace rapport::http
