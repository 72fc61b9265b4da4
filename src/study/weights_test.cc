#include "study/weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "study/delphi.h"
#include "study/detail/columns.h"
#include "study/detail/shared_data.h"
#include "study/fuzzy.h"

namespace rapport::study {
namespace {

const std::vector<std::string> kItems{"complaints", "privileges", "learning",
                                      "raises",     "critical",   "advance"};

// R's `attitude`: golden by definition, computed in R 4.2.2.
TEST(Weights, AttitudeByFourSchemes) {
  RAPPORT_SHARED_TABLE(table, "reference/data/attitude.csv");
  const auto rows = detail::complete_rows(table, kItems);
  ASSERT_TRUE(rows.ok());
  const double entropy[] = {.1740323505, .2217099136, .1859795471, .1089905220, .0775352232, .2317524437};
  const double critic[] = {.1640738506, .1643529560, .1773931887, .1252599221, .2114903986, .1574296839};
  const double eigen[] = {3.1692232094, 1.0063467482, .7629087250, .5525164556, .3172464836, .1917583782};
  const double pc1[] = {.4393752019, .3947108465, .4614009593, .4926576263, .2248130353, .3808011249};
  const auto by_entropy = entropy_weights(rows->x, kItems);
  const auto by_critic = critic_weights(rows->x, kItems);
  const auto by_pca = pca_weights(rows->x, kItems);
  ASSERT_TRUE(by_entropy.ok() && by_critic.ok() && by_pca.ok());
  for (int j = 0; j < 6; ++j) {
    EXPECT_NEAR((*by_entropy)[j], entropy[j], 5.1e-11);
    EXPECT_NEAR((*by_critic)[j], critic[j], 5.1e-11);
    EXPECT_NEAR(by_pca->eigenvalues[j], eigen[j], 5.1e-11);
    EXPECT_NEAR(std::fabs(by_pca->first_component[j]), pc1[j], 5.1e-11);
  }
  const auto y = detail::complete_rows(table, {"rating"});
  const auto by_regression = regression_weights(rows->x, y->x.col(0), kItems);
  ASSERT_TRUE(by_regression.ok());
  EXPECT_NEAR(by_regression->r2, .732601992531, 5e-13);
}

// Trap: the scheme changes the ranking of the services; the study must show it.
TEST(Weights, RankStabilityShowsWhenSchemesDisagree) {
  math::Matrix means(3, 2);
  means << 9, 3, 4, 8, 5, 5;
  const auto split = rank_stability(means, {{"first", {.9, .1}}, {"second", {.1, .9}}}, 0, 10);
  ASSERT_TRUE(split.ok());
  EXPECT_FALSE(split->same_first);
  EXPECT_EQ(split->best_rank[0], 1u);
  EXPECT_EQ(split->worst_rank[0], 3u);
  EXPECT_NEAR(split->index[0][0], 84, 1e-12);
  EXPECT_LT(split->kendall_w, 0.5);
  const auto same = rank_stability(means, {{"first", {.9, .1}}, {"again", {.8, .2}}}, 0, 10);
  EXPECT_TRUE(same->same_first);
  EXPECT_NEAR(same->kendall_w, 1, 1e-12);
}

TEST(Weights, RefusesAConstantItemByName) {
  math::Matrix x(4, 2);
  x << 1, 3, 2, 3, 3, 3, 4, 3;
  for (const auto& result : {entropy_weights(x, {"a", "flat"}), critic_weights(x, {"a", "flat"})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, Errc::refused);
    EXPECT_EQ(result.error().where, "flat");
  }
  x.col(1) << -1, 2, 3, 4;
  EXPECT_EQ(entropy_weights(x, {"a", "b"}).error().where, "b");
}

// Three judges, six items, no ties: own vector, W by the formula of Kendall & Gibbons.
TEST(Delphi, KendallsW) {
  math::Matrix ratings(3, 6);
  ratings << 1, 6, 3, 2, 5, 4, 1, 5, 6, 2, 4, 3, 6, 3, 2, 5, 4, 1;
  const auto w = kendall_w(ratings);
  ASSERT_TRUE(w.ok());
  EXPECT_NEAR(w->w, .212698412698, 5e-13);
  EXPECT_NEAR(w->chisq, 3 * 5 * .212698412698, 1e-11);
  // The same order by all: 1. With ties the correction keeps a unanimous table at 1.
  math::Matrix same(3, 4);
  same << 1, 2, 2, 5, 10, 20, 20, 30, 0, 1, 1, 9;
  EXPECT_NEAR(kendall_w(same)->w, 1, 1e-14);
  EXPECT_EQ(kendall_w(math::Matrix::Constant(3, 4, 5)).error().code, Errc::refused);
}

TEST(Delphi, RoundsConverge) {
  math::Matrix first(4, 3), second(4, 3);
  first << 5, 1, 3, 2, 4, 3, 5, 2, 1, 3, 3, 5;
  second << 5, 2, 3, 4, 2, 3, 5, 2, 3, 4, 2, 3;
  const auto result = delphi({{"a", "b", "c"}, {"1", "2"}, {first, second}}, 7);
  ASSERT_TRUE(result.ok()) << result.error().describe();
  EXPECT_GT(result->w_change, 0.5);
  EXPECT_LT(result->iqr_change_mean, 0);
  EXPECT_TRUE(result->converged);
  EXPECT_LE(result->rounds[0].w_ci_low, result->rounds[0].w_ci_high);
  const auto again = delphi({{"a", "b", "c"}, {"1", "2"}, {first, second}}, 7);
  EXPECT_EQ(again->rounds[0].w_ci_low, result->rounds[0].w_ci_low);
}

// Own vector: weights .35 .25 .2 .2, five grades.
TEST(Fuzzy, FourOperators) {
  math::Matrix r(4, 5);
  r << .3, .4, .2, .1, 0, .2, .5, .2, .1, 0, .1, .3, .4, .1, .1, .4, .3, .2, .05, .05;
  const auto result = fuzzy_evaluate({.35, .25, .2, .2}, r, {100, 80, 60, 40, 20});
  ASSERT_TRUE(result.ok()) << result.error().describe();
  const double expected[4][5] = {
      {.3, .35, .2, .1, .1}, {.105, .14, .08, .035, .02}, {.8, 1, .8, .35, .15}, {.255, .385, .24, .09, .03}};
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 5; ++j)
      EXPECT_NEAR(result->by_operator[k].membership[j], expected[k][j], 1e-15) << k << ' ' << j;
  }
  EXPECT_NEAR(result->by_operator[3].score, 74.9, 1e-12);
  EXPECT_TRUE(result->grades_agree);
}

