#include "study/efa.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "study/data.h"
#include "study/detail/shared_data.h"
#include "study/factorability.h"

namespace rapport::study {
namespace {

struct Correlations {
  math::Matrix r;
  std::int64_t n;
};

Correlations correlations(const model::Table& table, const std::vector<std::string>& names) {
  const Items items = *read_items(table, names);
  const auto m = *item_moments(items, math::MissingRule::listwise, 3);
  return {math::correlation_of(m.covariance), static_cast<std::int64_t>(m.rows_complete)};
}

std::vector<std::string> numbered(const std::string& prefix, int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back(prefix + std::to_string(i));
  return names;
}

std::vector<std::string> bfi_names() {
  std::vector<std::string> names;
  for (const char* letter : {"A", "C", "E", "N", "O"}) {
    for (const std::string& name : numbered(letter, 5)) names.push_back(name);
  }
  return names;
}

/// The loop of R's stats::varimax, which stops when its criterion grows by less than `eps` (there 1e-5).
math::Matrix varimax_of_r(const math::Matrix& loadings, double eps) {
  const math::Vector scale = loadings.rowwise().norm();
  const math::Matrix x = scale.cwiseInverse().asDiagonal() * loadings;
  math::Matrix turn = math::Matrix::Identity(x.cols(), x.cols());
  double last = 0;
  for (int i = 0; i < 1000; ++i) {
    const math::Matrix z = x * turn;
    const math::Vector sums = z.cwiseAbs2().colwise().sum() / static_cast<double>(x.rows());
    const math::Matrix b = x.transpose() * (math::Matrix(z.array().cube()) - z * sums.asDiagonal());
    const Eigen::JacobiSVD<math::Matrix> svd(b, Eigen::ComputeFullU | Eigen::ComputeFullV);
    turn = svd.matrixU() * svd.matrixV().transpose();
    const double now = svd.singularValues().sum();
    if (now < last * (1 + eps)) break;
    last = now;
  }
  return scale.asDiagonal() * (x * turn);
}

std::vector<double> sorted_squares(const math::Matrix& loadings) {
  const math::Vector ss = loadings.cwiseAbs2().colwise().sum();
  std::vector<double> values(ss.begin(), ss.end());
  std::sort(values.rbegin(), values.rend());
  return values;
}

/// The largest difference after each column of `a` is matched with the column of `b` it is most like (trap
/// 5).
double distance_by_congruence(const math::Matrix& a, const math::Matrix& b) {
  const math::Matrix phi = a.colwise().normalized().transpose() * b.colwise().normalized();
  double worst = 0;
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    Eigen::Index at = 0;
    phi.row(j).cwiseAbs().maxCoeff(&at);
    worst = std::max(worst, (a.col(j) - (phi(j, at) < 0 ? -1.0 : 1.0) * b.col(at)).cwiseAbs().maxCoeff());
  }
  return worst;
}

TEST(Factorability, HolzingerSwinefordOfPsych) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const auto data = correlations(table, numbered("x", 9));
  const auto f = factorability(data.r, data.n);
  ASSERT_TRUE(f.ok());
  EXPECT_NEAR(f->kmo, .752244592603, 5.1e-13);
  EXPECT_NEAR(f->bartlett, 904.0970510369, 5.1e-11 * 100);
  EXPECT_EQ(f->df, 36);
  EXPECT_NEAR(f->pvalue / 1.91207887e-166, 1, 5e-9);
  const double printed[] = {3.216344181438, 1.638713221526, 1.365159347786, .698918451884, .584347528429,
                            .499687195226,  .473102059405,  .286002361234,  .237725653072};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(f->eigenvalues[i], printed[i], 1e-12);
}

TEST(Factorability, BfiOfPsych) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  const auto data = correlations(table, bfi_names());
  EXPECT_EQ(data.n, 2436);
  const auto f = factorability(data.r, data.n);
  ASSERT_TRUE(f.ok());
  EXPECT_NEAR(f->kmo, .848645230947, 5.1e-13);
  EXPECT_NEAR(f->item_kmo[0], .75407160, 5.1e-9);
  EXPECT_NEAR(f->item_kmo[15], .77948020, 5.1e-9);
  EXPECT_NEAR(f->item_kmo[23], .77017697, 1e-8);
  EXPECT_NEAR(f->bartlett, 18146.06557724, 5.1e-8);
  const double printed[] = {5.1343111772, 2.7518866680, 2.1427019540,
                            1.8523276117, 1.5481628486, 1.0735824725};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(f->eigenvalues[i], printed[i], 5.1e-11);
}

TEST(Factorability, ParallelAnalysisFindsTheScalesOfBfiAndNothingInNoise) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  const auto data = correlations(table, bfi_names());
  const auto f = factorability(data.r, data.n);
  const auto one = parallel_analysis(f->eigenvalues, data.n, 100, 7, 1),
             two = parallel_analysis(f->eigenvalues, data.n, 100, 7, 2);
  EXPECT_EQ(one.percentile, two.percentile);
  EXPECT_EQ(one.factors, 5);
  // Eigenvalues of a correlation matrix sum to p, drawn or observed.
  EXPECT_NEAR(one.mean.sum(), 25, 1e-9);
  EXPECT_EQ(parallel_analysis(math::Vector::Ones(10), 500, 50, 1, 1).factors, 0);
}

