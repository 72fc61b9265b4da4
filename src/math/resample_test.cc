#include "math/resample.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::math {
namespace {

Statistic mean_of(const std::vector<double>& values) {
  return [&values](std::span<const std::uint32_t> rows, std::span<double> out) {
    double sum = 0;
    for (const auto row : rows) sum += values[row];
    out[0] = sum / static_cast<double>(rows.size());
    return true;
  };
}

TEST(Bootstrap, GivesTheSameBitsAtOneThreadAndTwo) {
  std::vector<double> values;
  for (int i = 0; i < 101; ++i) values.push_back(std::sin(i));
  const auto one = bootstrap(101, 1, mean_of(values), {.replicates = 501, .seed = 7, .threads = 1});
  const auto two = bootstrap(101, 1, mean_of(values), {.replicates = 501, .seed = 7, .threads = 2});
  const auto other = bootstrap(101, 1, mean_of(values), {.replicates = 501, .seed = 8, .threads = 2});
  ASSERT_TRUE(one.ok() && two.ok() && other.ok());
  EXPECT_EQ(one->values, two->values);
  EXPECT_NE(one->values, other->values);
}

TEST(Bootstrap, SpreadOfTheMeanIsItsStandardError) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 10);
  const auto draws = bootstrap(400, 1, mean_of(values), {.replicates = 4000, .seed = 11});
  ASSERT_TRUE(draws.ok());
  const double expected = std::sqrt(8.25 / 400);
  EXPECT_NEAR(standard_deviation(draws->values), expected, 0.05 * expected);
  const auto interval = percentile_interval(draws->sorted(0), 0.95);
  EXPECT_NEAR(interval.low, 4.5 - 1.96 * expected, 0.03);
  EXPECT_NEAR(interval.high, 4.5 + 1.96 * expected, 0.03);
}

TEST(Bootstrap, FailedReplicatesAreCounted) {
  const Statistic refuses = [](std::span<const std::uint32_t> rows, std::span<double> out) {
    out[0] = 1;
    return rows[0] == 0;
  };
  const auto draws = bootstrap(2, 1, refuses, {.replicates = 200, .seed = 3});
  ASSERT_TRUE(draws.ok());
  EXPECT_GT(draws->failed, 60u);
  EXPECT_LT(draws->failed, 140u);
  EXPECT_EQ(draws->sorted(0).size(), 200 - draws->failed);
}

TEST(Bootstrap, RefusesNonsense) {
  const std::vector<double> none;
  EXPECT_FALSE(bootstrap(0, 1, mean_of(none), {}).ok());
  EXPECT_FALSE(bootstrap(5, 1, mean_of(none), {.replicates = 0}).ok());
  EXPECT_FALSE(bootstrap(5, 1, mean_of(none), {.threads = 0}).ok());
}

TEST(Quantile, IsTypeSevenOfHyndmanAndFan) {
  const std::vector<double> v{1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(quantile_sorted(v, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile_sorted(v, 1), 4);
  EXPECT_TRUE(std::isnan(quantile_sorted({}, 0.5)));
}

}  // namespace
}  // namespace rapport::math
