#include "math/distributions.h"

#include <array>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <limits>

namespace rapport::math {
namespace {

namespace bm = boost::math;
namespace bp = boost::math::policies;

using Quiet = bp::policy<bp::domain_error<bp::ignore_error>, bp::pole_error<bp::ignore_error>,
                         bp::overflow_error<bp::ignore_error>, bp::underflow_error<bp::ignore_error>,
                         bp::evaluation_error<bp::ignore_error>, bp::rounding_error<bp::ignore_error>,
                         bp::indeterminate_result_error<bp::ignore_error>, bp::promote_double<false>,
                         bp::discrete_quantile<bp::real>>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kTwoPi = 6.283185307179586476925;

bool positive(double x) {
  return x > 0 && std::isfinite(x);
}
bool probability(double p) {
  return p >= 0 && p <= 1;
}

/// A distribution on [0, inf): below it the cdf is 0, at infinity 1.
template <class Distribution>
double cdf_from_zero(const Distribution& distribution, double x) {
  if (std::isnan(x)) return kNaN;
  if (x <= 0) return 0;
  if (x == kInfinity) return 1;
  return bm::cdf(distribution, x);
}
template <class Distribution>
double sf_from_zero(const Distribution& distribution, double x) {
  if (std::isnan(x)) return kNaN;
  if (x <= 0) return 1;
  if (x == kInfinity) return 0;
  return bm::cdf(bm::complement(distribution, x));
}
template <class Distribution>
double quantile_from_zero(const Distribution& distribution, double p) {
  if (!probability(p)) return kNaN;
  if (p == 0) return 0;
  if (p == 1) return kInfinity;
  return bm::quantile(distribution, p);
}

}  // namespace

double normal_cdf(double z) {
  return 0.5 * bm::erfc(-z * kSqrtHalf, Quiet());
}
double normal_sf(double z) {
  return 0.5 * bm::erfc(z * kSqrtHalf, Quiet());
}
double normal_pdf(double z) {
  return 0.39894228040143267794 * std::exp(-0.5 * z * z);
}
double normal_quantile(double p) {
  if (!probability(p)) return kNaN;
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return -bm::erfc_inv(2 * p, Quiet()) / kSqrtHalf;
}

double chi2_cdf(double x, double df) {
  if (!positive(df)) return kNaN;
  return cdf_from_zero(bm::chi_squared_distribution<double, Quiet>(df), x);
}
double chi2_sf(double x, double df) {
  if (!positive(df)) return kNaN;
  return sf_from_zero(bm::chi_squared_distribution<double, Quiet>(df), x);
}
double chi2_quantile(double p, double df) {
  if (!positive(df)) return kNaN;
  return quantile_from_zero(bm::chi_squared_distribution<double, Quiet>(df), p);
}
double noncentral_chi2_cdf(double x, double df, double ncp) {
  if (ncp == 0) return chi2_cdf(x, df);
  if (!positive(df) || !positive(ncp)) return kNaN;
  return cdf_from_zero(bm::non_central_chi_squared_distribution<double, Quiet>(df, ncp), x);
}
double noncentral_chi2_sf(double x, double df, double ncp) {
  if (ncp == 0) return chi2_sf(x, df);
  if (!positive(df) || !positive(ncp)) return kNaN;
  return sf_from_zero(bm::non_central_chi_squared_distribution<double, Quiet>(df, ncp), x);
}

double t_cdf(double t, double df) {
  return t_sf(-t, df);
}
double t_sf(double t, double df) {
  if (std::isnan(t) || !(df > 0)) return kNaN;
  if (std::isinf(df)) return normal_sf(t);
  if (std::isinf(t)) return t > 0 ? 0.0 : 1.0;
  return bm::cdf(bm::complement(bm::students_t_distribution<double, Quiet>(df), t));
}
double t_quantile(double p, double df) {
  if (!probability(p) || !(df > 0)) return kNaN;
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  if (std::isinf(df)) return normal_quantile(p);
  return bm::quantile(bm::students_t_distribution<double, Quiet>(df), p);
}
double noncentral_t_cdf(double t, double df, double ncp) {
  if (std::isnan(t) || !positive(df) || !std::isfinite(ncp)) return kNaN;
  if (ncp == 0) return t_cdf(t, df);
  if (std::isinf(t)) return t > 0 ? 1.0 : 0.0;
  return bm::cdf(bm::non_central_t_distribution<double, Quiet>(df, ncp), t);
}

double f_cdf(double f, double df1, double df2) {
  if (!positive(df1) || !positive(df2)) return kNaN;
  return cdf_from_zero(bm::fisher_f_distribution<double, Quiet>(df1, df2), f);
}
double f_sf(double f, double df1, double df2) {
  if (!positive(df1) || !positive(df2)) return kNaN;
  return sf_from_zero(bm::fisher_f_distribution<double, Quiet>(df1, df2), f);
}
double f_quantile(double p, double df1, double df2) {
  if (!positive(df1) || !positive(df2)) return kNaN;
  return quantile_from_zero(bm::fisher_f_distribution<double, Quiet>(df1, df2), p);
}

double beta_cdf(double x, double a, double b) {
  if (!positive(a) || !positive(b) || std::isnan(x)) return kNaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return bm::cdf(bm::beta_distribution<double, Quiet>(a, b), x);
}
double beta_sf(double x, double a, double b) {
  if (!positive(a) || !positive(b) || std::isnan(x)) return kNaN;
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  return bm::cdf(bm::complement(bm::beta_distribution<double, Quiet>(a, b), x));
}
double beta_quantile(double p, double a, double b) {
  if (!positive(a) || !positive(b) || !probability(p)) return kNaN;
  if (p == 0 || p == 1) return p;
  return bm::quantile(bm::beta_distribution<double, Quiet>(a, b), p);
}

double gamma_cdf(double x, double shape, double rate) {
  if (!positive(shape) || !positive(rate)) return kNaN;
  return cdf_from_zero(bm::gamma_distribution<double, Quiet>(shape, 1 / rate), x);
}
double gamma_sf(double x, double shape, double rate) {
  if (!positive(shape) || !positive(rate)) return kNaN;
  return sf_from_zero(bm::gamma_distribution<double, Quiet>(shape, 1 / rate), x);
}
double gamma_quantile(double p, double shape, double rate) {
  if (!positive(shape) || !positive(rate)) return kNaN;
  return quantile_from_zero(bm::gamma_distribution<double, Quiet>(shape, 1 / rate), p);
}

double binomial_cdf(double k, double n, double p) {
  if (!(n >= 0) || !std::isfinite(n) || !probability(p) || std::isnan(k)) return kNaN;
  if (k < 0) return 0;
  if (k >= n) return 1;
  return bm::cdf(bm::binomial_distribution<double, Quiet>(n, p), std::floor(k));
}

double log_gamma(double x) {
  return bm::lgamma(x, Quiet());
}
double digamma(double x) {
  return bm::digamma(x, Quiet());
}
double trigamma(double x) {
  return bm::trigamma(x, Quiet());
}
double log_beta(double a, double b) {
  if (!(a > 0) || !(b > 0)) return kNaN;
  // For large arguments the three log-gammas cancel; tgamma_delta_ratio keeps the digits.
  if (a < b) std::swap(a, b);
  if (a < 10) return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  const double ratio = bm::tgamma_delta_ratio(a, b, Quiet());
  if (ratio > std::numeric_limits<double>::min() && std::isfinite(ratio))
    return log_gamma(b) + std::log(ratio);
  return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

double two_sided_normal_p(double z) {
  return bm::erfc(std::fabs(z) * kSqrtHalf, Quiet());
}
double two_sided_t_p(double t, double df) {
  return 2 * t_sf(std::fabs(t), df);
}

namespace {

/// Half of the nodes and weights of the 20-point Gauss-Legendre rule on [-1, 1].
constexpr std::array<double, 10> kNode{
    0.9931285991850949, 0.9639719272779138, 0.9122344282513259, 0.8391169718222188, 0.7463319064601508,
    0.6360536807265150, 0.5108670019508271, 0.3737060887154196, 0.2277858511416451, 0.07652652113349733};
constexpr std::array<double, 10> kWeight{
    0.01761400713915212, 0.04060142980038694, 0.06267204833410906, 0.08327674157670475, 0.1019301198172404,
    0.1181945319615184,  0.1316886384491766,  0.1420961093183821,  0.1491729864726037,  0.1527533871307259};

/// The part of BVND for |rho| >= 0.925, an upper-tail probability P(X > h, Y > k).
double upper_orthant_strong(double h, double k, double rho) {
  if (rho < 0) k = -k;
  double hk = h * k;
  double sum = 0;
  if (std::fabs(rho) < 1) {
    const double as = (1 - rho) * (1 + rho);
    double a = std::sqrt(as);
    const double bs = (h - k) * (h - k);
    const double c = (4 - hk) / 8;
    const double d = (12 - hk) / 16;
    double asr = -(bs / as + hk) / 2;
    if (asr > -100)
      sum = a * std::exp(asr) * (1 - c * (bs - as) * (1 - d * bs / 5) / 3 + c * d * as * as / 5);
    if (-hk < 100) {
      const double b = std::sqrt(bs);
      sum -= std::exp(-hk / 2) * std::sqrt(kTwoPi) * normal_cdf(-b / a) * b *
             (1 - c * bs * (1 - d * bs / 5) / 3);
    }
    a /= 2;
    for (std::size_t i = 0; i < kNode.size(); ++i) {
      for (const double sign : {-1.0, 1.0}) {
        const double x = a * (sign * kNode[i] + 1);
        const double xs = x * x;
        const double rs = std::sqrt(1 - xs);
        asr = -(bs / xs + hk) / 2;
        if (asr <= -100) continue;
        sum += a * kWeight[i] * std::exp(asr) *
               (std::exp(-hk * xs / (2 * (1 + rs) * (1 + rs))) / rs - (1 + c * xs * (1 + d * xs)));
      }
    }
    sum = -sum / kTwoPi;
  }
  if (rho > 0) return sum + normal_cdf(-std::max(h, k));
  sum = -sum;
  if (k > h) sum += normal_cdf(k) - normal_cdf(h);
  return sum;
}

}  // namespace

double bivariate_normal_cdf(double h, double k, double rho) {
  if (std::isnan(h) || std::isnan(k) || !(rho >= -1 && rho <= 1)) return kNaN;
  if (h == -kInfinity || k == -kInfinity) return 0;
  if (h == kInfinity) return normal_cdf(k);
  if (k == kInfinity) return normal_cdf(h);
  // BVND gives the upper orthant; by symmetry P(X <= h, Y <= k) = P(X > -h, Y > -k).
  h = -h;
  k = -k;
  if (std::fabs(rho) >= 0.925) return std::clamp(upper_orthant_strong(h, k, rho), 0.0, 1.0);
  const double hs = (h * h + k * k) / 2;
  const double angle = std::asin(rho);
  double sum = 0;
  for (std::size_t i = 0; i < kNode.size(); ++i) {
    for (const double sign : {-1.0, 1.0}) {
      const double sine = std::sin(angle * (sign * kNode[i] + 1) / 2);
      sum += kWeight[i] * std::exp((sine * h * k - hs) / (1 - sine * sine));
    }
  }
  return std::clamp(sum * angle / (2 * kTwoPi) + normal_cdf(-h) * normal_cdf(-k), 0.0, 1.0);
}

}  // namespace rapport::math
