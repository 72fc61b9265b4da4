#include "study/sem_bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/data.h"
#include "study/detail/recursive_paths.h"
#include "study/detail/shared_data.h"

namespace rapport::study {
namespace {

constexpr const char* kMediation =
    "learning ~ a*complaints\nrating ~ b*learning + c*complaints\nab := a*b\ntotal := c + a*b";

struct Fitted {
  SemFit fit;
  math::Matrix rows;
};

Fitted fit_table(const model::Table& table, const std::string& text) {
  const PathModel model = *build_path_model(*parse_model(text));
  const Items items = *read_items(table, model.observed);
  const math::ColumnMoments m = *item_moments(items, math::MissingRule::listwise, 3);
  auto fit = fit_sem(model, {m.covariance, static_cast<std::int64_t>(m.rows_complete)});
  EXPECT_TRUE(fit.ok()) << fit.error().describe();
  return {std::move(fit).value(), complete_rows(items)};
}

double value_of(const SemFit& fit, const std::string& label, double SemEstimate::*member) {
  for (const SemEstimate& e : fit.estimates) {
    if (e.label == label) return e.*member;
  }
  return std::nan("");
}

// Sobel's test on R's attitude data; the reference's z uses regression errors with n - p, lavaan's with n.
TEST(Mediation, SobelOnAttitude) {
  RAPPORT_SHARED_TABLE(table, "reference/data/attitude.csv");
  const Fitted f = fit_table(table, kMediation);
  EXPECT_NEAR(value_of(f.fit, "a", &SemEstimate::est), .5260250525, 5.1e-11);
  EXPECT_NEAR(value_of(f.fit, "b", &SemEstimate::est), .2111918092, 5.1e-11);
  EXPECT_NEAR(value_of(f.fit, "c", &SemEstimate::est), .6435176362, 5.1e-11);
  EXPECT_NEAR(value_of(f.fit, "ab", &SemEstimate::est), .1110921825, 5.1e-11);
  EXPECT_NEAR(value_of(f.fit, "total", &SemEstimate::est), .7546098187, 5.1e-11);
  const double n = 30, a = .5260250525, b = .2111918092;
  const double se_a = value_of(f.fit, "a", &SemEstimate::se) * std::sqrt(n / (n - 2));
  const double se_b = value_of(f.fit, "b", &SemEstimate::se) * std::sqrt(n / (n - 3));
  EXPECT_NEAR(a * b / std::sqrt(a * a * se_b * se_b + b * b * se_a * se_a), 1.4592820761, 5e-9);
}

TEST(SemBootstrap, LeastSquaresAndNewtonGiveTheSameDraws) {
  RAPPORT_SHARED_TABLE(table, "reference/data/attitude.csv");
  const Fitted f = fit_table(table, kMediation);
  const auto recursive = detail::RecursivePaths::of(f.fit.model);
  ASSERT_TRUE(recursive.has_value());
  std::vector<double> theta(static_cast<std::size_t>(f.fit.model.free_count));
  ASSERT_TRUE(recursive->solve(f.fit.sample, theta));
  for (std::size_t i = 0; i < theta.size(); ++i)
    EXPECT_NEAR(theta[i], f.fit.theta[static_cast<Eigen::Index>(i)], 1e-9);
}

TEST(SemBootstrap, OnlyPlainRecursiveModelsTakeTheShortWay) {
  for (const auto& [text, plain] : std::vector<std::pair<const char*, bool>>{{"m ~ x\ny ~ m + x", true},
                                                                             {"y ~ x + z", true},
                                                                             {"m ~ a*x\ny ~ a*m", false},
                                                                             {"m ~ 1*x\ny ~ m", false},
                                                                             {"m ~ x\ny ~ m\nm ~~ y", false},
                                                                             {"f =~ x + y + z", false},
                                                                             {"m ~ x + y\ny ~ m", false},
                                                                             {"y ~ x + z\nx ~~ 0*z", false},
                                                                             {"y ~ x\nz ~ x", false}}) {
    const auto model = build_path_model(*parse_model(text));
    ASSERT_TRUE(model.ok());
    EXPECT_EQ(detail::RecursivePaths::of(*model).has_value(), plain) << text;
  }
}

TEST(SemBootstrap, SameSeedSameBitsAtOneThreadAndTwo) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const Fitted f = fit_table(table, "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6");
  const auto one = bootstrap_sem(f.fit, f.rows, {.replicates = 60, .seed = 5, .threads = 1});
  const auto two = bootstrap_sem(f.fit, f.rows, {.replicates = 60, .seed = 5, .threads = 2});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->failed, 0u);
  for (std::size_t i = 0; i < one->se.size(); ++i) {
    EXPECT_EQ(one->se[i], two->se[i]);
    EXPECT_EQ(one->intervals[i].low, two->intervals[i].low);
    // The bootstrap's error is of the size of the expected-information one.
    if (f.fit.estimates[i].se > 0) {
      EXPECT_NEAR(one->se[i] / f.fit.estimates[i].se, 1, 0.6);
    }
  }
}

/// Percentile intervals of an indirect effect on simulated data: a = 0.4, b = 0.5, n = 200.
TEST(SemBootstrap, IntervalsCoverTheIndirectEffect) {
  const std::uint64_t seed = 77;
  SCOPED_TRACE(seed);
  Random random(seed);
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
  };
  const PathModel model = *build_path_model(*parse_model("m ~ a*x\ny ~ b*m + x\nab := a*b"));
  const int runs = 400;
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    math::Matrix rows(200, 3);  // m, y, x
    for (Eigen::Index r = 0; r < 200; ++r) {
      rows(r, 2) = normal();
      rows(r, 0) = 0.4 * rows(r, 2) + normal();
      rows(r, 1) = 0.5 * rows(r, 0) + 0.2 * rows(r, 2) + normal();
    }
    const auto fit = fit_sem(model, {math::moments(rows).covariance, 200});
    ASSERT_TRUE(fit.ok());
    const auto boot = bootstrap_sem(*fit, rows, {.replicates = 400, .seed = static_cast<std::uint64_t>(run)});
    ASSERT_TRUE(boot.ok());
    covered += boot->intervals.back().low <= 0.2 && 0.2 <= boot->intervals.back().high;
  }
  EXPECT_NEAR(static_cast<double>(covered) / runs, 0.95, 0.03);
}

}  // namespace
}  // namespace rapport::study
