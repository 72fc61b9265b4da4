#pragma once

#include <functional>

#include "math/linear.h"

/// Unconstrained minimisation with an honest account of how it ended.
namespace rapport::math {

/// Writes the gradient at `x` into `gradient` (already sized) and returns the value; NaN or infinity marks a
/// point outside the domain, which the line search backs away from.
using Objective = std::function<double(const Vector& x, Vector& gradient)>;

struct MinimizeOptions {
  int iterations_max = 500;
  /// Converged when the largest |gradient| component is below this.
  double gradient_tolerance = 1e-9;
};

struct Minimum {
  Vector x;
  double value = 0;
  Vector gradient;
  Matrix inverse_hessian;  ///< the quasi-Newton approximation at the end
  int iterations = 0;
  bool converged = false;
};

/// BFGS (Nocedal & Wright 2006, algorithm 6.1) with a weak-Wolfe line search by bisection (Lewis & Overton
/// 2013). The value never rises from one iterate to the next. When no further descent is possible in floating
/// point it stops with `converged` false unless the gradient passes. Errors: bad_input when the start is
/// outside the domain.
Result<Minimum> minimize_bfgs(const Objective& objective, const Vector& start,
                              const MinimizeOptions& options = {});

/// Central differences of an Objective's gradient: a symmetric Hessian with relative error near 1e-9.
Matrix numeric_hessian(const Objective& objective, const Vector& x);

/// The root of a continuous f in [low, high] by Brent's method (1973, chapter 4), to |error| <= tolerance.
/// Errors: bad_input when f has the same sign at both ends.
Result<double> find_root(const std::function<double(double)>& f, double low, double high,
                         double tolerance = 1e-13);

}  // namespace rapport::math
