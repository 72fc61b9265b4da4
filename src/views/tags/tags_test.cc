#include "views/tags/tags.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "model/catalogue_ids.h"
#include "views/detail/bands.h"
#include "views/detail/decay.h"
#include "views/detail/purchases.h"
#include "views/tags/tag_test.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
__extension__ typedef unsigned __int128 Wide;
const Instant kStart = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});

TEST(Decay, HalvesAndNeverRises) {
  const Duration half = days(30);
  EXPECT_EQ(detail::decay(Duration{-5}, half), detail::kDecayOne);
  EXPECT_EQ(detail::decay(Duration{0}, half), detail::kDecayOne);
  EXPECT_EQ(detail::decay(half, half), detail::kDecayOne / 2);
  EXPECT_EQ(detail::decay(half * 31, half), detail::kDecayOne >> 31);
  EXPECT_EQ(detail::decay(half * 32, half), 0u);
  std::uint64_t before = detail::kDecayOne;
  for (std::int64_t i = 1; i <= 64 * 4; ++i) {
    const std::uint64_t now = detail::decay(Duration{half.ms / 64 * i}, half);
    ASSERT_LT(now, before);
    // Each step is 2^(-1/64): its 64th power is a half, so neighbours stand in the ratio 0.98922....
    ASSERT_NEAR(now * 1000 / before, 989, 1);
    before = now;
  }
  // f(i) f(64 - i) = 2^64 / 2 up to rounding: a wrong digit of the table would show.
  for (std::int64_t i = 0; i <= 64; ++i) {
    const std::uint64_t a = detail::decay(Duration{half.ms / 64 * i}, half);
    const std::uint64_t b = detail::decay(Duration{half.ms / 64 * (64 - i)}, half);
    const auto product = static_cast<std::uint64_t>((static_cast<Wide>(a) * b) >> 32);
    ASSERT_NEAR(product, detail::kDecayOne / 2, 2);
  }
  EXPECT_EQ(detail::decay_moment(Instant{-1}).ms, -3'600'000);
  EXPECT_EQ(detail::decay_moment(Instant{3'600'001}).ms, 3'600'000);
}

