#include "study/causal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/distributions.h"
#include "study/detail/crossfit.h"
#include "study/logistic.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

Status check(const CausalData& data, const CausalOptions& options) {
  const Index n = data.x.rows();
  if (data.treatment.size() != n || data.outcome.size() != n ||
      data.x.cols() != static_cast<Index>(data.names.size()) || data.names.empty()) {
    return fail(Errc::bad_input, "{} x {} covariates, {} treatments, {} outcomes", n, data.x.cols(),
                data.treatment.size(), data.outcome.size());
  }
  if (!data.x.allFinite() || !data.outcome.allFinite())
    return fail(Errc::bad_input, "a value is missing or infinite");
  if (options.folds < 2 || options.folds > 50) {
    return Error{Errc::bad_input, fmt::format("{} folds", options.folds), "folds", "2 to 50"};
  }
  if (!(options.trim >= 0 && options.trim < 0.5))
    return Error{Errc::bad_input, fmt::format("trim {}", options.trim), "trim", "0 to .5"};
  double treated = 0;
  for (Index i = 0; i < n; ++i) {
    if (data.treatment[i] != 0 && data.treatment[i] != 1) {
      return Error{Errc::bad_input, fmt::format("row {}: treatment {}", i + 1, data.treatment[i]),
                   "treatment", "0 or 1"};
    }
    treated += data.treatment[i];
  }
  const double control = static_cast<double>(n) - treated;
  if (treated == 0 || control == 0) {
    return Error{
        Errc::refused,
        treated == 0 ? "nobody was treated" : "everybody was treated: there is nobody to compare with",
        "treatment", "treated and untreated rows"};
  }
  const double least = 2 * static_cast<double>(data.x.cols() + 1);
  if (std::min(treated, control) < std::max(10.0, least)) {
    return Error{
        Errc::refused,
        fmt::format("{} treated and {} control rows for {} covariates", treated, control, data.x.cols()),
        "rows", fmt::format("at least {} in each arm", std::max(10.0, least))};
  }
  return {};
}

CausalResult start_result(const CausalData& data) {
  CausalResult r;
  r.n = static_cast<std::size_t>(data.x.rows());
  const double treated = data.treatment.sum(), n = static_cast<double>(r.n);
  r.treated = static_cast<std::size_t>(treated);
  r.control = r.n - r.treated;
  r.naive = data.outcome.dot(data.treatment) / treated -
            (data.outcome.sum() - data.outcome.dot(data.treatment)) / (n - treated);
  return r;
}

void set_interval(CausalResult& r, double estimate, double se, double level) {
  r.estimate = estimate;
  r.se = se;
  const double z = math::normal_quantile((1 + level) / 2);
  r.ci_low = estimate - z * se;
  r.ci_high = estimate + z * se;
  r.p = math::two_sided_normal_p(estimate / se);
}

/// Two weighted means with variances v0, v1 of their parts and the sums of weights and of their squares: as
/// above by Student's t, with Welch's degrees of freedom at Kish's effective sizes, for few weighted rows
/// tell their own variance badly.
void set_interval_by_arms(CausalResult& r, double estimate, double se, double level, const double v[2],
                          const double sum[2], const double sum_squares[2]) {
  double below = 0;
  for (const int arm : {0, 1}) {
    const double rows = sum[arm] * sum[arm] / sum_squares[arm];
    below += v[arm] * v[arm] / std::max(1.0, rows - 1);
  }
  const double df = below > 0 ? (v[0] + v[1]) * (v[0] + v[1]) / below : static_cast<double>(r.n);
  const double t = math::t_quantile((1 + level) / 2, df);
  r.estimate = estimate;
  r.se = se;
  r.ci_low = estimate - t * se;
  r.ci_high = estimate + t * se;
  r.p = math::two_sided_t_p(estimate / se, df);
}

