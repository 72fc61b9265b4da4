#include "lens/detail/parquet_reader.h"

#include "lens/detail/column_names.h"
#include "lens/detail/duck.h"

namespace rapport::lens::detail {
namespace {

class ParquetReader final : public RowReader {
 public:
  ParquetReader(std::string shown_path, std::unique_ptr<UnpackedFile> keep) : keep_(std::move(keep)) {
    path_ = std::move(shown_path);
  }

  Status start(const std::string& path) {
    RAPPORT_TRY(duck_, Duck::open("", {{"threads", "1"},
                                       {"memory_limit", "512MB"},
                                       {"temp_directory", ""},
                                       {"autoload_known_extensions", "false"},
                                       {"autoinstall_known_extensions", "false"}}));
    RAPPORT_TRY(connection_, DuckConnection::connect(duck_));
    // The list of allowed files can only be given to a running instance.
    RAPPORT_CHECK(connection_.run("SET allowed_paths=[" + sql_quoted(path) + "]"));
    RAPPORT_CHECK(connection_.run("SET enable_external_access=false"));
    RAPPORT_CHECK(connection_.run("SET lock_configuration=true"));
    const std::string file = "read_parquet(" + sql_quoted(path) + ")";
    auto total = connection_.integer("SELECT count(*) FROM " + file);
    if (!total.ok()) return corrupt(total.error());
    total_ = static_cast<std::uint64_t>(*total);
    auto rows = DuckRows::start(connection_, "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM " + file);
    if (!rows.ok()) return corrupt(rows.error());
    rows_ = std::make_unique<DuckRows>(std::move(rows).value());
    columns_ = column_names(rows_->names());
    return {};
  }

  Result<bool> next(Row& row) override {
    row.problem.clear();
    row.raw.clear();
    if (at_ == in_chunk_) {
      auto n = rows_->next_chunk();
      if (!n.ok()) return corrupt(n.error());
      in_chunk_ = *n;
      at_ = 0;
      if (in_chunk_ == 0) return false;
    }
    row.line = ++line_;
    row.cells.assign(columns_.size(), {});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto value = rows_->value(i, at_);
      if (auto* text = std::get_if<std::string>(&value)) row.cells[i] = std::move(*text);
    }
    ++at_;
    return true;
  }

  double progress() const override {
    return total_ == 0 ? 1.0 : static_cast<double>(line_) / static_cast<double>(total_);
  }

 private:
  Error corrupt(const Error& error) const { return Error{Errc::corrupt, error.message, path_}; }

  std::unique_ptr<UnpackedFile> keep_;
  Duck duck_;
  DuckConnection connection_;
  std::unique_ptr<DuckRows> rows_;
  std::size_t at_ = 0, in_chunk_ = 0;
  std::uint64_t line_ = 0, total_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_parquet(const std::string& shown_path, const std::string& path,
                                                std::unique_ptr<UnpackedFile> keep) {
  auto reader = std::make_unique<ParquetReader>(shown_path, std::move(keep));
  RAPPORT_CHECK(reader->start(path));
  return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace rapport::lens::detail
