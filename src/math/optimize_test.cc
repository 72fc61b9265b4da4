#include "math/optimize.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::math {
namespace {

double rosenbrock(const Vector& x, Vector& g) {
  double f = 0;
  g.setZero();
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
    const double a = 1 - x[i], b = x[i + 1] - x[i] * x[i];
    f += a * a + 100 * b * b;
    g[i] += -2 * a - 400 * x[i] * b;
    g[i + 1] += 200 * b;
  }
  return f;
}

TEST(MinimizeBfgs, RosenbrockTenDimensions) {
  const auto m = minimize_bfgs(rosenbrock, Vector::Constant(10, -0.9));
  ASSERT_TRUE(m.ok());
  EXPECT_TRUE(m->converged);
  EXPECT_LT((m->x - Vector::Ones(10)).norm(), 1e-9);
}

TEST(MinimizeBfgs, BacksAwayFromOutsideTheDomain) {
  // x - log x: the first full step from 1000 would leave the domain.
  const auto m = minimize_bfgs(
      [](const Vector& x, Vector& g) {
        g[0] = 100 - 100 / x[0];
        return x[0] > 0 ? 100 * (x[0] - std::log(x[0])) : std::nan("");
      },
      Vector::Constant(1, 5.0));
  ASSERT_TRUE(m.ok());
  EXPECT_TRUE(m->converged);
  EXPECT_NEAR(m->x[0], 1.0, 1e-9);
}

TEST(MinimizeBfgs, SaysWhenItDoesNotConverge) {
  const auto m = minimize_bfgs(rosenbrock, Vector::Constant(10, -0.9), {.iterations_max = 3});
  ASSERT_TRUE(m.ok());
  EXPECT_FALSE(m->converged);
  EXPECT_FALSE(minimize_bfgs([](const Vector&, Vector&) { return std::nan(""); }, Vector::Zero(1)).ok());
}

TEST(NumericHessian, MatchesTheQuadratic) {
  Matrix a(2, 2);
  a << 3, 1, 1, 2;
  const auto h = numeric_hessian(
      [&](const Vector& x, Vector& g) {
        g = a * x;
        return 0.5 * x.dot(g);
      },
      Vector::Constant(2, 7.0));
  EXPECT_LT((h - a).norm(), 1e-8);
}

TEST(FindRoot, BrentOnAHardCubicAndARefusal) {
  const auto root = find_root([](double x) { return x * x * x - 2 * x - 5; }, 2, 3);
  ASSERT_TRUE(root.ok());
  EXPECT_NEAR(*root, 2.0945514815423265, 1e-14);  // Wallis's cubic
  EXPECT_FALSE(find_root([](double x) { return x * x + 1; }, -1, 1).ok());
}

}  // namespace
}  // namespace rapport::math
