#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

/// One cleaner a format; each is given a file that begins as the format does.
namespace rapport::codec::detail {

Result<std::string> clean_jpeg(std::string_view file);
Result<std::string> clean_png(std::string_view file);
Result<std::string> clean_webp(std::string_view file);
Result<std::string> clean_mp4(std::string_view file);

bool looks_like_mp4(std::string_view file);

inline Error broken_media(std::string_view format, std::size_t at, std::string_view what) {
  return fail(Errc::bad_input, "{}: {} at byte {}", format, what, at);
}

inline std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}
/// Big-endian, `count` bytes from `at`; the caller has checked the range.
inline std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + i);
  return value;
}
inline std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | byte_at(bytes, at + i);
  return value;
}

}  // namespace rapport::codec::detail
