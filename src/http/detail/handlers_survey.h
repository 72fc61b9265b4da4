#pragma once

#include "http/detail/ask.h"

/// Handlers of the topic "surveys".
namespace rapport::http::handlers {

void survey_templates(Ask ask);
void survey_template(Ask ask);
void surveys(Ask ask);
void survey(Ask ask);
void publish_survey(Ask ask);
void survey_link(Ask ask);
void invite(Ask ask);
void survey_results(Ask ask);
void survey_sheet(Ask ask);
void answer_survey(Ask ask);
void survey_page(Ask ask);
void answer_survey_page(Ask ask);
void survey_qr(Ask ask);
void survey_style(Ask ask);
void survey_script(Ask ask);

}  // namespace rapport::http::handlers
