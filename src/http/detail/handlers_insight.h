#pragma once

#include "http/detail/ask.h"

/// Handlers of the insight topic, one a route.
namespace rapport::http::handlers {

void customers(Ask ask);
void segment_matrix(Ask ask);
void check_rule(Ask ask);
void overview(Ask ask);
void services(Ask ask);
void journey(Ask ask);
void journey_areas(Ask ask);
void goals(Ask ask);
void publish_goal(Ask ask);
// In handlers_import.cc:
void import_preview(Ask ask);
void rejected_rows(Ask ask);

}  // namespace rapport::http::handlers
