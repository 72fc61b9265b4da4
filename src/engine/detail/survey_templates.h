#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/survey.h"

/// Questionnaires that come with the program, in three languages. Traditional characters are made of the
/// simplified ones when a template is asked for.
namespace rapport::engine {

struct SurveyTemplate {
  std::string_view name;
  model::SurveyText purpose;
  std::string_view method;  ///< of `rapport study` that reads its answers
  model::Survey survey;     ///< without an id
};

/// nps csat ces servqual servperf perception profile ecsi ahp delphi
const std::vector<SurveyTemplate>& survey_templates();
/// Null when there is none of that name.
const SurveyTemplate* find_survey_template(std::string_view name);

namespace detail {

/// All three languages from two.
model::SurveyText survey_text(std::string_view en, std::string_view hans);
model::SurveyItem scale_item(std::string_view name, std::string_view en, std::string_view hans,
                             std::int64_t low, std::int64_t high);
/// With the words of agreement at the scale's ends.
model::SurveyItem agreement_item(std::string_view name, std::string_view en, std::string_view hans,
                                 std::int64_t high);

/// survey_templates_quality.cc
SurveyTemplate servqual_template();
SurveyTemplate servperf_template();
SurveyTemplate profile_template();
/// survey_templates_ecsi.cc
SurveyTemplate ecsi_template();
SurveyTemplate perception_template();

}  // namespace detail
}  // namespace rapport::engine
