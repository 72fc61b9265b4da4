#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/detail/survey_versions.h"
#include "model/survey.h"

/// Questions to the lens about a survey's answers. Only numbers are read; what people wrote stays sealed.
namespace rapport::engine {

/// version, item, value, n
std::string survey_counts_sql(std::string_view survey_id);
/// version, n: sheets with a number on them
std::string survey_versions_sql(std::string_view survey_id);
/// day, n
std::string survey_days_sql(std::string_view survey_id);
/// item, n, median, q1, q3 of one round of a panel
std::string survey_panel_sql(std::string_view survey_id, std::int64_t round);
/// One row a sheet: customer_id, answered_at, and a column an item; of a panel round and expert first; of an
/// AHP form expert, left, right, value. Of a survey that was edited also `version`, and an item's answers
/// only from the versions that asked it alike.
std::string survey_sheets_sql(const model::Survey& survey, const SurveyVersions& versions);

/// What a method of study should be told of this survey unless the caller says so: its items, which of them
/// are reversed, which are expectations, which column the score is.
std::vector<std::pair<std::string, std::string>> survey_study_options(const model::Survey& survey,
                                                                      std::string_view method);

}  // namespace rapport::engine
