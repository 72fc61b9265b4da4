#include "lens/detail/column_names.h"

#include <fmt/format.h>

#include <set>

#include "text/normalise.h"

namespace rapport::lens::detail {

std::vector<std::string> column_names(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const std::string& cell : header) {
    std::string name(text::trim(cell));
    if (name.empty()) name = fmt::format("column_{}", names.size() + 1);
    std::string unique = name;
    for (int n = 2; !taken.insert(unique).second; ++n) unique = fmt::format("{}_{}", name, n);
    names.push_back(std::move(unique));
  }
  return names;
}

std::vector<std::string> numbered_columns(std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= n; ++i) names.push_back(fmt::format("c{}", i));
  return names;
}

}  // namespace rapport::lens::detail
