#pragma once

#include "math/linear.h"
#include "study/path_model.h"

/// The maximum likelihood discrepancy of a path model with its exact first and second derivatives. With
/// A = (I - B)^-1, G = the observed rows of A, Phi = A Psi A', E = the observed rows of Phi, every derivative
/// of Sigma is c (u w' + w u') for columns u, w of Z = [G E]; so once Z'WZ and Z'WSWZ are known each entry of
/// the gradient, of the Hessian and of the expected information costs a few multiplications.
namespace rapport::study::detail {

/// One entry of B or Psi and the columns of Z its derivative is made of.
struct Entry {
  int u = 0, w = 0;
  double scale = 1;
  bool directed = false;
  int row = 0, column = 0;
  int free = -1;
};

class MlObjective {
 public:
  /// `s`: the sample covariance in the order of model.observed.
  MlObjective(const PathModel& model, const math::Matrix& s);

  /// Computes Sigma and F; false when Sigma is not positive definite (or I - B singular).
  bool set(const math::Vector& theta);
  double value() const { return value_; }
  const math::Matrix& sigma() const { return sigma_; }
  const math::Matrix& full() const { return phi_; }
  const math::Matrix& psi() const { return psi_; }

  /// Prepares the products that the derivatives read; after set().
  void prepare();
  math::Vector gradient() const;
  /// d2F/dtheta2.
  math::Matrix hessian() const;
  /// Its expectation under the model: tr(W dSigma_i W dSigma_j). Half of n times it is the information.
  math::Matrix expected() const;

  Entry entry(ParameterKind kind, int row, int column) const;
  double score(const Entry& e) const;
  double expected(const Entry& a, const Entry& b) const;
  const std::vector<Entry>& entries() const { return entries_; }
  /// log|S| + p, the least value of log|Sigma| + tr(S W).
  double saturated() const { return saturated_; }
  bool sample_is_positive_definite() const { return sample_ok_; }

 private:
  double observed(const Entry& a, const Entry& b) const;
  double curvature(const Entry& a, const Entry& b) const;
  template <class Product>
  math::Matrix collect(const Product& product) const;

  int observed_, variables_;
  math::Matrix s_;
  bool sample_ok_ = false;
  double saturated_ = 0;
  std::vector<Entry> entries_;
  int free_count_;
  math::Matrix b_fixed_, psi_fixed_;
  math::Matrix psi_, a_, phi_, sigma_, w_, z_, zwz_, zvz_, zkz_;
  double value_ = 0;
};

}  // namespace rapport::study::detail
