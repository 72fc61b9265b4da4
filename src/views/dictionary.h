#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rapport::views {

/// Strings of one shop as small numbers, in the order of first appearance in the log, from 1; 0 is "none" and
/// reads as "". Lean: about 12 bytes a string beside its own. Numbers depend on the order of the log, so
/// results are compared by text. One thread at a time; views stay valid for the life of the dictionary.
class Dictionary {
 public:
  /// The number of `text`, given now if it is new. "" is 0. Texts over kMostBytes are cut there.
  std::uint32_t intern(std::string_view text);
  /// 0 when it was never seen.
  std::uint32_t find(std::string_view text) const;
  /// "" for 0 and for numbers never given.
  std::string_view text(std::uint32_t number) const;
  /// The greatest number given.
  std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
  std::size_t memory_bytes() const;

  void save(ByteWriter& out) const;
  /// Replaces the content. False when the bytes are damaged.
  bool load(ByteReader& in);

  static constexpr std::size_t kMostBytes = 512;

 private:
  struct Entry {
    std::uint32_t chunk;
    std::uint32_t offset : 20;
    std::uint32_t length : 12;
  };
  std::string_view view(Entry entry) const;
  void grow();

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t chunk_used_ = kChunkBytes;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  ///< open addressing, power of two, entry number or 0
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 16;
};

}  // namespace rapport::views
