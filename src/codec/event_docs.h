#pragma once

#include <string>
#include <string_view>

#include "model/catalogue.h"

/// The catalogue of events written out for people and programs; never by hand.
namespace rapport::codec {

/// docs/events.md.
std::string catalogue_markdown();

/// {"events":[{name,type,group,doc,required:[...],optional:[...],noun}],"properties":{...}}
std::string catalogue_json();

/// "Order Completed" -> "OrderCompleted": the name of its schema.
std::string schema_name(const model::EventSpec& event);
/// JSON Schema (2020-12, as OpenAPI 3.1 uses it) of the event's properties, or of identify's traits.
std::string event_schema(const model::EventSpec& event);

}  // namespace rapport::codec
