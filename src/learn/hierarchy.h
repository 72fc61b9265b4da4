#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "learn/baskets.h"

/// Categories above items, as a forest: rules may hold on a level at which the single items are too thin.
namespace rapport::learn {

class Hierarchy {
 public:
  static constexpr std::size_t kDeepest = 16;
  static constexpr std::uint32_t kNone = ~0U;
  /// What is above an item, nearest first; by the numbers of the baskets that with_categories made.
  std::vector<std::uint32_t> above(std::uint32_t item) const;
  /// Whether one of them lies above the other.
  bool related(std::uint32_t a, std::uint32_t b) const;
  /// By item: the category right above it, kNone for none.
  std::span<const std::uint32_t> parents() const { return parents_; }

 private:
  friend struct CategorisedBaskets;
  friend Result<struct CategorisedBaskets> with_categories(const Baskets& baskets, std::string_view text);
  std::vector<std::uint32_t> parents_;
};

struct CategorisedBaskets {
  Baskets baskets;  ///< items keep their numbers; categories follow, named "[category]"
  Hierarchy hierarchy;
  std::size_t without = 0;  ///< items of the baskets that the text gives no category
};

/// Every basket with the categories of its items added, each once (Srikant & Agrawal 1995, VLDB, "Mining
/// generalized association rules", section 3, Basic). `text` has a line an item: item, category; a category
/// that stands on the left as "[category]" has one above it in turn. Fields may stand in double quotes.
/// Errors: bad_input naming the line: no two fields, an item with two categories, a ring or more than
/// kDeepest levels; too_large.
Result<CategorisedBaskets> with_categories(const Baskets& baskets, std::string_view text);

}  // namespace rapport::learn
