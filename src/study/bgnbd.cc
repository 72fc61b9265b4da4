#include "study/bgnbd.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "math/resample.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kFrequencyMax = 1e6;
/// |ln parameter| beyond this is the end of its range.
constexpr double kLogMax = 10;
constexpr int kIterationsMax = 500;
constexpr std::size_t kChunk = 16384;

/// Log-likelihood, gradient and the upper triangle of the Hessian in (r, alpha, a, b).
struct Sums {
  double value = 0;
  std::array<double, 4> g{};
  std::array<double, 10> h{};  ///< rr ra r? ...: index(i, j)
};
constexpr std::size_t index(std::size_t i, std::size_t j) {
  return i * 4 - i * (i + 1) / 2 + j;
}

void add(Sums& into, const Sums& part) {
  into.value += part.value;
  for (std::size_t i = 0; i < 4; ++i) into.g[i] += part.g[i];
  for (std::size_t i = 0; i < 10; ++i) into.h[i] += part.h[i];
}

/// The cohort by columns, and how many customers bought x times: everything in A1 and A2 depends on x alone.
struct Cohort {
  std::vector<double> x, tx, t;
  std::vector<double> count_of_x;  ///< index x
  double unit = 1;                 ///< times were divided by this
};

/// The part of the log-likelihood that depends on the count only: A1 and A2 of eq. 7 (lnGamma terms).
Sums count_part(const BgnbdParameters& p, const Cohort& cohort) {
  Sums s;
  const double gr = math::log_gamma(p.r), gb = math::log_gamma(p.b), gab = math::log_gamma(p.a + p.b);
  const double dr = math::digamma(p.r), db = math::digamma(p.b), dab = math::digamma(p.a + p.b);
  const double tr = math::trigamma(p.r), tb = math::trigamma(p.b), tab = math::trigamma(p.a + p.b);
  const double log_alpha = std::log(p.alpha);
  for (std::size_t k = 0; k < cohort.count_of_x.size(); ++k) {
    const double n = cohort.count_of_x[k];
    if (n == 0) continue;
    const double x = static_cast<double>(k);
    double lr = 0, dgr = 0, tgr = 0, lb = 0, dgb = 0, tgb = 0, lab = 0, dgab = 0, tgab = 0;
    if (k > 0) {
      lr = math::log_gamma(p.r + x) - gr;
      dgr = math::digamma(p.r + x) - dr;
      tgr = math::trigamma(p.r + x) - tr;
      lb = math::log_gamma(p.b + x) - gb;
      dgb = math::digamma(p.b + x) - db;
      tgb = math::trigamma(p.b + x) - tb;
      lab = gab - math::log_gamma(p.a + p.b + x);
      dgab = dab - math::digamma(p.a + p.b + x);
      tgab = tab - math::trigamma(p.a + p.b + x);
    }
    s.value += n * (lr + p.r * log_alpha + lb + lab);
    s.g[0] += n * (dgr + log_alpha);
    s.g[1] += n * p.r / p.alpha;
    s.g[2] += n * dgab;
    s.g[3] += n * (dgab + dgb);
    s.h[index(0, 0)] += n * tgr;
    s.h[index(0, 1)] += n / p.alpha;
    s.h[index(1, 1)] -= n * p.r / (p.alpha * p.alpha);
    s.h[index(2, 2)] += n * tgab;
    s.h[index(2, 3)] += n * tgab;
    s.h[index(3, 3)] += n * (tgab + tgb);
  }
  return s;
}

