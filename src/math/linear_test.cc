#include "math/linear.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace rapport::math {
namespace {

Matrix vandermonde(int rows, int degree) {
  Matrix x(rows, degree + 1);
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j <= degree; ++j) x(i, j) = std::pow(static_cast<double>(i), j);
  }
  return x;
}

// NIST StRD Wampler1 and Wampler2: y is an exact polynomial, so the certified coefficients are exact.
TEST(LeastSquares, WamplerPolynomialsKeepTenDigits) {
  const Matrix x = vandermonde(21, 5);
  const auto ones = least_squares(x, x * Vector::Ones(6));
  ASSERT_TRUE(ones.ok());
  for (int j = 0; j < 6; ++j) EXPECT_NEAR(ones->coefficients[j], 1.0, 1e-10) << j;
  Vector tenths(6);
  for (int j = 0; j < 6; ++j) tenths[j] = std::pow(10.0, -j);
  const auto small = least_squares(x, x * tenths);
  for (int j = 0; j < 6; ++j) EXPECT_NEAR(small->coefficients[j] / tenths[j], 1.0, 1e-10) << j;
}

TEST(LeastSquares, RefusesACombinationOfColumnsByName) {
  Matrix x(4, 3);
  x << 1, 1, 2, 1, 2, 3, 1, 3, 4, 1, 4, 5;
  const auto fit = least_squares(x, Vector::Ones(4));
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, Errc::refused);
  EXPECT_NE(fit.error().message.find("column 3"), std::string::npos) << fit.error().message;
}

TEST(Moments, ALargeMeanDoesNotSpoilTheVariance) {
  // NIST StRD NumAcc4: 1001 values 10000000.2 alternating 10000000.1/.3, standard deviation 0.1 exactly.
  Matrix x(1001, 1);
  x(0, 0) = 10000000.2;
  for (int i = 1; i < 1001; ++i) x(i, 0) = i % 2 == 1 ? 10000000.1 : 10000000.3;
  const Moments m = moments(x);
  EXPECT_NEAR(m.means[0], 10000000.2, 1e-8);
  EXPECT_NEAR(std::sqrt(m.covariance(0, 0)), 0.1, 1e-8);
}

TEST(Cholesky, RefusesASingularMatrix) {
  EXPECT_FALSE(Cholesky::of(Matrix::Ones(3, 3)).ok());
  const auto identity = Cholesky::of(Matrix::Identity(3, 3) * 4.0);
  ASSERT_TRUE(identity.ok());
  EXPECT_NEAR(identity->log_determinant(), 3 * std::log(4.0), 1e-15);
}

TEST(SymmetricEigen, RebuildsTheMatrixAndFixesSigns) {
  const std::uint64_t seed = 20261122;
  SCOPED_TRACE(seed);
  Random random(seed);
  Matrix a(6, 6);
  for (int i = 0; i < 36; ++i) a(i % 6, i / 6) = random.uniform() - 0.5;
  a = a * a.transpose();
  const SymmetricEigen e = symmetric_eigen(a);
  EXPECT_LT((e.vectors * e.values.asDiagonal() * e.vectors.transpose() - a).norm(), 1e-13);
  for (int j = 1; j < 6; ++j) EXPECT_GE(e.values[j - 1], e.values[j]);
}

}  // namespace
}  // namespace rapport::math
