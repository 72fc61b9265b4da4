#include "engine/detail/dead_letters.h"

#include <algorithm>

#include "base/bytes.h"
#include "codec/json_index.h"

namespace rapport::engine {
namespace {

/// A shorter value inside a longer text says nothing.
constexpr std::size_t kTellingBytes = 6;

bool names(std::string_view text, const model::Identifier& identifier) {
  if (text == identifier.value) return true;
  if (identifier.value.size() >= kTellingBytes && text.find(identifier.value) != std::string_view::npos)
    return true;
  if (text.size() > model::Identifier::kMostBytes) return false;
  const auto written = model::Identifier::parse(identifier.kind, text);
  return written.ok() && written->value == identifier.value;
}

bool names_any(std::string_view text, const std::vector<model::Identifier>& identifiers) {
  return std::any_of(identifiers.begin(), identifiers.end(),
                     [&](const model::Identifier& identifier) { return names(text, identifier); });
}

bool value_names_any(codec::JsonValue value, const std::vector<model::Identifier>& identifiers) {
  switch (value.kind()) {
    case codec::JsonKind::string:
      return names_any(value.text(), identifiers);
    case codec::JsonKind::number:
      return names_any(value.raw(), identifiers);
    case codec::JsonKind::object:
      for (codec::JsonMembers members(value); members.next();) {
        if (names_any(members.key(), identifiers) || value_names_any(members.value(), identifiers))
          return true;
      }
      return false;
    case codec::JsonKind::array:
      for (codec::JsonItems items(value); items.next();) {
        if (value_names_any(items.value(), identifiers)) return true;
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

Result<model::DeadLetterAnswer> decode_dead_letter(const store::DeadLetter& stored) {
  ByteReader in(stored.body);
  model::DeadLetterAnswer letter;
  const std::uint8_t version = in.u8();
  letter.id = stored.id;
  letter.received_ms = stored.at.ms;
  letter.code = in.text();
  letter.message = in.text();
  letter.where = in.text();
  letter.expected = in.text();
  letter.raw = in.text();
  if (!in.ok() || version != 1) return Error{Errc::corrupt, "a dead letter is damaged"};
  return letter;
}

bool names_one_of(std::string_view raw, const std::vector<model::Identifier>& identifiers) {
  codec::JsonIndex index;
  if (index.parse(raw).ok()) return value_names_any(index.root(), identifiers);
  return std::any_of(identifiers.begin(), identifiers.end(), [&](const model::Identifier& identifier) {
    return raw.find(identifier.value) != std::string_view::npos;
  });
}

Result<std::size_t> drop_dead_letters(store::Store& store, ShopNo shop,
                                      const std::vector<model::Identifier>& identifiers) {
  if (identifiers.empty()) return std::size_t{0};
  std::vector<std::uint64_t> ids;
  RAPPORT_CHECK(store.dead_letters(shop, 0, [&](const store::DeadLetter& stored) {
    // One that cannot be read may name anybody.
    const auto letter = decode_dead_letter(stored);
    if (!letter.ok() || names_one_of(letter->raw, identifiers) || names_any(letter->message, identifiers))
      ids.push_back(stored.id);
    return store::Walk::on;
  }));
  RAPPORT_CHECK(store.destroy_dead_letters(shop, ids));
  return ids.size();
}

}  // namespace rapport::engine
