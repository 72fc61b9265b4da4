#pragma once

#include <string>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "model/survey.h"

/// Surveys as JSON: the noun of `Survey Published`, and what respondents are shown.
namespace rapport::codec {

/// Members that stand in `json` replace those of `survey`; `items` as a whole. A text is a string (taken as
/// all three languages) or {"en", "zh-Hans", "zh-Hant"}. `criteria` of an AHP form ([{"item", "text"}], 3 to
/// 9 of them) become its pairs. Nothing is checked but types: model::check_survey does the rest. Errors:
/// bad_input naming the member.
Status read_survey(JsonValue json, model::Survey& survey);

/// The whole noun, as read_survey reads it.
void write_survey(JsonWriter& json, const model::Survey& survey);
/// Title, intro, items, kind and round: nothing of the shop's own.
void write_survey_form(JsonWriter& json, const model::Survey& survey);
void write_survey_text(JsonWriter& json, const model::SurveyText& text);

/// The noun as published. Errors: refused for a text that was published past the front door and is none.
Result<model::Survey> parse_survey(std::string_view noun);

}  // namespace rapport::codec
