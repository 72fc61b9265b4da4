#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

/// Files that people send: photos, review media, transcripts. What a camera or an editor wrote about the
/// place, the time and the device is taken out before anything is kept.
namespace rapport::codec {

/// Stored by number; never renumber.
enum class MediaType : std::uint8_t { jpeg = 1, png = 2, webp = 3, mp4 = 4, text = 5 };
/// "image/jpeg", ...; a literal
std::string_view media_type_name(MediaType type);
/// Nothing for a number that no release wrote.
std::optional<MediaType> media_type_from_number(std::uint8_t number);

/// Named limits of a picture's and a film's parts: over them the file is refused.
inline constexpr std::size_t kMediaSegmentsMost = 100'000;
inline constexpr int kMediaDepthMost = 8;  ///< boxes in boxes

struct CleanMedia {
  MediaType type = MediaType::jpeg;
  std::string bytes;
  std::size_t removed = 0;  ///< bytes of the original that carried metadata, or followed the end
};

/// Recognises the file by its content (what the sender claims is not asked) and takes everything out that is
/// not needed to show it:
/// - JPEG: all application segments but JFIF's head, Adobe's and colour profiles, comments, and whatever
///   follows the end; of Exif only the orientation stays, in a segment of our own making.
/// - PNG: every chunk that neither draws nor gives colour its meaning.
/// - WebP: Exif, XMP and unknown chunks, and the flags that announce them.
/// - MP4: user data, metadata and private boxes become free space of zeros, so that no offset moves.
/// - Text: UTF-8 as it stands, without a byte order mark; no NUL.
/// The parts are walked, pixels are not decoded. Errors: unsupported for anything else, naming what is taken;
/// bad_input for a file that is cut short or contradicts itself, naming the byte. Idempotent.
Result<CleanMedia> clean_media(std::string_view bytes);

}  // namespace rapport::codec
