#include "learn/detail/confidence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace rapport::learn {
namespace {

constexpr double kRidge = 1e-3;
constexpr int kSteps = 50;
constexpr double kOneSided95 = 1.6449;

using Three = std::array<double, 3>;

double logistic(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

/// Cholesky of a symmetric 3 x 3 that a ridge keeps positive.
Three solved(const std::array<Three, 3>& a, const Three& b) {
  const double l00 = std::sqrt(a[0][0]);
  const double l10 = a[1][0] / l00, l20 = a[2][0] / l00;
  const double l11 = std::sqrt(a[1][1] - l10 * l10);
  const double l21 = (a[2][1] - l20 * l10) / l11;
  const double l22 = std::sqrt(a[2][2] - l20 * l20 - l21 * l21);
  const double y0 = b[0] / l00, y1 = (b[1] - l10 * y0) / l11, y2 = (b[2] - l20 * y0 - l21 * y1) / l22;
  const double x2 = y2 / l22, x1 = (y1 - l21 * x2) / l11;
  return {(y0 - l10 * x1 - l20 * x2) / l00, x1, x2};
}

}  // namespace

Confidence Confidence::fit(std::span<const HeldOutAnswer> answers) {
  Confidence out;
  for (int step = 0; step < kSteps; ++step) {
    std::array<Three, 3> curvature = {Three{kRidge, 0, 0}, Three{0, kRidge, 0}, Three{0, 0, kRidge}};
    Three gradient = {-kRidge * out.weights_[0], -kRidge * out.weights_[1], -kRidge * out.weights_[2]};
    for (const HeldOutAnswer& one : answers) {
      const double p = out.of(one.score, one.lead);
      const Three x = {1, one.score, one.lead};
      for (std::size_t i = 0; i < 3; ++i) {
        gradient[i] += ((one.right ? 1 : 0) - p) * x[i];
        for (std::size_t j = 0; j < 3; ++j) curvature[i][j] += p * (1 - p) * x[i] * x[j];
      }
    }
    const Three move = solved(curvature, gradient);
    double most = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      // Answers that part cleanly would send a Newton step far away.
      out.weights_[i] += std::clamp(move[i], -5.0, 5.0);
      most = std::max(most, std::fabs(move[i]));
    }
    if (most < 1e-10) break;
  }
  std::vector<std::pair<double, bool>> judged;
  for (const HeldOutAnswer& one : answers) judged.emplace_back(out.of(one.score, one.lead), one.right);
  std::stable_sort(judged.begin(), judged.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::uint32_t right = 0;
  for (const auto& [confidence, was_right] : judged) {
    right += was_right ? 1 : 0;
    out.confidences_.push_back(confidence);
    out.right_upto_.push_back(right);
  }
  return out;
}

double Confidence::of(double score, double lead) const {
  return logistic(weights_[0] + weights_[1] * score + weights_[2] * lead);
}

double Confidence::threshold(double precision) const {
  for (std::size_t i = confidences_.size(); i >= kFewest; --i) {
    // Equal confidences stand or fall together.
    if (i < confidences_.size() && confidences_[i] == confidences_[i - 1]) continue;
    const double share = static_cast<double>(right_upto_[i - 1]) / static_cast<double>(i);
    const double spare = kOneSided95 * std::sqrt(share * (1 - share) / static_cast<double>(i));
    if (share - spare >= precision) return confidences_[i - 1];
  }
  return 2;
}

Confidence::Kept Confidence::kept(double threshold) const {
  Kept out{confidences_.size(), 0, 0};
  while (out.kept < confidences_.size() && confidences_[out.kept] >= threshold) ++out.kept;
  if (out.kept > 0) out.right = right_upto_[out.kept - 1];
  return out;
}

}  // namespace rapport::learn
