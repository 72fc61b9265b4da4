#include "codec/scene.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rapport::codec {
namespace {

TEST(Scene, WhatShipsParsesAndComesBackAsItWas) {
  ASSERT_EQ(shipped_scenes().size(), 6U);
  for (const auto& [id, text] : shipped_scenes()) {
    SCOPED_TRACE(id);
    const auto scene = parse_scene(id, text);
    ASSERT_TRUE(scene.ok()) << scene.error().describe();
    for (const std::string* title : {&scene->title.en, &scene->title.hans, &scene->title.hant})
      EXPECT_FALSE(title->empty());
    std::string written, again;
    JsonWriter first(written);
    write_scene(first, *scene);
    const auto back = parse_scene(id, written);
    ASSERT_TRUE(back.ok()) << back.error().describe();
    JsonWriter second(again);
    write_scene(second, *back);
    EXPECT_EQ(again, written);
  }
}

TEST(Scene, TheFourScenesHaveTheirWrittenShares) {
  const auto shares = [](std::string_view id) {
    std::vector<std::int64_t> found;
    const auto scene = parse_scene(id, shipped_scenes().at(id));
    for (const model::SceneLane& lane : scene.value().lanes) found.push_back(lane.share);
    return found;
  };
  EXPECT_EQ(shares("onboarding"), (std::vector<std::int64_t>{60, 40}));
  EXPECT_EQ(shares("related_need"), (std::vector<std::int64_t>{50, 30, 20}));
  EXPECT_EQ(shares("value_lift"), (std::vector<std::int64_t>{40, 30, 30}));
  EXPECT_EQ(shares("win_back"), (std::vector<std::int64_t>{50, 30, 20}));
}

TEST(Scene, WhatIsWrongIsNamed) {
  const auto where = [](const char* text) {
    const auto scene = parse_scene("s", text);
    return scene.ok() ? std::string("taken") : scene.error().where;
  };
  EXPECT_EQ(where(R"({"lanes":[{"lane":"a","share":60}]})"), "lanes");
  EXPECT_EQ(where(R"({"lanes":[{"lane":"a","share":100,"source":"stars"}]})"), "lanes[0].source");
  EXPECT_EQ(where(R"({"lanes":[{"lane":"a","share":100,"kinds":["planet"]}]})"), "lanes[0].kinds");
  EXPECT_EQ(where(R"({"lanes":[{"lane":"a","share":-1}]})"), "lanes[0].share");
  EXPECT_EQ(where(R"({"lanes":[{"lane":"a","share":null}]})"), "lanes");
  EXPECT_EQ(where(R"({"policy":"best","lanes":[{"lane":"a","share":100}]})"), "policy");
  EXPECT_EQ(where(R"({"boosts":[{"id":"a","points":"NaN"}],"lanes":[{"lane":"a","share":100}]})"), "boosts");
  EXPECT_EQ(where(R"({"lanes":[]})"), "");
  EXPECT_FALSE(parse_scene("s", "[]").ok());
  EXPECT_FALSE(parse_scene("", R"({"lanes":[{"lane":"a","share":100}]})").ok());
}

TEST(Scene, TimesAndHandsComeBack) {
  const std::string text =
      R"({"from":"2026-11-10T16:00:00Z","until":"2026-11-11T16:00:00Z","published_by":"user:3",)"
      R"("pins":["P-1",{"id":"P-2","until":"2026-11-11T04:00:00Z"}],"boosts":[{"id":"P-3","points":0.25,)"
      R"("from":"2026-11-11T00:00:00+08:00"}],"lanes":[{"lane":"a","share":100,"source":"trend"}]})";
  const auto scene = parse_scene("double11", text);
  ASSERT_TRUE(scene.ok()) << scene.error().describe();
  EXPECT_EQ(scene->from, parse_instant("2026-11-10T16:00:00Z").value());
  EXPECT_EQ(scene->published_by, "user:3");
  ASSERT_EQ(scene->pins.size(), 2U);
  EXPECT_TRUE(scene->pins[0].holds(scene->until));
  EXPECT_FALSE(scene->pins[1].holds(parse_instant("2026-11-11T04:00:00Z").value()));
  EXPECT_EQ(scene->boosts[0].points, 250);
  EXPECT_EQ(scene->boosts[0].from, scene->from);
  std::string written;
  JsonWriter json(written);
  write_scene(json, *scene);
  const auto back = parse_scene("double11", written);
  ASSERT_TRUE(back.ok()) << back.error().describe();
  EXPECT_EQ(back->pins, scene->pins);
  EXPECT_EQ(back->boosts, scene->boosts);
  EXPECT_EQ(back->until, scene->until);
  const auto where = [](const std::string& more) {
    const auto wrong = parse_scene("s", "{" + more + R"(,"lanes":[{"lane":"a","share":100}]})");
    return wrong.ok() ? std::string("taken") : wrong.error().where;
  };
  EXPECT_EQ(where(R"("from":"2026-11-12T00:00:00Z","until":"2026-11-11T00:00:00Z")"), "until");
  EXPECT_TRUE(where(R"("from":"soon")").starts_with("from"));
  EXPECT_EQ(where(R"("pins":[7])"), "pins");
  EXPECT_EQ(where(R"("boosts":["P-1"])"), "boosts");
}

TEST(Scene, AnyTextIsAnswered) {
  Random random(20261122);
  for (int i = 0; i < 5'000; ++i) {
    std::string text(shipped_scenes().at("home"));
    for (int n = 0; n < 3; ++n) text[random.below(text.size())] = static_cast<char>(random.below(128));
    const auto scene = parse_scene("home", text);
    if (!scene.ok()) continue;
    std::int64_t sum = 0;
    for (const model::SceneLane& lane : scene->lanes) sum += lane.share;
    EXPECT_EQ(sum, 100);
  }
}

TEST(Offer, MembersOfANoun) {
  const auto offer =
      parse_offer(model::OfferKind::product, "P1",
                  R"({"name":"壶","name_en":"Pot","category":"茶具","price":"19.90","currency":"CNY",)"
                  R"("stock":0,"repurchase_days":30,"goes_with":"茶","until":"2026-12-01T00:00:00Z"})");
  ASSERT_TRUE(offer.ok());
  EXPECT_EQ(offer->title, "壶");
  EXPECT_EQ(offer->title_en, "Pot");
  EXPECT_EQ(offer->price_minor, 1990);
  EXPECT_EQ(offer->stock, 0);
  EXPECT_EQ(offer->repurchase_days, 30);
  EXPECT_EQ(offer->until, parse_instant("2026-12-01T00:00:00Z").value());
  EXPECT_EQ(parse_offer(model::OfferKind::service, "S", R"({"item_kind":"adviser"})")->kind,
            model::OfferKind::adviser);
  EXPECT_FALSE(parse_offer(model::OfferKind::product, "P", "7").ok());
}

}  // namespace
}  // namespace rapport::codec
