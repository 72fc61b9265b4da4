#include "codec/media.h"

#include <gtest/gtest.h>

namespace rapport::codec {
namespace {

using namespace std::string_literals;

constexpr std::string_view kPlace = "N 30.2741 E 120.1551 Xiaomi 14";

std::string segment(std::uint8_t marker, const std::string& body) {
  const std::size_t length = body.size() + 2;
  return "\xff"s + static_cast<char>(marker) + static_cast<char>(length >> 8) + static_cast<char>(length) +
         body;
}

/// An Exif body that tells how to turn the picture, and where it was taken.
std::string exif(std::uint16_t orientation) {
  std::string tiff = "II\x2a\0\x08\0\0\0\x02\0"s;
  tiff += "\x12\x01\x03\0\x01\0\0\0"s + static_cast<char>(orientation) + "\0\0\0"s;
  tiff += "\x0e\x01\x02\0\x1e\0\0\0\x26\0\0\0"s + "\0\0\0\0"s + std::string(kPlace);
  return "Exif\0\0"s + tiff;
}

const std::string kDrawn = segment(0xdb, std::string(65, '\x01')) +
                           segment(0xc0, "\x08\0\x01\0\x01\x01\x01\x11\0"s) +
                           segment(0xc4, std::string(20, '\0')) + segment(0xda, "\x01\x01\0\0\x3f\0"s) +
                           "\x12\xff\0\x34\xff\xd0\x56"s;
const std::string kJfif = segment(0xe0, "JFIF\0\x01\x02\0\0\x01\0\x01\0\0"s);

std::string jpeg(std::uint16_t orientation) {
  return "\xff\xd8"s + segment(0xe0, "JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01"s + "rgb") +
         segment(0xe1, exif(orientation)) +
         segment(0xe1, "http://ns.adobe.com/xap/1.0/\0"s + std::string(kPlace)) +
         segment(0xe2, "ICC_PROFILE\0\x01\x01colours"s) + segment(0xe2, "MPF\0"s + std::string(kPlace)) +
         segment(0xed, "Photoshop 3.0\0"s + std::string(kPlace)) + segment(0xee, "Adobe\0\x64\0\0\0\0\x01"s) +
         segment(0xfe, std::string(kPlace)) + kDrawn + "\xff\xd9"s + "a film behind the picture " +
         std::string(kPlace);
}

CleanMedia clean(const std::string& file) {
  auto media = clean_media(file);
  EXPECT_TRUE(media.ok()) << media.error().describe();
  if (!media.ok()) return {};
  EXPECT_EQ(media->bytes.find(kPlace.substr(0, 9)), std::string::npos) << "a place is left";
  const auto again = clean_media(media->bytes);
  EXPECT_TRUE(again.ok() && again->bytes == media->bytes) << "cleaning twice";
  return std::move(*media);
}

TEST(Media, AJpegKeepsItsPictureItsColoursAndHowToTurnIt) {
  const CleanMedia upright = clean(jpeg(1));
  EXPECT_EQ(upright.type, MediaType::jpeg);
  EXPECT_EQ(upright.bytes, "\xff\xd8"s + kJfif + segment(0xe2, "ICC_PROFILE\0\x01\x01colours"s) +
                               segment(0xee, "Adobe\0\x64\0\0\0\0\x01"s) + kDrawn + "\xff\xd9"s);
  EXPECT_EQ(upright.removed, jpeg(1).size() - upright.bytes.size());
  const CleanMedia turned = clean(jpeg(6));
  EXPECT_EQ(turned.bytes.size(), upright.bytes.size() + 36);
  EXPECT_NE(turned.bytes.find("Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"s),
            std::string::npos);
}

std::string chunk(const std::string& name, const std::string& body) {
  const auto n = static_cast<std::uint32_t>(body.size());
  return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                     static_cast<char>(n)} +
         name + body + "crc4";
}

TEST(Media, APngKeepsWhatDraws) {
  const std::string head =
      "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, '\x01')) + chunk("gAMA", "gggg");
  const std::string told = chunk("tEXt", "Comment\0"s + std::string(kPlace)) +
                           chunk("eXIf", std::string(kPlace)) + chunk("tIME", "1234567") +
                           chunk("prVt", std::string(kPlace));
  const std::string rest = chunk("IDAT", "pixels") + chunk("IEND", "");
  const CleanMedia media = clean(head + told + rest + std::string(kPlace));
  EXPECT_EQ(media.type, MediaType::png);
  EXPECT_EQ(media.bytes, head + rest);
}

std::string riff(const std::string& name, const std::string& body) {
  const auto n = static_cast<std::uint32_t>(body.size());
  return name +
         std::string{static_cast<char>(n), static_cast<char>(n >> 8), static_cast<char>(n >> 16),
                     static_cast<char>(n >> 24)} +
         body + (body.size() % 2 == 1 ? "\0"s : ""s);
}

TEST(Media, AWebpLosesItsExifAndTheFlagsThatAnnounceIt) {
  const std::string frame = std::string(16, '\x02') + riff("VP8L", "pix") + riff("EXIF", std::string(kPlace));
  const auto file = [&](char flags, const std::string& extra, const std::string& frames) {
    return riff("RIFF", "WEBP" + riff("VP8X", flags + std::string(9, '\0')) + riff("ICCP", "colours") +
                            frames + riff("VP8 ", "pixels") + extra);
  };
  const CleanMedia media = clean(file('\x3e',
                                      riff("EXIF", std::string(kPlace)) + riff("XMP ", std::string(kPlace)) +
                                          riff("mine", std::string(kPlace)),
                                      riff("ANMF", frame)));
  EXPECT_EQ(media.type, MediaType::webp);
  EXPECT_EQ(media.bytes, file('\x32', "", riff("ANMF", std::string(16, '\x02') + riff("VP8L", "pix"))));
}

std::string box(const std::string& name, const std::string& body) {
  const auto n = static_cast<std::uint32_t>(body.size() + 8);
  return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                     static_cast<char>(n)} +
         name + body;
}

