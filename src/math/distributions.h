#pragma once

/// Distribution functions, quantiles and special functions: thin wrappers of Boost.Math in double precision,
/// without promotion to long double, so that the same input gives the same bits wherever the same libm stands
/// below. Pure and thread-safe. A parameter outside its range (df <= 0, p outside [0, 1]) and a NaN argument
/// give NaN, an infinite answer gives infinity; nothing throws. `*_sf` is the upper tail 1 - cdf, computed
/// without cancellation.
namespace rapport::math {

double normal_cdf(double z);
double normal_sf(double z);
double normal_pdf(double z);
/// p in [0, 1]; 0 and 1 give -+infinity.
double normal_quantile(double p);
/// P(X <= h, Y <= k) of two standard normals with correlation `rho` in [-1, 1]. Drezner & Wesolowsky (1990)
/// in the form of Genz (2004, Statistics and Computing 14:251-260, BVND); absolute error below 1e-14.
double bivariate_normal_cdf(double h, double k, double rho);

double chi2_cdf(double x, double df);
double chi2_sf(double x, double df);
double chi2_quantile(double p, double df);
/// `ncp` >= 0; ncp = 0 is the central distribution.
double noncentral_chi2_cdf(double x, double df, double ncp);
double noncentral_chi2_sf(double x, double df, double ncp);

double t_cdf(double t, double df);
double t_sf(double t, double df);
double t_quantile(double p, double df);
/// Non-central t, for the power of a t test.
double noncentral_t_cdf(double t, double df, double ncp);

double f_cdf(double f, double df1, double df2);
double f_sf(double f, double df1, double df2);
double f_quantile(double p, double df1, double df2);

double beta_cdf(double x, double a, double b);
double beta_sf(double x, double a, double b);
double beta_quantile(double p, double a, double b);

/// Shape and rate (1 / scale), both > 0.
double gamma_cdf(double x, double shape, double rate);
double gamma_sf(double x, double shape, double rate);
double gamma_quantile(double p, double shape, double rate);

/// Number of successes <= k in n trials.
double binomial_cdf(double k, double n, double p);

/// ln |Gamma(x)|.
double log_gamma(double x);
/// d/dx ln Gamma(x).
double digamma(double x);
/// d2/dx2 ln Gamma(x).
double trigamma(double x);
/// ln B(a, b), a and b > 0.
double log_beta(double a, double b);

/// Two-sided p of a standard normal statistic.
double two_sided_normal_p(double z);
/// Two-sided p of a t statistic.
double two_sided_t_p(double t, double df);

}  // namespace rapport::math
