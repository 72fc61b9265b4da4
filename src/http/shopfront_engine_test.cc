// What a visitor of the shop sees, with a public key, over a real engine; every answer is held to its schema.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

const std::string kAnonymous = "anon-0123456789abcdef";

class ShopfrontTest : public ApiOverEngine {
 protected:
  void SetUp() override {
    ApiOverEngine::SetUp();
    stock();
  }
  std::string offset_;

  void put(const std::string& messages) {
    const auto sent = send("POST", "/v1/batch", ingest_, R"({"batch":[)" + messages + "]}");
    ASSERT_EQ(sent.status, 200) << sent.body;
    ASSERT_EQ(text(sent, "rejected"), "0") << sent.body;
    offset_ = text(sent, "offset");
    // What the shopfront shows is what is folded.
    send("GET", "/v1/customers/shop", admin_, "", {{"X-Log-Offset", offset_}});
  }
  static std::string event(const std::string& name, const std::string& user, const std::string& id,
                           const std::string& properties, const std::string& when = "2026-11-01T08:00:00Z") {
    return fmt::format(
        R"({{"type":"track","event":"{}","userId":"{}","messageId":"{}","timestamp":"{}","properties":{{{}}}}})",
        name, user, id, when, properties);
  }
  /// As a browser sends it: with the visitor's anonymous id.
  static std::string own(std::string message, const std::string& anonymous = kAnonymous) {
    return message.insert(1, fmt::format(R"("anonymousId":"{}",)", anonymous));
  }
  static std::string order(const std::string& user, const std::string& id, const std::string& product,
                           int pieces, const std::string& region) {
    return event("Order Completed", user, id,
                 fmt::format(R"("order_id":"{}","total":99.00,"currency":"CNY","region":"{}",)"
                             R"("products":[{{"product_id":"{}","quantity":{},"price":99.00}}])",
                             id, region, product, pieces));
  }

  static std::string identify(const std::string& user, const std::string& anonymous, const std::string& id,
                              const std::string& traits) {
    return fmt::format(
        R"({{"type":"identify","userId":"{}","anonymousId":"{}","messageId":"{}","traits":{{{}}}}})", user,
        anonymous, id, traits);
  }
  ClientReply me(const std::string& id) {
    return send("GET", "/v1/shop/me?anonymous_id=" + id, public_, "", {{"X-Log-Offset", offset_}});
  }

  void stock() {
    put(event(
            "Product Published", "shop", "p1",
            R"("product_id":"P1","name":"北屿 空气净化器 Pro","name_en":"Northisle Air Purifier Pro","brand":"北屿",)"
            R"("brand_en":"Northisle","category":"空气净化器","category_en":"air purifier","price":2079.00,)"
            R"("currency":"CNY","scenes":["卧室","母婴"],"functions":["静音"],"cost":1200.00,"margin":0.4,)"
            R"("selling_points":["安静"])") +
        "," +
        event(
            "Product Published", "shop", "p2",
            R"("product_id":"P2","name":"云栖 滤芯","name_en":"Purifier Filter","category":"滤芯",)"
            R"("category_en":"filter","price":289.00,"currency":"CNY","scenes":["卧室"],"functions":["除甲醛"])") +
        "," +
        event(
            "Product Published", "shop", "p3",
            R"("product_id":"P3","name":"帐篷","name_en":"Tent","category":"户外","price":499.00,"currency":"CNY")") +
        "," +
        event(
            "Service Published", "shop", "s1",
            R"("service_id":"S1","title":"延长保修","title_en":"Extended warranty","price":129.00,"cost":61.00,)"
            R"("owner":"after-sale","layer":"augmented")") +
        "," + order("u1", "O1", "P1", 1, "CN-33") + "," + order("u2", "O2", "P2", 5, "CN-33") + "," +
        order("u3", "O3", "P1", 3, "CN-11"));
  }
};

