#include "views/dictionary.h"

#include <cstring>

#include "base/assert.h"
#include "base/hash.h"

namespace rapport::views {
namespace {

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = text.size() * 0x9e3779b97f4a7c15ULL;
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    h = mix64(h ^ word);
    text.remove_prefix(8);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return mix64(h ^ word);
}

}  // namespace

std::string_view Dictionary::view(Entry entry) const {
  return {chunks_[entry.chunk].get() + entry.offset, entry.length};
}

std::string_view Dictionary::text(std::uint32_t number) const {
  if (number == 0 || number > entries_.size()) return {};
  return view(entries_[number - 1]);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  text = text.substr(0, kMostBytes);
  if (text.empty() || slots_.empty()) return 0;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash_text(text) & mask;; i = (i + 1) & mask) {
    const std::uint32_t number = slots_[i];
    if (number == 0 || view(entries_[number - 1]) == text) return number;
  }
}

void Dictionary::grow() {
  const std::size_t size = slots_.empty() ? 16 : slots_.size() * 2;
  slots_.assign(size, 0);
  for (std::uint32_t number = 1; number <= entries_.size(); ++number) {
    std::size_t i = hash_text(view(entries_[number - 1])) & (size - 1);
    while (slots_[i] != 0) i = (i + 1) & (size - 1);
    slots_[i] = number;
  }
}

std::uint32_t Dictionary::intern(std::string_view text) {
  text = text.substr(0, kMostBytes);
  if (text.empty()) return 0;
  if ((entries_.size() + 1) * 4 > slots_.size() * 3) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash_text(text) & mask;
  for (; slots_[i] != 0; i = (i + 1) & mask) {
    if (view(entries_[slots_[i] - 1]) == text) return slots_[i];
  }
  ASSERT(entries_.size() < 0xffff'fffe);
  if (chunk_used_ + text.size() > kChunkBytes) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkBytes));
    chunk_used_ = 0;
  }
  std::memcpy(chunks_.back().get() + chunk_used_, text.data(), text.size());
  entries_.push_back(Entry{static_cast<std::uint32_t>(chunks_.size() - 1),
                           static_cast<std::uint32_t>(chunk_used_), static_cast<std::uint32_t>(text.size())});
  chunk_used_ += text.size();
  slots_[i] = static_cast<std::uint32_t>(entries_.size());
  return slots_[i];
}

std::size_t Dictionary::memory_bytes() const {
  return chunks_.size() * kChunkBytes + entries_.capacity() * sizeof(Entry) +
         slots_.capacity() * sizeof(std::uint32_t);
}

void Dictionary::save(ByteWriter& out) const {
  out.varint(entries_.size());
  for (const Entry entry : entries_) out.text(view(entry));
}

bool Dictionary::load(ByteReader& in) {
  *this = Dictionary();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    if (intern(in.text()) != i + 1) return false;
  }
  return in.ok();
}

}  // namespace rapport::views
