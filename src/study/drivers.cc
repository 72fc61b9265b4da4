#include "study/drivers.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "math/distributions.h"
#include "math/resample.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

/// What is left of predictors k .. p-1 and the outcome after partialling out the chosen ones: a (p - k +
/// 1)-square, row-major, the outcome last. One buffer a depth.
class SubsetWalk {
 public:
  explicit SubsetWalk(const Matrix& correlation)
      : p_(static_cast<std::size_t>(correlation.rows()) - 1), r2_(std::size_t{1} << p_) {
    for (std::size_t k = 0; k <= p_; ++k) buffers_.emplace_back((p_ - k + 1) * (p_ - k + 1));
    for (std::size_t i = 0; i <= p_; ++i) {
      for (std::size_t j = 0; j <= p_; ++j)
        buffers_[0][i * (p_ + 1) + j] = correlation(static_cast<Index>(i), static_cast<Index>(j));
    }
  }
  std::vector<double> run() {
    walk(0, 0);
    return std::move(r2_);
  }

 private:
  void walk(std::size_t k, std::size_t chosen) {
    const std::size_t size = p_ - k + 1;
    const std::vector<double>& now = buffers_[k];
    if (k == p_) {
      r2_[chosen] = 1 - now[0];
      return;
    }
    std::vector<double>& next = buffers_[k + 1];
    for (std::size_t i = 1; i < size; ++i)
      std::copy(&now[i * size + 1], &now[i * size + size], &next[(i - 1) * (size - 1)]);
    walk(k + 1, chosen);
    const double pivot = 1 / now[0];
    for (std::size_t i = 1; i < size; ++i) {
      const double factor = now[i] * pivot;
      for (std::size_t j = 1; j < size; ++j)
        next[(i - 1) * (size - 1) + j - 1] = now[i * size + j] - factor * now[j];
    }
    walk(k + 1, chosen | (std::size_t{1} << k));
  }
  std::size_t p_;
  std::vector<double> r2_;
  std::vector<std::vector<double>> buffers_;
};

/// Mean over orders = sum over subsets S without j of |S|! (p - |S| - 1)! / p! * gain.
std::vector<double> lmg_of(const std::vector<double>& r2, std::size_t p) {
  std::vector<double> weight(p);
  for (std::size_t s = 0; s < p; ++s) {
    weight[s] =
        std::exp(math::log_gamma(static_cast<double>(s) + 1) + math::log_gamma(static_cast<double>(p - s)) -
                 math::log_gamma(static_cast<double>(p) + 1));
  }
  std::vector<double> lmg(p, 0.0);
  for (std::size_t set = 0; set < r2.size(); ++set) {
    const auto size = static_cast<std::size_t>(std::popcount(set));
    if (size == p) continue;
    const double w = weight[size];
    for (std::size_t j = 0; j < p; ++j) {
      if ((set >> j & 1) == 0) lmg[j] += w * (r2[set | (std::size_t{1} << j)] - r2[set]);
    }
  }
  return lmg;
}

std::vector<double> johnson_of(const Matrix& rxx, const Vector& rxy) {
  const auto eigen = math::symmetric_eigen(rxx);
  const Vector root = eigen.values.cwiseMax(0).cwiseSqrt();
  const Matrix lambda = eigen.vectors * root.asDiagonal() * eigen.vectors.transpose();
  const Vector beta = eigen.vectors * root.cwiseInverse().asDiagonal() * eigen.vectors.transpose() * rxy;
  const Vector weights = lambda.array().square().matrix() * beta.array().square().matrix();
  return {weights.begin(), weights.end()};
}

}  // namespace

std::vector<double> all_subsets_r2(const Matrix& correlation) {
  return SubsetWalk(correlation).run();
}