/// ln(e^A3 + [x > 0] e^A4) and its derivatives for the customers of one chunk.
Sums time_part(const BgnbdParameters& p, const Cohort& c, std::size_t from, std::size_t to) {
  Sums s;
  const double log_a = std::log(p.a);
  for (std::size_t i = from; i < to; ++i) {
    const double x = c.x[i], rx = p.r + x;
    const double end = p.alpha + c.t[i], log_end = std::log(end), end_inverse = 1 / end;
    const double ua = -rx * end_inverse;
    if (x == 0) {
      s.value -= rx * log_end;
      s.g[0] -= log_end;
      s.g[1] += ua;
      s.h[index(0, 1)] -= end_inverse;
      s.h[index(1, 1)] -= ua * end_inverse;
      continue;
    }
    const double last = p.alpha + c.tx[i], log_last = std::log(last), last_inverse = 1 / last;
    const double bx = 1 / (p.b + x - 1);
    const double va = -rx * last_inverse;
    const double u = -rx * log_end, v = log_a + std::log(bx) - rx * log_last;
    // w = e^v / (e^u + e^v)
    const double d = u - v;
    const double e = std::exp(-std::fabs(d));
    const double w = (d > 0 ? e : 1.0) / (1 + e), o = (d > 0 ? 1.0 : e) / (1 + e);
    s.value += std::max(u, v) + std::log1p(e);
    const double d0 = log_end - log_last, d1 = va - ua, d2 = 1 / p.a, d3 = -bx;
    s.g[0] += -log_end + w * d0;
    s.g[1] += ua + w * d1;
    s.g[2] += w * d2;
    s.g[3] += w * d3;
    const double k = w * o;
    s.h[index(0, 0)] += k * d0 * d0;
    s.h[index(0, 1)] += k * d0 * d1 - o * end_inverse - w * last_inverse;
    s.h[index(0, 2)] += k * d0 * d2;
    s.h[index(0, 3)] += k * d0 * d3;
    s.h[index(1, 1)] += k * d1 * d1 - o * ua * end_inverse - w * va * last_inverse;
    s.h[index(1, 2)] += k * d1 * d2;
    s.h[index(1, 3)] += k * d1 * d3;
    s.h[index(2, 2)] += k * d2 * d2 - w * d2 * d2;
    s.h[index(2, 3)] += k * d2 * d3;
    s.h[index(3, 3)] += k * d3 * d3 + w * bx * bx;
  }
  return s;
}

Sums evaluate(const BgnbdParameters& p, const Cohort& cohort, unsigned threads) {
  const std::size_t chunks = (cohort.x.size() + kChunk - 1) / kChunk;
  std::vector<Sums> parts(chunks);
  math::parallel_for(chunks, threads, [&](std::size_t k) {
    parts[k] = time_part(p, cohort, k * kChunk, std::min(cohort.x.size(), (k + 1) * kChunk));
  });
  Sums s = count_part(p, cohort);
  for (const Sums& part : parts) add(s, part);
  return s;
}

Result<Cohort> read_cohort(std::span<const PurchaseHistory> customers) {
  Cohort c;
  double repeats = 0, total = 0, largest = 0;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const PurchaseHistory& h = customers[i];
    const auto wrong = [&](std::string what, const char* expected) {
      return Error{Errc::bad_input, fmt::format("customer {}: {}", i + 1, what), fmt::format("row {}", i + 1),
                   expected};
    };
    if (!(h.frequency >= 0) || h.frequency != std::floor(h.frequency) || h.frequency > kFrequencyMax) {
      return wrong(fmt::format("frequency {}", h.frequency), "a whole number from 0 to a million");
    }
    if (!(h.length >= 0) || !std::isfinite(h.length))
      return wrong(fmt::format("T {}", h.length), "a time from 0");
    if (!(h.recency >= 0) || h.recency > h.length * (1 + 1e-9) + 1e-9) {
      return wrong(fmt::format("recency {} with T {}", h.recency, h.length), "0 <= recency <= T");
    }
    if (h.frequency == 0 && h.recency > 0) return wrong("a recency without a repeat purchase", "recency 0");
    repeats += h.frequency;
    total += h.length;
    largest = std::max(largest, h.frequency);
  }
  if (customers.size() < 10)
    return Error{Errc::refused, fmt::format("{} customers", customers.size()), "rows", "at least 10"};
  if (repeats == 0)
    return Error{Errc::refused, "nobody bought a second time: there is no repeat buying to model",
                 "frequency", "repeat purchases"};
  if (!(total > 0))
    return Error{Errc::refused, "nobody was observed for any time", "T",
                 "observation after the first purchase"};
  c.unit = total / static_cast<double>(customers.size());
  c.count_of_x.assign(static_cast<std::size_t>(largest) + 1, 0.0);
  for (const PurchaseHistory& h : customers) {
    c.x.push_back(h.frequency);
    c.tx.push_back(h.recency / c.unit);
    c.t.push_back(h.length / c.unit);
    c.count_of_x[static_cast<std::size_t>(h.frequency)] += 1;
  }
  return c;
}

