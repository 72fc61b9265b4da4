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

/// What SQL can ask of a shop, and how much of its log the tables hold already.
struct SqlTablesAnswer {
  struct Column {
    std::string name;
    std::string type;  ///< DuckDB's type name
  };
  struct Table {
    std::string name;
    std::vector<Column> columns;
  };
  std::vector<Table> tables;  ///< by name
  EventSeq mirrored;          ///< the tables hold the log up to here
  EventSeq log;               ///< and it ends here; a question waits for the rest
};

}  // namespace rapport::model
