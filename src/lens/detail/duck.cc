#include "lens/detail/duck.h"

#include "lens/detail/duck_value.h"

namespace rapport::lens::detail {

std::string duck_message(const char* message) {
  if (message == nullptr) return "no message";
  std::string_view text = message;
  text = text.substr(0, text.find("\n\n"));
  return std::string(text.substr(0, 500));
}

std::string sql_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out.push_back(c);
    if (c == '\'') out.push_back('\'');
  }
  return out + "'";
}

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    out.push_back(c);
    if (c == '"') out.push_back('"');
  }
  return out + "\"";
}

Result<Duck> Duck::open(const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& settings) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) return Error{Errc::internal, "DuckDB gives no config"};
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config, name.c_str(), value.c_str()) != DuckDBSuccess) {
      duckdb_destroy_config(&config);
      return fail(Errc::internal, "DuckDB does not know the setting {}={}", name, value);
    }
  }
  Duck duck;
  char* message = nullptr;
  const auto state =
      duckdb_open_ext(path.empty() ? nullptr : path.c_str(), &duck.database_, config, &message);
  duckdb_destroy_config(&config);
  if (state == DuckDBSuccess) return duck;
  Error error{Errc::io, duck_message(message), path};
  duckdb_free(message);
  return error;
}

Duck::~Duck() {
  if (database_ != nullptr) duckdb_close(&database_);
}

Duck& Duck::operator=(Duck&& other) noexcept {
  std::swap(database_, other.database_);
  return *this;
}

Result<DuckConnection> DuckConnection::connect(const Duck& duck) {
  DuckConnection connection;
  if (duckdb_connect(duck.get(), &connection.connection_) != DuckDBSuccess) {
    return Error{Errc::internal, "DuckDB refuses a connection"};
  }
  return connection;
}

DuckConnection::~DuckConnection() {
  if (connection_ != nullptr) duckdb_disconnect(&connection_);
}

DuckConnection& DuckConnection::operator=(DuckConnection&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}

Status DuckConnection::run(const std::string& sql) const {
  duckdb_result result{};
  const auto state = duckdb_query(connection_, sql.c_str(), &result);
  Status answer;
  if (state != DuckDBSuccess) {
    answer = Error{Errc::internal, duck_message(duckdb_result_error(&result)), sql.substr(0, 60)};
  }
  duckdb_destroy_result(&result);
  return answer;
}

Result<std::int64_t> DuckConnection::integer(const std::string& sql) const {
  RAPPORT_TRY(DuckRows rows, DuckRows::start(*this, sql));
  RAPPORT_TRY(const std::size_t n, rows.next_chunk());
  if (n == 0) return 0;
  const model::SqlValue value = rows.value(0, 0);
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

Result<DuckRows> DuckRows::start(const DuckConnection& connection, const std::string& sql) {
  duckdb_prepared_statement prepared = nullptr;
  if (duckdb_prepare(connection.get(), sql.c_str(), &prepared) != DuckDBSuccess) {
    Error error{Errc::bad_input, duck_message(duckdb_prepare_error(prepared))};
    duckdb_destroy_prepare(&prepared);
    return error;
  }
  auto rows = start(prepared);
  duckdb_destroy_prepare(&prepared);
  return rows;
}

Result<DuckRows> DuckRows::start(duckdb_prepared_statement prepared) {
  duckdb_pending_result pending = nullptr;
  DuckRows rows;
  if (duckdb_pending_prepared_streaming(prepared, &pending) != DuckDBSuccess) {
    Error error{Errc::bad_input, duck_message(duckdb_pending_error(pending))};
    duckdb_destroy_pending(&pending);
    return error;
  }
  const auto state = duckdb_execute_pending(pending, &rows.result_);
  duckdb_destroy_pending(&pending);
  rows.owns_ = true;
  if (state != DuckDBSuccess) {
    const auto kind = duckdb_result_error_type(&rows.result_);
    const bool full = kind == DUCKDB_ERROR_OUT_OF_MEMORY || kind == DUCKDB_ERROR_INTERRUPT;
    return Error{full ? Errc::overloaded : Errc::bad_input, duck_message(duckdb_result_error(&rows.result_))};
  }
  rows.describe();
  return rows;
}

DuckRows::DuckRows(DuckRows&& other) noexcept
    : result_(other.result_),
      owns_(std::exchange(other.owns_, false)),
      chunk_(std::exchange(other.chunk_, nullptr)),
      names_(std::move(other.names_)),
      types_(std::move(other.types_)) {}

DuckRows::~DuckRows() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  if (owns_) duckdb_destroy_result(&result_);
}

void DuckRows::describe() {
  for (idx_t i = 0; i < duckdb_column_count(&result_); ++i) {
    names_.emplace_back(duckdb_column_name(&result_, i));
    duckdb_logical_type type = duckdb_column_logical_type(&result_, i);
    types_.push_back(type_name(type));
    duckdb_destroy_logical_type(&type);
  }
}

Result<std::size_t> DuckRows::next_chunk() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  chunk_ = duckdb_fetch_chunk(result_);
  if (chunk_ != nullptr) return static_cast<std::size_t>(duckdb_data_chunk_get_size(chunk_));
  const char* message = duckdb_result_error(&result_);
  if (message == nullptr || *message == '\0') return 0;
  const auto kind = duckdb_result_error_type(&result_);
  const bool full = kind == DUCKDB_ERROR_OUT_OF_MEMORY || kind == DUCKDB_ERROR_INTERRUPT;
  return Error{full ? Errc::overloaded : Errc::bad_input, duck_message(message)};
}

model::SqlValue DuckRows::value(std::size_t column, std::size_t row, std::size_t most) const {
  return value_at(duckdb_data_chunk_get_vector(chunk_, column), row, most);
}

std::string_view DuckRows::bytes(std::size_t column, std::size_t row) const {
  duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_, column);
  std::uint64_t* valid = duckdb_vector_get_validity(vector);
  if (valid != nullptr && !duckdb_validity_row_is_valid(valid, row)) return {};
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return {duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row])};
}

}  // namespace rapport::lens::detail