/// Which rows stay, and the propensity ranges of both arms. Errors: refused when the ranges do not meet.
Result<std::vector<char>> trim_rows(const CausalData& data, const Vector& e, const CausalOptions& options,
                                    Overlap& overlap) {
  overlap.treated_low = overlap.control_low = 1;
  overlap.treated_high = overlap.control_high = 0;
  for (Index i = 0; i < e.size(); ++i) {
    double& low = data.treatment[i] == 1 ? overlap.treated_low : overlap.control_low;
    double& high = data.treatment[i] == 1 ? overlap.treated_high : overlap.control_high;
    low = std::min(low, e[i]);
    high = std::max(high, e[i]);
  }
  if (overlap.control_high < overlap.treated_low) {
    return Error{
        Errc::refused,
        fmt::format(
            "no overlap: every treated row has a propensity above {:.3g}, every control row below {:.3g}",
            overlap.treated_low, overlap.control_high),
        "overlap", "covariates at which both arms occur"};
  }
  std::vector<char> keep(static_cast<std::size_t>(e.size()), 1);
  double kept[2] = {0, 0};
  for (Index i = 0; i < e.size(); ++i) {
    const bool out = e[i] > 1 - options.trim || (options.estimand == Estimand::ate && e[i] < options.trim);
    if (out) {
      keep[static_cast<std::size_t>(i)] = 0;
      ++overlap.trimmed;
    } else {
      kept[data.treatment[i] == 1 ? 1 : 0] += 1;
    }
  }
  if (kept[0] < 5 || kept[1] < 5) {
    return Error{
        Errc::refused,
        fmt::format("no overlap: after trimming, {} control and {} treated rows are left", kept[0], kept[1]),
        "overlap", "covariates at which both arms occur"};
  }
  return keep;
}

double weight_of(double treatment, double e, Estimand estimand) {
  if (estimand == Estimand::ate) return treatment == 1 ? 1 / e : 1 / (1 - e);
  return treatment == 1 ? 1 : e / (1 - e);
}

/// Standardised mean differences before and after weighting, and Kish's effective sizes.
void diagnose(const CausalData& data, const Vector& weights, Estimand estimand, CausalResult& r) {
  const Index p = data.x.cols();
  double sum[2] = {0, 0}, squares[2] = {0, 0}, rows[2] = {0, 0};
  for (Index i = 0; i < weights.size(); ++i) {
    const int arm = data.treatment[i] == 1 ? 1 : 0;
    sum[arm] += weights[i];
    squares[arm] += weights[i] * weights[i];
    rows[arm] += 1;
    r.used += weights[i] > 0 ? 1 : 0;
  }
  r.overlap.ess_share_control = sum[0] * sum[0] / squares[0] / rows[0];
  r.overlap.ess_share_treated = sum[1] * sum[1] / squares[1] / rows[1];
  for (Index j = 0; j < p; ++j) {
    double mean[2] = {0, 0}, square[2] = {0, 0}, weighted[2] = {0, 0};
    for (Index i = 0; i < weights.size(); ++i) {
      const int arm = data.treatment[i] == 1 ? 1 : 0;
      mean[arm] += data.x(i, j) / rows[arm];
      weighted[arm] += weights[i] * data.x(i, j) / sum[arm];
    }
    for (Index i = 0; i < weights.size(); ++i) {
      const int arm = data.treatment[i] == 1 ? 1 : 0;
      square[arm] += (data.x(i, j) - mean[arm]) * (data.x(i, j) - mean[arm]) / (rows[arm] - 1);
    }
    const double sd =
        std::sqrt(estimand == Estimand::att && square[1] > 0 ? square[1] : (square[0] + square[1]) / 2);
    Balance b{data.names[static_cast<std::size_t>(j)], weighted[1], weighted[0]};
    b.smd_before = sd > 0 ? (mean[1] - mean[0]) / sd : 0;
    b.smd_after = sd > 0 ? (weighted[1] - weighted[0]) / sd : 0;
    r.overlap.smd_after_max = std::max(r.overlap.smd_after_max, std::fabs(b.smd_after));
    r.balance.push_back(std::move(b));
  }
  r.overlap.good = static_cast<double>(r.overlap.trimmed) <= 0.1 * static_cast<double>(r.n) &&
                   r.overlap.ess_share_control >= 0.1 && r.overlap.ess_share_treated >= 0.1 &&
                   r.overlap.smd_after_max <= 0.25;
}

