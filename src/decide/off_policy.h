#pragma once

#include <cstdint>
#include <span>

/// What another policy would have earned, told from the log of the one that acted: pure numbers. Each row is
/// one action of the logged policy b with its reward; pi is the policy that is asked about.
namespace rapport::decide {

struct OffPolicyRow {
  std::uint64_t cluster = 0;  ///< the customer: rows of one are not independent
  double weight = 1;          ///< pi(a | x) / b(a | x) of the action a that was logged
  double reward = 0;
  double predicted = 0;  ///< a model's reward of a in x; the model has not seen this cluster
  double expected = 0;   ///< the model's reward under pi: sum over a' of pi(a' | x) predicted(a')
};

/// With its 95 % interval. Of fewer than two clusters the interval is not finite.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

struct OffPolicy {
  std::uint64_t rows = 0, clusters = 0;
  double effective = 0;  ///< (sum w)^2 / sum w^2: as many rows of equal weight would tell as much (Kish 1965)
  double largest_weight = 0;  ///< of one row
  Estimate logged;            ///< mean reward as it was
  Estimate ips;    ///< mean of w r: unbiased when b is right (Horvitz & Thompson 1952, JASA 47:663, eq. 5)
  Estimate snips;  ///< sum w r / sum w: less spread, a bias of order 1/n (Swaminathan & Joachims 2015, NIPS,
                   ///< eq. 7)
  /// mean of expected + w (r - predicted): right when b or the model is (Dudik, Langford & Li 2011, ICML, eq.
  /// 2)
  Estimate doubly_robust;
  Estimate difference;  ///< doubly_robust less logged, on the same rows
};

/// Intervals are value +- t s with the spread s of whole clusters' sums about the ratio that each estimate is
/// (linearisation; Cochran 1977, Sampling Techniques, eq. 6.13) and t with clusters - 1 degrees of freedom.
OffPolicy estimate_off_policy(std::span<const OffPolicyRow> rows);

}  // namespace rapport::decide
