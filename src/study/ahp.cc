#include "study/ahp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "math/distributions.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

constexpr std::array<double, 13> kSaaty{.58,  .90,  1.12, 1.24, 1.32, 1.41, 1.45,
                                        1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
constexpr std::array<double, 13> kSaaty2005{.52,  .89,  1.11, 1.25, 1.35, 1.40, 1.45,
                                            1.49, 1.52, 1.54, 1.56, 1.58, 1.59};
constexpr std::array<double, 13> kAlonsoLamata{.5245,  .8815,  1.1086, 1.2479, 1.3417, 1.4056, 1.4499,
                                               1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838};
struct Point {
  double n, ri;
};
constexpr std::array<Point, 27> kDoneganDodd{
    {{3, .4914},   {4, .8286},   {5, 1.0591},  {6, 1.1797},  {7, 1.2519},  {8, 1.3171},  {9, 1.3733},
     {10, 1.4055}, {11, 1.4213}, {12, 1.4497}, {13, 1.4643}, {14, 1.4822}, {15, 1.4969}, {16, 1.5078},
     {17, 1.5153}, {18, 1.5262}, {19, 1.5313}, {20, 1.5371}, {25, 1.5619}, {30, 1.5772}, {40, 1.5976},
     {50, 1.6102}, {60, 1.6178}, {70, 1.6237}, {80, 1.6277}, {90, 1.6213}, {100, 1.6339}}};

/// Perron vector of a positive matrix by power iteration on the matrix shifted to speed nothing but keep it
/// positive.
struct Perron {
  Vector right, left;  ///< each sums to 1
  double value = 0;
};
Vector power_iterate(const Matrix& a) {
  Vector v = Vector::Constant(a.rows(), 1.0 / static_cast<double>(a.rows()));
  for (int i = 0; i < 100000; ++i) {
    Vector next = a * v;
    next /= next.sum();
    const double change = (next - v).cwiseAbs().maxCoeff();
    v = std::move(next);
    if (change < 1e-16) break;
  }
  return v;
}
Perron perron(const Matrix& a) {
  Perron p{power_iterate(a), power_iterate(a.transpose()), 0};
  // The two-sided Rayleigh quotient has the square of the vectors' error.
  p.value = p.left.dot(a * p.right) / p.left.dot(p.right);
  return p;
}

bool connected(const Matrix& a) {
  std::vector<bool> seen(static_cast<std::size_t>(a.rows()), false);
  std::vector<Index> stack{0};
  seen[0] = true;
  std::size_t count = 1;
  while (!stack.empty()) {
    const Index i = stack.back();
    stack.pop_back();
    for (Index j = 0; j < a.rows(); ++j) {
      if (seen[static_cast<std::size_t>(j)] || std::isnan(a(i, j))) continue;
      seen[static_cast<std::size_t>(j)] = true;
      ++count;
      stack.push_back(j);
    }
  }
  return count == seen.size();
}

/// Logarithmic least squares over the comparisons made: the graph Laplacian of them (Bozoki et al. 2010,
/// section 6).
Vector geometric_weights(const Matrix& a) {
  const Index n = a.rows();
  Matrix laplacian = Matrix::Zero(n, n);
  Vector right = Vector::Zero(n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) {
      if (i == j || std::isnan(a(i, j))) continue;
      laplacian(i, i) += 1;
      laplacian(i, j) -= 1;
      right[i] += std::log(a(i, j));
    }
  }
  // Adding the all-ones matrix fixes the sum of the log weights at zero.
  laplacian.array() += 1;
  const Vector log_weights = laplacian.ldlt().solve(right);
  const Vector w = (log_weights.array() - log_weights.maxCoeff()).exp();
  return w / w.sum();
}

