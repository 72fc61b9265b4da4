#pragma once

#include <string>
#include <string_view>

#include "study/report.h"

/// What the terminal and the page renderings share.
namespace rapport::study::detail {

/// Six significant digits, fixed where that is readable: "0.930560", "85.3055", "8.50255e-09", "-" for no
/// number.
std::string format_number(double value);
std::string format_cell(const Cell& cell);
/// Columns a terminal needs: East Asian wide characters take two.
std::size_t display_width(std::string_view utf8);
/// & < > " as entities.
std::string escape_html(std::string_view text);

/// The fixed words of a rendering.
struct Words {
  std::string_view rows, checks, passed, warned, failed, figures, sources, reading, value, interval,
      definition, name;
};
const Words& words(Language language);

}  // namespace rapport::study::detail
