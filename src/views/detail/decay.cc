#include "views/detail/decay.h"

#include <array>

namespace rapport::views::detail {
namespace {

constexpr std::int64_t kSteps = 64;
// round(2^32 * 2^(-i/64)), i = 0..63, worked out once with 60 digits.
constexpr std::array<std::uint64_t, kSteps> kTable = {
    4294967296u, 4248701965u, 4202935003u, 4157661043u, 4112874773u, 4068570940u, 4024744348u, 3981389855u,
    3938502376u, 3896076880u, 3854108391u, 3812591987u, 3771522796u, 3730896002u, 3690706840u, 3650950594u,
    3611622603u, 3572718252u, 3534232978u, 3496162267u, 3458501653u, 3421246719u, 3384393094u, 3347936457u,
    3311872529u, 3276197082u, 3240905930u, 3205994934u, 3171459999u, 3137297074u, 3103502151u, 3070071267u,
    3037000500u, 3004285971u, 2971923842u, 2939910317u, 2908241642u, 2876914102u, 2845924021u, 2815267765u,
    2784941738u, 2754942382u, 2725266179u, 2695909648u, 2666869345u, 2638141863u, 2609723834u, 2581611923u,
    2553802834u, 2526293303u, 2499080105u, 2472160047u, 2445529972u, 2419186755u, 2393127307u, 2367348571u,
    2341847524u, 2316621173u, 2291666561u, 2266980759u, 2242560872u, 2218404036u, 2194507417u, 2170868212u,
};
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

std::uint64_t decay(Duration age, Duration half_life) {
  if (age.ms <= 0) return kDecayOne;
  const std::int64_t halvings = age.ms / half_life.ms;
  if (halvings >= 32) return 0;
  // The rest is below one half-life; spans of centuries times 64 stay far inside 64 bits.
  const auto step = static_cast<std::size_t>(age.ms % half_life.ms * kSteps / half_life.ms);
  return kTable[step] >> halvings;
}

Instant decay_moment(Instant at) {
  const std::int64_t rest = at.ms % kHourMs;
  return Instant{at.ms - (rest < 0 ? rest + kHourMs : rest)};
}

}  // namespace rapport::views::detail
