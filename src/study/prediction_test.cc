#include "study/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/study.h"

namespace rapport::study {
namespace {

/// `months` snapshots of 200 customers; leaving is logistic in the first feature with that slope, the second
/// is noise. The last month is open.
PredictionData snapshots(double slope, int months, std::uint64_t seed) {
  Random random(seed);
  PredictionData data;
  const Eigen::Index n = Eigen::Index{200} * months;
  data.x = math::Matrix(n, 2);
  data.names = {"days", "noise"};
  Eigen::Index row = 0;
  for (int m = 0; m < months; ++m) {
    for (std::size_t i = 0; i < 200; ++i, ++row) {
      data.x(row, 0) = 4 * random.uniform() - 2;
      data.x(row, 1) = random.uniform();
      data.date.push_back(Instant{} + days(30 * m));
      data.person.push_back(i);
      const double p = 1 / (1 + std::exp(-slope * data.x(row, 0)));
      data.outcome.push_back(m + 1 == months ? std::nan("") : random.chance(p) ? 1 : 0);
    }
  }
  return data;
}

TEST(Prediction, IsCalibratedOnLaterDataAndFindsTheReason) {
  const PredictionData data = snapshots(1.5, 12, 4);
  const auto p = predict_outcome(data, {.horizon = days(30)});
  ASSERT_TRUE(p.ok()) << p.error().describe();
  EXPECT_EQ(p->learnt_rows + p->test_rows + p->left_out, 2200u);
  EXPECT_EQ(p->open.size(), 200u);
  EXPECT_GT(p->auc, 0.78);
  EXPECT_LT(p->auc_interval.low, p->auc);
  EXPECT_GT(p->auc_interval.high, p->auc);
  EXPECT_LE(p->slope_interval.low, 1);
  EXPECT_GE(p->slope_interval.high, 1);
  EXPECT_NEAR(p->final_fit.coefficients[1].estimate, 1.5, 0.3);
  double far = 0;
  for (const CalibrationBin& bin : p->bins)
    far += bin.predicted < bin.interval.low || bin.predicted > bin.interval.high;
  EXPECT_LE(far, 2);
  const auto reasons = score_reasons(*p, 0);
  EXPECT_EQ(reasons[0].column, 0u);
  EXPECT_GT(std::abs(reasons[0].logit), std::abs(reasons[1].logit));
}

/// Who was seen either very lately or very long ago stays: no line tells that.
PredictionData bent(std::uint64_t seed) {
  PredictionData data = snapshots(0, 12, seed);
  Random random(seed + 1);
  for (std::size_t i = 0; i < data.outcome.size(); ++i) {
    if (std::isnan(data.outcome[i])) continue;
    data.outcome[i] =
        random.chance(std::abs(data.x(static_cast<Eigen::Index>(i), 0)) < 1 ? 0.8 : 0.2) ? 1 : 0;
  }
  return data;
}

TEST(Prediction, TreesFollowABendAndSayWhy) {
  const PredictionData data = bent(8);
  const auto line = predict_outcome(data, {.horizon = days(30)});
  const auto trees = predict_outcome(data, {.learner = Learner::trees, .horizon = days(30)});
  ASSERT_TRUE(line.ok() && trees.ok());
  EXPECT_LT(line->auc, 0.6);
  EXPECT_GT(trees->auc, 0.75);
  EXPECT_NEAR(trees->other_auc, line->auc, 1e-12) << "each is judged beside the other";
  EXPECT_NEAR(line->other_auc, trees->auc, 1e-12);
  EXPECT_LE(trees->slope_interval.low, 1);
  EXPECT_GE(trees->slope_interval.high, 1);
  EXPECT_GT(trees->trees, 0);
  ASSERT_EQ(trees->importance.size(), 2u);
  EXPECT_GT(trees->importance[0], 3 * trees->importance[1]);
  for (std::size_t place = 0; place < trees->open.size(); ++place) {
    const double days_seen = data.x(static_cast<Eigen::Index>(trees->open[place]), 0);
    if (std::abs(std::abs(days_seen) - 1) < 0.3) continue;
    const auto reasons = score_reasons(*trees, place);
    ASSERT_EQ(reasons[0].column, 0u);
    ASSERT_EQ(reasons[0].logit > 0, std::abs(days_seen) < 1);
    ASSERT_EQ(trees->open_score[place] > 0.5, std::abs(days_seen) < 1);
  }
  const auto again = predict_outcome(data, {.learner = Learner::trees, .horizon = days(30)});
  EXPECT_EQ(again->open_score, trees->open_score);
}

TEST(Prediction, NoOutcomeReachesIntoTheTimeThatJudges) {
  PredictionData data = snapshots(1, 8, 5);
  const Instant split = Instant{} + days(150);
  const auto p = predict_outcome(data, {.split = split, .horizon = days(60)});
  ASSERT_TRUE(p.ok());
  EXPECT_EQ(p->learnt_rows, 4u * 200);  // months 0 to 3; month 4 is known only 60 days later
  EXPECT_EQ(p->left_out, 200u);
  EXPECT_EQ(p->test_rows, 2u * 200);
  // What happens after the split cannot change what was learnt before it.
  for (std::size_t i = 0; i < data.outcome.size(); ++i) {
    if (data.date[i] >= split && !std::isnan(data.outcome[i])) data.outcome[i] = i % 2;
  }
  const auto other = predict_outcome(data, {.split = split, .horizon = days(60)});
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(p->learnt.coefficients[1].estimate, other->learnt.coefficients[1].estimate);
  EXPECT_NE(p->auc, other->auc);
}

TEST(Prediction, RefusesRatherThanMisleads) {
  PredictionData data = snapshots(1, 3, 6);
  EXPECT_EQ(predict_outcome(data, {.horizon = days(60)}).error().code,
            Errc::refused);  // nothing to learn from
  for (double& y : data.outcome) y = std::isnan(y) ? y : 1;
  EXPECT_EQ(predict_outcome(data, {.horizon = days(0)}).error().code, Errc::refused);
  data.person.pop_back();
  EXPECT_EQ(predict_outcome(data).error().code, Errc::bad_input);
}

model::Table table_of(const PredictionData& data) {
  model::Table table;
  std::vector<std::string> names, dates;
  for (std::size_t i = 0; i < data.outcome.size(); ++i) {
    names.push_back(fmt::format("c{}", data.person[i]));
    dates.push_back(format_instant(data.date[i]));
  }
  const math::Vector noise = data.x.col(1);
  EXPECT_TRUE(table.add({"customer_id", names}).ok());
  EXPECT_TRUE(table.add({"snapshot", dates}).ok());
  EXPECT_TRUE(table.add({"noise", model::NumberColumn(noise.begin(), noise.end())}).ok());
  EXPECT_TRUE(table.add({"churned", data.outcome}).ok());
  return table;
}

TEST(Prediction, TooShortAHistoryIsToldInDays) {
  const auto report = run_study("churn", table_of(snapshots(0, 2, 7)), {});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, Errc::refused);
  EXPECT_NE(report.error().expected.find("about 200 days of history (these dates span 30)"),
            std::string::npos)
      << report.error().describe();
}

TEST(Prediction, WarnsOfNobodyWhenItKnowsNothing) {
  const auto report = run_study("churn", table_of(snapshots(0, 8, 7)), {{"horizon", "30"}});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_EQ(report->figure("warned"), nullptr);
  EXPECT_EQ(report->checks[1].name, "better_than_chance");
  EXPECT_EQ(report->checks[1].status, CheckStatus::failed);
}

}  // namespace
}  // namespace rapport::study
