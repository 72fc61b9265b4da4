#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rapport::study {

/// The long options of one study in the order given; a name may come more than once. The typed getters say
/// what was wrong, under which option, and what would be right. A value type.
class Options {
 public:
  Options() = default;
  Options(std::initializer_list<std::pair<std::string, std::string>> given) : given_(given) {}
  /// `name` without dashes; a flag has the empty value.
  void add(std::string name, std::string value) { given_.emplace_back(std::move(name), std::move(value)); }

  bool has(std::string_view name) const;
  /// The last value of that name, or `fallback`.
  std::string text(std::string_view name, std::string_view fallback = {}) const;
  /// Errors: bad_input when the option is absent or empty.
  Result<std::string> need_text(std::string_view name) const;
  /// Errors: bad_input for no finite number or one outside [low, high].
  Result<double> number(std::string_view name, double fallback, double low, double high) const;
  Result<std::int64_t> whole(std::string_view name, std::int64_t fallback, std::int64_t low,
                             std::int64_t high) const;
  /// All values of that name, each split at commas, trimmed, without empty ones; empty when absent.
  std::vector<std::string> list(std::string_view name) const;
  /// Errors: bad_input when the list would be empty.
  Result<std::vector<std::string>> need_list(std::string_view name) const;
  /// All values of that name unsplit, in order.
  std::vector<std::string> all(std::string_view name) const;
  /// Errors: bad_input unless the value is one of `allowed`.
  Result<std::string> choice(std::string_view name, std::span<const std::string_view> allowed,
                             std::string_view fallback) const;
  Result<std::string> choice(std::string_view name, std::initializer_list<std::string_view> allowed,
                             std::string_view fallback) const {
    return choice(name, std::span<const std::string_view>(allowed.begin(), allowed.size()), fallback);
  }
  /// True for a flag that is given without value or with yes/true/1. Errors: bad_input for another word.
  Result<bool> flag(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& given() const { return given_; }

 private:
  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> given_;
};

}  // namespace rapport::study
