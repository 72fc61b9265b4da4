#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/table.h"

/// Rows out of the files that shops hand over: CSV, Excel (.xlsx), JSON Lines and Parquet, each also gzipped.
/// What a file is, is told by its first bytes, not by its name. Text files may be UTF-8, GB18030 or UTF-16
/// and are decoded before anything else.
namespace rapport::lens {

/// Named limits, so that a hostile file ends in an answer.
struct ReadLimits {
  std::size_t cell_bytes = 1 << 20;
  std::size_t row_bytes = 4 << 20;
  std::size_t columns = 4'096;
  std::size_t shared_text_bytes = 256u << 20;          ///< all shared strings of an Excel file together
  std::uint64_t unpacked_bytes = 16ull << 30;          ///< of a gzipped file, or of one part of an Excel file
  std::uint64_t unpacked_binary_bytes = 512ull << 20;  ///< of a gzipped Excel or Parquet file
};

struct ReadOptions {
  std::string sheet;       ///< Excel: the sheet of that name; the first when empty
  char delimiter = 0;      ///< CSV: found by looking when 0; one of , ; tab |
  bool has_header = true;  ///< CSV and Excel; otherwise columns are named c1, c2, ...
  ReadLimits limits;
};

/// One row; `cells` has one text a column, "" when missing. Excel dates read "2026-11-22" or
/// "2026-11-22 09:30:00".
struct Row {
  std::vector<std::string> cells;
  std::uint64_t line = 0;  ///< where it begins, from 1; the row number for Excel and Parquet
  std::string problem;     ///< when not empty the row is bad and its cells are not to be used
  std::string raw;         ///< JSON Lines: the line itself
};

/// Reads forward once. One thread at a time.
class RowReader {
 public:
  virtual ~RowReader() = default;
  /// Names in order, trimmed and unique; nameless columns are column_<n>. Those of JSON Lines grow while
  /// reading, as members are met.
  const std::vector<std::string>& columns() const { return columns_; }
  /// The next row; false at the end. A bad row is a Row with a problem and reading goes on; an Error is the
  /// end of the file's readable part: io, corrupt (torn gzip, Excel without its parts), too_large.
  virtual Result<bool> next(Row& row) = 0;
  /// 0..1 of the file's bytes.
  virtual double progress() const = 0;
  const std::string& path() const { return path_; }

 protected:
  std::string path_;
  std::vector<std::string> columns_;
};

/// Errors: not_found, io; bad_input when the file is none of the four kinds or has no such sheet; corrupt.
Result<std::unique_ptr<RowReader>> open_rows(const std::string& path, const ReadOptions& options = {});

/// Names of the sheets of an Excel file, in order.
Result<std::vector<std::string>> sheet_names(const std::string& path);

/// A whole file for studies. A column is numeric when each of its cells is a number or missing ("", NA, NaN,
/// null, N/A, "."), and no number is written with leading zeros (those are codes); otherwise it is text. Bad
/// rows are an error that names the first, unless `problems` is given: then they are left out and listed as
/// "file:line: what was wrong". Errors: as open_rows; too_large over `most_cells`.
Result<model::Table> read_table(const std::string& path, const ReadOptions& options = {},
                                std::vector<std::string>* problems = nullptr,
                                std::uint64_t most_cells = 100'000'000);

}  // namespace rapport::lens
