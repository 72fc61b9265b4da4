#include "study/scores.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/distributions.h"

namespace rapport::study {
namespace {

/// The score statistic of H0: p+ - p- = delta, its variance at the restricted maximum of the trinomial
/// likelihood. With s = p+ + p-, the maximum solves n s^2 - (a + b + delta (a - b)) s - delta (b - a) - c
/// delta^2 = 0.
double score_statistic(double promoters, double detractors, double n, double delta) {
  const double passives = n - promoters - detractors;
  const double b = promoters + detractors + delta * (promoters - detractors);
  const double c = delta * (detractors - promoters) + passives * delta * delta;
  const double s = (b + std::sqrt(std::max(0.0, b * b + 4 * n * c))) / (2 * n);
  const double variance = std::max(0.0, s - delta * delta) / n;
  const double difference = (promoters - detractors) / n - delta;
  if (variance <= 0) return difference == 0 ? 0 : std::copysign(1e300, difference);
  return difference / std::sqrt(variance);
}

double solve_score(double promoters, double detractors, double n, double z, double from, double to) {
  // The statistic falls in delta; find where it equals z.
  for (int pass = 0; pass < 200; ++pass) {
    const double middle = (from + to) / 2;
    (score_statistic(promoters, detractors, n, middle) > z ? from : to) = middle;
  }
  return (from + to) / 2;
}

Interval t_interval(double mean, double se, double df, double level) {
  const double half = math::t_quantile((1 + level) / 2, df) * se;
  return {mean - half, mean + half};
}

}  // namespace

Interval wilson_interval(double x, double n, double level) {
  const double z = math::normal_quantile((1 + level) / 2), p = x / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {x == 0 ? 0 : centre - half, x == n ? 1 : centre + half};
}

Interval newcombe_interval(double x1, double n1, double x2, double n2, double level) {
  const double p1 = x1 / n1, p2 = x2 / n2;
  const Interval first = wilson_interval(x1, n1, level), second = wilson_interval(x2, n2, level);
  return {p1 - p2 - std::hypot(p1 - first.low, second.high - p2),
          p1 - p2 + std::hypot(first.high - p1, p2 - second.low)};
}

Result<NpsResult> nps_of_counts(const NpsCounts& c, double level) {
  if (!(c.detractors >= 0 && c.passives >= 0 && c.promoters >= 0)) {
    return fail(Errc::bad_input, "{} detractors, {} passives, {} promoters", c.detractors, c.passives,
                c.promoters);
  }
  const double n = c.n();
  if (!(n > 0)) return Error{Errc::refused, "nobody answered", "score", "at least one answer"};
  NpsResult r{c};
  const double z = math::normal_quantile((1 + level) / 2);
  r.nps = (c.promoters - c.detractors) / n;
  r.se = std::sqrt(((c.promoters + c.detractors) / n - r.nps * r.nps) / n);
  r.wald = {r.nps - z * r.se, r.nps + z * r.se};
  const double m = n + 3, centre = (c.promoters - c.detractors) / m;
  const double se = std::sqrt(((c.promoters + c.detractors + 1.5) / m - centre * centre) / m);
  r.adjusted = {std::max(-1.0, centre - z * se), std::min(1.0, centre + z * se)};
  r.score = {solve_score(c.promoters, c.detractors, n, z, -1, r.nps),
             solve_score(c.promoters, c.detractors, n, -z, r.nps, 1)};
  return r;
}

Result<NpsCounts> count_nps(const std::vector<double>& answers) {
  NpsCounts counts;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double a = answers[i];
    if (std::isnan(a)) continue;
    if (!(a >= 0 && a <= 10) || a != std::floor(a)) {
      return Error{Errc::bad_input, fmt::format("answer {} is {}", i + 1, a), "score",
                   "whole numbers 0 to 10"};
    }
    (a <= 6 ? counts.detractors : a <= 8 ? counts.passives : counts.promoters) += 1;
  }
  return counts;
}

Result<ShareResult> satisfaction(const std::vector<double>& answers, double satisfied_from, double low,
                                 double high, double level) {
  ShareResult r;
  double sum = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double a = answers[i];
    if (std::isnan(a)) continue;
    if (!(a >= low && a <= high)) {
      return Error{Errc::bad_input, fmt::format("answer {} is {}", i + 1, a), "score",
                   fmt::format("{} to {}", low, high)};
    }
    r.n += 1;
    sum += a;
    r.successes += a >= satisfied_from ? 1 : 0;
  }
  if (r.n < 2) return Error{Errc::refused, fmt::format("{} answers", r.n), "score", "at least 2"};
  r.share = r.successes / r.n;
  r.interval = wilson_interval(r.successes, r.n, level);
  r.mean = sum / r.n;
  double squares = 0;
  for (const double a : answers) squares += std::isnan(a) ? 0 : (a - r.mean) * (a - r.mean);
  r.mean_se = std::sqrt(squares / (r.n - 1) / r.n);
  r.mean_interval = t_interval(r.mean, r.mean_se, r.n - 1, level);
  return r;
}

Result<WeightedMean> weight_for_nonresponse(const std::vector<double>& value,
                                            const std::vector<std::string>& stratum, double level) {
  if (value.size() != stratum.size())
    return fail(Errc::bad_input, "{} answers, {} strata", value.size(), stratum.size());
  struct Cell {
    double invited = 0, n = 0, sum = 0, squares = 0;
  };
  std::map<std::string, Cell> cells;
  WeightedMean r;
  double sum = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    Cell& cell = cells[stratum[i]];
    cell.invited += 1;
    if (std::isnan(value[i])) continue;
    cell.n += 1;
    cell.sum += value[i];
    sum += value[i];
    r.n += 1;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (std::isnan(value[i])) continue;
    Cell& cell = cells[stratum[i]];
    const double d = value[i] - cell.sum / cell.n;
    cell.squares += d * d;
  }
  r.invited = static_cast<double>(value.size());
  double weights = 0, weights_squared = 0;
  for (const auto& [name, cell] : cells) {
    if (cell.n < 2) {
      return Error{Errc::refused,
                   fmt::format("stratum '{}': {} of {} answered, too few to stand for the rest", name, cell.n,
                               cell.invited),
                   name, "at least 2 answers in each stratum: join small strata"};
    }
    const double share = cell.invited / r.invited;
    r.mean += share * cell.sum / cell.n;
    r.se += share * share * cell.squares / (cell.n - 1) / cell.n;
    weights += cell.invited;
    weights_squared += cell.invited * cell.invited / cell.n;
  }
  r.se = std::sqrt(r.se);
  r.unweighted = sum / r.n;
  r.response_rate = r.n / r.invited;
  r.design_effect = r.n * weights_squared / (weights * weights);
  const double z = math::normal_quantile((1 + level) / 2);
  r.interval = {r.mean - z * r.se, r.mean + z * r.se};
  return r;
}

}  // namespace rapport::study
