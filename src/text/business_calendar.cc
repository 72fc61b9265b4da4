#include "text/business_calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rapport::text {
namespace {

constexpr bool kWorked = true;
// The General Office of the State Council on holidays in 2026 (4 November 2025). Weekends off need no entry.
constexpr PublicDay kChina[] = {
    {{2026, 1, 1}},           {{2026, 1, 2}},  {{2026, 1, 3}},           {{2026, 1, 4}, kWorked},
    {{2026, 2, 14}, kWorked}, {{2026, 2, 15}}, {{2026, 2, 16}},          {{2026, 2, 17}},
    {{2026, 2, 18}},          {{2026, 2, 19}}, {{2026, 2, 20}},          {{2026, 2, 21}},
    {{2026, 2, 22}},          {{2026, 2, 23}}, {{2026, 2, 28}, kWorked}, {{2026, 4, 4}},
    {{2026, 4, 5}},           {{2026, 4, 6}},  {{2026, 5, 1}},           {{2026, 5, 2}},
    {{2026, 5, 3}},           {{2026, 5, 4}},  {{2026, 5, 5}},           {{2026, 5, 9}, kWorked},
    {{2026, 6, 19}},          {{2026, 6, 20}}, {{2026, 6, 21}},          {{2026, 9, 20}, kWorked},
    {{2026, 9, 25}},          {{2026, 9, 26}}, {{2026, 9, 27}},          {{2026, 10, 1}},
    {{2026, 10, 2}},          {{2026, 10, 3}}, {{2026, 10, 4}},          {{2026, 10, 5}},
    {{2026, 10, 6}},          {{2026, 10, 7}}, {{2026, 10, 10}, kWorked}};

std::optional<int> digits(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<int> minute_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() - colon != 3) return std::nullopt;
  const auto hour = digits(text.substr(0, colon)), minute = digits(text.substr(colon + 1));
  if (!hour || !minute || *hour > 24 || *minute > 59 || (*hour == 24 && *minute > 0)) return std::nullopt;
  return *hour * 60 + *minute;
}

LocalDay day_of(const CivilTime& civil) {
  return {civil.year, civil.month, civil.day};
}

Instant midnight(const LocalDay& day) {
  return instant_from_civil({day.year, day.month, day.day, 0, 0, 0, 0});
}

/// Minutes after the local midnight of a day as a UTC minute; beyond 1439 on the next day's clock.
std::int64_t utc_minute(const LocalDay& day, int minute, const Zone& zone) {
  const CivilTime local = civil_from_instant(midnight(day) + minutes(minute));
  const std::int64_t ms = zone.to_utc(local).ms;
  return ms / 60'000;
}

}  // namespace

Result<LocalDay> parse_local_day(std::string_view text) {
  const auto year = text.size() == 10 ? digits(text.substr(0, 4)) : std::nullopt;
  const auto month = year && text[4] == '-' ? digits(text.substr(5, 2)) : std::nullopt;
  const auto day = month && text[7] == '-' ? digits(text.substr(8, 2)) : std::nullopt;
  const LocalDay told{year.value_or(0), month.value_or(0), day.value_or(0)};
  const bool sane =
      day && told.year >= 1970 && told.month >= 1 && told.month <= 12 && told.day >= 1 && told.day <= 31;
  // A day that is none, the 30th of February, comes back as another.
  if (!sane || day_of(civil_from_instant(midnight(told))) != told)
    return Error{Errc::bad_input, fmt::format("'{}' is no day", text.substr(0, 40)), "",
                 "a day such as 2026-10-01"};
  return told;
}

Result<Shift> parse_shift(std::string_view text) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto from = minute_of(text.substr(0, dash));
  const auto to = dash < text.size() ? minute_of(text.substr(dash + 1)) : std::nullopt;
  if (!from || !to || *from >= *to)
    return Error{Errc::bad_input, fmt::format("'{}' is no shift", text.substr(0, 40)), "",
                 "a span of one day such as 09:00-12:00 or 18:00-24:00"};
  return Shift{*from, *to};
}

std::span<const PublicDay> public_days(std::string_view country) {
  return country == "CN" ? std::span<const PublicDay>(kChina) : std::span<const PublicDay>();
}

Status BusinessCalendar::add_public_holidays(std::string_view country) {
  const auto known = public_days(country);
  if (known.empty())
    return Error{Errc::bad_input, fmt::format("no holidays of '{}' are known", country.substr(0, 20)), "",
                 "CN"};
  for (const PublicDay& each : known) special.try_emplace(each.day, each.worked ? week[0] : DayHours{});
  return {};
}

Result<OpenMinutes> open_minutes(const BusinessCalendar& calendar, const Zone& zone, Instant from,
                                 int days_ahead) {
  OpenMinutes out;
  Instant day_start = midnight(day_of(zone.to_local(from))) - days(1);
  for (int i = 0; i <= days_ahead; ++i, day_start = day_start + days(1)) {
    const LocalDay day = day_of(civil_from_instant(day_start));
    const auto special = calendar.special.find(day);
    // 1970-01-01 was a Thursday.
    const auto weekday = static_cast<std::size_t>((day_number(day_start) % 7 + 7 + 3) % 7);
    const DayHours& hours = special == calendar.special.end() ? calendar.week[weekday] : special->second;
    for (const Shift& shift : hours) {
      const std::int64_t open = utc_minute(day, shift.from, zone), close = utc_minute(day, shift.to, zone);
      // What lies in an hour that the clocks skip is no time at all.
      if (close <= open) continue;
      if (!out.open.empty() && open <= out.open.back().second) {
        out.open.back().second = std::max(out.open.back().second, close);
      } else {
        out.open.emplace_back(open, close);
      }
    }
    out.until = utc_minute(day, 1440, zone);
  }
  if (out.open.empty())
    return Error{Errc::bad_input, "the calendar has no working day", "week",
                 "at least one shift in 400 days"};
  return out;
}

}  // namespace rapport::text