// Trap: the operator decides the grade, and min-max throws weights away.
TEST(Fuzzy, OperatorsCanDisagreeAndMinMaxCanIgnoreWeights) {
  math::Matrix r(3, 2);
  r << .9, .1, .2, .8, .2, .8;
  const auto split = fuzzy_evaluate({.4, .3, .3}, r, {100, 0});
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->by_operator[1].grade, 0u);
  EXPECT_EQ(split->by_operator[3].grade, 1u);
  EXPECT_FALSE(split->grades_agree);
  math::Matrix small(2, 2);
  small << .1, .2, .2, .1;
  EXPECT_TRUE(fuzzy_evaluate({.7, .3}, small, {1, 0})->min_max_ignores_weights);
}

TEST(Fuzzy, RefusesByName) {
  const math::Matrix r = math::Matrix::Constant(2, 2, 0.5);
  EXPECT_EQ(fuzzy_evaluate({.7, .7}, r, {1, 0}).error().where, "weights");
  EXPECT_EQ(fuzzy_evaluate({.5, .5}, math::Matrix::Constant(2, 2, 1.5), {1, 0}).error().where, "membership");
  EXPECT_FALSE(fuzzy_evaluate({.5, .5}, r, {1, 0, 2}).ok());
}

}  // namespace
}  // namespace rapport::study
