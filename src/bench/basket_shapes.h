#pragma once

#include <cstdint>
#include <string>

#include "learn/baskets.h"

namespace rapport::bench {

/// Baskets of the shapes on which miners are compared, from a seed. Items are named by numbers from 1.
enum class BasketShape : std::uint8_t {
  /// A supermarket's month: 88,162 baskets over 16,470 items, a few staples, a long Zipf tail, and things
  /// that are
  /// bought together. About 241,000 itemsets at a support of 0.01 %.
  retail,
  /// A game's positions: 3,196 baskets of 37 out of 75 items, each an attribute with one common value. About
  /// 1.27 million itemsets at a support of one half.
  dense,
};

learn::Baskets make_baskets(BasketShape shape, std::uint64_t seed);
/// One basket a line, blanks between: what other miners read.
std::string basket_lines(const learn::Baskets& baskets);

}  // namespace rapport::bench
