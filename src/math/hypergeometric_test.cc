#include "math/hypergeometric.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rapport::math {
namespace {

// C(a, b) as a long double product: exact enough for small populations.
long double choose(int a, int b) {
  long double value = 1;
  for (int i = 1; i <= b; ++i) value = value * (a - b + i) / i;
  return value;
}

TEST(Hypergeometric, TailsAreTheSumsOfBinomials) {
  for (int size : {1, 2, 7, 30, 60}) {
    const Hypergeometric law(static_cast<std::uint64_t>(size));
    for (int marked = 0; marked <= size; marked += 3) {
      for (int drawn = 0; drawn <= size; drawn += 2) {
        long double tail = 0;
        for (int k = std::min(marked, drawn); k >= 0; --k) {
          if (drawn - k <= size - marked)
            tail += choose(marked, k) * choose(size - marked, drawn - k) / choose(size, drawn);
          const double ours =
              law.upper_tail(static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(marked),
                             static_cast<std::uint64_t>(drawn));
          EXPECT_NEAR(ours / static_cast<double>(tail), 1, 1e-12)
              << size << ' ' << marked << ' ' << drawn << ' ' << k;
        }
      }
    }
  }
}

// The lady tasting tea (Fisher 1935): all four cups right by luck is 1 in 70.
TEST(Hypergeometric, LadyTastingTea) {
  EXPECT_NEAR(Hypergeometric(8).upper_tail(4, 4, 4), 1.0 / 70, 1e-16);
  EXPECT_NEAR(Hypergeometric(8).upper_tail(3, 4, 4), 17.0 / 70, 1e-15);
}

TEST(Hypergeometric, TableAndSeriesAgree) {
  // The same small tail inside and beyond the table: the law of drawing 10 of 20 marked among n tends to a
  // Poisson-like limit whose exact value is a product of ten factors.
  for (const std::uint64_t size : {std::uint64_t{1'000'000}, Hypergeometric::kTableMost + 1'000}) {
    const Hypergeometric law(size);
    long double exact = 1;
    for (int i = 0; i < 10; ++i)
      exact *= static_cast<long double>(20 - i) / static_cast<long double>(size - i);
    EXPECT_NEAR(law.upper_tail(10, 20, 10) / static_cast<double>(exact), 1, 1e-10) << size;
  }
}

TEST(Hypergeometric, EdgesAnswer) {
  const Hypergeometric law(100);
  EXPECT_EQ(law.upper_tail(0, 10, 10), 1);
  EXPECT_EQ(law.upper_tail(11, 10, 10), 0);
  EXPECT_EQ(law.upper_tail(80, 90, 90), 1);  // eighty cannot be missed
  EXPECT_EQ(law.upper_tail(100, 100, 100), 1);
}

}  // namespace
}  // namespace rapport::math