/// Fills the missing pairs so that lambda_max is least. At the minimum a_ij^2 = u_i v_j / (u_j v_i), u right
/// and v left Perron vector; the fixed point is taken with a step that is halved while lambda_max rises.
Matrix complete_optimally(const Matrix& given) {
  const Vector start = geometric_weights(given);
  Matrix a = given;
  std::vector<std::pair<Index, Index>> missing;
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = i + 1; j < a.rows(); ++j) {
      if (!std::isnan(a(i, j))) continue;
      missing.emplace_back(i, j);
      a(i, j) = start[i] / start[j];
      a(j, i) = 1 / a(i, j);
    }
  }
  if (missing.empty()) return a;
  Perron now = perron(a);
  double step = 1;
  for (int pass = 0; pass < 5000 && step > 1e-8; ++pass) {
    Matrix trial = a;
    double moved = 0;
    for (const auto& [i, j] : missing) {
      const double target = 0.5 * std::log(now.right[i] * now.left[j] / (now.right[j] * now.left[i]));
      const double change = step * (target - std::log(a(i, j)));
      trial(i, j) = a(i, j) * std::exp(change);
      trial(j, i) = 1 / trial(i, j);
      moved = std::max(moved, std::fabs(change));
    }
    if (moved < 1e-14) break;
    Perron next = perron(trial);
    if (next.value > now.value * (1 + 1e-15)) {
      step /= 2;
      continue;
    }
    a = std::move(trial);
    now = std::move(next);
  }
  return a;
}

void find_worst_triad(AhpWeights& result) {
  const Matrix& a = result.completed;
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = i + 1; j < a.rows(); ++j) {
      for (Index k = j + 1; k < a.rows(); ++k) {
        double ratio = a(i, j) * a(j, k) * a(k, i);
        if (ratio < 1) ratio = 1 / ratio;
        if (ratio <= result.worst_triad_ratio * (1 + 1e-12)) continue;
        result.worst_triad_ratio = ratio;
        result.worst_triad =
            fmt::format("{}, {}, {}", result.names[static_cast<std::size_t>(i)],
                        result.names[static_cast<std::size_t>(j)], result.names[static_cast<std::size_t>(k)]);
      }
    }
  }
}

bool same_order(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      if ((a[i] - a[j]) * (b[i] - b[j]) < -1e-18) return false;
    }
  }
  return true;
}

void add_consistency(AhpWeights& result, RandomIndex table) {
  const double n = static_cast<double>(result.names.size());
  result.ci = n > 1 ? std::max(0.0, (result.lambda_max - n) / (n - 1)) : 0;
  result.ri = random_index(table, result.names.size());
  if (n <= 2) {
    result.cr = 0;
  } else if (result.ri) {
    result.cr = result.ci / *result.ri;
  }
}

}  // namespace

Result<RandomIndex> parse_random_index(std::string_view word) {
  for (const auto table :
       {RandomIndex::saaty, RandomIndex::saaty_2005, RandomIndex::donegan_dodd, RandomIndex::alonso_lamata}) {
    if (word == random_index_name(table)) return table;
  }
  return Error{Errc::bad_input, fmt::format("'{}' is no table of random indices", word), "ri",
               "saaty, saaty-2005, donegan-dodd or alonso-lamata"};
}

std::string_view random_index_name(RandomIndex table) {
  switch (table) {
    case RandomIndex::saaty:
      return "saaty";
    case RandomIndex::saaty_2005:
      return "saaty-2005";
    case RandomIndex::donegan_dodd:
      return "donegan-dodd";
    case RandomIndex::alonso_lamata:
      return "alonso-lamata";
  }
  return "saaty";
}

std::optional<double> random_index(RandomIndex table, std::size_t n) {
  if (n <= 2) return 0.0;
  if (table == RandomIndex::donegan_dodd) {
    for (std::size_t i = 0; i < kDoneganDodd.size(); ++i) {
      const Point here = kDoneganDodd[i];
      if (static_cast<double>(n) == here.n) return here.ri;
      if (static_cast<double>(n) > here.n) continue;
      const Point before = kDoneganDodd[i - 1];
      return before.ri + (here.ri - before.ri) * (static_cast<double>(n) - before.n) / (here.n - before.n);
    }
    return std::nullopt;
  }
  if (n > 15) return std::nullopt;
  if (table == RandomIndex::saaty) return kSaaty[n - 3];
  return table == RandomIndex::saaty_2005 ? kSaaty2005[n - 3] : kAlonsoLamata[n - 3];
}

