#include "study/regression.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "math/exact.h"
#include "study/detail/shared_data.h"
#include "study/logistic.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;

/// Correct digits, NIST's LRE.
double digits(double got, double certified) {
  if (got == certified) return 16;
  return -std::log10(std::fabs(got - certified) / (certified == 0 ? 1 : std::fabs(certified)));
}

Matrix columns_of(const model::Table& table, const std::vector<std::string>& names) {
  Matrix x(static_cast<Eigen::Index>(table.rows()), static_cast<Eigen::Index>(names.size()));
  for (std::size_t j = 0; j < names.size(); ++j) {
    const auto cells = table.numbers(names[j]);
    for (std::size_t i = 0; i < table.rows(); ++i)
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = (*cells)[i];
  }
  return x;
}

// NIST StRD, linear: certified values from https://www.itl.nist.gov/div898/strd/lls/lls.shtml
TEST(Nist, Longley) {
  RAPPORT_SHARED_TABLE(table, "reference/data/longley.csv");
  Matrix x = columns_of(table, {"GNP.deflator", "GNP", "Unemployed", "Armed.Forces", "Population", "Year"});
  Matrix y = columns_of(table, {"Employed"});
  // NIST's units: thousands; exact after rounding.
  for (const int j : {1, 2, 3, 4}) {
    const double unit = j == 2 || j == 3 ? 10 : 1000;
    for (auto& v : x.col(j)) v = std::round(v * unit);
  }
  for (auto& v : y.col(0)) v = std::round(v * 1000);
  const auto fit = fit_linear(x, y.col(0), {"x1", "x2", "x3", "x4", "x5", "x6"});
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  const double b[] = {-3482258.63459582, 15.0618722713733,      -0.358191792925910e-1, -2.02022980381683,
                      -1.03322686717359, -0.511041056535807e-1, 1829.15146461355};
  const double se[] = {890420.383607373,  84.9149257747669,  0.334910077722432e-1, 0.488399681651699,
                       0.214274163161675, 0.226073200069370, 455.478499142212};
  for (int j = 0; j < 7; ++j) {
    EXPECT_GE(digits(fit->coefficients[j].estimate, b[j]), 13) << j;
    EXPECT_GE(digits(fit->coefficients[j].se, se[j]), 13) << j;
  }
  EXPECT_GE(digits(fit->sigma, 304.854073561965), 13);
  EXPECT_GE(digits(fit->r2, 0.995479004577296), 13);
  EXPECT_GE(digits(fit->f, 330.285339234588), 13);
  EXPECT_GE(digits(fit->rss, 836424.055505915), 13);
}

TEST(Nist, NorrisAndPontius) {
  const double norris[][2] = {
      {0.1, 0.2},     {338.8, 337.4}, {118.1, 118.2}, {888.0, 884.6}, {9.2, 10.1},    {228.1, 226.5},
      {668.5, 666.3}, {998.5, 996.3}, {449.1, 448.6}, {778.9, 777.0}, {559.2, 558.2}, {0.3, 0.4},
      {0.1, 0.6},     {778.1, 775.5}, {668.8, 666.9}, {339.3, 338.0}, {448.9, 447.5}, {10.8, 11.6},
      {557.7, 556.0}, {228.3, 228.1}, {998.0, 995.8}, {888.8, 887.6}, {119.6, 120.2}, {0.3, 0.3},
      {0.6, 0.3},     {557.6, 556.8}, {339.3, 339.1}, {888.0, 887.2}, {998.5, 999.0}, {778.9, 779.0},
      {10.2, 11.1},   {117.6, 118.3}, {228.9, 229.2}, {668.4, 669.1}, {449.2, 448.9}, {0.2, 0.5}};
  std::vector<double> x, y;
  for (const auto& row : norris) {
    y.push_back(row[0]);
    x.push_back(row[1]);
  }
  const auto fit = fit_polynomial(x, y, 1, "x");
  ASSERT_TRUE(fit.ok());
  EXPECT_GE(digits(fit->coefficients[0].estimate, -0.262323073774029), 13);
  EXPECT_GE(digits(fit->coefficients[1].estimate, 1.00211681802045), 13);
  EXPECT_GE(digits(fit->coefficients[0].se, 0.232818234301152), 13);
  EXPECT_GE(digits(fit->coefficients[1].se, 0.429796848199937e-03), 13);
  EXPECT_GE(digits(fit->f, 5436385.54079785), 13);
  const double pontius[] = {.11019,  .21956,  .32949,  .43899,  .54803,  .65694,  .76562,  .87487,
                            .98292,  1.09146, 1.20001, 1.30822, 1.41599, 1.52399, 1.63194, 1.73947,
                            1.84646, 1.95392, 2.06128, 2.16844, .11052,  .22018,  .32939,  .43886,
                            .54798,  .65739,  .76596,  .87474,  .98300,  1.09150, 1.20004, 1.30818,
                            1.41613, 1.52408, 1.63159, 1.73965, 1.84696, 1.95445, 2.06177, 2.16829};
  x.clear();
  for (int i = 0; i < 40; ++i) x.push_back(150000.0 * (i % 20 + 1));
  const auto quadratic = fit_polynomial(x, {pontius, pontius + 40}, 2, "x");
  ASSERT_TRUE(quadratic.ok());
  EXPECT_GE(digits(quadratic->coefficients[0].estimate, 0.673565789473684e-03), 12);
  EXPECT_GE(digits(quadratic->coefficients[1].estimate, 0.732059160401003e-06), 12);
  EXPECT_GE(digits(quadratic->coefficients[2].estimate, -0.316081871345029e-14), 12);
  EXPECT_GE(digits(quadratic->coefficients[2].se, 0.486652849992036e-16), 12);
}

