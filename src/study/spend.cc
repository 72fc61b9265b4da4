#include "study/spend.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "math/distributions.h"
#include "math/linear.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

constexpr double kLogMax = 14;

/// Value, gradient and Hessian of a log-likelihood in its own parameters.
struct Derivatives {
  double value = 0;
  Vector gradient;
  Matrix hessian;
};
using Objective = std::function<Derivatives(const Vector& parameters)>;

struct Peak {
  Vector parameters, se;
  double value = 0;
  int iterations = 0;
  bool boundary = false;
};

void to_log_scale(Derivatives& d, const Vector& parameters) {
  d.gradient = d.gradient.cwiseProduct(parameters);
  d.hessian = parameters.asDiagonal() * d.hessian * parameters.asDiagonal();
  d.hessian.diagonal() += d.gradient;
}

/// Newton in the log parameters, curvature made concave where it is not, steps halved until they climb.
Peak climb(const Objective& objective, Vector theta, double n) {
  Peak peak;
  const auto at = [&](const Vector& log_parameters) {
    const Vector parameters = log_parameters.array().exp();
    Derivatives d = objective(parameters);
    to_log_scale(d, parameters);
    return d;
  };
  Derivatives now = at(theta);
  for (peak.iterations = 1; peak.iterations < 500; ++peak.iterations) {
    const auto eigen = math::symmetric_eigen(-now.hessian);
    const double floor = 1e-9 * eigen.values.cwiseAbs().maxCoeff();
    Vector step = Vector::Zero(theta.size());
    for (Eigen::Index k = 0; k < theta.size(); ++k) {
      step += eigen.vectors.col(k) *
              (eigen.vectors.col(k).dot(now.gradient) / std::max(std::fabs(eigen.values[k]), floor));
    }
    const double longest = step.cwiseAbs().maxCoeff();
    if (longest > 2) step *= 2 / longest;
    bool climbed = false;
    for (int half = 0; half < 40 && !climbed; ++half, step /= 2) {
      const Vector next = (theta + step).cwiseMax(-kLogMax).cwiseMin(kLogMax);
      const Vector moved = next - theta;
      if (moved.dot(now.gradient) < 1e-13 * n) {
        // Below what the value can show: one last Newton step on the gradient alone.
        theta = next;
        now = at(theta);
        break;
      }
      Derivatives trial = at(next);
      if (!(trial.value >= now.value - 1e-13 * std::fabs(now.value))) continue;
      theta = next;
      now = std::move(trial);
      climbed = true;
    }
    if (!climbed) break;
  }
  peak.parameters = theta.array().exp();
  peak.value = now.value;
  const auto factor = math::Cholesky::of(-now.hessian);
  peak.boundary = !factor.ok() || theta.cwiseAbs().maxCoeff() > kLogMax - 3;
  peak.se = factor.ok() ? Vector(peak.parameters.cwiseProduct(factor->inverse().diagonal().cwiseSqrt()))
                        : Vector::Constant(theta.size(), std::numeric_limits<double>::quiet_NaN());
  return peak;
}

