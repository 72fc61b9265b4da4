#include <gtest/gtest.h>

#include "codec/json_index.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_care.h"
#include "engine/engine_catalogue.h"
#include "engine/engine_models.h"

// The catalogue of what can be recommended, and what is kept of trainings, over a real engine.
namespace rapport::engine {
namespace {

class CatalogueEngine : public EngineTest {
 protected:
  Result<std::string> put(const std::string& kind, const std::string& id, const std::string& body) {
    return wait<std::string>([&](auto reply) { publish_offer(*engine_, shop_, kind, id, body, reply); });
  }
  Result<std::string> list(CatalogueQuery query) {
    return wait<std::string>([&](auto reply) { catalogue(*engine_, shop_, std::move(query), reply); });
  }
  Result<std::string> one(const std::string& kind, const std::string& id) {
    return wait<std::string>([&](auto reply) { catalogue_offer(*engine_, shop_, kind, id, reply); });
  }
  /// The member that stood in the way.
  std::string refused_at(const std::string& kind, const std::string& body) {
    const auto got = put(kind, "X-1", body);
    return got.ok() ? "published" : got.error().where;
  }
  std::string ids(const CatalogueQuery& query) {
    const auto got = list(query);
    if (!got.ok()) return got.error().describe();
    codec::JsonIndex index;
    EXPECT_TRUE(index.parse(*got).ok());
    std::string all;
    for (codec::JsonItems items(index.root().find("items")); items.next();)
      all += (all.empty() ? "" : " ") + items.value().find("id").text() + ":" +
             items.value().find("state").text();
    return all;
  }
};

TEST_F(CatalogueEngine, EveryKindIsPublishedListedWithItsStateAndShownWhole) {
  ASSERT_TRUE(put("product", "tea", R"({"name":"Tea","category":"drinks","price":12.50,"stock":3})").ok());
  ASSERT_TRUE(put("product", "cup", R"({"name":"Cup","price":"8","stock":0})").ok());
  ASSERT_TRUE(put("bundle", "set", R"({"title":"Tea set","product_ids":["tea","cup"],"price":18})").ok());
  ASSERT_TRUE(
      put("content", "how", R"({"title":"How to brew","url":"https://v.example/1","hidden":true})").ok());
  ASSERT_TRUE(put("coupon", "back", R"({"title":"Come back","until":"2001-01-01T00:00:00Z"})").ok());
  ASSERT_TRUE(put("adviser", "lin", R"({"title":"Lin","from":"2999-01-01T00:00:00Z"})").ok());
  ASSERT_TRUE(put("early_access", "new-tea", R"({"title":"New tea first"})").ok());
  ASSERT_TRUE(put("service", "wrap", R"({"title":"Gift wrap","price":0})").ok());
  EXPECT_EQ(ids({}),
            "tea:on_offer cup:sold_out set:on_offer how:hidden new-tea:on_offer lin:not_yet wrap:on_offer "
            "back:expired");
  EXPECT_EQ(ids({.kind = "adviser"}), "lin:not_yet");
  EXPECT_EQ(ids({.state = "on_offer", .query = "TEA"}), "tea:on_offer set:on_offer new-tea:on_offer");
  EXPECT_EQ(ids({.category = "drinks"}), "tea:on_offer");
  EXPECT_EQ(ids({.from = 1, .most = 2}), "cup:sold_out set:on_offer");
  // What nobody asked about is kept, and an adviser stays one when it is published again.
  ASSERT_TRUE(put("adviser", "lin", R"({"title":"Lin","language":"en"})").ok());
  const auto whole = one("adviser", "lin");
  ASSERT_TRUE(whole.ok()) << whole.error().describe();
  EXPECT_NE(whole->find(R"("language":"en")"), std::string::npos) << *whole;
  EXPECT_NE(whole->find(R"("state":"on_offer")"), std::string::npos) << *whole;
  EXPECT_EQ(one("service", "lin").error().code, Errc::not_found) << "it is an adviser";
}

TEST_F(CatalogueEngine, WhatAServiceStatesOfItsAppointmentsCanBeKeptTo) {
  for (const char* wrong : {"-3", R"("many")", "1.5", "true", "1e30", R"("")", "[1]"})
    EXPECT_EQ(refused_at("service", fmt::format(R"({{"title":"x","capacity":{}}})", wrong)), "capacity")
        << wrong;
  for (const char* wrong : {R"("nobodys")", "5", "true", R"(["office"])"})
    EXPECT_EQ(refused_at("service", fmt::format(R"({{"title":"x","calendar":{}}})", wrong)), "calendar")
        << wrong;
  for (const char* wrong : {R"("maybe")", "1", R"("true")"})
    EXPECT_EQ(refused_at("service", fmt::format(R"({{"title":"x","bookable":{}}})", wrong)), "bookable")
        << wrong;
  ASSERT_TRUE(wait<std::string>([&](auto reply) {
                publish_calendar(*engine_, shop_, "office",
                                 R"({"zone":"UTC","week":{"mon":["09:00-17:00"]}})", reply);
              }).ok());
  EXPECT_TRUE(
      put("service", "X-1", R"({"title":"x","calendar":"office","capacity":0,"bookable":true})").ok());
  EXPECT_TRUE(put("service", "X-2", R"({"title":"x","calendar":null,"capacity":"3","bookable":false})").ok());
}

TEST_F(CatalogueEngine, WhatIsNotOfItsFormIsRefusedByName) {
  ASSERT_TRUE(put("product", "tea", R"({"name":"Tea"})").ok());
  EXPECT_EQ(refused_at("product", R"({})"), "name");
  EXPECT_EQ(refused_at("service", R"({})"), "title");
  EXPECT_EQ(refused_at("product", R"({"name":"x","price":"dear"})"), "price");
  EXPECT_EQ(refused_at("product", R"({"name":"x","price":-1})"), "price");
  EXPECT_EQ(refused_at("product", R"({"name":"x","stock":"many"})"), "stock");
  EXPECT_EQ(refused_at("product", R"({"name":"x","stock":1.5})"), "stock");
  EXPECT_EQ(refused_at("product", R"({"name":"x","hidden":"no"})"), "hidden");
  EXPECT_EQ(refused_at("product", R"({"name":"x","until":"soon"})"), "until");
  EXPECT_EQ(
      refused_at("product", R"({"name":"x","from":"2026-02-01T00:00:00Z","until":"2026-01-01T00:00:00Z"})"),
      "until");
  EXPECT_EQ(refused_at("content", R"({"title":"x","url":"javascript:alert"
})"),
            "url");
  EXPECT_EQ(refused_at("bundle", R"({"title":"x","product_ids":["tea"]})"), "product_ids");
  EXPECT_EQ(refused_at("bundle", R"({"title":"x","product_ids":["tea","tea"]})"), "product_ids");
  EXPECT_EQ(refused_at("bundle", R"({"title":"x","product_ids":["tea","gone"]})"), "product_ids");
  EXPECT_EQ(refused_at("dream", R"({"title":"x"})"), "kind");
  EXPECT_EQ(put("product", "a b", R"({"name":"x"})").error().where, "id");
  EXPECT_EQ(put("product", "x", "[]").error().code, Errc::bad_input);
  EXPECT_EQ(list({.kind = "dream"}).error().where, "kind");
  EXPECT_EQ(list({.state = "odd"}).error().where, "state");
  EXPECT_EQ(ids({}), "tea:on_offer");
}

TEST_F(CatalogueEngine, TrainingsAndFailuresAreKeptNewestFirst) {
  const auto train = [&] {
    return wait<std::string>([&](auto reply) { train_models(*engine_, shop_, "{}", reply); });
  };
  EXPECT_FALSE(train().ok()) << "an empty shop";
  std::string messages;
  for (int c = 0; c < 40; ++c) {
    messages += fmt::format(
        R"({}{{"type":"track","userId":"u{}","event":"Order Completed","messageId":"o{}","timestamp":"2026-01-{:02}T10:00:00Z","properties":{{"order_id":"O{}","total":2,"currency":"CNY","products":[{{"product_id":"a","quantity":1,"price":1}},{{"product_id":"b","quantity":1,"price":1}}]}}}})",
        c == 0 ? "" : ",", c % 20, c, 1 + c % 28, c);
  }
  ASSERT_TRUE(send(messages).ok());
  ASSERT_TRUE(train().ok());
  const auto judged = wait<std::string>([&](auto reply) {
    evaluate_models(*engine_, shop_, R"({"models":["item-bm25"],"split":"last-basket","k":[2],"seeds":1})",
                    reply);
  });
  ASSERT_TRUE(judged.ok()) << judged.error().describe();
  const auto told = wait<std::string>([&](auto reply) { models_history(*engine_, shop_, reply); });
  ASSERT_TRUE(told.ok());
  codec::JsonIndex index;
  ASSERT_TRUE(index.parse(*told).ok());
  std::string kinds;
  for (codec::JsonItems notes(index.root().find("history")); notes.next();) {
    kinds += notes.value().find("kind").text() + " ";
    if (notes.value().find("kind").text() == "trained") {
      EXPECT_EQ(notes.value().find("first").text(), "2026-01-01T10:00:00Z");
      EXPECT_EQ(notes.value().find("last").text(), "2026-01-28T10:00:00Z");
      EXPECT_EQ(notes.value().find("baskets").integer(), 40);
    }
  }
  EXPECT_EQ(kinds, "judged trained failed ");
  EXPECT_NE(told->find(R"("model":"popularity")"), std::string::npos) << *told;
}

}  // namespace
}  // namespace rapport::engine
