#include "engine/detail/identifier_texts.h"

#include <cstring>

namespace rapport::engine {

IdentifierTexts::Place& IdentifierTexts::place_of(NodeId node) {
  const std::size_t at = node.value / kChunk;
  if (at >= places_.size()) places_.resize(at + 1);
  if (!places_[at]) places_[at] = std::make_unique<std::array<Place, kChunk>>();
  return (*places_[at])[node.value % kChunk];
}

char* IdentifierTexts::room_for(std::size_t bytes) {
  if (bytes > kBlockBytes / 4) {  // A block of its own, put before the one that is being filled.
    auto own = std::make_unique<char[]>(bytes);
    char* room = own.get();
    blocks_.insert(blocks_.end() - (blocks_.empty() ? 0 : 1), std::move(own));
    large_bytes_ += bytes;
    return room;
  }
  if (block_used_ + bytes > kBlockBytes) {
    blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    block_used_ = 0;
  }
  char* room = blocks_.back().get() + block_used_;
  block_used_ += bytes;
  return room;
}

void IdentifierTexts::remember(NodeId node, std::string_view value) {
  Place& place = place_of(node);
  if (place.state != Place::State::unknown) return;
  place = {room_for(value.size()), static_cast<std::uint32_t>(value.size()), Place::State::present};
  std::memcpy(place.text, value.data(), value.size());
}

std::optional<std::string_view> IdentifierTexts::find(NodeId node) {
  const Place& place = place_of(node);
  if (place.state == Place::State::present) return std::string_view(place.text, place.length);
  if (place.state == Place::State::forgotten) return std::nullopt;
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
  Place& place = place_of(node);
  if (place.state == Place::State::present) std::memset(place.text, 0, place.length);
  place = {nullptr, 0, Place::State::forgotten};
}

std::size_t IdentifierTexts::memory_bytes() const {
  std::size_t chunks = 0;
  for (const auto& chunk : places_) chunks += chunk ? 1 : 0;
  return blocks_.size() * kBlockBytes + large_bytes_ + chunks * sizeof(std::array<Place, kChunk>);
}

}  // namespace rapport::engine
