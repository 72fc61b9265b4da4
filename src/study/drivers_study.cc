#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/drivers.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"outcome", "Y", "what is to be explained"},
    OptionSpec{"items", "A,B,C", "the possible drivers (at most 22)"},
    OptionSpec{"method", "lmg|johnson|pratt|standardised|first|last",
               "which importance leads; lmg when absent"},
    OptionSpec{"by", "COLUMN", "repeats the analysis in each segment"},
    OptionSpec{"replicates", "N", "of the bootstrap; 500 when absent, 0 for none"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
    OptionSpec{"importance-line", "NUMBER", "ipa: where the map is cut; the mean when absent"},
    OptionSpec{"performance-line", "NUMBER", "ipa: where the map is cut; the mean when absent"},
};

struct Asked {
  std::string outcome, method;
  std::vector<std::string> items;
  DriversOptions options;
};

Result<Asked> read_options(const Options& options) {
  Asked a;
  RAPPORT_TRY(a.outcome, options.need_text("outcome"));
  RAPPORT_TRY(a.items, options.need_list("items"));
  RAPPORT_TRY(a.method,
              options.choice("method", {"lmg", "johnson", "pratt", "standardised", "first", "last"}, "lmg"));
  RAPPORT_TRY(const std::int64_t replicates, options.whole("replicates", 500, 0, 100000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  a.options.replicates = static_cast<std::size_t>(replicates);
  a.options.seed = static_cast<std::uint64_t>(seed);
  // The bootstrap visits 2^p subsets a replicate: above 14 items it would take minutes.
  if (a.items.size() > 14 && !options.has("replicates")) a.options.replicates = 50;
  if (std::find(a.items.begin(), a.items.end(), a.outcome) != a.items.end()) {
    return Error{Errc::bad_input, fmt::format("'{}' is outcome and item", a.outcome), "--items",
                 "items other than the outcome"};
  }
  return a;
}

Result<DriversResult> analyse(const CompleteRows& rows, const std::vector<Eigen::Index>& members,
                              const Asked& asked) {
  const math::Matrix x = rows.x(members, Eigen::all);
  const auto p = static_cast<Eigen::Index>(asked.items.size());
  return drivers(x.leftCols(p), x.col(p), asked.items, asked.options);
}

Result<CompleteRows> read_rows(const model::Table& table, const Asked& asked) {
  auto all = asked.items;
  all.push_back(asked.outcome);
  return complete_rows(table, all);
}

const std::vector<double>& importance(const DriverShares& s, const std::string& method) {
  if (method == "johnson") return s.johnson;
  if (method == "pratt") return s.pratt;
  if (method == "standardised") return s.beta;
  if (method == "first") return s.first;
  return method == "last" ? s.last : s.lmg;
}
const std::vector<DriverInterval>* intervals(const DriversResult& r, const std::string& method) {
  const auto& v = method == "johnson" ? r.johnson_ci : method == "standardised" ? r.beta_ci : r.lmg_ci;
  const bool known = method == "lmg" || method == "johnson" || method == "standardised";
  return known && !v.empty() ? &v : nullptr;
}

ReportTable share_table(const DriversResult& r) {
  ReportTable t{.key = "drivers",
                .title = title("Importance of each driver", "各驱动因素的重要性"),
                .columns = {"item", "lmg", "lmg_share", "lmg_ci_low", "lmg_ci_high", "johnson",
                            "johnson_ci_low", "johnson_ci_high", "pratt", "beta", "beta_ci_low",
                            "beta_ci_high", "betasq", "first", "last", "vif", "mean", "n"}};
  const auto low = [](const std::vector<DriverInterval>& v, std::size_t j) {
    return v.empty() ? std::nan("") : v[j].low;
  };
  const auto high = [](const std::vector<DriverInterval>& v, std::size_t j) {
    return v.empty() ? std::nan("") : v[j].high;
  };
  const DriverShares& s = r.shares;
  for (std::size_t j = 0; j < r.names.size(); ++j) {
    t.rows.push_back({r.names[j], s.lmg[j], s.lmg[j] / s.r2, low(r.lmg_ci, j), high(r.lmg_ci, j),
                      s.johnson[j], low(r.johnson_ci, j), high(r.johnson_ci, j), s.pratt[j], s.beta[j],
                      low(r.beta_ci, j), high(r.beta_ci, j), s.beta_squared[j], s.first[j], s.last[j],
                      s.vif[j], r.means[j], static_cast<std::int64_t>(r.n)});
  }
  return t;
}

void add_checks(Report& report, const DriversResult& r) {
  const auto worst = static_cast<std::size_t>(std::max_element(r.shares.vif.begin(), r.shares.vif.end()) -
                                              r.shares.vif.begin());
  report.add_check(
      "collinearity", r.shares.vif[worst] < 10 ? CheckStatus::passed : CheckStatus::warned,
      tri("largest variance inflation {0} ('{1}'); from 10 on single coefficients are not to be read",
          "方差膨胀因子最大为 {0}（“{1}”）；达到 10 时不宜解读单个系数", num(r.shares.vif[worst]),
          r.names[worst]));
  report.add_check("explains", r.f_p < 0.05 ? CheckStatus::passed : CheckStatus::failed,
                   tri("the items together explain {0} (p = {1})", "全部因素共解释 {0}（p = {1}）",
                       percent(r.shares.r2), num(r.f_p)));
  for (std::size_t j = 0; j < r.names.size(); ++j) {
    if (r.shares.pratt[j] >= 0) continue;
    report.add_check(
        "negative_pratt", CheckStatus::warned,
        tri("the Pratt share of '{0}' is negative: it suppresses, and that measure cannot rank it",
            "“{0}”的 Pratt 份额为负（抑制变量），该指标不能用于排序", r.names[j]));
  }
  if (r.resampled_units > 0 && r.resampled_units < r.n) {
    report.add_check(
        "bootstrap", CheckStatus::passed,
        tri("intervals resample {0} blocks of rows", "区间由 {0} 个行块重抽样得到", r.resampled_units));
  }
}

Report new_report(const std::string& method, Text3 heading, const model::Table& table,
                  const DriversResult& r) {
  Report report{.method = method,
                .title = std::move(heading),
                .citations = {"Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate "
                              "Analysis, p. 119 (LMG)",
                              "Groemping (2006), J. Statistical Software 17(1)",
                              "Johnson (2000), Multivariate Behavioral Research 35:1-19",
                              "Pratt (1987), Proc. 2nd Tampere Conference in Statistics, 245-260"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(r.n)};
  report.figures.push_back({.name = "r2",
                            .value = r.shares.r2,
                            .n = static_cast<std::int64_t>(r.n),
                            .definition = "share of the outcome's variance that the items explain"});
  report.add_figure("pvalue", r.f_p);
  return report;
}

Status add_segments(Report& report, const model::Table& table, const CompleteRows& rows, const Asked& asked,
                    const std::string& by) {
  RAPPORT_TRY(const auto label, labels(table, by));
  std::map<std::string, std::vector<Eigen::Index>> members;
  for (std::size_t i = 0; i < rows.rows.size(); ++i)
    members[label[rows.rows[i]]].push_back(static_cast<Eigen::Index>(i));
  ReportTable t{.key = "segments",
                .title = title("By segment", "按细分群体"),
                .columns = {"segment", "n", "r2", "item", "importance", "ci_low", "ci_high", "mean"}};
  for (const auto& [segment, who] : members) {
    const auto r = analyse(rows, who, asked);
    if (!r.ok()) {
      report.add_check("segment", CheckStatus::warned,
                       tri("segment '{0}': {1}", "群体“{0}”：{1}", segment, r.error().message));
      continue;
    }
    const auto* ci = intervals(*r, asked.method);
    for (std::size_t j = 0; j < r->names.size(); ++j) {
      t.rows.push_back({segment, static_cast<std::int64_t>(r->n), r->shares.r2, r->names[j],
                        importance(r->shares, asked.method)[j], ci != nullptr ? (*ci)[j].low : std::nan(""),
                        ci != nullptr ? (*ci)[j].high : std::nan(""), r->means[j]});
    }
  }
  report.tables.push_back(std::move(t));
  return {};
}

std::vector<Eigen::Index> everyone(const CompleteRows& rows) {
  std::vector<Eigen::Index> all(rows.rows.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Eigen::Index>(i);
  return all;
}

Result<Report> run_drivers(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Asked asked, read_options(options));
  RAPPORT_TRY(const CompleteRows rows, read_rows(table, asked));
  RAPPORT_TRY(const DriversResult r, analyse(rows, everyone(rows), asked));
  Report report = new_report("drivers", title("What drives the outcome", "驱动因素分析"), table, r);
  add_checks(report, r);
  const auto& values = importance(r.shares, asked.method);
  ReportTable map{.key = "importance",
                  .title = title("Importance by the chosen method", "所选方法的重要性"),
                  .columns = {"item", "importance"},
                  .shape = Shape::map};
  std::vector<Bar> bars;
  const auto* ci = intervals(r, asked.method);
  for (std::size_t j = 0; j < r.names.size(); ++j) {
    map.rows.push_back({r.names[j], values[j]});
    bars.push_back({r.names[j], values[j]});
    if (ci != nullptr) {
      bars.back().low = (*ci)[j].low;
      bars.back().high = (*ci)[j].high;
    }
  }
  report.tables = {std::move(map), share_table(r)};
  report.charts.push_back({title("Importance", "重要性"), bar_chart(bars)});
  const auto top = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
  say(report, tri("The {0} items explain {1} of '{2}' over {3} rows; '{4}' matters most ({5} by {6}).",
                  "{0} 个因素共解释“{2}”的 {1}（{3} 行）；“{4}”最重要（{6}：{5}）。", r.names.size(),
                  percent(r.shares.r2), asked.outcome, r.n, r.names[top], num(values[top]), asked.method));
  say(report, title("Importance describes what moves together, not what would follow if an item were "
                    "changed: see the study `causal`.",
                    "重要性描述共同变动，不等于改变某项就会产生的效果：后者请用 causal 研究。"));
  if (options.has("by")) RAPPORT_CHECK(add_segments(report, table, rows, asked, options.text("by")));
  return report;
}

Result<Report> run_ipa(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Asked asked, read_options(options));
  RAPPORT_TRY(const double importance_line, options.number("importance-line", std::nan(""), -1e12, 1e12));
  RAPPORT_TRY(const double performance_line, options.number("performance-line", std::nan(""), -1e12, 1e12));
  RAPPORT_TRY(const CompleteRows rows, read_rows(table, asked));
  RAPPORT_TRY(const DriversResult r, analyse(rows, everyone(rows), asked));
  RAPPORT_TRY(const IpaMap map, importance_performance(r.names, importance(r.shares, asked.method), r.means,
                                                       importance_line, performance_line));
  Report report = new_report("ipa", title("Importance and performance", "重要性-表现分析（IPA）"), table, r);
  report.citations.insert(report.citations.begin(), "Martilla & James (1977), J. of Marketing 41:77-79");
  add_checks(report, r);
  report.add_figure("importance_line", map.importance_line);
  report.add_figure("performance_line", map.performance_line);
  ReportTable t{.key = "points",
                .title = title("The map", "四象限图"),
                .columns = {"item", "importance", "importance_ci_low", "importance_ci_high", "performance",
                            "performance_ci_low", "performance_ci_high", "n", "quadrant"}};
  std::vector<Point> points;
  const auto* ci = intervals(r, asked.method);
  std::string first;
  for (std::size_t j = 0; j < map.points.size(); ++j) {
    const IpaPoint& p = map.points[j];
    const double half = 1.959963984540054 * r.mean_se[j];
    t.rows.push_back({p.name, p.importance, ci != nullptr ? (*ci)[j].low : std::nan(""),
                      ci != nullptr ? (*ci)[j].high : std::nan(""), p.performance, p.performance - half,
                      p.performance + half, static_cast<std::int64_t>(r.n),
                      std::string(quadrant_name(p.quadrant))});
    points.push_back({p.name, p.performance, p.importance});
    if (p.quadrant == IpaQuadrant::concentrate_here) first += (first.empty() ? "" : ", ") + p.name;
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("Importance against performance", "重要性与表现"),
                           scatter_chart(points, "performance", "importance",
                                         std::pair{map.performance_line, map.importance_line})});
  say(report, first.empty() ? title("No item is important and below average at once: nothing to mend first.",
                                    "没有既重要又低于平均表现的项目，暂无优先改进项。")
                            : tri("Important and below average, so to be mended first: {0} ({1} rows).",
                                  "重要但表现低于平均、应优先改进：{0}（{1} 行）。", first, r.n));
  return report;
}

}  // namespace

Method drivers_method() {
  return {"drivers", "what drives an outcome: LMG, Johnson, Pratt, betas", kOptions, run_drivers};
}
Method ipa_method() {
  return {"ipa", "importance-performance map", kOptions, run_ipa};
}

}  // namespace rapport::study::detail
