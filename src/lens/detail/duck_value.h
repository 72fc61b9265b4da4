#pragma once

#include <duckdb.h>

#include <cstdint>
#include <string>

#include "model/answers/sql.h"

namespace rapport::lens::detail {

/// One cell of a result. Integers up to 64 bits, doubles and booleans keep their type; decimals, larger
/// integers, dates, times and everything nested come as text; a BLOB as \x hex. Of a text longer than `most`
/// bytes only a part longer than `most` is made.
model::SqlValue value_at(duckdb_vector vector, std::size_t row, std::size_t most = SIZE_MAX - 1);

/// "BIGINT", "VARCHAR", "DECIMAL(18,2)", "LIST", ...
std::string type_name(duckdb_logical_type type);

}  // namespace rapport::lens::detail