Result<PairwiseMatrix> make_reciprocal(PairwiseMatrix m) {
  const auto cell = [&m](Index i, Index j) {
    return fmt::format("'{}' against '{}'", m.names[static_cast<std::size_t>(i)],
                       m.names[static_cast<std::size_t>(j)]);
  };
  const Index n = m.a.rows();
  if (n != m.a.cols() || n != static_cast<Index>(m.names.size()) || n < 2) {
    return fail(Errc::bad_input, "a {} x {} matrix with {} names", n, m.a.cols(), m.names.size());
  }
  for (Index i = 0; i < n; ++i) {
    if (!std::isnan(m.a(i, i)) && m.a(i, i) != 1)
      return fail(Errc::bad_input, "{} is {}, not 1", cell(i, i), m.a(i, i));
    m.a(i, i) = 1;
    for (Index j = 0; j < n; ++j) {
      const double v = m.a(i, j);
      if (std::isnan(v) || (v > 0 && std::isfinite(v))) continue;
      return Error{Errc::bad_input, fmt::format("{} is {}", cell(i, j), v), cell(i, j), "a number above 0"};
    }
    for (Index j = 0; j < i; ++j) {
      double& low = m.a(i, j);
      double& high = m.a(j, i);
      if (std::isnan(low) && std::isnan(high)) continue;
      if (!std::isnan(low) && !std::isnan(high) && std::fabs(low * high - 1) > 0.02) {
        return Error{Errc::refused, fmt::format("{} is {} but the other way round {}", cell(i, j), low, high),
                     cell(i, j), "reciprocal judgements: a_ji = 1 / a_ij"};
      }
      const double kept = std::isnan(low) ? 1 / high : std::isnan(high) ? low : low >= high ? low : 1 / high;
      low = kept;
      high = std::isnan(high) || low >= high ? 1 / kept : high;
    }
  }
  if (!connected(m.a)) {
    return Error{Errc::refused, "the comparisons fall into groups that are never compared with each other",
                 "matrix", "a chain of comparisons between any two elements"};
  }
  return m;
}

Result<AhpWeights> ahp_weights(const PairwiseMatrix& matrix, RandomIndex table) {
  RAPPORT_TRY(const PairwiseMatrix m, make_reciprocal(matrix));
  AhpWeights result;
  result.names = m.names;
  for (Index i = 0; i < m.a.rows(); ++i) {
    for (Index j = i + 1; j < m.a.cols(); ++j) result.missing += std::isnan(m.a(i, j)) ? 1 : 0;
  }
  result.completed = complete_optimally(m.a);
  const Perron p = perron(result.completed);
  const Vector geometric = geometric_weights(m.a);
  result.weights.assign(p.right.begin(), p.right.end());
  result.geometric_mean.assign(geometric.begin(), geometric.end());
  result.lambda_max = p.value;
  result.ranks_agree = same_order(result.weights, result.geometric_mean);
  add_consistency(result, table);
  find_worst_triad(result);
  return result;
}

namespace {

Result<PairwiseMatrix> mean_judgements(const std::vector<PairwiseMatrix>& matrices) {
  const Index n = matrices.front().a.rows();
  Matrix sum = Matrix::Zero(n, n), count = Matrix::Zero(n, n);
  for (const PairwiseMatrix& given : matrices) {
    RAPPORT_TRY(const PairwiseMatrix m, make_reciprocal(given));
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j) {
        if (std::isnan(m.a(i, j))) continue;
        sum(i, j) += std::log(m.a(i, j));
        count(i, j) += 1;
      }
    }
  }
  PairwiseMatrix mean{matrices.front().names, Matrix(n, n)};
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) {
      // 0 / 0 is NaN on purpose: a comparison that nobody made.
      mean.a(i, j) = i == j ? 1 : std::exp(sum(i, j) / count(i, j));
    }
  }
  return mean;
}

/// Mean of log weights +- t standard errors, back on the scale of weights.
void add_expert_intervals(AhpGroup& group, double level) {
  const double m = static_cast<double>(group.each.size());
  if (group.each.size() < 2) return;
  const double quantile = math::t_quantile((1 + level) / 2, m - 1);
  for (std::size_t j = 0; j < group.combined.names.size(); ++j) {
    double mean = 0, squares = 0;
    for (const AhpWeights& one : group.each) mean += std::log(one.weights[j]) / m;
    for (const AhpWeights& one : group.each) squares += std::pow(std::log(one.weights[j]) - mean, 2);
    const double se = std::sqrt(squares / (m - 1) / m);
    group.ci_low.push_back(group.combined.weights[j] * std::exp(-quantile * se));
    group.ci_high.push_back(std::min(1.0, group.combined.weights[j] * std::exp(quantile * se)));
  }
}

}  // namespace

