#pragma once

#include <span>
#include <string>
#include <vector>

#include "math/column_moments.h"
#include "model/table.h"

/// From a table to the numbers a method estimates on, with the refusals that every method shares.
namespace rapport::study {

/// Numeric columns borrowed from a table, which must outlive this.
struct Items {
  std::vector<std::string> names;
  std::vector<std::span<const double>> columns;
  std::size_t rows() const { return columns.empty() ? 0 : columns[0].size(); }
};

/// Errors: not_found for no such column; bad_input for a column of text, an infinite cell or a name given
/// twice.
Result<Items> read_items(const model::Table& table, std::span<const std::string> names);

/// Means and covariances with refusals: Errc::refused for fewer usable rows than `rows_min` (or than 3) and
/// for an item that is constant among them.
Result<math::ColumnMoments> item_moments(const Items& items, math::MissingRule rule, std::size_t rows_min);

/// The rows without a missing cell, one item a column.
math::Matrix complete_rows(const Items& items);

}  // namespace rapport::study
