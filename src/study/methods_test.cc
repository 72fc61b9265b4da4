#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "study/detail/say.h"
#include "study/detail/shared_data.h"
#include "study/study.h"

namespace rapport::study {
namespace {

model::Table numbers(std::initializer_list<std::pair<std::string, std::vector<double>>> columns) {
  model::Table table;
  for (const auto& [name, cells] : columns) EXPECT_TRUE(table.add({name, cells}).ok());
  return table;
}

void add_text(model::Table& table, const std::string& name, std::vector<std::string> cells) {
  EXPECT_TRUE(table.add({name, std::move(cells)}).ok());
}

double value(const Report& report, std::string_view name, std::string_view group = {}) {
  const Figure* figure = report.figure(name, group);
  EXPECT_NE(figure, nullptr) << name;
  return figure == nullptr ? std::nan("") : figure->value;
}

const ReportTable& table_of(const Report& report, std::string_view key) {
  for (const ReportTable& table : report.tables) {
    if (table.key == key) return table;
  }
  ADD_FAILURE() << key;
  return report.tables.front();
}

CheckStatus check(const Report& report, std::string_view name) {
  for (const Check& c : report.checks) {
    if (c.name == name) return c.status;
  }
  ADD_FAILURE() << name;
  return CheckStatus::failed;
}

/// What every report owes: a source, a reading in three scripts without simplified letters in the traditional
/// one, the same bytes twice, and no number in JSON that is none.
void expect_whole(const Result<Report>& report) {
  ASSERT_TRUE(report.ok()) << report.error().describe();
  EXPECT_FALSE(report->citations.empty());
  for (const std::string* text : {&report->reading.en, &report->reading.hans, &report->reading.hant})
    EXPECT_GT(text->size(), 20u);
  EXPECT_EQ(detail::to_hant(report->reading.hant), report->reading.hant);
  const std::string json = render_json(*report);
  EXPECT_EQ(json.find(":nan"), std::string::npos);
  EXPECT_EQ(json.find(":inf"), std::string::npos);
  EXPECT_EQ(json, render_json(*report));
  EXPECT_GT(render_text(*report, Language::zh_hant).size(), 100u);
  EXPECT_NE(render_html(*report, Language::zh_hans).find("</html>"), std::string::npos);
}

TEST(Methods, EveryMethodIsRegisteredInOrder) {
  std::string last;
  for (const Method& m : methods()) {
    EXPECT_LT(last, m.name);
    last = m.name;
  }
  for (const char* name :
       {"ab", "ahp", "causal", "clv", "cohort", "delphi", "drivers", "fuzzy", "ipa", "kano", "nps", "power",
        "price-sensitivity", "regression", "roi", "servqual", "survival", "weights"}) {
    EXPECT_TRUE(std::any_of(methods().begin(), methods().end(), [&](const Method& m) {
      return m.name == name;
    })) << name;
  }
}

TEST(AbStudy, SufficientStatisticsOfGbstats) {
  const Options options{{"arm", "A:3407,1396.87,52377.9767"}, {"arm", "B:3461,2422.7,134698.29"}};
  const auto report = run_study("ab", {}, options);
  expect_whole(report);
  EXPECT_NEAR(value(*report, "lift"), .70732, 5e-6);
  EXPECT_NEAR(value(*report, "se"), .37879, 5e-6);
  EXPECT_NEAR(value(*report, "ci_low"), -.03526, 5e-6);
  EXPECT_NEAR(value(*report, "p"), .06191, 5e-6);
  EXPECT_NEAR(value(*report, "lift", "absolute"), .29, 5e-6);
  EXPECT_NEAR(value(*report, "p", "absolute"), .02016, 5e-6);
  const std::string json = render_json(*report);
  for (const char* key : {"\"lift\"", "\"se\"", "\"ci_low\"", "\"ci_high\"", "\"p\""})
    EXPECT_NE(json.find(key), std::string::npos);
  Options sequential = options;
  sequential.add("sequential", "always-valid");
  sequential.add("tuning", "1000");
  EXPECT_LT(value(*run_study("ab", {}, sequential), "ci_low"), -.1);
  Options looks = options;
  looks.add("sequential", "ld-obf");
  looks.add("look", "1");
  EXPECT_NEAR(value(*run_study("ab", {}, looks), "bound", "sequential"), 4.87688, 5.1e-6);
}

TEST(AbStudy, TableWithSampleRatioAndCuped) {
  Random random(3);
  std::vector<double> y, x;
  std::vector<std::string> arm;
  for (int i = 0; i < 3000; ++i) {
    const bool b = i % 2 == 1;
    x.push_back(random.uniform());
    y.push_back(x.back() * 5 + (b ? 0.2 : 0) + random.uniform());
    arm.push_back(b ? "new" : "old");
  }
  model::Table table = numbers({{"outcome", y}, {"before", x}});
  add_text(table, "arm", arm);
  const auto plain = run_study("ab", table, {{"scale", "absolute"}});
  const auto adjusted =
      run_study("ab", table, {{"scale", "absolute"}, {"covariates", "before"}, {"margin", "1"}});
  expect_whole(adjusted);
  EXPECT_LT(value(*adjusted, "se"), 0.4 * value(*plain, "se"));
  EXPECT_NEAR(value(*adjusted, "lift"), 0.2, 0.05);
  EXPECT_EQ(check(*adjusted, "sample_ratio"), CheckStatus::passed);
  EXPECT_EQ(check(*adjusted, "equivalent"), CheckStatus::passed);
  const auto planned = run_study("ab", table, {{"planned", "0.6,0.4"}});
  EXPECT_EQ(check(*planned, "sample_ratio"), CheckStatus::failed);
}

TEST(AhpStudy, MatrixWithFractionsPairsAndHierarchy) {
  model::Table square;
  add_text(square, "name", {"coffee", "wine", "tea"});
  add_text(square, "coffee", {"1", "1/9", "1/5"});
  add_text(square, "wine", {"9", "1", "3"});
  add_text(square, "tea", {"5", "1/3", "1"});
  const auto report = run_study("ahp", square, {{"ri", "saaty"}});
  expect_whole(report);
  EXPECT_EQ(table_of(*report, "weights").shape, Shape::map);
  EXPECT_NEAR(value(*report, "lambda_max"), 3.029, 1e-3);
  EXPECT_NEAR(value(*report, "cr"), value(*report, "ci") / .58, 1e-12);
  model::Table pairs = numbers({{"value", {9, 5, 1.0 / 3}}});
  add_text(pairs, "left", {"coffee", "coffee", "wine"});
  add_text(pairs, "right", {"wine", "tea", "tea"});
  EXPECT_NEAR(value(*run_study("ahp", pairs, {}), "lambda_max"), value(*report, "lambda_max"), 1e-12);
  model::Table tree = numbers({{"value", {3, 2, 4}}});
  add_text(tree, "node", {"goal", "speed", "price"});
  add_text(tree, "left", {"speed", "a", "b"});
  add_text(tree, "right", {"price", "b", "a"});
  const auto hierarchy = run_study("ahp", tree, {});
  expect_whole(hierarchy);
  EXPECT_NEAR(std::get<double>(table_of(*hierarchy, "weights").rows[0][1]), .75 * 2 / 3 + .25 / 5, 1e-12);
  model::Table words;
  add_text(words, "a", {"1", "much"});
  add_text(words, "b", {"2", "1"});
  EXPECT_EQ(run_study("ahp", words, {}).error().code, Errc::bad_input);
}

TEST(WeightsStudy, SchemesAndRanking) {
  RAPPORT_SHARED_TABLE(shared, "reference/data/attitude.csv");
  model::Table table = shared;
  std::vector<std::string> service;
  for (std::size_t i = 0; i < table.rows(); ++i)
    service.push_back(i % 3 == 0 ? "repair" : i % 3 == 1 ? "adviser" : "gift");
  add_text(table, "service", service);
  const auto report = run_study("weights", table,
                                {{"items", "complaints,privileges,learning,raises,critical,advance"},
                                 {"outcome", "rating"},
                                 {"by", "service"},
                                 {"low", "0"},
                                 {"high", "100"}});
  expect_whole(report);
  EXPECT_EQ(table_of(*report, "weights").columns.size(), 5u);
  EXPECT_NEAR(std::get<double>(table_of(*report, "weights").rows[0][1]), .1740323505, 5.1e-11);
  EXPECT_EQ(table_of(*report, "services").rows.size(), 3u);
}

TEST(DelphiAndFuzzyStudy, RunFromTables) {
  const auto delphi = run_study("delphi",
                                numbers({{"a", {1, 1, 6}},
                                         {"b", {6, 5, 3}},
                                         {"c", {3, 6, 2}},
                                         {"d", {2, 2, 5}},
                                         {"e", {5, 4, 4}},
                                         {"f", {4, 3, 1}}}),
                                {});
  expect_whole(delphi);
  EXPECT_NEAR(value(*delphi, "w"), .212698412698, 5e-13);
  const auto fuzzy = run_study("fuzzy",
                               numbers({{"weight", {.35, .25, .2, .2}},
                                        {"best", {.3, .2, .1, .4}},
                                        {"good", {.4, .5, .3, .3}},
                                        {"fair", {.2, .2, .4, .2}},
                                        {"poor", {.1, .1, .1, .05}},
                                        {"bad", {0, 0, .1, .05}}}),
                               {{"scores", "100,80,60,40,20"}});
  expect_whole(fuzzy);
  EXPECT_NEAR(value(*fuzzy, "score"), 74.9, 1e-12);
}

TEST(DriversStudy, SwissAndSegments) {
  RAPPORT_SHARED_TABLE(table, "reference/data/swiss.csv");
  const Options options{{"outcome", "Fertility"},
                        {"items", "Agriculture,Examination,Education,Catholic,Infant.Mortality"},
                        {"replicates", "50"}};
  const auto report = run_study("drivers", table, options);
  expect_whole(report);
  EXPECT_NEAR(value(*report, "r2"), .706735001593, 5e-13);
  EXPECT_NEAR(std::get<double>(table_of(*report, "importance").rows[2][1]), .2601346786, 5.1e-11);
  expect_whole(run_study("ipa", table, options));
  EXPECT_EQ(run_study("drivers", table, {{"outcome", "Fertility"}, {"items", "canton"}}).error().code,
            Errc::bad_input);
}

TEST(ClvStudy, SummaryTransactionsAndContracts) {
  Random random(9);
  model::NumberColumn x, recency, length, money;
  for (int i = 0; i < 400; ++i) {
    const double t = 20 + 20 * random.uniform(), rate = -std::log(1 - random.uniform()) / 8;
    double now = 0, last = 0, count = 0;
    for (;;) {
      now -= std::log(1 - random.uniform()) / rate;
      if (now >= t) break;
      ++count;
      last = now;
      if (random.chance(0.3)) break;
    }
    x.push_back(count);
    recency.push_back(last);
    length.push_back(t);
    money.push_back(count > 0 ? 10 + 30 * random.uniform() : std::nan(""));
  }
  const auto report =
      run_study("clv", numbers({{"frequency", x}, {"recency", recency}, {"T", length}, {"money", money}}),
                {{"horizon", "10"}, {"discount", "0.002"}});
  expect_whole(report);
  for (const char* key : {"r", "alpha", "a", "b", "ll", "expected_purchases", "clv_total"})
    EXPECT_TRUE(std::isfinite(value(*report, key))) << key;
  EXPECT_EQ(check(*report, "converged"), CheckStatus::passed);
  EXPECT_EQ(table_of(*report, "customers").rows.size(), 20u);
  const auto contracts = run_study("clv", numbers({{"survivors", {1000, 869, 743, 653, 593, 551, 517, 491}}}),
                                   {{"model", "sbg"}});
  expect_whole(contracts);
  EXPECT_NEAR(value(*contracts, "ll"), -1611.15814739, 5e-8);
  model::Table negative =
      numbers({{"customer", {1, 1, 2}}, {"date", {20260101, 20260108, 20260102}}, {"amount", {5, -5, 3}}});
  const auto refused = run_study("clv", negative, {});
  EXPECT_EQ(refused.error().where, "amount");
  EXPECT_NE(refused.error().message.find("row 2"), std::string::npos);
}

TEST(ClvStudy, CdnowFromTransactions) {
  std::ifstream in(detail::shared_path("data/cdnow/CDNOW_sample.txt"));
  if (!in) GTEST_SKIP() << "needs data/cdnow";
  std::vector<std::string> customer;
  model::NumberColumn date, amount;
  std::string master, id;
  double day = 0, cds = 0, dollars = 0;
  while (in >> master >> id >> day >> cds >> dollars) {
    customer.push_back(id);
    date.push_back(day);
    amount.push_back(dollars);
  }
  model::Table table = numbers({{"date", date}, {"amount", amount}});
  add_text(table, "customer", customer);
  const auto report =
      run_study("clv", table, {{"until", "1997-09-30"}, {"period", "week"}, {"model", "bgnbd"}});
  expect_whole(report);
  // The published summary rounds weeks to two decimals; from the days themselves the same to four digits.
  EXPECT_NEAR(value(*report, "r"), .2426, 2e-4);
  EXPECT_NEAR(value(*report, "alpha"), 4.414, 3e-3);
  EXPECT_NEAR(value(*report, "a"), .793, 2e-3);
  EXPECT_NEAR(value(*report, "b"), 2.426, 6e-3);
  EXPECT_NEAR(value(*report, "ll"), -9582.4, 1.5);
  const auto cohort = run_study("cohort", table, {{"until", "1998-06-30"}, {"cac", "20"}});
  expect_whole(cohort);
  EXPECT_EQ(value(*cohort, "customers"), 2357);
  EXPECT_EQ(std::get<std::string>(table_of(*cohort, "cohorts").rows[0][0]), "1997-01");
}

TEST(CausalStudy, LalondeWithPlacebo) {
  RAPPORT_SHARED_TABLE(table, "reference/data/lalonde_matchit.csv");
  const auto report = run_study("causal", table,
                                {{"treatment", "treat"},
                                 {"outcome", "re78"},
                                 {"covariates", "age,educ,race,married,nodegree,re74,re75"},
                                 {"placebo", "re75"}});
  expect_whole(report);
  EXPECT_NEAR(value(*report, "naive"), -635.02621204, 5e-8);
  EXPECT_EQ(check(*report, "placebo"), CheckStatus::passed);
  EXPECT_EQ(table_of(*report, "balance").rows.size(), 8u);
  const auto did = run_study(
      "causal", table, {{"treatment", "treat"}, {"outcome", "re78"}, {"before", "re75"}, {"method", "did"}});
  expect_whole(did);
  EXPECT_EQ(check(*did, "pre_trend"), CheckStatus::warned);
  EXPECT_EQ(run_study("causal", table, {{"treatment", "race"}, {"outcome", "re78"}, {"covariates", "age"}})
                .error()
                .code,
            Errc::bad_input);
}

TEST(ScoreStudies, NpsSurvivalKanoServqual) {
  const auto nps = run_study("nps", {}, {{"counts", "5,15,30"}});
  expect_whole(nps);
  EXPECT_NEAR(*nps->figure("nps")->low, .28788054, 5e-9);
  model::Table answers = numbers({{"score", {9, 10, 3, 7, std::nan(""), 10, 9, 8}}});
  add_text(answers, "group", {"a", "a", "a", "a", "b", "b", "b", "b"});
  const auto weighted = run_study("nps", answers, {{"strata", "group"}, {"by", "group"}});
  expect_whole(weighted);
  EXPECT_NEAR(value(*weighted, "response_rate"), 7 / 8., 1e-12);
  expect_whole(run_study("nps", numbers({{"score", {5, 4, 4, 2, 5}}}), {{"kind", "csat"}}));
  model::Table tickets = numbers(
      {{"time", {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45}},
       {"event", {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1}}});
  add_text(tickets, "team", std::vector<std::string>(23, "x"));
  const auto survival = run_study("survival", tickets, {});
  expect_whole(survival);
  EXPECT_EQ(value(*survival, "p50"), 27);
  const auto kano =
      run_study("kano", numbers({{"speed_f", {1, 1, 1, 2, 2, 1}}, {"speed_d", {5, 5, 5, 5, 5, 3}}}), {});
  expect_whole(kano);
  expect_whole(run_study(
      "servqual",
      numbers({{"p1", {4, 5, 6, 5}}, {"p2", {3, 4, 4, 5}}, {"e1", {6, 6, 7, 6}}, {"e2", {7, 6, 6, 7}}}),
      {{"perceived", "p1,p2"}, {"expected", "e1,e2"}, {"dimensions", "staff:1,place:1"}}));
}

TEST(PriceAndRoiStudies, RunFromTables) {
  const auto price = run_study("price-sensitivity",
                               numbers({{"too_cheap", {5, 6, 4, 7, 5, 6, 5, 4, 6, 5}},
                                        {"cheap", {8, 9, 7, 10, 8, 9, 8, 7, 10, 9}},
                                        {"expensive", {12, 13, 11, 15, 12, 14, 13, 11, 14, 12}},
                                        {"too_expensive", {16, 18, 14, 20, 16, 18, 17, 15, 19, 16}}}),
                               {});
  expect_whole(price);
  EXPECT_EQ(value(*price, "pmc"), 7);
  EXPECT_EQ(value(*price, "pme"), 15);
  EXPECT_EQ(value(*price, "idp"), 10);
  EXPECT_EQ(value(*price, "opp"), 7);
  std::vector<double> offered, buys;
  for (int i = 0; i < 90; ++i) {
    offered.push_back(10 * (i % 3 + 1));
    buys.push_back(i % 9 < 9 - 3 * (i % 3) ? 1 : 0);
  }
  expect_whole(run_study("price-sensitivity", numbers({{"price", offered}, {"buy", buys}}),
                         {{"price", "price"}, {"buy", "buy"}}));
  model::Table worth =
      numbers({{"benefit", {100, 80, 5}}, {"benefit_se", {10, 40, 1}}, {"cost", {20, 60, 50}}});
  add_text(worth, "service", {"warranty", "adviser", "gift"});
  const auto roi = run_study("roi", worth, {});
  expect_whole(roi);
  EXPECT_EQ(std::get<std::string>(table_of(*roi, "services").rows[2][10]), "mend");
  expect_whole(run_study("power", {}, {{"baseline", "0.5"}, {"mde", "0.25"}, {"power", "0.9"}}));
}

// Named refusals for bad data, whatever the method.
TEST(Methods, BadDataIsRefusedByName) {
  const std::vector<double> flat(10, 3), ramp{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, missing(10, std::nan("")),
      wave{1, 3, 2, 5, 4, 7, 6, 9, 8, 10};
  const model::Table table = numbers({{"flat", flat}, {"ramp", ramp}, {"missing", missing}, {"wave", wave}});
  const auto constant = run_study("drivers", table, {{"outcome", "ramp"}, {"items", "wave,flat"}});
  EXPECT_EQ(constant.error().code, Errc::refused);
  EXPECT_EQ(constant.error().where, "flat");
  const auto empty = run_study("regression", table, {{"outcome", "ramp"}, {"items", "missing"}});
  EXPECT_EQ(empty.error().code, Errc::refused);
  EXPECT_EQ(empty.error().where, "missing");
  const model::Table three = numbers({{"y", {1, 2, 3}}, {"a", {3, 1, 2}}, {"b", {1, 5, 2}}});
  EXPECT_EQ(run_study("drivers", three, {{"outcome", "y"}, {"items", "a,b"}}).error().where, "rows");
  model::Table typo = numbers({{"y", ramp}});
  add_text(typo, "x", {"1", "2", "3", "four", "5", "6", "7", "8", "9", "10"});
  const auto text = run_study("regression", typo, {{"outcome", "y"}, {"items", "x"}});
  EXPECT_EQ(text.error().code, Errc::bad_input);
  EXPECT_NE(text.error().message.find("row 4"), std::string::npos);
  const auto separated =
      run_study("regression", numbers({{"y", {0, 0, 0, 0, 0, 1, 1, 1, 1, 1}}, {"x", ramp}}),
                {{"outcome", "y"}, {"items", "x"}, {"model", "logistic"}});
  EXPECT_EQ(separated.error().code, Errc::refused);
  EXPECT_EQ(separated.error().where, "x");
  EXPECT_EQ(
      run_study("drivers", table, {{"outcome", "ramp"}, {"items", "wave"}, {"frobnicate", "1"}}).error().code,
      Errc::bad_input);
}

TEST(Say, TraditionalFollowsTheTemplateAndLeavesTheDataAlone) {
  const Text3 text = detail::tri("service '{}' pays", "服务“{}”有价值", std::string("云服务"));
  EXPECT_EQ(text.hans, "服务“云服务”有价值");
  EXPECT_EQ(text.hant, "服務“云服务”有價值");
}

}  // namespace
}  // namespace rapport::study
