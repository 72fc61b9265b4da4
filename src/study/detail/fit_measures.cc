#include "study/detail/fit_measures.h"

#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "math/optimize.h"

namespace rapport::study::detail {
namespace {

using math::Matrix;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double log_determinant(const Matrix& m) {
  const auto factor = math::Cholesky::of(m);
  return factor.ok() ? factor->log_determinant() : kNaN;
}

Matrix block_of(const Matrix& m, const std::vector<int>& of) {
  const auto k = static_cast<Eigen::Index>(of.size());
  Matrix block(k, k);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index j = 0; j < k; ++j) {
      block(i, j) = m(of[static_cast<std::size_t>(i)], of[static_cast<std::size_t>(j)]);
    }
  }
  return block;
}

/// The noncentrality at which P(X <= chisq) = p; 0 when even the central distribution lies below.
double noncentrality(double chisq, double df, double p) {
  const auto excess = [&](double ncp) { return math::noncentral_chi2_cdf(chisq, df, ncp) - p; };
  if (!(chisq > 0) || excess(0) <= 0) return 0;
  double high = std::max(chisq, 1.0);
  for (int k = 0; k < 60 && excess(high) > 0; ++k) high *= 2;
  return math::find_root(excess, 0, high, 1e-12 * high).value_or(kNaN);
}

/// The independence model: variances only, but for the exogenous block, whose covariances stay the sample's.
void add_baseline(const SemFit& fit, double weight, FitMeasures& m) {
  const auto p = static_cast<double>(fit.sample.rows()), x = static_cast<double>(fit.model.exogenous.size());
  double independent = fit.sample.diagonal().array().log().sum();
  if (x > 0) {
    const Matrix block = block_of(fit.sample, fit.model.exogenous);
    independent += log_determinant(block) - block.diagonal().array().log().sum();
  }
  m.baseline_chisq = weight * (independent - log_determinant(fit.sample));
  m.baseline_df = p * (p - 1) / 2 - x * (x - 1) / 2;
  m.baseline_pvalue = math::chi2_sf(m.baseline_chisq, m.baseline_df);
}

/// Comparative measures: Bentler (1990) CFI and RNI, Tucker & Lewis (1973), Bentler & Bonett (1980), Bollen
/// (1986, 1989), James, Mulaik & Brett (1982).
void add_comparative(FitMeasures& m) {
  const double t = m.chisq, d = m.df, tb = m.baseline_chisq, db = m.baseline_df;
  const double excess = std::max(t - d, 0.0), excess_b = std::max({t - d, tb - db, 0.0});
  m.cfi = excess_b == 0 ? 1 : 1 - excess / excess_b;
  m.tli = d > 0 && db > 0 ? (tb / db - t / d) / (tb / db - 1) : 1;
  m.nfi = (tb - t) / tb;
  m.rfi = d > 0 && db > 0 ? (tb / db - t / d) / (tb / db) : 1;
  m.ifi = (tb - t) / (tb - d);
  m.rni = (tb - t - (db - d)) / (tb - db);
  m.pnfi = d / db * m.nfi;
}

/// Root mean square error of approximation (Steiger & Lind 1980; Browne & Cudeck 1993), 90 % interval,
/// P(close fit).
void add_rmsea(FitMeasures& m, double weight) {
  if (m.df <= 0) {
    m.rmsea = m.rmsea_ci_lower = m.rmsea_ci_upper = 0;
    m.rmsea_pvalue = kNaN;
    return;
  }
  m.rmsea = std::sqrt(std::max(m.chisq / weight / m.df - 1 / weight, 0.0));
  m.rmsea_ci_lower = std::sqrt(noncentrality(m.chisq, m.df, 0.95) / (weight * m.df));
  m.rmsea_ci_upper = std::sqrt(noncentrality(m.chisq, m.df, 0.05) / (weight * m.df));
  m.rmsea_pvalue = math::noncentral_chi2_sf(m.chisq, m.df, 0.05 * 0.05 * weight * m.df);
}

