#include "study/did.h"

#include <cmath>
#include <map>
#include <set>

#include "math/distributions.h"
#include "study/experiment.h"
#include "study/regression.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

Status check_arms(double treated, double control) {
  if (treated == 0 || control == 0) {
    return Error{
        Errc::refused,
        treated == 0 ? "nobody was treated" : "everybody was treated: there is nobody to compare with",
        "treatment", "treated and untreated rows"};
  }
  if (treated < 2 || control < 2) {
    return Error{Errc::refused, fmt::format("{} treated and {} control units", treated, control), "rows",
                 "at least 2 in each arm"};
  }
  return {};
}

void take_effect(DidResult& r, const Effect& e) {
  r.estimate = e.lift;
  r.se = e.se;
  r.ci_low = e.ci_low;
  r.ci_high = e.ci_high;
  r.p = e.p;
  r.df = e.df;
}

Result<Effect> compare_arms(const std::vector<double>& control, const std::vector<double>& treated,
                            double level) {
  RAPPORT_TRY(const Arm c, mean_arm("control", control));
  RAPPORT_TRY(const Arm t, mean_arm("treated", treated));
  return compare(c, t, Scale::absolute, level);
}

double mean_of(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x;
  return v.empty() ? std::nan("") : sum / static_cast<double>(v.size());
}

/// One unit's observations and its least-squares slope before the treatment.
struct Unit {
  double treatment = 0;
  std::vector<double> before, after, times_before;
};

std::optional<double> slope(const std::vector<double>& t, const std::vector<double>& y) {
  const double mt = mean_of(t), my = mean_of(y);
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    xx += (t[i] - mt) * (t[i] - mt);
    xy += (t[i] - mt) * (y[i] - my);
  }
  if (!(xx > 0)) return std::nullopt;
  return xy / xx;
}

void test_pre_trend(DidResult& r, const std::vector<double>& control, const std::vector<double>& treated,
                    double level) {
  if (control.size() < 2 || treated.size() < 2) return;
  const auto effect = compare_arms(control, treated, level);
  if (!effect.ok()) return;
  r.pre_trend = effect->lift;
  r.pre_trend_se = effect->se;
  r.pre_trend_p = effect->p;
}

Result<DidResult> did_units(const DidLong& data, DidResult r, double level) {
  std::map<std::string, Unit> units;
  for (std::size_t i = 0; i < data.outcome.size(); ++i) {
    const auto [unit, fresh] = units.try_emplace(data.unit[i], Unit{data.treatment[i], {}, {}, {}});
    if (unit->second.treatment != data.treatment[i]) {
      return Error{Errc::bad_input, fmt::format("unit '{}' is in both groups", data.unit[i]), "treatment",
                   "the group a unit belongs to, the same in every period"};
    }
    if (data.time[i] < data.first_treated_time) {
      unit->second.before.push_back(data.outcome[i]);
      unit->second.times_before.push_back(data.time[i]);
    } else {
      unit->second.after.push_back(data.outcome[i]);
    }
  }
  std::vector<double> change[2], slopes[2], before[2], after[2];
  for (const auto& [name, unit] : units) {
    const int arm = unit.treatment == 1 ? 1 : 0;
    if (const auto s = slope(unit.times_before, unit.before)) slopes[arm].push_back(*s);
    if (unit.before.empty() || unit.after.empty()) continue;
    before[arm].push_back(mean_of(unit.before));
    after[arm].push_back(mean_of(unit.after));
    change[arm].push_back(after[arm].back() - before[arm].back());
  }
  r.treated = change[1].size();
  r.control = change[0].size();
  RAPPORT_CHECK(check_arms(static_cast<double>(r.treated), static_cast<double>(r.control)));
  r.control_before = mean_of(before[0]);
  r.control_after = mean_of(after[0]);
  r.treated_before = mean_of(before[1]);
  r.treated_after = mean_of(after[1]);
  RAPPORT_TRY(const Effect effect, compare_arms(change[0], change[1], level));
  take_effect(r, effect);
  test_pre_trend(r, slopes[0], slopes[1], level);
  return r;
}

