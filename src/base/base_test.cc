#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/money.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace rapport {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{Errc::bad_input, "odd", "n", "an even number"};
  return n / 2;
}

Result<int> quarter(int n) {
  RAPPORT_TRY(const int once, half(n));
  RAPPORT_TRY(const int twice, half(once));
  return twice;
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(*quarter(8), 2);
  const auto wrong = quarter(6);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().describe(), "odd (at n; expected an even number)");
  EXPECT_EQ(Error(wrong.error()).at("batch[3]").where, "batch[3].n");
}

TEST(Time, ParsesAndPrintsRfc3339) {
  EXPECT_EQ(format_instant(*parse_instant("2026-11-22T03:04:05.678Z")), "2026-11-22T03:04:05.678Z");
  EXPECT_EQ(format_instant(*parse_instant("2026-11-22T03:04:05+08:00")), "2026-11-21T19:04:05Z");
  EXPECT_EQ(format_instant(*parse_instant("2017-10-02 10:56:33")), "2017-10-02T10:56:33Z");
  EXPECT_EQ(parse_instant("1969-12-31")->ms, -86'400'000);
  EXPECT_EQ(parse_instant("2024-02-29")->ms - parse_instant("2024-02-28")->ms, 86'400'000);
  for (const char* bad : {"", "2026", "2026-13-01", "2026-02-29", "2026-11-22T25:00", "2026-11-22Tx",
                          "22/11/2026", "0000-01-01"}) {
    EXPECT_FALSE(parse_instant(bad).ok()) << bad;
  }
}

TEST(Time, CivilFieldsRoundTripOverFourCenturies) {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const Instant at{random.between(Instant{-6'000'000'000'000}.ms, Instant{6'000'000'000'000}.ms)};
    EXPECT_EQ(instant_from_civil(civil_from_instant(at)), at);
    EXPECT_EQ(parse_instant(format_instant(at))->ms, at.ms);
  }
}

TEST(Time, DayNumberFloorsBeforeTheEpoch) {
  EXPECT_EQ(day_number({0}), 0);
  EXPECT_EQ(day_number({-1}), -1);
  EXPECT_EQ(day_number({-86'400'000}), -1);
  EXPECT_EQ(day_number({-86'400'001}), -2);
}

TEST(Time, Durations) {
  EXPECT_EQ(parse_duration("24h")->ms, 86'400'000);
  EXPECT_EQ(parse_duration("1h30m")->ms, 5'400'000);
  EXPECT_EQ(parse_duration("500ms")->ms, 500);
  EXPECT_EQ(format_duration({129'600'000}), "1d12h");
  for (const char* bad : {"", "h", "10", "-3d", "3y", "99999999999d"})
    EXPECT_FALSE(parse_duration(bad).ok()) << bad;
}

TEST(Money, DecimalTextIsExact) {
  const Currency cny = *Currency::parse("cny");
  EXPECT_EQ(*parse_minor("1234.5", cny), 123450);
  EXPECT_EQ(*parse_minor("-0.01", cny), -1);
  EXPECT_EQ(*parse_minor("19.995", cny), 2000);
  EXPECT_EQ(*parse_minor("7", *Currency::parse("JPY")), 7);
  EXPECT_EQ(format_minor(-123405, cny), "-1234.05");
  EXPECT_EQ(Currency::unpack(cny.packed()), cny);
  for (const char* bad : {"", ".", "-", "1e3", "12a", "99999999999999999999"})
    EXPECT_FALSE(parse_minor(bad, cny).ok()) << bad;
}

TEST(Bytes, VarintsRoundTripAndNeverReadPastTheEnd) {
  std::string buffer;
  ByteWriter writer(buffer);
  const std::int64_t values[] = {0, 1, -1, 127, 128, -12345678901LL, INT64_MAX, INT64_MIN};
  for (const auto v : values) writer.svarint(v);
  writer.text("warranty");
  ByteReader reader(buffer);
  for (const auto v : values) EXPECT_EQ(reader.svarint(), v);
  EXPECT_EQ(reader.text(), "warranty");
  EXPECT_TRUE(reader.ok() && reader.at_end());
  for (std::size_t cut = 0; cut < buffer.size(); ++cut) {
    ByteReader torn(std::string_view(buffer).substr(0, cut));
    for (std::size_t i = 0; i < std::size(values); ++i) torn.svarint();
    torn.text();
    EXPECT_FALSE(torn.ok());
  }
}

TEST(Bytes, HexAndBase64) {
  EXPECT_EQ(to_hex("\x01\xff"), "01ff");
  EXPECT_EQ(to_base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
  EXPECT_EQ(*from_base64("YW55IGNhcm5hbCBwbGVhcw"), "any carnal pleas");
  EXPECT_FALSE(from_base64("A").ok());
  EXPECT_FALSE(from_hex("0g").ok());
}

TEST(Hash, PublishedVectors) {
  EXPECT_EQ(digest_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
  // RFC 4231, test case 2.
  EXPECT_EQ(digest_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  HashKey key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  // SipHash reference, vectors_sip128[0]: a3817f04ba25a8e66df67214c7550293.
  const Hash128 empty = keyed_hash(key, "");
  std::string bytes;
  ByteWriter writer(bytes);
  writer.u64(empty.high);
  writer.u64(empty.low);
  EXPECT_EQ(to_hex(bytes), "a3817f04ba25a8e66df67214c7550293");
}

TEST(Random, SameSeedSameStreamAndNoBias) {
  Random a(42), b(42);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
  int counts[3] = {};
  for (int i = 0; i < 30'000; ++i) ++counts[a.below(3)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
}

}  // namespace
}  // namespace rapport
