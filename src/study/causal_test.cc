#include "study/causal.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/detail/columns.h"
#include "study/detail/shared_data.h"
#include "study/did.h"
#include "study/logistic.h"

namespace rapport::study {
namespace {

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

/// Confounded: x moves treatment and outcome; the effect is `effect` for everybody.
CausalData confounded(std::uint64_t seed, Eigen::Index n, double effect, double strength = 0.8) {
  Random random(seed);
  CausalData data{math::Matrix(n, 3), math::Vector(n), math::Vector(n), {"age", "spend", "tenure"}};
  for (Eigen::Index i = 0; i < n; ++i) {
    for (int j = 0; j < 3; ++j) data.x(i, j) = normal(random);
    const double e = 1 / (1 + std::exp(-strength * (data.x(i, 0) - 0.5 * data.x(i, 1))));
    data.treatment[i] = random.chance(e) ? 1 : 0;
    data.outcome[i] = effect * data.treatment[i] + 2 * data.x(i, 0) + data.x(i, 2) + normal(random);
  }
  return data;
}

TEST(Causal, AipwAndIpwRemoveConfounding) {
  const CausalData data = confounded(11, 4000, 1.5);
  for (const Estimand estimand : {Estimand::ate, Estimand::att}) {
    const auto aipw = estimate_aipw(data, {.estimand = estimand, .seed = 3});
    const auto ipw = estimate_ipw(data, {.estimand = estimand});
    ASSERT_TRUE(aipw.ok() && ipw.ok());
    EXPECT_GT(aipw->naive, 2.5);
    EXPECT_NEAR(aipw->estimate, 1.5, 4 * aipw->se);
    EXPECT_NEAR(ipw->estimate, 1.5, 4 * ipw->se);
    EXPECT_LT(aipw->se, 0.08);
    EXPECT_TRUE(aipw->overlap.good);
    EXPECT_LT(ipw->overlap.smd_after_max, 0.05);
  }
  const auto match = estimate_matching(data);
  ASSERT_TRUE(match.ok());
  EXPECT_NEAR(match->estimate, 1.5, 5 * match->se);
}

TEST(Causal, IntervalsCoverTheTruth) {
  int covered_aipw = 0, covered_ipw = 0;
  const int runs = 300;
  for (int run = 0; run < runs; ++run) {
    const CausalData data = confounded(1000 + static_cast<std::uint64_t>(run), 300, 1);
    const auto aipw = estimate_aipw(data, {.estimand = Estimand::ate});
    const auto ipw = estimate_ipw(data, {.estimand = Estimand::ate});
    ASSERT_TRUE(aipw.ok() && ipw.ok()) << run;
    covered_aipw += aipw->ci_low <= 1 && 1 <= aipw->ci_high;
    covered_ipw += ipw->ci_low <= 1 && 1 <= ipw->ci_high;
  }
  // 95 % of 300 within four standard errors (1.26 points each), seeds 1000 .. 1299.
  EXPECT_GE(covered_aipw, 270);
  EXPECT_GE(covered_ipw, 270);
}

TEST(Causal, SameBitsAtOneThreadAndTwo) {
  const CausalData data = confounded(5, 9000, 1);
  const auto one = estimate_aipw(data, {.seed = 4, .threads = 1}),
             two = estimate_aipw(data, {.seed = 4, .threads = 2});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->estimate, two->estimate);
  EXPECT_EQ(one->se, two->se);
  EXPECT_NE(estimate_aipw(data, {.seed = 5})->estimate, one->estimate);
}

CausalData lalonde(const model::Table& table, const std::vector<std::string>& covariates,
                   const std::string& outcome) {
  auto all = covariates;
  all.push_back("treat");
  all.push_back(outcome);
  const auto rows = *detail::design_rows(table, all);
  const auto p = rows.x.cols() - 2;
  return {rows.x.leftCols(p), rows.x.col(p), rows.x.col(p + 1), {rows.names.begin(), rows.names.end() - 2}};
}

// MatchIt's lalonde: naive -635.03; the experiment behind it found 1794.
TEST(Causal, Lalonde) {
  RAPPORT_SHARED_TABLE(table, "reference/data/lalonde_matchit.csv");
  const std::vector<std::string> covariates{"age", "educ", "race", "married", "nodegree", "re74", "re75"};
  const CausalData data = lalonde(table, covariates, "re78");
  ASSERT_EQ(data.names.size(), 8u);  // race became two indicators
  const auto att = estimate_aipw(data, {.estimand = Estimand::att});
  ASSERT_TRUE(att.ok()) << att.error().describe();
  EXPECT_NEAR(att->naive, -635.02621204, 5e-8);
  EXPECT_GT(att->estimate, 0);
  EXPECT_LT(att->ci_low, 1794.34);
  EXPECT_GT(att->ci_high, 1794.34);
  // Trap: few controls look like the treated, so the effect on everybody is not supported: the check must say
  // so.
  const auto ate = estimate_ipw(data, {.estimand = Estimand::ate});
  ASSERT_TRUE(ate.ok());
  EXPECT_FALSE(ate->overlap.good) << ate->overlap.trimmed << ' ' << ate->overlap.ess_share_treated << ' '
                                  << ate->overlap.ess_share_control << ' ' << ate->overlap.smd_after_max
                                  << ' ' << ate->estimate;
  EXPECT_LT(att->overlap.control_low, 0.02);
  // Matching 1:1 without a caliper pairs all 185.
  const auto match = estimate_matching(
      data, {.caliper = std::numeric_limits<double>::infinity(), .pairs = PairEstimate::plain});
  ASSERT_TRUE(match.ok());
  EXPECT_EQ(match->pairs, 185u);
  EXPECT_NEAR(match->estimate, 894.37, 0.01);
  EXPECT_EQ(match->pair_difference, match->estimate);
  const auto adjusted = estimate_matching(data, {.caliper = std::numeric_limits<double>::infinity()});
  ASSERT_TRUE(adjusted.ok()) << adjusted.error().describe();
  EXPECT_EQ(adjusted->pair_difference, match->estimate);
  EXPECT_GT(adjusted->estimate, match->estimate);  // what the controls lacked in earnings is taken out
  // Placebo: income before the programme cannot be its effect.
  const CausalData placebo = lalonde(table, {"age", "educ", "race", "married", "nodegree", "re74"}, "re75");
  const auto zero = estimate_aipw(placebo, {.estimand = Estimand::att});
  ASSERT_TRUE(zero.ok());
  EXPECT_GT(zero->p, 0.05);
}

TEST(Causal, RefusesWhatCannotBeKnown) {
  CausalData data = confounded(2, 400, 1);
  for (Eigen::Index i = 0; i < 400; ++i) data.treatment[i] = data.x(i, 0) > 0 ? 1 : 0;
  for (const auto& result : {estimate_ipw(data), estimate_aipw(data), estimate_matching(data)}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, Errc::refused);
    EXPECT_EQ(result.error().where, "overlap");
  }
  data.treatment.setOnes();
  EXPECT_EQ(estimate_aipw(data).error().where, "treatment");
  data = confounded(2, 400, 1);
  data.x.col(2) = data.x.col(0);
  EXPECT_EQ(estimate_aipw(data).error().code, Errc::refused);
  data.x.col(2).setZero();
  EXPECT_EQ(estimate_aipw(data).error().where, "tenure");
  EXPECT_FALSE(estimate_matching(confounded(2, 400, 1), {.estimand = Estimand::ate}).ok());
}

