#include "study/roi.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "math/distributions.h"

namespace rapport::study {
namespace {

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  const std::size_t half = v.size() / 2;
  return v.size() % 2 == 1 ? v[half] : (v[half - 1] + v[half]) / 2;
}

/// P(estimate's truth > line); a certain figure is above or not (on the line counts as above).
double above(double estimate, double se, double line) {
  if (se == 0) return estimate >= line ? 1 : 0;
  return math::normal_cdf((estimate - line) / se);
}

/// The ratio benefit / cost - 1 by Fieller's theorem, independent numerator and denominator.
Interval fieller(const ServiceWorth& w, double z) {
  const double a = w.cost * w.cost - z * z * w.cost_se * w.cost_se;
  const double b = w.benefit * w.cost;
  const double c = w.benefit * w.benefit - z * z * w.benefit_se * w.benefit_se;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(a > 0)) return {-kInfinity, kInfinity};
  const double root = std::sqrt(std::max(0.0, b * b - a * c));
  return {(b - root) / a - 1, (b + root) / a - 1};
}

}  // namespace

std::string_view roi_quadrant_name(RoiQuadrant quadrant) {
  switch (quadrant) {
    case RoiQuadrant::widen:
      return "widen";
    case RoiQuadrant::invest:
      return "invest";
    case RoiQuadrant::keep_lean:
      return "keep_lean";
    case RoiQuadrant::mend:
      return "mend";
  }
  return "mend";
}

std::string_view roi_verdict_name(RoiVerdict verdict) {
  switch (verdict) {
    case RoiVerdict::widen:
      return "widen";
    case RoiVerdict::mend:
      return "mend";
    case RoiVerdict::retire:
      return "retire";
    case RoiVerdict::measure:
      return "measure";
  }
  return "measure";
}

RoiVerdict roi_verdict(const RoiLine& line) {
  if (line.net_interval.low > 0) return RoiVerdict::widen;
  if (!(line.net_interval.high < 0)) return RoiVerdict::measure;
  return line.worth.benefit < line.worth.cost / 2 ? RoiVerdict::retire : RoiVerdict::mend;
}

Result<RoiMatrix> roi_matrix(const std::vector<ServiceWorth>& services, double benefit_line, double cost_line,
                             double level) {
  if (services.empty()) return Error{Errc::refused, "no service", "rows", "at least one service"};
  std::set<std::string> names;
  std::vector<double> benefits, costs;
  for (const ServiceWorth& w : services) {
    if (!names.insert(w.service).second)
      return fail(Errc::bad_input, "service '{}' is given twice", w.service);
    if (!std::isfinite(w.benefit) || !(w.benefit_se >= 0) || !std::isfinite(w.benefit_se) || !(w.cost >= 0) ||
        !std::isfinite(w.cost) || !(w.cost_se >= 0) || !std::isfinite(w.cost_se)) {
      return Error{Errc::bad_input,
                   fmt::format("service '{}': benefit {} (se {}), cost {} (se {})", w.service, w.benefit,
                               w.benefit_se, w.cost, w.cost_se),
                   w.service, "finite figures, costs and standard errors from 0"};
    }
    benefits.push_back(w.benefit);
    costs.push_back(w.cost);
  }
  RoiMatrix matrix;
  matrix.benefit_line = std::isnan(benefit_line) ? median(benefits) : benefit_line;
  matrix.cost_line = std::isnan(cost_line) ? median(costs) : cost_line;
  const double z = math::normal_quantile((1 + level) / 2);
  for (const ServiceWorth& w : services) {
    RoiLine line{w};
    const double good = above(w.benefit, w.benefit_se, matrix.benefit_line),
                 dear = above(w.cost, w.cost_se, matrix.cost_line);
    line.probability = {good * (1 - dear), good * dear, (1 - good) * (1 - dear), (1 - good) * dear};
    const bool high = w.benefit >= matrix.benefit_line, costly = w.cost >= matrix.cost_line;
    line.quadrant = high ? (costly ? RoiQuadrant::invest : RoiQuadrant::widen)
                         : (costly ? RoiQuadrant::mend : RoiQuadrant::keep_lean);
    line.net = w.benefit - w.cost;
    const double se = std::hypot(w.benefit_se, w.cost_se);
    line.net_interval = {line.net - z * se, line.net + z * se};
    line.pays_probability = se > 0 ? math::normal_cdf(line.net / se) : (line.net > 0 ? 1 : 0);
    line.roi = w.cost > 0 ? line.net / w.cost : std::nan("");
    line.roi_interval = fieller(w, z);
    matrix.lines.push_back(std::move(line));
  }
  return matrix;
}

}  // namespace rapport::study
