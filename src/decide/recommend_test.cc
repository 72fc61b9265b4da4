#include "decide/recommend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "learn/interactions.h"

namespace rapport::decide {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr Instant kNow{1'795'316'645'678};

/// 40 products in five categories; even ones last, odd ones are used up in 20 days. Two regions, a bundle,
/// two tutorials, a coupon, an adviser.
OfferBook sample_book(const std::vector<double>& trend = {}) {
  OfferBookParts parts;
  for (int i = 0; i < 40; ++i) {
    auto& entry = parts.products.emplace_back();
    entry.offer.id = fmt::format("p{}", i);
    entry.offer.category = fmt::format("cat{}", i % 5);
    entry.offer.title = entry.offer.title_en = fmt::format("Product {}", i);
    entry.offer.price_minor = 100 * (i + 1);
    entry.offer.repurchase_days = i % 2 == 0 ? 0 : 20;
    entry.published_at = Instant{kNow.ms - i * kDayMs};
    parts.sold.push_back({static_cast<std::uint32_t>(i), "", static_cast<std::uint64_t>(100 - i)});
    if (i % 3 == 0) parts.sold.push_back({static_cast<std::uint32_t>(i), "CN-33", 40});
  }
  const auto other = [&](model::OfferKind kind, const char* id, const char* title) -> model::Offer& {
    auto& entry = parts.others.emplace_back();
    entry.offer.kind = kind;
    entry.offer.id = id;
    entry.offer.title = entry.offer.title_en = title;
    return entry.offer;
  };
  other(model::OfferKind::bundle, "B-1", "Both").products = {"p1", "p2"};
  other(model::OfferKind::content, "T-1", "How to");
  other(model::OfferKind::content, "T-2", "How else");
  other(model::OfferKind::coupon, "C-1", "Come back").word = "win_back";
  other(model::OfferKind::service, "S-adviser", "Personal adviser");
  parts.trend = trend;
  return OfferBook(std::move(parts));
}

model::Scene scene_of(std::vector<model::SceneLane> lanes) {
  model::Scene scene;
  scene.id = "test";
  scene.lanes = std::move(lanes);
  return scene;
}

model::Scene home() {
  using enum model::SceneSource;
  return scene_of({{"again", 25, due, {model::OfferKind::product}, {}, {}},
                   {"like", 35, like, {model::OfferKind::product}, {}, {}},
                   {"goes", 20, goes_with, {model::OfferKind::product, model::OfferKind::bundle}, {}, {}},
                   {"top", 20, region, {model::OfferKind::product}, {}, {}}});
}

/// Models out of customers who buy p and p + 5 together, and consumables again.
learn::ModelSet sample_models(const std::vector<std::string>& names = {"due", "rules", "item-bm25"}) {
  Random random(11);
  learn::InteractionsBuilder builder;
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(builder.add_item(fmt::format("p{}", i)).ok());
  for (int customer = 0; customer < 300; ++customer) {
    for (int basket = 0; basket < 4; ++basket) {
      const auto item = random.below(35);
      for (const auto one : {item, item + 5})
        EXPECT_TRUE(builder
                        .add(fmt::format("c{}", customer), fmt::format("p{}", one),
                             kNow.ms - (100 - basket * 20) * kDayMs)
                        .ok());
    }
  }
  const learn::Interactions data = std::move(builder).build().value();
  learn::ModelSet set;
  for (std::uint32_t item = 0; item < data.items(); ++item) set.items.push_back(data.item_name(item));
  for (const std::string& name : names) {
    auto model = learn::train_model(learn::parse_model_spec(name).value(), data, {});
    EXPECT_TRUE(model.ok()) << name;
    set.models.push_back({name, "purchases", std::move(*model)});
  }
  return set;
}

Visit visit_of(std::vector<Seen> seen, std::string region = {}) {
  Visit visit;
  visit.seen = std::move(seen);
  visit.region = std::move(region);
  visit.now = kNow;
  return visit;
}

std::int64_t ago(int days) {
  return kNow.ms - days * kDayMs;
}

bool holds(const Decision& decision, OfferNo offer) {
  return std::any_of(decision.items.begin(), decision.items.end(),
                     [&](const Recommended& item) { return item.offer == offer; });
}

/// What every list keeps, whoever it is for.
void expect_sound(const Decision& decision, const OfferBook& book, const Visit& visit) {
  std::set<OfferNo> offers;
  for (const Recommended& item : decision.items) {
    EXPECT_TRUE(offers.insert(item.offer).second) << "shown twice";
    EXPECT_TRUE(book.on_offer(item.offer, visit.now));
    double sum = 0;
    EXPECT_FALSE(item.reasons.empty());
    for (const Reason& reason : item.reasons) sum += reason.points;
    EXPECT_NEAR(sum, item.score, 1e-6);
    EXPECT_GT(item.propensity, 0);
    EXPECT_LE(item.propensity, 1 + 1e-12);
  }
}

TEST(Recommend, ANewVisitorGetsTheShopsBestAndItIsSaid) {
  const OfferBook book = sample_book();
  RecommendRequest request;
  request.count = 8;
  const Visit visit = visit_of({});
  const Decision decision = recommend(book, nullptr, home(), visit, request);
  ASSERT_EQ(decision.items.size(), 8U);
  expect_sound(decision, book, visit);
  EXPECT_EQ(decision.rung, Rung::shop);
  const Visit there = visit_of({}, "CN-33");
  const Decision regional = recommend(book, nullptr, home(), there, request);
  EXPECT_EQ(regional.rung, Rung::region);
  for (const Recommended& item : regional.items)
    EXPECT_EQ(item.reasons[0].evidence.kind, Evidence::Kind::region);
}

TEST(Recommend, WhatSheBuysAgainIsRankedByHabitsWhereTheyWereLearned) {
  const OfferBook book = sample_book();
  const learn::ModelSet by_interval = sample_models({"due"}), by_habit = sample_models({"due", "habits"});
  using enum model::SceneSource;
  const model::Scene again = scene_of({{"again", 100, due, {model::OfferKind::product}, {}, {}}});
  const Visit visit =
      visit_of({{7, true, ago(70)}, {11, true, ago(45)}, {7, true, ago(40)}, {13, true, ago(25)}});
  RecommendRequest request;
  request.count = 3;
  for (const learn::ModelSet* models : {&by_interval, &by_habit}) {
    const Decision decision = recommend(book, models, again, visit, request);
    expect_sound(decision, book, visit);
    ASSERT_EQ(decision.items.size(), 3U);
    for (const Recommended& item : decision.items) {
      const Evidence& evidence = item.reasons[0].evidence;
      EXPECT_EQ(evidence.kind, Evidence::Kind::due);
      EXPECT_EQ(evidence.model, models == &by_habit ? "habits" : "");
      EXPECT_GT(evidence.days, 0);
      const int last = item.offer == 7 ? 40 : item.offer == 11 ? 45 : 25;
      EXPECT_NEAR(evidence.over_days + evidence.days, last, 1e-9);
    }
  }
  EXPECT_TRUE(recommend(book, &by_habit, again, visit_of({}), request).rung != Rung::personal);
}

TEST(Recommend, RulesBetweenCategoriesSpeakWhereItemsAreTooThinAndStandBelowThem) {
  const OfferBook book = sample_book();
  Random random(12);
  learn::InteractionsBuilder builder;
  std::vector<std::vector<std::uint32_t>> categories;
  for (std::uint32_t i = 0; i < 40; ++i) {
    EXPECT_TRUE(builder.add_item(fmt::format("p{}", i)).ok());
    categories.push_back({i % 5});
  }
  // Something of the second category goes with something of the first; p0 goes with p37 alone, always.
  for (int basket = 0; basket < 1'000; ++basket) {
    const auto first = random.below(40);
    const auto second = first == 0 ? 37 : first % 5 == 0 ? 1 + 5 * random.below(8) : random.below(40);
    for (const auto one : {first, second})
      EXPECT_TRUE(builder.add(fmt::format("c{}", basket), fmt::format("p{}", one), kNow.ms).ok());
  }
  const learn::Interactions data = std::move(builder).build().value();
  learn::TrainContext context;
  context.attributes = &categories;
  learn::ModelSet models;
  for (std::uint32_t item = 0; item < data.items(); ++item) models.items.push_back(data.item_name(item));
  for (const char* name : {"rules:count=20", "category-rules"}) {
    auto model = learn::train_model(learn::parse_model_spec(name).value(), data, context);
    ASSERT_TRUE(model.ok()) << name;
    models.models.push_back({name, "purchases", std::move(*model)});
  }
  using enum model::SceneSource;
  const model::Scene goes = scene_of({{"goes", 100, goes_with, {model::OfferKind::product}, {}, {}}});
  const Visit visit = visit_of({{0, true, ago(3)}});
  RecommendRequest request;
  request.count = 4;
  const Decision decision = recommend(book, &models, goes, visit, request);
  expect_sound(decision, book, visit);
  ASSERT_EQ(decision.items.size(), 4U);
  EXPECT_EQ(decision.items[0].offer, 37U) << "the rule between items goes first";
  EXPECT_EQ(decision.items[0].reasons[0].evidence.kind, Evidence::Kind::rule);
  const Evidence& by_category = decision.items[1].reasons[0].evidence;
  EXPECT_EQ(by_category.kind, Evidence::Kind::category_rule);
  EXPECT_EQ(evidence_name(by_category.kind), "category_rule");
  EXPECT_EQ(decision.items[1].offer % 5, 1U);
  EXPECT_EQ(by_category.offer, 0U);
  EXPECT_GT(by_category.both, 50U);
  EXPECT_GT(by_category.baskets, 900U);
}

TEST(Recommend, WhatLastsIsNotSoldTwiceAndWhatIsUsedUpIsDue) {
  const OfferBook book = sample_book();
  const learn::ModelSet models = sample_models();
  const Visit visit =
      visit_of({{4, true, ago(40)}, {7, true, ago(60)}, {7, true, ago(40)}, {9, true, ago(2)}});
  RecommendRequest request;
  request.count = 20;
  bool was_due = false;
  for (request.seed = 0; request.seed < 50; ++request.seed) {
    const Decision decision = recommend(book, &models, home(), visit, request);
    ASSERT_EQ(decision.items.size(), 20U);
    expect_sound(decision, book, visit);
    EXPECT_FALSE(holds(decision, 4)) << "it lasts";
    EXPECT_FALSE(holds(decision, 9)) << "bought two days ago, and it lasts twenty";
    EXPECT_EQ(decision.rung, Rung::personal);
    for (const Recommended& item : decision.items)
      was_due |= item.offer == 7 && item.reasons[0].evidence.kind == Evidence::Kind::due &&
                 item.reasons[0].evidence.over_days > 0;
  }
  EXPECT_TRUE(was_due);
}

TEST(Recommend, AClickCountsAtTheNextRequest) {
  const OfferBook book = sample_book();
  const learn::ModelSet models = sample_models();
  RecommendRequest request;
  const Decision before = recommend(book, &models, home(), visit_of({}), request);
  const Decision after = recommend(book, &models, home(), visit_of({{3, false, ago(0)}}), request);
  EXPECT_NE(before.rung, Rung::personal);
  EXPECT_EQ(after.rung, Rung::personal);
  bool because = false;
  for (const Recommended& item : after.items) {
    for (const Reason& reason : item.reasons)
      because |= reason.evidence.kind == Evidence::Kind::viewed && reason.evidence.offer == 3;
  }
  EXPECT_TRUE(because);
}

TEST(Recommend, ARuleNamesItsCounts) {
  const OfferBook book = sample_book();
  const learn::ModelSet models = sample_models();
  using enum model::SceneSource;
  const model::Scene scene =
      scene_of({{"goes", 100, goes_with, {model::OfferKind::product, model::OfferKind::bundle}, {}, {}}});
  RecommendRequest request;
  request.in_view = 2;
  request.count = 6;
  const Decision decision = recommend(book, &models, scene, visit_of({}), request);
  EXPECT_EQ(decision.rung, Rung::context);
  EXPECT_FALSE(holds(decision, 2)) << "it is in view already";
  bool rule = false, bundle = false;
  for (const Recommended& item : decision.items) {
    const Evidence& evidence = item.reasons[0].evidence;
    if (evidence.kind == Evidence::Kind::rule) {
      rule = true;
      EXPECT_EQ(evidence.offer, 2U);
      EXPECT_GE(evidence.left, evidence.both);
      EXPECT_GT(static_cast<double>(evidence.both) * static_cast<double>(evidence.baskets),
                static_cast<double>(evidence.left) * evidence.right);
    }
    bundle |= book.offer(item.offer).id == "B-1";
  }
  EXPECT_TRUE(rule && bundle);
}

TEST(Recommend, AlwaysAsManyAsMayBeShown) {
  const learn::ModelSet models = sample_models();
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    OfferBookParts parts;
    std::size_t eligible = 0;
    RecommendRequest request;
    for (int i = 0; i < 40; ++i) {
      auto& entry = parts.products.emplace_back();
      entry.offer.id = fmt::format("p{}", i);
      entry.offer.category = random.chance(0.7) ? "one" : "two";
      entry.offer.price_minor = static_cast<std::int64_t>(random.below(1'000));
      entry.offer.hidden = random.chance(0.2);
      if (random.chance(0.5)) entry.offer.stock = static_cast<std::int64_t>(random.below(3));
      if (random.chance(0.2)) entry.offer.until = Instant{kNow.ms + random.between(-5, 5)};
      if (random.chance(0.5)) parts.sold.push_back({static_cast<std::uint32_t>(i), "", random.below(50)});
      const bool left_out = random.chance(0.1);
      if (left_out) request.left_out.push_back(static_cast<OfferNo>(i));
    }
    request.price_most = random.chance(0.5) ? 700 : -1;
    request.seed = static_cast<std::uint64_t>(round);
    request.count = 1 + random.below(40);
    const OfferBook book(std::move(parts));
    for (OfferNo offer = 0; offer < 40; ++offer) {
      const bool left_out = std::binary_search(request.left_out.begin(), request.left_out.end(), offer);
      eligible += book.on_offer(offer, kNow) && !left_out &&
                  (request.price_most < 0 || book.offer(offer).price_minor <= 700);
    }
    const Visit visit = visit_of({{3, false, ago(1)}});
    const Decision decision = recommend(book, round % 2 == 0 ? &models : nullptr, home(), visit, request);
    expect_sound(decision, book, visit);
    EXPECT_EQ(decision.items.size(), std::min(request.count, eligible));
    for (const Recommended& item : decision.items)
      EXPECT_FALSE(std::binary_search(request.left_out.begin(), request.left_out.end(), item.offer));
  }
}

TEST(Recommend, OneCategoryDoesNotFillTheListWhileOthersAreThere) {
  const OfferBook book = sample_book();
  const learn::ModelSet models = sample_models();
  RecommendRequest request;
  request.count = 10;
  model::Scene scene = home();
  scene.category_cap = 3;
  const Visit visit = visit_of({{1, false, ago(1)}, {6, false, ago(1)}, {11, false, ago(1)}});
  for (request.seed = 0; request.seed < 30; ++request.seed) {
    const Decision decision = recommend(book, &models, scene, visit, request);
    std::map<std::uint32_t, int> counts;
    for (const Recommended& item : decision.items) {
      if (item.lane != kNoLane) ++counts[book.category(item.offer)];
    }
    for (const auto& [category, count] : counts) {
      if (category == 0) continue;
      EXPECT_LE(count, 3);
    }
  }
}

TEST(Recommend, PropensitiesAreTheFrequencies) {
  const OfferBook book = sample_book();
  const learn::ModelSet models = sample_models();
  const Visit visit = visit_of({{3, false, ago(1)}, {7, true, ago(40)}}, "CN-33");
  model::Scene scene = home();
  scene.explore = 20;
  RecommendRequest request;
  request.count = 1;
  std::map<OfferNo, std::pair<int, double>> seen;  // how often, and the probability it says
  constexpr int kDraws = 20'000;
  for (request.seed = 1; request.seed <= kDraws; ++request.seed) {
    const Recommended item = recommend(book, &models, scene, visit, request).items.at(0);
    auto& [count, propensity] = seen[item.offer];
    ++count;
    EXPECT_TRUE(count == 1 || std::abs(propensity - item.propensity) < 1e-12);
    propensity = item.propensity;
  }
  double sum = 0;
  for (const auto& [offer, both] : seen) {
    const double p = both.second;
    EXPECT_NEAR(both.first, kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1) << "offer " << offer;
    sum += p;
  }
  EXPECT_NEAR(sum, 1, 0.01);
}

TEST(Recommend, OperatorsHandsAreNamed) {
  const OfferBook book = sample_book();
  const Visit visit = visit_of({});
  RecommendRequest request;
  request.count = 5;
  request.pins = {*book.find("C-1"), 33};
  request.boosts = {{20, 5.0}};
  Decision decision = recommend(book, nullptr, home(), visit, request);
  expect_sound(decision, book, visit);
  EXPECT_EQ(decision.items[0].offer, *book.find("C-1"));
  EXPECT_EQ(decision.items[1].offer, 33U);
  EXPECT_EQ(decision.items[0].reasons[0].evidence.kind, Evidence::Kind::pin);
  Visit silent = visit;
  silent.may_market = false;
  decision = recommend(book, nullptr, home(), silent, request);
  EXPECT_FALSE(holds(decision, *book.find("C-1"))) << "she wants no coupons, pinned or not";
  request.best_sellers_only = true;
  request.pins.clear();
  decision = recommend(book, nullptr, home(), visit, request);
  for (std::size_t i = 0; i < decision.items.size(); ++i) EXPECT_EQ(decision.items[i].offer, i);
}

TEST(Recommend, SharesOfLanesAreSharesOfPlaces) {
  const OfferBook book = sample_book();
  using enum model::SceneSource;
  const model::Scene scene = scene_of({{"top", 60, region, {model::OfferKind::product}, {}, {}},
                                       {"tutorials", 40, offers, {model::OfferKind::content}, {}, {}}});
  RecommendRequest request;
  request.count = 1;
  int tutorials = 0;
  constexpr int kDraws = 4'000;
  for (request.seed = 1; request.seed <= kDraws; ++request.seed)
    tutorials += recommend(book, nullptr, scene, visit_of({}), request).items[0].lane == 1;
  EXPECT_NEAR(tutorials, 0.4 * kDraws, 5 * std::sqrt(kDraws * 0.24));
}

TEST(Recommend, LooksAtAnotherCategory) {
  const OfferBook book = sample_book();
  // p1 and p6 are of one category.
  EXPECT_TRUE(looks_at_other_category(
      book, visit_of({{0, true, ago(90)}, {1, false, ago(3)}, {1, false, ago(2)}, {6, false, ago(1)}})));
  EXPECT_FALSE(
      looks_at_other_category(book, visit_of({{1, false, ago(3)}, {1, false, ago(2)}, {6, false, ago(1)}})))
      << "nothing bought";
  EXPECT_FALSE(looks_at_other_category(
      book, visit_of({{0, true, ago(90)}, {1, false, ago(40)}, {1, false, ago(2)}, {6, false, ago(1)}})))
      << "two in thirty days";
  EXPECT_FALSE(looks_at_other_category(
      book, visit_of({{11, true, ago(90)}, {1, false, ago(3)}, {1, false, ago(2)}, {6, false, ago(1)}})))
      << "bought there";
}

TEST(Recommend, TheFirstModelOfTastesServesAndIsNamed) {
  const OfferBook book = sample_book();
  using enum model::SceneSource;
  const model::Scene scene = scene_of({{"like", 100, like, {model::OfferKind::product}, {}, {}}});
  for (const std::string name : {"als:factors=16", "ease", "item-cosine"}) {
    const learn::ModelSet models = sample_models({"rules", name, "item-bm25"});
    ASSERT_NE(serving_like(models), nullptr);
    EXPECT_EQ(serving_like(models)->spec, name);
    Visit visit = visit_of({{1, true, ago(9)}, {3, true, ago(8)}, {12, false, ago(2)}});
    RecommendRequest request;
    request.count = 6;
    request.seed = 5;
    const Decision decision = recommend(book, &models, scene, visit, request);
    ASSERT_EQ(decision.items.size(), 6U);
    expect_sound(decision, book, visit);
    bool expected = false;
    for (const Recommended& item : decision.items) {
      for (const Reason& reason : item.reasons) {
        if (reason.lane == 0 && reason.evidence.kind != Evidence::Kind::others) {
          EXPECT_EQ(reason.evidence.model, name.substr(0, name.find(':')));
        }
        expected |= item.offer == 6 && reason.evidence.has_offer && reason.evidence.offer == 1;
      }
    }
    EXPECT_TRUE(expected) << name << ": who takes p1 takes p6";
    request.in_view = 3;
    const Decision beside = recommend(book, &models, scene, visit_of({}), request);
    EXPECT_EQ(beside.items[0].rung, Rung::context) << name;
    EXPECT_TRUE(holds(beside, 8)) << name << ": who takes p3 takes p8";
  }
}

TEST(Recommend, AnOfferThatMeetsHerNeedComesFirst) {
  const OfferBook book = sample_book();
  using enum model::SceneSource;
  const model::Scene scene =
      scene_of({{"offers",
                 100,
                 offers,
                 {model::OfferKind::coupon, model::OfferKind::bundle, model::OfferKind::content},
                 {},
                 {}}});
  Visit visit = visit_of({});
  visit.needs = {{"cat9", "cat9", 0.9}, {"cat2", "cat2", 0.6}};
  RecommendRequest request;
  request.count = 3;
  model::Scene plain = scene;
  plain.explore = 0;
  const Decision decision = recommend(book, nullptr, plain, visit, request);
  ASSERT_EQ(decision.items.size(), 3U);
  EXPECT_EQ(book.offer(decision.items[0].offer).id, "B-1") << "it holds p2 of cat2";
  const Evidence& evidence = decision.items[0].reasons[0].evidence;
  EXPECT_EQ(evidence.kind, Evidence::Kind::need);
  EXPECT_EQ(evidence.count, 1U);
  EXPECT_DOUBLE_EQ(evidence.share, 0.6);
  EXPECT_EQ(decision.items[0].rung, Rung::personal);
}

}  // namespace
}  // namespace rapport::decide
