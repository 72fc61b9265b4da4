#pragma once

#include "study/detail/ml_objective.h"

namespace rapport::study::detail {

/// A start from which Newton's method finds the minimum: loadings by instrumental covariances (Hägglund's
/// FABIN 2), error variances half of the observed, latent variances from the first indicator.
math::Vector start_values(const PathModel& model, const math::Matrix& s);

struct MlMinimum {
  math::Vector theta;
  double gradient_norm = 0;
  int iterations = 0;
  bool converged = false;
};

/// Newton's method with the exact Hessian where it is positive definite, Fisher scoring elsewhere, both with
/// step halving. Converged: the gradient in units of each parameter's curvature is below 1e-9. The objective
/// is left prepared at the minimum.
MlMinimum minimize_ml(MlObjective& objective, const math::Vector& start, int iterations_max);

}  // namespace rapport::study::detail
