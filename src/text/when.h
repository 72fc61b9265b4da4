#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "text/business_calendar.h"

/// Days and hours as people name them for an appointment: 明天下午三点, 下周三十点半, 12月3号, "tomorrow at
/// 3", "next Wed afternoon", 2026-12-03T15:00. Chinese in both scripts and English. Pure; any thread.
namespace rapport::text {

struct WhenSaid {
  /// None: no day is told. Several: it may be any of them (周末; "next Wed" while this week's is still to
  /// come; 3/4).
  std::vector<LocalDay> days;
  /// Minutes of the day; 1440 is its end (24:00). None: no hour is told. Two: it is not told whether before
  /// noon or after.
  std::vector<int> minutes;
  /// The part of the day that is told (下午), as minutes [from, to); 0, 0 when none is.
  int from = 0, to = 0;
  /// A moment with its own zone: "2026-12-03T15:00+08:00"; days and minutes are empty then.
  std::optional<Instant> at;
  bool is_over = false;  ///< the day that is told lies before today: 昨天, "this Monday" on a Friday
  bool is_none = false;  ///< a day or an hour that no calendar or clock has: 2月30日, 25点

  bool empty() const { return days.empty() && minutes.empty() && to == 0 && !at && !is_over && !is_none; }
};

/// `now`: what a clock of the place shows. Without a year the next such day is meant; a month and a day
/// without a year that lie behind are next year's.
WhenSaid when_in(std::string_view utf8, const CivilTime& now);

/// Whether a text names a day or an hour and, manners aside, nothing else: 下周三下午三点, 那就周五吧, "how
/// about Friday at 3?". What it names when_in() tells.
bool is_time_alone(std::string_view utf8);

LocalDay day_after(const LocalDay& day, int days);
/// 0 = Monday.
int weekday_of(const LocalDay& day);

}  // namespace rapport::text
