#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"

/// Writing JSON straight into a buffer: no tree in between. The caller keeps the nesting right; names and
/// texts are escaped here.
namespace rapport::codec {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  /// Names of our own, which hold nothing to escape.
  void key(std::string_view name);
  /// Names from outside.
  void escaped_key(std::string_view name);
  void text(std::string_view value);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  /// The shortest decimal that reads back as the same double; null when it is not finite.
  void real(double value);
  /// 823 -> 0.823
  void thousandths(std::int64_t value);
  void boolean(bool value);
  void null();
  /// RFC 3339 in UTC, milliseconds left out when zero.
  void time(Instant value);
  /// JSON that is known to be well-formed.
  void raw(std::string_view json);

  void field(std::string_view name, std::string_view value);
  void field(std::string_view name, const char* value) { field(name, std::string_view(value)); }
  void field(std::string_view name, const std::string& value) { field(name, std::string_view(value)); }
  void field(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }
  void field(std::string_view name, Instant value) {
    key(name);
    time(value);
  }
  /// null when there is none
  void field(std::string_view name, const std::optional<Instant>& value);
  void field(std::string_view name, EventSeq value) { field(name, value.value); }
  template <class Whole>
    requires(std::is_integral_v<Whole> && !std::is_same_v<Whole, bool>)
  void field(std::string_view name, Whole value) {
    key(name);
    if constexpr (std::is_signed_v<Whole>) {
      integer(value);
    } else {
      unsigned_integer(value);
    }
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void before_value();
  std::string& out_;
  bool comma_ = false;
  std::int64_t day_ = std::numeric_limits<std::int64_t>::min();  ///< whose date stands in date_
  char date_[10];                                                ///< 2026-11-22
};

}  // namespace rapport::codec
