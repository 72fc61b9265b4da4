#include <algorithm>

#include "study/detail/render.h"
#include "study/detail/report_terms.h"
#include "study/report.h"

namespace rapport::study {
namespace {

using detail::display_width;
using detail::format_cell;
using detail::format_number;

std::string_view status_mark(CheckStatus status, const detail::Words& words) {
  if (status == CheckStatus::passed) return words.passed;
  return status == CheckStatus::warned ? words.warned : words.failed;
}

std::string pad(std::string_view text, std::size_t width, bool right) {
  const std::size_t have = display_width(text);
  const std::string space(width > have ? width - have : 0, ' ');
  return right ? space + std::string(text) : std::string(text) + space;
}

std::string rule(std::size_t width) {
  return std::string(width, '-') + "\n";
}

/// Ends a line without blanks before its end.
void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += "\n";
}

void append_grid(std::string& out, const std::vector<std::string>& columns,
                 const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& column : columns) widths.push_back(display_width(column));
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], display_width(format_cell(row[c])));
  }
  const auto is_text = [&](std::size_t c) {
    return !rows.empty() && std::holds_alternative<std::string>(rows[0][c]);
  };
  std::size_t total = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    out += "  " + pad(columns[c], widths[c], !is_text(c));
    total += widths[c] + 2;
  }
  end_line(out);
  out += "  " + rule(total - std::min<std::size_t>(total, 2));
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      out += "  " + pad(format_cell(row[c]), widths[c], !is_text(c));
    end_line(out);
  }
}

/// The table in the reader's words.
void append_table(std::string& out, const Report& report, const ReportTable& table, Language language) {
  std::vector<std::string> columns;
  for (const std::string& column : table.columns) columns.push_back(detail::column_term(column, language));
  auto rows = table.rows;
  for (auto& row : rows) {
    for (Cell& cell : row) cell = detail::cell_term(report, cell, language);
  }
  append_grid(out, columns, rows);
}

void append_figures(std::string& out, const Report& report, Language language) {
  std::vector<std::string> names;
  std::size_t width = 0;
  for (const Figure& figure : report.figures) {
    names.push_back(detail::figure_term(figure.name, language));
    width = std::max(width, display_width(names.back()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Figure& figure = report.figures[i];
    out += "  " + pad(names[i], width + 2, false) + pad(format_number(figure.value), 12, true);
    if (figure.low && figure.high) {
      out += fmt::format("  [{}, {}]", format_number(*figure.low), format_number(*figure.high));
    }
    if (figure.n) out += fmt::format("  n={}", *figure.n);
    out += "\n";
  }
}

}  // namespace

std::string render_text(const Report& report, Language language) {
  const detail::Words& words = detail::words(language);
  std::string out = pick(report.title, language) + "\n";
  out += fmt::format("{}: {} / {}\n\n", words.rows, report.rows_used, report.rows_given);
  for (const Check& check : report.checks) {
    out += fmt::format("  [{}] {}: {}\n", status_mark(check.status, words),
                       detail::check_term(check.name, language), pick(check.detail, language));
  }
  if (!report.checks.empty()) out += "\n";
  append_figures(out, report, language);
  for (const ReportTable& table : report.tables) {
    out += fmt::format("\n{}\n", pick(table.title, language));
    append_table(out, report, table, language);
  }
  if (!report.reading.en.empty())
    out += fmt::format("\n{}\n  {}\n", words.reading, pick(report.reading, language));
  out += fmt::format("\n{}\n", words.sources);
  for (const std::string& citation : report.citations) out += "  " + citation + "\n";
  return out;
}

}  // namespace rapport::study
