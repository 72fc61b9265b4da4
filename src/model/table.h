#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

/// A table in memory, column by column: what `study` estimates on and what `lens` reads files and SQL answers
/// into.
namespace rapport::model {

/// Numbers as doubles; a missing cell is NaN.
using NumberColumn = std::vector<double>;
/// Text; a missing cell is the empty text.
using TextColumn = std::vector<std::string>;

struct Column {
  std::string name;
  std::variant<NumberColumn, TextColumn> cells;
  std::size_t rows() const;
  bool is_number() const { return cells.index() == 0; }
};

/// Columns of equal length with unique names. A value type; const access from any thread.
class Table {
 public:
  static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

  std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().rows(); }
  std::size_t columns() const { return columns_.size(); }
  const Column& column(std::size_t i) const { return columns_[i]; }
  /// Index of the column of that exact name. Errors: not_found, listing the names that exist.
  Result<std::size_t> find(std::string_view name) const;
  /// The numbers of a column. Errors: not_found; bad_input when it is text, naming the first cell that is no
  /// number.
  Result<std::span<const double>> numbers(std::string_view name) const;
  /// The texts of a column. Errors: not_found; bad_input when it is numeric.
  Result<std::span<const std::string>> texts(std::string_view name) const;

  /// Errors: conflict for a name that exists; bad_input for another length than the first column's.
  Status add(Column column);

 private:
  std::vector<Column> columns_;
};

}  // namespace rapport::model