/// Fader & Hardie (2013), eq. 1a, summed. Terms in x alone are taken once for each distinct x.
Derivatives gamma_gamma(const Vector& parameters, std::span<const SpendHistory> customers,
                        const std::map<double, double>& count_of_x) {
  const double p = parameters[0], q = parameters[1], v = parameters[2];
  Derivatives d{0, Vector::Zero(3), Matrix::Zero(3, 3)};
  const double lq = math::log_gamma(q), dq = math::digamma(q), tq = math::trigamma(q), log_v = std::log(v);
  for (const auto& [x, n] : count_of_x) {
    const double px = p * x, sum = px + q;
    const double dsum = math::digamma(sum), tsum = math::trigamma(sum);
    d.value += n * (math::log_gamma(sum) - math::log_gamma(px) - lq + q * log_v + px * std::log(x));
    d.gradient[0] += n * x * (dsum - math::digamma(px) + std::log(x));
    d.gradient[1] += n * (dsum - dq + log_v);
    d.gradient[2] += n * q / v;
    d.hessian(0, 0) += n * x * x * (tsum - math::trigamma(px));
    d.hessian(0, 1) += n * x * tsum;
    d.hessian(1, 1) += n * (tsum - tq);
    d.hessian(1, 2) += n / v;
    d.hessian(2, 2) -= n * q / (v * v);
  }
  for (const SpendHistory& c : customers) {
    const double x = c.frequency, m = c.mean_value, all = v + x * m, log_all = std::log(all), sum = p * x + q;
    d.value += (p * x - 1) * std::log(m) - sum * log_all;
    d.gradient[0] += x * (std::log(m) - log_all);
    d.gradient[1] -= log_all;
    d.gradient[2] -= sum / all;
    d.hessian(0, 2) -= x / all;
    d.hessian(1, 2) -= 1 / all;
    d.hessian(2, 2) += sum / (all * all);
  }
  d.hessian(1, 0) = d.hessian(0, 1);
  d.hessian(2, 0) = d.hessian(0, 2);
  d.hessian(2, 1) = d.hessian(1, 2);
  return d;
}

double correlation_of(std::span<const SpendHistory> customers) {
  Matrix m(static_cast<Eigen::Index>(customers.size()), 2);
  for (std::size_t i = 0; i < customers.size(); ++i) {
    m(static_cast<Eigen::Index>(i), 0) = customers[i].frequency;
    m(static_cast<Eigen::Index>(i), 1) = customers[i].mean_value;
  }
  return math::correlation_of(math::moments(m).covariance)(1, 0);
}

}  // namespace

Result<GammaGammaFit> fit_gamma_gamma(std::span<const SpendHistory> customers) {
  std::map<double, double> count_of_x;
  double low = std::numeric_limits<double>::infinity(), high = 0, mean = 0;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const SpendHistory& c = customers[i];
    if (!(c.frequency >= 1) || !std::isfinite(c.frequency)) {
      return Error{Errc::bad_input, fmt::format("customer {} has {} repeat purchases", i + 1, c.frequency),
                   fmt::format("row {}", i + 1), "customers with a repeat purchase"};
    }
    if (!(c.mean_value > 0) || !std::isfinite(c.mean_value)) {
      return Error{Errc::bad_input, fmt::format("customer {} spends {} a purchase", i + 1, c.mean_value),
                   fmt::format("row {}", i + 1), "a mean value above 0"};
    }
    count_of_x[c.frequency] += 1;
    low = std::min(low, c.mean_value);
    high = std::max(high, c.mean_value);
    mean += c.mean_value;
  }
  if (customers.size() < 10)
    return Error{Errc::refused, fmt::format("{} repeat customers", customers.size()), "rows", "at least 10"};
  if (!(high > low))
    return Error{Errc::refused, "every customer spends the same", "money", "values that vary"};
  mean /= static_cast<double>(customers.size());
  // Scale money to a mean of 1, so that one start serves every currency.
  std::vector<SpendHistory> scaled(customers.begin(), customers.end());
  for (SpendHistory& c : scaled) c.mean_value /= mean;
  Vector start(3);
  start << std::log(4.0), std::log(4.0), std::log(0.8);
  const Peak peak = climb([&](const Vector& p) { return gamma_gamma(p, scaled, count_of_x); }, start,
                          static_cast<double>(customers.size()));
  GammaGammaFit fit;
  fit.parameters = {peak.parameters[0], peak.parameters[1], peak.parameters[2] * mean};
  fit.se = {peak.se[0], peak.se[1], peak.se[2] * mean};
  fit.n = customers.size();
  fit.log_likelihood = peak.value - static_cast<double>(fit.n) * std::log(mean);
  fit.population_mean = expected_value(fit.parameters, 0, 0);
  fit.correlation = correlation_of(customers);
  fit.iterations = peak.iterations;
  fit.boundary = peak.boundary;
  return fit;
}

