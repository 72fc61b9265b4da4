#include "study/detail/ml_search.h"

#include <cmath>

namespace rapport::study::detail {
namespace {

using math::Matrix;
using math::Vector;

/// The observed indicators of a latent variable, in order.
std::vector<const PathParameter*> indicators_of(const PathModel& model, int latent) {
  std::vector<const PathParameter*> found;
  for (const PathParameter& parameter : model.parameters) {
    if (parameter.op == "=~" && parameter.column == latent &&
        parameter.row < static_cast<int>(model.observed.size())) {
      found.push_back(&parameter);
    }
  }
  return found;
}

/// FABIN 2: the loading of x_j against the marker x_1 with the other indicators as instruments.
double loading_start(const Matrix& s, const std::vector<const PathParameter*>& block,
                     const PathParameter& of) {
  const int marker = block.front()->row, j = of.row;
  double above = 0, below = 0;
  for (const PathParameter* other : block) {
    if (other->row == marker || other->row == j) continue;
    above += s(j, other->row) * s(marker, other->row);
    below += s(marker, other->row) * s(marker, other->row);
  }
  double loading = below > 0 ? above / below : s(j, marker) / (0.5 * s(marker, marker));
  const double unit = std::sqrt(s(j, j) / s(marker, marker));
  if (!std::isfinite(loading)) loading = unit;
  return std::clamp(loading, -3 * unit, 3 * unit);
}

/// The latent variance that the pairs of indicators imply, between 5 % and 95 % of the marker's.
double variance_start(const Matrix& s, const std::vector<const PathParameter*>& block) {
  const int marker = block.front()->row;
  double sum = 0;
  int count = 0;
  for (std::size_t j = 1; j < block.size(); ++j) {
    const double loading = loading_start(s, block, *block[j]);
    if (std::abs(loading) < 1e-3 * std::sqrt(s(block[j]->row, block[j]->row) / s(marker, marker))) continue;
    sum += s(marker, block[j]->row) / loading;
    ++count;
  }
  const double scale = block.front()->free < 0 && block.front()->value != 0 ? block.front()->value : 1;
  const double guess = count > 0 ? sum / count : 0.5 * s(marker, marker);
  return std::clamp(guess, 0.05 * s(marker, marker), 0.95 * s(marker, marker)) / (scale * scale);
}

bool latent_variance_is_free(const PathModel& model, int latent) {
  for (const PathParameter& parameter : model.parameters) {
    if (parameter.kind == ParameterKind::symmetric && parameter.row == latent && parameter.column == latent) {
      return parameter.free >= 0;
    }
  }
  return false;
}

double default_start(const PathModel& model, const Matrix& s, const PathParameter& parameter) {
  const auto p = static_cast<int>(model.observed.size());
  if (parameter.op == "=~") {
    const auto block = indicators_of(model, parameter.column);
    if (parameter.row >= p) return 1;  // a latent indicator of a higher-order factor
    if (latent_variance_is_free(model, parameter.column)) return loading_start(s, block, parameter);
    return loading_start(s, block, parameter) * std::sqrt(variance_start(s, block));
  }
  if (parameter.kind == ParameterKind::directed || parameter.row != parameter.column) return 0;
  if (parameter.row < p) return 0.5 * s(parameter.row, parameter.row);
  const auto block = indicators_of(model, parameter.row);
  return block.empty() ? 0.05 : variance_start(s, block);
}

/// Solves H step = -g when H, scaled to a unit diagonal, is safely positive definite.
bool newton_step(const Matrix& h, const Vector& g, Vector& step) {
  const Vector scale = h.diagonal().cwiseMax(0).cwiseSqrt();
  if (!(scale.minCoeff() > 0)) return false;
  const Vector inverse = scale.cwiseInverse();
  const Eigen::LLT<Matrix> llt(inverse.asDiagonal() * h * inverse.asDiagonal());
  if (llt.info() != Eigen::Success || !(llt.matrixLLT().diagonal().minCoeff() > 1e-6)) return false;
  step = -inverse.cwiseProduct(llt.solve(inverse.cwiseProduct(g)));
  return step.allFinite();
}

Vector descent_direction(const MlObjective& objective, const Vector& g) {
  Vector step;
  if (newton_step(objective.hessian(), g, step)) return step;
  Matrix expected = objective.expected();
  const Vector diagonal = expected.diagonal();
  for (double ridge = 0; ridge < 10; ridge = ridge == 0 ? 1e-8 : ridge * 100) {
    expected.diagonal() = diagonal * (1 + ridge);
    for (Eigen::Index i = 0; i < diagonal.size(); ++i) expected(i, i) += diagonal[i] > 0 ? 0 : 1e-8;
    if (newton_step(expected, g, step)) return step;
  }
  return -g;
}

/// The gradient in units of each parameter's own curvature: does not change with the units of the data.
double scaled_norm(const MlObjective& objective, const Vector& g) {
  std::vector<double> curvature(static_cast<std::size_t>(g.size()), 0.0);
  double sum = 0;
  for (const Entry& e : objective.entries())
    curvature[static_cast<std::size_t>(e.free)] += objective.expected(e, e);
  for (Eigen::Index i = 0; i < g.size(); ++i) {
    const double unit = curvature[static_cast<std::size_t>(i)];
    sum += g[i] * g[i] / (unit > 0 ? unit : 1);
  }
  return std::sqrt(sum);
}

}  // namespace

Vector start_values(const PathModel& model, const Matrix& s) {
  Vector theta = Vector::Zero(model.free_count);
  std::vector<char> given(static_cast<std::size_t>(model.free_count), 0);
  for (const PathParameter& parameter : model.parameters) {
    if (parameter.free < 0 || given[static_cast<std::size_t>(parameter.free)]) continue;
    given[static_cast<std::size_t>(parameter.free)] = 1;
    theta[parameter.free] =
        std::isnan(parameter.value) ? default_start(model, s, parameter) : parameter.value;
  }
  return theta;
}

MlMinimum minimize_ml(MlObjective& objective, const Vector& start, int iterations_max) {
  MlMinimum at{.theta = start};
  if (!objective.set(start)) return at;
  objective.prepare();
  Vector g = objective.gradient();
  double norm = scaled_norm(objective, g);
  Vector trial;
  int idle = 0;
  while (at.iterations < iterations_max && norm > 1e-13 && idle < 2) {
    ++at.iterations;
    const double value = objective.value();
    const Vector step = descent_direction(objective, g);
    const double slope = g.dot(step);
    // Near the minimum F cannot show progress any more; there the gradient decides.
    const double slack =
        4e-15 * (1 + std::abs(value) + objective.saturated() * (objective.saturated() > 0 ? 1 : -1));
    double length = 1;
    bool moved = false;
    for (int halving = 0; halving < 40; ++halving, length *= 0.5) {
      trial = at.theta + length * step;
      if (objective.set(trial) && objective.value() <= value + 1e-4 * length * std::min(slope, 0.0) + slack) {
        moved = true;
        break;
      }
    }
    if (!moved) break;
    objective.prepare();
    const Vector g_new = objective.gradient();
    const double norm_new = scaled_norm(objective, g_new);
    idle = norm < 1e-9 && norm_new > 0.5 * norm ? idle + 1 : 0;
    if (norm < 1e-9 && norm_new >= norm) break;
    at.theta = trial;
    g = g_new;
    norm = norm_new;
  }
  objective.set(at.theta);
  objective.prepare();
  at.gradient_norm = objective.gradient().norm();
  at.converged = norm < 1e-9;
  return at;
}

}  // namespace rapport::study::detail
