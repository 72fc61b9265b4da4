#include "study/experiment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/distributions.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

double welch_df(const Arm& a, const Arm& b) {
  const double total = a.variance + b.variance;
  return total * total / (a.variance * a.variance / (a.n - 1) + b.variance * b.variance / (b.n - 1));
}

}  // namespace

Result<Arm> mean_arm(std::string name, double n, double sum, double sum_of_squares) {
  if (!(n >= 2) || n != std::floor(n) || !std::isfinite(sum) || !std::isfinite(sum_of_squares)) {
    return Error{Errc::bad_input,
                 fmt::format("arm '{}': n = {}, sum = {}, sum of squares = {}", name, n, sum, sum_of_squares),
                 name, "a whole n of at least 2 and finite sums"};
  }
  const double centred = sum_of_squares - sum * sum / n;
  if (centred < -1e-9 * std::max(1.0, sum_of_squares)) {
    return Error{Errc::bad_input,
                 fmt::format("arm '{}': the sum of squares {} is below sum^2 / n = {}", name, sum_of_squares,
                             sum * sum / n),
                 name, "sumsq >= sum^2 / n"};
  }
  return Arm{std::move(name), n, sum / n, std::max(0.0, centred) / (n - 1) / n};
}

Result<Arm> proportion_arm(std::string name, double n, double successes) {
  if (!(n >= 1) || !(successes >= 0) || successes > n || n != std::floor(n)) {
    return Error{Errc::bad_input, fmt::format("arm '{}': {} of {}", name, successes, n), name,
                 "0 <= successes <= n"};
  }
  const double p = successes / n;
  return Arm{std::move(name), n, p, p * (1 - p) / n, true};
}

Result<Arm> mean_arm(std::string name, std::span<const double> values) {
  if (values.size() < 2)
    return Error{Errc::refused, fmt::format("arm '{}' has {} units", name, values.size()), name,
                 "at least 2"};
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0, drift = 0;
  for (const double v : values) {
    squares += (v - mean) * (v - mean);
    drift += v - mean;
  }
  if (!std::isfinite(squares))
    return fail(Errc::bad_input, "arm '{}' holds a missing or infinite value", name);
  const bool share = std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
  return Arm{std::move(name), n, mean + drift / n, (squares - drift * drift / n) / (n - 1) / n, share};
}

Result<Arm> ratio_arm(std::string name, std::span<const double> numerator,
                      std::span<const double> denominator) {
  if (numerator.size() != denominator.size()) {
    return fail(Errc::bad_input, "arm '{}': {} numerators, {} denominators", name, numerator.size(),
                denominator.size());
  }
  if (numerator.size() < 2) {
    return Error{Errc::refused, fmt::format("arm '{}' has {} units", name, numerator.size()), name,
                 "at least 2"};
  }
  const double n = static_cast<double>(numerator.size());
  const double top = std::accumulate(numerator.begin(), numerator.end(), 0.0) / n;
  const double bottom = std::accumulate(denominator.begin(), denominator.end(), 0.0) / n;
  if (!std::isfinite(top) || !std::isfinite(bottom))
    return fail(Errc::bad_input, "arm '{}' holds a missing value", name);
  if (bottom == 0)
    return Error{Errc::refused, fmt::format("arm '{}': the denominator is 0 on average", name), name,
                 "a denominator above 0"};
  const double ratio = top / bottom;
  double squares = 0;
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    const double residual = (numerator[i] - top) - ratio * (denominator[i] - bottom);
    squares += residual * residual;
  }
  return Arm{std::move(name), n, ratio, squares / (n - 1) / n / (bottom * bottom)};
}

