#include "lens/rejected.h"

#include <charconv>
#include <map>

#include "base/spreadsheet.h"
#include "lens/file_reader.h"

namespace rapport::lens {
namespace {

void append_cell(std::string& out, std::string_view cell) {
  const bool is_formula = is_formula_in_spreadsheets(cell);
  if (!is_formula && cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(cell);
    return;
  }
  out += '"';
  if (is_formula) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

/// What was wrong, by line, of each file.
using Problems = std::map<std::string, std::map<std::uint64_t, std::string>>;

Problems by_file(const std::vector<std::string>& problems) {
  Problems out;
  for (const std::string& problem : problems) {
    // "path:line: what"; a path may hold colons, so the first ":digits: " counts.
    for (std::size_t at = problem.find(':'); at != std::string::npos; at = problem.find(':', at + 1)) {
      std::uint64_t line = 0;
      const char* end = problem.data() + problem.size();
      const auto parsed = std::from_chars(problem.data() + at + 1, end, line);
      if (parsed.ec != std::errc{} || end - parsed.ptr < 2 || parsed.ptr[0] != ':' || parsed.ptr[1] != ' ')
        continue;
      std::string& what = out[problem.substr(0, at)][line];
      if (!what.empty()) what += "; ";
      what.append(parsed.ptr + 2, end);
      break;
    }
  }
  return out;
}

void append_file(std::string& out, const std::string& path,
                 const std::map<std::uint64_t, std::string>& problems) {
  const auto reader = open_rows(path);
  if (!reader.ok()) return;
  std::string rows;
  Row row;
  auto wanted = problems.begin();
  while (wanted != problems.end()) {
    const Result<bool> more = (*reader)->next(row);
    if (!more.ok() || !*more) break;
    for (; wanted != problems.end() && wanted->first < row.line; ++wanted) {
      rows += std::to_string(wanted->first) + ",";
      append_cell(rows, wanted->second);
      rows += "\r\n";
    }
    if (wanted == problems.end() || wanted->first != row.line) continue;
    rows += std::to_string(row.line) + ",";
    append_cell(rows, wanted->second);
    if (!row.raw.empty()) {
      rows += ',';
      append_cell(rows, row.raw);
    } else if (row.problem.empty()) {
      for (const std::string& cell : row.cells) {
        rows += ',';
        append_cell(rows, cell);
      }
    }
    rows += "\r\n";
    ++wanted;
  }
  out += "line,problem";
  if (!row.raw.empty()) {
    out += ",line_text";
  } else {
    for (const std::string& column : (*reader)->columns()) {
      out += ',';
      append_cell(out, column);
    }
  }
  out += "\r\n" + rows;
}

}  // namespace

std::string rejected_csv(const std::vector<std::string>& problems) {
  std::string out = "\xEF\xBB\xBF";
  for (const auto& [path, lines] : by_file(problems)) append_file(out, path, lines);
  return out;
}

}  // namespace rapport::lens
