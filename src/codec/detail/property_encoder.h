#pragma once

#include <string>

#include "codec/event_builder.h"
#include "codec/properties.h"
#include "model/catalogue.h"

/// One declared property, checked against its type and written where it belongs.
namespace rapport::codec::detail {

struct EncodeTo {
  PropertyWriter& clear;
  Currency currency;  ///< of the amounts in this event
  /// Set to the text answers of a survey as a JSON list, which the caller keeps in the personal part.
  std::string& personal_answers;
};

/// Writes `value` as clear property `spec`. Errors: bad_input or too_large without `where`.
Status encode_clear(const model::PropertySpec& spec, const PropertyValue& value, EncodeTo& to);

/// The same value as JSON, for the personal part and for nouns.
void append_json_value(std::string& out, const PropertyValue& value);

/// A text, or a number as its text. Errors: bad_input.
Result<std::string> text_of(const PropertyValue& value);

}  // namespace rapport::codec::detail
