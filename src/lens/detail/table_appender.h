#pragma once

#include <duckdb.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lens/detail/duck.h"

namespace rapport::lens::detail {

/// Fills one table a vector at a time, the quickest way in. Rows become part of the connection's open
/// transaction. Cells are set in order; each row ends with end_row().
class TableAppender {
 public:
  static Result<TableAppender> open(const DuckConnection& connection, const char* schema, const char* table);
  TableAppender(TableAppender&& other) noexcept;
  TableAppender& operator=(TableAppender&&) = delete;
  ~TableAppender();

  void null() { set_null(column_++); }
  void boolean(bool value) { put(value); }
  void u32(std::uint32_t value) { put(value); }
  void u64(std::uint64_t value) { put(value); }
  void i64(std::int64_t value) { put(value); }  ///< also TIMESTAMP in microseconds and DECIMAL(18,...)
  void real(double value) { put(value); }
  void text(std::string_view value);
  void text_or_null(std::string_view value) { value.empty() ? null() : text(value); }
  Status end_row();
  /// Everything so far is in the table (of this transaction).
  Status flush();

 private:
  TableAppender() = default;
  template <class T>
  void put(T value) {
    static_cast<T*>(data_[column_++])[row_] = value;
  }
  void set_null(std::size_t column);
  void look_up_vectors();
  Status append_chunk();

  duckdb_appender appender_ = nullptr;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<duckdb_vector> vectors_;
  std::vector<void*> data_;
  std::size_t column_ = 0, row_ = 0, most_rows_ = 0;
};

}  // namespace rapport::lens::detail