BgnbdParameters from_log(const Vector& theta) {
  return {std::exp(theta[0]), std::exp(theta[1]), std::exp(theta[2]), std::exp(theta[3])};
}

/// Chain rule to the log scale: g_i p_i, H_ij p_i p_j + [i = j] g_i p_i.
void to_log_scale(const Sums& s, const BgnbdParameters& p, Vector& gradient, Matrix& hessian) {
  const std::array<double, 4> scale{p.r, p.alpha, p.a, p.b};
  gradient.resize(4);
  hessian.resize(4, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto ii = static_cast<Eigen::Index>(i);
    gradient[ii] = s.g[i] * scale[i];
    for (std::size_t j = i; j < 4; ++j) {
      const auto jj = static_cast<Eigen::Index>(j);
      hessian(ii, jj) = s.h[index(i, j)] * scale[i] * scale[j] + (i == j ? gradient[ii] : 0);
      hessian(jj, ii) = hessian(ii, jj);
    }
  }
}

struct Search {
  Vector theta = Vector::Zero(4);
  Vector gradient;
  Matrix hessian;
  Sums sums;
  int iterations = 0;
};

/// Coordinates that may move: not those at the end of their range whose gradient points out of it.
std::vector<Eigen::Index> free_coordinates(const Search& s) {
  std::vector<Eigen::Index> free;
  for (Eigen::Index k = 0; k < 4; ++k) {
    if (std::fabs(s.theta[k]) < kLogMax || s.theta[k] * s.gradient[k] < 0) free.push_back(k);
  }
  return free;
}

/// The Newton step over the free coordinates. Directions that are not concave have their curvature turned
/// round, so that the step always climbs; no coordinate moves by more than 1.5 on the log scale.
Vector newton_step(const Search& s, double ridge, double* curvature_max) {
  const auto free = free_coordinates(s);
  Vector step = Vector::Zero(4);
  if (free.empty()) return step;
  const auto eigen = math::symmetric_eigen(-s.hessian(free, free));
  const Vector gradient = s.gradient(free);
  *curvature_max = eigen.values.cwiseAbs().maxCoeff();
  Vector some = Vector::Zero(gradient.size());
  for (Eigen::Index k = 0; k < gradient.size(); ++k) {
    const double curvature = std::max(std::fabs(eigen.values[k]), 1e-9 * *curvature_max) + ridge;
    some += eigen.vectors.col(k) * (eigen.vectors.col(k).dot(gradient) / curvature);
  }
  const double longest = some.cwiseAbs().maxCoeff();
  step(free) = longest > 1.5 ? Vector(some * (1.5 / longest)) : some;
  return step;
}

/// Newton with a ridge that grows while a step fails to climb; returns when the step is below rounding.
void search(const Cohort& cohort, unsigned threads, double tolerance, Search& s) {
  const double n = static_cast<double>(cohort.x.size());
  s.sums = evaluate(from_log(s.theta), cohort, threads);
  to_log_scale(s.sums, from_log(s.theta), s.gradient, s.hessian);
  double ridge = 0, curvature = 0;
  for (int pass = 0; pass < kIterationsMax; ++pass) {
    ++s.iterations;
    const Vector step = newton_step(s, ridge, &curvature);
    const Vector next = (s.theta + step).cwiseMax(-kLogMax).cwiseMin(kLogMax);
    const Vector moved = next - s.theta;
    const double gain = moved.dot(s.gradient);
    if (moved.cwiseAbs().maxCoeff() < tolerance || std::fabs(gain) < 1e-16 * n) return;
    const Sums trial = evaluate(from_log(next), cohort, threads);
    if (!(trial.value >= s.sums.value - 1e-13 * std::fabs(s.sums.value))) {
      ridge = std::max(4 * ridge, 1e-3 * curvature);
      if (ridge > 1e12 * n) return;
      continue;
    }
    ridge = ridge > 1e-9 * curvature ? ridge / 8 : 0;
    s.theta = next;
    s.sums = trial;
    to_log_scale(s.sums, from_log(s.theta), s.gradient, s.hessian);
  }
}

