#include "model/event_names.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "model/catalogue.h"

namespace rapport::model {
namespace {

constexpr std::size_t kLongestName = 64;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein's distance in bytes; names of the catalogue are ASCII.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = corner + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      corner = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest_event_name(std::string_view name) {
  if (name.size() > kLongestName) return {};
  std::string_view best;
  std::size_t least = name.size() / 3 + 1;
  for (const EventSpec& spec : event_specs()) {
    const std::size_t distance = edit_distance(name, spec.name);
    if (distance >= least) continue;
    best = spec.name;
    least = distance;
  }
  return best;
}

}  // namespace rapport::model
