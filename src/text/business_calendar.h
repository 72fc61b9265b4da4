#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "text/zone.h"

/// Business calendars as people write them, and the UTC intervals they come to. Folds see only the intervals:
/// tables of time zones change, what was logged does not.
namespace rapport::text {

/// Minutes of a local day, [from, to); to <= 1440.
struct Shift {
  int from = 0, to = 0;
  friend bool operator==(const Shift&, const Shift&) = default;
};
using DayHours = std::vector<Shift>;  ///< ascending, apart; none = closed

/// A local day.
struct LocalDay {
  int year = 1970, month = 1, day = 1;
  friend auto operator<=>(const LocalDay&, const LocalDay&) = default;
};
/// "2026-10-01". Errors: bad_input.
Result<LocalDay> parse_local_day(std::string_view text);
/// "09:00-12:00" and "22:00-24:00". Errors: bad_input.
Result<Shift> parse_shift(std::string_view text);

struct BusinessCalendar {
  static constexpr int kDays = 400;

  std::array<DayHours, 7> week;          ///< Monday first
  std::map<LocalDay, DayHours> special;  ///< what holds instead on these days: holidays, days worked instead

  /// Takes a country's holidays and days worked instead where `special` says nothing of a day; days worked
  /// instead have Monday's hours. Errors: bad_input for a country of which nothing is known.
  Status add_public_holidays(std::string_view country);
};

/// Open intervals in minutes since 1970, ascending and apart (shifts that touch at midnight are one), from
/// the local day before `from` on for `days` days.
struct OpenMinutes {
  std::vector<std::pair<std::int64_t, std::int64_t>> open;
  std::int64_t until = 0;
};
/// Errors: bad_input for a calendar with no working day.
Result<OpenMinutes> open_minutes(const BusinessCalendar& calendar, const Zone& zone, Instant from,
                                 int days = BusinessCalendar::kDays);

/// A country's holidays and days worked instead, as published by its government.
struct PublicDay {
  LocalDay day;
  bool worked = false;
};
/// None for a country of which nothing is known. "CN": the State Council's notice for 2026.
std::span<const PublicDay> public_days(std::string_view country);

}  // namespace rapport::text