TEST(Nist, NoIntercept) {
  std::vector<double> x, y;
  for (int i = 60; i <= 70; ++i) {
    x.push_back(i);
    y.push_back(70 + i);
  }
  const auto one = fit_polynomial(x, y, 1, "x", {.intercept = false});
  ASSERT_TRUE(one.ok());
  EXPECT_GE(digits(one->coefficients[0].estimate, 2.07438016528926), 13);
  EXPECT_GE(digits(one->coefficients[0].se, 0.165289256198347e-01), 13);
  EXPECT_GE(digits(one->r2, 0.999365492298663), 13);
  const auto two = fit_polynomial({4, 5, 6}, {3, 4, 4}, 1, "x", {.intercept = false});
  ASSERT_TRUE(two.ok());
  EXPECT_GE(digits(two->coefficients[0].estimate, 0.727272727272727), 13);
  EXPECT_GE(digits(two->coefficients[0].se, 0.420827318078432e-01), 13);
}

TEST(Nist, FilippelliDegreeTen) {
  const std::vector<double> x{
      -6.860120914, -4.324130045, -4.358625055, -4.358426747, -6.955852379, -6.661145254, -6.355462942,
      -6.118102026, -7.115148017, -6.815308569, -6.519993057, -6.204119983, -5.853871964, -6.109523091,
      -5.79832982,  -5.482672118, -5.171791386, -4.851705903, -4.517126416, -4.143573228, -3.709075441,
      -3.499489089, -6.300769497, -5.953504836, -5.642065153, -5.031376979, -4.680685696, -4.329846955,
      -3.928486195, -8.56735134,  -8.363211311, -8.107682739, -7.823908741, -7.522878745, -7.218819279,
      -6.920818754, -6.628932138, -6.323946875, -5.991399828, -8.781464495, -8.663140179, -8.473531488,
      -8.247337057, -7.971428747, -7.676129393, -7.352812702, -7.072065318, -6.774174009, -6.478861916,
      -6.159517513, -6.835647144, -6.53165267,  -6.224098421, -5.910094889, -5.598599459, -5.290645224,
      -4.974284616, -4.64454848,  -4.290560426, -3.885055584, -3.408378962, -3.13200249,  -8.726767166,
      -8.66695597,  -8.511026475, -8.165388579, -7.886056648, -7.588043762, -7.283412422, -6.995678626,
      -6.691862621, -6.392544977, -6.067374056, -6.684029655, -6.378719832, -6.065855188, -5.752272167,
      -5.132414673, -4.811352704, -4.098269308, -3.66174277,  -3.2644011};
  const std::vector<double> y{
      0.8116, 0.9072, 0.9052, 0.9039, 0.8053, 0.8377, 0.8667, 0.8809, 0.7975, 0.8162, 0.8515, 0.8766,
      0.8885, 0.8859, 0.8959, 0.8913, 0.8959, 0.8971, 0.9021, 0.909,  0.9139, 0.9199, 0.8692, 0.8872,
      0.89,   0.891,  0.8977, 0.9035, 0.9078, 0.7675, 0.7705, 0.7713, 0.7736, 0.7775, 0.7841, 0.7971,
      0.8329, 0.8641, 0.8804, 0.7668, 0.7633, 0.7678, 0.7697, 0.77,   0.7749, 0.7796, 0.7897, 0.8131,
      0.8498, 0.8741, 0.8061, 0.846,  0.8751, 0.8856, 0.8919, 0.8934, 0.894,  0.8957, 0.9047, 0.9129,
      0.9209, 0.9219, 0.7739, 0.7681, 0.7665, 0.7703, 0.7702, 0.7761, 0.7809, 0.7961, 0.8253, 0.8602,
      0.8809, 0.8301, 0.8664, 0.8834, 0.8898, 0.8964, 0.8963, 0.9074, 0.9119, 0.9228};
  const auto fit = fit_polynomial(x, y, 10, "x");
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  const double b[] = {-1467.48961422980,     -2772.17959193342,     -2316.37108160893,    -1127.97394098372,
                      -354.478233703349,     -75.1242017393757,     -10.8753180355343,    -1.06221498588947,
                      -0.670191154593408e-1, -0.246781078275479e-2, -0.402962525080404e-4};
  const double se[] = {298.084530995537,     559.779865474950,     466.477572127796,    227.204274477751,
                       71.6478660875927,     15.2897178747400,     2.23691159816033,    0.221624321934227,
                       0.142363763154724e-1, 0.535617408889821e-3, 0.896632837373868e-5};
  for (int j = 0; j <= 10; ++j) {
    EXPECT_GE(digits(fit->coefficients[j].estimate, b[j]), 8.0) << j;
    EXPECT_GE(digits(fit->coefficients[j].se, se[j]), 8.0) << j;
  }
  EXPECT_GE(digits(fit->r2, 0.996727416185620), 11);
}

