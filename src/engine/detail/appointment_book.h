#pragma once

#include <vector>

#include "decide/appointment.h"
#include "engine/detail/inquiry.h"

/// What may be booked of a shop, out of its published services, their calendars and the desk's book.
namespace rapport::engine {

struct AppointmentBook {
  std::vector<decide::BookableService> services;
  std::int32_t book_days = 60;  ///< of the desk's policy
};

/// Services whose noun states a `calendar` or a `capacity`, or says `bookable`, and that are not closed
/// altogether (service_room.h), with their hours and room from now on. Who books by it holds
/// desk_book.acting() from before this until what he wrote is folded. Not on the shop thread. Errors: those
/// of the store; unavailable while the log is still being read; overloaded.
Result<AppointmentBook> appointment_book(Inquiry& inquiry);
/// The same of one service, whatever its noun states, unless it is hidden or says that it is not bookable.
/// Errors: not_found as well.
Result<AppointmentBook> appointment_book_of(Inquiry& inquiry, const std::string& service_id);
/// Whether there is any such service; cheap.
Result<bool> books_appointments(Inquiry& inquiry);
/// Whether a service has hours or room to keep to. On the shop thread.
bool keeps_a_calendar(const views::ShopState& state, std::string_view service_id);

}  // namespace rapport::engine