Result<DriverShares> driver_shares(const Matrix& r, const std::vector<std::string>& names) {
  const std::size_t p = names.size();
  if (p == 0 || r.rows() != static_cast<Index>(p) + 1 || r.cols() != r.rows()) {
    return fail(Errc::bad_input, "{} predictors and a {} x {} correlation matrix", p, r.rows(), r.cols());
  }
  if (p > kDriversMax) {
    return Error{Errc::too_large, fmt::format("{} predictors have {} subsets", p, std::size_t{1} << p),
                 "items", fmt::format("at most {}", kDriversMax)};
  }
  for (std::size_t j = 0; j <= p; ++j) {
    if (std::isfinite(r(static_cast<Index>(j), static_cast<Index>(j)))) continue;
    const std::string name = j < p ? names[j] : "outcome";
    return Error{Errc::refused, fmt::format("'{}' does not vary", name), name,
                 "a column with at least two values"};
  }
  const Index n = static_cast<Index>(p);
  const Matrix rxx = r.topLeftCorner(n, n);
  const Vector rxy = r.col(n).head(n);
  const auto factor = math::Cholesky::of(rxx);
  if (!factor.ok() || factor->lower().diagonal().minCoeff() < 1e-7) {
    Index worst = 0;
    if (factor.ok()) factor->lower().diagonal().minCoeff(&worst);
    const std::string name = factor.ok() ? names[static_cast<std::size_t>(worst)] : "items";
    return Error{Errc::refused,
                 fmt::format("'{}' is a combination of the other items: their parts cannot be told", name),
                 name, "no redundant items"};
  }
  DriverShares s;
  const std::vector<double> r2 = all_subsets_r2(r);
  s.r2 = r2.back();
  s.lmg = lmg_of(r2, p);
  s.johnson = johnson_of(rxx, rxy);
  const Vector beta = factor->solve(rxy);
  const Vector inverse_diagonal = factor->inverse().diagonal();
  for (std::size_t j = 0; j < p; ++j) {
    const auto at = static_cast<Index>(j);
    s.beta.push_back(beta[at]);
    s.beta_squared.push_back(beta[at] * beta[at]);
    s.pratt.push_back(beta[at] * rxy[at]);
    s.first.push_back(rxy[at] * rxy[at]);
    s.last.push_back(beta[at] * beta[at] / inverse_diagonal[at]);
    s.vif.push_back(inverse_diagonal[at]);
  }
  return s;
}

namespace {

/// Sums from which a resample's correlation matrix follows: of z and z z' per unit of resampling, z centred
/// once.
struct Blocks {
  std::size_t units = 0;
  std::vector<Matrix> cross;
  std::vector<Vector> sum;
  std::vector<double> count;
};

constexpr std::size_t kRowsAsUnits = 20000, kBlocks = 1000;

Blocks make_blocks(const Matrix& z) {
  const auto n = static_cast<std::size_t>(z.rows());
  Blocks b;
  b.units = n <= kRowsAsUnits ? n : kBlocks;
  if (b.units == n) return b;
  for (std::size_t u = 0; u < b.units; ++u) {
    const std::size_t from = n * u / b.units, to = n * (u + 1) / b.units;
    const Matrix part = z.middleRows(static_cast<Index>(from), static_cast<Index>(to - from));
    b.cross.push_back(part.transpose() * part);
    b.sum.push_back(part.colwise().sum().transpose());
    b.count.push_back(static_cast<double>(to - from));
  }
  return b;
}

Matrix resampled_correlation(const Matrix& z, const Blocks& blocks, std::span<const std::uint32_t> units) {
  Matrix cross = Matrix::Zero(z.cols(), z.cols());
  Vector sum = Vector::Zero(z.cols());
  double n = 0;
  if (!blocks.cross.empty()) {
    for (const auto u : units) {
      cross += blocks.cross[u];
      sum += blocks.sum[u];
      n += blocks.count[u];
    }
  } else {
    std::vector<double> times(static_cast<std::size_t>(z.rows()), 0.0);
    for (const auto u : units) times[u] += 1;
    const Eigen::Map<const Vector> weight(times.data(), z.rows());
    const Matrix weighted = weight.asDiagonal() * z;
    cross = z.transpose() * weighted;
    sum = weighted.colwise().sum().transpose();
    n = static_cast<double>(units.size());
  }
  return math::correlation_of((cross - sum * sum.transpose() / n) / (n - 1));
}

Status add_intervals(DriversResult& result, const Matrix& z, const DriversOptions& options) {
  const std::size_t p = result.names.size();
  const Blocks blocks = make_blocks(z);
  result.resampled_units = blocks.units;
  const auto statistic = [&](std::span<const std::uint32_t> units, std::span<double> out) {
    const auto shares = driver_shares(resampled_correlation(z, blocks, units), result.names);
    if (!shares.ok()) return false;
    std::copy(shares->lmg.begin(), shares->lmg.end(), out.begin());
    std::copy(shares->johnson.begin(), shares->johnson.end(), out.begin() + static_cast<std::ptrdiff_t>(p));
    std::copy(shares->beta.begin(), shares->beta.end(), out.begin() + static_cast<std::ptrdiff_t>(2 * p));
    return true;
  };
  RAPPORT_TRY(
      const math::Draws draws,
      math::bootstrap(blocks.units, 3 * p, statistic,
                      {.replicates = options.replicates, .seed = options.seed, .threads = options.threads}));
  if (draws.failed * 2 > options.replicates) {
    return Error{Errc::refused,
                 fmt::format("{} of {} resamples were collinear", draws.failed, options.replicates), "rows",
                 "more rows"};
  }
  for (std::size_t k = 0; k < 3 * p; ++k) {
    const auto interval = math::percentile_interval(draws.sorted(k), options.level);
    auto& into = k < p ? result.lmg_ci : k < 2 * p ? result.johnson_ci : result.beta_ci;
    into.push_back({interval.low, interval.high});
  }
  return {};
}

}  // namespace

