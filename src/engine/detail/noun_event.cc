#include "engine/detail/noun_event.h"

#include <array>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "codec/json_index.h"

namespace rapport::engine {
namespace {

std::string fresh_message_id() {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  return "noun-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

/// As the catalogue wants a declared scalar; the rest as JSON.
codec::PropertyValue value_of(codec::JsonValue value, std::string& text) {
  if (value.is(codec::JsonKind::string)) {
    text = value.text();
    return std::string_view(text);
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
  std::vector<std::string> texts(names.size());
  std::size_t at = 0;
  for (codec::JsonMembers members(index.root()); members.next(); ++at) {
    if (names[at] == noun.id_name || names[at] == "id" || members.value().is_null()) continue;
    input.properties.push_back({names[at], value_of(members.value(), texts[at])});
  }
  return codec::build_event(input);
}

}  // namespace rapport::engine
