#include <algorithm>
#include <array>
#include <span>

#include "codec/detail/media_parts.h"
#include "codec/media.h"

// PNG: W3C, third edition, clause 5 (chunks). WebP: RFC 9649, clause 2 (RIFF container).
namespace rapport::codec::detail {
namespace {

constexpr std::size_t kPngHead = 8;
constexpr std::array<std::string_view, 20> kDrawing = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM",
                                                       "sRGB", "iCCP", "sBIT", "bKGD", "hIST", "pHYs", "sPLT",
                                                       "acTL", "fcTL", "fdAT", "cICP", "mDCV", "cLLI"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 7> kWebpParts = {"VP8 ", "VP8L", "VP8X", "ALPH",
                                                        "ANIM", "ANMF", "ICCP"};
constexpr std::array<std::string_view, 3> kFrameParts = {"VP8 ", "VP8L", "ALPH"};
constexpr char kExifAndXmp = 0x08 | 0x04;  // of the flags of VP8X
constexpr std::size_t kFrameHead = 16;

std::string little4(std::size_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

/// Copies the chunks of `names`, each padded to an even length; frames are looked into.
Result<std::string> clean_chunks(std::string_view chunks, std::span<const std::string_view> names) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t count = 0; at < chunks.size(); ++count) {
    if (count > kMediaSegmentsMost) return broken_media("WebP", at, "too many chunks");
    if (chunks.size() - at < 8) return broken_media("WebP", at, "a chunk cut short");
    const std::string_view name = chunks.substr(at, 4);
    const std::size_t length = little_endian(chunks, at + 4, 4);
    if (length > chunks.size() - at - 8) return broken_media("WebP", at, "a chunk cut short");
    std::string body(chunks.substr(at + 8, length));
    at = std::min(chunks.size(), at + 8 + length + (length & 1));
    if (!is_one_of(name, names)) continue;
    if (name == "VP8X" && !body.empty()) body[0] = static_cast<char>(body[0] & ~kExifAndXmp);
    if (name == "ANMF") {
      if (length < kFrameHead) return broken_media("WebP", at, "a frame cut short");
      RAPPORT_TRY(const std::string inner,
                  clean_chunks(std::string_view(body).substr(kFrameHead), kFrameParts));
      body = body.substr(0, kFrameHead) + inner;
    }
    out += std::string(name) + little4(body.size()) + body;
    if (body.size() % 2 == 1) out.push_back('\0');
  }
  return out;
}

}  // namespace

Result<std::string> clean_png(std::string_view file) {
  std::string out(file.substr(0, kPngHead));
  std::size_t at = kPngHead;
  bool has_data = false;
  for (std::size_t count = 0;; ++count) {
    if (count > kMediaSegmentsMost) return broken_media("PNG", at, "too many chunks");
    if (file.size() - at < 12) return broken_media("PNG", at, "cut short before its end");
    const std::size_t length = big_endian(file, at, 4);
    if (length > file.size() - at - 12) return broken_media("PNG", at, "a chunk cut short");
    const std::string_view name = file.substr(at + 4, 4);
    if (count == 0 && (name != "IHDR" || length != 13)) return broken_media("PNG", at, "no header");
    if (is_one_of(name, kDrawing)) out += file.substr(at, 12 + length);
    has_data = has_data || name == "IDAT";
    at += 12 + length;
    if (name != "IEND") continue;
    if (!has_data) return broken_media("PNG", at, "an end without a picture");
    return out;
  }
}

Result<std::string> clean_webp(std::string_view file) {
  const std::size_t told = little_endian(file, 4, 4);
  if (told < 4 || told > file.size() - 8) return broken_media("WebP", 4, "cut short");
  RAPPORT_TRY(const std::string chunks, clean_chunks(file.substr(12, told - 4), kWebpParts));
  const bool draws = chunks.starts_with("VP8 ") || chunks.starts_with("VP8L") || chunks.starts_with("VP8X");
  if (!draws) return broken_media("WebP", 12, "no picture");
  return "RIFF" + little4(4 + chunks.size()) + "WEBP" + chunks;
}

}  // namespace rapport::codec::detail
