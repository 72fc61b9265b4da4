#include "study/alpha.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "study/detail/shared_data.h"

namespace rapport::study {
namespace {

struct Scale {
  const char* letter;
  std::vector<std::string> reverse;
  double pairwise, listwise, std_alpha, omega, ave, chisq;
};

// R psych 2.2.9 alpha() (pairwise) and lavaan 0.6-14 (one factor) on psychTools::bfi.
const Scale kScales[] = {
    {"A", {"A1"}, .7030184461, .703755894375, .7130285787, .7121289655, .3393923461, 86.69606159},
    {"C", {"C4", "C5"}, .7267349729, .729277203170, .7300725844, .7330223355, .3585496339, 164.89295913},
    {"E", {"E1", "E2"}, .7617328203, .760932639470, .7617950941, .7673335762, .4056970361, 86.60120462},
    {"N", {}, .8139629499, .813303143161, .8146746742, .8128443682, .4726595774, 360.93171604},
    {"O", {"O2", "O5"}, .6001725148, .602546428577, .6072684310, .6103741139, .2484009786, 80.58331004},
};

Items bfi(const model::Table& table, const std::string& letter) {
  std::vector<std::string> names;
  for (const char digit : {'1', '2', '3', '4', '5'}) names.push_back(letter + digit);
  return *read_items(table, names);
}

TEST(Alpha, BfiScalesOfPsychPairwiseAndListwise) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  for (const Scale& scale : kScales) {
    SCOPED_TRACE(scale.letter);
    const Items items = bfi(table, scale.letter);
    const auto pairwise = alpha(items, {.reverse = scale.reverse});
    const auto listwise = alpha(items, {.missing = math::MissingRule::listwise, .reverse = scale.reverse});
    ASSERT_TRUE(pairwise.ok() && listwise.ok());
    EXPECT_NEAR(pairwise->alpha, scale.pairwise, 5.1e-11);
    EXPECT_NEAR(listwise->alpha, scale.listwise, 5.1e-13);
    EXPECT_NEAR(pairwise->std_alpha, scale.std_alpha, 5.1e-11);
    EXPECT_NEAR(pairwise->omega, scale.omega, 4e-7) << "lavaan stops near 1e-7";
    EXPECT_NEAR(pairwise->ave, scale.ave, 5e-7);
    EXPECT_NEAR(pairwise->chisq, scale.chisq, 5.1e-8);
    EXPECT_TRUE(pairwise->against_the_scale.empty());
  }
}

TEST(Alpha, FurtherFiguresOfPsych) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  const auto a = alpha(bfi(table, "A"), {.reverse = {"A1"}});
  const auto n = alpha(bfi(table, "N"), {});
  ASSERT_TRUE(a.ok() && n.ok());
  EXPECT_NEAR(a->g6, .6827626720, 5.1e-11);
  EXPECT_NEAR(n->g6, .7991259532, 5.1e-11);
  EXPECT_NEAR(a->average_r, .3319676571, 5.1e-11);
  EXPECT_NEAR(n->average_r, .4678539393, 5.1e-11);
  EXPECT_NEAR(a->ase, .0089517744, 5.1e-11);
  // Trap 4: the observed denominator gives .7141 where the model's gives .7121.
  EXPECT_NEAR(a->omega_observed, .7141, 5.1e-5);
}

// Trap 3: reverse keying is never automatic; the item that points the other way is named instead.
TEST(Alpha, AnItemAgainstTheScaleIsNamedNotTurned) {
  RAPPORT_SHARED_TABLE(table, "data/bfi_items/bfi.csv");
  const auto plain = alpha(bfi(table, "A"), {});
  ASSERT_TRUE(plain.ok());
  EXPECT_LT(plain->alpha, 0.5);
  EXPECT_EQ(plain->against_the_scale, std::vector<std::string>{"A1"});
}

// R psych on datasets::attitude, 30 departments x 7 items.
TEST(Alpha, AttitudeOfR) {
  RAPPORT_SHARED_TABLE(table, "reference/data/attitude.csv");
  const std::vector<std::string> names{"rating", "complaints", "privileges", "learning",
                                       "raises", "critical",   "advance"};
  const auto result = alpha(*read_items(table, names));
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->alpha, .843142769565, 5.1e-13);
  EXPECT_NEAR(result->std_alpha, .839083803030, 5.1e-13);
}

model::Table table_of(std::vector<std::vector<double>> columns) {
  model::Table table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_TRUE(table.add({"x" + std::to_string(i + 1), std::move(columns[i])}).ok());
  }
  return table;
}

TEST(Alpha, BadDataGetsANamedRefusal) {
  const std::vector<std::string> names{"x1", "x2"};
  const auto constant = table_of({{1, 2, 3, 4}, {5, 5, 5, 5}});
  const auto refused = alpha(*read_items(constant, names));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::refused);
  EXPECT_NE(refused.error().message.find("constant item: 'x2'"), std::string::npos);
  const auto few = table_of({{1, 2}, {2, 1}});
  EXPECT_EQ(alpha(*read_items(few, names)).error().code, Errc::refused);
  const auto infinite = table_of({{1, 2, INFINITY}, {2, 1, 3}});
  EXPECT_EQ(read_items(infinite, names).error().code, Errc::bad_input);
  model::Table text = table_of({{1, 2, 3}});
  ASSERT_TRUE(text.add({"x2", model::TextColumn{"1", "two", "3"}}).ok());
  EXPECT_NE(read_items(text, names).error().message.find("'two'"), std::string::npos);
  EXPECT_EQ(alpha(*read_items(constant, std::vector<std::string>{"x1"})).error().code, Errc::bad_input);
}

/// 95 % intervals on simulated normal data: parallel items, true alpha = k r / (1 + (k - 1) r).
TEST(Alpha, IntervalsCoverTheTruth) {
  const std::uint64_t seed = 20261122;
  SCOPED_TRACE(seed);
  Random random(seed);
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
  };
  const double truth = 4 * 0.5 / (1 + 3 * 0.5);
  int covered = 0;
  const int runs = 2000;
  std::vector<std::vector<double>> cells(4, std::vector<double>(200));
  for (int run = 0; run < runs; ++run) {
    for (std::size_t row = 0; row < 200; ++row) {
      const double common = normal();
      for (auto& column : cells) column[row] = std::sqrt(0.5) * (common + normal());
    }
    Items items;
    for (std::size_t i = 0; i < 4; ++i) {
      items.names.push_back("x" + std::to_string(i));
      items.columns.push_back(cells[i]);
    }
    const auto result = alpha(items);
    ASSERT_TRUE(result.ok());
    covered += result->ci_low <= truth && truth <= result->ci_high;
  }
  EXPECT_NEAR(static_cast<double>(covered) / runs, 0.95, 0.015);
}

}  // namespace
}  // namespace rapport::study
