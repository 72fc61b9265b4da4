#include "math/column_moments.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace rapport::math {
namespace {

struct Data {
  std::vector<std::vector<double>> cells;
  std::vector<std::span<const double>> spans() const { return {cells.begin(), cells.end()}; }
};

Data random_data(std::uint64_t seed, std::size_t rows, std::size_t columns, double missing) {
  Random random(seed);
  Data data;
  data.cells.assign(columns, std::vector<double>(rows));
  for (std::size_t r = 0; r < rows; ++r) {
    const double common = random.uniform();
    for (std::size_t c = 0; c < columns; ++c) {
      const double cell = 1e4 * static_cast<double>(c) + common + random.uniform();
      data.cells[c][r] = random.chance(missing) ? std::nan("") : cell;
    }
  }
  return data;
}

/// The obvious way: two passes over the rows that count for the pair.
double obvious_covariance(const Data& data, std::size_t i, std::size_t j, MissingRule rule, double* count) {
  long double n = 0, si = 0, sj = 0, cross = 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t r = 0; r < data.cells[0].size(); ++r) {
      bool keep = !std::isnan(data.cells[i][r]) && !std::isnan(data.cells[j][r]);
      if (rule == MissingRule::listwise) {
        for (const auto& column : data.cells) keep = keep && !std::isnan(column[r]);
      }
      if (!keep) continue;
      if (pass == 0) {
        n += 1;
        si += data.cells[i][r];
        sj += data.cells[j][r];
      } else {
        cross += (data.cells[i][r] - si / n) * (data.cells[j][r] - sj / n);
      }
    }
  }
  *count = static_cast<double>(n);
  return static_cast<double>(cross / (n - 1));
}

TEST(ColumnMoments, AgreesWithTheObviousTwoPasses) {
  const std::uint64_t seed = 4711;
  for (const auto rule : {MissingRule::listwise, MissingRule::pairwise}) {
    for (const std::size_t rows : {3, 255, 256, 257, 1100}) {
      for (const std::size_t columns : {1, 3, 6}) {
        for (const double missing : {0.0, 0.002, 0.1}) {
          SCOPED_TRACE(fmt::format("seed {} rows {} columns {} missing {}", seed, rows, columns, missing));
          const Data data = random_data(seed + rows, rows, columns, missing);
          const ColumnMoments m = column_moments(data.spans(), rule);
          for (std::size_t i = 0; i < columns; ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
              double n = 0;
              const double expected = obvious_covariance(data, i, j, rule, &n);
              const auto a = static_cast<Eigen::Index>(i), b = static_cast<Eigen::Index>(j);
              ASSERT_EQ(m.counts(a, b), n);
              if (n >= 2) {
                ASSERT_NEAR(m.covariance(a, b), expected, 1e-11);
              }
            }
          }
        }
      }
    }
  }
}

TEST(ColumnMoments, SameBitsAtOneThreadAndTwo) {
  const Data data = random_data(99, 70000, 5, 0.01);
  const auto one = column_moments(data.spans(), MissingRule::pairwise, 1);
  const auto two = column_moments(data.spans(), MissingRule::pairwise, 2);
  EXPECT_EQ(one.covariance, two.covariance);
  EXPECT_EQ(one.means, two.means);
}

}  // namespace
}  // namespace rapport::math