Result<AhpGroup> ahp_group(const std::vector<std::string>& experts,
                           const std::vector<PairwiseMatrix>& matrices, GroupRule rule, RandomIndex table,
                           double level) {
  if (matrices.empty() || experts.size() != matrices.size()) {
    return fail(Errc::bad_input, "{} experts, {} matrices", experts.size(), matrices.size());
  }
  AhpGroup group;
  group.experts = experts;
  for (std::size_t e = 0; e < matrices.size(); ++e) {
    if (matrices[e].names != matrices.front().names) {
      return Error{Errc::bad_input,
                   fmt::format("expert '{}' compared other elements than '{}'", experts[e], experts[0]),
                   experts[e], "the same elements in the same order"};
    }
    auto one = ahp_weights(matrices[e], table);
    if (!one.ok()) return std::move(one).error().at(experts[e]);
    group.each.push_back(std::move(one).value());
  }
  RAPPORT_TRY(const PairwiseMatrix mean, mean_judgements(matrices));
  RAPPORT_TRY(group.combined, ahp_weights(mean, table));
  if (rule == GroupRule::priorities) {
    double total = 0;
    for (std::size_t j = 0; j < group.combined.names.size(); ++j) {
      double log_sum = 0;
      for (const AhpWeights& one : group.each) log_sum += std::log(one.weights[j]);
      group.combined.weights[j] = std::exp(log_sum / static_cast<double>(group.each.size()));
      total += group.combined.weights[j];
    }
    for (double& w : group.combined.weights) w /= total;
    group.combined.ranks_agree = same_order(group.combined.weights, group.combined.geometric_mean);
  }
  add_expert_intervals(group, level);
  return group;
}

Result<AhpHierarchy> ahp_hierarchy(const std::vector<HierarchyNode>& nodes, RandomIndex table) {
  if (nodes.empty()) return fail(Errc::bad_input, "a hierarchy without a goal");
  AhpHierarchy result;
  std::map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!by_name.emplace(nodes[i].name, i).second)
      return fail(Errc::bad_input, "two nodes are named '{}'", nodes[i].name);
    auto weights = ahp_weights(nodes[i].matrix, table);
    if (!weights.ok()) return std::move(weights).error().at(nodes[i].name);
    result.nodes.push_back(std::move(weights).value());
  }
  result.node_weights.assign(nodes.size(), 0);
  std::vector<int> state(nodes.size(), 0);  // 0 unseen, 1 on the path, 2 done
  std::vector<std::size_t> order;
  std::string circle;
  const std::function<void(std::size_t)> visit = [&](std::size_t node) {
    state[node] = 1;
    for (const std::string& child : result.nodes[node].names) {
      const auto found = by_name.find(child);
      if (found == by_name.end()) {
        if (std::find(result.alternatives.begin(), result.alternatives.end(), child) ==
            result.alternatives.end()) {
          result.alternatives.push_back(child);
        }
      } else if (state[found->second] == 1) {
        circle = child;
      } else if (state[found->second] == 0) {
        visit(found->second);
      }
    }
    state[node] = 2;
    order.push_back(node);
  };
  visit(0);
  if (!circle.empty()) return fail(Errc::bad_input, "node '{}' is below itself", circle);
  const auto lost = std::find(state.begin(), state.end(), 0);
  if (lost != state.end()) {
    return fail(Errc::bad_input, "node '{}' is below no other node",
                nodes[static_cast<std::size_t>(lost - state.begin())].name);
  }
  // Parents before children: weights flow down; a leaf is an alternative.
  std::map<std::string, double> leaf;
  result.node_weights[0] = 1;
  for (auto node = order.rbegin(); node != order.rend(); ++node) {
    for (std::size_t k = 0; k < result.nodes[*node].names.size(); ++k) {
      const double share = result.node_weights[*node] * result.nodes[*node].weights[k];
      const auto found = by_name.find(result.nodes[*node].names[k]);
      (found == by_name.end() ? leaf[result.nodes[*node].names[k]] : result.node_weights[found->second]) +=
          share;
    }
  }
  for (const std::string& name : result.alternatives) result.weights.push_back(leaf[name]);
  return result;
}

}  // namespace rapport::study