TEST_F(ShopfrontTest, WhatIsHiddenOrOutOfItsTimeIsNotShown) {
  stock();
  put(event("Product Published", "shop", "h1",
            R"("product_id":"P1","name":"北屿 空气净化器 Pro","hidden":true)", "2026-11-05T08:00:00Z") +
      "," +
      event("Product Published", "shop", "h4",
            R"("product_id":"P4","name":"明年见","from":"2100-01-01T00:00:00Z")") +
      "," +
      event("Product Published", "shop", "h5",
            R"("product_id":"P5","name":"去年见","until":"2020-01-01T00:00:00Z")") +
      "," +
      event("Product Published", "shop", "h6",
            R"("product_id":"P6","name":"今天见","from":"2020-01-01T00:00:00Z")"));
  for (int look = 0; look < 300; ++look) {  // nouns are read anew every two seconds
    if (send("GET", "/v1/shop/products/P6", public_).status == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(send("GET", "/v1/shop/products/P6", public_).status, 200);
  for (const char* id : {"P1", "P4", "P5"})
    EXPECT_EQ(send("GET", std::string("/v1/shop/products/") + id, public_).status, 404) << id;
  const auto best = send("GET", "/v1/shop/bestsellers", public_);
  EXPECT_EQ(best.body.find("\"P1\""), std::string::npos) << best.body;
}

TEST_F(ShopfrontTest, WhatTheShopSaysOfItselfIsNotForEveryKeyToSay) {
  const auto says = [](const std::string& name, const std::string& properties) {
    return R"({"type":"track","event":")" + name + R"(","userId":"u1","properties":{)" + properties + "}}";
  };
  const std::string price = says("Product Published", R"("product_id":"P1","title":"x","price":0.01)");
  const std::string rule = says("Rule Published", R"("rule_id":"churn_risk","rule":"never Purchase")");
  const auto refused = send("POST", "/v1/track", public_, price);
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_NE(refused.body.find("Product Published"), std::string::npos) << refused.body;
  EXPECT_EQ(send("POST", "/v1/track", public_, rule).status, 403);
  EXPECT_EQ(send("POST", "/v1/track", ingest_, rule).status, 403);
  const std::string seen = says("Product Viewed", R"("product_id":"P1")");
  EXPECT_EQ(send("POST", "/v1/batch", public_, R"({"batch":[)" + seen + "," + price + "]}").status, 403);
  EXPECT_EQ(send("POST", "/v1/track", public_, seen).status, 200);
  EXPECT_EQ(send("POST", "/v1/track", ingest_, price).status, 200);
  EXPECT_EQ(send("POST", "/v1/track", admin_, rule).status, 200);
  const auto dead = send("GET", "/v1/dead-letters", admin_);
  EXPECT_EQ(dead.body.find("never Purchase"), std::string::npos)
      << "refused whole, not kept to be tried again";
}

TEST_F(ShopfrontTest, AReaderOfTraditionalCharactersGetsThemAndAsksInThem) {
  stock();
  const auto page =
      send("GET", "/v1/shop/products?script=hant&category=" + percent_encode("空氣淨化器"), public_);
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_NE(page.body.find(R"("name":"北嶼 空氣淨化器 Pro","name_en":"Northisle Air Purifier Pro")"),
            std::string::npos)
      << page.body;
  EXPECT_NE(page.body.find(R"("functions":["靜音"])"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find(R"("product_id":"P1")"), std::string::npos) << page.body;
  EXPECT_EQ(page.body.find("P2"), std::string::npos) << page.body;
  const auto published = send("GET", "/v1/shop/products/P1", public_);
  EXPECT_NE(published.body.find("空气净化器"), std::string::npos) << published.body;
}

TEST_F(ShopfrontTest, AVisitorFindsProductsInEitherLanguage) {
  const auto all = send("GET", "/v1/shop/products", public_, "", {{"Origin", "https://shop.example"}});
  EXPECT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.header("access-control-allow-origin"), "*");
  EXPECT_EQ(text(all, "total"), "3");
  EXPECT_LT(all.body.find("P2"), all.body.find("P1")) << "five pieces before four: " << all.body;
  EXPECT_NE(all.body.find(R"("name":"户外","name_en":"","products":1)"), std::string::npos) << all.body;
  const auto found = [&](const std::string& query) {
    const auto reply = send("GET", "/v1/shop/products?" + query, public_);
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::string ids;
    for (JsonItems items((text(reply, "products"), index_.root().find("products"))); items.next();)
      ids += items.value().find("product_id").text() + " ";
    return ids;
  };
  EXPECT_EQ(found("query=" + percent_encode("净化")), "P1 ");
  // Traditional characters find what was published in simplified ones.
  EXPECT_EQ(found("query=" + percent_encode("空氣淨化器")), "P1 ");
  EXPECT_EQ(found("query=" + percent_encode("臥室")), "P2 P1 ");
  EXPECT_EQ(found("query=" + percent_encode("雲棲")), "P2 ");
  EXPECT_EQ(found("query=purifier"), "P2 P1 ") << "a name that begins with it first";
  EXPECT_EQ(found("query=north"), "P1 ");
  EXPECT_EQ(found("query=" + percent_encode("ＰＵＲＩＦＩＥＲ  pro")), "P1 ");
  EXPECT_EQ(found("query=tent+purifier"), "");
  EXPECT_EQ(found("query=" + percent_encode("卧室")), "P2 P1 ");
  EXPECT_EQ(found("category=filter"), "P2 ");
  EXPECT_EQ(found("scene=" + percent_encode("母婴")), "P1 ");
  EXPECT_EQ(found("function=" + percent_encode("除甲醛") + "&category=" + percent_encode("滤芯")), "P2 ");
  EXPECT_EQ(found("function=none"), "");
  EXPECT_EQ(found("limit=1"), "P2 ");
  EXPECT_EQ(found("limit=1&cursor=1"), "P1 ");
  EXPECT_EQ(found("cursor=99"), "");
  EXPECT_EQ(text(send("GET", "/v1/shop/products?limit=2", public_), "next_cursor"), "2");
  EXPECT_EQ(text(send("GET", "/v1/shop/products?limit=2&cursor=2", public_), "next_cursor"), "");
  EXPECT_EQ(send("GET", "/v1/shop/products?limit=1000", public_).status, 400);
  EXPECT_EQ(send("GET", "/v1/shop/products?cursor=-1", public_).status, 400);
  EXPECT_EQ(send("GET", "/v1/shop/products?query=" + std::string(300, 'x'), public_).status, 400);
}

TEST_F(ShopfrontTest, TheShopsOwnFiguresStayInside) {
  const auto one = send("GET", "/v1/shop/products/P1", public_);
  EXPECT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(text(one, "pieces"), "4");
  EXPECT_EQ(text(one, "orders"), "2");
  EXPECT_EQ(text(one, "price"), "2079.00");
  EXPECT_EQ(text(one, "rating"), "null");
  EXPECT_EQ(send("GET", "/v1/shop/products/none", public_).status, 404);
  const auto services = send("GET", "/v1/shop/services", public_);
  EXPECT_NE(services.body.find("延长保修"), std::string::npos) << services.body;
  for (const auto& body : {one.body, services.body}) {
    EXPECT_EQ(body.find("cost"), std::string::npos) << body;
    EXPECT_EQ(body.find("margin"), std::string::npos) << body;
    EXPECT_EQ(body.find("owner"), std::string::npos) << body;
  }
}

TEST_F(ShopfrontTest, BestsellersAreThoseOfTheRegion) {
  const auto north = send("GET", "/v1/shop/bestsellers?region=CN-11", public_);
  EXPECT_EQ(text(north, "label"), "best-sellers by region");
  EXPECT_EQ(text(north, "region"), "CN-11");
  EXPECT_NE(north.body.find(R"("product_id":"P1")"), std::string::npos);
  EXPECT_EQ(north.body.find(R"("product_id":"P2")"), std::string::npos) << "not sold there";
  const auto shop = send("GET", "/v1/shop/bestsellers?region=CN-99&limit=1", public_);
  EXPECT_EQ(text(shop, "label"), "best-sellers");
  EXPECT_EQ(text(shop, "region"), "null");
  EXPECT_NE(shop.body.find(R"("product_id":"P2")"), std::string::npos);
  EXPECT_EQ(shop.body.find(R"("product_id":"P3")"), std::string::npos) << "nobody bought it";
}

TEST_F(ShopfrontTest, ReviewsAreShownWithoutTheirAuthorsAndGoWithThem) {
  send("GET", "/v1/shop/products/P1/reviews", public_);  // The window is open; what follows is read on.
  put(event("Review Posted", "gone", "r1",
            R"("review_id":"V1","product_id":"P1","rating":5,"text":"真安静","verified":true)",
            "2026-11-02T08:00:00Z") +
      "," +
      event("Review Posted", "ada", "r2",
            R"("review_id":"V2","product_id":"P1","rating":2,"text":"It \"hums\"")", "2026-11-03T08:00:00Z") +
      "," +
      event("Review Replied", "ada", "r3", R"("review_id":"V2","text":"We will look")",
            "2026-11-03T09:00:00Z") +
      "," +
      event("Review Followed Up", "ada", "r4", R"("review_id":"V2","text":"Better now")",
            "2026-11-04T09:00:00Z"));
  const auto reviews = send("GET", "/v1/shop/products/P1/reviews", public_);
  EXPECT_EQ(text(reviews, "ratings"), "2");
  EXPECT_EQ(text(reviews, "rating"), "3.5");
  EXPECT_EQ(text(reviews, "by_stars"), "[0,1,0,0,1]");
  EXPECT_LT(reviews.body.find("V1"), reviews.body.find("V2"))
      << "who bought it goes before who came back after a day";
  EXPECT_NE(reviews.body.find(R"("text":"It \"hums\"","follow_up":"Better now","reply":"We will look")"),
            std::string::npos)
      << reviews.body;
  EXPECT_EQ(reviews.body.find("ada"), std::string::npos) << reviews.body;
  EXPECT_EQ(text(send("GET", "/v1/shop/products/P1", public_), "rating"), "3.5");
  ASSERT_EQ(send("DELETE", "/v1/customers/gone", admin_).status, 200);
  const auto after = send("GET", "/v1/shop/products/P1/reviews", public_);
  EXPECT_EQ(after.body.find("真安静"), std::string::npos) << after.body;
  EXPECT_NE(after.body.find("V2"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/shop/products/none/reviews", public_).status, 404);
}

TEST_F(ShopfrontTest, AProductPublishedAnewIsSoonSeen) {
  EXPECT_EQ(text(send("GET", "/v1/shop/products/P3", public_), "price"), "499.00");
  put(event(
      "Product Published", "shop", "p3b",
      R"("product_id":"P3","name":"帐篷","name_en":"Tent","category":"户外","price":399.00,"currency":"CNY")",
      "2026-11-05T08:00:00Z"));
  std::string price;
  for (int i = 0; i < 100 && price != "399.00"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    price = text(send("GET", "/v1/shop/products/P3", public_), "price");
  }
  EXPECT_EQ(price, "399.00");
}

TEST_F(ShopfrontTest, AVisitorSeesHerOwnAndNobodyElses) {
  EXPECT_EQ(text(me(kAnonymous), "known"), "false");
  put(identify("ada", kAnonymous, "i1", R"("email":"ada@x.cn","name":"Ada")") + "," +
      own(order("ada", "OA", "P1", 2, "CN-33")) + "," + order("ada", "OB", "P2", 1, "CN-33") + "," +
      event("Shipment Updated", "ada", "sh1", R"("order_id":"OA","node":"packing")", "2026-11-01T10:00:00Z") +
      "," +
      event("Shipment Promised", "ada", "sh2",
            R"("order_id":"OA","node":"signed","by":"2026-11-05T10:00:00Z")", "2026-11-01T10:00:00Z") +
      "," +
      own(event("Return Requested", "ada", "rt1",
                R"("return_id":"R1","order_id":"OA","product_id":"P1","reason":"broken")",
                "2026-11-06T10:00:00Z")) +
      "," +
      event("Return Updated", "ada", "rt2", R"("return_id":"R1","state":"approved")",
            "2026-11-07T10:00:00Z") +
      "," +
      own(event("Service Bought", "ada", "sv1", R"("service_id":"S1","price":129.00)",
                "2026-11-01T10:00:00Z")));
  const auto mine = me(kAnonymous);
  EXPECT_EQ(mine.status, 200) << mine.body;
  EXPECT_EQ(text(mine, "known"), "true");
  EXPECT_NE(
      mine.body.find(R"("order_id":"OA","placed":"2026-11-01T08:00:00Z","state":"packing","total":"99.00")"),
      std::string::npos)
      << mine.body;
  EXPECT_NE(mine.body.find(R"({"node":"signed","reached":null,"promised":"2026-11-05T10:00:00Z"})"),
            std::string::npos)
      << mine.body;
  EXPECT_EQ(mine.body.find("exception"), std::string::npos);
  EXPECT_NE(mine.body.find(R"({"product_id":"P1","quantity":2})"), std::string::npos) << mine.body;
  EXPECT_NE(mine.body.find(R"("return_id":"R1","order_id":"OA","product_id":"P1","state":"approved")"),
            std::string::npos)
      << mine.body;
  EXPECT_NE(mine.body.find(R"("service_id":"S1","stage":"bought")"), std::string::npos) << mine.body;
  for (const char* hidden : {"ada", "Ada", "x.cn", "O1", "OB", "cost", "61.00"})
    EXPECT_EQ(mine.body.find(hidden), std::string::npos) << hidden << ": " << mine.body;
  EXPECT_EQ(text(me("anon-ffffffffffffffff"), "known"), "false");
  for (const std::string& wrong :
       {std::string(), std::string("short"), std::string("c_1"), std::string(500, 'a')})
    EXPECT_EQ(me(wrong).status, 400) << wrong.size();
  EXPECT_EQ(text(me("user_id:ada-ada-ada-ada"), "known"), "false") << "an anonymous id only";
}

TEST_F(ShopfrontTest, WhoClaimsToBeSomebodySeesNothingOfHers) {
  const std::string thief = "thief-0123456789abcdef";
  put(identify("ada", kAnonymous, "i1", R"("phone":"13912345678")") + "," +
      own(order("ada", "OA", "P1", 2, "CN-33")) + "," +
      own(event("Return Requested", "ada", "rt1",
                R"("return_id":"R1","order_id":"OA","product_id":"P1","reason":"broken")",
                "2026-11-06T10:00:00Z")) +
      "," + own(event("Service Bought", "ada", "sv1", R"("service_id":"S1","price":129.00)")));
  // With the public key of the shop's pages anybody links what they like, and names orders they did not make.
  const auto lie = [&](const std::string& body) {
    EXPECT_EQ(send("POST", "/v1/batch", public_, R"({"batch":[)" + body + "]}").status, 200);
  };
  lie(identify("ada", thief, "x1", R"("phone":"13912345678")"));
  const std::string later = "2026-11-10T08:00:00Z";
  lie(own(
      event(
          "Order Completed", "ada", "x2",
          R"("order_id":"OA","total":1.00,"currency":"CNY","products":[{"product_id":"P3","quantity":1,"price":1.00}])",
          later),
      thief));
  lie(own(event("Return Requested", "ada", "x3", R"("return_id":"R1","order_id":"OA","reason":"x")", later),
          thief));
  const auto sent = send(
      "POST", "/v1/batch", public_,
      R"({"batch":[)" +
          own(event("Shipment Updated", "ada", "x4", R"("order_id":"OA","node":"packing")"), thief) + "]}");
  offset_ = text(sent, "offset");
  const auto seen = me(thief);
  EXPECT_EQ(text(seen, "known"), "true");
  EXPECT_EQ(text(seen, "orders"), "[]") << seen.body;
  EXPECT_EQ(text(seen, "returns"), "[]") << seen.body;
  EXPECT_EQ(text(seen, "services"), "[]") << seen.body;
  EXPECT_NE(me(kAnonymous).body.find("OA"), std::string::npos) << "she still sees her own";
}

TEST_F(ShopfrontTest, AnOrderOpensToWhoKnowsItsNumberAndTheContactGivenWithIt) {
  // The telephone number came with the order itself; somebody else's was linked to the customer by a claim.
  std::string made = order("u9", "O9", "P1", 2, "CN-33");
  made.insert(1, R"("context":{"externalIds":[{"type":"phone","id":"13812345678"}]},)");
  put(made + "," + order("u9", "O10", "P2", 1, "CN-33") + "," +
      event("Return Requested", "u9", "r9", R"("return_id":"R9","order_id":"O9","reason":"size")") + "," +
      R"({"type":"identify","userId":"u9","messageId":"claim","traits":{"phone":"13900000000"}})");
  const std::string browser = "anon-fedcba9876543210";
  const auto ask = [&](const std::string& number, const std::string& contact) {
    return send(
        "POST", "/v1/shop/proof", public_,
        fmt::format(R"({{"anonymous_id":"{}","order_id":"{}","contact":"{}"}})", browser, number, contact));
  };
  EXPECT_EQ(ask("O9", "13900000000").status, 404) << "claimed, not given with the order";
  EXPECT_EQ(ask("O10", "13812345678").status, 404) << "another order of hers";
  EXPECT_EQ(ask("nothing", "13812345678").status, 404);
  EXPECT_EQ(ask("O9", "").status, 400);
  const auto opened = ask("O9", "+86 138-1234-5678");
  ASSERT_EQ(opened.status, 200) << opened.body;
  const std::string proof = text(opened, "proof");
  const auto look = [&](const std::string& who, const std::string& shown) {
    return send("GET", "/v1/shop/me?anonymous_id=" + who, public_, "", {{"X-Rapport-Proof", shown}});
  };
  const auto seen = look(browser, proof);
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_NE(seen.body.find(R"("order_id":"O9")"), std::string::npos) << seen.body;
  EXPECT_NE(seen.body.find(R"("return_id":"R9")"), std::string::npos) << seen.body;
  EXPECT_EQ(seen.body.find("O10"), std::string::npos) << "only the order that was opened";
  EXPECT_EQ(look(kAnonymous, proof).status, 401) << "it was made for another browser";
  EXPECT_EQ(look(browser, "nonsense").status, 401);
}

TEST_F(ShopfrontTest, TheShopsServerVouchesForABrowserAndAPageDoesNot) {
  put(order("u9", "O9", "P1", 2, "CN-33"));
  const std::string browser = "anon-fedcba9876543210";
  const std::string vouch = R"({"anonymous_id":")" + browser + R"(","subject":"u9"})";
  EXPECT_EQ(send("POST", "/v1/visitors/proof", public_, vouch).status, 403);
  EXPECT_EQ(send("POST", "/v1/visitors/proof", read_, vouch).status, 403);
  EXPECT_EQ(send("POST", "/v1/visitors/proof", ingest_, R"({"anonymous_id":"short","subject":"u9"})").status,
            400);
  EXPECT_EQ(send("POST", "/v1/visitors/proof", ingest_,
                 R"({"anonymous_id":")" + browser + R"(","subject":"nobody"})")
                .status,
            404);
  const auto given = send("POST", "/v1/visitors/proof", ingest_, vouch);
  ASSERT_EQ(given.status, 200) << given.body;
  const auto seen = send("GET", "/v1/shop/me?anonymous_id=" + browser, public_, "",
                         {{"X-Rapport-Proof", text(given, "proof")}});
  EXPECT_NE(seen.body.find(R"("order_id":"O9")"), std::string::npos) << seen.body;
  EXPECT_EQ(me(browser).body.find("O9"), std::string::npos) << "without it she is a stranger";
}

TEST_F(ShopfrontTest, WhoCountsThroughOrderNumbersIsShutOut) {
  int shut = 0;
  for (int i = 0; i < 30; ++i) {
    const auto reply = send("POST", "/v1/shop/proof", public_,
                            fmt::format(R"({{"anonymous_id":"anon-fedcba9876543210","order_id":"O{}",)"
                                        R"("contact":"13812345678"}})",
                                        100 + i));
    shut += reply.status == 429 ? 1 : 0;
  }
  EXPECT_GE(shut, 5);
}

TEST_F(ShopfrontTest, AShopWhoseNounsAreSimulatedSaysSo) {
  const auto simulated = [&] {
    return send("GET", "/v1/shops", admin_).body.find(R"("simulated":true)") != std::string::npos;
  };
  EXPECT_FALSE(simulated());
  put(event("Product Published", "shop", "p0", R"("product_id":"P0","name":"x","simulated":true)"));
  bool told = false;
  for (int i = 0; i < 100 && !told; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    told = simulated();
  }
  EXPECT_TRUE(told);
}

TEST_F(ShopfrontTest, OnlyWhoMayBrowseMay) {
  EXPECT_EQ(send("GET", "/v1/shop/products", "").status, 401);
  EXPECT_EQ(send("GET", "/v1/shop/products", ingest_).status, 403);
  EXPECT_EQ(send("GET", "/v1/shop/products", read_).status, 200);
  EXPECT_EQ(send("GET", "/v1/shop/products", read_, "", {{"Origin", "https://shop.example"}}).status, 403)
      << "a secret key has no business in a web page";
  EXPECT_EQ(send("GET", "/v1/customers/u1", public_).status, 403);
  EXPECT_EQ(send("GET", "/v1/segments", public_).status, 403);
  auto asked = client_->call({"OPTIONS", "/v1/shop/me", {{"Origin", "https://shop.example"}}, ""});
  EXPECT_EQ(asked->status, 204);
}

TEST_F(ShopfrontTest, VisitorsAreLimitedByAddress) {
  serve({.visitor_requests_a_second = 5});
  int refused = 0;
  for (int i = 0; i < 40; ++i) refused += send("GET", "/v1/shop/services", public_).status == 429 ? 1 : 0;
  EXPECT_GT(refused, 10);
  EXPECT_EQ(send("GET", "/v1/shop/services", public_, "", {{"X-Forwarded-For", "203.0.113.9"}}).status, 200);
  EXPECT_EQ(send("GET", "/v1/shop/services", admin_).status, 200);
}

}  // namespace
}  // namespace rapport::http
