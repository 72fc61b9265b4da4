#include "engine/detail/identifier_texts.h"

namespace rapport::engine {

void IdentifierTexts::remember(NodeId node, std::string_view value) {
  if (node.value >= places_.size()) places_.resize(std::size_t{node.value} + 1 + places_.size() / 2);
  Place& place = places_[node.value];
  if (place.present) return;
  place = {arena_.size(), static_cast<std::uint32_t>(value.size()), true};
  arena_ += value;
}

std::optional<std::string_view> IdentifierTexts::find(NodeId node) {
  if (node.value < places_.size() && places_[node.value].present) {
    const Place& place = places_[node.value];
    return std::string_view(arena_).substr(place.offset, place.length);
  }
  if (const auto kept = keyring_.value_of(node)) {
    remember(node, *kept);
    return find(node);
  }
  const auto seqs = store_.positions(shop_, node);
  if (!seqs.ok() || seqs->empty()) return std::nullopt;
  const EventSeq birth = seqs->front();
  std::optional<std::string> value;
  const Status read = store_.read_records(shop_, std::span(&birth, 1), [&](const model::RecordView& record) {
    for (const model::NodeRef& ref : record.nodes) {
      if (ref.node == node && ref.birth) value = keyring_.open(SealedAs::identifier, node, ref.sealed_value);
    }
  });
  if (!read.ok() || !value) return std::nullopt;
  remember(node, *value);
  return find(node);
}

void IdentifierTexts::forget(NodeId node) {
  if (node.value >= places_.size() || !places_[node.value].present) return;
  Place& place = places_[node.value];
  std::fill_n(arena_.begin() + static_cast<std::ptrdiff_t>(place.offset), place.length, '\0');
  place = {};
}

}  // namespace rapport::engine
