#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/hash.h"

/// Seeded chance: xoshiro256** (Blackman & Vigna 2018, public domain algorithm), seeded through splitmix64.
/// The same seed gives the same stream on every machine and compiler. Not for secrets; see secure_random.
namespace rapport {

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : s_) word = mix64(seed += 0x9e3779b97f4a7c15ULL);
  }
  std::uint64_t next() {
    const std::uint64_t result = rotl(s_[1] * 5, 7) * 9;
    const std::uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = rotl(s_[3], 45);
    return result;
  }
  /// Uniform in [0, n), n >= 1, without bias (Lemire 2019).
  std::uint64_t below(std::uint64_t n);
  /// Uniform in [low, high], low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  /// Uniform in [0, 1) with 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double p) { return uniform() < p; }
  /// An independent generator; the stream of this one moves by one step.
  Random split() { return Random(next()); }
  // UniformRandomBitGenerator
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return next(); }

 private:
  static constexpr std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::array<std::uint64_t, 4> s_{};
};

/// Fills `out` from the operating system's generator. For keys, tokens and nonces.
void secure_random(std::span<std::uint8_t> out);

}  // namespace rapport
