#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/detail/noun_members.h"
#include "views/views.h"

/// What a published service states of its appointments.
namespace rapport::engine {

struct ServiceRoom {
  std::string calendar;                  ///< its id; "" = no hours of its own
  std::optional<std::int64_t> capacity;  ///< appointments within one minute; nothing = as many as come
  std::optional<bool> bookable;
  /// The first member that is not of its form, and what it should be; "" when all are. It states something
  /// that nobody can keep to, so no visitor books there.
  std::string_view unreadable, instead;

  bool keeps() const { return !calendar.empty() || capacity || !unreadable.empty(); }
};
ServiceRoom room_of(const NounMembers& noun);

/// Why no visitor can book there whatever the time: a member that cannot be read, or a calendar that nobody
/// published. "" when one can. On the shop thread.
std::string closed_altogether(const views::ShopState& state, const ServiceRoom& room);

}  // namespace rapport::engine
