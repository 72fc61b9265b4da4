#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Least squares in double-double arithmetic (about 32 digits): for designs so ill-conditioned that the
/// rounding of a double, not the data, would decide the answer (NIST StRD: Longley, Filip, Wampler).
namespace rapport::math {

/// An unevaluated sum high + low with |low| <= ulp(high) / 2. Arithmetic after Dekker (1971, Numerische
/// Mathematik 18) and Hida, Li & Bailey (2001). Needs strict floating point (no contraction, no fast-math).
struct DoubleDouble {
  double high = 0, low = 0;
  DoubleDouble() = default;
  DoubleDouble(double value) : high(value) {}  // NOLINT: a double is a DoubleDouble
  DoubleDouble(double h, double l) : high(h), low(l) {}
  double value() const { return high + low; }
};
DoubleDouble operator+(DoubleDouble a, DoubleDouble b);
DoubleDouble operator-(DoubleDouble a, DoubleDouble b);
DoubleDouble operator*(DoubleDouble a, DoubleDouble b);
DoubleDouble operator/(DoubleDouble a, DoubleDouble b);
DoubleDouble sqrt(DoubleDouble a);

/// Columns of a design, each of the same length.
using ExactColumns = std::vector<std::vector<DoubleDouble>>;

/// The powers x^1 .. x^degree with both halves of each product kept.
ExactColumns exact_powers(const std::vector<double>& x, int degree);

struct ExactLeastSquares {
  Vector coefficients;
  Vector residuals;
  double rss = 0;
  double tss_centred = 0;     ///< sum (y - mean y)^2
  double tss_raw = 0;         ///< sum y^2
  Matrix q;                   ///< n x p, orthonormal columns
  Matrix r_inverse;           ///< p x p upper triangular; (X'X)^-1 = r_inverse * r_inverse'
  Vector unscaled_variances;  ///< diagonal of (X'X)^-1
};

/// min |y - X b| by modified Gram-Schmidt with one re-orthogonalisation (Björck 1996, section 2.4), columns
/// scaled by powers of two. O(n p^2) double-double operations, about 25 flops each. Errors: bad_input for
/// fewer rows than columns or unequal lengths; refused when a column is zero or, to 14 digits, a combination
/// of the ones before it: `where` is the index of the column from 0.
Result<ExactLeastSquares> exact_least_squares(const ExactColumns& x, const std::vector<double>& y);

}  // namespace rapport::math
