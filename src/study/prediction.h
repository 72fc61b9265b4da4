#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "math/linear.h"
#include "study/logistic.h"
#include "study/scores.h"

/// Who will leave, or be dissatisfied: a logistic regression or boosted trees learnt on the past, judged on
/// what came later. Pure, thread-safe; the same seed gives the same bits.
namespace rapport::study {

struct PredictionData {
  math::Matrix x;  ///< n x p, complete
  std::vector<std::string> names;
  std::vector<double> outcome;      ///< 0, 1, or NaN: not yet known, to be predicted
  std::vector<Instant> date;        ///< when the row's features were as they are
  std::vector<std::size_t> person;  ///< rows of one person carry one number: they are drawn together
};

enum class Learner : std::uint8_t {
  logistic,
  /// Gradient boosted trees (learn/boosted_trees.h): for bends and crossings that a line cannot follow. How
  /// many is chosen on the latest fifth of the rows to learn from; that fifth also sets the scale of their
  /// odds (Platt 1999, Advances in Large Margin Classifiers, 61-74).
  trees,
};
std::string_view learner_name(Learner learner);

struct PredictionOptions {
  Learner learner = Learner::logistic;
  double test_share = 0.3;  ///< of the known rows, the latest; used when `split` is never()
  Instant split = Instant::never();
  Duration horizon = days(60);  ///< how long an outcome takes: learning stops so long before the split
  int replicates = 200;         ///< of the bootstrap over persons, for the intervals
  std::uint64_t seed = 1;
  double level = 0.95;
};

struct CalibrationBin {
  double n = 0, predicted = 0, observed = 0;
  Interval interval;  ///< Wilson, of observed
};

struct Prediction {
  Instant split;
  std::size_t learnt_rows = 0, test_rows = 0, left_out = 0;  ///< left out: outcomes that reach past the split
  double base_rate = 0;                                      ///< in the test rows
  double auc = 0, brier = 0, brier_constant = 0, skill = 0;  ///< skill = 1 - brier / brier of the base rate
  Interval auc_interval, skill_interval;
  /// Cox (1958): outcome ~ logit of the prediction in the test rows; 1 and 0 are perfect.
  double calibration_slope = 0, calibration_intercept = 0;
  Interval slope_interval, intercept_interval;
  std::vector<CalibrationBin> bins;  ///< tenths of the test rows by prediction
  LogisticFit learnt;                ///< on the rows before the split: what was judged; empty for trees
  LogisticFit final_fit;             ///< on all known rows: what predicts; empty for trees
  int trees = 0;                     ///< of the final model
  /// Trees only: the mean size of what each feature moves the log odds of a known row.
  std::vector<double> importance;
  /// The other learner on the same rows, judged on the same: NaN where it refused.
  double other_auc = 0, other_brier = 0;
  std::vector<std::size_t> open;   ///< rows without an outcome
  std::vector<double> open_score;  ///< their probabilities
  math::Matrix open_parts;         ///< open rows x columns: see ScoreReason
};

/// Learns on rows whose outcome was known before `split`, judges on known rows from it on, then learns on all
/// known rows and scores the open ones; the other learner is judged beside it on the same rows. The intervals
/// of auc and skill draw persons with replacement in the test rows (percentiles). Errors: bad_input for
/// shapes; refused for fewer than 100 rows to learn from or 50 to judge on, one outcome only in either, or
/// what the learner refuses.
Result<Prediction> predict_outcome(const PredictionData& data, const PredictionOptions& options = {});

/// What moved a row's score away from the average customer's, on the logit scale, largest first: coefficient
/// times (value - mean), or the trees' Shapley value.
struct ScoreReason {
  std::size_t column = 0;
  double logit = 0;
};
/// Of the open row at `place` in Prediction::open.
std::vector<ScoreReason> score_reasons(const Prediction& prediction, std::size_t place);

}  // namespace rapport::study
