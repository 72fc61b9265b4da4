#include "study/options.h"

#include <charconv>
#include <cmath>

namespace rapport::study {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Error wrong(std::string_view name, std::string message, std::string expected) {
  return Error{Errc::bad_input, std::move(message), fmt::format("--{}", name), std::move(expected)};
}

}  // namespace

std::optional<std::string_view> Options::find(std::string_view name) const {
  for (auto it = given_.rbegin(); it != given_.rend(); ++it) {
    if (it->first == name) return std::string_view(it->second);
  }
  return std::nullopt;
}

bool Options::has(std::string_view name) const {
  return find(name).has_value();
}

std::string Options::text(std::string_view name, std::string_view fallback) const {
  return std::string(find(name).value_or(fallback));
}

Result<std::string> Options::need_text(std::string_view name) const {
  const auto value = find(name);
  if (!value || trim(*value).empty())
    return wrong(name, "a needed option is missing", fmt::format("--{} VALUE", name));
  return std::string(trim(*value));
}

Result<double> Options::number(std::string_view name, double fallback, double low, double high) const {
  const auto value = find(name);
  if (!value) return fallback;
  const std::string_view text = trim(*value);
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string expected = fmt::format("a number from {} to {}", low, high);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
    return wrong(name, fmt::format("'{}' is not a number", text), expected);
  }
  if (number < low || number > high) return wrong(name, fmt::format("{} is out of range", text), expected);
  return number;
}

Result<std::int64_t> Options::whole(std::string_view name, std::int64_t fallback, std::int64_t low,
                                    std::int64_t high) const {
  const auto value = find(name);
  if (!value) return fallback;
  const std::string_view text = trim(*value);
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  if (code != std::errc{} || end != text.data() + text.size()) {
    return wrong(name, fmt::format("'{}' is not a whole number", text), expected);
  }
  if (number < low || number > high) return wrong(name, fmt::format("{} is out of range", text), expected);
  return number;
}

std::vector<std::string> Options::list(std::string_view name) const {
  std::vector<std::string> items;
  for (const auto& [given, value] : given_) {
    if (given != name) continue;
    std::string_view rest = value;
    while (true) {
      const std::size_t comma = rest.find(',');
      const std::string_view item = trim(rest.substr(0, comma));
      if (!item.empty()) items.emplace_back(item);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return items;
}

Result<std::vector<std::string>> Options::need_list(std::string_view name) const {
  std::vector<std::string> items = list(name);
  if (items.empty()) return wrong(name, "a needed option is missing", fmt::format("--{} a,b,c", name));
  return items;
}

std::vector<std::string> Options::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : given_) {
    if (given == name) values.push_back(value);
  }
  return values;
}

Result<std::string> Options::choice(std::string_view name, std::span<const std::string_view> allowed,
                                    std::string_view fallback) const {
  const auto value = find(name);
  if (!value) return std::string(fallback);
  std::string known;
  for (const std::string_view word : allowed) {
    if (word == trim(*value)) return std::string(word);
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return wrong(name, fmt::format("'{}' is not known", *value), "one of: " + known);
}

Result<bool> Options::flag(std::string_view name) const {
  const auto value = find(name);
  if (!value) return false;
  if (value->empty() || *value == "yes" || *value == "true" || *value == "1") return true;
  if (*value == "no" || *value == "false" || *value == "0") return false;
  return wrong(name, fmt::format("'{}' is neither yes nor no", *value), "the flag alone, or yes or no");
}

}  // namespace rapport::study
