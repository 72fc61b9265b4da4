#pragma once

#include "base/random.h"

/// Draws from distributions by a seeded Random. Pure in the generator: the same seed gives the same draws
/// where the same libm stands below.
namespace rapport::math {

/// Standard normal by Marsaglia's polar method (1964); takes a varying number of steps of `random`.
double draw_normal(Random& random);
/// Gamma of unit rate, shape > 0 (Marsaglia & Tsang 2000, ACM TOMS 26:363).
double draw_gamma(Random& random, double shape);
/// Chi-squared, df > 0.
inline double draw_chi2(Random& random, double df) {
  return 2 * draw_gamma(random, 0.5 * df);
}

}  // namespace rapport::math
