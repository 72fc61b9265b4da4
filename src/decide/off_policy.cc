#include "decide/off_policy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <vector>

#include "math/distributions.h"

namespace rapport::decide {
namespace {

/// Sums of one cluster, or of all.
struct Sums {
  double rows = 0, weights = 0, rewards = 0, weighted = 0, robust = 0;
  void add(const OffPolicyRow& row) {
    rows += 1;
    weights += row.weight;
    rewards += row.reward;
    weighted += row.weight * row.reward;
    robust += row.expected + row.weight * (row.reward - row.predicted);
  }
};

/// top / bottom over all, with the interval that the clusters' residuals top - value bottom give.
template <class Top, class Bottom>
Estimate ratio(const Sums& all, const std::vector<Sums>& clusters, Top top, Bottom bottom) {
  Estimate out;
  const double below = bottom(all);
  out.value = below > 0 ? top(all) / below : 0;
  const auto count = static_cast<double>(clusters.size());
  double squares = 0;
  for (const Sums& one : clusters) {
    const double residual = top(one) - out.value * bottom(one);
    squares += residual * residual;
  }
  double half = std::numeric_limits<double>::infinity();
  if (count >= 2 && below > 0)
    half = math::t_quantile(0.975, count - 1) * std::sqrt(count / (count - 1) * squares) / below;
  out.low = out.value - half;
  out.high = out.value + half;
  return out;
}

}  // namespace

OffPolicy estimate_off_policy(std::span<const OffPolicyRow> rows) {
  OffPolicy out;
  std::unordered_map<std::uint64_t, std::size_t> numbers;
  std::vector<Sums> clusters;
  Sums all;
  double squares = 0;
  for (const OffPolicyRow& row : rows) {
    const auto [known, is_new] = numbers.try_emplace(row.cluster, clusters.size());
    if (is_new) clusters.emplace_back();
    clusters[known->second].add(row);
    all.add(row);
    squares += row.weight * row.weight;
    out.largest_weight = std::max(out.largest_weight, row.weight);
  }
  out.rows = rows.size();
  out.clusters = clusters.size();
  out.effective = squares > 0 ? all.weights * all.weights / squares : 0;
  const auto count = [](const Sums& sums) { return sums.rows; };
  const auto weights = [](const Sums& sums) { return sums.weights; };
  out.logged = ratio(
      all, clusters, [](const Sums& sums) { return sums.rewards; }, count);
  out.ips = ratio(
      all, clusters, [](const Sums& sums) { return sums.weighted; }, count);
  out.snips = ratio(
      all, clusters, [](const Sums& sums) { return sums.weighted; }, weights);
  out.doubly_robust = ratio(
      all, clusters, [](const Sums& sums) { return sums.robust; }, count);
  out.difference = ratio(
      all, clusters, [](const Sums& sums) { return sums.robust - sums.rewards; }, count);
  return out;
}

}  // namespace rapport::decide
