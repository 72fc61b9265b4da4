#include "study/prediction.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/random.h"
#include "study/detail/scorers.h"

namespace rapport::study {
namespace {

using Index = Eigen::Index;
constexpr std::size_t kLearnLeast = 100, kTestLeast = 50, kBins = 10;

Result<std::vector<double>> probabilities(const detail::Scorer& scorer, const math::Matrix& x,
                                          const std::vector<std::size_t>& rows) {
  if (rows.empty()) return std::vector<double>();
  RAPPORT_TRY(std::vector<double> out, scorer.log_odds(x, rows));
  for (double& one : out) one = 1 / (1 + std::exp(-one));
  return out;
}

/// The date from which on `share` of the known rows lie.
Instant split_date(const PredictionData& data, const std::vector<std::size_t>& known, double share) {
  std::vector<Instant> dates;
  for (const std::size_t row : known) dates.push_back(data.date[row]);
  std::sort(dates.begin(), dates.end());
  const auto at = static_cast<std::size_t>((1 - share) * static_cast<double>(dates.size()));
  return dates[std::min(at, dates.size() - 1)];
}

double brier_of(std::span<const double> score, std::span<const double> outcome) {
  double sum = 0;
  for (std::size_t i = 0; i < score.size(); ++i) sum += (score[i] - outcome[i]) * (score[i] - outcome[i]);
  return sum / static_cast<double>(score.size());
}

double skill_of(std::span<const double> score, std::span<const double> outcome) {
  const double rate =
      std::accumulate(outcome.begin(), outcome.end(), 0.0) / static_cast<double>(outcome.size());
  return 1 - brier_of(score, outcome) / (rate * (1 - rate));
}

Interval percentiles(std::vector<double>& draws, double level) {
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double q) {
    const double place = q * (static_cast<double>(draws.size()) - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, draws.size() - 1);
    return draws[low] + (place - static_cast<double>(low)) * (draws[high] - draws[low]);
  };
  return {at((1 - level) / 2), at((1 + level) / 2)};
}

void draw_persons(const PredictionData& data, const std::vector<std::size_t>& test,
                  const std::vector<double>& score, const std::vector<double>& outcome,
                  const PredictionOptions& options, Prediction& p) {
  std::map<std::size_t, std::vector<std::size_t>> by_person;
  for (std::size_t i = 0; i < test.size(); ++i) by_person[data.person[test[i]]].push_back(i);
  std::vector<const std::vector<std::size_t>*> persons;
  for (const auto& [person, rows] : by_person) persons.push_back(&rows);
  Random random(options.seed);
  std::vector<double> auc, skill, s, y;
  for (int r = 0; r < options.replicates; ++r) {
    s.clear();
    y.clear();
    for (std::size_t k = 0; k < persons.size(); ++k) {
      for (const std::size_t i : *persons[random.below(persons.size())]) {
        s.push_back(score[i]);
        y.push_back(outcome[i]);
      }
    }
    const double ones = std::accumulate(y.begin(), y.end(), 0.0);
    if (ones == 0 || ones == static_cast<double>(y.size())) continue;
    auc.push_back(area_under_curve(s, y));
    skill.push_back(skill_of(s, y));
  }
  if (auc.size() < 20) return;
  p.auc_interval = percentiles(auc, options.level);
  p.skill_interval = percentiles(skill, options.level);
}

void calibrate(const std::vector<double>& score, const std::vector<double>& outcome, Prediction& p) {
  math::Matrix logit(static_cast<Index>(score.size()), 1);
  math::Vector y(logit.rows());
  for (std::size_t i = 0; i < score.size(); ++i) {
    const double q = std::clamp(score[i], 1e-9, 1 - 1e-9);
    logit(static_cast<Index>(i), 0) = std::log(q / (1 - q));
    y[static_cast<Index>(i)] = outcome[i];
  }
  p.calibration_slope = p.calibration_intercept = std::nan("");
  if (const auto fit = fit_logistic(logit, y, {"logit"}); fit.ok()) {
    const Coefficient &a = fit->coefficients[0], &b = fit->coefficients[1];
    p.calibration_intercept = a.estimate;
    p.intercept_interval = {a.ci_low, a.ci_high};
    p.calibration_slope = b.estimate;
    p.slope_interval = {b.ci_low, b.ci_high};
  }
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    CalibrationBin& c = p.bins.emplace_back();
    for (std::size_t k = bin * order.size() / kBins; k < (bin + 1) * order.size() / kBins; ++k) {
      c.n += 1;
      c.predicted += score[order[k]];
      c.observed += outcome[order[k]];
    }
    c.interval = wilson_interval(c.observed, c.n);
    c.predicted /= c.n;
    c.observed /= c.n;
  }
}

