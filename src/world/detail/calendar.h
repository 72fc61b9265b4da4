#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

/// The Chinese shopping calendar, local days of UTC+8 (no daylight saving since 1991). Public holidays and
/// exchanged working days (调休) follow the State Council's yearly notices for 2024-2026; the day of Spring
/// Festival is tabulated for 2022-2030. In years without a notice the statutory days themselves are free.
namespace rapport::world {

inline constexpr std::int64_t kZoneMs = 8 * 3'600'000;

enum class DayKind : std::uint8_t { workday, weekend, holiday };

struct DayFacts {
  DayKind kind = DayKind::workday;
  std::int32_t demand = 1000;       ///< thousandths of an ordinary workday's visits
  std::int32_t discount = 0;        ///< thousandths off the list price shop-wide
  std::int32_t parcel_load = 1000;  ///< thousandths of ordinary transit time
  bool parcels_rest = false;        ///< Spring Festival: carriers barely move
};

/// `local_day` = days since 1970-01-01 in UTC+8.
DayFacts day_facts(std::int64_t local_day);
/// Local day of an instant, and the instant at which a local day begins.
std::int64_t local_day(Instant instant);
Instant start_of_local_day(std::int64_t day);
/// Millisecond of the local day for a uniform 16-bit draw of the hour and one of the place in the hour:
/// workdays have a lunch and an evening peak, free days a long afternoon.
std::int64_t time_of_day_ms(DayKind kind, std::uint32_t hour_draw, std::uint32_t minute_draw);

}  // namespace rapport::world