Result<std::vector<CupedArm>> cuped(const std::vector<std::string>& names, const std::vector<Vector>& outcome,
                                    const std::vector<Matrix>& covariates, CupedTheta theta) {
  const std::size_t arms = names.size();
  if (arms < 2 || outcome.size() != arms || covariates.size() != arms)
    return fail(Errc::bad_input, "{} arms", arms);
  const Index p = covariates.front().cols();
  Vector grand = Vector::Zero(p);
  double total = 0;
  for (std::size_t k = 0; k < arms; ++k) {
    if (covariates[k].rows() != outcome[k].size() || covariates[k].cols() != p) {
      return fail(Errc::bad_input, "arm '{}': outcome and covariates differ in shape", names[k]);
    }
    if (outcome[k].size() <= p + 1) {
      return Error{Errc::refused, fmt::format("arm '{}' has {} units", names[k], outcome[k].size()), names[k],
                   fmt::format("at least {}", p + 2)};
    }
    grand += covariates[k].colwise().sum().transpose();
    total += static_cast<double>(outcome[k].size());
  }
  grand /= total;
  std::vector<Matrix> within(arms);
  std::vector<Vector> cross(arms);
  Matrix pooled = Matrix::Zero(p, p);
  Vector pooled_cross = Vector::Zero(p);
  for (std::size_t k = 0; k < arms; ++k) {
    const Matrix x = covariates[k].rowwise() - covariates[k].colwise().mean();
    within[k] = x.transpose() * x;
    cross[k] = x.transpose() * (outcome[k].array() - outcome[k].mean()).matrix();
    pooled += within[k];
    pooled_cross += cross[k];
  }
  std::vector<CupedArm> result;
  for (std::size_t k = 0; k < arms; ++k) {
    const auto factor = math::Cholesky::of(theta == CupedTheta::pooled ? pooled : within[k]);
    if (!factor.ok()) {
      return Error{Errc::refused, "a covariate does not vary, or repeats another", names[k],
                   "a covariate known before assignment"};
    }
    const Vector slope = factor->solve(theta == CupedTheta::pooled ? pooled_cross : cross[k]);
    const double n = static_cast<double>(outcome[k].size());
    const Vector x_mean = covariates[k].colwise().mean().transpose();
    const double mean = outcome[k].mean();
    const Vector residual =
        (outcome[k].array() - mean).matrix() - (covariates[k].rowwise() - x_mean.transpose()) * slope;
    const double spread = (outcome[k].array() - mean).square().sum();
    const double used = theta == CupedTheta::pooled ? 0 : static_cast<double>(p);
    CupedArm adjusted;
    adjusted.unadjusted_mean = mean;
    adjusted.variance_kept = spread > 0 ? residual.squaredNorm() / spread : 1;
    adjusted.arm = {names[k], n, mean - slope.dot(x_mean - grand),
                    residual.squaredNorm() / (n - 1 - used) / n};
    result.push_back(std::move(adjusted));
  }
  return result;
}

Result<Effect> compare(const Arm& control, const Arm& treated, Scale scale, double level) {
  Effect e;
  const double a = control.mean, b = treated.mean;
  double variance = control.variance + treated.variance;
  if (!(variance > 0)) {
    return Error{Errc::refused, fmt::format("neither '{}' nor '{}' varies", control.name, treated.name),
                 "outcome", "an outcome that varies"};
  }
  e.lift = b - a;
  if (scale == Scale::relative) {
    if (a == 0) {
      return Error{Errc::refused,
                   fmt::format("the control '{}' is 0: a relative lift has no meaning", control.name),
                   control.name, "the absolute scale"};
    }
    e.lift = (b - a) / a;
    variance = treated.variance / (a * a) + control.variance * b * b / (a * a * a * a);
  }
  e.se = std::sqrt(variance);
  e.df = welch_df(control, treated);
  const double half = math::t_quantile((1 + level) / 2, e.df) * e.se;
  e.ci_low = e.lift - half;
  e.ci_high = e.lift + half;
  e.p = math::two_sided_t_p(e.lift / e.se, e.df);
  return e;
}

