#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace rapport::learn {

/// Baskets of items: what association rules are mined from. Items are numbered from 0 in the order in which
/// they were first met; a basket holds each item at most once, ascending. A value type; const access from any
/// thread.
class Baskets {
 public:
  static constexpr std::size_t kItemsMost = 50'000'000;           ///< different items
  static constexpr std::size_t kOccurrencesMost = 2'000'000'000;  ///< items of all baskets together

  std::size_t size() const { return begins_.size() - 1; }
  std::size_t items() const { return names_.size(); }
  std::size_t occurrences() const { return occurrences_.size(); }
  std::span<const std::uint32_t> basket(std::size_t i) const {
    return {occurrences_.data() + begins_[i], begins_[i + 1] - begins_[i]};
  }
  const std::string& name(std::uint32_t item) const { return names_[item]; }
  /// The number of an item. Errors: not_found, naming it.
  Result<std::uint32_t> find(std::string_view name) const;

  /// The number of a name, given on first sight. Errors: too_large over kItemsMost.
  Result<std::uint32_t> item(std::string_view name);
  /// Appends a basket of numbers that item() gave; repeats within it count once, an empty one is a basket
  /// too. Errors: too_large over kOccurrencesMost.
  Status add(std::span<const std::uint32_t> items);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<std::size_t> begins_{0};
  std::vector<std::uint32_t> occurrences_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

struct BasketText {
  Baskets baskets;
  std::size_t blank_lines = 0;  ///< left out: a line without an item is no basket
  char separator = ' ';
};

/// One basket a line. `separator` 0: a tab, semicolon or comma when the first 64 KiB hold one, in this order,
/// otherwise blanks. Items are trimmed; with a separator other than blanks an item may stand in double
/// quotes, a doubled quote inside standing for one. UTF-8 with or without a byte-order mark, \n or \r\n.
/// Errors: bad_input for a quote that does not close, with its line, and for a text without any item;
/// too_large.
Result<BasketText> parse_baskets(std::string_view text, char separator = 0);

}  // namespace rapport::learn
