#include "lens/detail/duck.h"
#include "lens/detail/export_sink.h"

namespace rapport::lens::detail {
namespace {

// Types that a text or number given by the query turns into again; the rest stay text.
std::string stored_type(const std::string& type) {
  constexpr std::string_view kSame[] = {
      "BOOLEAN",  "TINYINT",   "SMALLINT", "INTEGER",   "BIGINT",
      "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",   "HUGEINT",
      "FLOAT",    "DOUBLE",    "DATE",     "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"};
  const bool same =
      type.starts_with("DECIMAL") || std::find(std::begin(kSame), std::end(kSame), type) != std::end(kSame);
  return same ? type : "VARCHAR";
}

/// Rows go into a database in memory that may write this one file, and from there out at once.
class ParquetSink final : public ExportSink {
 public:
  explicit ParquetSink(std::string path) : path_(std::move(path)) {}
  ~ParquetSink() override {
    if (appender_ != nullptr) duckdb_appender_destroy(&appender_);
  }

  Status open() {
    RAPPORT_TRY(duck_, Duck::open("", {{"threads", "1"},
                                       {"memory_limit", "1024MB"},
                                       {"temp_directory", ""},
                                       {"autoload_known_extensions", "false"},
                                       {"autoinstall_known_extensions", "false"}}));
    RAPPORT_TRY(connection_, DuckConnection::connect(duck_));
    RAPPORT_CHECK(connection_.run("SET allowed_paths=[" + sql_quoted(path_) + "]"));
    RAPPORT_CHECK(connection_.run("SET enable_external_access=false"));
    return connection_.run("SET lock_configuration=true");
  }

  Status columns(const std::vector<std::string>& names, const std::vector<std::string>& types) override {
    std::string columns;
    for (std::size_t i = 0; i < names.size(); ++i) {
      columns += (i > 0 ? ", " : "") + fmt::format("c{} {}", i, stored_type(types[i]));
      heads_ += (i > 0 ? ", " : "") + fmt::format("c{} AS {}", i, sql_name(names[i]));
    }
    RAPPORT_CHECK(connection_.run("CREATE TABLE rows(" + columns + ")"));
    if (duckdb_appender_create(connection_.get(), nullptr, "rows", &appender_) == DuckDBSuccess) return {};
    return failed();
  }

  Status row(std::vector<model::SqlValue> values) override {
    bool good = true;
    for (const model::SqlValue& value : values) good = good && append(value) == DuckDBSuccess;
    if (good && duckdb_appender_end_row(appender_) == DuckDBSuccess) return {};
    return failed();
  }

  Status finish() override {
    if (duckdb_appender_close(appender_) != DuckDBSuccess) return failed();
    auto copied = connection_.run("COPY (SELECT " + heads_ + " FROM rows) TO " + sql_quoted(path_) +
                                  " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
    if (!copied.ok()) copied.error() = Error{Errc::io, copied.error().message, path_};
    return copied;
  }

 private:
  duckdb_state append(const model::SqlValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return duckdb_append_bool(appender_, *flag);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return duckdb_append_int64(appender_, *whole);
    if (const auto* real = std::get_if<double>(&value)) return duckdb_append_double(appender_, *real);
    if (const auto* text = std::get_if<std::string>(&value)) {
      return duckdb_append_varchar_length(appender_, text->data(), text->size());
    }
    return duckdb_append_null(appender_);
  }

  Error failed() {
    return Error{Errc::too_large, duck_message(duckdb_appender_error(appender_)), path_,
                 "fewer rows, or csv"};
  }

  std::string path_, heads_;
  Duck duck_;
  DuckConnection connection_;
  duckdb_appender appender_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<ExportSink>> parquet_sink(const std::string& path) {
  auto sink = std::make_unique<ParquetSink>(path);
  RAPPORT_CHECK(sink->open());
  return std::unique_ptr<ExportSink>(std::move(sink));
}

}  // namespace rapport::lens::detail