Result<Effect> compare_these(const Arm& control, const Arm& treated, double level) {
  if (!control.share || !treated.share) {
    return Error{Errc::bad_input, fmt::format("'{}' or '{}' is no share", control.name, treated.name),
                 "outcome", "an outcome of 0 and 1"};
  }
  RAPPORT_TRY(Effect e, compare(control, treated, Scale::absolute, level));
  const double d = std::fabs(e.lift);
  // Where everybody of one arm has it and nobody of the other, no error is left; a hair keeps the figures
  // finite.
  const double variance =
      std::max(e.se * e.se - d * (1 - d) / (control.n + treated.n - 1), 1e-12 * e.se * e.se);
  e.se = std::sqrt(variance);
  const double half = math::t_quantile((1 + level) / 2, e.df) * e.se;
  e.ci_low = e.lift - half;
  e.ci_high = e.lift + half;
  e.p = math::two_sided_t_p(e.lift / e.se, e.df);
  return e;
}

Result<Equivalence> test_equivalence(const Arm& control, const Arm& treated, Scale scale, double margin,
                                     double level) {
  if (!(margin > 0))
    return Error{Errc::bad_input, fmt::format("margin {}", margin), "margin", "a margin above 0"};
  Equivalence result;
  RAPPORT_TRY(result.effect, compare(control, treated, scale, 1 - 2 * (1 - level)));
  const Effect& e = result.effect;
  result.p = std::max(math::t_sf((e.lift + margin) / e.se, e.df), math::t_sf((margin - e.lift) / e.se, e.df));
  result.equivalent = result.p < 1 - level;
  return result;
}

Result<SampleRatio> sample_ratio(const std::vector<double>& counts, const std::vector<double>& weights) {
  if (counts.size() != weights.size())
    return fail(Errc::bad_input, "{} counts, {} weights", counts.size(), weights.size());
  double n = 0, weight = 0, arms = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (!(counts[k] >= 0) || !(weights[k] >= 0))
      return fail(Errc::bad_input, "arm {}: count {}, weight {}", k + 1, counts[k], weights[k]);
    if (weights[k] == 0 && counts[k] > 0) {
      return Error{Errc::refused,
                   fmt::format("arm {} was planned to receive nobody and has {} units", k + 1, counts[k]),
                   "weights", "the weights as they were planned"};
    }
    n += counts[k];
    weight += weights[k];
    arms += weights[k] > 0 ? 1 : 0;
  }
  if (arms < 2 || n == 0)
    return Error{Errc::refused, fmt::format("{} arms with {} units", arms, n), "arms",
                 "at least two arms with units"};
  SampleRatio ratio;
  ratio.df = arms - 1;
  // The mixture's concentration: as sure of the plan as after so many units.
  constexpr double kConcentration = 1000;
  double log_evidence = math::log_gamma(kConcentration) - math::log_gamma(kConcentration + n);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (weights[k] == 0) continue;
    const double share = weights[k] / weight;
    ratio.chisq += (counts[k] - n * share) * (counts[k] - n * share) / (n * share);
    const double prior = kConcentration * share;
    log_evidence += math::log_gamma(prior + counts[k]) - math::log_gamma(prior) - counts[k] * std::log(share);
  }
  ratio.p = math::chi2_sf(ratio.chisq, ratio.df);
  ratio.sequential_p = std::min(1.0, std::exp(-log_evidence));
  return ratio;
}

namespace {

std::vector<std::size_t> ascending_finite(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

}  // namespace

std::vector<double> adjust_false_discovery(const std::vector<double>& p) {
  const auto order = ascending_finite(p);
  std::vector<double> adjusted(p.size(), std::numeric_limits<double>::quiet_NaN());
  double least = 1;
  for (std::size_t k = order.size(); k-- > 0;) {
    least = std::min(least, p[order[k]] * static_cast<double>(order.size()) / static_cast<double>(k + 1));
    adjusted[order[k]] = least;
  }
  return adjusted;
}

std::vector<double> adjust_holm(const std::vector<double>& p) {
  const auto order = ascending_finite(p);
  std::vector<double> adjusted(p.size(), std::numeric_limits<double>::quiet_NaN());
  double most = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    most = std::max(most, std::min(1.0, p[order[k]] * static_cast<double>(order.size() - k)));
    adjusted[order[k]] = most;
  }
  return adjusted;
}

}  // namespace rapport::study
