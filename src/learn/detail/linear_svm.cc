#include "learn/detail/linear_svm.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "base/random.h"

namespace rapport::learn {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

class DualDescent {
 public:
  DualDescent(const SparseRows& rows, std::size_t columns, std::span<const std::int8_t> sides,
              const SvmOptions& options)
      : rows_(rows),
        sides_(sides),
        options_(options),
        random_(options.seed),
        weights_(columns + 1, 0.0),
        alphas_(rows.rows(), 0.0),
        curvatures_(rows.rows(), 1.0 + slack()),
        order_(rows.rows()) {
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    active_ = order_.size();
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (const TextEntry& entry : rows.row(i))
        curvatures_[i] += static_cast<double>(entry.value) * static_cast<double>(entry.value);
    }
  }

  std::vector<double> run() {
    for (int sweep = 0; sweep < options_.sweeps_most; ++sweep) {
      greatest_ = -kInfinite;
      least_ = kInfinite;
      this->sweep();
      if (greatest_ - least_ <= options_.tolerance) {
        if (active_ == order_.size()) break;
        // Converged among those not set aside: look at all of them once more.
        active_ = order_.size();
        bound_ = kInfinite;
        continue;
      }
      bound_ = greatest_ > 0 ? greatest_ : kInfinite;
    }
    return std::move(weights_);
  }

 private:
  double slack() const { return 0.5 / options_.cost; }

  void sweep() {
    for (std::size_t i = 0; i < active_; ++i)
      std::swap(order_[i], order_[i + static_cast<std::size_t>(random_.below(active_ - i))]);
    for (std::size_t i = 0; i < active_; ++i) {
      if (visit(order_[i])) continue;
      std::swap(order_[i], order_[--active_]);
      --i;
    }
  }

  /// False: the row lies so far on its side that it is set aside.
  bool visit(std::uint32_t row) {
    const double side = sides_[row];
    const double gradient = side * score(row) - 1 + alphas_[row] * slack();
    double projected = gradient;
    if (alphas_[row] == 0) {
      if (gradient > bound_) return false;
      projected = std::min(gradient, 0.0);
    }
    greatest_ = std::max(greatest_, projected);
    least_ = std::min(least_, projected);
    if (projected > -1e-12 && projected < 1e-12) return true;
    const double before =
        std::exchange(alphas_[row], std::max(alphas_[row] - gradient / curvatures_[row], 0.0));
    const double step = (alphas_[row] - before) * side;
    for (const TextEntry& entry : rows_.row(row))
      weights_[entry.column] += step * static_cast<double>(entry.value);
    weights_.back() += step;
    return true;
  }

  double score(std::uint32_t row) const {
    double sum = weights_.back();
    for (const TextEntry& entry : rows_.row(row))
      sum += weights_[entry.column] * static_cast<double>(entry.value);
    return sum;
  }

  const SparseRows& rows_;
  std::span<const std::int8_t> sides_;
  const SvmOptions& options_;
  Random random_;
  std::vector<double> weights_, alphas_, curvatures_;
  std::vector<std::uint32_t> order_;
  std::size_t active_ = 0;
  double greatest_ = 0, least_ = 0;  ///< projected gradients of this sweep
  double bound_ = kInfinite;         ///< rows at zero with a gradient beyond it are set aside
};

}  // namespace

std::vector<double> train_linear_svm(const SparseRows& rows, std::size_t columns,
                                     std::span<const std::int8_t> sides, const SvmOptions& options) {
  return DualDescent(rows, columns, sides, options).run();
}

}  // namespace rapport::learn
