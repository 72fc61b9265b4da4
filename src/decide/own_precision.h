#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

/// How sure an assistant has to be in this very shop, by what became of its answers there. Pure.
namespace rapport::decide {

/// An answer of which it is known by now whether it was what she wanted.
struct JudgedAnswer {
  std::int32_t confidence = 0;  ///< thousandths
  bool right = false;
  std::string intent = {};  ///< that it rested on; "" where a match is judged
};

struct OwnPrecision {
  enum class Standing : std::uint8_t {
    too_few,  ///< fewer than kEnough outcomes at that confidence: the shipped figure holds
    untold,   ///< the wanted precision lies within the interval: nothing speaks against it yet
    kept,     ///< the interval lies at or above it
    refuted,  ///< as sure as may be asked for, and outcomes speak against it still
  };
  static constexpr std::size_t kEnough = 30;
  double least = 1;     ///< confidence from which it answers
  bool raised = false;  ///< above the shipped one, because outcomes refuted that
  Standing standing = Standing::too_few;
  std::size_t judged = 0, right = 0;                  ///< outcomes at `least` or more
  std::size_t shipped_judged = 0, shipped_right = 0;  ///< and at the shipped one or more: why it was raised
  double low = 0, high = 1;  ///< one-sided 95 % bounds each (Wilson 1927, JASA 22:209-212)
};

/// Begins at `shipped` and goes up past every confidence at which at least kEnough outcomes say, by the upper
/// bound, that answers are right less often than wanted; where too few tell, it stays. It never goes below
/// `shipped`: of what was not answered nothing is known; nor, once above it, past `most`: what is surest is
/// always said, or no outcome could ever come that takes a raise back. `precision` in (0, 1). The order of
/// the answers does not matter.
OwnPrecision own_precision(double shipped, double precision, std::span<const JudgedAnswer> answers,
                           double most);
/// The same of every intent by itself: what one is misunderstood for silences no other. Only those of which
/// something is known.
std::map<std::string, OwnPrecision, std::less<>> own_by_intent(double shipped, double precision,
                                                               std::span<const JudgedAnswer> answers);
/// At 0.95 the shipped model answers 31 % of its held-out phrases and 98.4 % of these are right: plain
/// questions ("where is my order", 0.99) pass, guesses do not. Above 0.99 it answers an eighth.
inline constexpr double kIntentMost = 0.95;
/// A wording that is nearly the question itself.
inline constexpr double kMatchMost = 0.97;
inline constexpr const char* kStandingNames[] = {"too_few", "untold", "kept", "refuted"};

}  // namespace rapport::decide
