#include "views/detail/rule_fields.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/fact.h"
#include "views/fact_table.h"
#include "views/rule.h"

namespace rapport::views::detail {
namespace {

using model::EventKind;
using model::EventSpec;
using model::PropertyId;
using model::PropertySpec;
using model::PropertyType;

// Facts that are no events of their own, under the names by which rules know them.
struct Extra {
  std::string_view name;
  EventKind kind;
};
constexpr Extra kExtras[] = {
    {"Purchase", rule_kind::purchase},        {"Order Line", fact_kind::order_line},
    {"Term Met", fact_kind::term_met},        {"Category Met", fact_kind::category_met},
    {"Scene Met", fact_kind::scene_met},      {"Function Met", fact_kind::function_met},
    {"Payment Code", fact_kind::payment_code}};

struct ExtraField {
  EventKind kind;
  PropertyId property;
  FieldSource source;
};
constexpr ExtraField kExtraFields[] = {
    {fact_kind::order_line, model::property::product_id, FieldSource::object},
    {fact_kind::order_line, model::property::price, FieldSource::value},
    {fact_kind::order_line, model::property::quantity, FieldSource::aux},
    {fact_kind::term_met, model::property::term, FieldSource::object},
    {fact_kind::category_met, model::property::category, FieldSource::object},
    {fact_kind::scene_met, model::property::scene, FieldSource::object},
    {fact_kind::function_met, model::property::function, FieldSource::object},
    {fact_kind::payment_code, model::property::code, FieldSource::object},
    {model::kind::survey_answered, model::property::item, FieldSource::object},
    {model::kind::survey_answered, model::property::value, FieldSource::value},
    {model::kind::feedback_classified, model::property::feedback_class, FieldSource::object},
    {model::kind::feedback_corrected, model::property::feedback_class, FieldSource::object},
    {model::kind::product_compared, model::property::product_id, FieldSource::object},
};
constexpr std::pair<PropertyId, FieldSource> kProductFields[] = {
    {model::property::category, FieldSource::category},
    {model::property::brand, FieldSource::brand},
    {model::property::scene, FieldSource::scene},
    {model::property::function, FieldSource::function}};

Field make_field(PropertyId property, FieldSource source) {
  const PropertySpec& spec = *model::find_property(property);
  return {property, spec.name, spec.type, source, spec.words};
}

// Every field of a kind, in the catalogue's order.
template <class Visit>
void each_field(EventKind named, Visit visit) {
  const EventKind kind = stored_kind(named);
  for (const ExtraField& extra : kExtraFields) {
    if (extra.kind == kind) visit(make_field(extra.property, extra.source));
  }
  if (const EventSpec* spec = model::find_event(kind)) {
    for (const auto list : {spec->required, spec->optional}) {
      for (const PropertyId id : list) {
        const PropertyType type = model::find_property(id)->type;
        if (!is_text_type(type) && !is_amount_type(type)) continue;
        switch (fact_field(kind, id)) {
          case FactField::none:
            break;
          case FactField::object:
            visit(make_field(id, FieldSource::object));
            break;
          case FactField::value:
            visit(make_field(id, FieldSource::value));
            break;
          case FactField::aux:
            visit(make_field(id, type == PropertyType::word ? FieldSource::aux_word : FieldSource::aux));
            break;
        }
      }
    }
  }
  if (fact_object_dictionary(kind) != DictionaryKind::products) return;
  for (const auto& [id, source] : kProductFields) visit(make_field(id, source));
}

}  // namespace

EventKind stored_kind(EventKind kind) {
  return kind == rule_kind::purchase ? model::kind::order_completed : kind;
}

bool is_text_type(PropertyType type) {
  return type == PropertyType::text || type == PropertyType::word;
}

bool is_amount_type(PropertyType type) {
  return type == PropertyType::integer || type == PropertyType::number || type == PropertyType::money ||
         type == PropertyType::boolean;
}

std::optional<Field> field_of(EventKind kind, std::string_view name) {
  std::optional<Field> found;
  each_field(kind, [&](const Field& field) {
    if (!found && field.name == name) found = field;
  });
  return found;
}

std::optional<Field> field_of(EventKind kind, PropertyId property) {
  std::optional<Field> found;
  each_field(kind, [&](const Field& field) {
    if (!found && field.property == property) found = field;
  });
  return found;
}

bool is_personal_field(EventKind kind, std::string_view name) {
  const EventSpec* spec = model::find_event(stored_kind(kind));
  const PropertySpec* property = spec == nullptr ? nullptr : model::find_property(*spec, name);
  return property != nullptr && property->sensitivity == model::Sensitivity::personal;
}

std::vector<std::string_view> fields_of(EventKind kind) {
  std::vector<std::string_view> names;
  each_field(kind, [&](const Field& field) {
    if (std::find(names.begin(), names.end(), field.name) == names.end()) names.push_back(field.name);
  });
  return names;
}

std::optional<EventKind> kind_named(std::string_view name) {
  for (const Extra& extra : kExtras) {
    if (extra.name == name) return extra.kind;
  }
  for (const EventSpec& spec : model::event_specs()) {
    if (spec.name == name) return spec.is_noun ? std::nullopt : std::optional(spec.kind);
  }
  const EventSpec* spec = model::find_event(model::EventType::track, name);
  return spec == nullptr || spec->is_noun ? std::nullopt : std::optional(spec->kind);
}

std::string_view kind_name(EventKind kind) {
  for (const Extra& extra : kExtras) {
    if (extra.kind == kind) return extra.name;
  }
  const EventSpec* spec = model::find_event(kind);
  return spec == nullptr ? std::string_view() : spec->name;
}

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const Extra& extra : kExtras) names.push_back(extra.name);
  for (const EventSpec& spec : model::event_specs()) {
    if (!spec.is_noun) names.push_back(spec.name);
  }
  return names;
}

Field measure_unit(Measure::Function function, const Field& field) {
  using enum Measure::Function;
  if (function == count || function == distinct) return {PropertyId{0}, "count", PropertyType::integer};
  Field unit = field;
  if (function == mean && field.type != PropertyType::money) unit.type = PropertyType::number;
  if (function == sum && field.type == PropertyType::boolean) unit.type = PropertyType::integer;
  return unit;
}

Field measure_unit(const Measure& measure) {
  const Field count{PropertyId{0}, "count", PropertyType::integer};
  if (measure.property == PropertyId{0}) return count;
  return measure_unit(measure.function,
                      field_of(measure.events.kinds.front(), measure.property).value_or(count));
}

bool parse_thousandths(std::string_view text, std::int64_t& out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 16) return false;
  std::int64_t value = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.') {
      if (decimals >= 0) return false;
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return false;
    if (decimals >= 0 && ++decimals > 3) return false;
    value = value * 10 + (c - '0');
  }
  for (int i = decimals < 0 ? 0 : decimals; i < 3; ++i) {
    if (value > 1'000'000'000'000'000) return false;
    value *= 10;
  }
  out = negative ? -value : value;
  return true;
}

std::string format_thousandths(std::int64_t value) {
  const std::uint64_t size =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string text = fmt::format("{}{}", value < 0 ? "-" : "", size / 1000);
  if (size % 1000 != 0) {
    std::string decimals = fmt::format("{:03}", size % 1000);
    while (decimals.back() == '0') decimals.pop_back();
    text += "." + decimals;
  }
  return text;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > RuleLimits::kNameBytes || text[0] < 'a' || text[0] > 'z') return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
  }
  return true;
}

}  // namespace rapport::views::detail