Vector weights_of(const CausalData& data, const Vector& e, const std::vector<char>& keep, Estimand estimand) {
  Vector w(e.size());
  for (Index i = 0; i < e.size(); ++i)
    w[i] = keep[static_cast<std::size_t>(i)] ? weight_of(data.treatment[i], e[i], estimand) : 0;
  return w;
}

/// Propensity by one logistic regression; separation is what "no overlap" looks like from the inside.
Result<LogisticFit> propensity(const CausalData& data) {
  auto fit = fit_logistic(data.x, data.treatment, data.names);
  if (fit.ok() || fit.error().message.find("separated") == std::string::npos) return fit;
  return Error{
      Errc::refused,
      fmt::format(
          "no overlap: '{}' (with the other covariates) tells treated and control rows apart without error",
          fit.error().where),
      "overlap", "covariates at which both arms occur"};
}

}  // namespace

Result<CausalResult> estimate_aipw(const CausalData& data, const CausalOptions& options) {
  RAPPORT_CHECK(check(data, options));
  RAPPORT_TRY(const detail::CrossFitted f,
              detail::cross_fit(data, options.folds, options.seed, options.threads));
  CausalResult r = start_result(data);
  RAPPORT_TRY(const std::vector<char> keep, trim_rows(data, f.propensity, options, r.overlap));
  const bool ate = options.estimand == Estimand::ate;
  double sum = 0, count = 0, treated = 0;
  Vector psi = Vector::Zero(data.outcome.size());
  for (Index i = 0; i < psi.size(); ++i) {
    if (!keep[static_cast<std::size_t>(i)]) continue;
    const double d = data.treatment[i], y = data.outcome[i], e = f.propensity[i];
    psi[i] = ate ? f.mu1[i] - f.mu0[i] + d * (y - f.mu1[i]) / e - (1 - d) * (y - f.mu0[i]) / (1 - e)
                 : (d - (1 - d) * e / (1 - e)) * (y - f.mu0[i]);
    sum += psi[i];
    count += 1;
    treated += d;
  }
  const double share = ate ? 1 : treated / count;
  const double estimate = sum / count / share;
  double squares = 0;
  for (Index i = 0; i < psi.size(); ++i) {
    if (!keep[static_cast<std::size_t>(i)]) continue;
    const double influence = (psi[i] - (ate ? 1 : data.treatment[i]) * estimate) / share;
    squares += influence * influence;
  }
  set_interval(r, estimate, std::sqrt(squares / count / count), options.level);
  diagnose(data, weights_of(data, f.propensity, keep, options.estimand), options.estimand, r);
  return r;
}

