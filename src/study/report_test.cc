#include "study/report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "study/options.h"
#include "study/study.h"

namespace rapport::study {
namespace {

Report example() {
  Report report{.method = "example",
                .title = {"An example", "例子", "例子"},
                .citations = {"Nobody (2020) <A> & \"B\""},
                .rows_given = 10,
                .rows_used = 9};
  report.add_figure("alpha", 0.1);
  report.figures.push_back(
      {.name = "rmsea", .value = 1.0 / 3, .low = 0.25, .high = 0.5, .n = 9, .group = "fit"});
  report.add_figure("none", std::nan(""), "fit");
  report.add_check("converged", CheckStatus::failed, {"it did not", "没有收敛", "沒有收斂"});
  report.tables.push_back({.key = "parameters",
                           .title = {"Parameters", "参数", "參數"},
                           .columns = {"lhs", "est"},
                           .rows = {{"服务质量", 2.5}, {"x\"1", std::int64_t{3}}}});
  report.tables.push_back({.key = "weights",
                           .title = {"Weights", "权重", "權重"},
                           .columns = {"item", "weight"},
                           .rows = {{"tea", 0.25}},
                           .shape = Shape::map});
  report.say("It is so.", "如此。", "如此。");
  return report;
}

TEST(Report, JsonKeepsOrderAndShortestDoubles) {
  const std::string json = render_json(example());
  EXPECT_EQ(json.substr(0, json.find(",\"checks\"")),
            R"({"method":"example","n":9,"rows_given":10,"alpha":0.1,"fit":{"rmsea":0.3333333333333333,)"
            R"("rmsea_ci_low":0.25,"rmsea_ci_high":0.5,"rmsea_n":9,"none":null},)"
            R"("parameters":[{"lhs":"服务质量","est":2.5},{"lhs":"x\"1","est":3}],"weights":{"tea":0.25})");
}

TEST(Report, PartsKeepEveryFigureTableAndChartInItsPlace) {
  Report report = example();
  report.charts.push_back({{"A chart", "图", "圖"}, "<svg viewBox=\"0 0 1 1\"></svg>"});
  report.figures[0].definition = "how well it holds";
  const std::string json = render_parts(report);
  const std::size_t figures = json.find("\"figures\""), reading = json.find(",\"reading\"");
  ASSERT_LT(figures, reading);
  EXPECT_EQ(json.substr(figures, reading - figures),
            R"("figures":[{"name":"alpha","group":"","value":0.1,"low":null,"high":null,"n":9,)"
            R"("definition":"how well it holds"},{"name":"rmsea","group":"fit","value":0.3333333333333333,)"
            R"("low":0.25,"high":0.5,"n":9,"definition":""},{"name":"none","group":"fit","value":null,)"
            R"("low":null,"high":null,"n":9,"definition":""}],"tables":[{"key":"parameters",)"
            R"("title":{"en":"Parameters","zh-Hans":"参数","zh-Hant":"參數"},"columns":["lhs","est"],)"
            R"("rows":[["服务质量",2.5],["x\"1",3]]},{"key":"weights",)"
            R"("title":{"en":"Weights","zh-Hans":"权重","zh-Hant":"權重"},"columns":["item","weight"],)"
            R"("rows":[["tea",0.25]]}],"charts":[{"title":{"en":"A chart","zh-Hans":"图","zh-Hant":"圖"},)"
            R"("svg":"<svg viewBox=\"0 0 1 1\"></svg>"}])");
}

TEST(Report, TextAlignsWideCharactersAndShowsFailedChecks) {
  const std::string text = render_text(example(), Language::zh_hant);
  EXPECT_NE(text.find("[未通過] 收斂: 沒有收斂"), std::string::npos) << text;
  EXPECT_NE(text.find("0.333333  [0.250000, 0.500000]  n=9"), std::string::npos) << text;
  EXPECT_NE(text.find("  服务质量  2.50000\n  x\"1             3\n"), std::string::npos) << text;
}

TEST(Report, NamesAreWordsInChineseAndTheUsersOwnStay) {
  Report report{.method = "diagnose", .title = {"Pains", "痛点", "痛點"}, .rows_given = 2, .rows_used = 2};
  report.add_check("clean", CheckStatus::passed, {"kept", "保留", "保留"});
  report.tables.push_back(
      {.key = "pains",
       .title = {"Pains", "痛点", "痛點"},
       .columns = {"pain", "customers", "away_ci_low", "my_own"},
       .rows = {{"chased", std::int64_t{3}, 0.5, "late_parcel"}, {"CADR", std::int64_t{1}, 0.5, ""}}});
  const std::string hans = render_text(report, Language::zh_hans);
  for (const char* word : {"痛点", "客户  离开比例区间下限  my_own", "不得不追问两次", "包裹延误", "CADR"})
    EXPECT_NE(hans.find(word), std::string::npos) << hans;
  EXPECT_EQ(hans.find("chased"), std::string::npos) << hans;
  EXPECT_NE(render_html(report, Language::zh_hant).find("離開比例區間下限"), std::string::npos);
  const std::string english = render_text(report, Language::en);
  EXPECT_NE(english.find("away_ci_low"), std::string::npos) << english;
  EXPECT_NE(english.find("chased"), std::string::npos) << english;
  // A text of the user's own data that happens to be a word of ours is not touched.
  report.method = "regression";
  EXPECT_NE(render_text(report, Language::zh_hans).find("chased"), std::string::npos);
}

TEST(Report, HtmlIsOnePageAndEscapes) {
  const std::string html = render_html(example(), Language::en);
  EXPECT_NE(html.find("Nobody (2020) &lt;A&gt; &amp; &quot;B&quot;"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos) << "no outside link";
  EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos);
}

TEST(Options, GettersNameTheOptionAndWhatIsRight) {
  const Options options{{"items", "a, b"}, {"items", "c"}, {"seed", "x"}, {"level", "2"}, {"ml", ""}};
  EXPECT_EQ(options.list("items"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(options.whole("seed", 1, 0, 9).error().describe(),
            "'x' is not a whole number (at --seed; expected a whole number from 0 to 9)");
  EXPECT_FALSE(options.number("level", 0.95, 0.5, 0.999).ok());
  EXPECT_EQ(options.number("other", 0.95, 0.5, 0.999).value(), 0.95);
  EXPECT_TRUE(options.flag("ml").value());
  EXPECT_FALSE(options.choice("level", {"a", "b"}, "a").ok());
  EXPECT_FALSE(options.need_list("nothing").ok());
}

TEST(Study, AnUnknownMethodListsTheKnownOnes) {
  const auto answer = run_study("alfa", model::Table{}, {});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::not_found);
}

TEST(Study, TheRegistryIsInAlphabeticalOrder) {
  for (std::size_t i = 1; i < methods().size(); ++i) EXPECT_LT(methods()[i - 1].name, methods()[i].name);
}

}  // namespace
}  // namespace rapport::study
