#pragma once

#include <string>
#include <vector>

namespace rapport::lens::detail {

/// Raise when a stored table changes: mirrors of another version are filled anew from the log.
inline constexpr int kSchemaVersion = 1;

/// The stored tables, in the schema `mirror`. Statements to run in order.
std::vector<std::string> table_statements();
/// What queries see: views in the schema `main`, made anew at each opening.
std::vector<std::string> view_statements();

}  // namespace rapport::lens::detail