// R factanal(factors = 3): it stops near 1e-5 (trap 6), here the gradient is below 1e-9.
TEST(Efa, HolzingerSwinefordOfFactanal) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const auto data = correlations(table, numbered("x", 9));
  const auto fit = fit_efa(data.r, data.n, 3, Rotation::varimax);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  EXPECT_LT(fit->gradient_norm, 1e-9);
  EXPECT_EQ(fit->df, 12);
  EXPECT_NEAR(fit->chisq, 22.3769305697, 2e-8);
  EXPECT_LT(fit->chisq, 22.3769305697) << "a lower minimum than factanal's";
  EXPECT_NEAR(fit->pvalue, .0335061571656, 2e-10);
  const double unique[] = {.5125281693, .7487350461, .5427767855, .2791925841, .2428766509,
                           .3052171024, .5022001850, .4685578469, .5432435583};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(fit->uniquenesses[i], unique[i], 1e-5) << i;
  // R's varimax stops early: its loop gives the printed figures, and at rest it agrees with ours.
  const math::Matrix plain = fit_efa(data.r, data.n, 3, Rotation::none)->loadings;
  const math::Matrix early = varimax_of_r(plain, 1e-5);
  std::vector<double> x1{std::abs(early(0, 0)), std::abs(early(0, 1)), std::abs(early(0, 2))};
  std::sort(x1.begin(), x1.end());
  EXPECT_NEAR(x1[0], .151252667, 3e-6);
  EXPECT_NEAR(x1[1], .277290521, 3e-6);
  EXPECT_NEAR(x1[2], .622659391, 3e-6);
  EXPECT_LT(distance_by_congruence(varimax_of_r(plain, 1e-16), fit->loadings), 1e-7);
}

TEST(Efa, ObliminOfPsych) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const auto data = correlations(table, numbered("x", 9));
  const auto fit = fit_efa(data.r, data.n, 3, Rotation::oblimin);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  std::vector<double> phi{fit->phi(0, 1), fit->phi(0, 2), fit->phi(1, 2)};
  std::sort(phi.begin(), phi.end());
  EXPECT_NEAR(phi[0], .21644556, 2e-5);
  EXPECT_NEAR(phi[1], .27047615, 2e-5);
  EXPECT_NEAR(phi[2], .32576645, 2e-5);
  // Rotation keeps the implied correlations.
  const math::Matrix implied = fit->loadings * fit->phi * fit->loadings.transpose();
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(implied(i, i), 1 - fit->uniquenesses[i], 1e-8);
}

TEST(Efa, ObliminComesToRestOnRandomLoadings) {
  const std::uint64_t seed = 12;
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int round = 0; round < 40; ++round) {
    const Eigen::Index k = 2 + round % 4;
    math::Matrix l(15, k);
    for (Eigen::Index i = 0; i < l.size(); ++i)
      l(i) = 0.5 * random.uniform() * (random.chance(0.4) ? 1.6 : 0.3);
    const auto rotated = oblimin(l);
    ASSERT_TRUE(rotated.ok()) << round << " " << rotated.error().message;
    EXPECT_LT((rotated->loadings * rotated->phi * rotated->loadings.transpose() - l * l.transpose()).norm(),
              1e-9);
  }
}

TEST(Efa, BfiFiveFactors) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  const auto data = correlations(table, bfi_names());
  const auto fit = fit_efa(data.r, data.n, 5, Rotation::varimax);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  EXPECT_EQ(fit->df, 185);
  EXPECT_NEAR(fit->chisq, 1490.58650378, 1e-6);
  const double ss[] = {2.68705380, 2.31961001, 2.03357655, 1.97801528, 1.55671302};
  const math::Matrix plain = fit_efa(data.r, data.n, 5, Rotation::none)->loadings;
  const auto early = sorted_squares(varimax_of_r(plain, 1e-5));
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(early[static_cast<std::size_t>(i)], ss[i], 4e-6);
  EXPECT_LT(distance_by_congruence(varimax_of_r(plain, 1e-16), fit->loadings), 1e-7);
}

TEST(Efa, HeywoodCasesAreNamedAndTooManyFactorsRefused) {
  // A pair of items that correlate far beyond what their other correlations allow.
  math::Matrix r = math::Matrix::Constant(5, 5, 0.2);
  r.diagonal().setOnes();
  r(0, 1) = r(1, 0) = 0.9;
  r(0, 2) = r(2, 0) = 0.55;
  const auto fit = fit_efa(r, 100, 1, Rotation::none);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  EXPECT_EQ(fit->heywood, std::vector<int>{0});
  EXPECT_EQ(fit_efa(r, 100, 3, Rotation::none).error().code, Errc::refused);
  EXPECT_EQ(fit_efa(math::Matrix::Ones(4, 4), 100, 1, Rotation::none).error().code, Errc::refused);
}

}  // namespace
}  // namespace rapport::study
