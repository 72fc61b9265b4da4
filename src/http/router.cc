#include "http/router.h"

namespace rapport::http {
namespace {

bool is_parameter(std::string_view part) {
  return part.starts_with('{');
}

/// Takes the next part of a path; false at its end.
bool next_part(std::string_view& rest, std::string_view& part) {
  if (rest.empty() || rest.front() != '/') return false;
  rest.remove_prefix(1);
  const auto end = std::min(rest.find('/'), rest.size());
  part = rest.substr(0, end);
  rest.remove_prefix(end);
  return true;
}

bool matches(const std::vector<std::string_view>& parts, std::string_view path, Match& match) {
  std::string_view part;
  std::size_t taken = 0;
  for (const std::string_view wanted : parts) {
    if (!next_part(path, part)) return false;
    if (!is_parameter(wanted)) {
      if (part != wanted) return false;
    } else {
      if (part.empty()) return false;
      match.values[taken++] = percent_decode(part, false);
    }
  }
  return path.empty();
}

// The second part of a path; "" when it has one part only.
std::string_view second_part(std::string_view path) {
  std::string_view part;
  if (!next_part(path, part) || !next_part(path, part)) return {};
  return part;
}

}  // namespace

Router::Router(std::span<const Route> routes) : routes_(routes) {
  for (const Route& route : routes) {
    Pattern pattern{&route, {}};
    std::string_view rest = route.pattern, part;
    while (next_part(rest, part)) pattern.parts.push_back(part);
    const std::string_view second = second_part(route.pattern);
    if (second.empty() || is_parameter(second)) {
      others_.push_back(pattern);
      for (auto& [name, patterns] : by_second_) patterns.push_back(pattern);
    } else {
      by_second_.try_emplace(second, others_).first->second.push_back(std::move(pattern));
    }
  }
}

Match Router::find(Method method, std::string_view path) const {
  Match match;
  const auto known = by_second_.find(second_part(path));
  for (const Pattern& pattern : known == by_second_.end() ? others_ : known->second) {
    const bool right_method = pattern.route->method == method;
    if (!right_method && match.path_known) continue;
    if (!matches(pattern.parts, path, match)) continue;
    match.path_known = true;
    if (!right_method) continue;
    match.route = pattern.route;
    return match;
  }
  return match;
}

}  // namespace rapport::http
