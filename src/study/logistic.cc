#include "study/logistic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "math/distributions.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

constexpr int kIterationsMax = 60;
/// By now a maximum that exists has been found; steps that still move a linear predictor by this much never
/// end.
constexpr int kSeparationIteration = 25;
constexpr double kSeparationStep = 0.1;

double log_likelihood(const Vector& eta, const Vector& y) {
  double sum = 0;
  for (Index i = 0; i < eta.size(); ++i) {
    // y eta - log(1 + e^eta) without overflow.
    const double e = eta[i];
    sum += y[i] * e - (e > 0 ? e + std::log1p(std::exp(-e)) : std::log1p(std::exp(e)));
  }
  return sum;
}

struct Standardised {
  Matrix design;  ///< ones, then columns of mean 0 and standard deviation 1
  Vector mean, scale;
};

Result<Standardised> standardise(const Matrix& x, const std::vector<std::string>& names) {
  Standardised s;
  const math::Moments m = math::moments(x);
  s.mean = m.means;
  s.scale = m.covariance.diagonal().cwiseSqrt();
  for (Index j = 0; j < x.cols(); ++j) {
    if (s.scale[j] > 1e-12 * (1 + std::fabs(s.mean[j]))) continue;
    const std::string& name = names[static_cast<std::size_t>(j)];
    return Error{Errc::refused, fmt::format("'{}' does not vary", name), name,
                 "a column with at least two values"};
  }
  s.design.resize(x.rows(), x.cols() + 1);
  s.design.col(0).setOnes();
  for (Index j = 0; j < x.cols(); ++j) s.design.col(j + 1) = (x.col(j).array() - s.mean[j]) / s.scale[j];
  return s;
}

Status check_outcome(const Matrix& x, const Vector& y, std::size_t names) {
  if (x.rows() != y.size() || x.cols() != static_cast<Index>(names)) {
    return fail(Errc::bad_input, "the design is {} x {}, the outcome has {} rows", x.rows(), x.cols(),
                y.size());
  }
  if (!x.allFinite()) return fail(Errc::bad_input, "the design holds a missing or infinite value");
  double events = 0;
  for (Index i = 0; i < y.size(); ++i) {
    if (y[i] != 0 && y[i] != 1) {
      return Error{Errc::bad_input, fmt::format("row {} of the outcome is {}", i + 1, y[i]), "outcome",
                   "0 or 1"};
    }
    events += y[i];
  }
  if (events == 0 || events == static_cast<double>(y.size())) {
    return Error{Errc::refused, "the outcome never varies: all rows are alike", "outcome", "both outcomes"};
  }
  if (y.size() <= x.cols() + 1) {
    return Error{Errc::refused,
                 fmt::format("{} rows are too few for {} coefficients", y.size(), x.cols() + 1), "rows",
                 fmt::format("at least {}", x.cols() + 2)};
  }
  return {};
}

Error separated(const Vector& step, const std::vector<std::string>& names) {
  Index at = 0;
  step.tail(step.size() - 1).cwiseAbs().maxCoeff(&at);
  const std::string& name = names[static_cast<std::size_t>(at)];
  return Error{
      Errc::refused,
      fmt::format(
          "the outcomes are separated: a combination of columns, led by '{}', tells them apart without "
          "error, so no finite estimate exists",
          name),
      name, "fewer columns, coarser categories or more rows"};
}

struct Maximum {
  Vector beta;
  Matrix inverse_information;
  Vector eta;
  double log_likelihood = 0;
  int iterations = 0;
};

Result<Maximum> maximise(const Matrix& design, const Vector& y, const std::vector<std::string>& names) {
  Maximum m;
  m.beta = Vector::Zero(design.cols());
  const double rate = y.mean();
  m.beta[0] = std::log(rate / (1 - rate));
  m.eta = design * m.beta;
  m.log_likelihood = log_likelihood(m.eta, y);
  for (m.iterations = 1; m.iterations <= kIterationsMax; ++m.iterations) {
    const Vector p = (1 + (-m.eta.array()).exp()).inverse();
    const Vector w = p.array() * (1 - p.array());
    const Vector score = design.transpose() * (y - p);
    Matrix weighted = w.cwiseSqrt().asDiagonal() * design;
    Matrix information = Matrix::Zero(design.cols(), design.cols());
    information.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
    auto factor = math::Cholesky::of(information);
    const Vector scale = information.diagonal().cwiseSqrt();
    const bool singular = !factor.ok() || (factor->lower().diagonal().array() < 1e-7 * scale.array()).any();
    if (singular) {
      if (m.iterations > 8) return separated(m.beta, names);
      return Error{Errc::refused, "a column is a combination of the others", "collinear",
                   "no redundant columns"};
    }
    m.inverse_information = factor->inverse();
    const Vector step = factor->solve(score);
    const double decrement = score.dot(step);
    const Vector eta_step = design * step;
    if (m.iterations >= kSeparationIteration && eta_step.cwiseAbs().maxCoeff() > kSeparationStep) {
      return separated(step, names);
    }
    double t = 1;
    double next = log_likelihood(m.eta + eta_step, y);
    while (next < m.log_likelihood - 1e-12 * std::fabs(m.log_likelihood) && t > 1e-6) {
      t /= 2;
      next = log_likelihood(m.eta + t * eta_step, y);
    }
    m.beta += t * step;
    m.eta += t * eta_step;
    m.log_likelihood = next;
    // A tiny score is not enough: under separation it vanishes while the predictors run away.
    if (decrement < 1e-20 && eta_step.cwiseAbs().maxCoeff() < 1e-8) return m;
    if (decrement < 1e-16 * static_cast<double>(y.size()) && eta_step.cwiseAbs().maxCoeff() < 1e-9) return m;
  }
  return Error{Errc::refused, "the logistic fit did not converge", "converged",
               "fewer or better scaled columns"};
}

}  // namespace

