#include "study/pls.h"

#include <cmath>
#include <limits>

#include "study/detail/row_products.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Eigen::Index index(int i) {
  return static_cast<Eigen::Index>(i);
}

/// Coefficients of y on the constructs `causes` from the construct correlations c.
Result<Vector> regress(const Matrix& c, const std::vector<int>& causes, int y) {
  const auto k = static_cast<Eigen::Index>(causes.size());
  Matrix a(k, k);
  Vector b(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index j = 0; j < k; ++j)
      a(i, j) = c(causes[static_cast<std::size_t>(i)], causes[static_cast<std::size_t>(j)]);
    b[i] = c(causes[static_cast<std::size_t>(i)], y);
  }
  auto factor = math::Cholesky::of(a);
  if (!factor.ok())
    return Error{Errc::refused, "singular: the causes of a construct are combinations of one another",
                 "model"};
  return Vector(factor->solve(b));
}

/// One run of the algorithm on a correlation matrix.
class PlsIteration {
 public:
  PlsIteration(const PlsModel& model, const Matrix& r, const PlsOptions& options)
      : model_(model),
        r_(r),
        options_(options),
        constructs_(static_cast<Eigen::Index>(model.constructs.size())) {}

  /// Writes unit-variance outer weights into `w` (items x constructs), starting from it. Returns the
  /// iterations.
  Result<int> run(Matrix& w) {
    RAPPORT_CHECK(factor_blocks());
    RAPPORT_CHECK(normalise(w));
    for (int iteration = 1; iteration <= options_.iterations_max; ++iteration) {
      const Matrix rw = r_ * w;
      const Matrix c = w.transpose() * rw;
      RAPPORT_TRY(const Matrix inner, inner_weights(c));
      Matrix next = outer_weights(rw * inner);
      RAPPORT_CHECK(normalise(next));
      const double change = (next - w).cwiseAbs().maxCoeff();
      w = next;
      if (change < options_.tolerance) return iteration;
    }
    return Error{Errc::refused, fmt::format("not converged after {} iterations", options_.iterations_max),
                 "model", "a simpler model or more rows"};
  }

 private:
  Status factor_blocks() {
    for (const PlsConstruct& construct : model_.constructs) {
      if (construct.mode == PlsMode::a) {
        blocks_.emplace_back();
        continue;
      }
      const auto k = static_cast<Eigen::Index>(construct.items.size());
      Matrix block(k, k);
      for (Eigen::Index i = 0; i < k; ++i) {
        for (Eigen::Index j = 0; j < k; ++j) {
          block(i, j) =
              r_(construct.items[static_cast<std::size_t>(i)], construct.items[static_cast<std::size_t>(j)]);
        }
      }
      const auto factor = math::Cholesky::of(block);
      if (!factor.ok()) {
        return Error{Errc::refused,
                     fmt::format("singular: the formative block of '{}' has redundant items", construct.name),
                     construct.name, "items that are not combinations of one another"};
      }
      blocks_.push_back(factor->inverse());
    }
    return {};
  }

  Status normalise(Matrix& w) const {
    const Matrix rw = r_ * w;
    for (Eigen::Index j = 0; j < constructs_; ++j) {
      const double variance = w.col(j).dot(rw.col(j));
      if (!(variance > 1e-12)) {
        return Error{Errc::refused,
                     fmt::format("the construct '{}' has no variance",
                                 model_.constructs[static_cast<std::size_t>(j)].name),
                     "model", "items that point the same way"};
      }
      w.col(j) /= std::sqrt(variance);
    }
    return {};
  }

  /// Column j: how construct j's proxy is put together from its neighbours.
  Result<Matrix> inner_weights(const Matrix& c) const {
    Matrix inner = Matrix::Zero(constructs_, constructs_);
    for (const auto& [cause, effect] : model_.paths) {
      const double r = c(cause, effect);
      const double weight = options_.scheme == PlsScheme::centroid ? (r < 0 ? -1.0 : 1.0) : r;
      inner(effect, cause) = weight;
      if (options_.scheme != PlsScheme::path) inner(cause, effect) = weight;
    }
    if (options_.scheme != PlsScheme::path) return inner;
    for (Eigen::Index j = 0; j < constructs_; ++j) {
      const auto& causes = model_.constructs[static_cast<std::size_t>(j)].causes;
      if (causes.empty()) continue;
      RAPPORT_TRY(const Vector b, regress(c, causes, static_cast<int>(j)));
      for (std::size_t i = 0; i < causes.size(); ++i) inner(causes[i], j) = b[static_cast<Eigen::Index>(i)];
    }
    return inner;
  }

