#include "decide/own_precision.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace rapport::decide {
namespace {

constexpr double kOneSided95 = 1.6449;

/// (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)
std::pair<double, double> wilson(std::size_t right, std::size_t count) {
  const auto n = static_cast<double>(count);
  const double p = static_cast<double>(right) / n, z2 = kOneSided95 * kOneSided95;
  const double middle = p + z2 / (2 * n),
               spread = kOneSided95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return {std::max(0.0, (middle - spread) / (1 + z2 / n)), std::min(1.0, (middle + spread) / (1 + z2 / n))};
}

}  // namespace

OwnPrecision own_precision(double shipped, double precision, std::span<const JudgedAnswer> answers) {
  std::vector<JudgedAnswer> sure;
  for (const JudgedAnswer& one : answers) {
    if (static_cast<double>(one.confidence) / 1000 >= shipped) sure.push_back(one);
  }
  std::sort(sure.begin(), sure.end(),
            [](const auto& a, const auto& b) { return a.confidence < b.confidence; });
  std::size_t right = 0;
  for (const JudgedAnswer& one : sure) right += one.right ? 1 : 0;
  OwnPrecision out;
  out.least = shipped;
  std::size_t from = 0;
  while (true) {
    out.judged = sure.size() - from;
    out.right = right;
    out.low = 0;
    out.high = 1;
    if (out.judged > 0) std::tie(out.low, out.high) = wilson(right, out.judged);
    if (out.judged < OwnPrecision::kEnough || out.high >= precision) break;
    // Equal confidences stand or fall together.
    const std::int32_t refuted = sure[from].confidence;
    for (; from < sure.size() && sure[from].confidence == refuted; ++from) right -= sure[from].right ? 1 : 0;
    out.least = from < sure.size() ? static_cast<double>(sure[from].confidence) / 1000 : 1.001;
    out.raised = true;
  }
  if (out.judged >= OwnPrecision::kEnough)
    out.standing = out.low >= precision ? OwnPrecision::Standing::kept : OwnPrecision::Standing::untold;
  return out;
}

}  // namespace rapport::decide
