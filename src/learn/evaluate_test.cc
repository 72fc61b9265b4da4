#include "learn/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "learn/detail/sample_interactions.h"

namespace rapport::learn {
namespace {

void no_progress(const std::string&) {}

const MetricRow& metric(const Evaluation& evaluation, std::string_view model, std::string_view name) {
  for (const ModelOutcome& outcome : evaluation.models) {
    if (outcome.spec.name != model) continue;
    for (const MetricRow& row : outcome.metrics) {
      if (row.name == name) return row;
    }
  }
  ADD_FAILURE() << "no " << model << ' ' << name;
  static const MetricRow none;
  return none;
}

// Popularity on the last basket, worked out from the events alone.
TEST(Evaluate, PopularityByHand) {
  Random random(21);
  const Interactions all = sample_interactions(random, 150, 40, 0.4);
  std::vector<std::set<std::uint32_t>> shown(all.customers()), taken(all.customers());
  std::vector<std::set<std::size_t>> takers(all.items());
  for (std::size_t c = 0; c < all.customers(); ++c) {
    const auto events = all.of(c);
    const bool single = events.front().time_ms == events.back().time_ms;
    for (const Interaction& event : events) {
      const bool hidden = !single && event.time_ms == events.back().time_ms;
      (hidden ? taken : shown)[c].insert(event.item);
      if (!hidden) takers[event.item].insert(c);
    }
  }
  std::vector<std::uint32_t> ranked;
  for (std::uint32_t item = 0; item < all.items(); ++item) {
    if (!takers[item].empty()) ranked.push_back(item);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return takers[a].size() > takers[b].size(); });
  double recall = 0, ndcg = 0, asked = 0;
  for (std::size_t c = 0; c < all.customers(); ++c) {
    if (taken[c].empty()) continue;
    asked += 1;
    double hits = 0, gain = 0, ideal = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const bool hit = taken[c].contains(ranked[i]);
      hits += hit;
      gain += hit / std::log2(i + 2.0);
      ideal += i < taken[c].size() ? 1 / std::log2(i + 2.0) : 0;
    }
    recall += hits / static_cast<double>(taken[c].size());
    ndcg += gain / ideal;
  }
  EvaluateOptions options;
  options.split.by = SplitBy::last_basket;
  options.split.repeats = Repeats::yes;
  options.k = {5};
  options.seeds = 1;
  options.replicates = 50;
  const auto evaluation = evaluate(all, options, no_progress);
  ASSERT_TRUE(evaluation.ok());
  EXPECT_EQ(static_cast<double>(evaluation->cases), asked);
  EXPECT_NEAR(metric(*evaluation, "popularity", "recall@5").value.mean, recall / asked, 1e-12);
  EXPECT_NEAR(metric(*evaluation, "popularity", "ndcg@5").value.mean, ndcg / asked, 1e-12);
}

TEST(Evaluate, ARerunAndAnyNumberOfThreadsGiveTheSameBytes) {
  Random random(22);
  const Interactions all = sample_interactions(random, 120, 50, 0.3);
  EvaluateOptions options;
  options.seeds = 2;
  options.replicates = 40;
  options.models = {parse_model_spec("als:factors=8:sweeps=3").value(),
                    parse_model_spec("item-bm25").value(),
                    parse_model_spec("ease").value(),
                    parse_model_spec("tifu-knn:neighbours=20").value(),
                    parse_model_spec("due").value(),
                    parse_model_spec("trend").value(),
                    parse_model_spec("next-basket").value()};
  for (const SplitBy split : {SplitBy::time, SplitBy::last_basket, SplitBy::customers}) {
    options.split.by = split;
    options.threads = 1;
    const auto one = evaluate(all, options, no_progress);
    ASSERT_TRUE(one.ok()) << one.error().describe();
    options.threads = 3;
    EXPECT_EQ(evaluation_json(*one), evaluation_json(*evaluate(all, options, no_progress)));
    EXPECT_EQ(one->models.size(), 9u);  // popularity and personal are always there
  }
}

// Habits: what she had before beats what everybody has; without habits it cannot be asked about at all.
TEST(Evaluate, PersonalFrequencyWinsWhereThereAreHabits) {
  Random random(23);
  const Interactions all = sample_interactions(random, 400, 200, 0.8);
  EvaluateOptions options;
  options.split.by = SplitBy::last_basket;
  options.seeds = 1;
  options.replicates = 200;
  const auto evaluation = evaluate(all, options, no_progress);
  ASSERT_TRUE(evaluation.ok());
  EXPECT_EQ(evaluation->repeats, Repeats::yes);
  const ModelOutcome& popularity = evaluation->models.front();
  ASSERT_EQ(popularity.spec.name, "popularity");
  for (const Comparison& comparison : popularity.comparisons) {
    EXPECT_EQ(comparison.baseline, "personal");
    EXPECT_LT(comparison.difference.high, 0);
    EXPECT_LT(comparison.p, 1e-4);
  }
}

