#include "study/survival.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/distributions.h"
#include "math/linear.h"
#include "math/resample.h"

namespace rapport::study {
namespace {

struct AtTime {
  double events = 0, open = 0;
};

Result<std::map<double, AtTime>> gather(const std::vector<SurvivalCase>& cases) {
  std::map<double, AtTime> times;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!(cases[i].time >= 0) || !std::isfinite(cases[i].time)) {
      return Error{Errc::bad_input, fmt::format("case {}: time {}", i + 1, cases[i].time), "time",
                   "a time from 0"};
    }
    AtTime& at = times[cases[i].time];
    (cases[i].closed ? at.events : at.open) += 1;
  }
  return times;
}

/// The first time at which `value(point)` is at most 1 - p; where the curve lies exactly there, the middle of
/// the step, as R does.
template <class Value>
std::optional<double> crossing(const std::vector<SurvivalPoint>& points, double p, Value value) {
  constexpr double kTie = 1e-9;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double v = value(points[i]);
    if (!(v <= 1 - p + kTie)) continue;
    if (v < 1 - p - kTie) return points[i].time;
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      if (value(points[j]) < v - kTie) return (points[i].time + points[j].time) / 2;
    }
    return points[i].time;
  }
  return std::nullopt;
}

void restricted_mean(SurvivalCurve& curve) {
  double area = 0, last_time = 0, last = 1;
  std::vector<double> right(curve.points.size(), 0.0);
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    right[i] = last * (curve.points[i].time - last_time);
    area += right[i];
    last_time = curve.points[i].time;
    last = curve.points[i].survival;
  }
  curve.restricted_mean = area;
  double passed = 0, variance = 0;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    passed += right[i];
    const SurvivalPoint& p = curve.points[i];
    if (p.events > 0 && p.at_risk > p.events)
      variance += std::pow(area - passed, 2) * p.events / (p.at_risk * (p.at_risk - p.events));
  }
  curve.restricted_mean_se = std::sqrt(variance);
}

}  // namespace

Result<SurvivalCurve> kaplan_meier(const std::vector<SurvivalCase>& cases,
                                   const std::vector<double>& quantiles, double level) {
  RAPPORT_TRY(const auto times, gather(cases));
  SurvivalCurve curve;
  curve.n = cases.size();
  std::vector<double> closed;
  for (const SurvivalCase& c : cases) {
    if (c.closed) closed.push_back(c.time);
  }
  curve.events = closed.size();
  if (cases.size() < 3)
    return Error{Errc::refused, fmt::format("{} cases", cases.size()), "rows", "at least 3"};
  if (closed.empty())
    return Error{Errc::refused, "no case is closed: nothing is known but that it takes longer", "event",
                 "closed cases"};
  std::sort(closed.begin(), closed.end());
  const double z = math::normal_quantile((1 + level) / 2);
  double at_risk = static_cast<double>(cases.size()), survival = 1, greenwood = 0;
  for (const auto& [time, at] : times) {
    SurvivalPoint point{time, at_risk, at.events, at.open};
    survival *= 1 - at.events / at_risk;
    greenwood += at.events > 0 ? at.events / (at_risk * (at_risk - at.events)) : 0;
    point.survival = survival;
    const double root = std::sqrt(greenwood);
    point.se = survival > 0 ? survival * root : 0;
    point.low = survival > 0 ? survival * std::exp(-z * root) : std::nan("");
    point.high = survival > 0 ? std::min(1.0, survival * std::exp(z * root)) : std::nan("");
    curve.points.push_back(point);
    at_risk -= at.events + at.open;
  }
  for (const double p : quantiles) {
    SurvivalQuantile q{p};
    q.time = crossing(curve.points, p, [](const SurvivalPoint& s) { return s.survival; });
    // Where the curve has reached 0 its limits are unknown: they do not cross.
    q.low = crossing(curve.points, p, [](const SurvivalPoint& s) { return s.low; });
    q.high = crossing(curve.points, p, [](const SurvivalPoint& s) { return s.high; });
    curve.quantiles.push_back(q);
    curve.closed_only.push_back(math::quantile_sorted(closed, p));
  }
  restricted_mean(curve);
  return curve;
}

Result<LogRank> log_rank(const std::vector<std::vector<SurvivalCase>>& groups) {
  const std::size_t k = groups.size();
  if (k < 2) return fail(Errc::bad_input, "{} groups", k);
  std::vector<std::map<double, AtTime>> times;
  std::map<double, double> events;
  LogRank result;
  std::vector<double> at_risk;
  for (const auto& group : groups) {
    RAPPORT_TRY(auto gathered, gather(group));
    for (const auto& [time, at] : gathered) events[time] += at.events;
    times.push_back(std::move(gathered));
    at_risk.push_back(static_cast<double>(group.size()));
  }
  result.observed.assign(k, 0);
  result.expected.assign(k, 0);
  const auto m = static_cast<Eigen::Index>(k) - 1;
  math::Matrix variance = math::Matrix::Zero(m, m);
  for (const auto& [time, d] : events) {
    double n = 0;
    for (const double r : at_risk) n += r;
    for (std::size_t g = 0; g < k; ++g) {
      const auto found = times[g].find(time);
      if (found != times[g].end()) result.observed[g] += found->second.events;
      result.expected[g] += d * at_risk[g] / n;
      if (n <= 1 || static_cast<Eigen::Index>(g) >= m) continue;
      for (std::size_t h = 0; h < k - 1; ++h) {
        const double share = at_risk[g] / n * ((g == h ? 1 : 0) - at_risk[h] / n);
        variance(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(h)) += d * share * (n - d) / (n - 1);
      }
    }
    for (std::size_t g = 0; g < k; ++g) {
      const auto found = times[g].find(time);
      if (found != times[g].end()) at_risk[g] -= found->second.events + found->second.open;
    }
  }
  math::Vector difference(m);
  for (Eigen::Index g = 0; g < m; ++g)
    difference[g] =
        result.observed[static_cast<std::size_t>(g)] - result.expected[static_cast<std::size_t>(g)];
  const auto factor = math::Cholesky::of(variance);
  if (!factor.ok())
    return Error{Errc::refused, "no event happened while two groups were at risk", "by",
                 "groups observed over the same times"};
  result.chisq = difference.dot(math::Vector(factor->solve(difference)));
  result.df = static_cast<double>(m);
  result.p = math::chi2_sf(result.chisq, result.df);
  return result;
}

}  // namespace rapport::study
