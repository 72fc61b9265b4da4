#include "math/hypergeometric.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace rapport::math {
namespace {

constexpr double kNegligible = 1e-17;  ///< of a sum

/// ln n! by Stirling's series (Abramowitz & Stegun 6.1.40); to 20 digits for n >= 1000.
long double stirling(std::uint64_t n) {
  const auto x = static_cast<long double>(n) + 1;
  const long double inverse = 1 / x, square = inverse * inverse;
  constexpr long double kHalfLogTwoPi = 0.918938533204672741780329736405617640L;
  return (x - 0.5L) * std::log(x) - x + kHalfLogTwoPi +
         inverse * (1 / 12.0L - square * (1 / 360.0L - square * (1 / 1260.0L - square / 1680.0L)));
}

}  // namespace

Hypergeometric::Hypergeometric(std::uint64_t size) : size_(size) {
  const std::uint64_t known = std::min(size, kTableMost);
  table_.resize(known + 1);
  table_[0] = 0;
  for (std::uint64_t n = 1; n <= known; ++n)
    table_[n] = n < 1'000 ? table_[n - 1] + std::log(static_cast<long double>(n)) : stirling(n);
}

long double Hypergeometric::log_factorial(std::uint64_t n) const {
  return n < table_.size() ? table_[n] : stirling(n);
}

double Hypergeometric::pmf(std::uint64_t k, std::uint64_t marked, std::uint64_t drawn) const {
  ASSERT(marked <= size_ && drawn <= size_);
  if (k > marked || k > drawn || drawn - k > size_ - marked) return 0;
  const long double log_p = log_factorial(marked) - log_factorial(k) - log_factorial(marked - k) +
                            log_factorial(size_ - marked) - log_factorial(drawn - k) -
                            log_factorial(size_ - marked - (drawn - k)) + log_factorial(drawn) +
                            log_factorial(size_ - drawn) - log_factorial(size_);
  return std::exp(static_cast<double>(log_p));
}

double Hypergeometric::upper_tail(std::uint64_t k, std::uint64_t marked, std::uint64_t drawn) const {
  const std::uint64_t fewest = marked + drawn > size_ ? marked + drawn - size_ : 0;
  const std::uint64_t most = std::min(marked, drawn);
  if (k <= fewest) return 1;
  if (k > most) return 0;
  const double m = static_cast<double>(marked), d = static_cast<double>(drawn);
  const double others = static_cast<double>(size_) - m - d;  // things neither marked nor drawn, at k = 0
  const bool above = static_cast<double>(k) * static_cast<double>(size_) >= m * d;
  // From k upwards, or, below the mean, from k - 1 downwards and the rest of one.
  double x = static_cast<double>(above ? k : k - 1);
  double term = pmf(above ? k : k - 1, marked, drawn), sum = term;
  const double last = static_cast<double>(above ? most : fewest);
  while (x != last && term > sum * kNegligible) {
    if (above) {
      term *= (m - x) * (d - x) / ((x + 1) * (others + x + 1));
      x += 1;
    } else {
      term *= x * (others + x) / ((m - x + 1) * (d - x + 1));
      x -= 1;
    }
    sum += term;
  }
  return above ? std::min(1.0, sum) : std::clamp(1 - sum, 0.0, 1.0);
}

}  // namespace rapport::math
