#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lens/lens.h"

/// An answer written to a file, for spreadsheets and other programs.
namespace rapport::lens {

enum class ExportFormat : std::uint8_t { csv, parquet, xlsx, jsonl };
/// "csv", "parquet", "xlsx", "jsonl".
std::optional<ExportFormat> export_format_from_name(std::string_view name);

/// Limits that suit a file rather than a screen.
inline constexpr SqlLimits kExportLimits{
    .rows = 10'000'000,
    .bytes = 4ull << 30,
    .ms = 600'000,
    // The query's, and the rows that a Parquet file gathers before it is written (1 GiB at most).
    .memory_bytes = 2'560u << 20};

struct ExportRequest {
  std::string query;
  ExportFormat format = ExportFormat::csv;
  std::string path;  ///< replaced when it exists; mode 0600, since it may hold personal parts
  SqlLimits limits = kExportLimits;
  bool reveal = false;
};

/// Writes the rows and gives their number. CSV is RFC 4180 in UTF-8, a missing value is an empty field and an
/// empty text ""; a text that a spreadsheet would run as a formula has an apostrophe before it. Excel holds
/// at most 1,048,575 rows and 32,767 characters a cell; over them nothing is cut, the export is refused.
/// Columns of nested types and BLOBs are written as text. The file appears under its name only when it is
/// whole. Errors: those of Lens::stream; io.
Result<std::uint64_t> export_query(const Lens& lens, const ExportRequest& request);

}  // namespace rapport::lens
