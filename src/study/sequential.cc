#include "study/sequential.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "math/distributions.h"

namespace rapport::study {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// Beyond this many standard errors nothing of a normal is left in a double.
constexpr double kFar = 8.5;

struct Rule {
  std::vector<double> node, weight;  ///< on [-1, 1]
};

/// Gauss-Legendre nodes by Newton's method on the recurrence.
Rule gauss_legendre(int n) {
  Rule rule{std::vector<double>(static_cast<std::size_t>(n)),
            std::vector<double>(static_cast<std::size_t>(n))};
  for (int i = 0; i < n; ++i) {
    double x = std::cos(kPi * (i + 0.75) / (n + 0.5));
    double slope = 1;
    for (int pass = 0; pass < 100; ++pass) {
      double p0 = 1, p1 = x;
      for (int k = 2; k <= n; ++k) {
        const double p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
        p0 = p1;
        p1 = p2;
      }
      slope = n * (x * p1 - p0) / (x * x - 1);
      const double step = p1 / slope;
      x -= step;
      if (std::fabs(step) < 1e-16) break;
    }
    rule.node[static_cast<std::size_t>(i)] = x;
    rule.weight[static_cast<std::size_t>(i)] = 2 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

/// The sub-density of the score S_k = Z_k sqrt(t_k) over paths that have not crossed, on a grid.
struct Alive {
  std::vector<double> at, mass;  ///< mass = density * quadrature weight
};

double bound_of(double z_bound) {
  return std::min(z_bound, kFar);
}

/// P(|S_k| >= bound, not crossed before).
double crossing_now(const Alive& before, double step, double drift, double limit) {
  const double sd = std::sqrt(step), shift = drift * step;
  double sum = 0;
  for (std::size_t i = 0; i < before.at.size(); ++i) {
    const double mean = before.at[i] + shift;
    sum += before.mass[i] * (math::normal_sf((limit - mean) / sd) + math::normal_cdf((-limit - mean) / sd));
  }
  return sum;
}

Alive advance(const Alive& before, double t, double step, double drift, double z_bound) {
  const double sd = std::sqrt(step), shift = drift * step;
  double limit = bound_of(z_bound) * std::sqrt(t);
  double centre = 0;
  if (z_bound >= kFar) centre = drift * t;
  // About six nodes a standard deviation of the kernel make the rule exact to rounding.
  const int nodes = std::clamp(static_cast<int>(6 * 2 * limit / sd), 64, 600);
  const Rule rule = gauss_legendre(nodes);
  Alive now{std::vector<double>(rule.node.size()), std::vector<double>(rule.node.size())};
  for (std::size_t j = 0; j < rule.node.size(); ++j) {
    const double s = centre + limit * rule.node[j];
    double density = 0;
    for (std::size_t i = 0; i < before.at.size(); ++i) {
      density += before.mass[i] * math::normal_pdf((s - before.at[i] - shift) / sd);
    }
    now.at[j] = s;
    now.mass[j] = density / sd * limit * rule.weight[j];
  }
  return now;
}

const Alive kStart{{0.0}, {1.0}};

std::vector<double> cumulative_crossing(const std::vector<double>& t, const std::vector<double>& bounds,
                                        double drift) {
  Alive alive = kStart;
  std::vector<double> cumulative;
  double sum = 0, last = 0;
  for (std::size_t k = 0; k < t.size(); ++k) {
    sum += crossing_now(alive, t[k] - last, drift, bounds[k] * std::sqrt(t[k]));
    cumulative.push_back(sum);
    if (k + 1 < t.size()) alive = advance(alive, t[k], t[k] - last, drift, bounds[k]);
    last = t[k];
  }
  return cumulative;
}

/// Root of a decreasing function on [low, high] by bisection and secant (Illinois).
template <class F>
double solve_decreasing(F&& f, double low, double high) {
  double f_low = f(low), f_high = f(high);
  for (int pass = 0; pass < 200 && high - low > 1e-13 * (1 + std::fabs(low)); ++pass) {
    double middle = pass % 3 == 2 ? (low + high) / 2 : low - f_low * (high - low) / (f_high - f_low);
    if (!(middle > low && middle < high)) middle = (low + high) / 2;
    const double value = f(middle);
    if (value > 0) {
      low = middle;
      f_low = value;
    } else {
      high = middle;
      f_high = value;
    }
    if (value == 0) return middle;
  }
  return (low + high) / 2;
}

double spend(SpendingRule rule, double t, double alpha) {
  if (t >= 1) return alpha;
  switch (rule) {
    case SpendingRule::lan_demets_obf:
      return 4 * math::normal_sf(math::normal_quantile(1 - alpha / 4) / std::sqrt(t));
    case SpendingRule::lan_demets_obf2:
      return 2 * math::normal_sf(math::normal_quantile(1 - alpha / 2) / std::sqrt(t));
    default:
      return alpha * std::log(1 + (std::exp(1.0) - 1) * t);
  }
}

std::vector<double> spending_bounds(SpendingRule rule, const std::vector<double>& t, double alpha) {
  Alive alive = kStart;
  std::vector<double> bounds;
  double spent = 0, last = 0;
  for (const double now : t) {
    const double target = spend(rule, now, alpha);
    const double step = now - last;
    const double bound = solve_decreasing(
        [&](double c) { return crossing_now(alive, step, 0, c * std::sqrt(now)) - (target - spent); }, 0.0,
        20.0);
    bounds.push_back(bound);
    alive = advance(alive, now, step, 0, bound);
    spent = target;
    last = now;
  }
  return bounds;
}

}  // namespace

Result<SpendingRule> parse_spending_rule(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, SpendingRule>, 5> kWords{
      {{"pocock", SpendingRule::pocock},
       {"obf", SpendingRule::obrien_fleming},
       {"ld-obf", SpendingRule::lan_demets_obf},
       {"ld-obf2", SpendingRule::lan_demets_obf2},
       {"ld-pocock", SpendingRule::lan_demets_pocock}}};
  for (const auto& [name, rule] : kWords) {
    if (name == word) return rule;
  }
  return Error{Errc::bad_input, fmt::format("'{}' is no spending rule", word), "sequential",
               "pocock, obf, ld-obf, ld-obf2 or ld-pocock"};
}

Result<GroupSequential> group_sequential(SpendingRule rule, const std::vector<double>& t, double alpha) {
  if (t.empty() || t.size() > 40)
    return Error{Errc::bad_input, fmt::format("{} looks", t.size()), "looks", "1 to 40"};
  if (!(alpha > 0 && alpha < 0.5))
    return Error{Errc::bad_input, fmt::format("alpha {}", alpha), "alpha", "between 0 and .5"};
  for (std::size_t k = 0; k < t.size(); ++k) {
    const double least = k == 0 ? 0 : t[k - 1];
    if (t[k] > least + 1e-4 && t[k] <= 1) continue;
    return Error{Errc::bad_input, fmt::format("information fraction {} at look {}", t[k], k + 1), "fractions",
                 "ascending numbers above 0, the last 1"};
  }
  if (std::fabs(t.back() - 1) > 1e-12) {
    return Error{Errc::bad_input, fmt::format("the last fraction is {}", t.back()), "fractions",
                 "1 at the last look"};
  }
  GroupSequential design;
  design.fractions = t;
  if (rule == SpendingRule::pocock || rule == SpendingRule::obrien_fleming) {
    const auto bounds_at = [&](double c) {
      std::vector<double> bounds;
      for (const double now : t) bounds.push_back(rule == SpendingRule::pocock ? c : c / std::sqrt(now));
      return bounds;
    };
    const double c = solve_decreasing(
        [&](double at) { return cumulative_crossing(t, bounds_at(at), 0).back() - alpha; }, 0.5, 6.0);
    design.bounds = bounds_at(c);
  } else {
    design.bounds = spending_bounds(rule, t, alpha);
  }
  design.spent = cumulative_crossing(t, design.bounds, 0);
  for (const double bound : design.bounds) design.nominal_p.push_back(2 * math::normal_sf(bound));
  return design;
}

std::vector<double> crossing_probability(const GroupSequential& design, double drift) {
  return cumulative_crossing(design.fractions, design.bounds, drift);
}

double drift_for_power(const GroupSequential& design, double power) {
  return solve_decreasing([&](double drift) { return power - crossing_probability(design, drift).back(); },
                          0.0, 15.0);
}

Result<Effect> always_valid(const Effect& effect, double n, double tuning, double level) {
  if (!(tuning > 0) || !(n > 0)) {
    return Error{Errc::bad_input, fmt::format("tuning {} at n = {}", tuning, n), "tuning",
                 "the n of units at which to be narrowest"};
  }
  const double alpha = 1 - level;
  const double rho =
      std::sqrt((-2 * std::log(alpha) + std::log(-2 * std::log(alpha) + 1)) / tuning);  // eq 161
  const double k = n * rho * rho + 1;
  Effect sequence = effect;
  const double s2 = effect.se * effect.se * n;
  const double half =
      std::sqrt(s2) * std::sqrt(2 * k * std::log(std::sqrt(k) / alpha) / (n * n * rho * rho));  // eq 9
  sequence.ci_low = effect.lift - half;
  sequence.ci_high = effect.lift + half;
  const double score2 = effect.lift * effect.lift * n / (effect.se * effect.se);
  sequence.p = std::min(1.0, std::sqrt(k) * std::exp(-rho * rho * score2 / (2 * k)));  // eq 155
  return sequence;
}

}  // namespace rapport::study
