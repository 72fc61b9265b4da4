#include "learn/habits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "learn/detail/habit_features.h"
#include "learn/detail/sample_interactions.h"

namespace rapport::learn {
namespace {

constexpr std::int64_t kDay = 86'400'000;

TEST(Habits, LogarithmsEqualTheLibrarys) {
  Random random(91);
  for (int i = 0; i < 20'000; ++i) {
    const double x = std::exp(random.uniform() * 80 - 40);
    EXPECT_NEAR(detail::log_of(x), std::log(x), 1e-10 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
  EXPECT_EQ(detail::log_of(1), 0);
}

/// Forty customers with forty baskets of two: the first is one of the last basket with `again`, else one of
/// the customer's three favourites; the second is anything.
Interactions shop_of(Random& random, double again) {
  InteractionsBuilder builder;
  for (std::uint64_t customer = 0; customer < 40; ++customer) {
    std::uint64_t last[2] = {random.below(60), random.below(60)};
    for (std::int64_t basket = 0; basket < 40; ++basket) {
      const std::uint64_t first =
          random.chance(again) ? last[random.below(2)] : (customer * 3 + random.below(3)) % 60;
      const std::uint64_t items[2] = {first, random.below(60)};
      for (const std::uint64_t item : items) {
        EXPECT_TRUE(
            builder.add(fmt::format("c{}", customer), fmt::format("i{}", item), basket * 3 * kDay).ok());
      }
      last[0] = items[0], last[1] = items[1];
    }
  }
  return std::move(builder).build().value();
}

/// How many of the customers' last baskets hold the model's first item.
int hits(const Interactions& data, const char* name) {
  const auto before_last = [&](std::size_t customer) {
    const auto events = data.of(customer);
    std::size_t shown = events.size();
    while (events[shown - 1].time_ms == events.back().time_ms) --shown;
    return shown;
  };
  const Interactions train =
      data.where([&](std::size_t customer, std::size_t index) { return index < before_last(customer); });
  const auto model = train_model({name, {}}, train, {.threads = 2});
  EXPECT_TRUE(model.ok());
  int found = 0;
  for (std::size_t customer = 0; customer < data.customers(); ++customer) {
    const auto events = data.of(customer);
    const std::size_t shown = before_last(customer);
    std::vector<double> scores(data.items());
    (*model)->score({events.first(shown), events.back().time_ms}, scores);
    const auto best =
        static_cast<std::uint32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
    found += std::any_of(events.begin() + static_cast<std::ptrdiff_t>(shown), events.end(),
                         [&](const Interaction& event) { return event.item == best; });
  }
  return found;
}

// Where the last basket decides, weights move there; where favourites do, they stay with frequency.
TEST(Habits, WeightsFollowTheShop) {
  int lately = 0, lately_personal = 0, steady = 0, steady_personal = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    const Interactions again = shop_of(random, 1), favourites = shop_of(random, 0);
    lately += hits(again, "habits");
    lately_personal += hits(again, "personal");
    steady += hits(favourites, "habits");
    steady_personal += hits(favourites, "personal");
  }
  // Of 200 last baskets: half is what is to be had in both shops, one in three by favourites.
  EXPECT_GT(lately, 80);
  EXPECT_GT(lately, lately_personal + 20);
  EXPECT_GT(steady, 50);
  EXPECT_GT(steady, steady_personal - 15);
}

TEST(Habits, ThreadsDoNotMatterAndNobodyUnknownIsScored) {
  Random random(92);
  const Interactions data = sample_interactions(random, 200, 20, 0.4);
  const auto one = train_habits({"habits", {}}, data, {.threads = 1});
  const auto three = train_habits({"habits", {}}, data, {.threads = 3});
  ASSERT_TRUE(one.ok() && three.ok());
  EXPECT_EQ(dynamic_cast<const Habits&>(**one).weights(), dynamic_cast<const Habits&>(**three).weights());
  std::vector<Habits::Candidate> found(1);
  dynamic_cast<const Habits&>(**one).candidates({}, found);
  EXPECT_TRUE(found.empty());
  const auto events = data.of(0);
  dynamic_cast<const Habits&>(**one).candidates({events, events.back().time_ms + kDay}, found);
  EXPECT_EQ(found.size(), data.items()) << "every item is known or trends in so small a shop";
  for (const Habits::Candidate& each : found) EXPECT_GE(each.score, 1);
}

// What she may take again is ranked as among all candidates, with the interval that it rests on.
TEST(Habits, RepeatsAreHerOwnThingsInTheOrderOfTheirScores) {
  Random random(93);
  const Interactions data = shop_of(random, 0.5);
  const auto model = train_habits({"habits", {}}, data, {});
  ASSERT_TRUE(model.ok());
  const auto& habits = dynamic_cast<const Habits&>(**model);
  EXPECT_TRUE(habits.repeats({}).empty());
  for (std::size_t customer = 0; customer < data.customers(); ++customer) {
    const auto events = data.of(customer);
    const History history{events, events.back().time_ms + 2 * kDay};
    std::vector<double> scores(data.items());
    habits.score(history, scores);
    const auto repeats = habits.repeats(history);
    ASSERT_FALSE(repeats.empty());
    EXPECT_EQ(repeats.front().odds, 1) << "seed 93, customer " << customer;
    for (std::size_t i = 0; i < repeats.size(); ++i) {
      const auto& one = repeats[i];
      std::int64_t last = -1, first = -1;
      double times = 0;
      for (const Interaction& event : events) {
        if (event.item != one.item || event.time_ms == last) continue;
        first = first < 0 ? event.time_ms : first;
        last = event.time_ms;
        ++times;
      }
      EXPECT_EQ(one.last_ms, last);
      if (times > 1) {
        const double own = static_cast<double>(last - first) / kDay / (times - 1);
        EXPECT_GT(one.interval_days, std::min(own, 3.0) * 0.3);
        EXPECT_LT(one.interval_days, std::max(own, 120.0) * 1.5);
      }
      if (i == 0) continue;
      EXPECT_LE(one.odds, repeats[i - 1].odds);
      // Odds are powers of e of the difference of scores.
      EXPECT_NEAR(std::log(one.odds), scores[one.item] - scores[repeats[0].item], 1e-9);
    }
  }
}

TEST(Habits, ShopsTooYoungAreRefused) {
  InteractionsBuilder builder;
  for (const std::int64_t day : {1, 2}) {
    ASSERT_TRUE(builder.add("ada", "tea", day * kDay).ok());
  }
  const Interactions data = std::move(builder).build().value();
  const auto model = train_habits({"habits", {}}, data, {});
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, Errc::refused);
  EXPECT_FALSE(train_habits({"habits", {{"baskets", 0}}}, data, {}).ok());
}

}  // namespace
}  // namespace rapport::learn
