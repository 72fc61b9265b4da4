#include "study/efa.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/distributions.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

/// f(x) = sum over the smaller eigenvalues of (theta - log theta - 1) for S* = Psi^-1/2 R Psi^-1/2, x = log
/// psi, with its gradient and exact Hessian (Jöreskog 1967, equations 25-29, there for psi).
class Concentrated {
 public:
  Concentrated(const Matrix& r, Eigen::Index factors) : r_(r), k_(factors) {}

  double set(const Vector& x) {
    const Vector scale = (-0.5 * x).array().exp();
    eigen_ = math::symmetric_eigen(scale.asDiagonal() * r_ * scale.asDiagonal());
    double f = 0;
    for (Eigen::Index m = k_; m < r_.rows(); ++m) {
      const double theta = eigen_.values[m];
      if (!(theta > 0)) return std::numeric_limits<double>::infinity();
      f += theta - std::log(theta) - 1;
    }
    return f;
  }
  Vector gradient() const {
    Vector g = Vector::Zero(r_.rows());
    for (Eigen::Index m = k_; m < r_.rows(); ++m)
      g += (1 - eigen_.values[m]) * eigen_.vectors.col(m).cwiseAbs2();
    return g;
  }
  /// d theta_m / dx_i = -theta_m w_im^2 and d w_m / dx_j = -1/2 sum over n of (theta_m + theta_n) / (theta_m
  /// - theta_n) w_jn w_jm w_n; pairs inside the smaller group are joined, so equal eigenvalues do no harm.
  Matrix hessian() const {
    const Eigen::Index p = r_.rows();
    Matrix h = Matrix::Zero(p, p);
    for (Eigen::Index m = k_; m < p; ++m) {
      const double theta = eigen_.values[m];
      const Vector squared = eigen_.vectors.col(m).cwiseAbs2();
      h += theta * squared * squared.transpose();
      for (Eigen::Index n = 0; n < p; ++n) {
        if (n == m) continue;
        const double other = eigen_.values[n];
        // Within the group the terms of (m, n) and (n, m) add up to theta_m + theta_n, shared evenly here.
        const double factor =
            n < k_ ? -(1 - theta) * (theta + other) / (theta - other) : 0.5 * (theta + other);
        const Vector product = eigen_.vectors.col(m).cwiseProduct(eigen_.vectors.col(n));
        h += factor * product * product.transpose();
      }
    }
    return h;
  }
  /// (sum over the smaller group of w_m w_m')^2 elementwise: positive semidefinite, near the Hessian when the
  /// fit is good.
  Matrix approximate_hessian() const {
    const Matrix tail = eigen_.vectors.rightCols(r_.rows() - k_);
    const Matrix projector = tail * tail.transpose();
    return projector.cwiseAbs2();
  }
  /// Loadings Psi^1/2 Omega (Theta - I)^1/2.
  Matrix loadings(const Vector& x) const {
    Matrix l = eigen_.vectors.leftCols(k_);
    for (Eigen::Index m = 0; m < k_; ++m) l.col(m) *= std::sqrt(std::max(0.0, eigen_.values[m] - 1));
    const Vector scale = (0.5 * x).array().exp();
    return scale.asDiagonal() * l;
  }

 private:
  const Matrix& r_;
  Eigen::Index k_;
  math::SymmetricEigen eigen_;
};

struct Search {
  Vector x;
  double value = 0, gradient_norm = 0;
  int iterations = 0;
  bool converged = false;
};

/// -H^-1 g over the free components, with the first of the two Hessians that is positive definite there.
Vector newton_direction(const Concentrated& f, const Vector& g, const std::vector<Eigen::Index>& free) {
  const auto k = static_cast<Eigen::Index>(free.size());
  Vector step = Vector::Zero(g.size());
  for (const bool exact : {true, false}) {
    const Matrix h = exact ? f.hessian() : f.approximate_hessian();
    Matrix sub(k, k);
    Vector part(k);
    for (Eigen::Index i = 0; i < k; ++i) {
      part[i] = g[free[static_cast<std::size_t>(i)]];
      for (Eigen::Index j = 0; j < k; ++j)
        sub(i, j) = h(free[static_cast<std::size_t>(i)], free[static_cast<std::size_t>(j)]);
    }
    if (!exact) sub.diagonal().array() += 1e-6;
    const auto factor = math::Cholesky::of(sub);
    if (!factor.ok()) continue;
    const Vector solved = factor->solve(part);
    for (Eigen::Index i = 0; i < k; ++i) step[free[static_cast<std::size_t>(i)]] = -solved[i];
    const double longest = step.cwiseAbs().maxCoeff();
    if (longest > 2) step *= 2 / longest;
    return step;
  }
  for (const Eigen::Index i : free) step[i] = -g[i];
  return step;
}