TEST(Bands, AreNamedByTheirEdges) {
  constexpr std::int64_t kMoney[] = {0, 100, 500};
  constexpr std::int64_t kCount[] = {1, 2, 3, 6};
  const Currency yuan{{'C', 'N', 'Y'}}, yen{{'J', 'P', 'Y'}};
  const auto money = [&](std::int64_t minor, Currency currency) {
    return detail::money_band(detail::money_band_of(minor, currency, kMoney), currency, kMoney);
  };
  const auto count = [&](std::int64_t n) { return detail::count_band(detail::band_of(n, kCount), kCount); };
  EXPECT_EQ(money(-5, yuan), "0-100");
  EXPECT_EQ(money(9'999, yuan), "0-100");
  EXPECT_EQ(money(10'000, yuan), "100-500");
  EXPECT_EQ(money(50'000, yuan), "500+");
  EXPECT_EQ(money(10'000, yen), "10000-50000");
  EXPECT_EQ(count(1), "1");
  EXPECT_EQ(count(5), "3-5");
  EXPECT_EQ(count(60), "6+");
}

// A rolling sum, asked anew at every millisecond.
TEST(Bands, SinceAndUntilAreExact) {
  const auto band = [](std::int64_t sum) { return static_cast<std::size_t>(sum / 3); };
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    const Duration window{random.between(1, 30)};
    std::vector<detail::Weighted> weights;
    for (std::uint64_t n = random.below(8); n > 0; --n) {
      weights.push_back({Instant{random.between(0, 40)}, random.between(0, 4)});
    }
    std::sort(weights.begin(), weights.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const Instant at{random.between(40, 60)};
    const auto band_at = [&](std::int64_t t) {
      std::int64_t sum = 0;
      bool any = false;
      for (const detail::Weighted& one : weights) {
        if (one.time.ms > t || t - one.time.ms >= window.ms) continue;
        any = true;
        sum += one.amount;
      }
      return any ? std::optional(band(sum)) : std::nullopt;
    };
    const detail::BandSpan span = detail::band_of_window(weights, window, band, at);
    ASSERT_EQ(span.band, band_at(at.ms)) << "seed " << seed;
    if (!span.band) continue;
    for (std::int64_t t = span.since.ms; t < span.until->ms; ++t) {
      ASSERT_EQ(band_at(t) ? band_at(t) : span.band, span.band) << "seed " << seed;
    }
    ASSERT_NE(band_at(span.until->ms), span.band) << "seed " << seed;
  }
}

struct World {
  ShopTables tables{Currency{{'C', 'N', 'Y'}}};
  std::vector<Fact> facts;

  explicit World(Random& random) {
    for (const std::string_view word : {"a", "b", "c", "sms"}) {
      for (Dictionary& dictionary : tables.dictionaries) dictionary.intern(word);
    }
    tables.products.resize(5);
    for (ProductInfo& product : tables.products) {
      product = {static_cast<std::uint32_t>(random.below(4)),
                 1,
                 2,
                 static_cast<std::uint32_t>(random.below(3)),
                 random.between(-1, 100'000),
                 0,
                 kStart};
    }
    constexpr model::EventKind kKinds[] = {
        k::product_viewed,       k::product_added,     fact_kind::order_line, k::order_completed,
        k::order_cancelled,      k::message_opened,    k::message_clicked,    k::need_predicted,
        fact_kind::category_met, fact_kind::scene_met, fact_kind::need_until, k::product_liked};
    for (std::uint64_t n = random.below(20); n > 0; --n) {
      const Instant at = !facts.empty() && random.chance(0.3)
                             ? facts.back().time()
                             : kStart + Duration{random.between(0, days(500).ms)};
      const model::EventKind kind = kKinds[random.below(std::size(kKinds))];
      const std::int64_t most = kind == fact_kind::need_until ? 86'400 * 40
                                : kind == k::need_predicted   ? 1000
                                                              : 200'000;
      facts.emplace_back(at, kind, 0, static_cast<std::uint32_t>(1 + random.below(4)),
                         tables.wide.store(random.between(0, most)));
    }
    std::sort(facts.begin(), facts.end(),
              [&](const Fact& a, const Fact& b) { return fact_before(tables, a, b); });
    tables.order_repeated.assign(8, true);
  }
};

// Every tag, as a question of a rule: the answer holds until the moment it says.
TEST(Tags, AnswersHoldUntilTheySay) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const World world(random);
    const Instant t = kStart + Duration{random.between(0, days(700).ms)};
    const FactsView now(world.tables, t, world.facts);
    for (const TagSpec& spec : tag_specs()) {
      std::vector<Tag> tags;
      spec.find(now, tags, nullptr);
      TagTest test{std::string(spec.name), tags.empty(), {}, static_cast<std::int32_t>(random.below(1001))};
      if (!tags.empty()) test.texts = {tags[random.below(tags.size())].value};
      const Outcome outcome = eval_tag_test(test, now);
      ASSERT_GT(outcome.until, t) << "seed " << seed << " " << spec.name;
      const Instant end = std::min(outcome.until, t + days(800));
      for (int i = 0; i < 6; ++i) {
        const Instant later = i == 0 ? Instant{end.ms - 1} : Instant{random.between(t.ms, end.ms - 1)};
        const FactsView then(world.tables, later, now.facts());
        ASSERT_EQ(eval_tag_test(test, then).value, outcome.value) << "seed " << seed << " " << spec.name;
      }
      for (const Tag& tag : tags) {
        ASSERT_LE(tag.since, t);
        ASSERT_TRUE(tag.strength >= 0 && tag.strength <= 1000);
        if (tag.until) {
          ASSERT_GT(*tag.until, t);
        }
      }
      const Result<TagExplanation> why = explain_tag(spec.name, now);
      ASSERT_TRUE(why.ok());
      ASSERT_EQ(why->tags, tags);
      for (const TagStep& step : why->steps) {
        for (const std::uint32_t fact : step.facts) ASSERT_LT(fact, now.facts().size());
      }
    }
  }
}

TEST(Tags, CarryEveryNameOnce) {
  std::vector<std::string_view> names;
  for (const TagSpec& spec : tag_specs()) names.push_back(spec.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_GE(names.size(), 25u);
  EXPECT_EQ(explain_tag("categori", FactsView(ShopTables(Currency{}), kStart, {})).error().expected,
            "'category'?");
}

}  // namespace
}  // namespace rapport::views
