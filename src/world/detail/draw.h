#pragma once

#include <array>
#include <cstdint>

#include "base/hash.h"

/// Chance as a pure function of who, when and why. A draw is mix64 of a key (seed, customer, day) and a tag,
/// so that the order in which customers are simulated does not matter, and so that a world in which a service
/// is switched off meets the very same luck wherever its story has not changed (common random numbers).
/// Integers only: the same bits on every machine and compiler. Probabilities are in units of 1/65536 or
/// 1/10000.
namespace rapport::world {

/// Why something is drawn. Streams of different tags are independent; the numbers matter only within a build.
enum class Tag : std::uint32_t {
  visit = 1,
  hour,
  minute,
  device,
  login,
  registering,
  intent,
  category,
  search,
  typo,
  views,
  product,
  dwell,
  area,
  content,
  like,
  wish,
  share,
  compare,
  add,
  quantity,
  checkout,
  form,
  payment,
  retry,
  method,
  recommend,
  recommend_item,
  click,
  coupon,
  step,
  carrier,
  delay,
  node,
  exception,
  notice,
  review,
  review_day,
  rating,
  survey,
  answer,
  mood,
  defect,
  contact,
  contact_channel,
  ticket,
  difficulty,
  patience_test,
  returning,
  return_reason,
  refer,
  offer,
  uptake,
  on_time,
  error,
  rate_service,
  renew,
  drift,
  comeback,
  points,
  message,
  open,
  arm,
  born,
  archetype,
  latent,
  name,
  city,
  home,
  job,
  prose,
  stock,
  brand,
  price,
  param,
  quality,
  follow_up,
  reply,
  chat,
  consent,
  device_report,
  verify,
  cancel,
  arrive,
  market,
  margin,
  deposit,
  trade
};

/// The draws of one customer on one day (or of one product, or of the whole world).
class Draw {
 public:
  constexpr Draw(std::uint64_t seed, std::uint64_t who, std::uint64_t when)
      : key_(mix64(mix64(seed ^ (who * 0xd1342543de82ef95ULL)) + when * 0x9e3779b97f4a7c15ULL)) {}

  /// 64 bits; `n` numbers the draws of one tag.
  constexpr std::uint64_t bits(Tag tag, std::uint64_t n = 0) const {
    return mix64(key_ + static_cast<std::uint64_t>(tag) * 0xa0761d6478bd642fULL + n * 0xe7037ed1a0b428dbULL);
  }
  /// Uniform in [0, limit); limit in [1, 2^32). The bias is below 2^-32.
  constexpr std::int64_t below(Tag tag, std::int64_t limit, std::uint64_t n = 0) const {
    return static_cast<std::int64_t>(((bits(tag, n) >> 32) * static_cast<std::uint64_t>(limit)) >> 32);
  }
  /// Uniform in [low, high].
  constexpr std::int64_t between(Tag tag, std::int64_t low, std::int64_t high, std::uint64_t n = 0) const {
    return low + below(tag, high - low + 1, n);
  }
  /// True with probability p / 10000.
  constexpr bool chance(Tag tag, std::int64_t per_ten_thousand, std::uint64_t n = 0) const {
    return below(tag, 10'000, n) < per_ten_thousand;
  }
  /// True with the probability logistic(x / 1000); x in thousandths of a logit, clamped to +-6000.
  constexpr bool leans(Tag tag, std::int64_t milli_logit, std::uint64_t n = 0) const;
  /// A bell around 0 with the standard deviation `sd`, within +-3.46 sd: the sum of four uniforms.
  constexpr std::int64_t bell(Tag tag, std::int64_t sd, std::uint64_t n = 0) const {
    const std::uint64_t b = bits(tag, n);
    const auto sum =
        static_cast<std::int64_t>((b & 0xffff) + ((b >> 16) & 0xffff) + ((b >> 32) & 0xffff) + (b >> 48));
    return (sum - 131'070) * sd / 37'837;
  }
  /// 0, 1, 2, ... with the chance `go_on` / 10000 of each further step, at most `most`.
  constexpr int steps(Tag tag, std::int64_t go_on, int most, std::uint64_t n = 0) const {
    int count = 0;
    while (count < most && chance(tag, go_on, n + 64 + static_cast<std::uint64_t>(count))) ++count;
    return count;
  }

 private:
  std::uint64_t key_;
};

/// logistic(x / 1000) in units of 1/65536, by linear interpolation between the tabulated tenths; the error is
/// below 0.0003. x is clamped to [-6000, 6000].
constexpr std::int64_t logistic_65536(std::int64_t x) {
  constexpr std::array<std::int32_t, 121> kTable = {
      162,   179,   198,   219,   241,   267,   295,   326,   360,   397,   439,   484,   535,   591,
      652,   720,   795,   877,   968,   1068,  1179,  1300,  1434,  1581,  1743,  1921,  2117,  2331,
      2567,  2825,  3108,  3418,  3757,  4127,  4531,  4971,  5451,  5972,  6537,  7150,  7812,  8527,
      9296,  10123, 11009, 11955, 12964, 14036, 15170, 16367, 17625, 18943, 20318, 21746, 23222, 24743,
      26300, 27889, 29502, 31131, 32768, 34405, 36034, 37647, 39236, 40793, 42314, 43790, 45218, 46593,
      47911, 49169, 50366, 51500, 52572, 53581, 54527, 55413, 56240, 57009, 57724, 58386, 58999, 59564,
      60085, 60565, 61005, 61409, 61779, 62118, 62428, 62711, 62969, 63205, 63419, 63615, 63793, 63955,
      64102, 64236, 64357, 64468, 64568, 64659, 64741, 64816, 64884, 64945, 65001, 65052, 65097, 65139,
      65176, 65210, 65241, 65269, 65295, 65317, 65338, 65357, 65374};
  const std::int64_t shifted = x < -6000 ? 0 : x > 6000 ? 12'000 : x + 6000;
  const auto at = static_cast<std::size_t>(shifted / 100);
  if (at == 120) return kTable[120];
  return kTable[at] + (kTable[at + 1] - kTable[at]) * (shifted % 100) / 100;
}

constexpr bool Draw::leans(Tag tag, std::int64_t milli_logit, std::uint64_t n) const {
  return static_cast<std::int64_t>(bits(tag, n) >> 48) < logistic_65536(milli_logit);
}

}  // namespace rapport::world
