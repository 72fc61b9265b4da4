#include "learn/hierarchy.h"

#include <fmt/format.h>

#include <algorithm>

namespace rapport::learn {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the next field off `line`, without its quotes. False for a quote that does not close.
bool take_field(std::string_view& line, std::string& field) {
  field.clear();
  line = trimmed(line);
  if (line.empty() || line.front() != '"') {
    const std::size_t end = std::min(line.find(','), line.size());
    field = trimmed(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
    return true;
  }
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != '"') {
      field += line[i];
    } else if (i + 1 < line.size() && line[i + 1] == '"') {
      field += line[i++];
    } else {
      const std::size_t end = std::min(line.find(',', i), line.size());
      if (!trimmed(line.substr(i + 1, end - i - 1)).empty()) return false;
      line.remove_prefix(std::min(end + 1, line.size()));
      return true;
    }
  }
  return false;
}

Error at_line(std::size_t number, std::string message) {
  return {Errc::bad_input, std::move(message), fmt::format("categories:{}", number), "item,category"};
}

}  // namespace

std::vector<std::uint32_t> Hierarchy::above(std::uint32_t item) const {
  std::vector<std::uint32_t> out;
  while (item < parents_.size() && parents_[item] != kNone) out.push_back(item = parents_[item]);
  return out;
}

bool Hierarchy::related(std::uint32_t a, std::uint32_t b) const {
  const auto lies_above = [this](std::uint32_t upper, std::uint32_t lower) {
    while (lower < parents_.size() && parents_[lower] != kNone) {
      lower = parents_[lower];
      if (lower == upper) return true;
    }
    return false;
  };
  return lies_above(a, b) || lies_above(b, a);
}

Result<CategorisedBaskets> with_categories(const Baskets& baskets, std::string_view text) {
  CategorisedBaskets out;
  for (std::uint32_t item = 0; item < baskets.items(); ++item) {
    RAPPORT_CHECK(out.baskets.item(baskets.name(item)));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<std::uint32_t>& parents = out.hierarchy.parents_;
  std::string item, category, more;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const bool read = take_field(line, item) && take_field(line, category);
    if (!read || item.empty() || category.empty() || !trimmed(line).empty())
      return at_line(number, "this line has not two fields");
    RAPPORT_TRY(const std::uint32_t upper, out.baskets.item("[" + category + "]"));
    RAPPORT_TRY(const std::uint32_t lower, out.baskets.item(item));
    parents.resize(std::max<std::size_t>(parents.size(), std::max(upper, lower) + 1), Hierarchy::kNone);
    if (parents[lower] != Hierarchy::kNone && parents[lower] != upper)
      return at_line(number, fmt::format("'{}' has another category already", item.substr(0, 60)));
    parents[lower] = upper;
    std::size_t levels = 0;
    for (std::uint32_t at = lower; parents[at] != Hierarchy::kNone; at = parents[at]) {
      if (++levels > Hierarchy::kDeepest)
        return at_line(number, fmt::format("a ring, or more than {} levels", Hierarchy::kDeepest));
    }
  }
  parents.resize(out.baskets.items(), Hierarchy::kNone);
  for (std::uint32_t i = 0; i < baskets.items(); ++i) out.without += parents[i] == Hierarchy::kNone ? 1 : 0;
  std::vector<std::uint32_t> extended;
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    const auto basket = baskets.basket(b);
    extended.assign(basket.begin(), basket.end());
    for (const std::uint32_t one : basket) {
      for (std::uint32_t at = parents[one]; at != Hierarchy::kNone; at = parents[at]) extended.push_back(at);
    }
    RAPPORT_CHECK(out.baskets.add(extended));
  }
  return out;
}

}  // namespace rapport::learn
