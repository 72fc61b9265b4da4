#include "views/surveys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "views/detail/sample_log.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;

const Instant kStart = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});

SampleEvent asked(const std::string& user, const std::string& survey, const std::string& invitation,
                  Instant at, bool reminder = false) {
  SampleEvent event;
  event.at = at;
  event.kind = k::survey_invited;
  event.who = {{IdentifierKind::user_id, user}};
  event.clear = Properties()
                    .text(p::survey_id, survey)
                    .text(p::channel, "email")
                    .text(p::invitation_id, invitation)
                    .number(p::until, (at + days(14)).ms)
                    .number(p::reminder, reminder ? 1 : 0);
  return event;
}

SampleEvent answered(const std::string& user, const std::string& survey, const std::string& sheet,
                     Instant at) {
  SampleEvent event;
  event.at = at;
  event.kind = k::survey_answered;
  event.who = {{IdentifierKind::user_id, user}};
  Properties clear = Properties().text(p::survey_id, survey).answer("nps", 9'000);
  if (!sheet.empty()) clear.text(p::response_id, sheet);
  event.clear = clear;
  return event;
}

class SurveysTest : public ::testing::Test {
 protected:
  void add(const SampleEvent& event) {
    log_.add(event, std::max(event.at, kStart + days(60)));
    log_.fold_into(state_, flips_);
  }
  Surveys::Counts counts(std::string_view survey) {
    return state_.surveys().counts(state_.tables().words().find(survey));
  }
  CustomerId customer(const std::string& user) {
    return state_.customer_of(log_.node(IdentifierKind::user_id, user));
  }
  SampleLog log_;
  ShopState state_;
  FlipList flips_;
};

// Ada is asked, reminded, answers once and sends it again; a sheet without a number counts each time.
TEST_F(SurveysTest, AskedRemindedAnswered) {
  add(asked("ada", "nps", "i1", kStart));
  add(asked("ada", "nps", "i1", kStart + days(3), true));
  EXPECT_FALSE(state_.surveys().answered(survey_key("i1")));
  add(answered("ada", "nps", "i1", kStart + days(4)));
  add(answered("ada", "nps", "i1", kStart + days(5)));
  add(answered("bob", "nps", "", kStart + days(5)));
  EXPECT_TRUE(state_.surveys().answered(survey_key("i1")));
  EXPECT_EQ(counts("nps").invited, 1U);
  EXPECT_EQ(counts("nps").reminders, 1U);
  EXPECT_EQ(counts("nps").answered, 2U);
  const auto asks = state_.survey_asks(customer("ada"));
  ASSERT_EQ(asks.size(), 2U);
  EXPECT_EQ(asks[0].at, kStart);
  EXPECT_TRUE(asks[1].reminder);
  EXPECT_EQ(asks[1].until, kStart + days(17));
}

// Two identifiers turn out to be one person: what either was asked counts for her.
TEST_F(SurveysTest, AMergedPersonWasAskedWhatHerPartsWere) {
  add(asked("ada", "nps", "i1", kStart + days(2)));
  SampleEvent other = asked("x", "csat", "i2", kStart);
  other.who = {{IdentifierKind::email, "ada@example.com"}};
  add(other);
  SampleEvent link;
  link.at = kStart + days(3);
  link.kind = k::identify;
  link.who = {{IdentifierKind::user_id, "ada"}, {IdentifierKind::email, "ada@example.com"}};
  add(link);
  const auto asks = state_.survey_asks(customer("ada"));
  ASSERT_EQ(asks.size(), 2U);
  EXPECT_LT(asks[0].at, asks[1].at);
}

TEST(SurveyKey, OurNumbersComeBackOthersAreHashed) {
  const std::string ours = "5d0f6a1c2b3e4f708192a3b4";
  EXPECT_EQ(survey_key_text(survey_key(ours)), ours);
  for (const std::string other : {"", "i1", "5D0F6A1C2B3E4F708192A3B4", "5d0f6a1c2b3e4f708192a3b"}) {
    EXPECT_EQ(survey_key_text(survey_key(other)), std::nullopt) << other;
    EXPECT_EQ(survey_key(other), survey_key(other));
  }
}

TEST_F(SurveysTest, AnErasedPersonWasNeverAskedButTheSheetStaysSpent) {
  add(asked("ada", "nps", "i1", kStart));
  add(answered("ada", "nps", "i1", kStart + days(1)));
  SampleEvent erased;
  erased.type = model::RecordType::erased;
  erased.at = kStart + days(61);
  erased.who = {{IdentifierKind::user_id, "ada"}};
  const NodeId node = log_.node(IdentifierKind::user_id, "ada");
  add(erased);
  EXPECT_TRUE(state_.surveys().asks(node).empty());
  EXPECT_TRUE(state_.surveys().answered(survey_key("i1")));
  EXPECT_EQ(counts("nps").answered, 1U);
}

// Whatever order events come in, and through a checkpoint, the state is one.
TEST_F(SurveysTest, OrderAndCheckpointsDoNotMatter) {
  std::vector<SampleEvent> events;
  for (int i = 0; i < 90; ++i) {
    const std::string user = "u" + std::to_string(i % 7), sheet = "s" + std::to_string(i);
    events.push_back(asked(user, i % 2 ? "nps" : "csat", sheet, kStart + hours(i), i % 3 == 0));
    if (i % 4 == 0) events.push_back(answered(user, i % 2 ? "nps" : "csat", sheet, kStart + hours(i + 1)));
    if (i % 8 == 0) events.push_back(answered(user, i % 2 ? "nps" : "csat", sheet, kStart + hours(i + 2)));
  }
  for (const SampleEvent& event : events) add(event);
  std::string bytes;
  state_.save([&](std::string_view piece) { bytes += piece; });
  const auto loaded = ShopState::load(bytes, {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
  EXPECT_EQ(loaded->state_hash(), state_.state_hash());
  EXPECT_EQ(loaded->survey_asks(customer("u1")), state_.survey_asks(customer("u1")));

  constexpr std::uint64_t kSeed = 20261122;
  std::mt19937_64 random(kSeed);
  std::shuffle(events.begin(), events.end(), random);
  SampleLog other_log;
  ShopState other;
  for (const SampleEvent& event : events) other_log.add(event, kStart + days(60));
  other_log.fold_into(other, flips_);
  EXPECT_EQ(other.canonical_state(other_log.names()), state_.canonical_state(log_.names())) << kSeed;
}

// A hypothesis is registered once: what is published later under its name changes nothing.
TEST_F(SurveysTest, ARegisteredHypothesisStands) {
  const auto card = [](Instant at, const std::string& effect) {
    SampleEvent event;
    event.at = at;
    event.kind = k::hypothesis_published;
    event.clear =
        Properties().text(p::hypothesis_id, "H-1").text(p::noun_body, "{\"effect\":" + effect + "}");
    return event;
  };
  add(card(kStart + days(1), "0.05"));
  add(card(kStart + days(9), "0.01"));
  EXPECT_EQ(state_.noun(k::hypothesis_published, "H-1"), "{\"effect\":0.05}");
}

}  // namespace
}  // namespace rapport::views