// NSW (Lalonde's full sample): difference in differences of re78 - re75.
TEST(Did, Nsw) {
  RAPPORT_SHARED_TABLE(table, "reference/data/nsw.csv");
  const auto rows = *detail::complete_rows(table, {"re75", "re78", "treat"});
  const auto did = did_wide(rows.x.col(0), rows.x.col(1), rows.x.col(2), {}, {});
  ASSERT_TRUE(did.ok());
  EXPECT_NEAR(did->estimate, 846.88828738, 5e-8);
  EXPECT_EQ(did->treated, 297u);
  EXPECT_EQ(did->control, 425u);
  EXPECT_NEAR(did->treated_after - did->control_after, 886.30372245, 5e-8);
}

DidLong panel(std::uint64_t seed, double effect, double drift) {
  Random random(seed);
  DidLong data;
  data.first_treated_time = 4;
  for (int u = 0; u < 60; ++u) {
    const double level = normal(random);
    for (int t = 0; t < 8; ++t) {
      const double treated = u % 2;
      data.unit.push_back(fmt::format("u{}", u));
      data.time.push_back(t);
      data.treatment.push_back(treated);
      data.outcome.push_back(level + 0.3 * t + treated * (2 + drift * t + (t >= 4 ? effect : 0)) +
                             0.5 * normal(random));
    }
  }
  return data;
}

TEST(Did, FindsTheEffectAndTheBrokenTrend) {
  const auto clean = did_long(panel(1, 1.0, 0));
  ASSERT_TRUE(clean.ok());
  EXPECT_NEAR(clean->estimate, 1.0, 4 * clean->se);
  EXPECT_GT(*clean->pre_trend_p, 0.01);
  const auto drifting = did_long(panel(1, 0.0, 0.5));
  EXPECT_LT(*drifting->pre_trend_p, 0.01);
  EXPECT_NEAR(*drifting->pre_trend, 0.5, 4 * *drifting->pre_trend_se);
  DidLong crowd = panel(1, 1.0, 0);
  crowd.unit.clear();
  const auto sections = did_long(crowd);
  EXPECT_NEAR(sections->estimate, clean->estimate, 1e-9);
  EXPECT_GT(sections->se, clean->se);
  crowd.first_treated_time = -1;
  EXPECT_EQ(did_long(crowd).error().where, "time");
}

}  // namespace
}  // namespace rapport::study
