#pragma once

#include <cstdint>

namespace rapport {

/// The sum modulo 2^64: for folds, which take whatever somebody sent. Two numbers that are too great never
/// end the process, and the result is the same in any order, which stopping at the greatest number would not
/// be. Any thread.
constexpr std::int64_t wrapping_sum(std::int64_t x, std::int64_t y) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) + static_cast<std::uint64_t>(y));
}

}  // namespace rapport
