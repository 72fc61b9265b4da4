#include "world/detail/calendar.h"

#include <algorithm>
#include <span>

namespace rapport::world {
namespace {

struct Date {
  int year, month, day;
};

struct Range {
  Date first;
  int days;
};

// State Council notices: days free, and weekend days worked in exchange.
constexpr Range kHolidays[] = {
    {{2024, 1, 1}, 1},  {{2024, 2, 10}, 8}, {{2024, 4, 4}, 3},  {{2024, 5, 1}, 5},  {{2024, 6, 10}, 1},
    {{2024, 9, 15}, 3}, {{2024, 10, 1}, 7}, {{2025, 1, 1}, 1},  {{2025, 1, 28}, 8}, {{2025, 4, 4}, 3},
    {{2025, 5, 1}, 5},  {{2025, 5, 31}, 3}, {{2025, 10, 1}, 8}, {{2026, 1, 1}, 3},  {{2026, 2, 15}, 9},
    {{2026, 4, 4}, 3},  {{2026, 5, 1}, 5},  {{2026, 6, 19}, 3}, {{2026, 9, 25}, 3}, {{2026, 10, 1}, 7},
};
constexpr Date kWorkedWeekends[] = {
    {2024, 2, 4},   {2024, 2, 18}, {2024, 4, 7}, {2024, 4, 28}, {2024, 5, 11},  {2024, 9, 14},  {2024, 9, 29},
    {2024, 10, 12}, {2025, 1, 26}, {2025, 2, 8}, {2025, 4, 27}, {2025, 9, 28},  {2025, 10, 11}, {2026, 1, 4},
    {2026, 2, 14},  {2026, 2, 28}, {2026, 5, 9}, {2026, 9, 20}, {2026, 10, 10},
};
// First day of the lunar year.
constexpr Date kSpringFestivals[] = {
    {2022, 2, 1}, {2023, 1, 22}, {2024, 2, 10}, {2025, 1, 29}, {2026, 2, 17},
    {2027, 2, 6}, {2028, 1, 26}, {2029, 2, 13}, {2030, 2, 3},
};

std::int64_t day_of(Date date) {
  return day_number(instant_from_civil({date.year, date.month, date.day}));
}

bool noticed_year(int year) {
  return year >= 2024 && year <= 2026;
}

bool is_holiday(std::int64_t day, const CivilTime& c) {
  if (noticed_year(c.year)) {
    return std::any_of(std::begin(kHolidays), std::end(kHolidays), [&](const Range& range) {
      const std::int64_t first = day_of(range.first);
      return day >= first && day < first + range.days;
    });
  }
  return (c.month == 1 && c.day == 1) || (c.month == 5 && c.day == 1) || (c.month == 10 && c.day <= 3);
}

bool is_worked_weekend(std::int64_t day) {
  return std::any_of(std::begin(kWorkedWeekends), std::end(kWorkedWeekends),
                     [&](Date date) { return day_of(date) == day; });
}

// Festivals of the trade: demand and discount by civil date.
void apply_trade_festivals(const CivilTime& c, DayFacts& facts) {
  const auto boost = [&](int demand, int discount, int load) {
    facts.demand = facts.demand * demand / 1000;
    facts.discount = std::max(facts.discount, discount);
    facts.parcel_load = std::max(facts.parcel_load, load);
  };
  if (c.month == 11 && c.day == 11) return boost(3200, 220, 1500);
  if (c.month == 11 && c.day >= 1 && c.day <= 10) return boost(1350, 120, 1100);
  if (c.month == 11 && c.day >= 12 && c.day <= 18) return boost(800, 0, 1600);
  if (c.month == 6 && c.day == 18) return boost(2500, 180, 1350);
  if (c.month == 6 && c.day >= 1 && c.day <= 17) return boost(1200, 100, 1050);
  if (c.month == 6 && c.day >= 19 && c.day <= 23) return boost(850, 0, 1400);
  if (c.month == 12 && c.day == 12) return boost(1600, 120, 1200);
  if (c.month == 3 && c.day == 8) return boost(1400, 100, 1050);
}

// Three weeks of buying before the New Year, then a fortnight of quiet in which parcels rest.
void apply_spring_festival(std::int64_t day, DayFacts& facts) {
  for (const Date date : kSpringFestivals) {
    const std::int64_t distance = day - day_of(date);
    if (distance < -21 || distance > 12) continue;
    if (distance < -4) {
      facts.demand = facts.demand * 1400 / 1000;
      facts.discount = std::max(facts.discount, 80);
      facts.parcel_load = std::max(facts.parcel_load, 1250);
    } else if (distance <= 6) {
      facts.demand = facts.demand * 450 / 1000;
      facts.parcels_rest = true;
      facts.parcel_load = std::max(facts.parcel_load, 1800);
    } else {
      facts.demand = facts.demand * 800 / 1000;
      facts.parcel_load = std::max(facts.parcel_load, 1300);
    }
  }
}

// Visits by hour, summing to 1000.
constexpr std::array<std::uint16_t, 24> kWorkday = {12, 6,  4,  3,  3,  5,  14, 30, 42,  44,  42, 46,
                                                    92, 70, 38, 36, 36, 38, 46, 70, 102, 112, 76, 33};
constexpr std::array<std::uint16_t, 24> kFreeDay = {16, 8,  5,  4,  3,  4,  8,  18, 34, 52, 64, 62,
                                                    56, 60, 70, 74, 70, 58, 50, 60, 82, 80, 44, 18};

}  // namespace

DayFacts day_facts(std::int64_t day) {
  const CivilTime c = civil_from_instant(Instant{day * 86'400'000});
  DayFacts facts;
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // 0 = Monday: 1970-01-01 was a Thursday
  if (is_holiday(day, c))
    facts.kind = DayKind::holiday;
  else if (weekday >= 5 && !is_worked_weekend(day))
    facts.kind = DayKind::weekend;
  if (facts.kind != DayKind::workday) facts.demand = 1250;
  apply_trade_festivals(c, facts);
  apply_spring_festival(day, facts);
  return facts;
}

std::int64_t local_day(Instant instant) {
  return day_number(Instant{instant.ms + kZoneMs});
}

Instant start_of_local_day(std::int64_t day) {
  return Instant{day * 86'400'000 - kZoneMs};
}

std::int64_t time_of_day_ms(DayKind kind, std::uint32_t hour_draw, std::uint32_t minute_draw) {
  const std::span<const std::uint16_t, 24> table = kind == DayKind::workday ? kWorkday : kFreeDay;
  std::int64_t rest = static_cast<std::int64_t>(hour_draw & 0xffff) * 1000 >> 16;
  std::int64_t hour = 0;
  while (hour < 23 && rest >= table[static_cast<std::size_t>(hour)])
    rest -= table[static_cast<std::size_t>(hour++)];
  return hour * 3'600'000 + (static_cast<std::int64_t>(minute_draw & 0xffff) * 3'600'000 >> 16);
}

}  // namespace rapport::world