/// Every twentieth customer, to come near before the whole cohort is touched: only the start of the search.
Cohort thin(const Cohort& cohort) {
  Cohort some;
  some.unit = cohort.unit;
  some.count_of_x.assign(cohort.count_of_x.size(), 0.0);
  for (std::size_t i = 0; i < cohort.x.size(); i += 20) {
    some.x.push_back(cohort.x[i]);
    some.tx.push_back(cohort.tx[i]);
    some.t.push_back(cohort.t[i]);
    some.count_of_x[static_cast<std::size_t>(cohort.x[i])] += 1;
  }
  return some;
}

}  // namespace

Result<BgnbdFit> fit_bgnbd(std::span<const PurchaseHistory> customers, unsigned threads) {
  RAPPORT_TRY(const Cohort cohort, read_cohort(customers));
  Search s;
  const double repeats = [&] {
    double sum = 0;
    for (const double x : cohort.x) sum += x;
    return sum / static_cast<double>(cohort.x.size());
  }();
  // Start: rate of the mean customer, r = .5, a chance to leave of .3.
  s.theta << std::log(0.5), std::log(0.5 / std::max(repeats, 1e-3)), std::log(0.6), std::log(1.4);
  s.theta = s.theta.cwiseMax(-8).cwiseMin(8);
  if (cohort.x.size() > 100000) search(thin(cohort), threads, 1e-4, s);
  search(cohort, threads, 1e-12, s);
  BgnbdFit fit;
  fit.parameters = from_log(s.theta);
  fit.parameters.alpha *= cohort.unit;
  fit.n = customers.size();
  fit.repeaters = fit.n - static_cast<std::size_t>(cohort.count_of_x[0]);
  // Rescaling time by u multiplies each density of x events by u^x.
  fit.log_likelihood = s.sums.value;
  for (std::size_t k = 0; k < cohort.count_of_x.size(); ++k) {
    fit.log_likelihood -= static_cast<double>(k) * cohort.count_of_x[k] * std::log(cohort.unit);
  }
  fit.iterations = s.iterations;
  // At the end of the range a gradient that points out of it is no reason to go on.
  for (Eigen::Index k = 0; k < 4; ++k) {
    if (std::fabs(s.theta[k]) >= kLogMax && s.theta[k] * s.gradient[k] > 0) s.gradient[k] = 0;
  }
  fit.gradient_norm = s.gradient.norm() / static_cast<double>(fit.n);
  fit.boundary = s.theta.cwiseAbs().maxCoeff() > kLogMax - 2;
  const auto factor = math::Cholesky::of(-s.hessian);
  fit.boundary = fit.boundary || !factor.ok();
  fit.covariance_log = factor.ok() ? factor->inverse() : Matrix::Constant(4, 4, kNaN);
  const std::array<double, 4> values{fit.parameters.r, fit.parameters.alpha, fit.parameters.a,
                                     fit.parameters.b};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    fit.se[i] = values[i] * std::sqrt(fit.covariance_log(at, at));
  }
  return fit;
}

double bgnbd_log_likelihood(const BgnbdParameters& p, std::span<const PurchaseHistory> customers,
                            std::array<double, 4>* gradient) {
  Cohort c;
  double largest = 0;
  for (const PurchaseHistory& h : customers) largest = std::max(largest, h.frequency);
  c.count_of_x.assign(static_cast<std::size_t>(largest) + 1, 0.0);
  for (const PurchaseHistory& h : customers) {
    c.x.push_back(h.frequency);
    c.tx.push_back(h.recency);
    c.t.push_back(h.length);
    c.count_of_x[static_cast<std::size_t>(h.frequency)] += 1;
  }
  const Sums s = evaluate(p, c, 1);
  if (gradient != nullptr) *gradient = s.g;
  return s.value;
}

