#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"

/// Little-endian byte writing and checked reading, the ground of every stored format. A std::string is the
/// owned buffer and std::string_view the borrowed one.
namespace rapport {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u16(std::uint16_t v) { fixed(v); }
  void u32(std::uint32_t v) { fixed(v); }
  void u64(std::uint64_t v) { fixed(v); }
  void i64(std::int64_t v) { fixed(static_cast<std::uint64_t>(v)); }
  /// LEB128, 1-10 bytes.
  void varint(std::uint64_t v) {
    while (v >= 0x80) {
      u8(static_cast<std::uint8_t>(v | 0x80));
      v >>= 7;
    }
    u8(static_cast<std::uint8_t>(v));
  }
  /// Zig-zag LEB128.
  void svarint(std::int64_t v) {
    varint((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
  }
  void raw(std::string_view bytes) { out_.append(bytes); }
  /// Length (varint), then the bytes.
  void text(std::string_view bytes) {
    varint(bytes.size());
    raw(bytes);
  }
  std::string& buffer() { return out_; }

 private:
  template <class T>
  void fixed(T v) {
    char bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(v >> (8 * i));
    out_.append(bytes, sizeof(T));
  }
  std::string& out_;
};

/// Bytes that come piece by piece, for one ByteReader.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// `rest`, which has not been read yet, again and in one piece with what follows: `least` bytes or more, or
  /// all that there is. What was given before is no longer valid.
  virtual std::string_view more(std::string_view rest, std::size_t least) = 0;
  /// No fewer than are still to come.
  virtual std::size_t left() const = 0;
};

/// Reads what ByteWriter wrote. Once a read runs past the end, every later read gives zero and ok() is false,
/// so a decoder may read straight through and check once. Never reads outside the view. Over a source, what
/// raw() and text() give is valid until the next read.
class ByteReader {
 public:
  explicit ByteReader(std::string_view in) : in_(in) {}
  /// The source is borrowed; one reader a source.
  explicit ByteReader(ByteSource& source) : source_(&source) {}
  bool ok() const { return ok_; }
  bool at_end() { return in_.empty() && !refill(1); }
  /// Over a source: no fewer than are left.
  std::size_t left() const { return in_.size() + (source_ == nullptr ? 0 : source_->left()); }
  std::uint8_t u8() { return fixed<std::uint8_t>(); }
  std::uint16_t u16() { return fixed<std::uint16_t>(); }
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  std::uint64_t varint() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      if (!ok_) return 0;
      if (shift == 63 && byte > 1) return fail();
      v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return v;
    }
    return fail();
  }
  std::int64_t svarint() {
    const std::uint64_t v = varint();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }
  std::string_view raw(std::size_t n) {
    if (n > in_.size() && !refill(n)) {
      fail();
      return {};
    }
    const std::string_view bytes = in_.substr(0, n);
    in_.remove_prefix(n);
    return bytes;
  }
  std::string_view text() {
    const std::uint64_t n = varint();
    if (n > left()) {
      fail();
      return {};
    }
    return raw(static_cast<std::size_t>(n));
  }
  /// Without a source only.
  std::string_view rest() const { return in_; }

 private:
  std::uint64_t fail() {
    ok_ = false;
    in_ = {};
    source_ = nullptr;
    return 0;
  }
  bool refill(std::size_t least) {
    if (source_ == nullptr || least > left()) return false;
    in_ = source_->more(in_, least);
    return in_.size() >= least;
  }
  template <class T>
  T fixed() {
    if (in_.size() < sizeof(T) && !refill(sizeof(T))) {
      fail();
      return 0;
    }
    T v = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      v = static_cast<T>(v | static_cast<T>(static_cast<T>(static_cast<unsigned char>(in_[i])) << (8 * i)));
    }
    in_.remove_prefix(sizeof(T));
    return v;
  }
  std::string_view in_;
  ByteSource* source_ = nullptr;
  bool ok_ = true;
};

std::string to_hex(std::string_view bytes);
/// Errors: bad_input for an odd length or another letter.
Result<std::string> from_hex(std::string_view hex);
/// Standard alphabet with padding; decoding also takes the URL alphabet and no padding. Errors: bad_input.
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

}  // namespace rapport