/// Residual measures: SRMR standardises by the sample's deviations (Bentler 1995), CRMR compares correlations
/// (Bollen 1989) off the diagonal.
void add_residuals(const SemFit& fit, FitMeasures& m) {
  const Matrix& s = fit.sample;
  const Matrix& sigma = fit.implied;
  const Eigen::Index p = s.rows();
  double raw = 0, standard = 0, correlation = 0;
  for (Eigen::Index i = 0; i < p; ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const double residual = s(i, j) - sigma(i, j), unit = std::sqrt(s(i, i) * s(j, j));
      raw += residual * residual;
      standard += (residual / unit) * (residual / unit);
      const double r = s(i, j) / unit - sigma(i, j) / std::sqrt(sigma(i, i) * sigma(j, j));
      if (i != j) correlation += r * r;
    }
  }
  const double moments = static_cast<double>(p * (p + 1)) / 2, pairs = static_cast<double>(p * (p - 1)) / 2;
  m.rmr = std::sqrt(raw / moments);
  m.srmr = std::sqrt(standard / moments);
  m.crmr = pairs > 0 ? std::sqrt(correlation / pairs) : 0;
}

/// Jöreskog & Sörbom's (1982) GFI and AGFI, Mulaik's parsimony form, McDonald's (1989) index, Browne &
/// Cudeck's ECVI, Hoelter's (1983) critical n.
void add_absolute(const SemFit& fit, double weight, FitMeasures& m) {
  const auto p = static_cast<double>(fit.sample.rows());
  const Matrix ws = fit.implied.llt().solve(fit.sample);
  const Matrix off = ws - Matrix::Identity(ws.rows(), ws.cols());
  m.gfi = 1 - off.cwiseProduct(off.transpose()).sum() / ws.cwiseProduct(ws.transpose()).sum();
  const double moments = p * (p + 1) / 2;
  m.agfi = m.df > 0 ? 1 - moments / m.df * (1 - m.gfi) : 1;
  m.pgfi = m.df / moments * m.gfi;
  m.mfi = std::exp(-0.5 * (m.chisq - m.df) / weight);
  m.ecvi = m.chisq / weight + 2 * m.npar / weight;
  m.cn_05 = m.df > 0 ? math::chi2_quantile(0.95, m.df) / (m.chisq / weight) + 1 : kNaN;
}

/// Log-likelihoods are those of the endogenous given the exogenous variables, as in lavaan.
void add_likelihood(const SemFit& fit, FitMeasures& m) {
  m.logl = m.unrestricted_logl = m.aic = m.bic = m.bic2 = kNaN;
  if (fit.likelihood != Likelihood::normal) return;
  const auto n = static_cast<double>(fit.n), p = static_cast<double>(fit.sample.rows());
  double saturated = p * std::log(2 * M_PI) + log_determinant(fit.sample) + p;
  if (!fit.model.exogenous.empty()) {
    const auto x = static_cast<double>(fit.model.exogenous.size());
    saturated -= x * std::log(2 * M_PI) + log_determinant(block_of(fit.sample, fit.model.exogenous)) + x;
  }
  m.unrestricted_logl = -0.5 * n * saturated;
  m.logl = m.unrestricted_logl - 0.5 * m.chisq;
  m.aic = -2 * m.logl + 2 * m.npar;
  m.bic = -2 * m.logl + m.npar * std::log(n);
  m.bic2 = -2 * m.logl + m.npar * std::log((n + 2) / 24);
}

}  // namespace

FitMeasures fit_measures(const SemFit& fit) {
  FitMeasures m{};
  const double weight = static_cast<double>(fit.n) - (fit.likelihood == Likelihood::wishart ? 1 : 0);
  m.npar = fit.model.free_count;
  m.fmin = 0.5 * fit.fmin;
  m.chisq = weight * fit.fmin;
  m.df = fit.model.degrees_of_freedom();
  m.pvalue = m.df > 0 ? math::chi2_sf(m.chisq, m.df) : kNaN;
  add_baseline(fit, weight, m);
  add_comparative(m);
  add_rmsea(m, weight);
  add_residuals(fit, m);
  add_absolute(fit, weight, m);
  add_likelihood(fit, m);
  return m;
}

}  // namespace rapport::study::detail
