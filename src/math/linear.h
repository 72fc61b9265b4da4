#pragma once

#include <Eigen/Dense>
#include <vector>

#include "base/result.h"

/// Dense linear algebra in doubles. The aliases are the door: other rooms name math::Matrix and never include
/// Eigen. All functions are pure and single-threaded; the same input gives the same bits.
namespace rapport::math {

using Matrix = Eigen::MatrixXd;  ///< column-major
using Vector = Eigen::VectorXd;

/// A Cholesky factor with what callers ask of it.
class Cholesky {
 public:
  /// Errors: refused when `a` (square, symmetric; the lower triangle is read) is not positive definite.
  static Result<Cholesky> of(const Matrix& a);
  double log_determinant() const;
  Matrix solve(const Matrix& b) const { return llt_.solve(b); }
  Matrix inverse() const;
  Matrix lower() const { return llt_.matrixL(); }

 private:
  explicit Cholesky(Eigen::LLT<Matrix> llt) : llt_(std::move(llt)) {}
  Eigen::LLT<Matrix> llt_;
};

/// Eigenvalues of a symmetric matrix from the largest down, vectors as columns in the same order; each
/// vector's sign makes its entry of largest magnitude positive (the first such on ties).
struct SymmetricEigen {
  Vector values;
  Matrix vectors;
};
SymmetricEigen symmetric_eigen(const Matrix& a);

/// Least squares min |y - X b| by Householder QR with columns scaled to unit length and one step of
/// refinement in long double. Errors: bad_input for fewer rows than columns; refused when X is
/// rank-deficient, naming the column.
struct LeastSquares {
  Vector coefficients;
  Vector residuals;
  double rss = 0;
  Matrix unscaled_covariance;  ///< (X'X)^-1
};
Result<LeastSquares> least_squares(const Matrix& x, const Vector& y);

/// Sample covariance of the columns of `x` (rows are observations, no missing values) divided by rows - ddof,
/// and their means. Centred twice, so that a large mean does not spoil it.
struct Moments {
  Vector means;
  Matrix covariance;
};
Moments moments(const Matrix& x, int ddof = 1);

/// Scales a covariance to a correlation. A zero variance gives NaN in its row and column.
Matrix correlation_of(const Matrix& covariance);

}  // namespace rapport::math
