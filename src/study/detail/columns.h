#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "math/linear.h"
#include "model/table.h"

/// From a table's columns to a matrix of complete rows.
namespace rapport::study::detail {

struct CompleteRows {
  math::Matrix x;                  ///< rows used x names
  std::vector<std::string> names;  ///< after text columns became indicators: "race=hispan"
  std::vector<std::size_t> rows;   ///< their positions in the table
  std::size_t given = 0;           ///< rows of the table
};

/// Rows without a missing cell in `names`, all numeric. Errors: not_found; bad_input for a column of text;
/// refused when no row is complete.
Result<CompleteRows> complete_rows(const model::Table& table, const std::vector<std::string>& names);

/// Like complete_rows, but a text column becomes 0/1 indicators of its values, in byte order, without the
/// first one. Errors: also bad_input for a text column in which most cells are numbers (a typing mistake: the
/// first other cell is named) or with more than 50 values.
Result<CompleteRows> design_rows(const model::Table& table, const std::vector<std::string>& names);

/// All numeric columns except those named.
std::vector<std::string> numeric_columns_except(const model::Table& table,
                                                std::span<const std::string> except);

/// A column as labels, whether text or whole numbers; a missing cell is the empty text. Errors: not_found.
Result<std::vector<std::string>> labels(const model::Table& table, std::string_view name);

/// A 0/1 column: numbers 0 and 1, or text with exactly two values of which `yes`, `true`, `1`, `treated`,
/// `treatment` (else the later in byte order) is 1; missing is NaN. Errors: not_found; bad_input for other
/// values.
Result<std::vector<double>> binary(const model::Table& table, std::string_view name);

/// A column of moments: text that parse_instant reads, or numbers YYYYMMDD; a missing cell is
/// Instant::never(). Errors: not_found; bad_input naming the first row that is no date.
Result<std::vector<Instant>> instants(const model::Table& table, std::string_view name);

}  // namespace rapport::study::detail
