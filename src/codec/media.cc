#include "codec/media.h"

#include "codec/detail/media_parts.h"

namespace rapport::codec {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Whether the bytes are UTF-8 without NUL: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_text(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint8_t first = detail::byte_at(bytes, at);
    if (first == 0) return false;
    if (first < 0x80) {
      ++at;
      continue;
    }
    const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || bytes.size() - at <= more) return false;
    std::uint32_t point = first & (0x3fU >> more);
    for (std::size_t i = 1; i <= more; ++i) {
      const std::uint8_t next = detail::byte_at(bytes, at + i);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3fU);
    }
    const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    if (overlong || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    at += more + 1;
  }
  return true;
}

Result<CleanMedia> cleaned(MediaType type, std::string_view file, Result<std::string> bytes) {
  if (!bytes.ok()) return bytes.error();
  CleanMedia media{type, std::move(bytes).value(), 0};
  if (media.bytes.size() < file.size()) media.removed = file.size() - media.bytes.size();
  return media;
}

}  // namespace

std::string_view media_type_name(MediaType type) {
  switch (type) {
    case MediaType::jpeg:
      return "image/jpeg";
    case MediaType::png:
      return "image/png";
    case MediaType::webp:
      return "image/webp";
    case MediaType::mp4:
      return "video/mp4";
    case MediaType::text:
      return "text/plain; charset=utf-8";
  }
  return "application/octet-stream";
}

std::optional<MediaType> media_type_from_number(std::uint8_t number) {
  if (number < 1 || number > 5) return std::nullopt;
  return MediaType{number};
}

Result<CleanMedia> clean_media(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff"sv)) return cleaned(MediaType::jpeg, bytes, detail::clean_jpeg(bytes));
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv))
    return cleaned(MediaType::png, bytes, detail::clean_png(bytes));
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP")
    return cleaned(MediaType::webp, bytes, detail::clean_webp(bytes));
  if (detail::looks_like_mp4(bytes)) return cleaned(MediaType::mp4, bytes, detail::clean_mp4(bytes));
  const std::string_view text =
      bytes.starts_with(kByteOrderMark) ? bytes.substr(kByteOrderMark.size()) : bytes;
  if (!text.empty() && is_text(text)) return cleaned(MediaType::text, bytes, std::string(text));
  return Error{Errc::unsupported, "not a kind of file that is kept", "",
               "a JPEG, PNG or WebP picture, an MP4 film, or text in UTF-8"};
}

}  // namespace rapport::codec
