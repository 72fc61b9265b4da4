#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "lens/file_reader.h"

namespace rapport::lens::detail {

/// The rows of one or more files of the same kind, held in memory. Columns are those of all files together;
/// a file without a column has it missing.
class Sheet {
 public:
  struct Place {
    std::uint32_t file = 0;
    std::uint64_t line = 0;
  };

  /// Reads one file to its end; `on_bad` is told of bad rows. `budget` is what cells may still take; it
  /// shrinks. Errors: those of the reader; too_large.
  Status add_file(RowReader& reader, std::size_t& budget, const std::function<void(const Row&)>& on_bad,
                  const std::function<void()>& on_progress);
  /// Pads short rows; call once after the last file.
  void finish();

  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t rows() const { return rows_.size(); }
  std::span<const std::string_view> row(std::size_t i) const {
    return std::span(cells_).subspan(i * columns_.size(), columns_.size());
  }
  Place place(std::size_t i) const { return rows_[i].place; }
  const std::string& file(std::uint32_t i) const { return files_[i]; }

  using Index = std::unordered_map<std::string_view, std::vector<std::uint32_t>>;
  /// Rows by the value of a column, in order; missing values are left out. Made once a column.
  const Index& index(std::size_t column) const;

 private:
  struct RowStart {
    std::size_t first_cell = 0;
    std::size_t cells = 0;
    Place place;
  };
  std::string_view keep(std::string_view text);
  std::size_t column_for(const std::string& name);

  std::vector<std::string> columns_;
  std::vector<std::string> files_;
  std::vector<RowStart> rows_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> blocks_;
  mutable std::map<std::size_t, Index> indexes_;
};

}  // namespace rapport::lens::detail
