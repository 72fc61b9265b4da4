#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/id.h"

/// The one list of event names and their properties. Validation, the events page of the documentation,
/// OpenAPI and the simulator are all made from it. Immutable; any thread.
namespace rapport::model {

/// Segment's message types.
enum class EventType : std::uint8_t { track = 1, identify = 2, page = 3, screen = 4, group = 5, alias = 6 };
std::string_view event_type_name(EventType type);
std::optional<EventType> event_type_from_name(std::string_view name);

/// Stable number of a catalogued event; 0 = not in the catalogue (kept and queryable under its own name).
/// Stored.
using EventKind = Id<struct EventKindTag, std::uint16_t>;
/// Stable number of a catalogued property. Stored.
using PropertyId = Id<struct PropertyIdTag, std::uint16_t>;

enum class PropertyType : std::uint8_t {
  text,       ///< UTF-8, clear ones at most 512 bytes
  integer,    ///< signed 64 bits
  number,     ///< decimal kept as thousandths, rounded half away from zero
  money,      ///< decimal in JSON, minor units of the event's `currency` inside
  currency,   ///< ISO 4217 code, kept as text
  time,       ///< RFC 3339 in JSON, milliseconds inside
  boolean,    ///< 0 or 1 inside
  word,       ///< one of PropertySpec::words
  text_list,  ///< list of texts
  lines,      ///< list of {product_id, quantity, price}: an order's products
  answers,    ///< list of {item, value}: numbers as thousandths; textual answers are personal
  clauses,    ///< list of {class, sentiment, aspect}
  json,       ///< any JSON, kept as text
};
std::string_view property_type_name(PropertyType type);

enum class Sensitivity : std::uint8_t {
  clear,           ///< folds and SQL see it
  personal,        ///< sealed under the subject's key
  word_or_sealed,  ///< clear while it is a word, sealed when it is prose (model/plain_word.h)
};

struct PropertySpec {
  PropertyId id;
  std::string_view name;  ///< snake_case, as in JSON
  PropertyType type = PropertyType::text;
  Sensitivity sensitivity = Sensitivity::clear;
  std::string_view unit;     ///< "" or "ms", "minor units", "1-5", ...
  std::string_view words;    ///< for `word`: blank-separated alternatives
  std::string_view example;  ///< as JSON
  std::string_view doc;      ///< one sentence
};

enum class EventGroup : std::uint8_t {
  person,
  browse,
  order,
  returns,
  contact,
  voice,
  service,
  member,
  decision,
  device,
  catalogue,
  policy
};
std::string_view event_group_name(EventGroup group);

struct EventSpec {
  EventKind kind;
  std::string_view name;  ///< "Order Completed"; for identify, page, screen, group, alias the lower-case type
  EventType type = EventType::track;
  EventGroup group = EventGroup::browse;
  std::span<const PropertyId> required;
  std::span<const PropertyId> optional;
  /// Nouns of catalogue and policy: the whole properties object is clear and kept as JSON in `noun_body`, and
  /// no customer is needed.
  bool is_noun = false;
  std::string_view doc;
};

std::span<const EventSpec> event_specs();
std::span<const PropertySpec> property_specs();
/// Null when unknown. Names are matched exactly, then by Segment's other spellings ("Signed Up").
const EventSpec* find_event(EventType type, std::string_view name);
const EventSpec* find_event(EventKind kind);
/// The property that `event` declares under this JSON name (the same JSON name may be two properties: the
/// `name` of a page is clear, the `name` of a person is not); null when it declares none.
const PropertySpec* find_property(const EventSpec& event, std::string_view json_name);
const PropertySpec* find_property(PropertyId id);
bool is_trait(PropertyId id);

}  // namespace rapport::model