/// y ~ treated + moment + treated * moment, HC1; the coefficient of the product.
Result<Coefficient> interaction(const std::vector<double>& y, const std::vector<double>& treated,
                                const std::vector<double>& moment, double level) {
  Matrix x(static_cast<Index>(y.size()), 3);
  Vector outcome(x.rows());
  for (Index i = 0; i < x.rows(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    x.row(i) << treated[at], moment[at], treated[at] * moment[at];
    outcome[i] = y[at];
  }
  RAPPORT_TRY(const LinearFit fit, fit_linear(x, outcome, {"treatment", "time", "treatment x time"},
                                              {.errors = ErrorType::hc1, .level = level}));
  return fit.coefficients[3];
}

Result<DidResult> did_cross_sections(const DidLong& data, DidResult r, double level) {
  std::vector<double> after(data.outcome.size()), y, d, t;
  std::vector<double> cell[2][2];
  for (std::size_t i = 0; i < after.size(); ++i) {
    after[i] = data.time[i] >= data.first_treated_time ? 1 : 0;
    cell[data.treatment[i] == 1][after[i] == 1].push_back(data.outcome[i]);
    if (after[i] == 1) continue;
    y.push_back(data.outcome[i]);
    d.push_back(data.treatment[i]);
    t.push_back(data.time[i]);
  }
  r.treated = cell[1][0].size() + cell[1][1].size();
  r.control = cell[0][0].size() + cell[0][1].size();
  RAPPORT_CHECK(check_arms(static_cast<double>(r.treated), static_cast<double>(r.control)));
  r.control_before = mean_of(cell[0][0]);
  r.control_after = mean_of(cell[0][1]);
  r.treated_before = mean_of(cell[1][0]);
  r.treated_after = mean_of(cell[1][1]);
  RAPPORT_TRY(const Coefficient c, interaction(data.outcome, data.treatment, after, level));
  r.estimate = c.estimate;
  r.se = c.se;
  r.ci_low = c.ci_low;
  r.ci_high = c.ci_high;
  r.p = c.p;
  r.df = static_cast<double>(data.outcome.size()) - 4;
  if (r.periods_before < 2) return r;
  const auto trend = interaction(y, d, t, level);
  if (trend.ok()) {
    r.pre_trend = trend->estimate;
    r.pre_trend_se = trend->se;
    r.pre_trend_p = trend->p;
  }
  return r;
}

}  // namespace

Result<DidResult> did_wide(const Vector& before, const Vector& after, const Vector& treatment,
                           const Matrix& covariates, const std::vector<std::string>& names, double level) {
  if (before.size() != after.size() || before.size() != treatment.size() ||
      (covariates.cols() > 0 && covariates.rows() != before.size())) {
    return fail(Errc::bad_input, "{} before, {} after, {} treatments", before.size(), after.size(),
                treatment.size());
  }
  std::vector<double> change[2];
  DidResult r;
  r.periods_before = r.periods_after = 1;
  double sums[2][2] = {{0, 0}, {0, 0}};
  for (Index i = 0; i < before.size(); ++i) {
    if (treatment[i] != 0 && treatment[i] != 1)
      return fail(Errc::bad_input, "row {}: treatment {}", i + 1, treatment[i]);
    const int arm = treatment[i] == 1 ? 1 : 0;
    change[arm].push_back(after[i] - before[i]);
    sums[arm][0] += before[i];
    sums[arm][1] += after[i];
  }
  r.treated = change[1].size();
  r.control = change[0].size();
  RAPPORT_CHECK(check_arms(static_cast<double>(r.treated), static_cast<double>(r.control)));
  r.control_before = sums[0][0] / static_cast<double>(r.control);
  r.control_after = sums[0][1] / static_cast<double>(r.control);
  r.treated_before = sums[1][0] / static_cast<double>(r.treated);
  r.treated_after = sums[1][1] / static_cast<double>(r.treated);
  if (covariates.cols() == 0) {
    RAPPORT_TRY(const Effect effect, compare_arms(change[0], change[1], level));
    take_effect(r, effect);
    return r;
  }
  Matrix x(before.size(), covariates.cols() + 1);
  x << treatment, covariates;
  std::vector<std::string> all = names;
  all.insert(all.begin(), "treatment");
  RAPPORT_TRY(const LinearFit fit,
              fit_linear(x, after - before, all, {.errors = ErrorType::hc2, .level = level}));
  const Coefficient& c = fit.coefficients[1];
  take_effect(r, {c.estimate, c.se, c.ci_low, c.ci_high, c.p, fit.df_residual});
  return r;
}

Result<DidResult> did_long(const DidLong& data, double level) {
  const std::size_t n = data.outcome.size();
  if (data.time.size() != n || data.treatment.size() != n || (!data.unit.empty() && data.unit.size() != n)) {
    return fail(Errc::bad_input, "{} outcomes, {} times, {} treatments", n, data.time.size(),
                data.treatment.size());
  }
  std::set<double> before, after;
  for (std::size_t i = 0; i < n; ++i) {
    if (data.treatment[i] != 0 && data.treatment[i] != 1) {
      return Error{Errc::bad_input, fmt::format("row {}: treatment {}", i + 1, data.treatment[i]),
                   "treatment", "0 or 1"};
    }
    (data.time[i] < data.first_treated_time ? before : after).insert(data.time[i]);
  }
  if (before.empty() || after.empty()) {
    return Error{
        Errc::refused,
        before.empty() ? "there is no period before the treatment" : "there is no period after the treatment",
        "time", "periods on both sides"};
  }
  DidResult r;
  r.periods_before = before.size();
  r.periods_after = after.size();
  return data.unit.empty() ? did_cross_sections(data, r, level) : did_units(data, r, level);
}

}  // namespace rapport::study