Result<CausalResult> estimate_ipw(const CausalData& data, const CausalOptions& options) {
  RAPPORT_CHECK(check(data, options));
  RAPPORT_TRY(const LogisticFit logit, propensity(data));
  CausalResult r = start_result(data);
  RAPPORT_TRY(const std::vector<char> keep, trim_rows(data, logit.fitted, options, r.overlap));
  const Vector& e = logit.fitted;
  const Vector w = weights_of(data, e, keep, options.estimand);
  double sum[2] = {0, 0}, sum_squares[2] = {0, 0}, mean[2] = {0, 0};
  for (Index i = 0; i < w.size(); ++i) {
    const int arm = data.treatment[i] == 1 ? 1 : 0;
    sum[arm] += w[i];
    sum_squares[arm] += w[i] * w[i];
    mean[arm] += w[i] * data.outcome[i];
  }
  mean[0] /= sum[0];
  mean[1] /= sum[1];
  // Influence of each row with the propensity known, and how the estimate moves with the propensity's
  // coefficients.
  const Index p = data.x.cols() + 1;
  const double n = static_cast<double>(r.n);
  Vector known = Vector::Zero(w.size()), slope = Vector::Zero(p), row(p);
  Matrix information = Matrix::Zero(p, p);
  for (Index i = 0; i < w.size(); ++i) {
    row[0] = 1;
    row.tail(p - 1) = data.x.row(i).transpose();
    information.selfadjointView<Eigen::Lower>().rankUpdate(row, e[i] * (1 - e[i]));
    if (w[i] == 0) continue;
    const int arm = data.treatment[i] == 1 ? 1 : 0;
    const double residual = (data.outcome[i] - mean[arm]) / sum[arm] * (arm == 1 ? 1 : -1);
    known[i] = w[i] * residual;
    // d weight / d eta: 1/e -> -(1-e)/e, 1/(1-e) -> e/(1-e), e/(1-e) -> e/(1-e), 1 -> 0.
    const double derivative = options.estimand == Estimand::ate
                                  ? (arm == 1 ? -(1 - e[i]) / e[i] : e[i] / (1 - e[i]))
                                  : (arm == 1 ? 0 : e[i] / (1 - e[i]));
    slope += derivative * residual * row;
  }
  RAPPORT_TRY(const math::Cholesky factor, math::Cholesky::of(information));
  const Vector lever = factor.solve(slope);
  double squares[2] = {0, 0};
  for (Index i = 0; i < w.size(); ++i) {
    const double correction = (lever[0] + data.x.row(i).dot(lever.tail(p - 1))) * (data.treatment[i] - e[i]);
    squares[data.treatment[i] == 1 ? 1 : 0] += (known[i] + correction) * (known[i] + correction);
  }
  const double se = std::sqrt((squares[0] + squares[1]) * n / (n - 1));
  set_interval_by_arms(r, mean[1] - mean[0], se, options.level, squares, sum, sum_squares);
  diagnose(data, w, options.estimand, r);
  return r;
}

namespace {

/// (treated row, control row), largest propensity first; controls sorted by logit, the nearest free one is
/// taken.
std::vector<std::pair<Index, Index>> match_pairs(const CausalData& data, const Vector& logit,
                                                 double caliper) {
  std::vector<Index> treated, control;
  for (Index i = 0; i < logit.size(); ++i) (data.treatment[i] == 1 ? treated : control).push_back(i);
  std::stable_sort(treated.begin(), treated.end(), [&](Index a, Index b) { return logit[a] > logit[b]; });
  std::stable_sort(control.begin(), control.end(), [&](Index a, Index b) { return logit[a] < logit[b]; });
  // next_free[k]: the first free position >= k; previous_free likewise downwards (path-compressed).
  const std::size_t m = control.size();
  std::vector<std::size_t> up(m + 1), down(m + 1);
  std::iota(up.begin(), up.end(), 0);
  std::iota(down.begin(), down.end(), 0);
  const auto root = [](std::vector<std::size_t>& parent, std::size_t at) {
    while (parent[at] != at) at = parent[at] = parent[parent[at]];
    return at;
  };
  std::vector<std::pair<Index, Index>> pairs;
  for (const Index t : treated) {
    const auto at =
        static_cast<std::size_t>(std::lower_bound(control.begin(), control.end(), logit[t],
                                                  [&](Index c, double v) { return logit[c] < v; }) -
                                 control.begin());
    const std::size_t above = root(up, at);    // m means none
    const std::size_t below = root(down, at);  // position k stands for control k - 1; 0 means none
    const double gap_above =
        above < m ? logit[control[above]] - logit[t] : std::numeric_limits<double>::infinity();
    const double gap_below =
        below > 0 ? logit[t] - logit[control[below - 1]] : std::numeric_limits<double>::infinity();
    if (std::min(gap_above, gap_below) > caliper || (above == m && below == 0)) continue;
    const std::size_t taken = gap_above <= gap_below ? above : below - 1;
    up[taken] = taken + 1;
    down[taken + 1] = taken;
    pairs.emplace_back(t, control[taken]);
  }
  return pairs;
}

}  // namespace