namespace {

/// (1 - z)^(r + x) 2F1(r + x, b + x; a + b + x - 1; z) for 0 <= z < 1. The direct series has positive terms;
/// for many purchases, where its terms overflow, Euler's transformation gives (1 - z)^(a - 1) 2F1(a + b - 1 -
/// r, a - 1; c; z) (Abramowitz & Stegun 15.3.3).
double scaled_hypergeometric(const BgnbdParameters& p, double x, double z) {
  const double c = p.a + p.b + x - 1;
  const bool direct = p.r + x < 150 && z < 0.95;
  const double u = direct ? p.r + x : p.a + p.b - 1 - p.r;
  const double v = direct ? p.b + x : p.a - 1;
  double term = 1, sum = 1;
  for (int n = 0; n < 2'000'000; ++n) {
    const double ratio = (u + n) * (v + n) / ((c + n) * (n + 1.0)) * z;
    term *= ratio;
    sum += term;
    // The tail is below term * ratio / (1 - ratio) once the ratio has settled.
    if (n > 8 && std::fabs(ratio) < 1 &&
        std::fabs(term) * std::fabs(ratio) < 1e-16 * std::fabs(sum) * (1 - std::fabs(ratio)))
      break;
  }
  return std::exp((direct ? p.r + x : p.a - 1) * std::log1p(-z)) * sum;
}

/// (a + b + x - 1) / (a - 1) * [1 - scaled 2F1]: continuous through a = 1, where both factors vanish.
double expectation_bracket(BgnbdParameters p, double x, double z) {
  if (std::fabs(p.a - 1) < 1e-6) {
    BgnbdParameters above = p, below = p;
    above.a = 1 + 1e-5;
    below.a = 1 - 1e-5;
    return (expectation_bracket(above, x, z) + expectation_bracket(below, x, z)) / 2;
  }
  // c = 0 is a removable singularity of the product; step off it.
  if (std::fabs(p.a + p.b + x - 1) < 1e-9) p.b += 1e-8;
  return (p.a + p.b + x - 1) / (p.a - 1) * (1 - scaled_hypergeometric(p, x, z));
}

}  // namespace

double probability_alive(const BgnbdParameters& p, const PurchaseHistory& c) {
  if (c.frequency == 0) return 1;
  const double log_odds = std::log(p.a) - std::log(p.b + c.frequency - 1) +
                          (p.r + c.frequency) * std::log((p.alpha + c.length) / (p.alpha + c.recency));
  return log_odds > 700 ? 0 : 1 / (1 + std::exp(log_odds));
}

double expected_purchases(const BgnbdParameters& p, double t) {
  return t <= 0 ? 0 : expectation_bracket(p, 0, t / (p.alpha + t));
}

double conditional_expected_purchases(const BgnbdParameters& p, const PurchaseHistory& c, double t) {
  if (t <= 0) return 0;
  return expectation_bracket(p, c.frequency, t / (p.alpha + c.length + t)) * probability_alive(p, c);
}

double probability_of_purchases(const BgnbdParameters& p, int k, double t) {
  const double x = k, z = t / (p.alpha + t), log_rest = std::log(p.alpha / (p.alpha + t)),
               log_z = std::log(z);
  const double staying = math::log_beta(p.a, p.b + x) - math::log_beta(p.a, p.b) + math::log_gamma(p.r + x) -
                         math::log_gamma(p.r) - math::log_gamma(x + 1) + p.r * log_rest + x * log_z;
  if (k == 0) return std::exp(staying);
  // 1 - sum_{j < k} is the upper tail of a negative binomial: an incomplete beta, without cancellation.
  const double tail = math::beta_cdf(z, x, p.r);
  return std::exp(staying) + std::exp(math::log_beta(p.a + 1, p.b + x - 1) - math::log_beta(p.a, p.b)) * tail;
}

}  // namespace rapport::study
