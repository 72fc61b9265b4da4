#include "learn/text_classifier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "learn/detail/confidence.h"
#include "learn/detail/linear_svm.h"
#include "learn/detail/text_features.h"

namespace rapport::learn {
namespace {

const char* const kParcel[] = {"包裹", "快递", "物流", "送货", "配送", "parcel", "courier", "delivery"};
const char* const kPrice[] = {"价格", "优惠", "降价", "打折", "便宜", "price", "discount", "coupon"};
const char* const kFiller[] = {"请问", "我的", "怎么",   "还没",  "一下",
                               "my",   "the",  "please", "still", "today"};

std::string sentence(Random& random, const char* const (&topic)[8], int topical) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += i < topical ? topic[random.below(8)] : kFiller[random.below(10)];
    text += ' ';
  }
  return text;
}

std::vector<LabelledText> two_topics(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<LabelledText> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const bool parcel = random.chance(0.5);
    texts.push_back(
        {parcel ? sentence(random, kParcel, 2) : sentence(random, kPrice, 2), parcel ? "物流" : "价格"});
  }
  return texts;
}

bool same(const TextFeatures& a, const TextFeatures& b) {
  return std::equal(a.counts.begin(), a.counts.end(), b.counts.begin(), b.counts.end(),
                    [](const TextCount& one, const TextCount& other) {
                      return one.feature == other.feature && one.times == other.times &&
                             one.block == other.block;
                    });
}
std::size_t in_block(const TextFeatures& text, TextBlock block) {
  return static_cast<std::size_t>(std::count_if(text.counts.begin(), text.counts.end(),
                                                [&](const TextCount& one) { return one.block == block; }));
}

TEST(TextFeaturesTest, WidthCaseAndBlanksDoNotMatter) {
  EXPECT_TRUE(same(text_features("Ｃａｒｄ  没到"), text_features("card 没到")));
  EXPECT_FALSE(same(text_features("card 没到"), text_features("card 到没")));
}

TEST(TextFeaturesTest, BlocksHoldWhatTheyAreNamedFor) {
  const auto chinese = text_features("包裹没到");
  EXPECT_EQ(in_block(chinese, TextBlock::words), 0U);
  // " 包裹没到 " has 6 + 5 + 4 + 3 runs, two of them a blank alone.
  EXPECT_EQ(in_block(chinese, TextBlock::characters), 16U);
  const auto english = text_features("card not here");
  EXPECT_EQ(in_block(english, TextBlock::words), 3U + 4U);
  EXPECT_EQ(in_block(english, TextBlock::pairs), 3U);
}

TEST(TextFeaturesTest, HostileTextsHaveFeaturesOrNone) {
  EXPECT_TRUE(text_features("").counts.empty());
  EXPECT_TRUE(text_features("  \t　").counts.empty());
  EXPECT_FALSE(text_features("😡😡😡").counts.empty());
  EXPECT_FALSE(text_features("\xff\xfe\x80").counts.empty());
  const std::string long_text(1 << 20, 'a');
  EXPECT_LE(text_features(long_text).counts.size(), 20U);
  std::string many_words;
  for (int i = 0; i < 100'000; ++i) many_words += std::to_string(i) + " ";
  EXPECT_EQ(in_block(text_features(many_words), TextBlock::pairs), 0U);
}

/// What train_linear_svm minimises, the bias as one more weight.
double objective(const SparseRows& rows, std::span<const std::int8_t> sides, double cost,
                 const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight * weight / 2;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double score = weights.back();
    for (const TextEntry& entry : rows.row(i))
      score += weights[entry.column] * static_cast<double>(entry.value);
    const double short_of = std::max(0.0, 1 - sides[i] * score);
    sum += cost * short_of * short_of;
  }
  return sum;
}

