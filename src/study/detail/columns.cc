#include "study/detail/columns.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace rapport::study::detail {
namespace {

constexpr std::size_t kCategoriesMax = 50;

struct RawColumn {
  std::string name;
  std::vector<double> cells;  ///< NaN is missing
};

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return end != text.c_str() && *end == '\0';
}

Result<std::vector<RawColumn>> indicators(const std::string& name, const model::TextColumn& texts) {
  std::set<std::string> values;
  std::size_t numbers = 0, filled = 0, first_text = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    ++filled;
    if (is_number(texts[i])) {
      ++numbers;
    } else if (first_text == 0) {
      first_text = i + 1;
    }
    if (values.size() <= kCategoriesMax) values.insert(texts[i]);
  }
  if (first_text > 0 && numbers * 2 > filled) {
    return Error{Errc::bad_input,
                 fmt::format("column '{}' holds text: row {} is '{}'", name, first_text,
                             texts[first_text - 1].substr(0, 40)),
                 name, "a column of numbers, or of categories throughout"};
  }
  if (values.size() > kCategoriesMax) {
    return Error{Errc::bad_input,
                 fmt::format("column '{}' has more than {} different texts", name, kCategoriesMax), name,
                 "categories, or a column of numbers"};
  }
  std::vector<RawColumn> columns;
  for (auto value = values.begin(); value != values.end(); ++value) {
    if (value == values.begin() && values.size() > 1) continue;
    RawColumn column{fmt::format("{}={}", name, *value), {}};
    for (const std::string& cell : texts) {
      column.cells.push_back(cell.empty() ? model::Table::kMissing : cell == *value ? 1.0 : 0.0);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<CompleteRows> keep_complete(std::size_t given, const std::vector<RawColumn>& columns) {
  CompleteRows result;
  result.given = given;
  for (std::size_t i = 0; i < given; ++i) {
    const bool whole = std::all_of(columns.begin(), columns.end(),
                                   [i](const RawColumn& c) { return std::isfinite(c.cells[i]); });
    if (whole) result.rows.push_back(i);
  }
  if (result.rows.empty()) {
    for (const RawColumn& column : columns) {
      if (std::any_of(column.cells.begin(), column.cells.end(), [](double v) { return std::isfinite(v); }))
        continue;
      return Error{Errc::refused, fmt::format("column '{}' is missing in every row", column.name),
                   column.name, "a column with values"};
    }
    return Error{Errc::refused, "no row is complete in the columns asked for", "rows",
                 "rows without missing cells"};
  }
  result.x.resize(static_cast<Eigen::Index>(result.rows.size()), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    result.names.push_back(columns[j].name);
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
      result.x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = columns[j].cells[result.rows[i]];
    }
  }
  return result;
}

}  // namespace

Result<CompleteRows> complete_rows(const model::Table& table, const std::vector<std::string>& names) {
  std::vector<RawColumn> columns;
  for (const std::string& name : names) {
    RAPPORT_TRY(const auto cells, table.numbers(name));
    columns.push_back({name, {cells.begin(), cells.end()}});
  }
  return keep_complete(table.rows(), columns);
}

Result<CompleteRows> design_rows(const model::Table& table, const std::vector<std::string>& names) {
  std::vector<RawColumn> columns;
  for (const std::string& name : names) {
    RAPPORT_TRY(const std::size_t at, table.find(name));
    const model::Column& column = table.column(at);
    if (column.is_number()) {
      columns.push_back({name, std::get<model::NumberColumn>(column.cells)});
      continue;
    }
    RAPPORT_TRY(auto expanded, indicators(name, std::get<model::TextColumn>(column.cells)));
    std::move(expanded.begin(), expanded.end(), std::back_inserter(columns));
  }
  return keep_complete(table.rows(), columns);
}

