#include "http/detail/sql_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/spreadsheet.h"

namespace rapport::http::detail {
namespace {

void append_csv(std::string& out, std::string_view text) {
  const bool is_formula = is_formula_in_spreadsheets(text);
  if (!is_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(text);
    return;
  }
  out.push_back('"');
  if (is_formula) out.push_back('\'');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

struct CsvValue {
  std::string& out;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(std::int64_t value) const { out.append(std::to_string(value)); }
  void operator()(double value) const { fmt::format_to(std::back_inserter(out), "{}", value); }
  void operator()(const std::string& value) const { append_csv(out, value); }
};

struct PlainValue {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& value) const {
    std::string out = value;
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return out;
  }
};

/// Columns a text takes on a terminal: characters from U+1100 (Han, kana, full-width) take two.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || (byte >= 0xc0 && byte < 0xe1)) width += 1;
    if (byte >= 0xe1) width += 2;
  }
  return width;
}

void append_cell(std::string& out, std::string_view text, std::size_t width, bool last) {
  out.append(text);
  if (!last) out.append(width - width_of(text) + 2, ' ');
}

}  // namespace

std::string csv_of(const model::SqlAnswer& answer) {
  std::string out;
  for (std::size_t i = 0; i < answer.names.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_csv(out, answer.names[i]);
  }
  out.append("\r\n");
  for (const auto& row : answer.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out.push_back(',');
      std::visit(CsvValue{out}, row[i]);
    }
    out.append("\r\n");
  }
  return out;
}

std::string text_table_of(const model::SqlAnswer& answer) {
  std::vector<std::vector<std::string>> lines = {answer.names};
  for (const auto& row : answer.rows) {
    auto& line = lines.emplace_back();
    for (const model::SqlValue& value : row) line.push_back(std::visit(PlainValue{}, value));
  }
  std::vector<std::size_t> widths(answer.names.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  }
  std::string out;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) append_cell(out, line[i], widths[i], i + 1 == line.size());
    out.push_back('\n');
  }
  return out + fmt::format("({} row{}{})\n", answer.rows.size(), answer.rows.size() == 1 ? "" : "s",
                           answer.truncated ? ", cut at the limit" : "");
}

}  // namespace rapport::http::detail
