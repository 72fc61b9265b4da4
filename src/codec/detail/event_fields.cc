#include "codec/detail/event_fields.h"

#include "model/catalogue_ids.h"

namespace rapport::codec::detail {
namespace {

EventFields make_fields(const model::EventSpec& event) {
  std::vector<const model::PropertySpec*> properties;
  for (const auto ids : {event.required, event.optional}) {
    for (const model::PropertyId id : ids) properties.push_back(model::find_property(id));
  }
  ASSERT(properties.size() <= EventFields::kMost);
  std::vector<std::string_view> names;
  for (const auto* property : properties) names.push_back(property->name);
  const auto place = [&](model::PropertyId id) {
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (properties[i]->id == id) return static_cast<int>(i);
    }
    return -1;
  };
  return {&event,
          properties,
          event.required.size(),
          KeyTable(names),
          place(model::property::currency),
          place(model::property::page_name),
          place(model::property::category),
          place(model::property::group_id)};
}

}  // namespace

const EventFields& fields_of(const model::EventSpec& spec) {
  static const auto* all = [] {
    auto* fields = new std::vector<EventFields>;
    for (const model::EventSpec& event : model::event_specs()) fields->push_back(make_fields(event));
    return fields;
  }();
  return (*all)[spec.kind.value - 1u];
}

}  // namespace rapport::codec::detail
