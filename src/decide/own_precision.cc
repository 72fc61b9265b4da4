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

OwnPrecision own_precision(double shipped, double precision, std::span<const JudgedAnswer> answers,
                           double most) {
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
  out.shipped_judged = sure.size();
  out.shipped_right = right;
  std::size_t from = 0;
  while (true) {
    out.judged = sure.size() - from;
    out.right = right;
    out.low = 0;
    out.high = 1;
    if (out.judged > 0) std::tie(out.low, out.high) = wilson(right, out.judged);
    if (out.judged < OwnPrecision::kEnough || out.high >= precision) break;
    if (out.least >= most) break;
    // Equal confidences stand or fall together; what is as sure as may be asked for does not fall.
    const std::int32_t refuted = sure[from].confidence;
    const auto stays = [&](const JudgedAnswer& one) {
      return one.confidence > refuted || static_cast<double>(one.confidence) / 1000 >= most;
    };
    for (; from < sure.size() && !stays(sure[from]); ++from) right -= sure[from].right ? 1 : 0;
    const double next = from < sure.size() ? static_cast<double>(sure[from].confidence) / 1000 : most;
    out.least = std::min(next, most);
    out.raised = true;
  }
  if (out.judged < OwnPrecision::kEnough) return out;
  out.standing = out.high < precision   ? OwnPrecision::Standing::refuted
                 : out.low >= precision ? OwnPrecision::Standing::kept
                                        : OwnPrecision::Standing::untold;
  return out;
}

std::map<std::string, OwnPrecision, std::less<>> own_by_intent(double shipped, double precision,
                                                               std::span<const JudgedAnswer> answers) {
  std::map<std::string, std::vector<JudgedAnswer>, std::less<>> by_intent;
  for (const JudgedAnswer& one : answers) by_intent[one.intent].push_back(one);
  std::map<std::string, OwnPrecision, std::less<>> out;
  for (const auto& [intent, its] : by_intent)
    out.emplace(intent, own_precision(shipped, precision, its, kIntentMost));
  return out;
}

}  // namespace rapport::decide
