#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// Business time. Views see only UTC intervals: split shifts, holidays, days worked instead and zones were
/// resolved at the edge (text/business_calendar.h), so that no table of time zones reaches a fold.
namespace rapport::views {

/// [open, close).
struct OpenInterval {
  Instant open, close;
  friend constexpr bool operator==(const OpenInterval&, const OpenInterval&) = default;
};

/// One version of a calendar: when it is open. Immutable; questions cost a binary search.
class OpenHours {
 public:
  static constexpr std::size_t kIntervalsMost = 8'192;

  /// Round the clock.
  OpenHours();
  /// Intervals ascending, none empty, none touching the one before; from `until` on, of which the calendar
  /// says nothing, time counts round the clock: a promise kept too early is better than one that never falls
  /// due. Errors: bad_input for anything else, and for no interval at all.
  static Result<OpenHours> make(std::span<const OpenInterval> intervals, Instant until);

  /// Open milliseconds in [from, to); 0 when to <= from.
  std::int64_t open_ms(Instant from, Instant to) const;
  /// The first moment >= from with open_ms(from, moment) == ms; Instant::never() when that lies beyond time.
  Instant reach(Instant from, std::int64_t ms) const;
  bool is_open(Instant at) const;
  std::span<const OpenInterval> intervals() const { return intervals_; }
  std::size_t memory_bytes() const { return intervals_.capacity() * 24; }

 private:
  std::int64_t used(Instant at) const;
  std::vector<OpenInterval> intervals_;
  std::vector<std::int64_t> before_;  ///< open ms before each interval
};

/// The versions of one calendar: each holds from its moment until the next, round the clock before the first.
class CalendarHistory {
 public:
  struct Version {
    Instant from;
    std::string text;  ///< as published: of two at one moment the greater text holds
    OpenHours hours;
  };
  /// Whether anything changed.
  bool add(Version version);
  std::int64_t open_ms(Instant from, Instant to) const;
  Instant reach(Instant from, std::int64_t ms) const;
  const OpenHours& at(Instant moment) const;
  std::span<const Version> versions() const { return versions_; }

 private:
  std::vector<Version> versions_;  ///< ascending `from`
};

/// The calendars of a shop by name. "" and names that nobody published are round the clock.
class Calendars {
 public:
  const CalendarHistory& find(std::string_view name) const;
  /// Takes what a Calendar Published says at its moment: `{"open": [m, m, ...], "until": m}`, minutes since
  /// 1970, each interval as its begin after the end of the one before (the first: after 1970) and its length.
  /// A noun without `open` is none of ours. Whether anything changed. Errors: bad_input.
  Result<bool> publish(std::string_view name, Instant from, std::string_view body);
  const std::map<std::string, CalendarHistory, std::less<>>& all() const { return by_name_; }

 private:
  std::map<std::string, CalendarHistory, std::less<>> by_name_;
};

}  // namespace rapport::views
