#include "learn/artefact.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "learn/als.h"
#include "learn/detail/sample_interactions.h"
#include "learn/pair_rules.h"

namespace rapport::learn {
namespace {

std::vector<std::vector<std::uint32_t>> attributes_of(const Interactions& data) {
  std::vector<std::vector<std::uint32_t>> attributes(data.items());
  for (std::uint32_t item = 0; item < data.items(); ++item)
    attributes[item] = {item % 2 + 2 * (item / 6 % 2), 4 + item % 5};
  return attributes;
}

ModelSet train_all(const Interactions& data) {
  const auto attributes = attributes_of(data);
  TrainContext context;
  context.attributes = &attributes;
  ModelSet set;
  set.trained_ms = 1'795'316'645'678;
  set.position = 4'711;
  set.customers = data.customers();
  for (std::uint32_t item = 0; item < data.items(); ++item) set.items.push_back(data.item_name(item));
  for (const ModelKind& kind : model_kinds()) {
    if (kind.load == nullptr) continue;
    ModelSpec spec{std::string(kind.name), {}};
    if (kind.name == "als") spec.settings = {{"factors", 8}, {"sweeps", 2}};
    auto model = train_model(spec, data, context);
    // Four categories of few orders may be taken together by chance alone.
    if (kind.name == "category-rules" && !model.ok() && model.error().code == Errc::refused) continue;
    EXPECT_TRUE(model.ok()) << kind.name << ": " << (model.ok() ? "" : model.error().describe());
    if (model.ok()) set.models.push_back({spec.text(), "all", std::move(*model)});
  }
  return set;
}

std::vector<double> scores_of(const Recommender& model, const Interactions& data, std::size_t customer) {
  std::vector<double> scores(data.items());
  const auto events = data.of(customer);
  model.score({events, events.back().time_ms + 5 * 86'400'000LL}, scores);
  return scores;
}

TEST(Artefact, EveryModelScoresTheSameBitsAfterwards) {
  Random random(71);
  const Interactions data = sample_interactions(random, 300, 12, 0.4);
  const ModelSet set = train_all(data);
  ASSERT_EQ(set.models.size(), model_kinds().size() - 1) << "all but tifu-knn";
  const auto bytes = encode_models(set);
  ASSERT_TRUE(bytes.ok());
  const auto again = decode_models(*bytes);
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ(again->items, set.items);
  EXPECT_EQ(again->trained_ms, set.trained_ms);
  EXPECT_EQ(again->position, set.position);
  ASSERT_EQ(again->models.size(), set.models.size());
  for (std::size_t m = 0; m < set.models.size(); ++m) {
    EXPECT_EQ(again->models[m].spec, set.models[m].spec);
    for (std::size_t customer = 0; customer < data.customers(); customer += 7) {
      EXPECT_EQ(scores_of(*again->models[m].model, data, customer),
                scores_of(*set.models[m].model, data, customer))
          << set.models[m].spec;
    }
  }
  EXPECT_EQ(encode_models(*again).value(), *bytes);
  EXPECT_NE(again->find<Als>("als"), nullptr);
  EXPECT_EQ(again->find<PairRules>("als"), nullptr);
}

/// The body that version 1 wrote: no mark before the baskets, no q after the counts.
TEST(Artefact, RulesOfVersionOneAreStillRead) {
  std::string body;
  ByteWriter out(body);
  for (const std::uint64_t number : {100, 1, 1, 8, 10, 20, 0}) out.varint(number);
  ByteReader in(body);
  const auto read = PairRules::load(in, 2);
  ASSERT_TRUE(read.ok()) << read.error().describe();
  EXPECT_TRUE(in.at_end());
  const auto& rules = dynamic_cast<const PairRules&>(**read);
  EXPECT_EQ(rules.baskets(), 100U);
  ASSERT_EQ(rules.of(0).size(), 1U);
  EXPECT_EQ(rules.of(0)[0].both, 8U);
  EXPECT_FLOAT_EQ(rules.of(0)[0].q, 0.05F);
}

TEST(Artefact, CutOrFlippedIsANamedError) {
  Random random(72);
  const Interactions data = sample_interactions(random, 40, 10, 0.4);
  const std::string bytes = encode_models(train_all(data)).value();
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 50) {
    const auto cut = decode_models(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(cut.ok()) << size;
    EXPECT_EQ(cut.error().code, Errc::corrupt);
  }
  for (std::size_t at = 10; at < bytes.size(); at += 1 + at / 50) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << random.below(8)));
    const auto damaged = decode_models(flipped);
    ASSERT_FALSE(damaged.ok()) << at;
    EXPECT_EQ(damaged.error().code, Errc::corrupt);
    EXPECT_FALSE(damaged.error().message.empty());
  }
  std::string later = bytes;
  later[8] = 9;
  EXPECT_EQ(decode_models(later).error().code, Errc::unsupported);
}

TEST(Artefact, RowsOfCustomersAreNeverStored) {
  Random random(73);
  const Interactions data = sample_interactions(random, 20, 10, 0.4);
  ModelSet set;
  set.models.push_back({"tifu-knn", "all", train_model({"tifu-knn", {}}, data, {}).value()});
  EXPECT_EQ(encode_models(set).error().code, Errc::unsupported);
}

TEST(PairRules, CountsAreThoseOfTheBaskets) {
  Random random(74);
  const Interactions data = sample_interactions(random, 200, 12, 0.3);
  const auto model = train_model({"rules", {}}, data, {});
  ASSERT_TRUE(model.ok()) << model.error().describe();
  const auto& rules = dynamic_cast<const PairRules&>(**model);
  std::vector<std::vector<bool>> baskets;
  for (std::size_t c = 0; c < data.customers(); ++c) {
    const auto events = data.of(c);
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (i == 0 || events[i].time_ms != events[i - 1].time_ms) baskets.emplace_back(data.items(), false);
      baskets.back()[events[i].item] = true;
    }
  }
  EXPECT_EQ(rules.baskets(), baskets.size());
  std::size_t seen = 0;
  for (std::uint32_t item = 0; item < data.items(); ++item) {
    for (const PairRule& rule : rules.of(item)) {
      std::uint32_t both = 0, left = 0, right = 0;
      for (const auto& basket : baskets) {
        both += basket[item] && basket[rule.item];
        left += basket[item];
        right += basket[rule.item];
      }
      EXPECT_EQ(rule.both, both);
      EXPECT_EQ(rule.left, left);
      EXPECT_EQ(rule.right, right);
      EXPECT_GT(rules.lift(rule), 1);
      EXPECT_GE(rule.q, 0);
      EXPECT_LE(rule.q, 0.05F);
      EXPECT_NEAR(rules.added(rule), double(both) / left - double(right) / double(baskets.size()), 1e-12);
      ++seen;
    }
  }
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace rapport::learn
