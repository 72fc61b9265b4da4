#include "model/table.h"

#include <cstdlib>

namespace rapport::model {

std::size_t Column::rows() const {
  return std::visit([](const auto& cells_of_kind) { return cells_of_kind.size(); }, cells);
}

Result<std::size_t> Table::find(std::string_view name) const {
  std::string known;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
    if (i < 40) known += (i == 0 ? "" : ", ") + columns_[i].name;
  }
  return Error{Errc::not_found, fmt::format("no column '{}'", name), std::string(name), "one of: " + known};
}

Result<std::span<const double>> Table::numbers(std::string_view name) const {
  RAPPORT_TRY(const std::size_t at, find(name));
  const Column& found = columns_[at];
  if (const auto* cells = std::get_if<NumberColumn>(&found.cells)) return std::span<const double>(*cells);
  const auto& texts = std::get<TextColumn>(found.cells);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    char* end = nullptr;
    std::strtod(texts[row].c_str(), &end);
    if (texts[row].empty() || *end == '\0') continue;
    return Error{
        Errc::bad_input,
        fmt::format("column '{}' holds text: row {} is '{}'", name, row + 1, texts[row].substr(0, 40)),
        std::string(name), "a column of numbers"};
  }
  return Error{Errc::bad_input, fmt::format("column '{}' was read as text", name), std::string(name),
               "a column of numbers"};
}

Result<std::span<const std::string>> Table::texts(std::string_view name) const {
  RAPPORT_TRY(const std::size_t at, find(name));
  if (const auto* cells = std::get_if<TextColumn>(&columns_[at].cells))
    return std::span<const std::string>(*cells);
  return Error{Errc::bad_input, fmt::format("column '{}' holds numbers", name), std::string(name),
               "a column of text"};
}

Status Table::add(Column column) {
  for (const Column& present : columns_) {
    if (present.name == column.name) return fail(Errc::conflict, "two columns are named '{}'", column.name);
  }
  if (!columns_.empty() && column.rows() != rows()) {
    return fail(Errc::bad_input, "column '{}' has {} rows, the table {}", column.name, column.rows(), rows());
  }
  columns_.push_back(std::move(column));
  return {};
}

}  // namespace rapport::model
