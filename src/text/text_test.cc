#include <gtest/gtest.h>

#include "base/random.h"
#include "text/encoding.h"
#include "text/normalise.h"
#include "text/zone.h"

namespace rapport::text {
namespace {

// "客户,金额" and a four-byte character (U+20000) in GB18030.
constexpr std::string_view kGb = "\xBF\xCD\xBB\xA7,\xBD\xF0\xB6\xEE,\x95\x32\x82\x36";
constexpr std::string_view kUtf = "客户,金额,\xF0\xA0\x80\x80";

std::string decoded(std::string_view bytes, std::size_t piece) {
  Decoder decoder;
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder.decode(bytes.substr(at, piece), false, out);
  }
  decoder.decode({}, true, out);
  EXPECT_EQ(decoder.malformed(), 0u);
  return out;
}

TEST(Encoding, DecodesByMarkAndByLook) {
  EXPECT_EQ(decoded(kGb, 1000), kUtf);
  EXPECT_EQ(decoded(kUtf, 1000), kUtf);
  EXPECT_EQ(decoded("\xEF\xBB\xBF" + std::string(kUtf), 1000), kUtf);
  EXPECT_EQ(decoded(std::string("\xFF\xFE"
                                "a\0\x67\x5B",
                                6),
                    1000),
            "a孧");
  EXPECT_EQ(decoded(std::string("\xFE\xFF"
                                "\0a\x5B\x67",
                                6),
                    1000),
            "a孧");
  EXPECT_EQ(decoded("", 10), "");
  EXPECT_EQ(decoded("ab", 1), "ab");
}

TEST(Encoding, ALongAsciiStartDoesNotDecide) {
  const std::string head(100'000, 'x');
  EXPECT_EQ(decoded(head + std::string(kGb), 4096), head + std::string(kUtf));
}

TEST(Encoding, PiecesMayCutSequencesAnywhere) {
  for (std::size_t piece = 1; piece < 8; ++piece) {
    Decoder utf8(Encoding::utf8), gb(Encoding::gb18030);
    std::string a, b;
    for (std::size_t at = 0; at < kUtf.size(); at += piece) utf8.decode(kUtf.substr(at, piece), false, a);
    for (std::size_t at = 0; at < kGb.size(); at += piece) gb.decode(kGb.substr(at, piece), false, b);
    utf8.decode({}, true, a);
    gb.decode({}, true, b);
    EXPECT_EQ(a, kUtf);
    EXPECT_EQ(b, kUtf);
  }
}

TEST(Encoding, HostileBytesAlwaysGiveUtf8) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::string bytes;
    for (int i = 0; i < 300; ++i) bytes.push_back(static_cast<char>(random.below(256)));
    for (const auto encoding : {Encoding::utf8, Encoding::gb18030, Encoding::utf16le, Encoding::utf16be}) {
      Decoder decoder(encoding);
      std::string out;
      decoder.decode(std::string_view(bytes).substr(0, 101), false, out);
      decoder.decode(std::string_view(bytes).substr(101), true, out);
      EXPECT_TRUE(is_utf8(out)) << "seed " << seed << " " << encoding_name(encoding);
    }
  }
  EXPECT_FALSE(to_utf8("\xFF\xFF\xFF").ok());
  for (const std::string_view bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE4\xB8"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_TRUE(is_utf8("\xE4\xB8", true));
}

TEST(Normalise, FormsThatPeopleTakeForTheSame) {
  EXPECT_EQ(comparison_form("　Ｍｉｓｔｒａｌ　３  ㎏\u00A0STRASSE "), "mistral 3 kg strasse");
  EXPECT_EQ(comparison_form("straße"), comparison_form("STRASSE"));
  EXPECT_EQ(nfkc("①ｶﾞ"), "1ガ");
  EXPECT_EQ(trim("　 空气净化器\u00A0\r\n"), "空气净化器");
  EXPECT_EQ(trim(" 　 "), "");
  EXPECT_EQ(comparison_form(""), "");
}

TEST(Zone, LocalTimesOfRealZones) {
  const Zone sao_paulo = *Zone::find("America/Sao_Paulo");
  // Standard time is UTC-3; summer time began on 2017-10-15 (00:00 skipped to 01:00) and was UTC-2.
  EXPECT_EQ(format_instant(sao_paulo.to_utc({2018, 7, 29, 13, 54, 51})), "2018-07-29T16:54:51Z");
  EXPECT_EQ(format_instant(sao_paulo.to_utc({2018, 1, 10, 12})), "2018-01-10T14:00:00Z");
  EXPECT_EQ(format_instant(sao_paulo.to_utc({2017, 10, 15, 0, 30})), "2017-10-15T03:30:00Z");
  // 2018-02-18: midnight was set back to 23:00, so 23:30 of the 17th came twice.
  EXPECT_EQ(format_instant(sao_paulo.to_utc({2018, 2, 17, 23, 30})), "2018-02-18T01:30:00Z");
  const Zone shanghai = *Zone::find("Asia/Shanghai");
  EXPECT_EQ(format_instant(shanghai.to_utc({2026, 11, 22, 8})), "2026-11-22T00:00:00Z");
  EXPECT_EQ(shanghai.to_local(*parse_instant("2026-11-22T20:00:00Z")).day, 23);
  EXPECT_EQ(Zone::find("UTC")->to_utc({2026, 1, 1}), *parse_instant("2026-01-01"));
  for (const char* bad : {"", "Mars/Olympus", "Asia/Shanghai2"}) EXPECT_FALSE(Zone::find(bad).ok()) << bad;
  EXPECT_NE(zone_data_version(), "unknown");
}

TEST(Zone, ThereAndBackOutsideTheChanges) {
  const Zone zone = *Zone::find("America/New_York");
  Random random(11);
  int differ = 0;
  for (int i = 0; i < 2000; ++i) {
    const Instant at{random.between(0, 2'000'000'000'000)};
    if (zone.to_utc(zone.to_local(at)) != at) ++differ;  // only the hour shown twice
  }
  EXPECT_LE(differ, 4);
}

}  // namespace
}  // namespace rapport::text