  /// `rz` = R W E: the covariances of all items with the proxies.
  Matrix outer_weights(const Matrix& rz) const {
    Matrix w = Matrix::Zero(r_.rows(), constructs_);
    for (Eigen::Index j = 0; j < constructs_; ++j) {
      const PlsConstruct& construct = model_.constructs[static_cast<std::size_t>(j)];
      const auto k = static_cast<Eigen::Index>(construct.items.size());
      Vector covariances(k);
      for (Eigen::Index i = 0; i < k; ++i)
        covariances[i] = rz(construct.items[static_cast<std::size_t>(i)], j);
      if (construct.mode == PlsMode::b) covariances = blocks_[static_cast<std::size_t>(j)] * covariances;
      for (Eigen::Index i = 0; i < k; ++i)
        w(construct.items[static_cast<std::size_t>(i)], j) = covariances[i];
    }
    return w;
  }

  const PlsModel& model_;
  const Matrix& r_;
  const PlsOptions& options_;
  Eigen::Index constructs_;
  std::vector<Matrix> blocks_;  ///< inverse correlations of formative blocks
};

Matrix unit_weights(const PlsModel& model) {
  Matrix w = Matrix::Zero(static_cast<Eigen::Index>(model.items.size()),
                          static_cast<Eigen::Index>(model.constructs.size()));
  for (std::size_t j = 0; j < model.constructs.size(); ++j) {
    for (const int item : model.constructs[j].items) w(item, static_cast<Eigen::Index>(j)) = 1;
  }
  return w;
}

/// Paths, total effects and R2 from the construct correlations.
Status solve_inner(PlsFit& fit) {
  const PlsModel& model = fit.model;
  const auto k = static_cast<Eigen::Index>(model.constructs.size());
  fit.paths = Matrix::Zero(k, k);
  fit.r2 = fit.r2_adjusted = Vector::Constant(k, kNaN);
  const double n = static_cast<double>(fit.n);
  for (int j = 0; j < static_cast<int>(k); ++j) {
    const auto& causes = model.constructs[static_cast<std::size_t>(j)].causes;
    if (causes.empty()) continue;
    RAPPORT_TRY(const Vector b, regress(fit.correlations, causes, j));
    fit.r2[j] = 0;
    for (std::size_t i = 0; i < causes.size(); ++i) {
      fit.paths(j, causes[i]) = b[static_cast<Eigen::Index>(i)];
      fit.r2[j] += b[static_cast<Eigen::Index>(i)] * fit.correlations(causes[i], j);
    }
    fit.r2_adjusted[j] = 1 - (1 - fit.r2[j]) * (n - 1) / (n - 1 - static_cast<double>(causes.size()));
  }
  fit.total = Matrix::Zero(k, k);
  for (const int j : model.order) {
    for (const int cause : model.constructs[static_cast<std::size_t>(j)].causes) {
      fit.total.row(j) += fit.paths(j, cause) * fit.total.row(cause);
      fit.total(j, cause) += fit.paths(j, cause);
    }
  }
  return {};
}

Result<PlsFit> finish(const PlsModel& model, const Matrix& r, std::int64_t n, Matrix w, int iterations) {
  PlsFit fit;
  fit.model = model;
  fit.n = n;
  fit.iterations = iterations;
  fit.cross_loadings = r * w;
  fit.correlations = w.transpose() * fit.cross_loadings;
  fit.weights.resize(r.rows());
  fit.loadings.resize(r.rows());
  for (std::size_t j = 0; j < model.constructs.size(); ++j) {
    for (const int item : model.constructs[j].items) {
      fit.weights[item] = w(item, static_cast<Eigen::Index>(j));
      fit.loadings[item] = fit.cross_loadings(item, static_cast<Eigen::Index>(j));
    }
  }
  RAPPORT_CHECK(solve_inner(fit));
  return fit;
}

}  // namespace

Result<PlsFit> fit_pls(const PlsModel& model, const Matrix& correlations, std::int64_t n,
                       const PlsOptions& options) {
  Matrix w = unit_weights(model);
  RAPPORT_TRY(const int iterations, PlsIteration(model, correlations, options).run(w));
  // The sign of a construct is arbitrary: its loadings sum to something positive.
  const Matrix loadings = correlations * w;
  for (std::size_t j = 0; j < model.constructs.size(); ++j) {
    double sum = 0;
    for (const int item : model.constructs[j].items) sum += loadings(item, static_cast<Eigen::Index>(j));
    if (sum < 0) w.col(static_cast<Eigen::Index>(j)) *= -1;
  }
  return finish(model, correlations, n, std::move(w), iterations);
}

std::vector<PlsQuality> pls_quality(const PlsFit& fit, const Matrix& r) {
  std::vector<PlsQuality> all;
  for (const PlsConstruct& construct : fit.model.constructs) {
    const auto k = static_cast<double>(construct.items.size());
    double sum = 0, squares = 0, total = 0, ww = 0, numerator = 0, denominator = 0;
    for (const int i : construct.items) {
      sum += fit.loadings[i];
      squares += fit.loadings[i] * fit.loadings[i];
      ww += fit.weights[i] * fit.weights[i];
      for (const int j : construct.items) {
        total += r(i, j);
        if (i == j) continue;
        numerator += fit.weights[i] * r(i, j) * fit.weights[j];
        denominator += fit.weights[i] * fit.weights[i] * fit.weights[j] * fit.weights[j];
      }
    }
    PlsQuality quality{kNaN, kNaN, kNaN, kNaN};
    if (construct.items.size() == 1) {
      quality = {kNaN, 1, 1, 1};
    } else if (construct.mode == PlsMode::a) {
      quality.alpha = (1 - k / total) * k / (k - 1);
      quality.rho_c = sum * sum / (sum * sum + (k - squares));
      quality.ave = squares / k;
      quality.rho_a = ww * ww * numerator / denominator;
    }
    all.push_back(quality);
  }
  return all;
}

