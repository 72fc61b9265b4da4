#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "model/identifier.h"

/// Appointments that visitors make themselves, held to the hours and the room that the service's noun states,
/// as those of agents and of the assistant are. Answers are JSON texts (docs/assistant.md).
namespace rapport::engine {

/// When an appointment is to be, as the booking doors take it. Errors: bad_input without a date, a time of
/// day and a zone.
Result<Instant> appointment_time(std::string_view text);

struct BookingAsk {
  model::Identifier who;  ///< the browser
  std::string service_id;
  Instant for_time;
};
/// {"booked":true,"service_id","for","offset"}: `Service Booked`, durable and folded; sent again it is the
/// same appointment. {"booked":false,"why":"past"|"far"|"closed"|"full"|"not_offered","times":[..]}: nothing
/// was written, with the free times nearest to what was asked. "not_offered": it begins no hour, as
/// free_appointment_times() has them. "reason" beside "closed": the service states a calendar or a room that
/// nobody can keep to. Errors: not_found for a service that is not to be booked; refused for a visitor who
/// has kBookingsMost ahead; unavailable; overloaded.
void book_appointment(Engine& engine, ShopNo shop, BookingAsk ask, Reply<std::string> reply);
inline constexpr std::int64_t kBookingsMost = 20;

struct CancellationAsk {
  BookingAsk booking;  ///< which
  std::string proof;   ///< that the page carries (engine_visitor.h); "" = none
};
/// {"cancelled":true,"service_id","for","offset"}: `Booking Cancelled`, durable and folded, of the identifier
/// that made it; asked again it is cancelled already. It has to be this browser's own, or, with a proof, of
/// whom the shop's server vouched for. Errors: not_found for anybody else's and for none; refused once its
/// time is over; unauthorized for a wrong proof; unavailable; overloaded.
void cancel_appointment(Engine& engine, ShopNo shop, CancellationAsk ask, Reply<std::string> reply);

struct FreeTimesAsk {
  std::string service_id;
  std::optional<Instant> from;  ///< now when left out
  std::int32_t days = 7;        ///< 1 to kFreeDaysMost
  std::size_t most = 60;        ///< at most kFreeTimesMost
};
inline constexpr std::int32_t kFreeDaysMost = 60;
inline constexpr std::size_t kFreeTimesMost = 500;
/// {"service_id","zone","times":[{"at","left":n|null}]}: full hours with room, soonest first. Errors:
/// not_found; unavailable; overloaded.
void free_appointment_times(Engine& engine, ShopNo shop, FreeTimesAsk ask, Reply<std::string> reply);

/// What a page says of an appointment.
struct BookingClaim {
  std::string service_id;
  std::optional<Instant> cancelled;      ///< it cancels the one of that time; none = it books
  std::optional<model::Identifier> who;  ///< the browser of which it is said
};
/// The first service of these claims that has hours or room to keep to, and of which a page's word does not
/// do: it makes no appointment there, and cancels none that its own browser has not made. "" when each will
/// do.
void claim_against_calendar(Engine& engine, ShopNo shop, std::vector<BookingClaim> claims,
                            Reply<std::string> reply);

}  // namespace rapport::engine