double expected_value(const GammaGammaParameters& g, double x, double mean_value) {
  const double below = g.p * x + g.q - 1;
  if (!(below > 0)) return std::numeric_limits<double>::infinity();
  return g.p * (g.v + x * mean_value) / below;
}

namespace {

/// ln P(T = t) = ln B(alpha + 1, beta + t - 1) - ln B(alpha, beta) and ln S(t) = ln B(alpha, beta + t) - ln
/// B(alpha, beta), both as A ln Gamma(alpha + i) + ln Gamma(beta + j) - ln Gamma(alpha + beta + t) + const.
Derivatives retention_likelihood(const Vector& parameters, const std::vector<double>& survivors) {
  const double a = parameters[0], b = parameters[1];
  Derivatives d{0, Vector::Zero(2), Matrix::Zero(2, 2)};
  const auto add_beta = [&](double n, double u, double w) {
    if (n == 0) return;
    const double dsum = math::digamma(u + w), tsum = math::trigamma(u + w);
    d.value += n * math::log_beta(u, w);
    d.gradient[0] += n * (math::digamma(u) - dsum);
    d.gradient[1] += n * (math::digamma(w) - dsum);
    d.hessian(0, 0) += n * (math::trigamma(u) - tsum);
    d.hessian(1, 1) += n * (math::trigamma(w) - tsum);
    d.hessian(0, 1) -= n * tsum;
  };
  for (std::size_t t = 1; t < survivors.size(); ++t)
    add_beta(survivors[t - 1] - survivors[t], a + 1, b + static_cast<double>(t) - 1);
  add_beta(survivors.back(), a, b + static_cast<double>(survivors.size() - 1));
  add_beta(-survivors.front(), a, b);
  d.hessian(1, 0) = d.hessian(0, 1);
  return d;
}

}  // namespace

Result<RetentionFit> fit_retention(const std::vector<double>& survivors, std::size_t horizon) {
  if (survivors.size() < 3)
    return Error{Errc::refused, fmt::format("{} periods", survivors.size()), "rows", "at least 3 numbers"};
  for (std::size_t t = 0; t < survivors.size(); ++t) {
    if (survivors[t] >= 0 && (t == 0 ? survivors[0] > 0 : survivors[t] <= survivors[t - 1])) continue;
    return Error{Errc::bad_input, fmt::format("period {}: {} survivors", t, survivors[t]),
                 fmt::format("period {}", t), "survivors of one cohort, never more than the period before"};
  }
  if (survivors.back() == survivors.front()) {
    return Error{Errc::refused, "nobody left: retention cannot be told from certainty", "survivors",
                 "at least one loss"};
  }
  const Peak peak = climb([&](const Vector& p) { return retention_likelihood(p, survivors); },
                          Vector::Zero(2), survivors.front());
  RetentionFit fit;
  fit.alpha = peak.parameters[0];
  fit.beta = peak.parameters[1];
  fit.se = {peak.se[0], peak.se[1]};
  fit.log_likelihood = peak.value;
  fit.periods = survivors.size() - 1;
  fit.n = survivors.front();
  fit.boundary = peak.boundary;
  double alive = 1;
  fit.survival.push_back(1);
  for (std::size_t t = 1; t <= fit.periods + horizon; ++t) {
    const double tt = static_cast<double>(t);
    fit.retention.push_back((fit.beta + tt - 1) / (fit.alpha + fit.beta + tt - 1));
    alive *= fit.retention.back();
    fit.survival.push_back(alive);
  }
  fit.expected_life =
      fit.alpha > 1 ? (fit.alpha + fit.beta - 1) / (fit.alpha - 1) : std::numeric_limits<double>::infinity();
  return fit;
}

}  // namespace rapport::study
