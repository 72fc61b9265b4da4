#include "codec/event_docs.h"

#include <fmt/format.h>

#include "codec/json_writer.h"

namespace rapport::codec {
namespace {

using model::EventSpec;
using model::PropertySpec;
using model::PropertyType;

std::string_view schema_of(PropertyType type) {
  switch (type) {
    case PropertyType::text:
    case PropertyType::word:
      return R"("type":"string","maxLength":512)";
    case PropertyType::integer:
      return R"("type":"integer")";
    case PropertyType::number:
      return R"("type":"number")";
    case PropertyType::money:
      return R"("type":["number","string"])";
    case PropertyType::currency:
      return R"("type":"string","pattern":"^[A-Za-z]{3}$")";
    case PropertyType::time:
      return R"("type":"string","format":"date-time")";
    case PropertyType::boolean:
      return R"("type":"boolean")";
    case PropertyType::text_list:
      return R"("type":"array","items":{"type":"string"})";
    case PropertyType::lines:
      return R"("type":"array","items":{"type":"object","required":["product_id","quantity","price"],)"
             R"("properties":{"product_id":{"type":"string"},"quantity":{"type":"integer"},)"
             R"("price":{"type":["number","string"]}}})";
    case PropertyType::answers:
      return R"("type":"array","items":{"type":"object","required":["item","value"],)"
             R"("properties":{"item":{"type":"string"},"value":{}}})";
    case PropertyType::clauses:
      return R"("type":"array","items":{"type":"object","required":["class","sentiment"],)"
             R"("properties":{"class":{"type":"string"},"sentiment":{"type":"number","minimum":-1,"maximum":1},)"
             R"("aspect":{"type":"string"}}})";
    case PropertyType::json:
      return R"("type":["object","array","string","number","boolean","null"])";
  }
  return "";
}

void write_words(JsonWriter& json, std::string_view words) {
  json.begin_array();
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    json.text(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  json.end_array();
}

std::string property_schema(const PropertySpec& property) {
  std::string out = "{";
  out += schema_of(property.type);
  out += ",\"description\":";
  std::string doc(property.doc);
  if (!property.unit.empty()) doc += fmt::format(" Unit: {}.", property.unit);
  if (property.sensitivity == model::Sensitivity::personal) doc += " Personal: kept sealed.";
  if (property.sensitivity == model::Sensitivity::word_or_sealed)
    doc += " Personal when it is more than a word.";
  JsonWriter(out).text(doc);
  if (!property.words.empty()) {
    out += ",\"enum\":";
    JsonWriter json(out);
    write_words(json, property.words);
  }
  out += ",\"examples\":[";
  out += property.example;
  return out + "]}";
}

void write_names(JsonWriter& json, std::string_view key, std::span<const model::PropertyId> ids) {
  json.key(key);
  json.begin_array();
  for (const auto id : ids) json.text(model::find_property(id)->name);
  json.end_array();
}

void write_property(JsonWriter& json, const PropertySpec& property, bool required) {
  json.begin_object();
  json.field("name", property.name);
  json.field("type", model::property_type_name(property.type));
  json.field("required", required);
  json.field("personal", property.sensitivity == model::Sensitivity::personal);
  if (!property.unit.empty()) json.field("unit", property.unit);
  if (!property.words.empty()) {
    json.key("words");
    write_words(json, property.words);
  }
  json.key("example");
  json.raw(property.example);
  json.field("doc", property.doc);
  json.end_object();
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string_view sensitivity_note(model::Sensitivity sensitivity) {
  if (sensitivity == model::Sensitivity::clear) return "";
  return sensitivity == model::Sensitivity::personal ? ", personal" : ", personal unless a word";
}

void append_row(std::string& out, const PropertySpec& property, bool required) {
  std::string doc(property.doc);
  if (!property.words.empty()) doc += fmt::format(" One of: {}.", property.words);
  out += fmt::format("| `{}`{} | {}{}{} | {} | `{}` |\n", property.name, required ? " **required**" : "",
                     model::property_type_name(property.type),
                     property.unit.empty() ? "" : ", " + std::string(property.unit),
                     sensitivity_note(property.sensitivity), cell(doc), cell(property.example));
}

void append_event(std::string& out, const EventSpec& event) {
  out += fmt::format("\n### {}\n{}{}\n", event.name, event.doc,
                     event.is_noun ? " A noun: nobody's, kept whole; the latest by event time holds." : "");
  if (event.required.empty() && event.optional.empty()) {
    out += "\nNo properties of its own.\n";
    return;
  }
  out += "\n| property | type | meaning | example |\n|---|---|---|---|\n";
  for (const auto id : event.required) append_row(out, *model::find_property(id), true);
  for (const auto id : event.optional) append_row(out, *model::find_property(id), false);
}

}  // namespace

std::string catalogue_markdown() {
  std::string out =
      "# Events\n\n"
      "Made from the catalogue in `src/model/catalogue_events.cc`; a test holds this page equal to it. "
      "Events with "
      "other names are kept and queryable,\ntheir properties all personal. What the wire takes for each type "
      "is in "
      "`docs/formats/wire.md`. *Personal* properties are sealed under the customer's key.\n";
  std::string_view group;
  for (const EventSpec& event : model::event_specs()) {
    const std::string_view name = model::event_group_name(event.group);
    if (name != group) out += fmt::format("\n## {}\n", name);
    group = name;
    append_event(out, event);
  }
  return out;
}

std::string catalogue_json() {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("events");
  json.begin_array();
  for (const EventSpec& event : model::event_specs()) {
    json.begin_object();
    json.field("name", event.name);
    json.field("type", model::event_type_name(event.type));
    json.field("group", model::event_group_name(event.group));
    json.field("noun", event.is_noun);
    json.field("doc", event.doc);
    json.key("properties");
    json.begin_array();
    for (const auto id : event.required) write_property(json, *model::find_property(id), true);
    for (const auto id : event.optional) write_property(json, *model::find_property(id), false);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

std::string schema_name(const EventSpec& event) {
  std::string out;
  bool upper = true;
  for (const char c : event.name) {
    if (c == ' ') {
      upper = true;
      continue;
    }
    out.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    upper = false;
  }
  return out + (event.type == model::EventType::identify ? "Traits" : "Properties");
}

std::string event_schema(const EventSpec& event) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("type", "object");
  json.field("title", event.name);
  json.field("description", event.doc);
  if (!event.required.empty()) write_names(json, "required", event.required);
  json.key("properties");
  json.begin_object();
  for (const auto ids : {event.required, event.optional}) {
    for (const auto id : ids) {
      const PropertySpec& property = *model::find_property(id);
      json.key(property.name);
      json.raw(property_schema(property));
    }
  }
  json.end_object();
  json.end_object();
  return out;
}

}  // namespace rapport::codec
