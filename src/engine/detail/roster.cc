#include "engine/detail/roster.h"

#include <set>

#include "codec/json_index.h"

namespace rapport::engine {
namespace {

using codec::JsonKind;
using codec::JsonValue;

constexpr std::size_t kNameMost = 64;

Result<std::string> name_of(const JsonValue& value, const std::string& where) {
  if (!value.present() || !value.is(JsonKind::string) || value.text().empty() ||
      value.text().size() > kNameMost)
    return Error{Errc::bad_input, "no name", where, fmt::format("a text of 1 to {} bytes", kNameMost)};
  return value.text();
}

Result<std::vector<std::string>> names_of(const JsonValue& value, const std::string& where) {
  std::vector<std::string> names;
  if (!value.present()) return names;
  if (!value.is(JsonKind::array)) return Error{Errc::bad_input, "no list", where, "a list of names"};
  for (codec::JsonItems items(value); items.next();) {
    RAPPORT_TRY(std::string name, name_of(items.value(), fmt::format("{}[{}]", where, names.size())));
    names.push_back(std::move(name));
    if (names.size() > Roster::kWordsMost)
      return Error{Errc::too_large, "too many names", where, fmt::format("at most {}", Roster::kWordsMost)};
  }
  return names;
}

Result<RosterAgent> agent_of(const JsonValue& value, const std::string& where) {
  RosterAgent agent;
  RAPPORT_TRY(agent.agent, name_of(value.find("agent"), where + ".agent"));
  if (const JsonValue name = value.find("name"); name.present()) {
    RAPPORT_TRY(agent.title, name_of(name, where + ".name"));
  }
  if (const JsonValue calendar = value.find("calendar"); calendar.present()) {
    RAPPORT_TRY(agent.calendar, name_of(calendar, where + ".calendar"));
  }
  RAPPORT_TRY(agent.departments, names_of(value.find("departments"), where + ".departments"));
  RAPPORT_TRY(agent.skills, names_of(value.find("skills"), where + ".skills"));
  if (agent.departments.empty())
    return Error{Errc::bad_input, "an agent of no department", where + ".departments", "at least one"};
  if (const JsonValue capacity = value.find("capacity"); capacity.present()) {
    const auto whole = capacity.is(JsonKind::number) ? capacity.integer() : std::nullopt;
    if (!whole || *whole < 1 || *whole > 1'000)
      return Error{Errc::bad_input, "no capacity", where + ".capacity", "a whole number from 1 to 1000"};
    agent.capacity = static_cast<std::uint32_t>(*whole);
  }
  return agent;
}

}  // namespace

Result<Roster> Roster::parse(std::string_view body) {
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(body));
  const JsonValue list = json.root().find("agents");
  if (!list.present() || !list.is(JsonKind::array))
    return Error{Errc::bad_input, "the roster names nobody", "agents", "a list of agents"};
  Roster roster;
  std::set<std::string> seen;
  for (codec::JsonItems items(list); items.next();) {
    const std::string where = fmt::format("agents[{}]", roster.agents.size());
    RAPPORT_TRY(RosterAgent agent, agent_of(items.value(), where));
    if (!seen.insert(agent.agent).second)
      return Error{Errc::bad_input, fmt::format("'{}' stands there twice", agent.agent), where + ".agent",
                   "each agent once"};
    roster.agents.push_back(std::move(agent));
    if (roster.agents.size() > kAgentsMost)
      return Error{Errc::too_large, "too many agents", "agents", fmt::format("at most {}", kAgentsMost)};
  }
  return roster;
}

Instant works_from(const RosterAgent& agent, const views::Calendars& calendars, Instant now) {
  const views::CalendarHistory& calendar = calendars.find(agent.calendar);
  if (agent.calendar.empty() || calendar.at(now).is_open(now)) return now;
  // The first open millisecond, less itself.
  const Instant opened = calendar.reach(now, 1);
  return opened == Instant::never() ? opened : opened - milliseconds(1);
}

}  // namespace rapport::engine
