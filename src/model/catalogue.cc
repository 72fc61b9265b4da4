#include "model/catalogue.h"

#include <unordered_map>

namespace rapport::model {

namespace tables {
extern const PropertySpec kProperties[];
extern const std::size_t kPropertyCount;
extern const EventSpec kEvents[];
extern const std::size_t kEventCount;
}  // namespace tables

namespace {

constexpr std::pair<EventType, std::string_view> kTypes[] = {
    {EventType::track, "track"},   {EventType::identify, "identify"}, {EventType::page, "page"},
    {EventType::screen, "screen"}, {EventType::group, "group"},       {EventType::alias, "alias"}};

constexpr std::uint16_t kFirstTrait = 1001;

// Segment's own specification names a few events otherwise; both spellings mean the same event.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"Signed Up", "User Registered"},        {"Product Clicked", "Product Viewed"},
    {"Cart Product Added", "Product Added"}, {"Products List Viewed", "Product List Viewed"},
    {"Product Reviewed", "Review Posted"},   {"Order Canceled", "Order Cancelled"},
};

}  // namespace

std::string_view event_type_name(EventType type) {
  for (const auto& [known, name] : kTypes) {
    if (known == type) return name;
  }
  return "unknown";
}

std::optional<EventType> event_type_from_name(std::string_view name) {
  for (const auto& [type, known] : kTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::string_view property_type_name(PropertyType type) {
  constexpr std::string_view kNames[] = {"text",    "integer", "number", "money",     "currency",
                                         "time",    "boolean", "word",   "text_list", "lines",
                                         "answers", "clauses", "json"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view event_group_name(EventGroup group) {
  constexpr std::string_view kNames[] = {"person",  "browse", "order",    "return", "contact",   "voice",
                                         "service", "member", "decision", "device", "catalogue", "policy"};
  return kNames[static_cast<std::size_t>(group)];
}

std::span<const EventSpec> event_specs() {
  return {tables::kEvents, tables::kEventCount};
}
std::span<const PropertySpec> property_specs() {
  return {tables::kProperties, tables::kPropertyCount};
}

const EventSpec* find_event(EventType type, std::string_view name) {
  static const auto* by_name = [] {
    auto* index = new std::unordered_map<std::string_view, const EventSpec*>;
    for (const EventSpec& spec : event_specs()) index->emplace(spec.name, &spec);
    for (const auto& [alias, known] : kAliases) index->emplace(alias, index->at(known));
    return index;
  }();
  const auto found = by_name->find(type == EventType::track ? name : event_type_name(type));
  return found != by_name->end() && found->second->type == type ? found->second : nullptr;
}

const EventSpec* find_event(EventKind kind) {
  if (kind.value == 0 || kind.value > tables::kEventCount) return nullptr;
  return &tables::kEvents[kind.value - 1];
}

const PropertySpec* find_property(PropertyId id) {
  static const auto* by_id = [] {
    auto* index = new std::unordered_map<std::uint16_t, const PropertySpec*>;
    for (const PropertySpec& spec : property_specs()) index->emplace(spec.id.value, &spec);
    return index;
  }();
  const auto found = by_id->find(id.value);
  return found == by_id->end() ? nullptr : found->second;
}

const PropertySpec* find_property(const EventSpec& event, std::string_view name) {
  for (const auto ids : {event.required, event.optional}) {
    for (const PropertyId id : ids) {
      const PropertySpec* spec = find_property(id);
      if (spec->name == name) return spec;
    }
  }
  return nullptr;
}

bool is_trait(PropertyId id) {
  return id.value >= kFirstTrait;
}

}  // namespace rapport::model
