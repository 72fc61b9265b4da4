#pragma once

#include <string>
#include <string_view>

#include "study/report.h"

/// What the names in a report are called in the reader's language. English keeps the names as JSON has them,
/// so does whatever has no word here, such as a column of the user's own.
namespace rapport::study::detail {

std::string column_term(std::string_view name, Language language);
std::string figure_term(std::string_view name, Language language);
std::string check_term(std::string_view name, Language language);
/// A cell of a table; only reports whose texts are words of ours are put into words, never the user's own
/// texts.
Cell cell_term(const Report& report, const Cell& cell, Language language);

}  // namespace rapport::study::detail
