#include "learn/feedback_model.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rapport::learn {
namespace {

/// "logistics:delay- product:battery-" of the clauses that are about something; "?" where a person is asked.
std::string said(const FeedbackModel& model, std::string_view text) {
  std::string out;
  for (const ClauseFeedback& one : model.classify(text)) {
    if (!one.about_something) continue;
    out += out.empty() ? "" : " ";
    out += one.sure ? std::string(kFeedbackClassNames[one.first]) : "?";
    out += ":" + std::string(one.aspect) + (one.sentiment < 0 ? "-" : one.sentiment > 0 ? "+" : "");
  }
  return out;
}

TEST(FeedbackModel, TheStarterHearsPlainComplaintsInThreeWritings) {
  const FeedbackModel& model = FeedbackModel::starter();
  EXPECT_EQ(said(model, "电池太不耐用了，快递很快！"), "product:battery- logistics:delay+");
  EXPECT_EQ(said(model, "電池太不耐用了，快遞很快！"), "product:battery- logistics:delay+");
  EXPECT_EQ(said(model, "The battery dies too fast. Fast delivery!"), "product:battery- logistics:delay+");
  EXPECT_EQ(said(model, "客服态度很差，退款到现在没到账"), "service:attitude- payment:refund-");
}

TEST(FeedbackModel, GreetingsAreNobodysBusiness) {
  const auto said = FeedbackModel::starter().classify("你好，谢谢");
  ASSERT_FALSE(said.empty());
  for (const ClauseFeedback& one : said) EXPECT_FALSE(one.about_something);
}

TEST(FeedbackModel, WhatItDoesNotKnowIsLeftToAPerson) {
  const FeedbackModel& model = FeedbackModel::starter();
  for (const char* text : {"ขอบคุณมาก สินค้าดี", "Приехало вчера вечером"}) {
    for (const ClauseFeedback& one : model.classify(text)) {
      EXPECT_TRUE(one.about_something) << text;
      EXPECT_FALSE(one.sure) << text;
    }
  }
}

TEST(FeedbackModel, ThreatsAndDangerPress) {
  const FeedbackModel& model = FeedbackModel::starter();
  for (const char* text : {"插上就冒烟，太危险了", "再不解决我就投诉到12315", "I got an electric shock"}) {
    const auto clauses = model.classify(text);
    EXPECT_TRUE(std::any_of(clauses.begin(), clauses.end(), [](const auto& one) { return one.urgent; }))
        << text;
  }
}

// What the card promises of phrases that were not learned from; the figures stand in docs/feedback.md.
TEST(FeedbackModel, TheCardKeepsToItsPrecision) {
  const FeedbackCard& card = FeedbackModel::starter().card();
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  EXPECT_GT(share(card.class_right, card.clauses), 0.74);
  EXPECT_GE(share(card.sure_right, card.sure), 0.9);
  EXPECT_GT(share(card.sure, card.clauses), 0.5);
  EXPECT_GT(share(card.sentiment_right, card.clauses), 0.85);
  EXPECT_GT(share(card.urgent_found, card.urgent_told), 0.85);
  EXPECT_GT(share(card.urgent_found, card.urgent), 0.35);
}

TEST(FeedbackModel, EmptyEmojiAndHugeTextsAreBounded) {
  const FeedbackModel& model = FeedbackModel::starter();
  EXPECT_TRUE(model.classify("").empty());
  EXPECT_TRUE(model.classify("。。。！！").empty());
  EXPECT_EQ(model.classify("😡😡😡").size(), 1U);
  std::string text;
  while (text.size() < 1'000'000) text += "电池不行。物流慢！";
  EXPECT_EQ(model.classify(text).size(), text::kClausesMost);
}

/// A few examples of each class, and none.
std::vector<FeedbackExample> few() {
  constexpr std::string_view kWords[] = {"坏了的零件", "客服说话", "包裹路上",
                                         "价格贵贱",   "付款银行", "网页按钮"};
  std::vector<FeedbackExample> out;
  for (std::uint32_t i = 0; i < 8; ++i) {
    for (std::size_t c = 0; c < kFeedbackClasses; ++c) {
      out.push_back({std::string(kWords[c]) + std::to_string(i), static_cast<std::uint8_t>(1U << c), "some",
                     static_cast<std::int8_t>(i % 3 == 0   ? 0
                                              : i % 3 == 1 ? 1
                                                           : -1),
                     i == 1, i});
    }
    out.push_back({"你好" + std::to_string(i), 0, "", 0, false, i});
  }
  return out;
}

TEST(FeedbackModel, CorrectionsTeachTheShopsOwnWords) {
  std::vector<FeedbackExample> examples = few();
  const auto before = FeedbackModel::train(examples);
  ASSERT_TRUE(before.ok()) << before.error().describe();
  for (std::uint32_t i = 0; i < 8; ++i)
    examples.push_back({"云朵枕塌了" + std::to_string(i), 1, "loft", -1, false, 100 + i});
  const auto after = FeedbackModel::train(examples);
  ASSERT_TRUE(after.ok());
  EXPECT_NE(before->version(), after->version());
  const ClauseFeedback said = after->classify_clause("云朵枕又塌了");
  EXPECT_TRUE(said.about_something);
  EXPECT_EQ(said.first, 0U);
  EXPECT_EQ(said.aspect, "loft");
  EXPECT_EQ(said.sentiment, -1);
}

TEST(FeedbackModel, AnyNumberOfThreadsGivesOneModel) {
  const auto one = FeedbackModel::train(few(), {.threads = 1});
  const auto two = FeedbackModel::train(few(), {.threads = 2});
  ASSERT_TRUE(one.ok() && two.ok());
  for (const FeedbackExample& example : few()) {
    const ClauseFeedback a = one->classify_clause(example.text), b = two->classify_clause(example.text);
    EXPECT_EQ(a.confidence, b.confidence);
    EXPECT_EQ(a.classes, b.classes);
  }
}

TEST(FeedbackModel, RefusesWhatCannotBeLearnedFrom) {
  std::vector<FeedbackExample> lacks = few();
  std::erase_if(lacks, [](const auto& one) { return one.classes == 2; });
  const auto refused = FeedbackModel::train(lacks);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("service"), std::string::npos);
  std::vector<FeedbackExample> blank = few();
  blank.front().text.clear();
  EXPECT_FALSE(FeedbackModel::train(blank).ok());
  EXPECT_FALSE(FeedbackModel::train(few(), {.precision = 1}).ok());
  EXPECT_FALSE(FeedbackModel::train(few(), {.folds = 1}).ok());
}

