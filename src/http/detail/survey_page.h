#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/engine_surveys.h"
#include "model/survey.h"

/// The page on which people answer: plain HTML that works without a script, on a phone, by keyboard and with
/// a screen reader, in three languages. No inline script or style.
namespace rapport::http::detail {

struct SurveyPage {
  model::SurveyLanguage language = model::SurveyLanguage::en;
  std::map<std::string, std::string, std::less<>> given;  ///< answers as they were typed, to be shown again
  bool edited = false;  ///< the survey was edited while the form was open: to be looked over and sent again
  std::string wrong_item;  ///< which answer was not taken; "" for none
};

/// The form, or "answered already".
std::string survey_form_page(const engine::SurveySheet& sheet, const SurveyPage& page);
enum class SurveyEnd { thanks, already, unknown, gone, busy };
/// A page with one message. `thanks` may be the survey's own words; `receipt` the token of the answers'
/// receipt, "" for none.
std::string survey_end_page(SurveyEnd end, model::SurveyLanguage language, std::string_view thanks = {},
                            std::string_view receipt = {});

extern const std::string_view kSurveyStyle;   ///< /ask/style.css
extern const std::string_view kSurveyScript;  ///< /ask/form.js

}  // namespace rapport::http::detail
