#pragma once

#include <cmath>

namespace rapport::learn::detail {

/// 2^-x for x >= 0, to 1e-9 of itself, in plain arithmetic: libm's powers are not the same bits everywhere, a
/// score has to be.
inline double half_to_the(double x) {
  if (!(x < 1000)) return 0;
  const double whole = std::floor(x), part = (x - whole) * -0.69314718055994531;
  double term = 1, sum = 1;
  for (int n = 1; n <= 11; ++n) {
    term *= part / n;
    sum += term;
  }
  return std::ldexp(sum, -static_cast<int>(whole));
}

inline constexpr double kDayMs = 86'400'000;

}  // namespace rapport::learn::detail