TEST(Nist, WamplerOneToFive) {
  std::vector<double> x, delta{759,   -2048, 2048,  -2048, 2523,  -2048, 2048,  -2048, 1838,  -2048, 2048,
                               -2048, 1838,  -2048, 2048,  -2048, 2523,  -2048, 2048,  -2048, 759};
  for (int i = 0; i <= 20; ++i) x.push_back(i);
  for (const double noise : {0.0, 1.0, 100.0, 10000.0}) {
    std::vector<double> y;
    for (int i = 0; i <= 20; ++i) {
      double sum = 0;
      for (int k = 0; k <= 5; ++k) sum += std::pow(x[i], k);
      y.push_back(sum + noise * delta[i]);
    }
    const auto fit = fit_polynomial(x, y, 5, "x");
    ASSERT_TRUE(fit.ok());
    for (int k = 0; k <= 5; ++k) EXPECT_GE(digits(fit->coefficients[k].estimate, 1), 12) << noise << ' ' << k;
    if (noise == 0) continue;
    const double se[] = {2152.32624678170, 2363.55173469681, 779.343524331583,
                         101.475507550350, 5.64566512170752, 0.112324854679312};
    for (int k = 0; k <= 5; ++k)
      EXPECT_GE(digits(fit->coefficients[k].se, se[k] * noise), 12) << noise << ' ' << k;
    EXPECT_GE(digits(fit->sigma, 2360.14502379268 * noise), 12);
  }
  std::vector<double> y2;
  for (int i = 0; i <= 20; ++i) {
    double sum = 0;
    for (int k = 0; k <= 5; ++k) sum += std::pow(0.1 * x[i], k);
    y2.push_back(std::round(sum * 1e5) / 1e5);
  }
  const auto fit = fit_polynomial(x, y2, 5, "x");
  ASSERT_TRUE(fit.ok());
  for (int k = 0; k <= 5; ++k) EXPECT_GE(digits(fit->coefficients[k].estimate, std::pow(0.1, k)), 12) << k;
}

// lalonde as in MatchIt 4.5.1; R lm, sandwich and glm (reference: R 4.2.2).
TEST(Regression, LalondeWithRobustErrors) {
  RAPPORT_SHARED_TABLE(table, "reference/data/lalonde_matchit.csv");
  const auto race = *table.texts("race");
  Matrix x =
      columns_of(table, {"treat", "age", "educ", "treat", "treat", "married", "nodegree", "re74", "re75"});
  for (std::size_t i = 0; i < table.rows(); ++i) {
    x(static_cast<Eigen::Index>(i), 3) = race[i] == "black" ? 1 : 0;
    x(static_cast<Eigen::Index>(i), 4) = race[i] == "hispan" ? 1 : 0;
  }
  const Vector y = columns_of(table, {"re78"}).col(0);
  const std::vector<std::string> names{"treat",   "age",      "educ", "black", "hispan",
                                       "married", "nodegree", "re74", "re75"};
  const double se[] = {781.27929746, 734.520542, 740.576049, 742.181677, 749.986759};
  const ErrorType types[] = {ErrorType::classical, ErrorType::hc0, ErrorType::hc1, ErrorType::hc2,
                             ErrorType::hc3};
  for (int k = 0; k < 5; ++k) {
    const auto fit = fit_linear(x, y, names, {.errors = types[k]});
    ASSERT_TRUE(fit.ok());
    EXPECT_NEAR(fit->coefficients[1].estimate, 1548.24380200, 5e-9);
    EXPECT_NEAR(fit->coefficients[1].se, se[k], 1e-6);
  }
  const auto logit = fit_logistic(x.rightCols(8), x.col(0), {names.begin() + 1, names.end()});
  ASSERT_TRUE(logit.ok()) << logit.error().describe();
  const double b[] = {-4.72864934, .01577707, .16130688,  3.06536774, .98363362,
                      -.83211328,  .70729688, -.00007178, .00005345};
  for (int j = 0; j < 9; ++j) EXPECT_NEAR(logit->coefficients[j].estimate, b[j], 6e-9) << j;
}

