#include "study/validity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "study/data.h"
#include "study/detail/shared_data.h"
#include "study/study.h"

namespace rapport::study {
namespace {

// semTools 0.5-6 on lavaan's three-factor model of HolzingerSwineford1939.
TEST(Validity, ReliabilityAndHtmtOfSemTools) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const PathModel model = *build_path_model(
      *parse_model("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"));
  const Items items = *read_items(table, model.observed);
  const auto m = *item_moments(items, math::MissingRule::listwise, 3);
  const auto fit = fit_sem(model, {m.covariance, 301});
  ASSERT_TRUE(fit.ok());
  const auto rows = factor_reliability(*fit);
  ASSERT_EQ(rows.size(), 3u);
  const double printed[3][4] = {{.6261171319, .6253180156, .6120051511, .3705589447},
                                {.8827069129, .8851753603, .8850607732, .7210163492},
                                {.6884550230, .6877600372, .6858416922, .4244883298}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(rows[i].alpha, printed[i][0], 5.1e-11);
    EXPECT_NEAR(rows[i].omega, printed[i][1], 4e-7);
    EXPECT_NEAR(rows[i].omega_observed, printed[i][2], 8e-7);
    EXPECT_NEAR(rows[i].ave, printed[i][3], 4e-7);
  }
  const auto ratio = htmt(math::correlation_of(m.covariance), item_blocks(model), HtmtMean::geometric);
  EXPECT_NEAR(ratio(0, 1), .3840885639, 5.1e-11);
  EXPECT_NEAR(ratio(0, 2), .3867729305, 5.1e-11);
  EXPECT_NEAR(ratio(1, 2), .2796835510, 5.1e-11);
}

TEST(SemStudy, JsonHasTheShapeThatStays) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const auto report = run_study("cfa", table, {{"model", "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6"}});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  const std::string json = render_json(*report);
  EXPECT_NE(json.find(R"("fit":{"npar":13,)"), std::string::npos);
  EXPECT_NE(
      json.find(R"("parameters":[{"lhs":"visual","op":"=~","rhs":"x1","label":"","est":1,"se":0,"z":null,)"),
      std::string::npos)
      << json;
  EXPECT_EQ(json, render_json(*run_study("cfa", table,
                                         {{"model", "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6"}})));
  EXPECT_NE(render_html(*report, Language::zh_hans).find("<svg"), std::string::npos);
}

// Trap 9: satisfaction and loyalty of the mobile data are not separable.
TEST(SemStudy, FlagsConstructsThatCannotBeToldApart) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const auto report = run_study("cfa", table,
                                {{"model",
                                  "Image =~ IMAG1+IMAG2+IMAG3+IMAG4+IMAG5\nSat =~ CUSA1+CUSA2+CUSA3\nLoy =~ "
                                  "CUSL1+CUSL2+CUSL3"}});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  bool flagged = false;
  for (const Check& check : report->checks) {
    flagged = flagged || (check.name == "discriminant_validity" && check.detail.en.find("Sat and Loy") == 0);
  }
  EXPECT_TRUE(flagged);
}

TEST(SemStudy, RefusalsAreNamed) {
  RAPPORT_SHARED_TABLE(table, "reference/data/holzinger_swineford.csv");
  const std::tuple<const char*, Errc, const char*> cases[] = {
      {"f =~ x1 + x2", Errc::refused, "not identified"},
      {"f =~ NA*x1 + x2 + x3 + x4", Errc::refused, "not identified"},
      {"f =~ x1 + x2 + nothing", Errc::not_found, "nothing"},
      {"f =~ x1 + x2 + school", Errc::bad_input, "text"},
      {"f =~ x1 + x2 + x3\ng ~ h; q := f*2", Errc::not_found, "no column"},
      {"f =~ a*x1 + b*x2 + x3 + x4\nq := b*z", Errc::bad_input, "'z' is no label"},
  };
  for (const auto& [model, code, words] : cases) {
    const auto report = run_study("sem", table, {{"model", model}});
    ASSERT_FALSE(report.ok()) << model;
    EXPECT_EQ(report.error().code, code) << report.error().describe();
    EXPECT_NE(report.error().message.find(words), std::string::npos) << report.error().describe();
  }
  EXPECT_EQ(run_study("sem", table, {{"modle", "f =~ x1"}}).error().code, Errc::bad_input);
}

TEST(SemStudy, ConstantSingularAndTooFewRowsAreRefused) {
  const auto with = [](std::vector<double> a, std::vector<double> b, std::vector<double> c) {
    model::Table table;
    EXPECT_TRUE(table.add({"a", std::move(a)}).ok() && table.add({"b", std::move(b)}).ok() &&
                table.add({"c", std::move(c)}).ok());
    return run_study("sem", table, {{"model", "f =~ a + b + c"}});
  };
  const auto singular = with({1, 2, 3, 4, 5, 7}, {2, 1, 4, 3, 6, 5}, {3, 3, 7, 7, 11, 12});
  EXPECT_NE(singular.error().message.find("singular"), std::string::npos) << singular.error().describe();
  EXPECT_NE(
      with({1, 1, 1, 1, 1}, {2, 1, 4, 3, 6}, {3, 1, 7, 7, 1}).error().message.find("constant item: 'a'"),
      std::string::npos);
  EXPECT_NE(with({1, 2, 4}, {2, 1, 4}, {3, 1, 7}).error().message.find("too few rows"), std::string::npos);
  const double nan = std::nan("");
  EXPECT_NE(with({1, nan, nan, 2}, {nan, 1, 4, 1}, {3, 1, 7, 2}).error().message.find("too few rows"),
            std::string::npos);
}

}  // namespace
}  // namespace rapport::study
