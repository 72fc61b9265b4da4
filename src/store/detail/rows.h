#pragma once

#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"

/// Keys of rows: big-endian numbers, so that RocksDB's byte order is the order of numbers.
namespace rapport::store::detail {

inline rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
inline std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

/// RowKey().shop(s).u64(seq).bytes(): a short key built in place.
class RowKey {
 public:
  RowKey& u8(std::uint8_t v) { return number(v, 1); }
  RowKey& shop(ShopNo v) { return number(v.value, 2); }
  RowKey& u32(std::uint32_t v) { return number(v, 4); }
  RowKey& u64(std::uint64_t v) { return number(v, 8); }
  RowKey& hash(const Hash128& v) { return number(v.high, 8).number(v.low, 8); }
  RowKey& raw(std::string_view v) {
    key_.append(v);
    return *this;
  }
  const std::string& text() const { return key_; }
  operator rocksdb::Slice() const { return key_; }  // NOLINT: a key is wanted wherever a slice is

 private:
  RowKey& number(std::uint64_t v, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) key_.push_back(static_cast<char>(v >> shift));
    return *this;
  }
  std::string key_;
};

/// Reads such a key back; ok() as with ByteReader.
class RowKeyReader {
 public:
  explicit RowKeyReader(std::string_view key) : key_(key) {}
  std::uint64_t number(std::size_t bytes) {
    if (key_.size() < bytes) {
      ok_ = false;
      key_ = {};
      return 0;
    }
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < bytes; ++i) v = v << 8 | static_cast<unsigned char>(key_[i]);
    key_.remove_prefix(bytes);
    return v;
  }
  Hash128 hash() {
    const std::uint64_t high = number(8);
    return {high, number(8)};
  }
  std::string_view rest() const { return key_; }
  bool ok() const { return ok_; }

 private:
  std::string_view key_;
  bool ok_ = true;
};

/// The first key after all that begin with the shop's number; for the last shop a longer key than any.
inline RowKey end_of_shop(ShopNo shop) {
  return shop.value == 0xffff ? RowKey().u64(~0ULL).u64(~0ULL).u64(~0ULL).u64(~0ULL)
                              : RowKey().shop(shop.next());
}

inline Error error_of(const rocksdb::Status& status, std::string_view where) {
  Errc code = Errc::io;
  if (status.IsCorruption()) code = Errc::corrupt;
  if (status.IsNotSupported() || status.IsInvalidArgument()) code = Errc::unsupported;
  return Error{code, status.ToString(), std::string(where)};
}

inline Error damaged_row(std::string_view family, std::string_view key) {
  return Error{Errc::corrupt, fmt::format("row of {} is not what was written", family), to_hex(key)};
}

}  // namespace rapport::store::detail
