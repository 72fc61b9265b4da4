#include "engine/detail/appointment_book.h"

#include <algorithm>

#include "engine/detail/desk_policy.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/service_room.h"
#include "views/published.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kServicesMost = 200;

bool is_bookable(const views::ShopState& state, const NounMembers& noun) {
  const ServiceRoom room = room_of(noun);
  if (noun.raw("hidden") == "true" || room.bookable == false) return false;
  return (room.bookable == true || room.keeps()) && closed_altogether(state, room).empty();
}

/// On the shop thread.
decide::BookableService service_of(const views::ShopState& state, std::string_view id,
                                   const NounMembers& noun, Instant now, Instant until) {
  decide::BookableService out;
  out.id = id;
  const auto name = [&](std::string_view title, std::string_view other) {
    const std::string text = noun.text(title);
    return text.empty() ? noun.text(other) : text;
  };
  out.name.by = {name("title", "name"), noun.text("title_hant"), name("title_en", "name_en")};
  if (out.name.empty()) out.name.by[0] = id;
  const ServiceRoom room = room_of(noun);
  out.capacity = room.capacity;
  out.closed_altogether = closed_altogether(state, room);
  const auto& all = state.case_clocks().calendars().all();
  const auto found = all.find(room.calendar);
  if (room.calendar.empty() || found == all.end()) return out;
  out.round_the_clock = false;
  for (const views::OpenInterval& hours : found->second.at(now).intervals()) {
    if (hours.close > now && hours.open < until) out.open.emplace_back(hours.open, hours.close);
  }
  return out;
}

/// On the shop thread; those that may be booked.
template <typename Take>
void each_bookable(const views::ShopState& state, Take take) {
  std::size_t count = 0;
  for (const auto& id : state.noun_ids(k::service_published)) {
    const auto noun = NounMembers::parse(state.noun(k::service_published, id));
    if (!noun.ok() || !is_bookable(state, **noun)) continue;
    if (++count > kServicesMost || !take(id, **noun)) return;
  }
}

}  // namespace

Result<bool> books_appointments(Inquiry& inquiry) {
  ShopUnit& unit = inquiry.unit();
  return ask_shop<bool>(unit, [&]() -> Result<bool> {
    bool any = false;
    each_bookable(unit.shop.state(), [&](const auto&, const NounMembers&) {
      any = true;
      return false;
    });
    return any;
  });
}

bool keeps_a_calendar(const views::ShopState& state, std::string_view service_id) {
  const auto noun = NounMembers::parse(state.noun(k::service_published, service_id));
  return noun.ok() && room_of(**noun).keeps();
}

namespace {

/// `fill` puts the services in, on the shop thread.
template <typename Fill>
Result<AppointmentBook> book_with(Inquiry& inquiry, Fill fill) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const decide::DeskPolicy policy, desk_policy_of(inquiry));
  return ask_shop<AppointmentBook>(unit, [&]() -> Result<AppointmentBook> {
    AppointmentBook out;
    out.book_days = policy.book_days;
    const Instant now = unit.shop.now();
    const auto add = [&](std::string_view id, const NounMembers& members) {
      out.services.push_back(service_of(unit.shop.state(), id, members, now, now + days(policy.book_days)));
      out.services.back().booked = unit.desk_book.booked_from(id, now);
    };
    RAPPORT_CHECK(fill(unit.shop.state(), add));
    return out;
  });
}

}  // namespace

Result<AppointmentBook> appointment_book(Inquiry& inquiry) {
  return book_with(inquiry, [](const views::ShopState& state, const auto& add) -> Status {
    each_bookable(state, [&](const auto& id, const NounMembers& members) {
      add(id, members);
      return true;
    });
    return {};
  });
}

Result<AppointmentBook> appointment_book_of(Inquiry& inquiry, const std::string& service_id) {
  return book_with(inquiry, [&](const views::ShopState& state, const auto& add) -> Status {
    const Error none{Errc::not_found, "no such service, or none that is booked", "service_id",
                     "one of GET /v1/shop/services"};
    const std::string_view published = state.noun(k::service_published, service_id);
    if (published.empty()) return none;
    RAPPORT_TRY(const auto noun, NounMembers::parse(published));
    if (noun->raw("hidden") == "true" || room_of(*noun).bookable == false) return none;
    add(service_id, *noun);
    return {};
  });
}

}  // namespace rapport::engine
