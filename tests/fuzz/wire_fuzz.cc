// Bodies of tracking clients. Whatever comes, what is accepted is whole: clear bytes that read back, personal
// JSON that is JSON, and identifiers in their normal form.
#include <cstdlib>

#include "codec/json_index.h"
#include "codec/properties.h"
#include "codec/segment.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const rapport::model::Event& event) {
  rapport::codec::Property property;
  rapport::codec::PropertyReader in(event.clear);
  while (in.next(property)) require(rapport::model::find_property(property.id) != nullptr);
  require(in.ok());
  static rapport::codec::JsonIndex json;
  if (!event.personal.empty()) require(json.parse(event.personal).ok());
  for (const auto& identifier : event.identifiers) {
    const auto again = rapport::model::Identifier::parse(identifier.kind, identifier.value);
    require(again.ok() && *again == identifier);
  }
  require(!event.identifiers.empty() || rapport::model::find_event(event.kind)->is_noun);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rapport::codec::EndpointKind;
  if (size == 0) return 0;
  const auto endpoint = static_cast<EndpointKind>(data[0] % 7);
  // A copy of exactly the right size, so that a sanitizer sees any step beyond it.
  const std::vector<char> exact(data + 1, data + size);
  const auto parsed = rapport::codec::parse_batch({exact.data(), exact.size()}, endpoint, {});
  if (!parsed.ok()) return 0;
  for (const auto& event : parsed->accepted) check(event);
  for (const auto& dead : parsed->dead) require(!dead.reason.message.empty());
  return 0;
}
