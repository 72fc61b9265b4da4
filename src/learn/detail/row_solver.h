#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rapport::learn::detail {

/// One row of one side, to be found given the other side's:
///   min over x of sum over seen (y.x - 1)^2 + unobserved xT G x + ridge |x|^2.
struct RowProblem {
  std::span<const std::uint32_t> seen;  ///< rows of the other side
  float ridge = 0;
  float* x = nullptr;  ///< in: where to start; out: the answer; n floats
};

/// The other side. Borrowed by a solver for its life.
struct OtherSide {
  const float* factors = nullptr;  ///< rows of n floats
  const float* gram = nullptr;     ///< factors^T factors
  float unobserved = 0;
  std::size_t n = 0;  ///< a multiple of 8
};

/// Conjugate gradients for up to kRows rows in step, so that they share each reading of the gram matrix. A
/// row's answer does not depend on the rows beside it. One thread a solver.
class RowSolver {
 public:
  static constexpr std::size_t kRows = 4;
  explicit RowSolver(const OtherSide& other);

  /// At most `steps` steps each; a row stops before when its residual is below `goal` times the first one.
  void solve(std::span<const RowProblem> rows, unsigned steps, float goal);

 private:
  struct Progress {
    float rr = 0, goal = 0;
    bool done = false;
  };
  void start(std::span<const RowProblem> rows, float goal);
  bool step(std::span<const RowProblem> rows);
  /// ap = (unobserved G + ridge) v, for each row.
  void smooth(std::span<const RowProblem> rows, const float* v);

  OtherSide other_;
  std::vector<float> r_, p_, ap_, scaled_;  ///< kRows rows each
  Progress progress_[kRows];
};

}  // namespace rapport::learn::detail
