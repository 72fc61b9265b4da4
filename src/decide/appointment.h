#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decide/tongue.h"
#include "text/zone.h"

/// When a service can still be had, by its published hours and room. Pure; any thread.
namespace rapport::decide {

/// A published service of which appointments are made: its noun states a `calendar` or a `capacity`, or says
/// `bookable`.
struct BookableService {
  std::string id;
  Said name;
  std::string closed_altogether;  ///< why nothing can be had there at any time; "" when something can
  bool round_the_clock = true;
  std::vector<std::pair<Instant, Instant>> open;  ///< [open, close), ascending; not looked at round the clock
  std::optional<std::int64_t> capacity;           ///< appointments at one time; nothing = as many as come
  std::vector<std::pair<Instant, std::int64_t>> booked;  ///< ascending, from now on
};

/// Whether an appointment at that time can be made. Errors: refused with where "for", its message one of
/// "past", "far", "closed", "full".
Status room_at(const BookableService& service, Instant at, Instant now, std::int32_t book_days);

/// An appointment is for a minute: those within one share its room.
Instant minute_of(Instant at);
/// How many are made for that minute.
std::int64_t booked_at(const BookableService& service, Instant at);

/// Whether it begins an hour of the shop's zone (nullptr = UTC), as all times do that visitors are offered.
bool begins_an_hour(Instant at, const text::Zone* zone);

struct FreeTimes {
  Instant from;                             ///< the day's hours from here on count
  std::optional<Instant> until;             ///< not at or after this; nothing = as far as may be booked
  int minutes_from = 0, minutes_to = 1440;  ///< of the local day
  std::size_t most = 3;
};
/// Full hours with room, soonest first; of a service without hours those from nine to six.
std::vector<Instant> free_times(const BookableService& service, const FreeTimes& wanted, Instant now,
                                std::int32_t book_days, const text::Zone* zone);

/// Full hours with room, those nearest to `wanted` in time, before it or after it; ascending. Hours of
/// services without any as above.
std::vector<Instant> nearest_times(const BookableService& service, Instant wanted, std::size_t most,
                                   Instant now, std::int32_t book_days, const text::Zone* zone);

/// Whether a text speaks of appointments: 预约, 改约, "appointment", "reschedule".
bool speaks_of_appointments(std::string_view said);

}  // namespace rapport::decide
