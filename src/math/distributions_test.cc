#include "math/distributions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::math {
namespace {

// Values printed by R 4.2 (pnorm, qnorm, pchisq, qt, pf, pbeta, pgamma, lgamma, digamma) to 15 digits.
TEST(Distributions, AgreeWithPublishedTables) {
  EXPECT_NEAR(normal_cdf(1.96), 0.975002104851780, 1e-15);
  EXPECT_NEAR(normal_sf(10) / 7.61985302416053e-24, 1, 1e-13);
  EXPECT_NEAR(normal_quantile(0.975), 1.95996398454005, 1e-14);
  EXPECT_NEAR(normal_pdf(0), 0.398942280401433, 1e-15);
  EXPECT_NEAR(chi2_sf(3.841458820694124, 1), 0.05, 1e-15);
  EXPECT_NEAR(chi2_quantile(0.95, 24), 36.4150285018073, 1e-12);
  EXPECT_NEAR(t_quantile(0.975, 10), 2.22813885198627, 1e-13);
  EXPECT_NEAR(t_sf(2.22813885198627, 10), 0.025, 1e-14);
  EXPECT_NEAR(f_sf(4.9646027437307145, 1, 10), 0.05, 1e-14);
  EXPECT_NEAR(beta_cdf(0.5, 2, 3), 0.6875, 1e-15);
  EXPECT_NEAR(beta_quantile(0.6875, 2, 3), 0.5, 1e-14);
  EXPECT_NEAR(gamma_cdf(2, 1, 0.5), 1 - std::exp(-1.0), 1e-15);
  EXPECT_NEAR(digamma(1), -0.577215664901533, 1e-15);
  EXPECT_NEAR(trigamma(1), 1.64493406684823, 1e-14);
  EXPECT_NEAR(log_gamma(0.5), 0.5 * std::log(M_PI), 1e-15);
}

// The chi-square difference of lavaan's three-factor example: RMSEA's interval inverts this function.
TEST(Distributions, NoncentralChiSquareInvertsTheIntervalOfRmsea) {
  const double df = 24;
  const double n = 301;
  EXPECT_NEAR(noncentral_chi2_cdf(85.30552177, df, 0.0714184904399 * 0.0714184904399 * df * n), 0.95, 1e-8);
  EXPECT_NEAR(noncentral_chi2_cdf(85.30552177, df, 0.113678016812 * 0.113678016812 * df * n), 0.05, 1e-8);
  EXPECT_NEAR(noncentral_chi2_cdf(5, 3, 0), chi2_cdf(5, 3), 1e-15);
}

TEST(Distributions, QuantilesInvertTheirCdf) {
  for (const double p : {1e-8, 0.001, 0.2, 0.5, 0.9, 0.9999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-14);
    EXPECT_NEAR(t_cdf(t_quantile(p, 4.5), 4.5), p, 1e-13);
    EXPECT_NEAR(chi2_cdf(chi2_quantile(p, 7), 7), p, 1e-13);
    EXPECT_NEAR(f_cdf(f_quantile(p, 3, 9), 3, 9), p, 1e-13);
    EXPECT_NEAR(gamma_cdf(gamma_quantile(p, 2.5, 3), 2.5, 3), p, 1e-13);
    EXPECT_NEAR(beta_cdf(beta_quantile(p, 0.7, 2), 0.7, 2), p, 1e-13);
  }
}

TEST(Distributions, NonsenseGivesNanAndNeverThrows) {
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(chi2_sf(1, 0)));
  EXPECT_TRUE(std::isnan(chi2_cdf(NAN, 2)));
  EXPECT_TRUE(std::isnan(t_quantile(0.5, -1)));
  EXPECT_TRUE(std::isnan(beta_cdf(0.5, 0, 1)));
  EXPECT_TRUE(std::isnan(noncentral_chi2_cdf(1, 1, -2)));
  EXPECT_TRUE(std::isnan(binomial_cdf(1, 2, 1.5)));
  EXPECT_EQ(chi2_sf(-3, 2), 1);
  EXPECT_EQ(chi2_cdf(INFINITY, 2), 1);
  EXPECT_EQ(normal_quantile(1), INFINITY);
}

TEST(Distributions, LogBetaKeepsItsDigitsForLargeArguments) {
  // B(n, 1) = 1 / n exactly.
  EXPECT_NEAR(log_beta(1e8, 1), -std::log(1e8), 1e-13);
  EXPECT_NEAR(log_beta(2.5, 3.5), log_gamma(2.5) + log_gamma(3.5) - log_gamma(6.0), 1e-15);
}

// The orthant P(X <= 0, Y <= 0) = 1/4 + asin(rho) / (2 pi), and a grid held against direct integration.
TEST(Distributions, BivariateNormal) {
  for (const double rho : {-1.0, -0.99, -0.5, 0.0, 0.3, 0.93, 0.999, 1.0}) {
    EXPECT_NEAR(bivariate_normal_cdf(0, 0, rho), 0.25 + std::asin(rho) / (2 * M_PI), 1e-14) << rho;
  }
  for (const double rho : {-0.97, -0.6, 0.2, 0.8, 0.95}) {
    for (const double h : {-1.5, 0.3, 2.0}) {
      const double k = 0.7;
      double sum = 0;
      const int steps = 20000;
      const double low = -9, width = (h - low) / steps;
      for (int i = 0; i < steps; ++i) {
        const double x = low + (i + 0.5) * width;
        sum += normal_pdf(x) * normal_cdf((k - rho * x) / std::sqrt(1 - rho * rho)) * width;
      }
      EXPECT_NEAR(bivariate_normal_cdf(h, k, rho), sum, 2e-7) << rho << ' ' << h;
    }
  }
}

}  // namespace
}  // namespace rapport::math
