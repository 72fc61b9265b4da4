#pragma once

#include <duckdb.h>

#include <string>

#include "model/answers/sql.h"

namespace rapport::lens::detail {

/// One cell of a result. Integers up to 64 bits, doubles and booleans keep their type; decimals, larger
/// integers, dates, times and everything nested come as text; a BLOB as \x hex.
model::SqlValue value_at(duckdb_vector vector, std::size_t row);

/// "BIGINT", "VARCHAR", "DECIMAL(18,2)", "LIST", ...
std::string type_name(duckdb_logical_type type);

}  // namespace rapport::lens::detail
