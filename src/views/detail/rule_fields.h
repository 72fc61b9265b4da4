#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/catalogue.h"
#include "views/rule.h"

/// Which properties of an event a rule may read, and in which unit.
namespace rapport::views::detail {

/// Where a field of a fact is found.
enum class FieldSource : std::uint8_t {
  object,    ///< text of the object
  value,     ///< the fact's value
  aux_word,  ///< aux = place in the property's word list
  aux,       ///< aux itself
  category,  ///< of the object, a product, as last published
  brand,
  scene,
  function,
};

/// A property that facts of a kind keep, and how to read it.
struct Field {
  model::PropertyId property;
  std::string_view name;
  model::PropertyType type = model::PropertyType::text;
  FieldSource source = FieldSource::object;
  std::string_view words;  ///< of a word
};

/// The kind of fact that a kind named in a rule reads: Order Completed for Purchase, else itself.
model::EventKind stored_kind(model::EventKind kind);

/// The field `name` of facts of `kind`: what views::fact_field knows, and for facts about a product its
/// category, brand, scene and function. Null when facts do not keep it.
std::optional<Field> field_of(model::EventKind kind, std::string_view name);
std::optional<Field> field_of(model::EventKind kind, model::PropertyId property);
/// True when the event declares it and it is personal: no rule sees it.
bool is_personal_field(model::EventKind kind, std::string_view name);
/// All names field_of() knows for `kind`.
std::vector<std::string_view> fields_of(model::EventKind kind);

/// The unit in which a measure of `function` over `field` is compared: whole numbers for count and distinct,
/// thousandths for the mean of whole numbers, else the field's own.
Field measure_unit(Measure::Function function, const Field& field);
/// What the measure compares with, from its own events and property. Precondition: the measure is well
/// formed.
Field measure_unit(const Measure& measure);

bool is_text_type(model::PropertyType type);
/// integer, number, money, boolean
bool is_amount_type(model::PropertyType type);

/// The kind by its name in a rule (Segment's other spellings too), none for nouns and strangers; and back.
std::optional<model::EventKind> kind_named(std::string_view name);
std::string_view kind_name(model::EventKind kind);
std::vector<std::string_view> kind_names();

/// "4.5" -> 4500. False when it is no number, has over three decimals or over 15 digits.
bool parse_thousandths(std::string_view text, std::int64_t& out);
/// 4500 -> "4.5"
std::string format_thousandths(std::int64_t value);

/// a-z 0-9 _ -, first a letter, at most RuleLimits::kNameBytes.
bool is_name(std::string_view text);

}  // namespace rapport::views::detail
