#include <cmath>

#include "study/efa.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

/// Kaiser's (1958) best angle for one pair of columns; returns its size.
double rotate_pair(Matrix& l, Eigen::Index a, Eigen::Index b) {
  const auto p = static_cast<double>(l.rows());
  double sum_u = 0, sum_v = 0, sum_c = 0, sum_d = 0;
  for (Eigen::Index i = 0; i < l.rows(); ++i) {
    const double x = l(i, a), y = l(i, b), u = x * x - y * y, v = 2 * x * y;
    sum_u += u;
    sum_v += v;
    sum_c += u * u - v * v;
    sum_d += 2 * u * v;
  }
  const double above = sum_d - 2 * sum_u * sum_v / p, below = sum_c - (sum_u * sum_u - sum_v * sum_v) / p;
  const double angle = 0.25 * std::atan2(above, below), c = std::cos(angle), s = std::sin(angle);
  for (Eigen::Index i = 0; i < l.rows(); ++i) {
    const double x = l(i, a), y = l(i, b);
    l(i, a) = c * x + s * y;
    l(i, b) = -s * x + c * y;
  }
  return std::abs(angle);
}

/// The quartimin criterion 1/4 sum over i != j of l_ri^2 l_rj^2 and its gradient in L.
double quartimin(const Matrix& l, Matrix& gradient) {
  const Matrix squared = l.cwiseAbs2();
  Matrix others = squared.rowwise().sum().replicate(1, l.cols()) - squared;
  gradient = l.cwiseProduct(others);
  return 0.25 * squared.cwiseProduct(others).sum();
}

struct Projected {
  Matrix t, loadings;
  double value = 0, gradient_norm = 0;
};

/// The gradient of the criterion in T, projected on the tangent of diag(T'T) = 1.
Matrix projected_gradient(const Matrix& l, const Matrix& gq, const Matrix& t) {
  const Matrix g = -(l.transpose() * gq * t.inverse()).transpose();
  const Vector tangent = t.cwiseProduct(g).colwise().sum();
  return g - t * tangent.asDiagonal();
}

/// GPFoblq of Bernaards & Jennrich (2005): L = A (T')^-1. Once the criterion cannot show progress in floating
/// point, a step counts that makes the gradient smaller.
Projected project(const Matrix& a, const Matrix& start) {
  Projected at{start, a * start.inverse().transpose()};
  Matrix gq;
  at.value = quartimin(at.loadings, gq);
  Matrix gp = projected_gradient(at.loadings, gq, at.t);
  at.gradient_norm = gp.norm();
  double step = 1;
  for (int iteration = 0; iteration < 20000 && at.gradient_norm > 1e-12; ++iteration) {
    step *= 2;
    bool moved = false;
    for (int halving = 0; halving < 60 && !moved; ++halving, step *= 0.5) {
      Matrix t = at.t - step * gp;
      const Vector norms = t.colwise().norm();
      t = t * norms.cwiseInverse().asDiagonal();
      const Matrix l = a * t.inverse().transpose();
      Matrix gradient;
      const double value = quartimin(l, gradient);
      const Matrix next = projected_gradient(l, gradient, t);
      const bool falls =
          at.gradient_norm >= 1e-6 && value < at.value - 0.5 * at.gradient_norm * at.gradient_norm * step;
      const bool rests =
          at.gradient_norm < 1e-6 && value <= at.value + 1e-12 && next.norm() < at.gradient_norm;
      if (!falls && !rests) continue;
      at = {t, l, value, next.norm()};
      gq = gradient;
      gp = next;
      moved = true;
      break;
    }
    if (!moved) break;
  }
  return at;
}

}  // namespace

Matrix varimax(const Matrix& loadings) {
  const Vector communality = loadings.rowwise().norm();
  const Vector inverse = communality.unaryExpr([](double h) { return h > 0 ? 1 / h : 0.0; });
  Matrix l = inverse.asDiagonal() * loadings;
  for (int sweep = 0; sweep < 1000; ++sweep) {
    double largest = 0;
    for (Eigen::Index a = 0; a + 1 < l.cols(); ++a) {
      for (Eigen::Index b = a + 1; b < l.cols(); ++b) largest = std::max(largest, rotate_pair(l, a, b));
    }
    if (largest < 1e-15) break;
  }
  return communality.asDiagonal() * l;
}

Result<Oblique> oblimin(const Matrix& loadings) {
  const Matrix identity = Matrix::Identity(loadings.cols(), loadings.cols());
  Projected best = project(loadings, identity);
  const Matrix rotated = varimax(loadings);
  const Projected other = project(rotated, identity);
  if (other.value < best.value - 1e-12) best = other;
  if (!(best.gradient_norm < 1e-7)) {
    return Error{Errc::refused,
                 fmt::format("rotation not converged: gradient norm {:.3g}", best.gradient_norm), "rotation",
                 "varimax, or fewer factors"};
  }
  return Oblique{best.loadings, best.t.transpose() * best.t};
}

}  // namespace rapport::study