Result<DriversResult> drivers(const Matrix& x, const Vector& y, const std::vector<std::string>& names,
                              const DriversOptions& options) {
  const Index p = x.cols();
  if (x.rows() != y.size() || p != static_cast<Index>(names.size()) || p == 0) {
    return fail(Errc::bad_input, "{} x {} predictors with {} names and {} outcomes", x.rows(), p,
                names.size(), y.size());
  }
  if (!x.allFinite() || !y.allFinite()) return fail(Errc::bad_input, "a value is missing or infinite");
  if (x.rows() < p + 3) {
    return Error{Errc::refused, fmt::format("{} complete rows for {} items", x.rows(), p), "rows",
                 fmt::format("at least {}", p + 3)};
  }
  Matrix z(x.rows(), p + 1);
  z << x, y;
  const math::Moments m = math::moments(z);
  DriversResult result;
  result.names = names;
  result.n = static_cast<std::size_t>(x.rows());
  RAPPORT_TRY(result.shares, driver_shares(math::correlation_of(m.covariance), names));
  const double n = static_cast<double>(result.n), k = static_cast<double>(p);
  result.f_p = math::f_sf(result.shares.r2 / k / ((1 - result.shares.r2) / (n - k - 1)), k, n - k - 1);
  for (Index j = 0; j < p; ++j) {
    result.means.push_back(m.means[j]);
    result.mean_se.push_back(std::sqrt(m.covariance(j, j) / n));
  }
  result.outcome_mean = m.means[p];
  if (options.replicates == 0) return result;
  z.rowwise() -= m.means.transpose();
  RAPPORT_CHECK(add_intervals(result, z, options));
  return result;
}

std::string_view quadrant_name(IpaQuadrant quadrant) {
  switch (quadrant) {
    case IpaQuadrant::concentrate_here:
      return "concentrate_here";
    case IpaQuadrant::keep_up:
      return "keep_up";
    case IpaQuadrant::low_priority:
      return "low_priority";
    case IpaQuadrant::possible_overkill:
      return "possible_overkill";
  }
  return "keep_up";
}

Result<IpaMap> importance_performance(const std::vector<std::string>& names,
                                      const std::vector<double>& importance,
                                      const std::vector<double>& performance, double importance_line,
                                      double performance_line) {
  if (names.size() < 2 || importance.size() != names.size() || performance.size() != names.size()) {
    return Error{Errc::bad_input,
                 fmt::format("{} items, {} importances, {} performances", names.size(), importance.size(),
                             performance.size()),
                 "items", "at least two items"};
  }
  const auto mean = [](const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  IpaMap map;
  map.importance_line = std::isnan(importance_line) ? mean(importance) : importance_line;
  map.performance_line = std::isnan(performance_line) ? mean(performance) : performance_line;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool important = importance[i] >= map.importance_line,
               good = performance[i] >= map.performance_line;
    const IpaQuadrant quadrant = important
                                     ? (good ? IpaQuadrant::keep_up : IpaQuadrant::concentrate_here)
                                     : (good ? IpaQuadrant::possible_overkill : IpaQuadrant::low_priority);
    map.points.push_back({names[i], importance[i], performance[i], quadrant});
  }
  return map;
}

}  // namespace rapport::study
