#pragma once

#include <string>
#include <vector>

#include "model/table.h"

namespace rapport::lens::detail {

/// Cells as a study takes them: numbers when each is a number or missing and none is a code with leading
/// zeros; otherwise text. The rule of read_table().
model::Column typed_column(std::string name, std::vector<std::string> cells);

}  // namespace rapport::lens::detail
