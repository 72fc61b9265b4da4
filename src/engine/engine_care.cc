#include "engine/engine_care.h"

#include <algorithm>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/roster.h"
#include "text/business_calendar.h"

// The policies of the service desk: service levels, calendars, the roster.
namespace rapport::engine {
namespace {

namespace k = model::kind;
using codec::JsonKind;
using codec::JsonValue;

constexpr std::string_view kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t kSpecialMost = 500;
constexpr Duration kKnownLeast = days(200);

Error at(Error error, std::string where) {
  error.where = std::move(where);
  return error;
}

Result<text::DayHours> hours_of(const JsonValue& list, const std::string& where) {
  text::DayHours hours;
  if (!list.is(JsonKind::array))
    return Error{Errc::bad_input, "no list", where, "a list of shifts such as 09:00-12:00"};
  for (codec::JsonItems items(list); items.next();) {
    const auto shift =
        text::parse_shift(items.value().is(JsonKind::string) ? items.value().text() : std::string());
    if (!shift.ok()) return at(shift.error(), fmt::format("{}[{}]", where, hours.size()));
    if (!hours.empty() && shift->from < hours.back().to)
      return Error{Errc::bad_input, "shifts overlap", where, "ascending shifts that do not overlap"};
    hours.push_back(*shift);
    if (hours.size() > 10) return Error{Errc::too_large, "too many shifts", where, "at most 10 a day"};
  }
  return hours;
}

Status read_week(const JsonValue& week, text::BusinessCalendar& calendar) {
  if (!week.present() || !week.is(JsonKind::object))
    return Error{Errc::bad_input, "no week", "week", "{\"mon\":[\"09:00-18:00\"],...}"};
  for (codec::JsonMembers members(week); members.next();) {
    const auto day = std::find(std::begin(kWeekdays), std::end(kWeekdays), members.key());
    const std::string where = fmt::format("week.{}", members.key());
    if (day == std::end(kWeekdays)) return Error{Errc::bad_input, "no day of the week", where, "mon to sun"};
    RAPPORT_TRY(calendar.week[static_cast<std::size_t>(day - std::begin(kWeekdays))],
                hours_of(members.value(), where));
  }
  return {};
}

Status read_days(const NounMembers& asked, text::BusinessCalendar& calendar) {
  if (const JsonValue special = asked.find("special"); special.present()) {
    if (!special.is(JsonKind::object)) return Error{Errc::bad_input, "no object", "special", "shifts by day"};
    for (codec::JsonMembers members(special); members.next();) {
      const std::string where = fmt::format("special.{}", members.key());
      const auto day = text::parse_local_day(members.key());
      if (!day.ok()) return at(day.error(), where);
      RAPPORT_TRY(calendar.special[*day], hours_of(members.value(), where));
    }
  }
  if (const JsonValue holidays = asked.find("holidays"); holidays.present()) {
    if (!holidays.is(JsonKind::array)) return Error{Errc::bad_input, "no list", "holidays", "a list of days"};
    for (codec::JsonItems items(holidays); items.next();) {
      const auto day =
          text::parse_local_day(items.value().is(JsonKind::string) ? items.value().text() : std::string());
      if (!day.ok()) return at(day.error(), "holidays");
      calendar.special.try_emplace(*day);
      if (calendar.special.size() > kSpecialMost)
        return Error{Errc::too_large, "too many days", "holidays", fmt::format("at most {}", kSpecialMost)};
    }
  }
  const std::string country = asked.text("holidays_of");
  if (country.empty()) return {};
  const Status added = calendar.add_public_holidays(country);
  return added.ok() ? Status() : Status(at(added.error(), "holidays_of"));
}

/// The noun: what was asked, and the intervals that it comes to from `now` on.
Result<std::string> calendar_noun(const NounMembers& asked, const std::string& shop_zone, Instant now) {
  const codec::JsonValue told = asked.find("zone");
  if (told.present() && (!told.is(codec::JsonKind::string) || told.text().empty()))
    return Error{Errc::bad_input, "no zone", "zone",
                 "a name such as Asia/Shanghai; the shop's own when it is left out"};
  const std::string zone_name = told.present() ? asked.text("zone") : shop_zone;
  const auto zone = text::Zone::find(zone_name);
  if (!zone.ok()) return at(zone.error(), "zone");
  text::BusinessCalendar calendar;
  RAPPORT_CHECK(read_week(asked.find("week"), calendar));
  RAPPORT_CHECK(read_days(asked, calendar));
  RAPPORT_TRY(const text::OpenMinutes open, text::open_minutes(calendar, *zone, now));
  std::string noun;
  codec::JsonWriter json(noun);
  json.begin_object();
  json.field("zone", zone_name);
  for (const std::string_view name : {"week", "special", "holidays", "holidays_of", "title"}) {
    if (asked.raw(name).empty()) continue;
    json.key(name);
    json.raw(asked.raw(name));
  }
  json.field("zone_data", text::zone_data_version());
  json.key("open");
  json.begin_array();
  std::int64_t before = 0;
  for (const auto& [from, to] : open.open) {
    json.integer(from - before);
    json.integer(to - from);
    before = to;
  }
  json.end_array();
  json.field("until", open.until);
  json.end_object();
  return noun;
}

/// As it was asked for, without the intervals.
void write_calendar(codec::JsonWriter& json, const std::string& id, const NounMembers& noun) {
  json.begin_object();
  json.field("calendar_id", id);
  for (const std::string_view name : {"zone", "week", "special", "holidays", "holidays_of", "title"}) {
    if (noun.raw(name).empty()) continue;
    json.key(name);
    json.raw(noun.raw(name));
  }
  json.key("known_until");
  const auto until = noun.number("until");
  until ? json.time(Instant{static_cast<std::int64_t>(*until) * 60'000}) : json.null();
  json.end_object();
}

std::string offset_answer(EventSeq offset) {
  return fmt::format("{{\"offset\":{}}}", offset.value);
}

}  // namespace

void service_levels(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(k::service_level_published, "main"));
        return fmt::format("{{\"published\":{},\"service_levels\":{}}}", !noun.empty(),
                           noun.empty() ? views::shipped_service_levels() : std::string_view(noun));
      },
      std::move(reply));
}

