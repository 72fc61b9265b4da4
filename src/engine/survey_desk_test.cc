#include "engine/detail/survey_desk.h"

#include <gtest/gtest.h>

#include "codec/survey.h"
#include "engine/detail/survey_links.h"
#include "engine/detail/survey_templates.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_surveys.h"

namespace rapport::engine {
namespace {

const Instant kNow = instant_from_civil({2026, 6, 1, 9, 0, 0, 0});

views::SurveyAsk ask(const std::string& id, Instant at, bool reminder = false) {
  return {1, views::survey_key(id), at, at + days(14), reminder};
}
std::string code(const std::optional<AskRefusal>& refusal) {
  return refusal ? std::string(refusal->code) : "";
}

TEST(SurveyDesk, OneInvitationInThirtyDaysOverAllSurveys) {
  const model::SurveyLimits limits;
  AskFacts facts;
  EXPECT_EQ(code(refuse_ask(facts, limits, kNow)), "");
  facts.asks = {ask("a", kNow - days(30))};
  EXPECT_EQ(code(refuse_ask(facts, limits, kNow)), "");
  facts.asks = {ask("a", kNow - days(30) + milliseconds(1))};
  const auto refused = refuse_ask(facts, limits, kNow);
  EXPECT_EQ(code(refused), "asked_lately");
  EXPECT_EQ(refused->expected, "again after 2026-06-01T09:00:00.001Z");
  facts.asks = {ask("a", kNow - days(10), true)};
  EXPECT_EQ(code(refuse_ask(facts, limits, kNow)), "") << "a reminder is no invitation";
}

TEST(SurveyDesk, RemindersAreCountedAndSpaced) {
  const model::SurveyLimits limits;
  const views::SurveyAsk open = ask("a", kNow - days(2));
  AskFacts facts{{open}, {}, false};
  EXPECT_EQ(code(refuse_reminder(facts, limits, open, kNow)), "too_soon");
  EXPECT_EQ(code(refuse_reminder(facts, limits, open, kNow + days(1))), "");
  facts.asks.push_back(ask("a", kNow + days(1), true));
  EXPECT_EQ(code(refuse_reminder(facts, limits, open, kNow + days(9))), "reminders_spent");
}

TEST(SurveyDesk, ConsentByChannel) {
  AskFacts facts;
  EXPECT_EQ(code(refuse_channel(facts, "email")), "no_consent");
  EXPECT_EQ(code(refuse_channel(facts, "link")), "");
  facts.consents = {{"service", true}};
  EXPECT_EQ(code(refuse_channel(facts, "email")), "");
  facts.consents = {{"service", true}, {"marketing", false}};
  EXPECT_EQ(code(refuse_channel(facts, "email")), "no_consent");
  facts = {};
  facts.any_channel_denied = true;
  EXPECT_EQ(code(refuse_channel(facts, "link")), "no_consent");
}

TEST(SurveyLinks, AreSealedAndNobodyElsesOpen) {
  const codec::NodeKey key = codec::make_node_key();
  SurveyLink link = new_survey_link(SurveyLink::Kind::single, ShopNo{3}, "ahp", kNow);
  link.label = "专家 1";
  const std::string token = seal_survey_link(key, link);
  const auto opened = open_survey_link(key, token);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->shop, ShopNo{3});
  EXPECT_EQ(opened->until, kNow);
  EXPECT_EQ(opened->sheet_id(), link.sheet_id());
  EXPECT_EQ(opened->label, "专家 1");
  EXPECT_FALSE(open_survey_link(codec::make_node_key(), token).ok());
  // No changed letter, no cut and no lengthened token opens anything.
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_survey_link(key, changed).ok()) << i;
    EXPECT_FALSE(open_survey_link(key, token.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(open_survey_link(key, std::string(100'000, 'A')).ok());
}

TEST(SurveyTemplates, AreWholeInThreeLanguages) {
  ASSERT_EQ(survey_templates().size(), 10U);
  for (const SurveyTemplate& one : survey_templates()) {
    model::Survey survey = one.survey;
    survey.survey_id = "x";
    const Status good = model::check_survey(survey);
    EXPECT_TRUE(good.ok()) << one.name << ": " << good.error().describe();
    const auto whole = [&](const model::SurveyText& text) {
      EXPECT_TRUE(text.empty() || (!text.en.empty() && !text.hans.empty() && !text.hant.empty())) << one.name;
    };
    for (const model::SurveyItem& item : survey.items) {
      whole(item.text);
      whole(item.left);
      whole(item.low_label);
    }
    std::string text;
    codec::JsonWriter json(text);
    codec::write_survey(json, survey);
    EXPECT_LT(text.size(), 30'000U) << one.name;
    const auto again = codec::parse_survey(text);
    ASSERT_TRUE(again.ok()) << again.error().describe();
    std::string second;
    codec::JsonWriter json_again(second);
    codec::write_survey(json_again, *again);
    EXPECT_EQ(text, second);
  }
  EXPECT_EQ(find_survey_template("servqual")->survey.items.size(), 44U);
  EXPECT_EQ(find_survey_template("ecsi")->survey.items.size(), 24U);
  EXPECT_EQ(find_survey_template("nps")->survey.title.hant, "您願意推薦我們嗎？");
}

class SurveyEngine : public EngineTest {};

// Twenty clerks press the button at once: one invitation goes out, and nineteen hear why not.
TEST_F(SurveyEngine, ACustomerIsInvitedOnceHoweverManyAsk) {
  ASSERT_TRUE(send(track("ada", "User Registered", "m1")).ok());
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) {
                engine_->publish_survey(shop_, "nps", R"({"template":"nps"})", reply);
              }).ok());
  std::vector<std::future<Result<InviteAnswer>>> all;
  for (int i = 0; i < 20; ++i) {
    auto promise = std::make_shared<std::promise<Result<InviteAnswer>>>();
    all.push_back(promise->get_future());
    engine_->invite(shop_, {.survey = "nps", .customers = {"ada"}, .segment = {}, .days = {}},
                    [promise](Result<InviteAnswer> answer) { promise->set_value(std::move(answer)); });
  }
  std::size_t invited = 0, refused = 0;
  for (auto& one : all) {
    const auto answer = one.get();
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    invited += answer->invited.size();
    for (const NotInvited& no : answer->refused) refused += no.code == "asked_lately" ? 1 : 0;
  }
  EXPECT_EQ(invited, 1U);
  EXPECT_EQ(refused, 19U);
  // And so it stays after a restart.
  reopen();
  const auto again = wait<InviteAnswer>([&](auto reply) {
    engine_->invite(shop_, {.survey = "nps", .customers = {"ada"}, .segment = {}, .days = {}}, reply);
  });
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->invited.size(), 0U);
}

}  // namespace
}  // namespace rapport::engine
