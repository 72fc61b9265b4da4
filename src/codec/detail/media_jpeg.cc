#include "codec/detail/media_parts.h"
#include "codec/media.h"

// JPEG interchange format: ITU-T T.81, annex B; Exif: CIPA DC-008, 4.6 (TIFF 6.0 inside APP1).
namespace rapport::codec::detail {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::uint8_t kSoi = 0xd8, kEoi = 0xd9, kSos = 0xda, kCom = 0xfe, kTem = 0x01;
constexpr std::uint8_t kApp0 = 0xe0, kApp1 = 0xe1, kApp2 = 0xe2, kApp14 = 0xee, kApp15 = 0xef;
constexpr std::string_view kExifHead = "Exif\0\0"sv;
constexpr std::size_t kJfifHead = 14;

/// The orientation that a TIFF structure tells in its first directory; 1 (upright) when it tells none.
std::uint16_t orientation_of(std::string_view tiff) {
  if (tiff.size() < 8) return 1;
  const bool little = tiff.substr(0, 2) == "II";
  const auto number = [&](std::size_t at, std::size_t count) {
    return little ? little_endian(tiff, at, count) : big_endian(tiff, at, count);
  };
  const std::uint64_t directory = number(4, 4);
  if (directory + 2 > tiff.size()) return 1;
  const std::uint64_t entries = number(directory, 2);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint64_t entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.size()) return 1;
    if (number(entry, 2) != 0x0112) continue;
    const std::uint64_t told = number(entry + 8, 2);
    return told >= 1 && told <= 8 ? static_cast<std::uint16_t>(told) : 1;
  }
  return 1;
}

/// An Exif segment that says nothing but how to turn the picture.
std::string orientation_segment(std::uint16_t orientation) {
  std::string tiff = "MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"s + std::string(1, '\0');
  tiff.push_back(static_cast<char>(orientation));
  tiff.append(6, '\0');  // the rest of the value, and no further directory
  std::string segment = "\xff\xe1"s;
  const std::size_t length = 2 + kExifHead.size() + tiff.size();
  segment.push_back(static_cast<char>(length >> 8));
  segment.push_back(static_cast<char>(length & 0xff));
  segment += kExifHead;
  return segment + tiff;
}

/// Where the coded data that begins at `at` ends: at the next marker that is neither stuffing nor a restart.
std::size_t end_of_scan(std::string_view file, std::size_t at) {
  while (at + 1 < file.size()) {
    at = file.find('\xff', at);
    if (at == std::string_view::npos || at + 1 >= file.size()) return file.size();
    const std::uint8_t next = byte_at(file, at + 1);
    if (next != 0x00 && next != 0xff && (next < 0xd0 || next > 0xd7)) return at;
    at += next == 0xff ? 1 : 2;
  }
  return file.size();
}

class Jpeg {
 public:
  explicit Jpeg(std::string_view file) : file_(file) {}

  Result<std::string> clean() {
    out_ = "\xff\xd8";
    std::size_t at = 2;
    for (std::size_t segments = 0;; ++segments) {
      if (segments > kMediaSegmentsMost) return broken_media("JPEG", at, "too many segments");
      while (at + 1 < file_.size() && byte_at(file_, at) == 0xff && byte_at(file_, at + 1) == 0xff) ++at;
      if (at + 2 > file_.size() || byte_at(file_, at) != 0xff)
        return broken_media("JPEG", at, "no marker where one must be");
      const std::uint8_t marker = byte_at(file_, at + 1);
      if (marker == kEoi) {
        if (!has_scan_) return broken_media("JPEG", at, "an end without a picture");
        out_ += "\xff\xd9";
        return std::move(out_);
      }
      if (marker == 0 || marker == kTem || marker == kSoi || (marker >= 0xd0 && marker <= 0xd7))
        return broken_media("JPEG", at, "a marker out of place");
      if (at + 4 > file_.size()) return broken_media("JPEG", at, "cut short");
      const std::size_t length = big_endian(file_, at + 2, 2);
      if (length < 2 || at + 2 + length > file_.size()) return broken_media("JPEG", at, "cut short");
      take(marker, file_.substr(at, 2 + length));
      at += 2 + length;
      if (marker != kSos) continue;
      has_scan_ = true;
      const std::size_t end = end_of_scan(file_, at);
      out_ += file_.substr(at, end - at);
      at = end;
    }
  }

 private:
  void take(std::uint8_t marker, std::string_view segment) {
    const std::string_view body = segment.substr(4);
    if (marker == kApp1 && body.starts_with(kExifHead) && !turned_) {
      const std::uint16_t orientation = orientation_of(body.substr(kExifHead.size()));
      if (orientation != 1) out_ += orientation_segment(orientation);
      turned_ = orientation != 1;
      return;
    }
    if (marker == kApp0 && body.starts_with("JFIF\0"sv) && body.size() >= kJfifHead) {
      // Without the thumbnail, which may show what the picture no longer does.
      out_ += "\xff\xe0\x00\x10"sv;
      out_ += body.substr(0, kJfifHead - 2);
      out_.append(2, '\0');
      return;
    }
    const bool is_application = marker >= kApp0 && marker <= kApp15;
    const bool gives_colour = (marker == kApp2 && body.starts_with("ICC_PROFILE\0"sv)) ||
                              (marker == kApp14 && body.starts_with("Adobe") && body.size() == 12);
    if ((is_application && !gives_colour) || marker == kCom) return;
    out_ += segment;
  }

  std::string_view file_;
  std::string out_;
  bool has_scan_ = false, turned_ = false;
};

}  // namespace

Result<std::string> clean_jpeg(std::string_view file) {
  return Jpeg(file).clean();
}

}  // namespace rapport::codec::detail
