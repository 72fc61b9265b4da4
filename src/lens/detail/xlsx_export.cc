#include <xlsxwriter.h>

#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/time.h"
#include "lens/detail/export_sink.h"

namespace rapport::lens::detail {
namespace {

constexpr std::uint32_t kMostRows = LXW_ROW_MAX - 1;
constexpr std::size_t kMostColumns = LXW_COL_MAX;
// Beyond this a double, which is all that Excel has, would round.
constexpr std::int64_t kMostWhole = std::int64_t{1} << 53;

class XlsxSink final : public ExportSink {
 public:
  explicit XlsxSink(const std::string& path)
      : path_(path), folder_(std::filesystem::path(path).parent_path()) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    // Its working files hold the rows in clear: they belong where the result goes.
    options.tmpdir = folder_.empty() ? nullptr : folder_.data();
    book_ = workbook_new_opt(path_.c_str(), &options);
    sheet_ = workbook_add_worksheet(book_, "Rapport");
    date_ = workbook_add_format(book_);
    format_set_num_format(date_, "yyyy-mm-dd");
    moment_ = workbook_add_format(book_);
    format_set_num_format(moment_, "yyyy-mm-dd hh:mm:ss");
    bold_ = workbook_add_format(book_);
    format_set_bold(bold_);
  }
  ~XlsxSink() override {
    if (book_ != nullptr) workbook_close(book_);
  }

  Status columns(const std::vector<std::string>& names, const std::vector<std::string>& types) override {
    if (names.size() > kMostColumns) return Error{Errc::too_large, "more columns than Excel has"};
    types_ = types;
    for (std::size_t i = 0; i < names.size(); ++i) {
      worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(i), names[i].c_str(), bold_);
    }
    worksheet_freeze_panes(sheet_, 1, 0);
    return {};
  }

  Status row(std::vector<model::SqlValue> values) override {
    if (row_ == kMostRows) {
      return Error{Errc::too_large, fmt::format("more than {} rows, which Excel has", kMostRows), "format",
                   "csv or parquet"};
    }
    ++row_;
    for (std::size_t i = 0; i < values.size(); ++i) RAPPORT_CHECK(cell(static_cast<lxw_col_t>(i), values[i]));
    return {};
  }

  Status finish() override {
    const lxw_error wrong = workbook_close(std::exchange(book_, nullptr));
    if (wrong == LXW_NO_ERROR) return {};
    return Error{Errc::io, lxw_strerror(wrong), path_};
  }

 private:
  Status cell(lxw_col_t column, const model::SqlValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) {
      worksheet_write_boolean(sheet_, row_, column, *flag ? 1 : 0, nullptr);
    } else if (const auto* real = std::get_if<double>(&value)) {
      if (std::isfinite(*real)) worksheet_write_number(sheet_, row_, column, *real, nullptr);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      if (*whole > kMostWhole || *whole < -kMostWhole) return text(column, fmt::to_string(*whole));
      worksheet_write_number(sheet_, row_, column, static_cast<double>(*whole), nullptr);
    } else if (const auto* words = std::get_if<std::string>(&value)) {
      return shaped(column, *words);
    }
    return {};
  }

  Status shaped(lxw_col_t column, const std::string& words) {
    const std::string& type = types_[column];
    if (type.starts_with("DECIMAL")) {
      double number = 0;
      const auto end = std::from_chars(words.data(), words.data() + words.size(), number);
      if (end.ec == std::errc{} && words.size() <= 17) {
        worksheet_write_number(sheet_, row_, column, number, nullptr);
        return {};
      }
    }
    if (type == "DATE" || type.starts_with("TIMESTAMP")) {
      const auto at = parse_instant(words);
      if (at.ok() && at->ms >= -2'208'988'800'000) {  // 1900-01-01: Excel knows nothing before
        const CivilTime civil = civil_from_instant(*at);
        lxw_datetime when{civil.year, civil.month,  civil.day,
                          civil.hour, civil.minute, civil.second + civil.millisecond / 1000.0};
        worksheet_write_datetime(sheet_, row_, column, &when, type == "DATE" ? date_ : moment_);
        return {};
      }
    }
    return text(column, words);
  }

  Status text(lxw_col_t column, const std::string& words) {
    const lxw_error wrong = worksheet_write_string(sheet_, row_, column, words.c_str(), nullptr);
    if (wrong == LXW_NO_ERROR) return {};
    return Error{Errc::too_large, fmt::format("row {}: {}", row_, lxw_strerror(wrong)), "format",
                 "csv or parquet"};
  }

  std::string path_, folder_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format *date_ = nullptr, *moment_ = nullptr, *bold_ = nullptr;
  std::vector<std::string> types_;
  std::uint32_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<ExportSink>> xlsx_sink(const std::string& path) {
  return std::unique_ptr<ExportSink>(std::make_unique<XlsxSink>(path));
}

}  // namespace rapport::lens::detail
