#include "model/survey.h"

#include <gtest/gtest.h>

namespace rapport::model {
namespace {

Survey nps() {
  Survey survey;
  survey.survey_id = "nps";
  survey.title = {"Would you?", "您愿意吗？", "您願意嗎？"};
  SurveyItem score;
  score.item = "nps";
  score.text = {"How likely?", "", ""};
  score.low = 0;
  score.high = 10;
  SurveyItem why;
  why.item = "why";
  why.text = {"Why?", "", ""};
  why.type = ItemType::text;
  why.required = false;
  why.when = SurveyCondition{"nps", SurveyCondition::Is::at_most, 6};
  survey.items = {score, why};
  return survey;
}

std::string where(const Result<std::vector<SurveyAnswer>>& checked) {
  return checked.ok() ? "" : checked.error().where;
}

TEST(Survey, LanguageByTheBrowser) {
  EXPECT_EQ(language_of("zh-TW,zh;q=0.9,en;q=0.8"), SurveyLanguage::hant);
  EXPECT_EQ(language_of("de-DE,de;q=0.9,zh-CN;q=0.7,en;q=0.4"), SurveyLanguage::hans);
  EXPECT_EQ(language_of("fr"), SurveyLanguage::en);
  EXPECT_EQ(language_of("en;q=0.85, zh-Hant-HK;q=0.9"), SurveyLanguage::hant);
  EXPECT_EQ(language_of("zh;q=0, en;q=0.1"), SurveyLanguage::en);
  EXPECT_EQ(language_of(";;,q=,zh-"), SurveyLanguage::hans);
  EXPECT_EQ(language_of(std::string(5'000, ',')), SurveyLanguage::en);
  EXPECT_EQ(in_language(nps().items[0].text, SurveyLanguage::hant), "How likely?");
}

TEST(Survey, AnswersAreHeldToTheForm) {
  const Survey survey = nps();
  EXPECT_EQ(where(check_answers(survey, {{"nps", std::int64_t{9}}})), "");
  EXPECT_EQ(where(check_answers(survey, {{"nps", std::int64_t{11}}})), "answers.nps");
  EXPECT_EQ(where(check_answers(survey, {{"nps", std::string("nine")}})), "answers.nps");
  EXPECT_EQ(where(check_answers(survey, {{"why", std::string("late")}})), "answers.nps");
  EXPECT_EQ(where(check_answers(survey, {{"nps", std::int64_t{3}}, {"nps", std::int64_t{4}}})),
            "answers.nps");
  EXPECT_EQ(where(check_answers(survey, {{"age", std::int64_t{3}}})), "answers.age");
  EXPECT_EQ(where(check_answers(survey, {})), "answers.nps");
  const auto long_text = check_answers(survey, {{"nps", std::int64_t{3}}, {"why", std::string(2'001, 'x')}});
  EXPECT_EQ(where(long_text), "answers.why");
}

// Who recommends us was not asked why not: what a page sent all the same is left out.
TEST(Survey, WhatTheConditionsLeaveOutIsDropped) {
  const Survey survey = nps();
  const auto detractor = check_answers(survey, {{"why", std::string("late")}, {"nps", std::int64_t{6}}});
  ASSERT_TRUE(detractor.ok());
  EXPECT_EQ(detractor->size(), 2U);
  const auto promoter = check_answers(survey, {{"why", std::string("late")}, {"nps", std::int64_t{9}}});
  ASSERT_TRUE(promoter.ok());
  ASSERT_EQ(promoter->size(), 1U);
  EXPECT_EQ((*promoter)[0].item, "nps");
}

TEST(Survey, WhatIsNoSurveyIsRefusedByName) {
  const auto refused = [](auto change) {
    Survey survey = nps();
    change(survey);
    const Status checked = check_survey(survey);
    return checked.ok() ? std::string() : checked.error().where;
  };
  EXPECT_EQ(refused([](Survey&) {}), "");
  EXPECT_EQ(refused([](Survey& s) { s.survey_id = "../x"; }), "survey_id");
  EXPECT_EQ(refused([](Survey& s) { s.items.clear(); }), "items");
  EXPECT_EQ(refused([](Survey& s) {
              s.items[1].item = "nps";
              s.items[1].when.reset();
            }),
            "items");
  EXPECT_EQ(refused([](Survey& s) { s.items[0].item = "round"; }), "items");
  EXPECT_EQ(refused([](Survey& s) { s.items[0].low = 10; }), "items.nps.low");
  EXPECT_EQ(refused([](Survey& s) { s.items[1].when->item = "later"; }), "items.why.when");
  EXPECT_EQ(refused([](Survey& s) { s.items[0].type = ItemType::choice; }), "items.nps.choices");
  EXPECT_EQ(refused([](Survey& s) { s.items[0].type = ItemType::pair; }), "items.nps.left");
  EXPECT_EQ(refused([](Survey& s) { s.limits.asks = 0; }), "limits");
  EXPECT_EQ(refused([](Survey& s) { s.title = {}; }), "title");
}

}  // namespace
}  // namespace rapport::model
