#include "engine/detail/survey_versions.h"

#include <gtest/gtest.h>

#include "codec/survey.h"

namespace rapport::engine {
namespace {

model::Survey survey_of(const std::string& items) {
  const auto survey = codec::parse_survey(R"({"survey_id":"s","title":"S","items":[)" + items + "]}");
  EXPECT_TRUE(survey.ok()) << (survey.ok() ? "" : survey.error().describe());
  return survey.ok() ? *survey : model::Survey();
}
const std::string kEase = R"({"item":"ease","text":"Easy?","low":1,"high":5})";
const std::string kNps = R"({"item":"nps","text":"Recommend?","low":0,"high":10})";

TEST(SurveyVersions, OnlyWhatIsAskedMakesANewOne) {
  const model::Survey first = survey_of(kEase + "," + kNps);
  EXPECT_EQ(next_versions(first, {}, first).version, 1);
  EXPECT_EQ(next_versions(first, {}, survey_of(kNps + "," + kEase)).version, 1) << "another order";
  model::Survey closed = first;
  closed.closed = true;
  closed.title.en = "Another title";
  EXPECT_EQ(next_versions(first, {}, closed).version, 1);
  const model::Survey longer = survey_of(R"({"item":"ease","text":"Easy?","low":1,"high":7},)" + kNps);
  const SurveyVersions second = next_versions(first, {}, longer);
  EXPECT_EQ(second.version, 2);
  EXPECT_EQ(second.since_of("ease"), 2);
  EXPECT_EQ(second.since_of("nps"), 1);
  // What came back is told apart from what it was: somebody answered otherwise in between.
  const SurveyVersions third = next_versions(longer, second, first);
  EXPECT_EQ(third.version, 3);
  EXPECT_EQ(third.since_of("ease"), 3);
  EXPECT_EQ(third.since_of("nps"), 1);
  EXPECT_EQ(next_versions(first, third, survey_of(kNps)).version, 4) << "one asked no more";
}

TEST(SurveyVersions, StandInTheNoun) {
  const SurveyVersions versions{3, {{"ease", 3}, {"why", 2}}};
  const SurveyVersions read = survey_versions(with_versions(R"({"survey_id":"s"})", versions));
  EXPECT_EQ(read.version, 3);
  EXPECT_EQ(read.since, versions.since);
  EXPECT_EQ(survey_versions(R"({"survey_id":"s"})").version, 1);
  EXPECT_EQ(survey_versions(R"({"version":"two","since":[]})").version, 1);
  EXPECT_EQ(survey_versions("no JSON").version, 1);
}

TEST(SurveyVersions, AFormOfAnotherVersionIsNotTaken) {
  const auto code = [](std::int64_t stands, std::vector<model::SurveyAnswer> answers) {
    const Status taken = check_version(answers, {stands, {}});
    for (const model::SurveyAnswer& answer : answers) EXPECT_TRUE(answer.item != kVersionItem || !taken.ok());
    return taken.ok() ? Errc::internal : taken.error().code;
  };
  const std::string item(kVersionItem);
  EXPECT_EQ(code(1, {{"ease", std::int64_t{3}}}), Errc::internal) << "taken";
  EXPECT_EQ(code(1, {{item, std::int64_t{1}}}), Errc::internal) << "taken";
  EXPECT_EQ(code(2, {{"ease", std::int64_t{3}}}), Errc::bad_input);
  EXPECT_EQ(code(2, {{item, std::int64_t{1}}}), Errc::conflict);
  EXPECT_EQ(code(2, {{item, std::string("2")}}), Errc::internal) << "taken: a form sends texts";
  EXPECT_EQ(code(2, {{item, std::string("two")}}), Errc::bad_input);
}

}  // namespace
}  // namespace rapport::engine
