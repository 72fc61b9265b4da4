#include "lens/detail/table_appender.h"

#include "base/assert.h"

namespace rapport::lens::detail {

Result<TableAppender> TableAppender::open(const DuckConnection& connection, const char* schema,
                                          const char* table) {
  TableAppender out;
  if (duckdb_appender_create(connection.get(), schema, table, &out.appender_) != DuckDBSuccess) {
    return Error{Errc::internal, duck_message(duckdb_appender_error(out.appender_)), table};
  }
  std::vector<duckdb_logical_type> types;
  for (idx_t i = 0; i < duckdb_appender_column_count(out.appender_); ++i) {
    types.push_back(duckdb_appender_column_type(out.appender_, i));
  }
  out.chunk_ = duckdb_create_data_chunk(types.data(), types.size());
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  out.vectors_.resize(types.size());
  out.data_.resize(types.size());
  out.most_rows_ = duckdb_vector_size();
  out.look_up_vectors();
  return out;
}

TableAppender::TableAppender(TableAppender&& other) noexcept
    : appender_(std::exchange(other.appender_, nullptr)),
      chunk_(std::exchange(other.chunk_, nullptr)),
      vectors_(std::move(other.vectors_)),
      data_(std::move(other.data_)),
      column_(other.column_),
      row_(other.row_),
      most_rows_(other.most_rows_) {}

TableAppender::~TableAppender() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  if (appender_ != nullptr) duckdb_appender_destroy(&appender_);
}

void TableAppender::look_up_vectors() {
  for (std::size_t i = 0; i < vectors_.size(); ++i) {
    vectors_[i] = duckdb_data_chunk_get_vector(chunk_, i);
    data_[i] = duckdb_vector_get_data(vectors_[i]);
  }
}

void TableAppender::set_null(std::size_t column) {
  duckdb_vector_ensure_validity_writable(vectors_[column]);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vectors_[column]), row_);
}

void TableAppender::text(std::string_view value) {
  duckdb_vector_assign_string_element_len(vectors_[column_++], row_, value.data(), value.size());
}

Status TableAppender::end_row() {
  ASSERT(column_ == vectors_.size());
  column_ = 0;
  return ++row_ == most_rows_ ? append_chunk() : Status{};
}

Status TableAppender::append_chunk() {
  if (row_ == 0) return {};
  duckdb_data_chunk_set_size(chunk_, row_);
  const auto state = duckdb_append_data_chunk(appender_, chunk_);
  duckdb_data_chunk_reset(chunk_);
  look_up_vectors();
  row_ = 0;
  if (state == DuckDBSuccess) return {};
  return Error{Errc::internal, duck_message(duckdb_appender_error(appender_))};
}

Status TableAppender::flush() {
  RAPPORT_CHECK(append_chunk());
  if (duckdb_appender_flush(appender_) == DuckDBSuccess) return {};
  return Error{Errc::internal, duck_message(duckdb_appender_error(appender_))};
}

}  // namespace rapport::lens::detail
