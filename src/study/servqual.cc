#include "study/servqual.h"

#include <cmath>
#include <numeric>

#include "math/distributions.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

struct MeanInterval {
  double mean = 0, low = 0, high = 0, p = 1;
};
MeanInterval t_interval(const Vector& v, double level) {
  const double n = static_cast<double>(v.size());
  MeanInterval m;
  m.mean = v.mean();
  const double se = std::sqrt((v.array() - m.mean).square().sum() / (n - 1) / n);
  const double half = math::t_quantile((1 + level) / 2, n - 1) * se;
  m.low = m.mean - half;
  m.high = m.mean + half;
  m.p = se > 0 ? math::two_sided_t_p(m.mean / se, n - 1) : (m.mean == 0 ? 1.0 : 0.0);
  return m;
}

ServqualLine line_of(std::string name, const Vector& perceived, const Vector* expected, double level) {
  ServqualLine line{std::move(name), static_cast<std::size_t>(perceived.size())};
  const MeanInterval p = t_interval(perceived, level);
  line.perception = p.mean;
  line.perception_low = p.low;
  line.perception_high = p.high;
  line.expectation = line.gap = line.gap_low = line.gap_high = line.gap_p = std::nan("");
  if (expected != nullptr) {
    line.expectation = expected->mean();
    const MeanInterval gap = t_interval(perceived - *expected, level);
    line.gap = gap.mean;
    line.gap_low = gap.low;
    line.gap_high = gap.high;
    line.gap_p = gap.p;
  }
  return line;
}

Status check(const Matrix& perceived, const Matrix& expected, const std::vector<std::string>& items,
             const std::vector<ServqualDimension>& dimensions, const std::vector<double>& weights) {
  if (perceived.cols() != static_cast<Index>(items.size()) || items.empty()) {
    return fail(Errc::bad_input, "{} perceptions with {} names", perceived.cols(), items.size());
  }
  if (expected.size() > 0 && (expected.rows() != perceived.rows() || expected.cols() != perceived.cols())) {
    return Error{Errc::bad_input,
                 fmt::format("{} expectations for {} perceptions", expected.cols(), perceived.cols()),
                 "expected", "one expectation an item"};
  }
  if (!perceived.allFinite() || !expected.allFinite()) return fail(Errc::bad_input, "a rating is missing");
  if (perceived.rows() < 3)
    return Error{Errc::refused, fmt::format("{} complete respondents", perceived.rows()), "rows",
                 "at least 3"};
  std::vector<int> used(items.size(), 0);
  for (const ServqualDimension& d : dimensions) {
    if (d.items.empty()) return fail(Errc::bad_input, "dimension '{}' has no item", d.name);
    for (const std::size_t i : d.items) {
      if (i >= items.size())
        return fail(Errc::bad_input, "dimension '{}' names item {} of {}", d.name, i + 1, items.size());
      ++used[i];
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (used[i] != 1)
      return Error{Errc::bad_input, fmt::format("item '{}' is in {} dimensions", items[i], used[i]), items[i],
                   "exactly one"};
  }
  if (!weights.empty() && weights.size() != dimensions.size()) {
    return Error{Errc::bad_input,
                 fmt::format("{} weights for {} dimensions", weights.size(), dimensions.size()), "weights",
                 "one a dimension"};
  }
  for (const double w : weights) {
    if (!(w > 0)) return Error{Errc::bad_input, fmt::format("weight {}", w), "weights", "weights above 0"};
  }
  return {};
}

}  // namespace

std::vector<ServqualDimension> standard_dimensions() {
  std::vector<ServqualDimension> dimensions{
      {"tangibles", {}}, {"reliability", {}}, {"responsiveness", {}}, {"assurance", {}}, {"empathy", {}}};
  constexpr std::size_t kSizes[] = {4, 5, 4, 4, 5};
  std::size_t at = 0;
  for (std::size_t d = 0; d < 5; ++d) {
    for (std::size_t i = 0; i < kSizes[d]; ++i) dimensions[d].items.push_back(at++);
  }
  return dimensions;
}

Result<ServqualResult> servqual(const Matrix& perceived, const Matrix& expected,
                                const std::vector<std::string>& items,
                                const std::vector<ServqualDimension>& dimensions,
                                const std::vector<double>& weights, double level) {
  RAPPORT_CHECK(check(perceived, expected, items, dimensions, weights));
  ServqualResult result;
  result.has_expectations = expected.size() > 0;
  const bool gaps = result.has_expectations;
  for (Index j = 0; j < perceived.cols(); ++j) {
    const Vector e = gaps ? Vector(expected.col(j)) : Vector();
    result.items.push_back(
        line_of(items[static_cast<std::size_t>(j)], perceived.col(j), gaps ? &e : nullptr, level));
  }
  const double total = weights.empty() ? static_cast<double>(dimensions.size())
                                       : std::accumulate(weights.begin(), weights.end(), 0.0);
  const Vector zero = Vector::Zero(perceived.rows());
  Vector mean_p = zero, mean_e = zero, weighted_p = zero, weighted_e = zero;
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    Vector p = zero, e = zero;
    for (const std::size_t i : dimensions[d].items) {
      p += perceived.col(static_cast<Index>(i));
      if (gaps) e += expected.col(static_cast<Index>(i));
    }
    p /= static_cast<double>(dimensions[d].items.size());
    e /= static_cast<double>(dimensions[d].items.size());
    const double weight = (weights.empty() ? 1.0 : weights[d]) / total;
    result.dimensions.push_back(line_of(dimensions[d].name, p, gaps ? &e : nullptr, level));
    result.dimensions.back().weight = weight;
    for (const std::size_t i : dimensions[d].items)
      result.items[i].weight = weight / static_cast<double>(dimensions[d].items.size());
    mean_p += p / static_cast<double>(dimensions.size());
    mean_e += e / static_cast<double>(dimensions.size());
    weighted_p += weight * p;
    weighted_e += weight * e;
  }
  result.overall = line_of("overall", mean_p, gaps ? &mean_e : nullptr, level);
  result.weighted = line_of("weighted", weighted_p, gaps ? &weighted_e : nullptr, level);
  result.overall.weight = result.weighted.weight = 1;
  return result;
}

}  // namespace rapport::study
