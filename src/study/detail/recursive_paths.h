#pragma once

#include <optional>
#include <span>
#include <vector>

#include "math/linear.h"
#include "study/path_model.h"

namespace rapport::study::detail {

/// A path model of observed variables whose maximum likelihood estimates are least squares, equation by
/// equation: no latent variable, no cycle, every path and error variance free and unshared, no covariance
/// between an error and anything else.
class RecursivePaths {
 public:
  /// Nothing when the model is not of that kind.
  static std::optional<RecursivePaths> of(const PathModel& model);

  /// theta from a covariance matrix; false when an equation's predictors are collinear. Allocates nothing.
  bool solve(const math::Matrix& s, std::span<double> theta) const;

 private:
  static constexpr int kPredictorsMax = 16;
  struct Equation {
    int outcome = 0;
    int variance_parameter = -1;
    std::vector<int> predictors, parameters;
  };
  std::vector<Equation> equations_;
  std::vector<std::pair<int, std::pair<int, int>>> exogenous_;  ///< free (co)variances of exogenous variables
};

}  // namespace rapport::study::detail
