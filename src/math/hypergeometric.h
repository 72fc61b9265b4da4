#pragma once

#include <cstdint>
#include <vector>

namespace rapport::math {

/// Tails of the hypergeometric distribution for one population of `size` things, asked many times. The
/// logarithms of factorials are kept in long double, so that tails are right to about 1e-12 of themselves for
/// millions of things where long double has 64 bits. Const access from any thread.
class Hypergeometric {
 public:
  /// 16 bytes a thing up to kTableMost things; above it Stirling's series stands in.
  explicit Hypergeometric(std::uint64_t size);

  /// P(X = k): `k` marked among `drawn` of the things of which `marked` are marked.
  double pmf(std::uint64_t k, std::uint64_t marked, std::uint64_t drawn) const;
  /// P(X >= k). The sum goes away from the mean, so that a small tail keeps its digits.
  double upper_tail(std::uint64_t k, std::uint64_t marked, std::uint64_t drawn) const;

  static constexpr std::uint64_t kTableMost = 1 << 23;

 private:
  long double log_factorial(std::uint64_t n) const;
  std::uint64_t size_;
  std::vector<long double> table_;
};

}  // namespace rapport::math