/// A member that nobody knows is a slip of the pen: without it the shipped promises would hold in silence.
/// Only here: what a log holds is read as far as it can be.
static Status check_members(std::string_view body) {
  static constexpr std::string_view kMembers[] = {"service_level_id", "title",           "calendar",
                                                  "warn_percent",     "bad_rating_most", "departments",
                                                  "targets",          "ladders"};
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(body));
  if (!json.root().is(codec::JsonKind::object)) return {};
  for (codec::JsonMembers members(json.root()); members.next();) {
    if (std::find(std::begin(kMembers), std::end(kMembers), members.key()) == std::end(kMembers))
      return Error{Errc::bad_input, "an unknown member", std::string(members.key()),
                   "calendar, warn_percent, bad_rating_most, departments, targets, ladders"};
  }
  return {};
}

void publish_service_levels(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(check_members(body));
        RAPPORT_TRY(const views::ServiceLevels levels, views::ServiceLevels::parse(body));
        std::vector<std::pair<std::string, std::string>> named = {{levels.calendar, "calendar"}};
        for (std::size_t i = 0; i < levels.targets.size(); ++i)
          named.emplace_back(levels.targets[i].calendar.value_or(""), fmt::format("targets[{}].calendar", i));
        for (const auto& [name, where] : named) {
          if (name.empty()) continue;
          RAPPORT_TRY(const std::string noun, inquiry.noun(k::calendar_published, name));
          if (noun.empty())
            return Error{Errc::bad_input, fmt::format("nobody published a calendar '{}'", name), where,
                         "PUT /v1/calendars/{id} first"};
        }
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Service Level Published", "service_level_id", "main", body}));
        return offset_answer(offset);
      },
      std::move(reply));
}

void roster(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(k::roster_published, "main"));
        return fmt::format("{{\"published\":{},\"roster\":{}}}", !noun.empty(),
                           noun.empty() ? std::string_view("{\"agents\":[]}") : std::string_view(noun));
      },
      std::move(reply));
}

void publish_roster(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(Roster::parse(body));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Roster Published", "roster_id", "main", body}));
        return offset_answer(offset);
      },
      std::move(reply));
}

void calendars(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto nouns, inquiry.nouns(k::calendar_published));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("calendars");
        json.begin_array();
        for (const auto& [id, body] : nouns) {
          RAPPORT_TRY(const auto noun, NounMembers::parse(body));
          write_calendar(json, id, *noun);
        }
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void publish_calendar(Engine& engine, ShopNo shop, std::string id, std::string body,
                      Reply<std::string> reply) {
  if (id.empty() || id.size() > 64)
    return reply(Error{Errc::bad_input, "no name for a calendar", "id", "1 to 64 bytes"});
  engine.inquire_quickly(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto asked, NounMembers::parse(body));
        RAPPORT_TRY(const Instant now, inquiry.now());
        RAPPORT_TRY(const std::string noun, calendar_noun(*asked, inquiry.unit().shop.founding().zone, now));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Calendar Published", "calendar_id", id, noun}));
        return offset_answer(offset);
      },
      std::move(reply));
}

void renew_calendars(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  const auto renewed = std::make_shared<std::size_t>(0);
  engine.inquire_quickly(
      shop,
      [renewed](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto nouns, inquiry.nouns(k::calendar_published));
        RAPPORT_TRY(const Instant now, inquiry.now());
        for (const auto& [id, body] : nouns) {
          RAPPORT_TRY(const auto noun, NounMembers::parse(body));
          const auto until = noun->number("until");
          // Intervals that somebody else computed are his to renew.
          if (!until || noun->raw("week").empty()) continue;
          if (Instant{static_cast<std::int64_t>(*until) * 60'000} - now > kKnownLeast) continue;
          RAPPORT_TRY(const std::string fresh,
                      calendar_noun(*noun, inquiry.unit().shop.founding().zone, now));
          RAPPORT_CHECK(inquiry.publish({"Calendar Published", "calendar_id", id, fresh}));
          ++*renewed;
        }
        return std::string();
      },
      [renewed, reply = std::move(reply)](const Result<std::string>& done) {
        done.ok() ? reply(*renewed) : reply(done.error());
      });
}

}  // namespace rapport::engine
