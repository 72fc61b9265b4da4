#include "study/scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/cohort.h"
#include "study/survival.h"

namespace rapport::study {
namespace {

// Computed once by the formulas of Rocks (2016): detractors / passives / promoters.
TEST(Nps, WaldAndAdjusted) {
  const auto a = nps_of_counts({5, 15, 30});
  ASSERT_TRUE(a.ok());
  EXPECT_NEAR(a->nps, .5, 1e-15);
  EXPECT_NEAR(a->wald.low, .31406149, 5e-9);
  EXPECT_NEAR(a->wald.high, .68593851, 5e-9);
  EXPECT_NEAR(a->adjusted.low, .28788054, 5e-9);
  EXPECT_NEAR(a->adjusted.high, .65551569, 5e-9);
  // Trap: Wald leaves [-1, 1]; the others do not.
  const auto b = nps_of_counts({0, 2, 8});
  EXPECT_NEAR(b->wald.low, .552, 5e-4);
  EXPECT_NEAR(b->wald.high, 1.048, 5e-4);
  EXPECT_NEAR(b->adjusted.low, .29283870, 5e-9);
  EXPECT_NEAR(b->adjusted.high, .93793053, 5e-9);
  EXPECT_LT(b->score.high, 1);
  EXPECT_GT(b->score.high, b->nps);
  const auto c = nps_of_counts({200, 300, 500});
  EXPECT_NEAR(c->adjusted.low, .25077000, 5e-9);
  EXPECT_NEAR(c->adjusted.high, .34743538, 5e-9);
  EXPECT_FALSE(nps_of_counts({0, 0, 0}).ok());
}

TEST(Nps, ScoreIntervalInvertsItsTest) {
  // All promoters: the restricted estimate at the lower limit is p+ = (1 + d) / 2 ... held against a direct
  // search.
  const auto all = nps_of_counts({0, 0, 20});
  EXPECT_EQ(all->nps, 1);
  EXPECT_NEAR(all->score.high, 1, 1e-9);
  EXPECT_GT(all->score.low, 0.5);
  // Symmetry under exchange of promoters and detractors.
  const auto one = nps_of_counts({7, 11, 3}), other = nps_of_counts({3, 11, 7});
  EXPECT_NEAR(one->score.low, -other->score.high, 1e-12);
}

TEST(Nps, IntervalsCoverOnSmallSamples) {
  Random random(77);
  int score = 0, adjusted = 0;
  const int runs = 2000;
  for (int run = 0; run < runs; ++run) {
    NpsCounts counts;
    for (int i = 0; i < 40; ++i) {
      const double u = random.uniform();
      (u < .1 ? counts.detractors : u < .3 ? counts.passives : counts.promoters) += 1;
    }
    const auto r = nps_of_counts(counts);
    score += r->score.low <= .6 && .6 <= r->score.high;
    adjusted += r->adjusted.low <= .6 && .6 <= r->adjusted.high;
  }
  EXPECT_NEAR(score / static_cast<double>(runs), .95, .02);
  EXPECT_NEAR(adjusted / static_cast<double>(runs), .95, .025);
}

TEST(Nps, CountsAndRefuses) {
  const auto counts = count_nps({10, 9, 8, 7, 6, 0, NAN});
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->promoters, 2);
  EXPECT_EQ(counts->passives, 2);
  EXPECT_EQ(counts->detractors, 2);
  EXPECT_FALSE(count_nps({11}).ok());
  EXPECT_FALSE(count_nps({7.5}).ok());
}

// Wilson for 8 of 10: .4902 .9433 (prop.test without correction in R).
TEST(Csat, WilsonAndMean) {
  EXPECT_NEAR(wilson_interval(8, 10).low, .4901625, 1e-7);
  EXPECT_NEAR(wilson_interval(8, 10).high, .9433178, 1e-7);
  EXPECT_EQ(wilson_interval(0, 10).low, 0);
  // Newcombe (1998), table II, method 10: 56/70 - 48/80 and 9/10 - 3/10.
  EXPECT_NEAR(newcombe_interval(56, 70, 48, 80).low, .0524, 5e-5);
  EXPECT_NEAR(newcombe_interval(56, 70, 48, 80).high, .3339, 5e-5);
  EXPECT_NEAR(newcombe_interval(9, 10, 3, 10).low, .1705, 5e-5);
  EXPECT_NEAR(newcombe_interval(9, 10, 3, 10).high, .8090, 5e-5);
  const auto r = satisfaction({5, 4, 4, 3, NAN, 2}, 4, 1, 5);
  ASSERT_TRUE(r.ok());
  EXPECT_NEAR(r->share, .6, 1e-15);
  EXPECT_NEAR(r->mean, 3.6, 1e-15);
  EXPECT_EQ(satisfaction({5, 6}, 4, 1, 5).error().code, Errc::bad_input);
}

TEST(Nonresponse, StrataCountWithEverybodyInvited) {
  // 90 young invited, 10 answered 2; 10 old invited, all 10 answered 8: the raw mean 5 is wrong, 2.6 is
  // right.
  std::vector<double> value;
  std::vector<std::string> stratum;
  for (int i = 0; i < 90; ++i) {
    value.push_back(i < 10 ? (i % 2 == 0 ? 1.0 : 3.0) : NAN);
    stratum.push_back("young");
  }
  for (int i = 0; i < 10; ++i) {
    value.push_back(i % 2 == 0 ? 7.0 : 9.0);
    stratum.push_back("old");
  }
  const auto r = weight_for_nonresponse(value, stratum);
  ASSERT_TRUE(r.ok());
  EXPECT_NEAR(r->unweighted, 5, 1e-12);
  EXPECT_NEAR(r->mean, 2.6, 1e-12);
  EXPECT_NEAR(r->response_rate, .2, 1e-12);
  stratum[5] = "alone";
  EXPECT_EQ(weight_for_nonresponse(value, stratum).error().where, "alone");
}

std::vector<SurvivalCase> cases(std::initializer_list<double> times) {
  std::vector<SurvivalCase> result;  // a negative time is an open case
  for (const double t : times) result.push_back({std::fabs(t), t > 0});
  return result;
}

// R survival, data `aml` (Miller 1981): survfit and survdiff.
TEST(Survival, AmlOfR) {
  const auto maintained = cases({9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161});
  const auto other = cases({5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45});
  const auto curve = kaplan_meier(maintained);
  ASSERT_TRUE(curve.ok());
  EXPECT_NEAR(curve->points[0].survival, .9091, 5e-5);
  EXPECT_NEAR(curve->points[0].se, .0867, 5e-5);
  EXPECT_NEAR(curve->points[1].survival, .8182, 5e-5);
  EXPECT_NEAR(curve->points[2].survival, .7159, 5e-5);
  EXPECT_NEAR(curve->points[2].se, .1397, 5e-5);
  EXPECT_NEAR(curve->points[8].survival, .1841, 5e-5);
  EXPECT_EQ(*curve->quantiles[0].time, 31);
  EXPECT_EQ(*curve->quantiles[0].low, 18);
  EXPECT_FALSE(curve->quantiles[0].high.has_value());
  EXPECT_FALSE(curve->quantiles[2].time.has_value());  // p99: too many are open to tell
  EXPECT_EQ(*kaplan_meier(other)->quantiles[0].time, 23);
  const auto test = log_rank({maintained, other});
  ASSERT_TRUE(test.ok());
  EXPECT_NEAR(test->chisq, 3.396389, 5e-7);
  EXPECT_NEAR(test->p, .0653393, 5e-8);
}

// Trap: leaving out open tickets flatters the resolution time.
TEST(Survival, OpenCasesCount) {
  std::vector<SurvivalCase> tickets;
  for (int i = 1; i <= 60; ++i) tickets.push_back({static_cast<double>(i % 10 + 1), true});
  for (int i = 0; i < 40; ++i) tickets.push_back({30, false});
  const auto curve = kaplan_meier(tickets);
  EXPECT_LT(curve->closed_only[1], 11);
  EXPECT_FALSE(curve->quantiles[1].time.has_value());
  EXPECT_EQ(kaplan_meier(cases({-1, -2, -3})).error().where, "event");
  EXPECT_EQ(kaplan_meier({{-1, true}, {1, true}, {2, true}}).error().code, Errc::bad_input);
}

Instant at(const char* day) {
  return *parse_instant(day);
}

TEST(Cohort, RetentionCountsOnlyPeriodsThatAreOver) {
  std::vector<PurchaseRow> rows{{0, at("2026-01-05"), 10}, {0, at("2026-02-07"), 20},
                                {1, at("2026-01-20"), 30}, {2, at("2026-02-02"), 40},
                                {2, at("2026-03-09"), 50}, {3, at("2026-03-03"), 60}};
  const auto r = cohorts(rows, at("2026-03-15"), Period::month, 60);
  ASSERT_TRUE(r.ok()) << r.error().describe();
  ASSERT_EQ(r->cohorts.size(), 3u);
  EXPECT_EQ(r->cohorts[0].name, "2026-01");
  ASSERT_EQ(r->cohorts[0].retention.size(), 2u);  // January and February; March is not over
  EXPECT_EQ(r->cohorts[0].retention[1].active, 1);
  EXPECT_EQ(r->cohorts[1].retention.size(), 1u);
  EXPECT_EQ(r->cohorts[2].retention.size(), 0u);
  // Trap: the value at age 1 averages January's customers only, the ones that can have reached it.
  EXPECT_EQ(r->value[1].customers, 2);
  EXPECT_NEAR(r->value[1].ltv, 30, 1e-12);
  EXPECT_NEAR(r->value[0].ltv, (10 + 30 + 40) / 3., 1e-12);
  EXPECT_EQ(cohorts(rows, at("2026-03-31"), Period::month, 0)->cohorts[2].retention.size(), 1u);
  rows[0].amount = -5;
  EXPECT_EQ(cohorts(rows, at("2026-03-15"), Period::month, 0).error().where, "amount");
}

TEST(Cohort, SummariesAsTheLiteratureDefinesThem) {
  const std::vector<PurchaseRow> rows{{7, at("2026-01-01"), 10}, {7, at("2026-01-01T15:00"), 5},
                                      {7, at("2026-01-15"), 20}, {7, at("2026-01-15T08:00"), 4},
                                      {7, at("2026-01-29"), 8},  {9, at("2026-01-08"), 1},
                                      {9, at("2026-03-01"), 1}};
  const auto r = summarise_purchases(rows, at("2026-02-26"), 7);
  ASSERT_TRUE(r.ok());
  ASSERT_EQ(r->size(), 2u);
  EXPECT_EQ((*r)[0].history.frequency, 2);
  EXPECT_EQ((*r)[0].history.recency, 4);
  EXPECT_EQ((*r)[0].history.length, 8);
  EXPECT_NEAR((*r)[0].mean_repeat_value, 16, 1e-12);
  EXPECT_EQ((*r)[1].history.frequency, 0);
}

}  // namespace
}  // namespace rapport::study
