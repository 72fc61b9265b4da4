#include <array>
#include <cmath>

#include "study/alpha.h"
#include "study/chart.h"
#include "study/detail/methods.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"items", "A,B,C", "the items of the scale"},
    OptionSpec{"reverse", "B", "items to turn before summing (low + high - x)"},
    OptionSpec{"missing", "pairwise|listwise", "how missing answers are treated; pairwise when absent"},
};

void add_figures(Report& report, const AlphaResult& r) {
  report.figures.push_back(
      {.name = "alpha",
       .value = r.alpha,
       .low = r.ci_low,
       .high = r.ci_high,
       .n = r.n,
       .definition = "raw alpha from covariances; 95 % interval from the asymptotic error"});
  report.figures.push_back(
      {.name = "std_alpha", .value = r.std_alpha, .definition = "alpha from correlations"});
  report.figures.push_back(
      {.name = "omega",
       .value = r.omega,
       .low = r.omega - 1.959963984540054 * r.omega_se,
       .high = r.omega + 1.959963984540054 * r.omega_se,
       .n = r.rows_complete,
       .definition = "one-factor maximum likelihood, the model's variance in the denominator"});
  report.figures.push_back({.name = "omega_observed",
                            .value = r.omega_observed,
                            .definition = "the same, the observed variance in the denominator"});
  report.figures.push_back(
      {.name = "ave", .value = r.ave, .definition = "average variance extracted by the one factor"});
  report.figures.push_back({.name = "g6", .value = r.g6, .definition = "Guttman's lambda 6"});
  report.figures.push_back(
      {.name = "average_r", .value = r.average_r, .definition = "mean correlation between items"});
  report.figures.push_back(
      {.name = "median_r", .value = r.median_r, .definition = "median correlation between items"});
  report.add_figure("signal_to_noise", r.signal_to_noise);
  report.figures.push_back(
      {.name = "ase", .value = r.ase, .definition = "asymptotic standard error of alpha"});
  report.figures.push_back(
      {.name = "mean", .value = r.mean, .definition = "mean of the items' means, turned items turned"});
  report.add_figure("chisq", r.chisq, "one_factor");
  report.add_figure("df", r.df, "one_factor");
  report.add_figure("pvalue", r.pvalue, "one_factor");
}

ReportTable item_table(const AlphaResult& r) {
  ReportTable table{.key = "items",
                    .title = {"Items", "题项", "題項"},
                    .columns = {"item", "reversed", "n", "mean", "sd", "r_total", "r_std", "r_cor", "r_drop",
                                "alpha_if_dropped", "std_alpha_if_dropped", "loading"}};
  for (const AlphaItem& i : r.items) {
    table.rows.push_back({i.name, i.reversed ? "yes" : "no", i.n, i.mean, i.sd, i.r_total, i.r_std, i.r_cor,
                          i.r_drop, i.alpha_if_dropped, i.std_alpha_if_dropped, i.loading});
  }
  return table;
}

void add_checks(Report& report, const AlphaResult& r) {
  if (r.against_the_scale.empty()) {
    report.add_check("item_direction", CheckStatus::passed,
                     {"every item correlates positively with the rest", "每个题项都与其余题项正相关",
                      "每個題項都與其餘題項正相關"});
  } else {
    std::string names;
    for (const std::string& name : r.against_the_scale) names += (names.empty() ? "" : ", ") + name;
    report.add_check(
        "item_direction", CheckStatus::failed,
        {fmt::format("{} correlate(s) negatively with the rest: worded the other way? name it in --reverse",
                     names),
         fmt::format("{} 与其余题项负相关：若为反向题，请用 --reverse 指明", names),
         fmt::format("{} 與其餘題項負相關：若為反向題，請用 --reverse 指明", names)});
  }
  if (!r.omega_refused.empty()) {
    report.add_check("omega", CheckStatus::warned,
                     {"one-factor model: " + r.omega_refused, "单因子模型：" + r.omega_refused,
                      "單因子模型：" + r.omega_refused});
  }
  if (r.rows_complete < r.rows) {
    const auto gaps = r.rows - r.rows_complete;
    report.add_check("missing", CheckStatus::warned,
                     {fmt::format("{} of {} rows have a missing answer", gaps, r.rows),
                      fmt::format("{} 行中有 {} 行缺少回答", r.rows, gaps),
                      fmt::format("{} 列中有 {} 列缺少回答", r.rows, gaps)});
  }
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto names, options.need_list("items"));
  RAPPORT_TRY(const std::string missing, options.choice("missing", {"pairwise", "listwise"}, "pairwise"));
  RAPPORT_TRY(const Items items, read_items(table, names));
  const auto rule = missing == "listwise" ? math::MissingRule::listwise : math::MissingRule::pairwise;
  RAPPORT_TRY(const AlphaResult r, alpha(items, {.missing = rule, .reverse = options.list("reverse")}));
  Report report{.method = "alpha",
                .title = {"Reliability of a scale", "量表信度", "量表信度"},
                .citations = {"Cronbach (1951), Psychometrika 16:297-334",
                              "McDonald (1999), Test Theory: A Unified Treatment (omega)",
                              "van Zyl, Neudecker & Nel (2000), Psychometrika 65:271-280 (standard error)",
                              "Guttman (1945), Psychometrika 10:255-282 (lambda 6)"},
                .rows_given = r.rows,
                .rows_used = r.n};
  add_checks(report, r);
  add_figures(report, r);
  report.tables.push_back(item_table(r));
  std::vector<Bar> bars;
  for (const AlphaItem& item : r.items) bars.push_back({item.name, item.r_drop});
  report.charts.push_back(
      {{"Correlation of each item with the sum of the others (dashed: 0.3)",
        "各题项与其余题项总分的相关（虚线：0.3）", "各題項與其餘題項總分的相關（虛線：0.3）"},
       bar_chart(bars, 0.3)});
  const bool good = r.alpha >= 0.7;
  report.say(
      fmt::format("Alpha is {:.3f} (95 % interval {:.3f} to {:.3f}) from {} rows: the {} items {} one scale.",
                  r.alpha, r.ci_low, r.ci_high, r.n, r.items.size(),
                  good ? "hold together well enough to be summed into"
                       : "do not hold together well enough to be called"),
      fmt::format("信度 α 为 {:.3f}（95% 区间 {:.3f} 至 {:.3f}，{} 行）：{} 个题项{}。", r.alpha, r.ci_low,
                  r.ci_high, r.n, r.items.size(),
                  good ? "内部一致，可以合成一个量表" : "一致性不足，不宜合成一个量表"),
      fmt::format("信度 α 為 {:.3f}（95% 區間 {:.3f} 至 {:.3f}，{} 列）：{} 個題項{}。", r.alpha, r.ci_low,
                  r.ci_high, r.n, r.items.size(),
                  good ? "內部一致，可以合成一個量表" : "一致性不足，不宜合成一個量表"));
  return report;
}

}  // namespace

Method alpha_method() {
  return {"alpha", "reliability of a scale: alpha, omega, item statistics", kOptions, run};
}

}  // namespace rapport::study::detail
