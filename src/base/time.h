#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

/// Time as integers. Inside Rapport a moment is milliseconds since 1970-01-01T00:00:00Z and a span is
/// milliseconds; nothing here reads a clock except SystemClock, which only the engine's rim constructs.
namespace rapport {

struct Duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  constexpr Duration operator+(Duration other) const { return {ms + other.ms}; }
  constexpr Duration operator-(Duration other) const { return {ms - other.ms}; }
  constexpr Duration operator*(std::int64_t n) const { return {ms * n}; }
};

constexpr Duration milliseconds(std::int64_t n) {
  return {n};
}
constexpr Duration seconds(std::int64_t n) {
  return {n * 1000};
}
constexpr Duration minutes(std::int64_t n) {
  return {n * 60'000};
}
constexpr Duration hours(std::int64_t n) {
  return {n * 3'600'000};
}
constexpr Duration days(std::int64_t n) {
  return {n * 86'400'000};
}

struct Instant {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  constexpr Instant operator+(Duration d) const { return {ms + d.ms}; }
  constexpr Instant operator-(Duration d) const { return {ms - d.ms}; }
  constexpr Duration operator-(Instant other) const { return {ms - other.ms}; }

  /// Before and after everything that can be stored (years 0001 and 9999).
  static constexpr Instant min() { return {-62'135'596'800'000}; }
  static constexpr Instant max() { return {253'402'300'799'999}; }
  static constexpr Instant never() { return max(); }
};

/// Civil fields of a UTC instant (proleptic Gregorian).
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
};
CivilTime civil_from_instant(Instant instant);
Instant instant_from_civil(const CivilTime& civil);
/// Days since 1970-01-01, floor division; the unit of day buckets.
constexpr std::int64_t day_number(Instant instant) {
  const std::int64_t ms_a_day = 86'400'000;
  return instant.ms >= 0 ? instant.ms / ms_a_day : -((-instant.ms + ms_a_day - 1) / ms_a_day);
}

/// "2026-11-22T03:04:05.678Z"; milliseconds are left out when zero.
std::string format_instant(Instant instant);
/// RFC 3339 and its common relatives: "2026-11-22", "2026-11-22 03:04[:05[.678]]", "...Z", "...+08:00". No
/// zone means UTC. Errors: bad_input naming the text. Range: Instant::min()..max().
Result<Instant> parse_instant(std::string_view text);
/// "90s", "24h", "30d", "2w", "1h30m", "500ms". A month or a year is no duration. Errors: bad_input.
Result<Duration> parse_duration(std::string_view text);
/// The shortest such text: days, then hours, ... "1d12h".
std::string format_duration(Duration duration);

/// The wall clock, injected where the rim needs one; tests and simulated shops drive their own.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() override;
};

/// Nanoseconds of a monotonic clock, for measuring only; never enters a fold or a decision.
std::int64_t monotonic_ns();

}  // namespace rapport
