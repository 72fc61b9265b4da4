#pragma once

#include <string>

#include "model/answers/sql.h"

namespace rapport::http::detail {

/// RFC 4180 with a line of names.
std::string csv_of(const model::SqlAnswer& answer);
/// Columns side by side for a terminal, and a line that counts the rows.
std::string text_table_of(const model::SqlAnswer& answer);

}  // namespace rapport::http::detail