std::vector<std::string> numeric_columns_except(const model::Table& table,
                                                std::span<const std::string> except) {
  std::vector<std::string> names;
  for (std::size_t j = 0; j < table.columns(); ++j) {
    const model::Column& column = table.column(j);
    if (column.is_number() && std::find(except.begin(), except.end(), column.name) == except.end()) {
      names.push_back(column.name);
    }
  }
  return names;
}

Result<std::vector<std::string>> labels(const model::Table& table, std::string_view name) {
  RAPPORT_TRY(const std::size_t at, table.find(name));
  const model::Column& column = table.column(at);
  if (const auto* texts = std::get_if<model::TextColumn>(&column.cells)) return *texts;
  std::vector<std::string> result;
  for (const double cell : std::get<model::NumberColumn>(column.cells)) {
    result.push_back(std::isfinite(cell) ? fmt::format("{}", cell) : std::string());
  }
  return result;
}

Result<std::vector<double>> binary(const model::Table& table, std::string_view name) {
  RAPPORT_TRY(const std::size_t at, table.find(name));
  const model::Column& column = table.column(at);
  std::vector<double> result;
  if (const auto* numbers = std::get_if<model::NumberColumn>(&column.cells)) {
    for (std::size_t i = 0; i < numbers->size(); ++i) {
      const double cell = (*numbers)[i];
      if (!std::isnan(cell) && cell != 0 && cell != 1) {
        return Error{Errc::bad_input,
                     fmt::format("column '{}', row {}: {} is neither 0 nor 1", name, i + 1, cell),
                     std::string(name), "0 or 1"};
      }
      result.push_back(cell);
    }
    return result;
  }
  const auto& texts = std::get<model::TextColumn>(column.cells);
  std::set<std::string> values(texts.begin(), texts.end());
  values.erase("");
  if (values.size() > 2 || values.empty()) {
    return Error{Errc::bad_input, fmt::format("column '{}' has {} different texts", name, values.size()),
                 std::string(name), "0 or 1, or two texts"};
  }
  std::string one = *values.rbegin();
  for (const std::string& value : values) {
    if (value == "yes" || value == "Yes" || value == "true" || value == "1" || value == "treated" ||
        value == "treatment") {
      one = value;
    }
  }
  for (const std::string& cell : texts)
    result.push_back(cell.empty() ? model::Table::kMissing : cell == one ? 1.0 : 0.0);
  return result;
}

namespace {

/// 19970101 as a number. Errors: bad_input for no such day.
Result<Instant> instant_of_number(double cell) {
  const auto digits = static_cast<std::int64_t>(cell);
  if (static_cast<double>(digits) == cell && digits >= 10000101 && digits <= 99991231) {
    return parse_instant(fmt::format("{:04}-{:02}-{:02}", digits / 10000, digits / 100 % 100, digits % 100));
  }
  return fail(Errc::bad_input, "{} is no date", cell);
}

}  // namespace

Result<std::vector<Instant>> instants(const model::Table& table, std::string_view name) {
  RAPPORT_TRY(const std::size_t at, table.find(name));
  const model::Column& column = table.column(at);
  std::vector<Instant> result;
  for (std::size_t i = 0; i < column.rows(); ++i) {
    const auto* numbers = std::get_if<model::NumberColumn>(&column.cells);
    const bool missing =
        numbers != nullptr ? std::isnan((*numbers)[i]) : std::get<model::TextColumn>(column.cells)[i].empty();
    if (missing) {
      result.push_back(Instant::never());
      continue;
    }
    const auto parsed = numbers != nullptr ? instant_of_number((*numbers)[i])
                                           : parse_instant(std::get<model::TextColumn>(column.cells)[i]);
    if (!parsed.ok()) {
      return Error{Errc::bad_input,
                   fmt::format("column '{}', row {}: {}", name, i + 1, parsed.error().message),
                   std::string(name), "dates like 2026-11-22 or 20261122"};
    }
    result.push_back(*parsed);
  }
  return result;
}

}  // namespace rapport::study::detail
