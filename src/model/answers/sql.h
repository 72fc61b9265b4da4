#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"

namespace rapport::model {

/// monostate is NULL. Decimals and times come as text.
using SqlValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

struct SqlAnswer {
  std::vector<std::string> names;
  std::vector<std::string> types;  ///< DuckDB's type names
  std::vector<std::vector<SqlValue>> rows;
  bool truncated = false;  ///< the row limit cut the answer
  EventSeq known_at;       ///< the lens had this position
  double seconds = 0;
};

}  // namespace rapport::model
