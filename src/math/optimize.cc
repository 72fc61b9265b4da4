#include "math/optimize.h"

#include <cmath>
#include <limits>

namespace rapport::math {
namespace {

struct LineStep {
  double length = 0;
  double value = 0;
  Vector x, gradient;
};

/// Weak Wolfe conditions with c1 = 1e-4, c2 = 0.9. Returns false when no decrease is found.
bool wolfe_search(const Objective& objective, const Minimum& at, const Vector& direction, LineStep& best) {
  const double slope = at.gradient.dot(direction);
  double low = 0, high = std::numeric_limits<double>::infinity(), length = 1;
  bool found = false;
  best.x.resize(at.x.size());
  LineStep trial{0, 0, at.x, at.gradient};
  for (int k = 0; k < 60; ++k) {
    trial.length = length;
    trial.x = at.x + length * direction;
    trial.value = objective(trial.x, trial.gradient);
    const bool inside = std::isfinite(trial.value) && trial.gradient.allFinite();
    if (!inside || trial.value > at.value + 1e-4 * length * slope) {
      high = length;
    } else {
      best = trial;
      found = true;
      if (trial.gradient.dot(direction) >= 0.9 * slope) return true;
      low = length;
    }
    length = std::isinf(high) ? 2 * low : 0.5 * (low + high);
    if (!std::isinf(high) && high - low < 1e-14 * high) break;
  }
  if (!found && std::isfinite(trial.value)) {
    // At rounding level the value cannot fall any more, but a full step may still shrink the gradient.
    trial.x = at.x + direction;
    trial.value = objective(trial.x, trial.gradient);
    const double slack = 1e-13 * (1 + std::abs(at.value));
    if (trial.value <= at.value + slack && trial.gradient.norm() < at.gradient.norm()) {
      best = trial;
      return true;
    }
  }
  return found;
}

}  // namespace

Result<Minimum> minimize_bfgs(const Objective& objective, const Vector& start,
                              const MinimizeOptions& options) {
  Minimum at{.x = start, .gradient = Vector::Zero(start.size())};
  at.value = objective(at.x, at.gradient);
  if (!std::isfinite(at.value) || !at.gradient.allFinite()) {
    return Error{Errc::bad_input, "the search starts outside the domain of its objective"};
  }
  const Matrix identity = Matrix::Identity(start.size(), start.size());
  at.inverse_hessian = identity;
  bool fresh = true;
  LineStep step;
  for (; at.iterations < options.iterations_max; ++at.iterations) {
    if (at.gradient.size() == 0 || at.gradient.cwiseAbs().maxCoeff() < options.gradient_tolerance) break;
    Vector direction = -(at.inverse_hessian * at.gradient);
    if (!(at.gradient.dot(direction) < 0)) {
      at.inverse_hessian = identity;
      fresh = true;
      direction = -at.gradient;
    }
    if (!wolfe_search(objective, at, direction, step)) {
      if (fresh) break;
      at.inverse_hessian = identity;
      fresh = true;
      continue;
    }
    const Vector s = step.x - at.x, y = step.gradient - at.gradient;
    const double sy = s.dot(y);
    if (sy > 1e-300) {
      if (fresh) at.inverse_hessian = identity * (sy / y.squaredNorm());
      fresh = false;
      const Vector hy = at.inverse_hessian * y;
      at.inverse_hessian += ((sy + y.dot(hy)) / (sy * sy)) * (s * s.transpose()) -
                            (hy * s.transpose() + s * hy.transpose()) / sy;
    }
    at.x = step.x;
    at.gradient = step.gradient;
    at.value = step.value;
  }
  at.converged = at.gradient.size() == 0 || at.gradient.cwiseAbs().maxCoeff() < options.gradient_tolerance;
  return at;
}

Matrix numeric_hessian(const Objective& objective, const Vector& x) {
  const Eigen::Index n = x.size();
  Matrix hessian(n, n);
  Vector up(n), down(n), moved = x;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double h = 6e-6 * std::max(1.0, std::abs(x[i]));
    moved[i] = x[i] + h;
    const double above = moved[i];
    objective(moved, up);
    moved[i] = x[i] - h;
    const double below = moved[i];
    objective(moved, down);
    moved[i] = x[i];
    hessian.col(i) = (up - down) / (above - below);
  }
  return 0.5 * (hessian + hessian.transpose());
}

Result<double> find_root(const std::function<double(double)>& f, double low, double high, double tolerance) {
  double a = low, b = high, fa = f(a), fb = f(b);
  if (fa == 0) return a;
  if (fb == 0) return b;
  if (!((fa < 0) != (fb < 0)))
    return Error{Errc::bad_input, "no change of sign between the ends of the search"};
  double c = a, fc = fa, d = b - a, e = d;
  for (int k = 0; k < 300; ++k) {
    if ((fb > 0) == (fc > 0)) {
      c = a;
      fc = fa;
      d = e = b - a;
    }
    if (std::abs(fc) < std::abs(fb)) {
      a = b, b = c, c = a;
      fa = fb, fb = fc, fc = fa;
    }
    const double tol = 2 * std::numeric_limits<double>::epsilon() * std::abs(b) + 0.5 * tolerance;
    const double half = 0.5 * (c - b);
    if (std::abs(half) <= tol || fb == 0) return b;
    if (std::abs(e) >= tol && std::abs(fa) > std::abs(fb)) {
      const double s = fb / fa;
      double p, q;
      if (a == c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const double r1 = fa / fc, r2 = fb / fc;
        p = s * (2 * half * r1 * (r1 - r2) - (b - a) * (r2 - 1));
        q = (r1 - 1) * (r2 - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = std::abs(p);
      const bool accept = 2 * p < std::min(3 * half * q - std::abs(tol * q), std::abs(e * q));
      e = accept ? d : half;
      d = accept ? p / q : half;
    } else {
      d = e = half;
    }
    a = b;
    fa = fb;
    b += std::abs(d) > tol ? d : (half > 0 ? tol : -tol);
    fb = f(b);
  }
  return b;
}

}  // namespace rapport::math
