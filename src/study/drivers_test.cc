#include "study/drivers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "study/detail/columns.h"
#include "study/detail/shared_data.h"
#include "study/kano.h"
#include "study/servqual.h"

namespace rapport::study {
namespace {

// R relaimpo 2.2-7 on `swiss` (Fertility by five), and the same by enumeration.
TEST(Drivers, Swiss) {
  RAPPORT_SHARED_TABLE(table, "reference/data/swiss.csv");
  const std::vector<std::string> names{"Agriculture", "Examination", "Education", "Catholic",
                                       "Infant.Mortality"};
  auto all = names;
  all.push_back("Fertility");
  const auto rows = detail::complete_rows(table, all);
  const auto fit = drivers(rows->x.leftCols(5), rows->x.col(5), names, {.replicates = 200});
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  const double lmg[] = {.0570912208, .1711730289, .2601346786, .1055701504, .1127659229};
  const double last[] = {.0428696071, .0073874185, .1619626931, .0623726258, .0569452587};
  const double first[] = {.1246649099, .4171644705, .4406156467, .2150035016, .1735189273};
  const double betasq[] = {.0979197290, .0271518626, .4494372060, .1208257796, .0630692786};
  const double pratt[] = {-.1104859910, .1064274043, .4450045676, .1611768150, .1046122056};
  const double johnson[] = {.0484168958, .1547082498, .2719641046, .1146800299, .1169657214};
  EXPECT_NEAR(fit->shares.r2, .706735001593, 5e-13);
  for (int j = 0; j < 5; ++j) {
    EXPECT_NEAR(fit->shares.lmg[j], lmg[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.last[j], last[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.first[j], first[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.beta_squared[j], betasq[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.pratt[j], pratt[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.johnson[j], johnson[j], 5.1e-11);
    EXPECT_LT(fit->lmg_ci[j].low, lmg[j]);
    EXPECT_GT(fit->lmg_ci[j].high, lmg[j]);
  }
  // Trap: a Pratt share can be negative, and LMG is not Johnson.
  EXPECT_LT(fit->shares.pratt[0], 0);
  EXPECT_GT(std::fabs(fit->shares.lmg[1] - fit->shares.johnson[1]), .01);
}

TEST(Drivers, Attitude) {
  RAPPORT_SHARED_TABLE(table, "reference/data/attitude.csv");
  const std::vector<std::string> names{"complaints", "privileges", "learning",
                                       "raises",     "critical",   "advance"};
  auto all = names;
  all.push_back("rating");
  const auto rows = detail::complete_rows(table, all);
  const auto fit = drivers(rows->x.leftCols(6), rows->x.col(6), names, {.replicates = 0});
  ASSERT_TRUE(fit.ok());
  const double lmg[] = {.3708161943, .0509037930, .1557659902, .1203450794, .0065887225, .0281822131};
  const double johnson[] = {.3627601997, .0560022788, .1636109108, .1217803997, .0082554665, .0201927372};
  const double vif[] = {2.66706031, 1.60089141, 2.27104316, 3.07822622, 1.22810897, 1.95159079};
  EXPECT_NEAR(fit->shares.r2, .732601992531, 5e-13);
  for (int j = 0; j < 6; ++j) {
    EXPECT_NEAR(fit->shares.lmg[j], lmg[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.johnson[j], johnson[j], 5.1e-11);
    EXPECT_NEAR(fit->shares.vif[j], vif[j], 5.1e-9);
  }
}

// The obvious way: the mean gain over all orders of entry.
TEST(Drivers, LmgIsTheMeanOverAllOrders) {
  Random random(3);
  const int n = 60, p = 5;
  math::Matrix z(n, p + 1);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= p; ++j) z(i, j) = random.uniform() + (j > 0 ? 0.6 * z(i, j - 1) : 0);
  }
  const math::Matrix r = math::correlation_of(math::moments(z).covariance);
  const auto r2_of = [&](const std::vector<int>& set) {
    if (set.empty()) return 0.0;
    const math::Matrix a = r(set, set);
    const math::Vector b = r(set, p);
    return b.dot(a.ldlt().solve(b));
  };
  std::vector<int> order(p);
  std::iota(order.begin(), order.end(), 0);
  std::vector<double> mean(p, 0);
  int orders = 0;
  do {
    std::vector<int> set;
    for (const int j : order) {
      const double before = r2_of(set);
      set.push_back(j);
      mean[j] += r2_of(set) - before;
    }
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  const auto shares = driver_shares(r, {"a", "b", "c", "d", "e"});
  ASSERT_TRUE(shares.ok());
  for (int j = 0; j < p; ++j) EXPECT_NEAR(shares->lmg[j], mean[j] / orders, 1e-12);
  EXPECT_NEAR(std::accumulate(shares->lmg.begin(), shares->lmg.end(), 0.0), shares->r2, 1e-13);
  EXPECT_NEAR(std::accumulate(shares->johnson.begin(), shares->johnson.end(), 0.0), shares->r2, 1e-12);
}

TEST(Drivers, BlocksOfRowsGiveTheSameWidthAsRows) {
  Random random(8);
  const int n = 20001;
  math::Matrix x(n, 2);
  math::Vector y(n);
  for (int i = 0; i < n; ++i) {
    x(i, 0) = random.uniform();
    x(i, 1) = random.uniform();
    y[i] = x(i, 0) + 0.5 * x(i, 1) + random.uniform();
  }
  const auto blocks = drivers(x, y, {"a", "b"}, {.replicates = 200, .threads = 2});
  const auto rows = drivers(x.topRows(n - 1), y.head(n - 1), {"a", "b"}, {.replicates = 200, .threads = 1});
  ASSERT_TRUE(blocks.ok() && rows.ok());
  EXPECT_EQ(blocks->resampled_units, 1000u);
  EXPECT_EQ(rows->resampled_units, 20000u);
  const double width_b = blocks->lmg_ci[0].high - blocks->lmg_ci[0].low,
               width_r = rows->lmg_ci[0].high - rows->lmg_ci[0].low;
  EXPECT_NEAR(width_b / width_r, 1, 0.25);
}

TEST(Drivers, RefusesByName) {
  math::Matrix x = math::Matrix::Random(30, 3);
  const math::Vector y = math::Vector::Random(30);
  x.col(2) = x.col(0) + x.col(1);
  auto fit = drivers(x, y, {"a", "b", "sum"});
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, Errc::refused);
  x.col(2).setConstant(4);
  EXPECT_EQ(drivers(x, y, {"a", "b", "flat"}).error().where, "flat");
  EXPECT_EQ(drivers(x.topRows(4), y.head(4), {"a", "b", "c"}).error().where, "rows");
  EXPECT_EQ(driver_shares(math::Matrix::Identity(24, 24), std::vector<std::string>(23, "x")).error().code,
            Errc::too_large);
}

TEST(Ipa, FourQuadrants) {
  const auto map = importance_performance({"speed", "price", "looks", "gifts"}, {.5, .4, .1, .2},
                                          {3, 4.5, 2.8, 4.7}, NAN, NAN);
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->points[0].quadrant, IpaQuadrant::concentrate_here);
  EXPECT_EQ(map->points[1].quadrant, IpaQuadrant::keep_up);
  EXPECT_EQ(map->points[2].quadrant, IpaQuadrant::low_priority);
  EXPECT_EQ(map->points[3].quadrant, IpaQuadrant::possible_overkill);
  EXPECT_NEAR(map->importance_line, .3, 1e-15);
}

// Berger et al. (1993): the evaluation table and the two coefficients.
TEST(Kano, TableStrengthAndCoefficients) {
  const KanoTable table = berger_table();
  EXPECT_EQ(table[0][4], KanoCategory::one_dimensional);
  EXPECT_EQ(table[0][2], KanoCategory::attractive);
  EXPECT_EQ(table[1][4], KanoCategory::must_be);
  EXPECT_EQ(table[4][0], KanoCategory::reverse);
  EXPECT_EQ(table[0][0], KanoCategory::questionable);
  KanoAnswers answers{"delivery", {}, {}};
  const auto add = [&](int times, int f, int d) {
    for (int i = 0; i < times; ++i) {
      answers.functional.push_back(f);
      answers.dysfunctional.push_back(d);
    }
  };
  add(40, 1, 4);  // M
  add(30, 0, 4);  // O
  add(20, 0, 2);  // A
  add(8, 2, 2);   // I
  add(2, 4, 0);   // R
  const auto features = kano({answers}, table, {.seed = 5});
  ASSERT_TRUE(features.ok());
  const KanoFeature& f = features->front();
  EXPECT_EQ(f.category, KanoCategory::must_be);
  EXPECT_NEAR(f.better, 50 / 98., 1e-15);
  EXPECT_NEAR(f.worse, -70 / 98., 1e-15);
  EXPECT_NEAR(f.total_strength, .9, 1e-15);
  EXPECT_NEAR(f.category_strength, .1, 1e-15);
  EXPECT_FALSE(f.significant);  // 10 < 1.65 sqrt(70 * 130 / 200) = 11.13
  EXPECT_LT(f.better_low, f.better);
  EXPECT_GT(f.better_high, f.better);
  // A stricter table moves a debated cell.
  const auto strict = kano({answers}, *parse_kano_table("QAAAO RIIIM RIQIM RIIIM RRRRQ"), {.seed = 5});
  EXPECT_EQ(strict->front().counts[5], 8u);
  EXPECT_FALSE(parse_kano_table("QAAAO RIIIM RIIIM RIIIM RRRRX").ok());
  EXPECT_FALSE(parse_kano_table("QAAAO").ok());
  answers.functional[3] = 5;
  EXPECT_EQ(kano({answers}, table).error().where, "delivery");
}

TEST(Servqual, GapsByDimension) {
  math::Matrix expected = math::Matrix::Constant(4, 22, 6), perceived = math::Matrix::Constant(4, 22, 5);
  perceived.col(0) << 7, 6, 7, 6;
  std::vector<std::string> items;
  for (int i = 1; i <= 22; ++i) items.push_back(fmt::format("q{}", i));
  const auto result = servqual(perceived, expected, items, standard_dimensions(), {});
  ASSERT_TRUE(result.ok()) << result.error().describe();
  EXPECT_NEAR(result->items[0].gap, .5, 1e-15);
  // t interval of 1 0 1 0: .5 +- 3.182446 * .288675.
  EXPECT_NEAR(result->items[0].gap_high, .5 + 3.18244630528371 * std::sqrt(1 / 12.), 1e-12);
  EXPECT_NEAR(result->dimensions[0].gap, -.625, 1e-15);
  EXPECT_NEAR(result->dimensions[4].gap, -1, 1e-15);
  EXPECT_NEAR(result->overall.gap, (-.625 - 4) / 5, 1e-15);
  const auto weighted = servqual(perceived, expected, items, standard_dimensions(), {96, 1, 1, 1, 1});
  EXPECT_NEAR(weighted->weighted.gap, -.96 * .625 - .04, 1e-14);
  // Tangibles have 96 of 100 on 4 items, each other dimension 1 on 4 or 5: the items' shares add up to all.
  EXPECT_NEAR(weighted->items[0].weight, .24, 1e-12);
  EXPECT_NEAR(weighted->items[21].weight, .002, 1e-12);
  double shares = 0;
  for (const ServqualLine& item : weighted->items) shares += item.weight;
  EXPECT_NEAR(shares, 1, 1e-12);
  const auto servperf = servqual(perceived, math::Matrix(), items, standard_dimensions(), {});
  EXPECT_TRUE(std::isnan(servperf->overall.gap));
  EXPECT_NEAR(servperf->overall.perception, (5.375 + 20) / 5, 1e-14);
  EXPECT_FALSE(servqual(perceived, expected, items, {{"all", {0, 1}}}, {}).ok());
}

}  // namespace
}  // namespace rapport::study
