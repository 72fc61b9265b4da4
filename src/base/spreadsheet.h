#pragma once

#include <string_view>

namespace rapport {

/// Whether a spreadsheet that opens a CSV file would run this cell as a formula (CWE-1236; OWASP, "CSV
/// Injection"): it begins with = + - @, a tab or a carriage return, and is no number. Writers of CSV put an
/// apostrophe before such a text.
inline bool is_formula_in_spreadsheets(std::string_view cell) {
  constexpr std::string_view kFirst("=+-@\t\r");
  return !cell.empty() && kFirst.find(cell.front()) != std::string_view::npos &&
         cell.find_first_not_of("+-0123456789.,") != std::string_view::npos;
}

}  // namespace rapport
