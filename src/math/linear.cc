#include "math/linear.h"

#include <cmath>

#include "base/assert.h"

namespace rapport::math {

Result<Cholesky> Cholesky::of(const Matrix& a) {
  ASSERT(a.rows() == a.cols());
  Eigen::LLT<Matrix> llt(a);
  const Matrix& factor = llt.matrixLLT();
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    if (llt.info() != Eigen::Success || !(factor(i, i) > 0) || !std::isfinite(factor(i, i))) {
      return Error{Errc::refused, "a matrix that must be positive definite is not", "",
                   "no redundant variables"};
    }
  }
  return Cholesky(std::move(llt));
}

double Cholesky::log_determinant() const {
  double sum = 0;
  for (Eigen::Index i = 0; i < llt_.rows(); ++i) sum += std::log(llt_.matrixLLT()(i, i));
  return 2 * sum;
}

Matrix Cholesky::inverse() const {
  return llt_.solve(Matrix::Identity(llt_.rows(), llt_.cols()));
}

SymmetricEigen symmetric_eigen(const Matrix& a) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(a);
  SymmetricEigen result{solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
  for (Eigen::Index j = 0; j < result.vectors.cols(); ++j) {
    Eigen::Index at = 0;
    result.vectors.col(j).cwiseAbs().maxCoeff(&at);
    if (result.vectors(at, j) < 0) result.vectors.col(j) *= -1;
  }
  return result;
}

Result<LeastSquares> least_squares(const Matrix& x, const Vector& y) {
  if (x.rows() < x.cols() || x.rows() != y.size()) {
    return fail(Errc::bad_input, "{} rows are too few for {} coefficients", x.rows(), x.cols());
  }
  const Eigen::Index p = x.cols();
  Vector scale = x.colwise().norm();
  for (Eigen::Index j = 0; j < p; ++j) {
    if (!(scale[j] > 0)) return fail(Errc::refused, "column {} of the design is zero", j + 1);
  }
  const Matrix scaled = x * scale.cwiseInverse().asDiagonal();
  const Eigen::HouseholderQR<Matrix> qr(scaled);
  const Matrix r = qr.matrixQR().topRows(p).triangularView<Eigen::Upper>();
  for (Eigen::Index j = 0; j < p; ++j) {
    if (!(std::abs(r(j, j)) > 1e-14)) {
      return fail(Errc::refused, "column {} of the design is a combination of the columns before it", j + 1);
    }
  }
  Vector b = qr.solve(y);
  // Iterative refinement of the augmented system, residuals in long double: the ill-conditioned polynomials
  // of NIST's StRD need it (Björck 1967, BIT 7).
  Vector e = y - scaled * b;
  for (int pass = 0; pass < 3; ++pass) {
    Vector f(x.rows());
    std::vector<long double> g(static_cast<std::size_t>(p), 0.0L);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      long double fit = static_cast<long double>(y[i]) - static_cast<long double>(e[i]);
      for (Eigen::Index j = 0; j < p; ++j) {
        fit -= static_cast<long double>(scaled(i, j)) * static_cast<long double>(b[j]);
        g[static_cast<std::size_t>(j)] -=
            static_cast<long double>(scaled(i, j)) * static_cast<long double>(e[i]);
      }
      f[i] = static_cast<double>(fit);
    }
    Vector gd(p);
    for (Eigen::Index j = 0; j < p; ++j) gd[j] = static_cast<double>(g[static_cast<std::size_t>(j)]);
    // [I A; A' 0][de; db] = [f; g] by Q: h = R^-T g, d = Q'f; db = R^-1 (d1 - h), de = Q [h; d2].
    const Vector h = r.transpose().triangularView<Eigen::Lower>().solve(gd);
    Vector d = qr.householderQ().transpose() * f;
    const Vector db = r.triangularView<Eigen::Upper>().solve(d.head(p) - h);
    d.head(p) = h;
    e += qr.householderQ() * d;
    b += db;
  }
  LeastSquares fit;
  fit.coefficients = b.cwiseQuotient(scale);
  fit.residuals = e;
  fit.rss = e.squaredNorm();
  const Matrix r_inverse = r.triangularView<Eigen::Upper>().solve(Matrix::Identity(p, p));
  const Matrix half = scale.cwiseInverse().asDiagonal() * r_inverse;
  fit.unscaled_covariance = half * half.transpose();
  return fit;
}

Moments moments(const Matrix& x, int ddof) {
  Moments m;
  const double n = static_cast<double>(x.rows());
  m.means = x.colwise().mean();
  Matrix centred = x.rowwise() - m.means.transpose();
  const Vector correction = centred.colwise().mean();
  m.means += correction;
  centred.rowwise() -= correction.transpose();
  m.covariance = Matrix::Zero(x.cols(), x.cols());
  m.covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose());
  m.covariance = m.covariance.selfadjointView<Eigen::Lower>();
  m.covariance /= n - ddof;
  return m;
}

Matrix correlation_of(const Matrix& covariance) {
  const Vector scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
  Matrix r = scale.asDiagonal() * covariance * scale.asDiagonal();
  for (Eigen::Index i = 0; i < r.rows(); ++i) r(i, i) = covariance(i, i) > 0 ? 1.0 : std::nan("");
  return r;
}

}  // namespace rapport::math
