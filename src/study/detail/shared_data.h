#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/table.h"

/// For tests only: the public data sets that stay outside the repository, under $RAPPORT_SHARED (default:
/// ../shared beside the source).
namespace rapport::study::detail {

inline std::string shared_path(const std::string& relative) {
  const char* root = std::getenv("RAPPORT_SHARED");
  return (root != nullptr ? std::string(root) : std::string(RAPPORT_SOURCE_DIR "/../shared")) + "/" +
         relative;
}

inline std::vector<std::string> split_plain_csv(const std::string& line, char separator) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// A comma-separated file with a header; a column where every non-empty cell is a number becomes numbers.
/// Nothing when the file is absent.
inline std::optional<model::Table> shared_table(const std::string& relative) {
  std::ifstream in(shared_path(relative));
  std::string line;
  if (!in || !std::getline(in, line)) return std::nullopt;
  const auto names = split_plain_csv(line, ',');
  std::vector<model::TextColumn> texts(names.size());
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    auto cells = split_plain_csv(line, ',');
    cells.resize(names.size());
    for (std::size_t j = 0; j < names.size(); ++j) texts[j].push_back(cells[j] == "NA" ? "" : cells[j]);
  }
  model::Table table;
  for (std::size_t j = 0; j < names.size(); ++j) {
    model::NumberColumn numbers;
    bool numeric = true;
    for (const std::string& cell : texts[j]) {
      char* end = nullptr;
      const double value = cell.empty() ? model::Table::kMissing : std::strtod(cell.c_str(), &end);
      if (!cell.empty() && *end != '\0') numeric = false;
      numbers.push_back(value);
    }
    const auto added = numeric ? table.add({names[j], std::move(numbers)}) : table.add({names[j], texts[j]});
    if (!added.ok()) return std::nullopt;
  }
  return table;
}

}  // namespace rapport::study::detail

/// Declares `table`, or skips the test in plain words; on a build server (CI=true) absence is a failure.
#define RAPPORT_SHARED_TABLE(table, relative)                                                               \
  const auto table##_maybe = ::rapport::study::detail::shared_table(relative);                              \
  if (!table##_maybe) {                                                                                     \
    if (const char* ci = std::getenv("CI"); ci != nullptr && std::string(ci) == "true") FAIL() << relative; \
    GTEST_SKIP() << "needs " << ::rapport::study::detail::shared_path(relative);                            \
  }                                                                                                         \
  const ::rapport::model::Table& table = *table##_maybe
