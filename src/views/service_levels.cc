#include "views/service_levels.h"

#include <algorithm>

#include "base/assert.h"
#include "codec/json_index.h"
#include "model/catalogue_ids.h"
#include "views/fact_table.h"

namespace rapport::views {
namespace {

using codec::JsonKind;
using codec::JsonValue;

constexpr std::string_view kShipped = R"({
"calendar": "", "warn_percent": 75, "bad_rating_most": 2,
"departments": {"product": "product", "service": "service", "logistics": "logistics", "price": "price",
 "payment": "payment", "experience": "experience", "contact": "service", "return": "service", "review": "service"},
"targets": [{"clock": "first_answer", "target": "30s"}, {"clock": "located", "target": "5m"},
 {"clock": "closed", "class": "logistics", "target": "2h"}, {"clock": "closed", "target": "24h"},
 {"clock": "call_back", "target": "48h"}, {"clock": "decision", "target": "2h"},
 {"clock": "pick_up", "target": "2h"}, {"clock": "public_answer", "target": "24h"}],
"ladders": {}})";

constexpr std::string_view kDepartmentNames[] = {"product",    "service", "logistics", "price", "payment",
                                                 "experience", "contact", "return",    "review"};
constexpr std::size_t kNameMost = 64;
constexpr Duration kTargetMost = days(3'650);

Error wrong(std::string message, std::string where, std::string expected) {
  return Error{Errc::bad_input, std::move(message), std::move(where), std::move(expected)};
}

Result<std::string> name_of(const JsonValue& value, const std::string& where) {
  if (!value.is(JsonKind::string) || value.text().size() > kNameMost)
    return wrong("no name", where, fmt::format("a text of at most {} bytes", kNameMost));
  return value.text();
}

Result<std::int64_t> time_of(const JsonValue& value, const std::string& where) {
  const auto parsed = value.present() && value.is(JsonKind::string) ? parse_duration(value.text())
                                                                    : Result<Duration>(Error{});
  if (!parsed.ok() || parsed->ms < 0 || *parsed > kTargetMost)
    return wrong("no length of time", where, "a text such as 30s, 5m or 24h, at most ten years");
  return parsed->ms;
}

/// The index of a word of the property's list; -1 when the member is absent.
Result<std::int32_t> word_of(const JsonValue& value, model::PropertyId list, const std::string& where) {
  if (!value.present()) return -1;
  const std::string text = value.is(JsonKind::string) ? value.text() : std::string();
  const std::uint8_t index = word_index(list, text);
  if (index != 255) return index;
  return wrong(fmt::format("'{}' is none of the words", text.substr(0, 40)), where,
               std::string(model::find_property(list)->words));
}

Result<ServiceTarget> target_of(const JsonValue& value, const std::string& where) {
  ServiceTarget target;
  const JsonValue clock = value.find("clock");
  const auto kind = clock.present() ? clock_from_name(clock.text()) : std::nullopt;
  if (!kind) {
    return wrong("an unknown clock", where + ".clock",
                 std::string(model::find_property(model::property::clock)->words));
  }
  target.clock = *kind;
  RAPPORT_TRY(target.target_ms, time_of(value.find("target"), where + ".target"));
  RAPPORT_TRY(target.feedback_class,
              word_of(value.find("class"), model::property::feedback_class, where + ".class"));
  RAPPORT_TRY(target.priority,
              word_of(value.find("priority"), model::property::priority, where + ".priority"));
  if (const JsonValue tier = value.find("tier"); tier.present()) {
    RAPPORT_TRY(target.tier, name_of(tier, where + ".tier"));
  }
  if (const JsonValue calendar = value.find("calendar"); calendar.present()) {
    RAPPORT_TRY(target.calendar, name_of(calendar, where + ".calendar"));
  }
  return target;
}

Result<std::vector<LadderStep>> ladder_of(const JsonValue& value, const std::string& where) {
  std::vector<LadderStep> steps;
  if (!value.is(JsonKind::array)) return wrong("no list", where, "a list of {after, agent}");
  for (codec::JsonItems items(value); items.next();) {
    const std::string at = fmt::format("{}[{}]", where, steps.size());
    LadderStep step;
    RAPPORT_TRY(step.after_ms, time_of(items.value().find("after"), at + ".after"));
    const JsonValue agent = items.value().find("agent");
    if (!agent.present()) return wrong("a step names nobody", at + ".agent", "an agent");
    RAPPORT_TRY(step.agent, name_of(agent, at + ".agent"));
    if (step.agent.empty()) return wrong("a step names nobody", at + ".agent", "an agent");
    if (!steps.empty() && step.after_ms < steps.back().after_ms)
      return wrong("a step comes before the one below it", at + ".after", "ascending times");
    steps.push_back(std::move(step));
    if (steps.size() > ServiceLevels::kLadderMost)
      return wrong("the ladder is too long", where,
                   fmt::format("at most {} steps", ServiceLevels::kLadderMost));
  }
  return steps;
}

Status read_targets(const JsonValue& list, ServiceLevels& levels) {
  if (!list.is(JsonKind::array)) return wrong("no list", "targets", "a list of promises");
  levels.targets.clear();
  for (codec::JsonItems items(list); items.next();) {
    RAPPORT_TRY(ServiceTarget target,
                target_of(items.value(), fmt::format("targets[{}]", levels.targets.size())));
    levels.targets.push_back(std::move(target));
    if (levels.targets.size() > ServiceLevels::kTargetsMost)
      return wrong("too many targets", "targets", fmt::format("at most {}", ServiceLevels::kTargetsMost));
  }
  return {};
}

Status read_ladders(const JsonValue& object, ServiceLevels& levels) {
  if (!object.is(JsonKind::object)) return wrong("no object", "ladders", "steps by department");
  levels.ladders.clear();
  for (codec::JsonMembers members(object); members.next();) {
    const std::string department(members.key() == "*" ? "" : members.key());
    RAPPORT_TRY(levels.ladders[department],
                ladder_of(members.value(), fmt::format("ladders.{}", members.key())));
    if (levels.ladders.size() > ServiceLevels::kLaddersMost)
      return wrong("too many ladders", "ladders", fmt::format("at most {}", ServiceLevels::kLaddersMost));
  }
  return {};
}

Status read_departments(const JsonValue& object, ServiceLevels& levels) {
  if (!object.is(JsonKind::object)) return wrong("no object", "departments", "department by class");
  for (codec::JsonMembers members(object); members.next();) {
    const auto found = std::find(std::begin(kDepartmentNames), std::end(kDepartmentNames), members.key());
    const std::string where = fmt::format("departments.{}", members.key());
    if (found == std::end(kDepartmentNames))
      return wrong("an unknown class", where, "a class, contact, return or review");
    RAPPORT_TRY(levels.departments[static_cast<std::size_t>(found - std::begin(kDepartmentNames))],
                name_of(members.value(), where));
  }
  return {};
}

Status read_into(std::string_view body, ServiceLevels& levels) {
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(body));
  const JsonValue root = json.root();
  if (!root.is(JsonKind::object)) return wrong("no JSON object", "", "an object");
  if (const JsonValue calendar = root.find("calendar"); calendar.present()) {
    RAPPORT_TRY(levels.calendar, name_of(calendar, "calendar"));
  }
  if (const JsonValue warn = root.find("warn_percent"); warn.present()) {
    const auto percent = warn.is(JsonKind::number) ? warn.integer() : std::nullopt;
    if (!percent || *percent < 0 || *percent > 99)
      return wrong("no share", "warn_percent", "a whole number from 0 (no warning) to 99");
    levels.warn_percent = static_cast<std::int32_t>(*percent);
  }
  if (const JsonValue bad = root.find("bad_rating_most"); bad.present()) {
    const auto rating = bad.is(JsonKind::number) ? bad.scaled(3) : std::nullopt;
    if (!rating || *rating < 0 || *rating > 3'000)
      return wrong("no rating that is bad", "bad_rating_most", "a number from 0 to 3");
    levels.bad_rating_most = *rating;
  }
  if (const JsonValue names = root.find("departments"); names.present())
    RAPPORT_CHECK(read_departments(names, levels));
  if (const JsonValue list = root.find("targets"); list.present()) RAPPORT_CHECK(read_targets(list, levels));
  if (const JsonValue ladders = root.find("ladders"); ladders.present())
    RAPPORT_CHECK(read_ladders(ladders, levels));
  return {};
}

}  // namespace

std::string_view shipped_service_levels() {
  return kShipped;
}

Result<ServiceLevels> ServiceLevels::parse(std::string_view body) {
  ServiceLevels levels;
  ASSERT(read_into(kShipped, levels).ok());
  RAPPORT_CHECK(read_into(body, levels));
  return levels;
}

const ServiceTarget* ServiceLevels::find(ClockKind clock, std::int32_t feedback_class, std::int32_t priority,
                                         std::string_view tier) const {
  for (const ServiceTarget& target : targets) {
    const bool fits =
        target.clock == clock && (target.feedback_class < 0 || target.feedback_class == feedback_class) &&
        (target.priority < 0 || target.priority == priority) && (target.tier.empty() || target.tier == tier);
    if (fits) return target.target_ms == 0 ? nullptr : &target;
  }
  return nullptr;
}

const std::vector<LadderStep>& ServiceLevels::ladder(std::string_view department) const {
  static const std::vector<LadderStep> kNone;
  auto found = ladders.find(department);
  if (found == ladders.end()) found = ladders.find("");
  return found == ladders.end() ? kNone : found->second;
}

}  // namespace rapport::views