TEST(LeastSentiment, AComplaintIsNotOutweighed) {
  const auto of = [](bool about, int sentiment) {
    ClauseFeedback one;
    one.about_something = about;
    one.sentiment = static_cast<std::int8_t>(sentiment);
    return one;
  };
  const ClauseFeedback mixed[] = {of(true, 1), of(true, -1), of(false, 1)};
  EXPECT_EQ(least_sentiment(mixed), -1);
  const ClauseFeedback plain[] = {of(false, 1)};
  EXPECT_EQ(least_sentiment(plain), 1);
  EXPECT_EQ(least_sentiment({}), 0);
}

TEST(FeedbackModel, StarsAreEvidence) {
  const FeedbackModel& model = FeedbackModel::starter();
  // Of a five-star review: hardly blame, so it is none; of two stars, or none given, it is what the words
  // say.
  for (const char* praise : {"In my opinion they make the best sardines for the money.",
                             "The seeds arrived in a small plastic bag with instructions to soak and sow."}) {
    ASSERT_EQ(least_sentiment(model.classify(praise)), -1) << "told wrong without the stars: " << praise;
    EXPECT_GE(least_sentiment(model.classify(praise, 5.0)), 0) << praise;
    EXPECT_GE(least_sentiment(model.classify(praise, 4.0)), 0) << praise;
    EXPECT_EQ(least_sentiment(model.classify(praise, 3.0)), -1) << praise;
  }
  // What clearly blames does so whatever the stars.
  for (const char* blame :
       {"客服态度很差，一直不回复。", "The parcel arrived late and the box was crushed."}) {
    EXPECT_EQ(least_sentiment(model.classify(blame)), -1) << blame;
    EXPECT_EQ(least_sentiment(model.classify(blame, 5.0)), -1) << blame;
  }
}

}  // namespace
}  // namespace rapport::learn