Result<LogisticFit> fit_logistic(const Matrix& x, const Vector& y, const std::vector<std::string>& names,
                                 const RegressionOptions& options) {
  RAPPORT_CHECK(check_outcome(x, y, names.size()));
  RAPPORT_TRY(const Standardised s, standardise(x, names));
  RAPPORT_TRY(const Maximum m, maximise(s.design, y, names));
  LogisticFit fit;
  fit.n = static_cast<std::size_t>(y.size());
  fit.events = static_cast<std::size_t>(y.sum());
  fit.iterations = m.iterations;
  fit.log_likelihood = m.log_likelihood;
  const double rate = y.mean(), n = static_cast<double>(y.size());
  fit.null_log_likelihood = n * (rate * std::log(rate) + (1 - rate) * std::log1p(-rate));
  fit.deviance = -2 * fit.log_likelihood;
  fit.null_deviance = -2 * fit.null_log_likelihood;
  fit.aic = fit.deviance + 2 * static_cast<double>(s.design.cols());
  fit.mcfadden_r2 = 1 - fit.log_likelihood / fit.null_log_likelihood;
  fit.lr_df = static_cast<double>(x.cols());
  fit.lr_chisq = fit.null_deviance - fit.deviance;
  fit.lr_p = math::chi2_sf(fit.lr_chisq, fit.lr_df);
  fit.fitted = (1 + (-m.eta.array()).exp()).inverse();
  fit.auc = area_under_curve({fit.fitted.data(), fit.n}, {y.data(), fit.n});
  // Back to the units of x: beta_j / s_j, intercept - sum beta_j mean_j / s_j.
  Matrix back = Matrix::Zero(s.design.cols(), s.design.cols());
  back(0, 0) = 1;
  for (Index j = 0; j < x.cols(); ++j) {
    back(j + 1, j + 1) = 1 / s.scale[j];
    back(0, j + 1) = -s.mean[j] / s.scale[j];
  }
  const Vector beta = back * m.beta;
  fit.covariance = back * m.inverse_information * back.transpose();
  if (options.errors != ErrorType::classical) {
    // Huber-White: A^-1 (sum (y-p)^2 x x') A^-1; hc1 multiplies by n / (n - p), hc2 and hc3 are taken as hc1.
    const Matrix scored = (y - fit.fitted).asDiagonal() * s.design;
    const Matrix half = back * m.inverse_information;
    fit.covariance = half * (scored.transpose() * scored) * half.transpose();
    if (options.errors != ErrorType::hc0) fit.covariance *= n / (n - static_cast<double>(s.design.cols()));
  }
  const double quantile = math::normal_quantile((1 + options.level) / 2);
  for (Index j = 0; j < beta.size(); ++j) {
    Coefficient c{j == 0 ? "(intercept)" : names[static_cast<std::size_t>(j - 1)], beta[j],
                  std::sqrt(fit.covariance(j, j))};
    c.statistic = c.estimate / c.se;
    c.p = math::two_sided_normal_p(c.statistic);
    c.ci_low = c.estimate - quantile * c.se;
    c.ci_high = c.estimate + quantile * c.se;
    fit.coefficients.push_back(std::move(c));
  }
  return fit;
}

double area_under_curve(std::span<const double> score, std::span<const double> outcome) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
  double rank_sum = 0, ones = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && score[order[j]] == score[order[i]]) ++j;
    const double rank = (static_cast<double>(i + j) + 1) / 2;
    for (std::size_t k = i; k < j; ++k) {
      if (outcome[order[k]] == 1) {
        rank_sum += rank;
        ones += 1;
      }
    }
    i = j;
  }
  const double zeros = static_cast<double>(score.size()) - ones;
  return ones == 0 || zeros == 0 ? std::nan("") : (rank_sum - ones * (ones + 1) / 2) / (ones * zeros);
}

}  // namespace rapport::study
