#include "decide/needs.h"

#include <gtest/gtest.h>

#include "learn/interactions.h"

// What is predicted of customers of a small shop, and on what it rests.
namespace rapport::decide {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
const std::vector<std::string> kItems{"machine", "beans", "grinder", "cup", "lamp", "tea", "rug"};
enum : OfferNo { machine, beans, grinder, cup, lamp, tea, rug };

OfferBookParts parts() {
  const char* categories[] = {"coffee machines", "coffee", "coffee set", "ware", "light", "tea", "textile"};
  OfferBookParts out;
  for (std::size_t i = 0; i < kItems.size(); ++i) {
    auto& entry = out.products.emplace_back();
    entry.offer.id = entry.offer.title = kItems[i];
    entry.offer.category = categories[i];
  }
  return out;
}

/// Whoever buys a machine and beans buys a grinder beside them in three orders of four; tea is bought every
/// 20 days; whoever has a cup and a lamp takes rugs.
learn::ModelSet trained() {
  learn::InteractionsBuilder builder;
  for (const std::string& item : kItems) EXPECT_TRUE(builder.add_item(item).ok());
  const auto add = [&](int customer, OfferNo item, std::int64_t day) {
    EXPECT_TRUE(builder.add(std::to_string(customer), kItems[item], day * kDayMs).ok());
  };
  for (int c = 0; c < 80; ++c) {
    if (c % 4 == 0) {
      add(c, machine, c % 9);
      add(c, beans, c % 9);
      if (c % 16 != 0) add(c, grinder, c % 9);
    } else if (c % 4 == 1) {
      for (int k = 0; k < 5; ++k) add(c, tea, 20 * k + c % 3);
    } else {
      add(c, cup, c % 7);
      add(c, lamp, c % 7 + 1);
      add(c, rug, c % 7 + 2);
    }
  }
  const learn::Interactions taken = std::move(builder).build().value();
  learn::ModelSet set;
  set.items = kItems;
  for (const char* name : {"rules", "due", "item-bm25"}) {
    auto model = learn::train_model({name, {}}, taken, {});
    EXPECT_TRUE(model.ok()) << name << ": " << model.error().describe();
    if (model.ok()) set.models.push_back({name, "all", std::move(*model)});
  }
  return set;
}

Visit visit_of(std::vector<Seen> seen, std::int64_t day) {
  Visit visit;
  visit.seen = std::move(seen);
  visit.now = Instant{day * kDayMs};
  return visit;
}

const Need* find(const std::vector<Need>& needs, std::string_view name) {
  for (const Need& need : needs) {
    if (need.need == name) return &need;
  }
  return nullptr;
}

TEST(Needs, ARuleWhoseRightSideIsMissing) {
  const OfferBook book(parts());
  const learn::ModelSet models = trained();
  const auto needs = predict_needs(
      book, models, visit_of({{machine, true, 200 * kDayMs}, {beans, true, 200 * kDayMs}}, 203));
  const Need* set = find(needs, "coffee set");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->source, NeedSource::rule);
  EXPECT_NEAR(set->strength, 0.75, 1e-9);
  EXPECT_EQ(set->until.ms, 233 * kDayMs);
  EXPECT_EQ(set->products, std::vector<OfferNo>{grinder});
  EXPECT_NE(set->evidence.find("of 20 orders"), std::string::npos) << set->evidence;
  EXPECT_NE(set->evidence.find("15 held 'grinder' too, confidence 0.75"), std::string::npos) << set->evidence;
  // Who has it needs it no more.
  const auto after = predict_needs(
      book, models,
      visit_of({{machine, true, 200 * kDayMs}, {beans, true, 200 * kDayMs}, {grinder, true, 201 * kDayMs}},
               203));
  EXPECT_EQ(find(after, "coffee set"), nullptr);
}

TEST(Needs, WhatIsUsedUpAndWhatIsToTaste) {
  const OfferBook book(parts());
  const learn::ModelSet models = trained();
  const auto tea_needs = predict_needs(
      book, models,
      visit_of({{tea, true, 140 * kDayMs}, {tea, true, 160 * kDayMs}, {tea, true, 180 * kDayMs}}, 199));
  const Need* due = find(tea_needs, "tea");
  ASSERT_NE(due, nullptr);
  EXPECT_EQ(due->source, NeedSource::due);
  EXPECT_GT(due->strength, kNeedLeast);
  EXPECT_LE(due->strength, 1);
  EXPECT_NEAR(static_cast<double>(due->until.ms) / kDayMs, 220, 3);
  EXPECT_EQ(find(predict_needs(book, models, visit_of({{tea, true, 198 * kDayMs}}, 199)), "tea"), nullptr)
      << "it is not used up yet";
  const auto taste =
      predict_needs(book, models, visit_of({{cup, true, 190 * kDayMs}, {lamp, true, 191 * kDayMs}}, 199));
  const Need* textile = find(taste, "textile");
  ASSERT_NE(textile, nullptr);
  EXPECT_EQ(textile->source, NeedSource::taste);
  EXPECT_TRUE(predict_needs(book, models, visit_of({}, 199)).empty()) << "of nobody nothing is known";
}

TEST(Needs, AreFewStrongAndAlwaysTheSame) {
  const OfferBook book(parts());
  const learn::ModelSet models = trained();
  std::vector<Seen> everything;
  for (OfferNo item = 0; item < kItems.size(); ++item)
    everything.push_back({item, true, (100 + item) * kDayMs});
  for (std::int64_t day = 110; day < 900; day += 90) {
    const auto needs = predict_needs(book, models, visit_of(everything, day));
    EXPECT_LE(needs.size(), Need::kMost);
    for (std::size_t i = 0; i < needs.size(); ++i) {
      EXPECT_GE(needs[i].strength, kNeedLeast);
      EXPECT_GT(needs[i].until.ms, day * kDayMs);
      if (i > 0) {
        EXPECT_LE(needs[i].strength, needs[i - 1].strength);
      }
    }
    const auto again = predict_needs(book, models, visit_of(everything, day));
    ASSERT_EQ(again.size(), needs.size());
    for (std::size_t i = 0; i < needs.size(); ++i) EXPECT_EQ(again[i].evidence, needs[i].evidence);
  }
}

TEST(Needs, AreMetByOffersThatSaySo) {
  OfferBookParts made = parts();
  const auto add = [&](model::OfferKind kind, const char* id, auto change) {
    auto& entry = made.others.emplace_back();
    entry.offer.kind = kind;
    entry.offer.id = entry.offer.title = id;
    change(entry.offer);
  };
  add(model::OfferKind::bundle, "B-1", [](model::Offer& offer) { offer.products = {"machine", "grinder"}; });
  add(model::OfferKind::coupon, "C-1", [](model::Offer& offer) { offer.word = "any Coffee Set"; });
  add(model::OfferKind::coupon, "C-2", [](model::Offer& offer) { offer.goes_with = "coffee set"; });
  add(model::OfferKind::coupon, "C-3", [](model::Offer& offer) { offer.word = "tea"; });
  const OfferBook book(std::move(made));
  for (const auto& [id, meets] : {std::pair{"B-1", true}, {"C-1", true}, {"C-2", true}, {"C-3", false}})
    EXPECT_EQ(meets_need(book, *book.find(id), "coffee set", "coffee set"), meets) << id;
}

}  // namespace
}  // namespace rapport::decide
