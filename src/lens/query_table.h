#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "lens/lens.h"
#include "model/table.h"

/// The answer of a query as the table that a study estimates on.
namespace rapport::lens {

/// As read_table() over the same rows: a column is numeric when each of its cells is a number or NULL;
/// otherwise it is text, with true and false as words and times as "2026-11-22T09:30:00Z". Errors: those of
/// Lens::stream; too_large over `most_cells`; conflict for two columns of one name.
Result<model::Table> query_table(const Lens& lens, std::string_view query, const SqlLimits& limits,
                                 bool reveal, std::uint64_t most_cells);

}  // namespace rapport::lens