namespace {

/// The columns in which the two of some pair differ; the others tell nothing about what is left between them.
Matrix differing(const CausalData& data, const std::vector<std::pair<Index, Index>>& pairs,
                 std::vector<std::string>& names) {
  Matrix x(static_cast<Index>(pairs.size()), data.x.cols());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    x.row(static_cast<Index>(i)) = data.x.row(pairs[i].first) - data.x.row(pairs[i].second);
  Index kept = 0;
  for (Index j = 0; j < x.cols(); ++j) {
    if (x.col(j).minCoeff() == x.col(j).maxCoeff()) continue;
    x.col(kept++) = x.col(j).eval();
    names.push_back(data.names[static_cast<std::size_t>(j)]);
  }
  return x.leftCols(kept);
}

Status weigh_pairs(const CausalData& data, const std::vector<std::pair<Index, Index>>& pairs,
                   const CausalOptions& options, CausalResult& r) {
  Vector difference(static_cast<Index>(pairs.size()));
  for (std::size_t i = 0; i < pairs.size(); ++i)
    difference[static_cast<Index>(i)] = data.outcome[pairs[i].first] - data.outcome[pairs[i].second];
  const double m = static_cast<double>(pairs.size()), mean = difference.mean();
  r.pair_difference = mean;
  set_interval(r, mean, std::sqrt((difference.array() - mean).square().sum() / (m - 1) / m), options.level);
  if (options.pairs == PairEstimate::plain) return {};
  std::vector<std::string> names;
  const Matrix x = differing(data, pairs, names);
  if (x.cols() == 0) return {};
  RAPPORT_TRY(const LinearFit fit,
              fit_linear(x, difference, names, {.errors = ErrorType::hc3, .level = options.level}));
  set_interval(r, fit.coefficients[0].estimate, fit.coefficients[0].se, options.level);
  return {};
}

}  // namespace

Result<CausalResult> estimate_matching(const CausalData& data, const CausalOptions& options) {
  RAPPORT_CHECK(check(data, options));
  if (options.estimand != Estimand::att) {
    return Error{Errc::refused, "matching treated rows to controls estimates the effect on the treated",
                 "estimand", "att"};
  }
  RAPPORT_TRY(const LogisticFit fit, propensity(data));
  CausalResult r = start_result(data);
  CausalOptions untrimmed = options;
  untrimmed.trim = 0;
  RAPPORT_TRY(const std::vector<char> keep, trim_rows(data, fit.fitted, untrimmed, r.overlap));
  const Vector logit = (fit.fitted.array() / (1 - fit.fitted.array())).log();
  const double sd =
      std::sqrt((logit.array() - logit.mean()).square().sum() / static_cast<double>(logit.size() - 1));
  const auto pairs = match_pairs(data, logit, options.caliper * sd);
  if (pairs.size() < 5) {
    return Error{Errc::refused, fmt::format("{} pairs lie within the caliper", pairs.size()), "overlap",
                 "a wider caliper, or overlap"};
  }
  Vector w = Vector::Zero(data.outcome.size());
  for (const auto& [t, c] : pairs) w[t] = w[c] = 1;
  RAPPORT_CHECK(weigh_pairs(data, pairs, options, r));
  r.pairs = pairs.size();
  r.overlap.trimmed = r.treated - pairs.size();
  diagnose(data, w, Estimand::att, r);
  return r;
}

}  // namespace rapport::study
