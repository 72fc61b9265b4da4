#pragma once

#include <string>
#include <string_view>

namespace rapport::app {

/// A JSON text with a member a line and two blanks an indent, ending in a line break. Lists and objects
/// without nested ones, up to 100 columns, stay on one line. Text that is no JSON comes back as it is.
std::string pretty_json(std::string_view json);

}  // namespace rapport::app
