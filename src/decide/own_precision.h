#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// How sure an assistant has to be in this very shop, by what became of its answers there. Pure.
namespace rapport::decide {

/// An answer of which it is known by now whether it was what she wanted.
struct JudgedAnswer {
  std::int32_t confidence = 0;  ///< thousandths
  bool right = false;
};

struct OwnPrecision {
  enum class Standing : std::uint8_t {
    too_few,  ///< fewer than kEnough outcomes at that confidence: the shipped figure holds
    untold,   ///< the wanted precision lies within the interval: nothing speaks against it yet
    kept,     ///< the interval lies at or above it
  };
  static constexpr std::size_t kEnough = 30;
  double least = 1;     ///< confidence from which it answers
  bool raised = false;  ///< above the shipped one, because outcomes refuted that
  Standing standing = Standing::too_few;
  std::size_t judged = 0, right = 0;  ///< outcomes at `least` or more
  double low = 0, high = 1;           ///< one-sided 95 % bounds each (Wilson 1927, JASA 22:209-212)
};

/// Begins at `shipped` and goes up past every confidence at which at least kEnough outcomes say, by the upper
/// bound, that answers are right less often than wanted; where too few tell, it stays. It never goes below
/// `shipped`: of what was not answered nothing is known. `precision` in (0, 1). The order of the answers does
/// not matter.
OwnPrecision own_precision(double shipped, double precision, std::span<const JudgedAnswer> answers);
inline constexpr const char* kStandingNames[] = {"too_few", "untold", "kept"};

}  // namespace rapport::decide
