#include "math/variates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "math/distributions.h"

namespace rapport::math {
namespace {

/// The largest distance of the empirical distribution from `cdf`, times sqrt(n); above 1.95 with probability
/// 0.001.
double kolmogorov(std::vector<double> draws, const std::function<double(double)>& cdf) {
  std::sort(draws.begin(), draws.end());
  const auto n = static_cast<double>(draws.size());
  double worst = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double p = cdf(draws[i]);
    worst = std::max({worst, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return worst * std::sqrt(n);
}

TEST(Variates, FollowTheirDistributions) {
  const std::uint64_t seed = 42;
  SCOPED_TRACE(seed);
  Random random(seed);
  std::vector<double> draws(20000);
  for (double& d : draws) d = draw_normal(random);
  EXPECT_LT(kolmogorov(draws, [](double x) { return normal_cdf(x); }), 1.95);
  for (const double shape : {0.3, 1.0, 7.5, 400.0}) {
    for (double& d : draws) d = draw_gamma(random, shape);
    EXPECT_LT(kolmogorov(draws, [&](double x) { return gamma_cdf(x, shape, 1); }), 1.95) << shape;
  }
}

}  // namespace
}  // namespace rapport::math
