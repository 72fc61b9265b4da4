#include "study/alpha.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "study/sem.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// -1 for turned items.
Result<Vector> signs_of(const Items& items, const std::vector<std::string>& reverse) {
  Vector signs = Vector::Ones(static_cast<Eigen::Index>(items.names.size()));
  for (const std::string& name : reverse) {
    const auto at = std::find(items.names.begin(), items.names.end(), name);
    if (at == items.names.end()) {
      return Error{Errc::bad_input, fmt::format("'{}' is to be reversed but is not among the items", name),
                   "reverse", "names of the items"};
    }
    signs[at - items.names.begin()] = -1;
  }
  return signs;
}

double raw_alpha(const Matrix& c) {
  const auto k = static_cast<double>(c.rows());
  return (1 - c.trace() / c.sum()) * (k / (k - 1));
}

Matrix without(const Matrix& m, Eigen::Index drop) {
  const Eigen::Index k = m.rows() - 1;
  Matrix smaller(k, k);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index j = 0; j < k; ++j) smaller(i, j) = m(i + (i >= drop), j + (j >= drop));
  }
  return smaller;
}

/// Squared multiple correlations 1 - 1 / diag(R^-1); NaN when R is singular.
Vector squared_multiple_correlations(const Matrix& r) {
  const auto factor = math::Cholesky::of(r);
  if (!factor.ok()) return Vector::Constant(r.rows(), kNaN);
  return Vector::Ones(r.rows()) - factor->inverse().diagonal().cwiseInverse();
}

double median_off_diagonal(const Matrix& r) {
  std::vector<double> values;
  for (Eigen::Index i = 0; i < r.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) values.push_back(r(i, j));
  }
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

/// Q / n of van Zyl, Neudecker & Nel (2000, equation 21): the asymptotic variance of alpha under normality.
double standard_error(const Matrix& c, double n) {
  const auto k = static_cast<double>(c.rows());
  const Matrix squared = c * c;
  const double sum = c.sum(), trace = c.trace();
  const double q = 2 * k * k / ((k - 1) * (k - 1) * sum * sum * sum) *
                   (sum * (squared.trace() + trace * trace) - 2 * trace * squared.sum());
  return std::sqrt(q / n);
}

/// lambda_i of one standardised factor, theta_i: "f =~ x1 + x2 + ..." with the latent variance at 1.
PathModel one_factor(const std::vector<std::string>& names) {
  PathModel model;
  model.observed = names;
  model.latent = {"scale"};
  const auto k = static_cast<int>(names.size());
  const double none = kNaN;
  for (int i = 0; i < k; ++i) {
    model.parameters.push_back({"scale", "=~", names[static_cast<std::size_t>(i)], ParameterKind::directed, i,
                                k, model.free_count++, none});
  }
  for (int i = 0; i < k; ++i) {
    const std::string& name = names[static_cast<std::size_t>(i)];
    model.parameters.push_back({name, "~~", name, ParameterKind::symmetric, i, i, model.free_count++, none});
  }
  model.parameters.push_back({"scale", "~~", "scale", ParameterKind::symmetric, k, k, -1, 1.0});
  return model;
}

/// omega = (sum lambda)^2 / ((sum lambda)^2 + sum theta) (McDonald 1999), its delta-method error, AVE and
/// fit.
void add_omega(const Items& items, const Vector& signs, const math::ColumnMoments& complete,
               AlphaResult& result) {
  result.omega = result.omega_observed = result.omega_se = result.ave = result.chisq = result.df =
      result.pvalue = kNaN;
  const auto k = static_cast<Eigen::Index>(items.names.size());
  for (AlphaItem& item : result.items) item.loading = item.uniqueness = kNaN;
  if (k < 3) {
    result.omega_refused = "a one-factor model needs three items";
    return;
  }
  const Matrix s = signs.asDiagonal() * complete.covariance * signs.asDiagonal();
  const auto fit = fit_sem(one_factor(items.names), {s, static_cast<std::int64_t>(complete.rows_complete)});
  if (!fit.ok()) {
    result.omega_refused = fit.error().message;
    return;
  }
  const Vector lambda = fit->theta.head(k), theta = fit->theta.tail(k);
  const double common = lambda.sum() * lambda.sum(), unique = theta.sum(), total = common + unique;
  result.omega = common / total;
  result.omega_observed = common / fit->sample.sum();
  Vector gradient(2 * k);
  gradient.head(k).setConstant(2 * lambda.sum() * unique / (total * total));
  gradient.tail(k).setConstant(-common / (total * total));
  result.omega_se = std::sqrt(gradient.dot(fit->vcov * gradient));
  result.ave = lambda.squaredNorm() / (lambda.squaredNorm() + unique);
  result.chisq = fit->fit.chisq;
  result.df = fit->fit.df;
  result.pvalue = fit->fit.pvalue;
  if (!fit->improper.empty()) result.omega_refused = "improper: " + fit->improper[0].subject;
  const double sign = lambda.sum() < 0 ? -1 : 1;
  for (Eigen::Index i = 0; i < k; ++i) {
    AlphaItem& item = result.items[static_cast<std::size_t>(i)];
    item.loading = sign * lambda[i] / std::sqrt(fit->implied(i, i));
    item.uniqueness = theta[i] / fit->implied(i, i);
  }
}

