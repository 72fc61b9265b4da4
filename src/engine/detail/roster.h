#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "decide/care.h"
#include "views/open_hours.h"

/// Who works for the shop, out of the noun `Roster Published`.
namespace rapport::engine {

struct RosterAgent {
  std::string agent, title, calendar;
  std::vector<std::string> departments, skills;
  std::uint32_t capacity = 20;
};

struct Roster {
  static constexpr std::size_t kAgentsMost = 2'000, kWordsMost = 30;
  std::vector<RosterAgent> agents;

  /// {"agents":[{"agent","name"?,"departments":[..],"skills"?:[..],"capacity"?: 1 to 1000,"calendar"?}]}.
  /// Errors: bad_input naming the member, too_large.
  static Result<Roster> parse(std::string_view body);
};

/// When that agent's shift runs or begins next; `now` when it runs, or without a calendar.
Instant works_from(const RosterAgent& agent, const views::Calendars& calendars, Instant now);

}  // namespace rapport::engine
