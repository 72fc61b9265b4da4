#pragma once

#include <duckdb.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/answers/sql.h"

/// DuckDB's C API with owners and errors. Nothing here knows what the tables mean.
namespace rapport::lens::detail {

/// A database; one writer, many connections.
class Duck {
 public:
  /// `path` "" is in memory. Errors: io with DuckDB's words.
  static Result<Duck> open(const std::string& path,
                           const std::vector<std::pair<std::string, std::string>>& settings);
  Duck() = default;
  ~Duck();
  Duck(Duck&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Duck& operator=(Duck&& other) noexcept;
  duckdb_database get() const { return database_; }

 private:
  duckdb_database database_ = nullptr;
};

/// One conversation; one thread at a time, except interrupt().
class DuckConnection {
 public:
  static Result<DuckConnection> connect(const Duck& duck);
  DuckConnection() = default;
  ~DuckConnection();
  DuckConnection(DuckConnection&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  DuckConnection& operator=(DuckConnection&& other) noexcept;
  /// Errors: internal with DuckDB's words; for statements of our own.
  Status run(const std::string& sql) const;
  /// The one value of a query of our own as a signed integer; 0 when there is no row or it is NULL.
  Result<std::int64_t> integer(const std::string& sql) const;
  void interrupt() const { duckdb_interrupt(connection_); }
  duckdb_connection get() const { return connection_; }

 private:
  duckdb_connection connection_ = nullptr;
};

/// A prepared query whose rows are taken chunk by chunk.
class DuckRows {
 public:
  ~DuckRows();
  DuckRows(DuckRows&& other) noexcept;
  DuckRows& operator=(DuckRows&&) = delete;
  /// Errors: bad_input with DuckDB's words.
  static Result<DuckRows> start(const DuckConnection& connection, const std::string& sql);
  static Result<DuckRows> start(duckdb_prepared_statement prepared);

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::string>& types() const { return types_; }
  /// The next chunk's number of rows; 0 at the end. Errors: bad_input (a cast that fails while running),
  /// overloaded when interrupted or out of memory.
  Result<std::size_t> next_chunk();
  /// A cell of the chunk at hand; of a text longer than `most` bytes only a part that is longer than that.
  model::SqlValue value(std::size_t column, std::size_t row, std::size_t most = SIZE_MAX - 1) const;
  /// A VARCHAR's or BLOB's own bytes, valid until the next chunk; "" for NULL.
  std::string_view bytes(std::size_t column, std::size_t row) const;

 private:
  DuckRows() = default;
  void describe();
  duckdb_result result_{};
  bool owns_ = false;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<std::string> names_, types_;
};

/// The message of a failed call, shortened to its first paragraph.
std::string duck_message(const char* message);
/// 'it''s' for a text.
std::string sql_quoted(std::string_view text);
/// "col""umn" for a name.
std::string sql_name(std::string_view name);

}  // namespace rapport::lens::detail