/// Projected Newton's method on log psi in [log kUniquenessMin, 0].
Search minimise(Concentrated& f, const Vector& start) {
  const double low = std::log(kUniquenessMin);
  Search at{.x = start};
  at.value = f.set(at.x);
  for (; at.iterations < 500; ++at.iterations) {
    const Vector g = f.gradient();
    std::vector<Eigen::Index> free;
    double norm = 0;
    for (Eigen::Index i = 0; i < g.size(); ++i) {
      if ((at.x[i] <= low && g[i] > 0) || (at.x[i] >= 0 && g[i] < 0)) continue;
      free.push_back(i);
      norm += g[i] * g[i];
    }
    at.gradient_norm = std::sqrt(norm);
    at.converged = at.gradient_norm < 1e-9;
    if (at.gradient_norm < 1e-14 || free.empty()) break;
    const Vector step = newton_direction(f, g, free);
    double length = 1;
    bool moved = false;
    for (int halving = 0; halving < 50 && !moved; ++halving, length *= 0.5) {
      const Vector trial = (at.x + length * step).cwiseMax(low).cwiseMin(0.0);
      const double value = f.set(trial);
      const double decrease = at.converged ? -1e-15 : 1e-4 * g.dot(at.x - trial);
      if (!std::isfinite(value) || value > at.value - decrease) continue;
      if (at.converged && f.gradient().norm() >= g.norm()) break;
      moved = (trial - at.x).cwiseAbs().maxCoeff() > 0;
      at.x = trial;
      at.value = value;
      break;
    }
    if (!moved) break;
  }
  f.set(at.x);
  return at;
}

/// Order by sum of squares, signs by column sums.
void tidy(EfaFit& fit) {
  const Eigen::Index k = fit.loadings.cols();
  for (Eigen::Index j = 0; j < k; ++j) {
    if (fit.loadings.col(j).sum() >= 0) continue;
    fit.loadings.col(j) *= -1;
    fit.phi.row(j) *= -1;
    fit.phi.col(j) *= -1;
  }
  const Vector ss = (fit.phi * fit.loadings.transpose() * fit.loadings).diagonal();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(k));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return ss[a] > ss[b]; });
  const Matrix loadings = fit.loadings, phi = fit.phi;
  fit.ss_loadings.resize(k);
  for (Eigen::Index j = 0; j < k; ++j) {
    const Eigen::Index from = order[static_cast<std::size_t>(j)];
    fit.loadings.col(j) = loadings.col(from);
    fit.ss_loadings[j] = ss[from];
    for (Eigen::Index i = 0; i < k; ++i) fit.phi(i, j) = phi(order[static_cast<std::size_t>(i)], from);
  }
}

}  // namespace

Result<EfaFit> fit_efa(const Matrix& r, std::int64_t n, int factors, Rotation rotation) {
  const auto p = static_cast<int>(r.rows());
  EfaFit fit;
  fit.df = ((p - factors) * (p - factors) - p - factors) / 2;
  if (factors < 1 || factors >= p || fit.df < 0) {
    return Error{Errc::refused, fmt::format("{} factors are too many for {} items", factors, p), "factors",
                 "fewer factors"};
  }
  const auto inverse = math::Cholesky::of(r);
  if (!inverse.ok()) {
    return Error{Errc::refused, "singular correlations: an item is a combination of the others", "items",
                 "items that are not combinations of one another"};
  }
  Concentrated objective(r, factors);
  const Vector start = ((1 - 0.5 * factors / p) * inverse->inverse().diagonal().cwiseInverse()).array().log();
  const Search found = minimise(objective, start.cwiseMax(std::log(kUniquenessMin)).cwiseMin(0.0));
  if (!found.converged) {
    return Error{Errc::refused, fmt::format("not converged: gradient norm {:.3g}", found.gradient_norm),
                 "factors", "another number of factors"};
  }
  fit.fmin = found.value;
  fit.gradient_norm = found.gradient_norm;
  fit.iterations = found.iterations;
  fit.uniquenesses = found.x.array().exp();
  for (Eigen::Index i = 0; i < p; ++i) {
    if (fit.uniquenesses[i] <= kUniquenessMin * 1.0001) fit.heywood.push_back(static_cast<int>(i));
  }
  const double weight = static_cast<double>(n) - 1 - (2 * p + 5) / 6.0 - 2 * factors / 3.0;
  fit.chisq = weight * fit.fmin;
  fit.pvalue = fit.df > 0 ? math::chi2_sf(fit.chisq, fit.df) : std::nan("");
  const double baseline = -(static_cast<double>(n) - 1 - (2 * p + 5) / 6.0) * inverse->log_determinant();
  const double pairs = p * (p - 1) / 2.0;
  fit.tli = fit.df > 0 ? (baseline / pairs - fit.chisq / fit.df) / (baseline / pairs - 1) : 1;
  fit.rmsea = fit.df > 0 ? std::sqrt(std::max(0.0, fit.fmin / fit.df - 1 / (static_cast<double>(n) - 1))) : 0;
  fit.loadings = objective.loadings(found.x);
  fit.phi = Matrix::Identity(factors, factors);
  if (factors > 1 && rotation == Rotation::varimax) fit.loadings = varimax(fit.loadings);
  if (factors > 1 && rotation == Rotation::oblimin) {
    RAPPORT_TRY(Oblique oblique, oblimin(fit.loadings));
    fit.loadings = std::move(oblique.loadings);
    fit.phi = std::move(oblique.phi);
  }
  tidy(fit);
  return fit;
}

}  // namespace rapport::study
