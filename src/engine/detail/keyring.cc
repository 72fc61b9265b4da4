#include "engine/detail/keyring.h"

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::engine {

std::string seal_context(SealedAs what, NodeId node) {
  std::string context;
  ByteWriter out(context);
  out.u8(static_cast<std::uint8_t>(what));
  out.u32(node.value);
  return context;
}

Keyring::Chunk& Keyring::chunk_of(NodeId node) {
  const std::size_t at = node.value / kChunk;
  if (at >= chunks_.size()) chunks_.resize(at + 1);
  if (!chunks_[at]) chunks_[at] = std::make_unique<Chunk>();
  return *chunks_[at];
}

codec::NodeKey Keyring::make(NodeId node) {
  const std::lock_guard lock(mutex_);
  codec::NodeKey key;
  if (random_left_ < key.size()) {
    secure_random(random_);
    random_left_ = random_.size();
  }
  random_left_ -= key.size();
  std::memcpy(key.data(), random_.data() + random_left_, key.size());
  std::memset(random_.data() + random_left_, 0, key.size());
  Chunk& chunk = chunk_of(node);
  chunk.keys[node.value % kChunk] = key;
  chunk.present[node.value % kChunk] = true;
  return key;
}

std::optional<codec::NodeKey> Keyring::find(NodeId node) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t at = node.value / kChunk;
    if (at < chunks_.size() && chunks_[at] && chunks_[at]->present[node.value % kChunk]) {
      return chunks_[at]->keys[node.value % kChunk];
    }
  }
  auto stored = store_.key(shop_, node);
  if (!stored.ok() || !stored->has_value()) return std::nullopt;
  keep(node, **stored);
  return **stored;
}

void Keyring::keep(NodeId node, const codec::NodeKey& key) {
  const std::lock_guard lock(mutex_);
  if (forgotten_.contains(node.value)) return;
  Chunk& chunk = chunk_of(node);
  chunk.keys[node.value % kChunk] = key;
  chunk.present[node.value % kChunk] = true;
}

std::optional<std::string> Keyring::value_of(NodeId node) {
  const auto stored = store_.key_and_value(shop_, node);
  if (!stored.ok() || !stored->has_value() || (*stored)->sealed_value.empty()) return std::nullopt;
  keep(node, (*stored)->key);
  auto opened =
      codec::open((*stored)->key, (*stored)->sealed_value, seal_context(SealedAs::identifier, node));
  if (!opened.ok()) return std::nullopt;
  return std::move(opened).value();
}

void Keyring::forget(NodeId node) {
  const std::lock_guard lock(mutex_);
  forgotten_.insert(node.value);
  const std::size_t at = node.value / kChunk;
  if (at >= chunks_.size() || !chunks_[at]) return;
  chunks_[at]->keys[node.value % kChunk].fill(0);
  chunks_[at]->present[node.value % kChunk] = false;
}

std::optional<std::string> Keyring::open(SealedAs what, NodeId node, std::string_view sealed) {
  const auto key = find(node);
  if (!key) return std::nullopt;
  auto opened = codec::open(*key, sealed, seal_context(what, node));
  if (!opened.ok()) return std::nullopt;
  return std::move(opened).value();
}

std::size_t Keyring::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (const auto& chunk : chunks_) bytes += chunk ? sizeof(Chunk) : 0;
  return bytes;
}

}  // namespace rapport::engine