Status check_sides(const PredictionData& data, const std::vector<std::size_t>& rows, std::size_t least,
                   const char* what) {
  double ones = 0;
  for (const std::size_t row : rows) ones += data.outcome[row];
  if (rows.size() < least) {
    return Error{Errc::refused, fmt::format("only {} rows {}", rows.size(), what), "date",
                 fmt::format("{} or more; outcomes that reach past the split do not count", least)};
  }
  if (ones == 0 || ones == static_cast<double>(rows.size()))
    return Error{Errc::refused, fmt::format("the rows {} all have the same outcome", what), "outcome",
                 "0 and 1"};
  return {};
}

/// How the learner that was not asked for does on the same rows.
void judge_other(const PredictionData& data, const std::vector<std::size_t>& learn,
                 const std::vector<std::size_t>& test, const std::vector<double>& outcome, Learner asked,
                 Prediction& p) {
  p.other_auc = p.other_brier = std::nan("");
  const auto other =
      detail::learn_scorer(data, learn, asked == Learner::trees ? Learner::logistic : Learner::trees);
  if (!other.ok()) return;
  const auto score = probabilities(**other, data.x, test);
  if (!score.ok()) return;
  p.other_auc = area_under_curve(*score, outcome);
  p.other_brier = brier_of(*score, outcome);
}

/// The model of all known rows, and what it says of the open ones.
Status conclude(const PredictionData& data, const std::vector<std::size_t>& known, Learner learner,
                Prediction& p) {
  RAPPORT_TRY(const auto scorer, detail::learn_scorer(data, known, learner));
  if (scorer->regression() != nullptr) p.final_fit = *scorer->regression();
  p.trees = scorer->trees();
  if (p.trees > 0) {
    RAPPORT_TRY(const math::Matrix parts, scorer->parts(data.x, known));
    for (Index j = 0; j < parts.cols(); ++j) p.importance.push_back(parts.col(j).cwiseAbs().mean());
  }
  RAPPORT_TRY(p.open_score, probabilities(*scorer, data.x, p.open));
  if (!p.open.empty()) {
    RAPPORT_TRY(p.open_parts, scorer->parts(data.x, p.open));
  }
  return {};
}

}  // namespace

std::string_view learner_name(Learner learner) {
  return learner == Learner::trees ? "trees" : "logistic";
}

Result<Prediction> predict_outcome(const PredictionData& data, const PredictionOptions& options) {
  const auto n = static_cast<std::size_t>(data.x.rows());
  if (data.outcome.size() != n || data.date.size() != n || data.person.size() != n ||
      data.names.size() != static_cast<std::size_t>(data.x.cols()))
    return Error{Errc::bad_input, "rows or names do not fit"};
  Prediction p;
  std::vector<std::size_t> known, learn, test;
  for (std::size_t i = 0; i < n; ++i) (std::isnan(data.outcome[i]) ? p.open : known).push_back(i);
  if (known.empty()) return Error{Errc::refused, "no outcome is known", "outcome", "0 and 1"};
  p.split = options.split == Instant::never() ? split_date(data, known, options.test_share) : options.split;
  for (const std::size_t row : known) {
    if (data.date[row] >= p.split) {
      test.push_back(row);
    } else if (data.date[row] + options.horizon <= p.split) {
      learn.push_back(row);
    } else {
      ++p.left_out;
    }
  }
  RAPPORT_CHECK(check_sides(data, learn, kLearnLeast, "to learn from"));
  RAPPORT_CHECK(check_sides(data, test, kTestLeast, "to judge on"));
  p.learnt_rows = learn.size();
  p.test_rows = test.size();
  RAPPORT_TRY(const auto scorer, detail::learn_scorer(data, learn, options.learner));
  if (scorer->regression() != nullptr) p.learnt = *scorer->regression();
  RAPPORT_TRY(const std::vector<double> score, probabilities(*scorer, data.x, test));
  std::vector<double> outcome;
  for (const std::size_t row : test) outcome.push_back(data.outcome[row]);
  p.base_rate = std::accumulate(outcome.begin(), outcome.end(), 0.0) / static_cast<double>(outcome.size());
  p.auc = area_under_curve(score, outcome);
  p.brier = brier_of(score, outcome);
  p.brier_constant = p.base_rate * (1 - p.base_rate);
  p.skill = skill_of(score, outcome);
  p.auc_interval = p.skill_interval = {std::nan(""), std::nan("")};
  draw_persons(data, test, score, outcome, options, p);
  calibrate(score, outcome, p);
  judge_other(data, learn, test, outcome, options.learner, p);
  RAPPORT_CHECK(conclude(data, known, options.learner, p));
  return p;
}

std::vector<ScoreReason> score_reasons(const Prediction& prediction, std::size_t place) {
  std::vector<ScoreReason> reasons;
  for (Index j = 0; j < prediction.open_parts.cols(); ++j)
    reasons.push_back({static_cast<std::size_t>(j), prediction.open_parts(static_cast<Index>(place), j)});
  std::stable_sort(reasons.begin(), reasons.end(), [](const ScoreReason& a, const ScoreReason& b) {
    return std::abs(a.logit) > std::abs(b.logit);
  });
  return reasons;
}

}  // namespace rapport::study
