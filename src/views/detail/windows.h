#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "views/rule_eval.h"

/// When things enter and leave windows of ages.
namespace rapport::views::detail {

struct Answer {
  Truth value = Truth::no;
  std::int64_t until_ms = Instant::never().ms;
};

/// time + span, never past Instant::never().
inline std::int64_t later(std::int64_t time_ms, std::int64_t span_ms) {
  const std::int64_t never = Instant::never().ms;
  return span_ms >= never - time_ms ? never : time_ms + span_ms;
}

/// The greatest time that is too old for the window at `at_ms`; INT64_MIN when none is.
inline std::int64_t too_old(const Ages& ages, std::int64_t at_ms) {
  return ages.to.ms == Ages::kAlways ? INT64_MIN : at_ms - ages.to.ms;
}

/// Whether one of n moments, newest first and none after `at_ms`, has an age in [from, to). A moment m makes
/// it true in [m + from, m + to); `until` is where the union of these intervals around `at_ms` ends or next
/// begins.
template <class TimeOf>
Answer any_within(const Ages& ages, std::size_t n, TimeOf time_of, std::int64_t at_ms) {
  std::size_t i = 0;
  while (i < n && at_ms - time_of(i) < ages.from.ms) ++i;
  if (i == n || at_ms - time_of(i) >= ages.to.ms) {
    return {Truth::no, i == 0 ? Instant::never().ms : later(time_of(i - 1), ages.from.ms)};
  }
  std::int64_t end = later(time_of(i), ages.to.ms);
  while (i > 0 && later(time_of(i - 1), ages.from.ms) <= end) end = later(time_of(--i), ages.to.ms);
  return {Truth::yes, end};
}

/// Whether this one moment has an age in [from, to).
inline Answer one_within(const Ages& ages, std::int64_t time_ms, std::int64_t at_ms) {
  return any_within(
      ages, 1, [&](std::size_t) { return time_ms; }, at_ms);
}

inline Answer negated(Answer answer) {
  if (answer.value != Truth::undetermined) answer.value = answer.value == Truth::yes ? Truth::no : Truth::yes;
  return answer;
}

}  // namespace rapport::views::detail
