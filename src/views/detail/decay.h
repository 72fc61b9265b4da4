#pragma once

#include <cstdint>

#include "base/time.h"

/// Half-lives in integers: the same bits under every compiler and processor.
namespace rapport::views::detail {

/// 1.0 as a decay weight.
inline constexpr std::uint64_t kDecayOne = std::uint64_t{1} << 32;

/// 2^(-age / half_life) in 32.32 fixed point, in steps of 1/64 of a half-life (rounded down to the step
/// below, so the weight is at most 1.1 % too high); 0 from 32 half-lives on. A negative age counts as 0.
/// half_life > 0.
std::uint64_t decay(Duration age, Duration half_life);

/// The moment at which decayed figures are read: `at` truncated to the full hour (UTC), so that they change
/// at most once an hour and a reader can repeat them.
Instant decay_moment(Instant at);

}  // namespace rapport::views::detail
