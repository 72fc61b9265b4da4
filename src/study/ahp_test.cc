#include "study/ahp.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::study {
namespace {

PairwiseMatrix from_upper(std::vector<std::string> names, std::vector<double> upper) {
  const auto n = static_cast<Eigen::Index>(names.size());
  PairwiseMatrix m{std::move(names), math::Matrix::Constant(n, n, NAN)};
  std::size_t k = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = i + 1; j < n; ++j) m.a(i, j) = upper[k++];
  }
  return m;
}

PairwiseMatrix drinks() {
  return from_upper({"coffee", "wine", "tea", "beer", "soda", "milk", "water"},
                    {9,      5,      2,      1,      1,   0.5, 1 / 3., 1 / 9., 1 / 9., 1 / 9., 1 / 9.,
                     1 / 3., 1 / 4., 1 / 3., 1 / 9., 0.5, 1,   1 / 3., 2,      0.5,    1 / 3.});
}

// Saaty (2008): relative consumption of drinks; weights to 10 digits from an eigen decomposition of the same
// matrix.
TEST(Ahp, DrinksOfSaaty) {
  const auto fit = ahp_weights(drinks());
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  const double weights[] = {.17745675, .01914948, .04183118, .11641703, .18957238, .12878055, .32679264};
  const double geometric[] = {.17872338, .01846062, .04223439, .11649840, .19113551, .12862466, .32432305};
  for (int i = 0; i < 7; ++i) {
    EXPECT_NEAR(fit->weights[i], weights[i], 5.1e-9);
    EXPECT_NEAR(fit->geometric_mean[i], geometric[i], 5.1e-9);
  }
  EXPECT_NEAR(fit->lambda_max, 7.1766290393, 5e-11);
  EXPECT_NEAR(fit->ci, .0294381732, 5e-11);
  EXPECT_NEAR(*fit->cr, .02230165, 5e-9);
  // A w = lambda w to the last digits.
  const math::Vector w = Eigen::Map<const math::Vector>(fit->weights.data(), 7);
  EXPECT_LT((fit->completed * w - fit->lambda_max * w).norm(), 1e-14);
}

// Trap: the tables disagree on the same matrix, and end.
TEST(Ahp, ConsistencyRatioNamesItsTable) {
  EXPECT_NEAR(*ahp_weights(drinks(), RandomIndex::saaty)->cr, .022302, 5e-7);
  EXPECT_NEAR(*ahp_weights(drinks(), RandomIndex::donegan_dodd)->cr, .0235, 5e-5);
  EXPECT_FALSE(random_index(RandomIndex::saaty, 16).has_value());
  EXPECT_NEAR(*random_index(RandomIndex::donegan_dodd, 22), 1.5371 + 0.4 * (1.5619 - 1.5371), 1e-12);
  EXPECT_FALSE(random_index(RandomIndex::donegan_dodd, 101).has_value());
}

// Saaty (2005): where to live; four cities under five criteria.
TEST(Ahp, CitiesHierarchy) {
  const std::vector<std::string> cities{"Bethesda", "Boston", "Pittsburgh", "Santa Fe"};
  const std::vector<HierarchyNode> nodes{
      {"Goal", from_upper({"Culture", "Family", "Housing", "Jobs", "Transportation"},
                          {1 / 5., 3, 1 / 2., 5, 7, 1, 7, 1 / 4., 3, 7})},
      {"Culture", from_upper(cities, {1 / 2., 1, 1 / 2., 2.5, 1, 1 / 2.5})},
      {"Family", from_upper(cities, {2, 1 / 3., 4, 1 / 8., 2, 9})},
      {"Housing", from_upper(cities, {5, 1 / 2., 2.5, 1 / 9., 1 / 4., 7})},
      {"Jobs", from_upper(cities, {1 / 2., 3, 4, 6, 8, 1})},
      {"Transportation", from_upper(cities, {1.5, 1 / 2., 4, 1 / 3.5, 2.5, 9})}};
  const auto fit = ahp_hierarchy(nodes);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  ASSERT_EQ(fit->alternatives, cities);
  const double expected[] = {.2291, .2748, .3852, .1110};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(fit->weights[i], expected[i], 5e-5);
}