TEST(Media, AFilmIsBlankedInPlaceSoThatNoOffsetMoves) {
  const auto film = [](const std::string& header, const std::string& user, const std::string& name) {
    return box("ftyp", "isom\0\0\0\0isom"s) +
           box("moov",
               box("mvhd", header) + box("trak", box("tkhd", "rest") + box(name, user)) + box(name, user)) +
           box("mdat", "frames") + box(name == "udta" ? "uuid" : name, user);
  };
  const std::string place(kPlace), zeros(kPlace.size(), '\0');
  const CleanMedia media = clean(film("\0\0\0\0madewhenrest of it.."s, place, "udta"));
  EXPECT_EQ(media.type, MediaType::mp4);
  EXPECT_EQ(media.bytes, film("\0\0\0\0\0\0\0\0\0\0\0\0rest of it.."s, zeros, "free"));
}

TEST(Media, TextIsUtf8AndNothingElse) {
  const CleanMedia media = clean("\xef\xbb\xbf客户：净化器很吵。\nAgent: 请稍等。");
  EXPECT_EQ(media.type, MediaType::text);
  EXPECT_EQ(media.bytes, "客户：净化器很吵。\nAgent: 请稍等。");
  EXPECT_EQ(media.removed, 3U);
  for (const std::string& bad :
       {"a\0b"s, "\xc0\x80"s, "\xed\xa0\x80"s, "\xf5\x80\x80\x80"s, "\xe5\xae"s, ""s, "\xef\xbb\xbf"s,
        "GIF89a\x01\xff"s, "%PDF-1.7\n%\xe2\xe3\xcf\xd3"s, "\xff\xd8"s}) {
    EXPECT_EQ(clean_media(bad).error().code, Errc::unsupported) << bad;
  }
  EXPECT_EQ(clean_media(box("ftyp", "heic\0\0\0\0mif1heic"s)).error().code, Errc::unsupported)
      << "its metadata lies where this does not look";
}

TEST(Media, AFileCutShortIsRefusedAtEveryByte) {
  const std::string png = "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, '\x01')) +
                          chunk("IDAT", "pixels") + chunk("IEND", "");
  const std::string picture = "\xff\xd8"s + kJfif + kDrawn + "\xff\xd9"s;
  const std::string webp = riff("RIFF", "WEBP" + riff("VP8 ", "pixels"));
  const std::string film = box("ftyp", "isom\0\0\0\0isom"s) + box("moov", box("mvhd", std::string(30, 'x')));
  for (const std::string& whole : {png, picture, webp, film}) {
    ASSERT_TRUE(clean_media(whole).ok());
    for (std::size_t n = 0; n < whole.size(); ++n) {
      if (whole == film && n == film.find("moov") - 4)
        continue;  // a film may end with any box, but needs its moov
      const auto cut = clean_media(whole.substr(0, n));
      // Its first letters alone are a text.
      EXPECT_TRUE(!cut.ok() || cut->type == MediaType::text) << n << " of " << whole.size();
    }
  }
  std::string endless = "\xff\xd8"s;
  for (std::size_t i = 0; i < kMediaSegmentsMost + 2; ++i) endless += segment(0xfe, "");
  EXPECT_EQ(clean_media(endless).error().code, Errc::bad_input);
  std::string deep;
  for (int i = 0; i < kMediaDepthMost + 3; ++i) deep = box("moov", deep);
  EXPECT_EQ(clean_media(box("ftyp", "isom\0\0\0\0isom"s) + deep).error().code, Errc::bad_input);
}

}  // namespace
}  // namespace rapport::codec
