#include "study/price.h"

#include <gtest/gtest.h>

#include <cmath>

#include "study/roi.h"

namespace rapport::study {
namespace {

std::vector<PriceAnswer> fixed_ten() {
  const double tch[] = {5, 6, 4, 7, 5, 6, 5, 4, 6, 5}, ch[] = {8, 9, 7, 10, 8, 9, 8, 7, 10, 9};
  const double ex[] = {12, 13, 11, 15, 12, 14, 13, 11, 14, 12},
               tex[] = {16, 18, 14, 20, 16, 18, 17, 15, 19, 16};
  std::vector<PriceAnswer> answers;
  for (int i = 0; i < 10; ++i) answers.push_back({tch[i], ch[i], ex[i], tex[i]});
  return answers;
}

// The fixed vector of the R package pricesensitivitymeter 1.3.3 (its ecdf test).
TEST(VanWestendorp, FixedVector) {
  const auto r = van_westendorp(fixed_ten());
  ASSERT_TRUE(r.ok()) << r.error().describe();
  EXPECT_EQ(*r->pmc.price, 7);
  EXPECT_EQ(*r->pme.price, 15);
  EXPECT_EQ(*r->idp.price, 10);
  EXPECT_EQ(*r->opp.price, 7);
  const auto smooth = van_westendorp(fixed_ten(), {.curve = PriceCurve::interpolated});
  EXPECT_NEAR(*smooth->pme.price, 14.34, 1e-9);
  // Trap: every cumulative share reaches its end (a bug of that package until 1.3.1).
  EXPECT_EQ(r->curves.back().too_expensive, 1);
  EXPECT_EQ(r->curves.back().expensive, 1);
  EXPECT_EQ(r->curves.back().cheap, 0);
  EXPECT_LE(r->pme.interval.low, 15);
  EXPECT_GE(r->pme.interval.high, 15);
}

// Trap: answers out of order are dropped and counted.
TEST(VanWestendorp, DropsAndCountsIntransitiveAnswers) {
  auto answers = fixed_ten();
  answers.push_back({9, 8, 12, 16});
  answers.push_back({5, 8, 8, 16});
  answers.push_back({5, NAN, 8, 16});
  const auto r = van_westendorp(answers);
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->given, 12u);
  EXPECT_EQ(r->intransitive, 2u);
  EXPECT_EQ(r->n, 10u);
  EXPECT_EQ(*r->idp.price, 10);
  answers[0].too_cheap = -1;
  EXPECT_EQ(van_westendorp(answers).error().where, "row 1");
  EXPECT_EQ(van_westendorp({{9, 8, 7, 6}}).error().code, Errc::refused);
}

TEST(GaborGranger, DemandAndBestPrice) {
  const auto offer = [](double price, int yes, int n) {
    PriceOffer o{price, {}};
    for (int i = 0; i < n; ++i) o.buys.push_back(i < yes ? 1 : 0);
    return o;
  };
  const auto r = gabor_granger({offer(30, 20, 100), offer(10, 90, 100), offer(20, 60, 100)}, false, 0);
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->points[r->best].price, 20);
  EXPECT_NEAR(r->points[1].profit, 12, 1e-12);
  EXPECT_GT(r->points[1].best_probability, 0.95);
  EXPECT_TRUE(r->monotone);
  // A unit cost moves the best price up; a bump in the shares is pooled.
  const auto bumpy = gabor_granger({offer(10, 50, 100), offer(20, 60, 100), offer(30, 40, 100)}, true, 8);
  EXPECT_FALSE(bumpy->monotone);
  EXPECT_NEAR(bumpy->points[0].demand, .55, 1e-12);
  EXPECT_NEAR(bumpy->points[1].demand, .55, 1e-12);
  EXPECT_EQ(bumpy->points[bumpy->best].price, 30);
  EXPECT_EQ(gabor_granger({offer(-1, 1, 9), offer(2, 1, 9)}, false, 0).error().where, "price");
  EXPECT_EQ(gabor_granger({offer(1, 1, 3), offer(2, 1, 9)}, false, 0).error().where, "rows");
}

TEST(Roi, QuadrantsWithProbabilities) {
  const auto m = roi_matrix(
      {{"warranty", 100, 10, 20, 1}, {"adviser", 80, 40, 60, 5}, {"gift", 5, 1, 50, 0}, {"faq", 10, 2, 5, 0}},
      NAN, NAN);
  ASSERT_TRUE(m.ok());
  EXPECT_EQ(m->benefit_line, 45);
  EXPECT_EQ(m->cost_line, 35);
  EXPECT_EQ(m->lines[0].quadrant, RoiQuadrant::widen);
  EXPECT_EQ(m->lines[1].quadrant, RoiQuadrant::invest);
  EXPECT_EQ(m->lines[2].quadrant, RoiQuadrant::mend);
  EXPECT_EQ(m->lines[3].quadrant, RoiQuadrant::keep_lean);
  for (const RoiLine& line : m->lines) {
    EXPECT_NEAR(line.probability[0] + line.probability[1] + line.probability[2] + line.probability[3], 1,
                1e-14);
  }
  // The adviser's benefit is .875 se above the line: P = Phi(.875).
  EXPECT_NEAR(m->lines[1].probability[1] + m->lines[1].probability[0], 0.8092130, 1e-6);
  EXPECT_NEAR(m->lines[0].roi, 4, 1e-14);
  EXPECT_LT(m->lines[0].roi_interval.low, 4);
  EXPECT_EQ(m->lines[2].pays_probability < 1e-6, true);
  EXPECT_FALSE(roi_matrix({{"a", 1, 0, -1, 0}}, NAN, NAN).ok());
  EXPECT_FALSE(roi_matrix({{"a", 1, 0, 1, 0}, {"a", 1, 0, 1, 0}}, NAN, NAN).ok());
}

}  // namespace
}  // namespace rapport::study
