#include "study/detail/recursive_paths.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rapport::study::detail {
namespace {

/// True when following paths from cause to effect never comes back.
bool acyclic(int variables, const std::vector<std::pair<int, int>>& paths) {
  std::vector<int> incoming(static_cast<std::size_t>(variables), 0);
  for (const auto& [from, to] : paths) ++incoming[static_cast<std::size_t>(to)];
  int removed = 0;
  std::vector<char> done(static_cast<std::size_t>(variables), 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (int v = 0; v < variables; ++v) {
      if (done[static_cast<std::size_t>(v)] || incoming[static_cast<std::size_t>(v)] > 0) continue;
      done[static_cast<std::size_t>(v)] = 1;
      changed = true;
      ++removed;
      for (const auto& [from, to] : paths) {
        if (from == v) --incoming[static_cast<std::size_t>(to)];
      }
    }
  }
  return removed == variables;
}

}  // namespace

std::optional<RecursivePaths> RecursivePaths::of(const PathModel& model) {
  if (!model.latent.empty()) return std::nullopt;
  RecursivePaths made;
  std::vector<int> uses(static_cast<std::size_t>(model.free_count), 0);
  std::vector<std::pair<int, int>> paths;
  const int m = model.variables();
  std::vector<Equation> by_outcome(static_cast<std::size_t>(m));
  for (const PathParameter& p : model.parameters) {
    if (p.free >= 0 && ++uses[static_cast<std::size_t>(p.free)] > 1) return std::nullopt;
    if (p.kind != ParameterKind::directed) continue;
    if (p.free < 0) return std::nullopt;
    Equation& equation = by_outcome[static_cast<std::size_t>(p.row)];
    equation.outcome = p.row;
    equation.predictors.push_back(p.column);
    equation.parameters.push_back(p.free);
    paths.emplace_back(p.column, p.row);
  }
  const auto is_outcome = [&](int v) { return !by_outcome[static_cast<std::size_t>(v)].predictors.empty(); };
  int exogenous = 0, exogenous_pairs = 0;
  for (int v = 0; v < m; ++v) exogenous += !is_outcome(v);
  for (const PathParameter& p : model.parameters) {
    if (p.kind != ParameterKind::symmetric) continue;
    if (p.row == p.column && is_outcome(p.row)) {
      if (p.free < 0) return std::nullopt;
      by_outcome[static_cast<std::size_t>(p.row)].variance_parameter = p.free;
    } else if (is_outcome(p.row) || is_outcome(p.column) || (p.free < 0 && !p.from_sample)) {
      return std::nullopt;
    } else {
      ++exogenous_pairs;
      if (p.free >= 0) made.exogenous_.push_back({p.free, {p.row, p.column}});
    }
  }
  // A missing covariance between two exogenous variables is a restriction that least squares would not
  // respect.
  if (exogenous_pairs != exogenous * (exogenous + 1) / 2 || !acyclic(m, paths)) return std::nullopt;
  for (Equation& equation : by_outcome) {
    if (equation.predictors.empty()) continue;
    if (equation.predictors.size() > kPredictorsMax || equation.variance_parameter < 0) return std::nullopt;
    made.equations_.push_back(std::move(equation));
  }
  return made;
}

bool RecursivePaths::solve(const math::Matrix& s, std::span<double> theta) const {
  std::array<double, kPredictorsMax * kPredictorsMax> l{};
  std::array<double, kPredictorsMax> b{};
  for (const Equation& equation : equations_) {
    const auto k = static_cast<int>(equation.predictors.size());
    const auto at = [&](int i, int j) -> double& {
      return l[static_cast<std::size_t>(i * kPredictorsMax + j)];
    };
    const auto x = [&](int i) { return equation.predictors[static_cast<std::size_t>(i)]; };
    for (int i = 0; i < k; ++i) {
      for (int j = 0; j <= i; ++j) {
        double sum = s(x(i), x(j));
        for (int q = 0; q < j; ++q) sum -= at(i, q) * at(j, q);
        if (i == j && !(sum > 1e-12 * s(x(i), x(i)))) return false;
        at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
      }
      double sum = s(x(i), equation.outcome);
      for (int q = 0; q < i; ++q) sum -= at(i, q) * b[static_cast<std::size_t>(q)];
      b[static_cast<std::size_t>(i)] = sum / at(i, i);
    }
    double explained = 0;
    for (int i = k - 1; i >= 0; --i) {
      explained += b[static_cast<std::size_t>(i)] * b[static_cast<std::size_t>(i)];
      for (int q = i + 1; q < k; ++q)
        b[static_cast<std::size_t>(i)] -= at(q, i) * b[static_cast<std::size_t>(q)];
      b[static_cast<std::size_t>(i)] /= at(i, i);
    }
    for (int i = 0; i < k; ++i) {
      theta[static_cast<std::size_t>(equation.parameters[static_cast<std::size_t>(i)])] =
          b[static_cast<std::size_t>(i)];
    }
    theta[static_cast<std::size_t>(equation.variance_parameter)] =
        s(equation.outcome, equation.outcome) - explained;
  }
  for (const auto& [parameter, pair] : exogenous_)
    theta[static_cast<std::size_t>(parameter)] = s(pair.first, pair.second);
  return true;
}

}  // namespace rapport::study::detail