std::vector<PlsIndex> pls_indices(const PlsFit& fit, const math::ColumnMoments& moments,
                                  const std::vector<double>& low, const std::vector<double>& high,
                                  int target) {
  std::vector<PlsIndex> all;
  for (const PlsConstruct& construct : fit.model.constructs) {
    double sum = 0;
    for (const int i : construct.items) sum += fit.weights[i] / std::sqrt(moments.covariance(i, i));
    PlsIndex made;
    std::vector<double> share;
    for (const int i : construct.items) {
      const auto at = static_cast<std::size_t>(i);
      const double width = high[at] - low[at];
      const double weight = fit.weights[i] / std::sqrt(moments.covariance(i, i)) / sum;
      made.performance += weight * 100 * (moments.means[i] - low[at]) / width;
      share.push_back(weight * 100 / width);
    }
    double variance = 0;
    for (std::size_t a = 0; a < share.size(); ++a) {
      for (std::size_t b = 0; b < share.size(); ++b) {
        variance += share[a] * share[b] * moments.covariance(construct.items[a], construct.items[b]);
      }
    }
    made.sd = std::sqrt(variance);
    all.push_back(made);
  }
  for (std::size_t j = 0; j < all.size(); ++j) {
    all[j].importance =
        fit.total(target, index(static_cast<int>(j))) * all[static_cast<std::size_t>(target)].sd / all[j].sd;
  }
  return all;
}

Result<PlsBootstrap> bootstrap_pls(const PlsFit& fit, const Matrix& rows, const PlsOptions& options,
                                   const PlsBootstrapOptions& bootstrap) {
  const detail::RowProducts products(rows);
  const PlsModel& model = fit.model;
  const std::size_t items = model.items.size(), paths = model.paths.size();
  Matrix start = unit_weights(model);
  for (Eigen::Index i = 0; i < start.rows(); ++i) start.row(i) *= fit.weights[i];
  PlsOptions each = options;
  each.tolerance = std::max(options.tolerance, 1e-9);
  const math::Statistic statistic = [&](std::span<const std::uint32_t> draw, std::span<double> out) {
    thread_local std::vector<double> sums;
    Matrix s(rows.cols(), rows.cols());
    products.covariance(draw, sums, 1, s);
    if (!(s.diagonal().minCoeff() > 0)) return false;
    const Matrix r = math::correlation_of(s);
    Matrix w = start;
    const auto iterations = PlsIteration(model, r, each).run(w);
    if (!iterations.ok()) return false;
    for (Eigen::Index j = 0; j < w.cols(); ++j) {
      if (w.col(j).dot(start.col(j)) < 0) w.col(j) *= -1;
    }
    const auto again = finish(model, r, fit.n, std::move(w), *iterations);
    if (!again.ok()) return false;
    for (std::size_t i = 0; i < items; ++i) {
      out[i] = again->weights[static_cast<Eigen::Index>(i)];
      out[items + i] = again->loadings[static_cast<Eigen::Index>(i)];
    }
    for (std::size_t i = 0; i < paths; ++i) {
      out[2 * items + i] = again->paths(model.paths[i].second, model.paths[i].first);
      out[2 * items + paths + i] = again->total(model.paths[i].second, model.paths[i].first);
    }
    return true;
  };
  RAPPORT_TRY(
      const math::Draws draws,
      math::bootstrap(
          static_cast<std::size_t>(rows.rows()), 2 * (items + paths), statistic,
          {.replicates = bootstrap.replicates, .seed = bootstrap.seed, .threads = bootstrap.threads}));
  if (2 * draws.failed > draws.replicates()) {
    return Error{Errc::refused,
                 fmt::format("{} of {} bootstrap draws gave no answer", draws.failed, draws.replicates()),
                 "bootstrap", "a model that converges on resampled rows"};
  }
  PlsBootstrap result{.replicates = draws.replicates(), .failed = draws.failed};
  const auto collect = [&](std::size_t first, std::size_t count, std::vector<double>& se,
                           std::vector<math::Interval>& ci) {
    for (std::size_t i = first; i < first + count; ++i) {
      const std::vector<double> sorted = draws.sorted(i);
      se.push_back(math::standard_deviation(sorted));
      ci.push_back(math::percentile_interval(sorted, bootstrap.level));
    }
  };
  collect(0, items, result.weight_se, result.weight);
  collect(items, items, result.loading_se, result.loading);
  collect(2 * items, paths, result.path_se, result.path);
  collect(2 * items + paths, paths, result.total_se, result.total);
  return result;
}

}  // namespace rapport::study