TEST(LinearSvmTest, FindsTheMinimumThatPlainDescentFinds) {
  constexpr std::size_t kColumns = 6, kRows = 60;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    SparseRows rows;
    std::vector<std::int8_t> sides;
    for (std::size_t i = 0; i < kRows; ++i) {
      std::vector<TextEntry> row;
      for (std::uint32_t c = 0; c < kColumns; ++c) {
        if (random.chance(0.6)) row.push_back({c, static_cast<float>(random.uniform() - 0.5)});
      }
      rows.add(row);
      sides.push_back(random.chance(0.4) ? 1 : -1);
    }
    const double cost = 0.5;
    const auto fast = train_linear_svm(
        rows, kColumns, sides, {.cost = cost, .tolerance = 1e-8, .sweeps_most = 10'000, .seed = seed});
    std::vector<double> slow(kColumns + 1, 0.0);
    for (int step = 0; step < 20'000; ++step) {
      std::vector<double> gradient = slow;
      for (std::size_t i = 0; i < kRows; ++i) {
        double score = slow.back();
        for (const TextEntry& entry : rows.row(i))
          score += slow[entry.column] * static_cast<double>(entry.value);
        const double short_of = std::max(0.0, 1 - sides[i] * score);
        for (const TextEntry& entry : rows.row(i))
          gradient[entry.column] -= 2 * cost * short_of * sides[i] * static_cast<double>(entry.value);
        gradient.back() -= 2 * cost * short_of * sides[i];
      }
      for (std::size_t c = 0; c <= kColumns; ++c) slow[c] -= 0.005 * gradient[c];
    }
    EXPECT_NEAR(objective(rows, sides, cost, fast), objective(rows, sides, cost, slow), 1e-6)
        << "seed " << seed;
    for (std::size_t c = 0; c <= kColumns; ++c) EXPECT_NEAR(fast[c], slow[c], 1e-4) << "seed " << seed;
  }
}

TEST(ConfidenceTest, IsTheShareOfAnswersThatAreRight) {
  Random random(7);
  std::vector<HeldOutAnswer> answers;
  for (int i = 0; i < 40'000; ++i) {
    const double score = 3 * random.uniform() - 1, lead = 2 * random.uniform();
    const double p = 1 / (1 + std::exp(-(0.3 + 0.8 * score + 1.5 * lead)));
    answers.push_back({score, lead, random.chance(p)});
  }
  const Confidence fitted = Confidence::fit(answers);
  EXPECT_NEAR(fitted.of(1, 1), 1 / (1 + std::exp(-2.6)), 0.01);
  EXPECT_NEAR(fitted.of(-0.5, 0.2), 1 / (1 + std::exp(-0.2)), 0.02);
  const double threshold = fitted.threshold(0.95);
  std::size_t sure = 0, right = 0;
  for (const HeldOutAnswer& one : answers) {
    if (fitted.of(one.score, one.lead) < threshold) continue;
    ++sure;
    right += one.right ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(right), 0.95 * static_cast<double>(sure));
  EXPECT_GT(sure, 1'000U);
}

TEST(ConfidenceTest, AllRightOrAllWrongStaysFinite) {
  const std::vector<HeldOutAnswer> right(100, {1, 1, true}), wrong(100, {1, 1, false});
  EXPECT_GT(Confidence::fit(right).of(1, 1), 0.95);
  EXPECT_LT(Confidence::fit(wrong).of(1, 1), 0.05);
  EXPECT_GT(Confidence::fit(wrong).threshold(0.5), 1);
}

TEST(TextClassifierTest, LearnsTopicsOfBothLanguages) {
  const auto model = TextClassifier::train(two_topics(1, 400));
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(model->labels(), (std::vector<std::string>{"价格", "物流"}));
  std::size_t right = 0;
  const auto others = two_topics(2, 400);
  for (const LabelledText& one : others)
    right += model->labels()[model->classify(one.text).label] == one.label ? 1 : 0;
  EXPECT_GE(right, 390U);
  EXPECT_GE(model->held_out_accuracy(), 0.97);
  const auto parcel = model->classify("快递怎么还没到");
  EXPECT_EQ(model->labels()[parcel.label], "物流");
  EXPECT_NE(parcel.label, parcel.second);
}

TEST(TextClassifierTest, NothingKnownIsNoConfidence) {
  const auto model = TextClassifier::train(two_topics(1, 200));
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->classify("").confidence, 0);
  EXPECT_EQ(model->classify("ʘʘʘ").confidence, 0);
}

TEST(TextClassifierTest, ThreadsDoNotChangeTheModel) {
  const auto texts = two_topics(3, 300);
  const auto one = TextClassifier::train(texts, {.threads = 1});
  const auto three = TextClassifier::train(texts, {.threads = 3});
  ASSERT_TRUE(one.ok() && three.ok());
  for (const LabelledText& text : two_topics(4, 50)) {
    const auto a = one->classify(text.text), b = three->classify(text.text);
    EXPECT_EQ(a.label, b.label);
    EXPECT_EQ(a.score, b.score);
    EXPECT_EQ(a.confidence, b.confidence);
  }
}

TEST(TextClassifierTest, RefusesWhatCannotBeLearned) {
  EXPECT_EQ(TextClassifier::train({}).error().where, "labels");
  const std::vector<LabelledText> single(20, {"a text", "one"});
  EXPECT_EQ(TextClassifier::train(single).error().where, "labels");
  auto rare = two_topics(5, 100);
  rare.push_back({"退货", "退货"});
  const auto refused = TextClassifier::train(rare);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("退货"), std::string::npos);
  auto nameless = two_topics(5, 100);
  nameless[3].label.clear();
  EXPECT_EQ(TextClassifier::train(nameless).error().where, "text 4");
  EXPECT_EQ(TextClassifier::train(rare, {.folds = 1}).error().where, "folds");
  EXPECT_EQ(TextClassifier::train(rare, {.cost = std::nan("")}).error().where, "cost");
  EXPECT_EQ(TextClassifier::train(rare, {.threads = 0}).error().where, "threads");
}

}  // namespace
}  // namespace rapport::learn
