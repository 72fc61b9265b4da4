#include "engine/detail/noun_event.h"

#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "codec/json_index.h"
#include "model/catalogue.h"

namespace rapport::engine {
namespace {

std::string fresh_message_id() {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  return "noun-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

/// What the views of a property's value look at.
struct Held {
  std::string text;
  std::vector<std::string> texts;
};

/// As the catalogue wants a declared text, number or list of texts; the rest as JSON.
codec::PropertyValue value_of(codec::JsonValue value, std::optional<model::PropertyType> declared,
                              Held& held) {
  if (value.is(codec::JsonKind::string)) {
    held.text = value.text();
    return std::string_view(held.text);
  }
  if (declared == model::PropertyType::text_list && value.is(codec::JsonKind::array)) {
    bool is_texts = true;
    for (codec::JsonItems items(value); items.next();) {
      is_texts = is_texts && items.value().is(codec::JsonKind::string);
      if (is_texts) held.texts.push_back(items.value().text());
    }
    if (is_texts) return std::vector<std::string_view>(held.texts.begin(), held.texts.end());
  }
  if (declared && value.is(codec::JsonKind::number)) {
    if (const auto whole = value.integer()) return *whole;
    return std::strtod(std::string(value.raw()).c_str(), nullptr);
  }
  return codec::RawJson{value.raw()};
}

}  // namespace

Result<model::Event> noun_event(const NounEvent& noun, Currency currency) {
  codec::JsonIndex index;
  const std::string body(noun.body);
  RAPPORT_CHECK(index.parse(body));
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = noun.event;
  const std::string message_id = noun.message_id.empty() ? fresh_message_id() : noun.message_id;
  input.message_id = message_id;
  input.shop_currency = currency;
  input.properties = {{noun.id_name, noun.id}};
  std::vector<std::string> names;
  for (codec::JsonMembers members(index.root()); members.next();) names.emplace_back(members.key());
  std::vector<Held> held(names.size());
  const model::EventSpec* event = model::find_event(model::EventType::track, noun.event);
  std::size_t at = 0;
  for (codec::JsonMembers members(index.root()); members.next(); ++at) {
    if (names[at] == noun.id_name || names[at] == "id" || members.value().is_null()) continue;
    input.properties.push_back(
        {names[at], value_of(members.value(), codec::declared_type(event, names[at]), held[at])});
  }
  return codec::build_event(input);
}

}  // namespace rapport::engine
