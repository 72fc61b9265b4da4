#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/assert.h"

namespace rapport::codec::detail {

/// A small fixed set of words and their places, found by one probe or two. Built once, read by any thread.
class KeyTable {
 public:
  explicit KeyTable(std::span<const std::string_view> words) : words_(words.begin(), words.end()) {
    ASSERT(words.size() <= kSlots / 2);
    slots_.fill(kNone);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::size_t slot = place(words_[i]);
      while (slots_[slot] != kNone) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::int8_t>(i);
    }
  }
  /// The word's place, or -1.
  int find(std::string_view word) const {
    for (std::size_t slot = place(word); slots_[slot] != kNone; slot = (slot + 1) % kSlots) {
      if (words_[static_cast<std::size_t>(slots_[slot])] == word) return slots_[slot];
    }
    return -1;
  }

 private:
  static constexpr std::size_t kSlots = 128;
  static constexpr std::int8_t kNone = -1;
  static std::size_t place(std::string_view word) {
    if (word.empty()) return 0;
    const auto at = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(word[i]));
    };
    return (word.size() * 7 + at(0) * 31 + at(word.size() / 2) * 13 + at(word.size() - 1) * 3) % kSlots;
  }
  std::vector<std::string_view> words_;
  std::array<std::int8_t, kSlots> slots_{};
};

}  // namespace rapport::codec::detail
