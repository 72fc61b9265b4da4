#pragma once

#include <string>
#include <vector>

namespace rapport::lens::detail {

/// Header cells as column names: trimmed, nameless ones column_<n>, repeated ones with _2, _3, ...
std::vector<std::string> column_names(const std::vector<std::string>& header);
/// c1 ... c<n>
std::vector<std::string> numbered_columns(std::size_t n);

}  // namespace rapport::lens::detail