// Bozoki, Fulop & Ronyai (2010), example 1 as computed by AHPy: one comparison is missing.
TEST(Ahp, IncompleteMatrixIsCompletedAtTheLeastLambda) {
  const auto m = from_upper({"a", "b", "c", "d"}, {1, 5, 2, 3, 4, NAN});
  const auto fit = ahp_weights(m, RandomIndex::donegan_dodd);
  ASSERT_TRUE(fit.ok());
  EXPECT_EQ(fit->missing, 1u);
  EXPECT_NEAR(fit->completed(2, 3), std::sqrt(8.0 / 15), 1e-6);  // .7302967: closed form of this pattern
  const double expected[] = {.3738, .3920, .0985, .1357};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(fit->weights[i], expected[i], 6e-5);
  EXPECT_NEAR(*fit->cr, .0372, 5e-5);
  for (const double factor : {0.97, 1.03}) {
    auto other = fit->completed;
    other(2, 3) *= factor;
    other(3, 2) /= factor;
    EXPECT_GT(ahp_weights({fit->names, other})->lambda_max, fit->lambda_max);
  }
}

TEST(Ahp, IncompleteHousingOfEight) {
  const double no = NAN;
  const auto m = from_upper({"a", "b", "c", "d", "e", "f", "g", "h"},
                            {5, 3,  7, 6,  6,  1 / 3., 1 / 4., no,     5,  no,     3,  no, 1 / 7., no,
                             3, no, 6, no, no, 1 / 4., no,     1 / 8., no, 1 / 5., no, no, 1 / 6., no});
  const auto fit = ahp_weights(m);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  EXPECT_EQ(fit->missing, 12u);
  // AHPy stops at 1e-4; the optimum is where its values point.
  EXPECT_NEAR(fit->completed(1, 2), 0.33002, 2e-3);
  EXPECT_NEAR(fit->completed(6, 7), 0.40309, 2e-3);
}

TEST(Ahp, ConsistentMatrixGivesItsWeightsBack) {
  const std::vector<double> w{.5, .3, .15, .05};
  PairwiseMatrix m{{"a", "b", "c", "d"}, math::Matrix(4, 4)};
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) m.a(i, j) = w[i] / w[j];
  }
  const auto fit = ahp_weights(m);
  ASSERT_TRUE(fit.ok());
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(fit->weights[i], w[i], 1e-15);
  EXPECT_NEAR(fit->lambda_max, 4, 1e-14);
}

// Trap: eigenvector and geometric mean can order alternatives differently; the flag must say so.
TEST(Ahp, FlagsWhenTheTwoMethodsRankDifferently) {
  const auto m = from_upper({"a", "b", "c", "d", "e"}, {1 / 2., 4, 1, 9, 3, 2, 1, 1 / 5., 6, 9});
  const auto fit = ahp_weights(m);
  ASSERT_TRUE(fit.ok());
  bool flips = false;
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 5; ++j) {
      flips = flips || (fit->weights[i] > fit->weights[j] && fit->geometric_mean[i] < fit->geometric_mean[j]);
    }
  }
  EXPECT_EQ(fit->ranks_agree, !flips);
  EXPECT_FALSE(fit->worst_triad.empty());
}

TEST(Ahp, GroupsCombineByGeometricMean) {
  auto other = drinks();
  other.a(0, 1) = 4;
  const auto group = ahp_group({"one", "two"}, {drinks(), other}, GroupRule::judgements);
  ASSERT_TRUE(group.ok());
  EXPECT_NEAR(group->combined.completed(0, 1), 6, 1e-12);
  EXPECT_EQ(group->ci_low.size(), 7u);
  EXPECT_LT(group->ci_low[0], group->combined.weights[0]);
  const auto same = ahp_group({"one", "two"}, {drinks(), drinks()}, GroupRule::priorities);
  EXPECT_NEAR(same->combined.weights[6], .32679264, 5e-9);
}

TEST(Ahp, RefusesByName) {
  auto m = drinks();
  m.a(1, 0) = 0.5;  // 9 the other way round
  auto fit = ahp_weights(m);
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, Errc::refused);
  EXPECT_NE(fit.error().message.find("coffee"), std::string::npos);
  m = drinks();
  m.a(0, 1) = -2;
  EXPECT_EQ(ahp_weights(m).error().code, Errc::bad_input);
  m = from_upper({"a", "b", "c", "d"}, {2, NAN, NAN, NAN, NAN, 3});
  EXPECT_EQ(ahp_weights(m).error().code, Errc::refused);
  EXPECT_FALSE(ahp_hierarchy({{"g", from_upper({"g", "x"}, {2})}}).ok());
}

}  // namespace
}  // namespace rapport::study
