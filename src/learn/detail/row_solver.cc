#include "learn/detail/row_solver.h"

#include <algorithm>

#include "base/assert.h"
#include "learn/detail/vector_kernel.h"

namespace rapport::learn::detail {

RowSolver::RowSolver(const OtherSide& other)
    : other_(other),
      r_(kRows * other.n),
      p_(kRows * other.n),
      ap_(kRows * other.n),
      scaled_(kRows * other.n) {}

void RowSolver::solve(std::span<const RowProblem> rows, unsigned steps, float goal) {
  ASSERT(rows.size() <= kRows);
  start(rows, goal);
  for (unsigned done = 0; done < steps && step(rows); ++done) {
  }
}

void RowSolver::smooth(std::span<const RowProblem> rows, const float* v) {
  const VectorKernel& kernel = vector_kernel();
  const std::size_t n = other_.n;
  for (std::size_t i = 0; i < rows.size() * n; ++i) scaled_[i] = other_.unobserved * v[i];
  std::fill_n(ap_.begin(), rows.size() * n, 0.0F);
  kernel.gram_times(other_.gram, scaled_.data(), rows.size(), n, ap_.data());
  for (std::size_t row = 0; row < rows.size(); ++row)
    kernel.add_scaled(rows[row].ridge, v + row * n, ap_.data() + row * n, n);
}

/// r = p = b - A x, where the seen part of both is the sum of (1 - y.x) y.
void RowSolver::start(std::span<const RowProblem> rows, float goal) {
  const VectorKernel& kernel = vector_kernel();
  const std::size_t n = other_.n;
  for (std::size_t row = 0; row < rows.size(); ++row) std::copy_n(rows[row].x, n, p_.data() + row * n);
  smooth(rows, p_.data());
  std::fill_n(r_.begin(), rows.size() * n, 0.0F);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    float* r = r_.data() + row * n;
    kernel.add_seen(other_.factors, rows[row].seen.data(), rows[row].seen.size(), 1, -1, rows[row].x, n, r);
    kernel.add_scaled(-1, ap_.data() + row * n, r, n);
    std::copy_n(r, n, p_.data() + row * n);
    const float rr = kernel.dot(r, r, n);
    progress_[row] = {rr, rr * goal * goal, false};
  }
}

/// False when every row is done.
bool RowSolver::step(std::span<const RowProblem> rows) {
  const VectorKernel& kernel = vector_kernel();
  const std::size_t n = other_.n;
  bool any = false;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Progress& now = progress_[row];
    now.done = now.done || !(now.rr > now.goal);
    any = any || !now.done;
  }
  if (!any) return false;
  smooth(rows, p_.data());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Progress& now = progress_[row];
    if (now.done) continue;
    float *r = r_.data() + row * n, *p = p_.data() + row * n, *ap = ap_.data() + row * n;
    kernel.add_seen(other_.factors, rows[row].seen.data(), rows[row].seen.size(), 0, 1, p, n, ap);
    const float bent = kernel.dot(p, ap, n);
    if (!(bent > 0)) {  // rounding has eaten the direction: x is as good as it gets
      now.done = true;
      continue;
    }
    const float length = now.rr / bent;
    kernel.add_scaled(length, p, rows[row].x, n);
    kernel.add_scaled(-length, ap, r, n);
    const float next = kernel.dot(r, r, n);
    const float turn = next / now.rr;
    for (std::size_t i = 0; i < n; ++i) p[i] = r[i] + turn * p[i];
    now.rr = next;
  }
  return true;
}

}  // namespace rapport::learn::detail
