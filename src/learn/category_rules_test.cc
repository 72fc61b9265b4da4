#include "learn/category_rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace rapport::learn {
namespace {

/// 4,000 orders of two things out of 600 in six categories; who takes something of category 0 takes something
/// of category 1 with it in two of three orders. No single pair is taken three times.
struct Shop {
  Interactions data;
  std::vector<std::vector<std::uint32_t>> attributes;
};
Shop thin_shop() {
  Random random(17);
  InteractionsBuilder builder;
  Shop shop;
  for (std::uint32_t item = 0; item < 600; ++item) {
    EXPECT_TRUE(builder.add_item(fmt::format("i{}", item)).ok());
    shop.attributes.push_back({100 + item % 6, 900 + item % 7});
  }
  const auto any_of = [&](std::uint64_t category) { return category + 6 * random.below(100); };
  for (int order = 0; order < 4'000; ++order) {
    const std::uint64_t first = random.below(6);
    const std::uint64_t second = first == 0 && random.chance(2.0 / 3) ? 1 : random.below(6);
    for (const std::uint64_t item : {any_of(first), any_of(second)})
      EXPECT_TRUE(
          builder.add(fmt::format("c{}", order % 900), fmt::format("i{}", item), order * 1'000LL).ok());
  }
  shop.data = std::move(builder).build().value();
  return shop;
}

TEST(CategoryRules, StandWhereSingleItemsAreTooThin) {
  const Shop shop = thin_shop();
  TrainContext context;
  context.attributes = &shop.attributes;
  const auto items = train_pair_rules({"rules", {}}, shop.data, context);
  if (items.ok()) {
    const auto& rules = dynamic_cast<const PairRules&>(**items);
    std::size_t count = 0;
    for (std::uint32_t item = 0; item < 600; ++item) count += rules.of(item).size();
    EXPECT_LT(count, 20U) << "seed 17";
  }
  const auto trained = train_category_rules({"category-rules", {}}, shop.data, context);
  ASSERT_TRUE(trained.ok()) << trained.error().describe();
  const auto& model = dynamic_cast<const CategoryRules&>(**trained);
  ASSERT_EQ(model.categories(), 6U);
  EXPECT_EQ(model.category_of(13), 1U);
  EXPECT_EQ(model.category_of(700), CategoryRules::kNone);
  EXPECT_EQ(model.an_item(4), 4U);
  const auto from_first = model.rules().of(0);
  ASSERT_FALSE(from_first.empty());
  EXPECT_EQ(from_first[0].item, 1U);
  // Counted by hand over the orders.
  std::uint32_t both = 0, left = 0;
  for (std::uint32_t customer = 0; customer < shop.data.customers(); ++customer) {
    const auto events = shop.data.of(customer);
    for (std::size_t i = 0; i < events.size();) {
      bool has[6] = {};
      const std::int64_t at = events[i].time_ms;
      for (; i < events.size() && events[i].time_ms == at; ++i) has[events[i].item % 6] = true;
      left += has[0];
      both += has[0] && has[1];
    }
  }
  EXPECT_EQ(from_first[0].both, both);
  EXPECT_EQ(from_first[0].left, left);
  std::vector<double> scores(600);
  const Interaction last{6, 1, 5};
  model.score({{&last, 1}, 10}, scores);
  EXPECT_NEAR(scores[1], model.rules().added(from_first[0]), 1e-12);
  EXPECT_EQ(scores[1], scores[7]) << "everything of the category alike";
}

TEST(CategoryRules, WithoutCategoriesThereAreNone) {
  const Shop shop = thin_shop();
  EXPECT_EQ(train_category_rules({"category-rules", {}}, shop.data, {}).error().code, Errc::refused);
  const std::vector<std::vector<std::uint32_t>> none(600);
  TrainContext context;
  context.attributes = &none;
  EXPECT_EQ(train_category_rules({"category-rules", {}}, shop.data, context).error().code, Errc::refused);
}

TEST(CategoryRules, BytesThatWereNotWrittenAreRefused) {
  const Shop shop = thin_shop();
  TrainContext context;
  context.attributes = &shop.attributes;
  const auto trained = train_category_rules({"category-rules", {}}, shop.data, context);
  ASSERT_TRUE(trained.ok());
  std::string bytes;
  ByteWriter out(bytes);
  ASSERT_TRUE((*trained)->save(out));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 13) {
    ByteReader in(std::string_view(bytes).substr(0, cut));
    EXPECT_FALSE(CategoryRules::load(in, 600).ok()) << cut;
  }
  Random random(18);
  for (int i = 0; i < 500; ++i) {
    std::string damaged = bytes;
    damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    ByteReader in(damaged);
    const auto loaded = CategoryRules::load(in, 600);  // must not crash; a count may be another valid one
    if (loaded.ok()) EXPECT_LE(dynamic_cast<const CategoryRules&>(**loaded).categories(), 600U);
  }
}

}  // namespace
}  // namespace rapport::learn
