#include "engine/detail/service_room.h"

#include <fmt/format.h>

#include <charconv>

namespace rapport::engine {
namespace {

constexpr std::int64_t kCapacityMost = 1'000'000'000;

/// A number, or a text that is one.
std::optional<std::int64_t> capacity_of(codec::JsonValue value) {
  std::optional<std::int64_t> whole;
  if (value.is(codec::JsonKind::number)) whole = value.integer();
  if (value.is(codec::JsonKind::string)) {
    const std::string text = value.text();
    std::int64_t number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong == std::errc{} && end == text.data() + text.size()) whole = number;
  }
  return whole && *whole >= 0 && *whole <= kCapacityMost ? whole : std::nullopt;
}

}  // namespace

ServiceRoom room_of(const NounMembers& noun) {
  ServiceRoom room;
  const auto wrong = [&](std::string_view member, std::string_view instead) {
    if (room.unreadable.empty()) room.unreadable = member, room.instead = instead;
  };
  if (const auto value = noun.find("calendar"); value.present()) {
    if (value.is(codec::JsonKind::string)) room.calendar = value.text();
    if (!value.is(codec::JsonKind::string)) wrong("calendar", "the id of a published calendar");
  }
  if (const auto value = noun.find("capacity"); value.present()) {
    room.capacity = capacity_of(value);
    if (!room.capacity) wrong("capacity", "a whole number, 0 or more");
  }
  if (const auto value = noun.find("bookable"); value.present()) {
    if (value.is(codec::JsonKind::boolean)) room.bookable = value.raw() == "true";
    if (!room.bookable) wrong("bookable", "true or false");
  }
  return room;
}

std::string closed_altogether(const views::ShopState& state, const ServiceRoom& room) {
  if (!room.unreadable.empty())
    return fmt::format("the service's {} is not {}", room.unreadable, room.instead);
  const auto& calendars = state.case_clocks().calendars().all();
  if (!room.calendar.empty() && !calendars.contains(room.calendar))
    return fmt::format("nobody published the service's calendar '{}'", room.calendar.substr(0, 64));
  return {};
}

}  // namespace rapport::engine
