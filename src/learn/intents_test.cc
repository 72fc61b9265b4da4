#include "learn/intents.h"

#include <set>

#include "learn/retrieval.h"

namespace rapport::learn {
namespace {

TEST(Intents, WhatWasLearnedIsUnderstoodInBothScriptsAndEnglish) {
  const IntentModel& model = IntentModel::starter();
  const std::pair<const char*, const char*> kSaid[] = {
      {"请问我的快递现在到哪里了呀", "order_state"},
      {"請問我的快遞到哪裡了", "order_state"},
      {"could you tell me where my parcel is", "order_state"},
      {"我想把这件外套退掉", "return_wanted"},
      {"我想要退貨", "return_wanted"},
      {"please cancel my order", "cancel_order"},
      {"CADR 是什么意思啊", "parameter"},
      {"转人工客服谢谢", "human"}};
  for (const auto& [text, intent] : kSaid) {
    const IntentAnswer answer = model.understand(text);
    EXPECT_EQ(answer.intent, intent) << text;
    EXPECT_GT(answer.confidence, 0.5) << text;
  }
}

TEST(Intents, EveryPhraseStandsOnceAndHasAnIntent) {
  std::set<std::string> seen, used;
  for (const LabelledText& one : starter_intent_phrases()) {
    EXPECT_NE(std::find(kIntents.begin(), kIntents.end(), one.label), kIntents.end()) << one.label;
    EXPECT_FALSE(one.text.empty());
    EXPECT_TRUE(seen.insert(one.label + "|" + one.text).second) << one.text;
    used.insert(one.label);
  }
  EXPECT_EQ(used.size(), kIntents.size());
}

TEST(Intents, TheThresholdKeepsItsPrecisionOnPhrasesHeldOut) {
  const IntentModel& model = IntentModel::starter();
  const double threshold = model.threshold(0.95);
  ASSERT_LE(threshold, 1);
  const auto held_out = model.held_out(threshold);
  EXPECT_GE(static_cast<double>(held_out.right), 0.95 * static_cast<double>(held_out.answered));
  EXPECT_LT(held_out.answered, held_out.texts);
  EXPECT_EQ(held_out.texts, model.phrases());
  EXPECT_EQ(model.held_out(0).answered, held_out.texts);
}

TEST(Intents, TrainedAgainItIsTheSame) {
  const auto again = IntentModel::train();
  ASSERT_TRUE(again.ok());
  for (const char* text : {"退款什么时候到", "is it waterproof", "發票怎麼開", "zzz"}) {
    EXPECT_EQ(again->understand(text).intent, IntentModel::starter().understand(text).intent);
    EXPECT_EQ(again->understand(text).confidence, IntentModel::starter().understand(text).confidence);
  }
  const LabelledText wrong{"x", "no_such_intent"};
  EXPECT_FALSE(IntentModel::train(std::span(&wrong, 1)).ok());
}

TEST(WordingIndexTest, TheNearestWordingIsFoundWhateverTheScript) {
  const WordingIndex index = WordingIndex::build({{"滤芯多久换一次", 0},
                                                  {"how often do I change the filter", 0},
                                                  {"可以寄到香港吗", 1},
                                                  {"do you ship to Hong Kong", 1},
                                                  {"会员日是哪天", 2}});
  const auto same = index.find("濾芯多久換一次？", 3);
  ASSERT_FALSE(same.empty());
  EXPECT_EQ(same[0].of, 0U);
  EXPECT_NEAR(same[0].match, 1, 1e-9);
  EXPECT_EQ(index.find("How often must I change filters", 3)[0].of, 0U);
  const auto near = index.find("能寄香港么", 3);
  EXPECT_EQ(near[0].of, 1U);
  EXPECT_LT(near[0].match, 0.95);
  EXPECT_TRUE(index.find("zzz", 3).empty());
  EXPECT_TRUE(index.find("？！", 3).empty());
}

TEST(WordingIndexTest, AWordingLeftOutDoesNotFindItself) {
  const WordingIndex index = WordingIndex::build({{"会员日是哪天", 0}, {"包邮吗", 1}});
  const auto found = index.find("会员日是哪天", 3, 0);
  EXPECT_TRUE(found.empty() || found[0].of != 0);
}

}  // namespace
}  // namespace rapport::learn