TEST(Evaluate, IntervalsHoldTheirMeans) {
  Random random(24);
  const Interactions all = sample_interactions(random, 300, 60, 0.4);
  EvaluateOptions options;
  options.split.by = SplitBy::customers;
  options.seeds = 3;
  options.replicates = 200;
  options.models = {parse_model_spec("item-cosine").value()};
  const auto evaluation = evaluate(all, options, no_progress);
  ASSERT_TRUE(evaluation.ok());
  for (const ModelOutcome& model : evaluation->models) {
    for (const MetricRow& row : model.metrics) {
      if (std::isnan(row.value.mean)) continue;
      EXPECT_LE(row.value.low, row.value.mean + 1e-12) << model.spec.name << ' ' << row.name;
      EXPECT_GE(row.value.high, row.value.mean - 1e-12) << model.spec.name << ' ' << row.name;
    }
  }
}

TEST(Evaluate, BadInputIsNamed) {
  Random random(25);
  const Interactions all = sample_interactions(random, 30, 10, 0.3);
  EvaluateOptions options;
  options.models = {parse_model_spec("crystal-ball").value()};
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::not_found);
  options.models = {parse_model_spec("als:colour=3").value()};
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::bad_input);
  options.models = {parse_model_spec("als:reg=-1").value()};
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::bad_input);
  options.models = {parse_model_spec("content").value()};
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::refused);
  options.models.clear();
  options.k = {0};
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::bad_input);
  EXPECT_FALSE(parse_model_spec("als:factors").ok());
  EXPECT_FALSE(parse_model_spec("als:factors=nan").ok());
}

// The inner split of tuning draws other customers than the outer one, whose data are gone.
TEST(Evaluate, TuningOnHeldOutCustomers) {
  Random random(26);
  const Interactions all = sample_interactions(random, 200, 40, 0.4);
  EvaluateOptions options;
  options.split.by = SplitBy::customers;
  options.seeds = 2;
  options.replicates = 20;
  options.tune = 2;
  options.models = {parse_model_spec("item-cosine").value()};
  options.against = "item-cosine";
  const auto evaluation = evaluate(all, options, no_progress);
  ASSERT_TRUE(evaluation.ok()) << evaluation.error().describe();
  EXPECT_EQ(evaluation->models.front().comparisons.front().baseline, "item-cosine");
  options.against = "als";
  EXPECT_EQ(evaluate(all, options, no_progress).error().code, Errc::bad_input);
}

// A shop with three orders: an answer, not a crash.
TEST(Evaluate, AShopWithThreeOrders) {
  InteractionsBuilder builder;
  ASSERT_TRUE(builder.add("a", "tea", 1).ok());
  ASSERT_TRUE(builder.add("a", "pot", 2).ok());
  ASSERT_TRUE(builder.add("b", "tea", 3).ok());
  const Interactions all = std::move(builder).build().value();
  for (const SplitBy split : {SplitBy::time, SplitBy::last_basket, SplitBy::customers}) {
    EvaluateOptions options;
    options.split.by = split;
    options.replicates = 20;
    const auto evaluation = evaluate(all, options, no_progress);
    if (!evaluation.ok()) {
      EXPECT_EQ(evaluation.error().code, Errc::refused);
    }
  }
}

TEST(Interactions, TimesAndWeights) {
  EXPECT_EQ(parse_time_ms("2026-11-22").value(), 1'795'305'600'000);
  EXPECT_EQ(parse_time_ms("2026-11-22T09:30:05Z").value(),
            1'795'305'600'000 + ((9 * 60 + 30) * 60 + 5) * 1000LL);
  EXPECT_EQ(parse_time_ms("1260759144").value(), 1'260'759'144'000);
  EXPECT_EQ(parse_time_ms("3").value(), 3 * 86'400'000LL);
  for (const char* bad : {"", "yesterday", "2026-13-01", "20a6-01-01", "2026-1", "nan", "1e99"})
    EXPECT_FALSE(parse_time_ms(bad).ok()) << bad;
  InteractionsBuilder builder;
  EXPECT_FALSE(builder.add("a", "b", 0, std::nan("")).ok());
  EXPECT_FALSE(builder.add("a", "b", 0, -1).ok());
  EXPECT_FALSE(builder.add("", "b", 0).ok());
  EXPECT_FALSE(std::move(builder).build().ok());
}

TEST(Interactions, LinesOfBaskets) {
  const auto data = parse_customer_baskets("ada tea pot\nbob tea\r\n\nada milk\n", false);
  ASSERT_TRUE(data.ok());
  ASSERT_EQ(data->of(0).size(), 3u);
  EXPECT_EQ(data->of(0)[0].time_ms, data->of(0)[1].time_ms);
  EXPECT_LT(data->of(0)[1].time_ms, data->of(0)[2].time_ms);
  const auto steps = parse_customer_baskets("ada,tea,pot\n", true);
  ASSERT_TRUE(steps.ok());
  EXPECT_LT(steps->of(0)[0].time_ms, steps->of(0)[1].time_ms);
}

}  // namespace
}  // namespace rapport::learn
