#include "study/detail/ml_objective.h"

#include <cmath>

namespace rapport::study::detail {

using math::Matrix;
using math::Vector;

MlObjective::MlObjective(const PathModel& model, const Matrix& s)
    : observed_(static_cast<int>(model.observed.size())),
      variables_(model.variables()),
      s_(s),
      free_count_(model.free_count),
      b_fixed_(Matrix::Zero(variables_, variables_)),
      psi_fixed_(Matrix::Zero(variables_, variables_)) {
  for (const PathParameter& parameter : model.parameters) {
    if (parameter.free >= 0) {
      Entry made = entry(parameter.kind, parameter.row, parameter.column);
      made.free = parameter.free;
      entries_.push_back(made);
    } else if (parameter.kind == ParameterKind::directed) {
      b_fixed_(parameter.row, parameter.column) = parameter.value;
    } else {
      const double value = parameter.from_sample ? s(parameter.row, parameter.column) : parameter.value;
      psi_fixed_(parameter.row, parameter.column) = psi_fixed_(parameter.column, parameter.row) = value;
    }
  }
  const auto factor = math::Cholesky::of(s);
  sample_ok_ = factor.ok();
  if (sample_ok_) saturated_ = factor->log_determinant() + observed_;
}

Entry MlObjective::entry(ParameterKind kind, int row, int column) const {
  Entry e{.row = row, .column = column};
  e.directed = kind == ParameterKind::directed;
  e.u = row;
  e.w = e.directed ? variables_ + column : column;
  e.scale = !e.directed && row == column ? 0.5 : 1;
  return e;
}

bool MlObjective::set(const Vector& theta) {
  a_ = -b_fixed_;
  psi_ = psi_fixed_;
  for (const Entry& e : entries_) {
    if (e.directed) {
      a_(e.row, e.column) = -theta[e.free];
    } else {
      psi_(e.row, e.column) = psi_(e.column, e.row) = theta[e.free];
    }
  }
  a_.diagonal().array() += 1;
  const Eigen::PartialPivLU<Matrix> lu(a_);
  a_ = lu.inverse();
  if (!a_.allFinite()) return false;
  phi_.noalias() = a_ * psi_ * a_.transpose();
  phi_ = (0.5 * (phi_ + phi_.transpose())).eval();
  sigma_ = phi_.topLeftCorner(observed_, observed_);
  const Eigen::LLT<Matrix> llt(sigma_);
  if (llt.info() != Eigen::Success) return false;
  double log_determinant = 0;
  for (int i = 0; i < observed_; ++i) {
    const double pivot = llt.matrixLLT()(i, i);
    if (!(pivot > 0) || !std::isfinite(pivot)) return false;
    log_determinant += 2 * std::log(pivot);
  }
  w_ = llt.solve(Matrix::Identity(observed_, observed_));
  value_ = log_determinant + (s_.cwiseProduct(w_)).sum() - saturated_;
  return std::isfinite(value_);
}

void MlObjective::prepare() {
  z_.resize(observed_, 2 * variables_);
  z_.leftCols(variables_) = a_.topRows(observed_);
  z_.rightCols(variables_) = phi_.topRows(observed_);
  const Matrix wz = w_ * z_;
  zwz_.noalias() = z_.transpose() * wz;
  zvz_.noalias() = wz.transpose() * (s_ * wz);
  zkz_ = zwz_ - zvz_;
}

double MlObjective::score(const Entry& e) const {
  return 2 * e.scale * zkz_(e.u, e.w);
}

double MlObjective::expected(const Entry& a, const Entry& b) const {
  return 2 * a.scale * b.scale * (zwz_(a.u, b.u) * zwz_(a.w, b.w) + zwz_(a.u, b.w) * zwz_(a.w, b.u));
}

/// tr(dK_b dSigma_a) = -tr(W b W a) + 2 tr(W b V a), V = W S W, made symmetric in a and b.
double MlObjective::observed(const Entry& a, const Entry& b) const {
  const double wbva = zvz_(b.w, a.u) * zwz_(a.w, b.u) + zvz_(b.w, a.w) * zwz_(a.u, b.u) +
                      zvz_(b.u, a.u) * zwz_(a.w, b.w) + zvz_(b.u, a.w) * zwz_(a.u, b.w);
  return 2 * a.scale * b.scale * wbva - expected(a, b);
}

/// tr(K d2Sigma/da db).
double MlObjective::curvature(const Entry& x, const Entry& y) const {
  if (!x.directed && !y.directed) return 0;
  if (x.directed && y.directed) {
    const int a = x.row, b = x.column, c = y.row, d = y.column, m = variables_;
    return 2 * (a_(d, a) * zkz_(c, m + b) + phi_(d, b) * zkz_(a, c) + a_(b, c) * zkz_(a, m + d));
  }
  const Entry& path = x.directed ? x : y;
  const Entry& covariance = x.directed ? y : x;
  const int a = covariance.row, b = covariance.column, c = path.row, d = path.column;
  return 2 * covariance.scale * (a_(d, a) * zkz_(c, b) + a_(d, b) * zkz_(a, c));
}

Vector MlObjective::gradient() const {
  Vector g = Vector::Zero(free_count_);
  for (const Entry& e : entries_) g[e.free] += score(e);
  return g;
}

template <class Product>
Matrix MlObjective::collect(const Product& product) const {
  Matrix h = Matrix::Zero(free_count_, free_count_);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double value = product(entries_[i], entries_[j]);
      h(entries_[i].free, entries_[j].free) += value;
      if (i != j) h(entries_[j].free, entries_[i].free) += value;
    }
  }
  return h;
}

Matrix MlObjective::hessian() const {
  return collect([this](const Entry& a, const Entry& b) { return observed(a, b) + curvature(a, b); });
}

Matrix MlObjective::expected() const {
  return collect([this](const Entry& a, const Entry& b) { return expected(a, b); });
}

}  // namespace rapport::study::detail
