#include "lens/file_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lens/detail/byte_source.h"
#include "lens/detail/csv_reader.h"
#include "lens/detail/jsonl_reader.h"
#include "lens/detail/parquet_reader.h"
#include "lens/detail/typed_column.h"
#include "lens/detail/xlsx_reader.h"
#include "text/normalise.h"

namespace rapport::lens {
namespace {

constexpr std::size_t kMostProblems = 1000;

bool is_gzip(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char magic[2] = {};
  const bool packed = std::fread(magic, 1, 2, file) == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  std::fclose(file);
  return packed;
}

bool looks_like_json_object(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  head = text::trim(head);
  return head.starts_with('{');
}

/// The file's name says that it is of this kind, packed or not.
bool is_named(std::string_view path, std::string_view ending) {
  std::string lower(path);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower.ends_with(".gz")) lower.resize(lower.size() - 3);
  return lower.ends_with(ending);
}

bool is_missing(std::string_view cell) {
  constexpr std::string_view kMarks[] = {"", "NA", "NaN", "nan", "N/A", "null", "NULL", "."};
  return std::find(std::begin(kMarks), std::end(kMarks), cell) != std::end(kMarks);
}

// A code such as 007 is a text though it looks like a number.
bool is_code(std::string_view cell) {
  if (cell.starts_with('-')) cell.remove_prefix(1);
  return cell.size() > 1 && cell[0] == '0' && cell[1] >= '0' && cell[1] <= '9';
}

std::optional<double> number_of(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto end = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end.ec != std::errc{} || end.ptr != cell.data() + cell.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

model::Column detail::typed_column(std::string name, std::vector<std::string> cells) {
  model::NumberColumn numbers;
  numbers.reserve(cells.size());
  bool any = false;
  for (const std::string& cell : cells) {
    const std::string_view trimmed = text::trim(cell);
    if (is_missing(trimmed)) {
      numbers.push_back(model::Table::kMissing);
      continue;
    }
    const auto number = is_code(trimmed) ? std::nullopt : number_of(trimmed);
    if (!number) return {std::move(name), model::TextColumn(std::move(cells))};
    any = true;
    numbers.push_back(*number);
  }
  if (!any) return {std::move(name), model::TextColumn(std::move(cells))};
  return {std::move(name), std::move(numbers)};
}

Result<std::unique_ptr<RowReader>> open_rows(const std::string& path, const ReadOptions& options) {
  RAPPORT_TRY(auto bytes, detail::open_bytes(path, options.limits));
  std::string head;
  for (bool more = true; more && head.size() < 4096;) {
    RAPPORT_TRY(more, bytes->read(head));
  }
  const bool excel = head.starts_with("PK\x03\x04");
  const bool parquet = head.starts_with("PAR1");
  if (excel || parquet) {
    std::unique_ptr<detail::UnpackedFile> unpacked;
    std::string readable = path;
    if (is_gzip(path)) {
      RAPPORT_TRY(unpacked, detail::UnpackedFile::unpack(*bytes, head, options.limits));
      readable = unpacked->path();
    }
    if (excel) return detail::open_xlsx(path, readable, std::move(unpacked), options);
    return detail::open_parquet(path, readable, std::move(unpacked));
  }
  // Read as CSV, the beginning of one would be a table of one odd column and no rows.
  if (is_named(path, ".xlsx"))
    return Error{Errc::corrupt, "not a whole Excel file (no zip at its beginning)", path};
  if (is_named(path, ".parquet"))
    return Error{Errc::corrupt, "not a whole Parquet file (no PAR1 at its beginning)", path};
  if (head.starts_with("\xD0\xCF\x11\xE0")) {
    return Error{Errc::bad_input, "the old .xls format is not read", path, "the file saved as .xlsx or CSV"};
  }
  if (head.find('\0') != std::string::npos && !head.starts_with("\xFF\xFE") &&
      !head.starts_with("\xFE\xFF")) {
    return Error{Errc::bad_input, "a binary file of no known kind", path,
                 "CSV, Excel .xlsx, JSON Lines or Parquet, also gzipped"};
  }
  const bool json = looks_like_json_object(head);
  detail::TextSource text(std::move(bytes), std::move(head));
  if (json) return detail::open_jsonl(path, std::move(text), options);
  return detail::open_csv(path, std::move(text), options);
}

Result<std::vector<std::string>> sheet_names(const std::string& path) {
  return detail::xlsx_sheet_names(path, ReadLimits{});
}

Result<model::Table> read_table(const std::string& path, const ReadOptions& options,
                                std::vector<std::string>* problems, std::uint64_t most_cells) {
  RAPPORT_TRY(const auto reader, open_rows(path, options));
  std::vector<std::vector<std::string>> columns;
  std::uint64_t rows = 0;
  for (Row row;;) {
    RAPPORT_TRY(const bool any, reader->next(row));
    if (!any) break;
    if (!row.problem.empty()) {
      const std::string where = fmt::format("{}:{}", path, row.line);
      if (problems == nullptr) return Error{Errc::bad_input, row.problem, where};
      if (problems->size() < kMostProblems) problems->push_back(where + ": " + row.problem);
      continue;
    }
    if ((rows + 1) * row.cells.size() > most_cells) {
      return Error{Errc::too_large, fmt::format("more than {} cells", most_cells), path};
    }
    columns.resize(row.cells.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      columns[i].resize(rows);  // a member of JSON Lines that earlier lines did not have
      columns[i].push_back(std::move(row.cells[i]));
    }
    ++rows;
  }
  columns.resize(reader->columns().size());
  model::Table table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].resize(rows);
    RAPPORT_CHECK(table.add(detail::typed_column(reader->columns()[i], std::move(columns[i]))));
  }
  return table;
}

}  // namespace rapport::lens
