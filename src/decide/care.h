#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

/// Who takes a case. Pure; any thread.
namespace rapport::decide {

/// One of the staff as the roster and the open cases have it now.
struct CareAgent {
  std::string name;
  std::vector<std::string> departments, skills;
  std::uint32_t capacity = 0;  ///< open cases at once
  std::uint32_t load = 0;      ///< open cases now
  Instant works_from;          ///< now or before = at work; else when the shift begins
};

struct CareTask {
  std::string department;
  std::vector<std::string> skills;  ///< that help, none of them needed
  Instant due = Instant::never();
};

struct CareChoice {
  std::size_t agent = 0;             ///< place in the list
  std::vector<std::string> reasons;  ///< in the order in which they decided
};

/// The owner of a case: of the department, with room for one more; first whoever is at work (or will be
/// before it is due), then who has more of the skills, then whose share of capacity is used least, then by
/// name. Nothing when the department has nobody with room. The order of `agents` does not matter.
std::optional<CareChoice> choose_agent(const CareTask& task, std::span<const CareAgent> agents, Instant now);

}  // namespace rapport::decide