TEST(Regression, LargeDesignsAgreeWithTheExactSolver) {
  Random random(20261122);
  const int n = 30000, p = 9;
  Matrix x(n, p);
  Vector y(n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < p; ++j) x(i, j) = random.uniform() + (j > 0 ? 0.5 * x(i, j - 1) : 0);
    y[i] = 1 + x.row(i).sum() + random.uniform() * x(i, 0);
  }
  const std::vector<std::string> names{"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  const auto large = fit_linear(x, y, names, {.errors = ErrorType::hc3});
  math::ExactColumns columns{std::vector<math::DoubleDouble>(n, math::DoubleDouble(1.0))};
  for (int j = 0; j < p; ++j) columns.emplace_back(x.col(j).begin(), x.col(j).end());
  const auto exact = math::exact_least_squares(columns, {y.begin(), y.end()});
  ASSERT_TRUE(large.ok() && exact.ok());
  for (int j = 0; j <= p; ++j)
    EXPECT_GE(digits(large->coefficients[j].estimate, exact->coefficients[j]), 11) << j;
  EXPECT_NEAR(large->leverage.sum(), p + 1, 1e-8);
}

TEST(Regression, RefusesByName) {
  Matrix x(6, 2);
  x << 1, 2, 2, 4, 3, 6, 4, 8, 5, 10, 6, 12;
  const Vector y = Vector::LinSpaced(6, 1, 9);
  auto fit = fit_linear(x, y, {"price", "price_twice"});
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, Errc::refused);
  EXPECT_EQ(fit.error().where, "price_twice");
  x.col(1).setConstant(3);
  fit = fit_linear(x, y, {"price", "flat"});
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().where, "flat");
  EXPECT_EQ(fit_linear(x.topRows(3), y.head(3), {"a", "b"}).error().code, Errc::refused);
  x(2, 1) = std::nan("");
  EXPECT_EQ(fit_linear(x, y, {"a", "b"}).error().code, Errc::bad_input);
  EXPECT_EQ(fit_linear(Matrix::Random(6, 1), Vector::Constant(6, 2), {"a"}).error().code, Errc::refused);
}

TEST(Logistic, NamesPerfectAndQuasiSeparation) {
  Matrix x(12, 2);
  Vector y(12);
  for (int i = 0; i < 12; ++i) {
    x(i, 0) = (i * 7) % 5;
    x(i, 1) = i;
    y[i] = i >= 6 ? 1 : 0;
  }
  auto fit = fit_logistic(x, y, {"noise", "days_late"});
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, Errc::refused);
  EXPECT_NE(fit.error().message.find("separated"), std::string::npos);
  EXPECT_EQ(fit.error().where, "days_late");
  // Quasi-separation: a group in which everybody bought.
  for (int i = 0; i < 12; ++i) {
    x(i, 1) = i % 3 == 0 ? 1 : 0;
    y[i] = i % 3 == 0 ? 1 : (i % 2);
  }
  fit = fit_logistic(x, y, {"noise", "vip"});
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().where, "vip");
  EXPECT_EQ(fit_logistic(x, Vector::Ones(12), {"a", "b"}).error().code, Errc::refused);
  y[0] = 2;
  EXPECT_EQ(fit_logistic(x, y, {"a", "b"}).error().code, Errc::bad_input);
}

TEST(Logistic, AreaUnderCurveAgreesWithAllPairs) {
  Random random(5);
  std::vector<double> score, outcome;
  for (int i = 0; i < 60; ++i) {
    score.push_back(static_cast<double>(random.below(12)));
    outcome.push_back(random.chance(0.4) ? 1 : 0);
  }
  double wins = 0, pairs = 0;
  for (int i = 0; i < 60; ++i) {
    for (int j = 0; j < 60; ++j) {
      if (outcome[i] != 1 || outcome[j] != 0) continue;
      pairs += 1;
      wins += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
    }
  }
  EXPECT_NEAR(area_under_curve(score, outcome), wins / pairs, 1e-14);
}

}  // namespace
}  // namespace rapport::study