/// The smallest and largest cell over all items: a turned item is low + high - x.
std::pair<double, double> range_of(const Items& items) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& column : items.columns) {
    for (const double cell : column) {
      if (cell < low) low = cell;
      if (cell > high) high = cell;
    }
  }
  return {low, high};
}

void add_items(const Items& items, const Vector& signs, const math::ColumnMoments& m, const Matrix& c,
               const Matrix& r, const Vector& smc, AlphaResult& result) {
  Matrix overlap = r;
  overlap.diagonal() = smc;
  const Vector row_sums = c.rowwise().sum(), r_sums = r.rowwise().sum(), corrected = overlap.rowwise().sum();
  const auto [low, high] = signs.minCoeff() < 0 ? range_of(items) : std::pair{0.0, 0.0};
  for (Eigen::Index i = 0; i < c.rows(); ++i) {
    AlphaItem item{.name = items.names[static_cast<std::size_t>(i)], .reversed = signs[i] < 0};
    item.n = static_cast<std::int64_t>(m.counts(i, i));
    item.mean = signs[i] < 0 ? low + high - m.means[i] : m.means[i];
    item.sd = std::sqrt(c(i, i));
    item.r_total = row_sums[i] / (item.sd * std::sqrt(c.sum()));
    item.r_std = r_sums[i] / std::sqrt(r.sum());
    item.r_cor = corrected[i] / std::sqrt(overlap.sum());
    item.r_drop = (row_sums[i] - c(i, i)) / (item.sd * std::sqrt(c.sum() - 2 * row_sums[i] + c(i, i)));
    item.alpha_if_dropped = c.rows() > 2 ? raw_alpha(without(c, i)) : kNaN;
    item.std_alpha_if_dropped = c.rows() > 2 ? raw_alpha(without(r, i)) : kNaN;
    if (item.r_drop < 0) result.against_the_scale.push_back(item.name);
    result.mean += item.mean / static_cast<double>(c.rows());
    result.items.push_back(std::move(item));
  }
}

std::int64_t rows_with_any(const Items& items, const math::ColumnMoments& m) {
  if (m.rows == m.rows_complete) return static_cast<std::int64_t>(m.rows);
  std::int64_t any = 0;
  for (std::size_t row = 0; row < items.rows(); ++row) {
    any += std::any_of(items.columns.begin(), items.columns.end(),
                       [&](const auto& c) { return !std::isnan(c[row]); });
  }
  return any;
}

}  // namespace

Result<AlphaResult> alpha(const Items& items, const AlphaOptions& options) {
  if (items.names.size() < 2)
    return Error{Errc::bad_input, "one item is no scale", "items", "two items or more"};
  RAPPORT_TRY(const Vector signs, signs_of(items, options.reverse));
  RAPPORT_TRY(const math::ColumnMoments m, item_moments(items, options.missing, 3));
  const Matrix c = signs.asDiagonal() * m.covariance * signs.asDiagonal();
  const Matrix r = math::correlation_of(c);
  const Vector smc = squared_multiple_correlations(r);
  const auto k = static_cast<double>(c.rows());
  AlphaResult result;
  result.rows = static_cast<std::int64_t>(m.rows);
  result.rows_complete = static_cast<std::int64_t>(m.rows_complete);
  result.n = options.missing == math::MissingRule::listwise ? result.rows_complete : rows_with_any(items, m);
  result.alpha = raw_alpha(c);
  result.std_alpha = (1 - k / r.sum()) * (k / (k - 1));
  result.ase = standard_error(c, static_cast<double>(result.n));
  result.ci_low = result.alpha - math::normal_quantile(0.975) * result.ase;
  result.ci_high = result.alpha + math::normal_quantile(0.975) * result.ase;
  result.g6 = 1 - (k - smc.sum()) / r.sum();
  result.average_r = (r.sum() - k) / (k * (k - 1));
  result.median_r = median_off_diagonal(r);
  result.signal_to_noise = k * result.average_r / (1 - result.average_r);
  add_items(items, signs, m, c, r, smc, result);
  if (options.missing == math::MissingRule::listwise || m.rows == m.rows_complete) {
    add_omega(items, signs, m, result);
  } else {
    const auto complete = item_moments(items, math::MissingRule::listwise, 3);
    if (complete.ok()) add_omega(items, signs, *complete, result);
    if (!complete.ok()) result.omega_refused = complete.error().message;
    if (!complete.ok()) result.omega = result.omega_observed = result.omega_se = result.ave = kNaN;
  }
  return result;
}

}  // namespace rapport::study
