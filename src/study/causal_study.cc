#include <algorithm>
#include <array>
#include <cmath>

#include "study/causal.h"
#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/did.h"
#include "study/sensitivity.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"treatment", "COLUMN", "who had the service: 0 / 1 or two words"},
    OptionSpec{"outcome", "COLUMN", "what it should change"},
    OptionSpec{"covariates", "A,B", "what moved both; text columns become indicators"},
    OptionSpec{"method", "aipw|ipw|match|did", "aipw when absent"},
    OptionSpec{"estimand", "att|ate", "effect on the treated (when absent) or on everybody"},
    OptionSpec{"placebo", "COLUMN", "an outcome from before the treatment: its effect must be nothing"},
    OptionSpec{"folds", "N", "aipw: cross-fitting folds; 5 when absent"},
    OptionSpec{"seed", "N", "draws the folds; 1 when absent"},
    OptionSpec{"trim", "SHARE", "leaves out propensities beyond it; .01 when absent"},
    OptionSpec{"caliper", "SD",
               "match: widest gap in standard deviations of the logit; .2 when absent, 0 for none"},
    OptionSpec{"pairs", "adjusted|plain",
               "match: what pairs do not share is taken out by regression (when absent), or left in"},
    OptionSpec{"before", "COLUMN", "did: the outcome before, one row a unit"},
    OptionSpec{"time", "COLUMN", "did: the period, one row an observation"},
    OptionSpec{"after", "PERIOD", "did: the first treated period"},
    OptionSpec{"unit", "COLUMN", "did: who is observed again and again"},
};

struct Asked {
  std::string treatment, outcome, method;
  std::vector<std::string> covariates;
  CausalOptions options;
};

Result<Asked> read_options(const Options& options) {
  Asked a;
  RAPPORT_TRY(a.treatment, options.need_text("treatment"));
  RAPPORT_TRY(a.outcome, options.need_text("outcome"));
  RAPPORT_TRY(a.method, options.choice("method", {"aipw", "ipw", "match", "did"}, "aipw"));
  RAPPORT_TRY(const std::string estimand, options.choice("estimand", {"att", "ate"}, "att"));
  RAPPORT_TRY(const std::int64_t folds, options.whole("folds", 5, 2, 50));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  RAPPORT_TRY(a.options.trim, options.number("trim", 0.01, 0, 0.49));
  RAPPORT_TRY(const double caliper, options.number("caliper", 0.2, 0, 1e9));
  a.covariates = options.list("covariates");
  a.options.estimand = estimand == "att" ? Estimand::att : Estimand::ate;
  a.options.folds = static_cast<std::size_t>(folds);
  a.options.seed = static_cast<std::uint64_t>(seed);
  a.options.caliper = caliper == 0 ? std::numeric_limits<double>::infinity() : caliper;
  RAPPORT_TRY(const std::string pairs, options.choice("pairs", {"adjusted", "plain"}, "adjusted"));
  a.options.pairs = pairs == "plain" ? PairEstimate::plain : PairEstimate::adjusted;
  a.options.threads = 2;
  if (a.covariates.empty() && a.method != "did")
    return Error{Errc::bad_input, "no covariates", "--covariates", "what moved both treatment and outcome"};
  return a;
}

struct Rows {
  CausalData data;
  std::size_t used = 0;
};

/// Complete rows of outcome, covariates and treatment.
Result<Rows> read_rows(const model::Table& table, const Asked& asked, const std::string& outcome,
                       const std::vector<std::string>& covariates) {
  RAPPORT_TRY(const auto treatment, binary(table, asked.treatment));
  auto all = covariates;
  all.push_back(outcome);
  RAPPORT_TRY(const auto check, table.numbers(outcome));
  static_cast<void>(check);
  RAPPORT_TRY(const CompleteRows rows, design_rows(table, all));
  std::vector<Eigen::Index> kept;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (!std::isnan(treatment[rows.rows[i]])) kept.push_back(static_cast<Eigen::Index>(i));
  }
  if (kept.empty())
    return Error{Errc::refused, "no row has a treatment and all covariates", "rows", "complete rows"};
  const Eigen::Index p = rows.x.cols() - 1;
  Rows result;
  result.data.x = rows.x(kept, Eigen::seq(0, p - 1));
  result.data.outcome = rows.x(kept, p);
  result.data.treatment.resize(static_cast<Eigen::Index>(kept.size()));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    result.data.treatment[static_cast<Eigen::Index>(i)] =
        treatment[rows.rows[static_cast<std::size_t>(kept[i])]];
  }
  result.data.names.assign(rows.names.begin(), rows.names.end() - 1);
  result.used = kept.size();
  return result;
}

Result<CausalResult> estimate(const Asked& asked, const CausalData& data) {
  if (asked.method == "ipw") return estimate_ipw(data, asked.options);
  return asked.method == "match" ? estimate_matching(data, asked.options)
                                 : estimate_aipw(data, asked.options);
}

void add_overlap(Report& report, const CausalResult& r) {
  const Overlap& o = r.overlap;
  report.add_figure("treated_low", o.treated_low, "propensity");
  report.add_figure("treated_high", o.treated_high, "propensity");
  report.add_figure("control_low", o.control_low, "propensity");
  report.add_figure("control_high", o.control_high, "propensity");
  report.add_figure("trimmed", static_cast<double>(o.trimmed), "propensity");
  report.add_figure("ess_share_treated", o.ess_share_treated, "propensity");
  report.add_figure("ess_share_control", o.ess_share_control, "propensity");
  report.add_check(
      "overlap", o.good ? CheckStatus::passed : CheckStatus::failed,
      o.good ? tri("both arms occur over the covariates; {0} rows trimmed",
                   "两组在协变量上有重叠；剔除 {0} 行", o.trimmed)
             : tri("little overlap: {0} rows trimmed, effective sample {1} (treated) and {2} (control), "
                   "largest imbalance {3:.2f}; do not act on this number alone",
                   "重叠不足：剔除 {0} 行，有效样本比例 {1}（处理组）与 {2}（对照组），最大不平衡 "
                   "{3:.2f}；不宜仅凭此数字决策",
                   o.trimmed, percent(o.ess_share_treated), percent(o.ess_share_control), o.smd_after_max));
  report.add_check("balance", o.smd_after_max <= 0.1 ? CheckStatus::passed : CheckStatus::warned,
                   tri("largest standardised difference after adjustment {0:.3f} (.1 is the usual limit)",
                       "调整后最大标准化差异 {0:.3f}（通常要求不超过 0.1）", o.smd_after_max));
}

ReportTable balance_table(const CausalResult& r) {
  ReportTable t{.key = "balance",
                .title = title("Balance of the covariates", "协变量平衡"),
                .columns = {"covariate", "mean_treated", "mean_control", "smd_before", "smd_after"}};
  for (const Balance& b : r.balance)
    t.rows.push_back({b.name, b.mean_treated, b.mean_control, b.smd_before, b.smd_after});
  return t;
}

void add_effect(Report& report, double estimate, double se, double low, double high, double p,
                std::int64_t n) {
  report.figures.push_back(
      {.name = "effect", .value = estimate, .n = n, .definition = "change of the outcome by the treatment"});
  report.add_figure("se", se);
  report.add_figure("ci_low", low);
  report.add_figure("ci_high", high);
  report.add_figure("p", p);
}

void add_placebo(Report& report, const model::Table& table, const Asked& asked, const std::string& placebo) {
  auto covariates = asked.covariates;
  std::erase(covariates, placebo);
  const auto rows = read_rows(table, asked, placebo, covariates);
  const auto r = rows.ok() ? estimate(asked, rows->data) : Result<CausalResult>(rows.error());
  if (!r.ok()) {
    report.add_check("placebo", CheckStatus::warned,
                     tri("placebo not computed: {0}", "未能计算安慰剂检验：{0}", r.error().message));
    return;
  }
  report.add_figure("effect", r->estimate, "placebo");
  report.add_figure("ci_low", r->ci_low, "placebo");
  report.add_figure("ci_high", r->ci_high, "placebo");
  report.add_figure("p", r->p, "placebo");
  const bool clean = r->p >= 0.05;
  report.add_check("placebo", clean ? CheckStatus::passed : CheckStatus::failed,
                   clean ? tri("'{0}', which the treatment cannot have moved, shows no effect (p = {1})",
                               "处理不可能影响的“{0}”未显示效果（p = {1}）", placebo, num(r->p))
                         : tri("'{0}' shows an effect of {1} (p = {2}) although the treatment came later: "
                               "something else tells the arms apart",
                               "“{0}”显示出 {1} 的“效果”（p = {2}），但处理发生在其后：两组存在其他差异",
                               placebo, num(r->estimate), num(r->p)));
}

/// What a cause that nobody logged could do, told beside the estimate; never a reason to fail it.
void add_hidden(Report& report, const CausalData& data, const CausalResult& r) {
  const auto cause = hidden_cause(data, r);
  if (!cause.ok()) {
    report.add_check("hidden", CheckStatus::warned,
                     tri("not computed: {0}", "未能计算：{0}", cause.error().message));
    return;
  }
  report.add_figure("bias", cause->bias, "hidden");
  report.add_figure("strongest_bias", cause->strongest_bias, "hidden");
  report.add_figure("ci_low", cause->ci_low, "hidden");
  report.add_figure("ci_high", cause->ci_high, "hidden");
  report.add_figure("robustness", cause->robustness, "hidden");
  report.add_check(
      "hidden", cause->stands ? CheckStatus::passed : CheckStatus::warned,
      cause->stands
          ? tri("a cause that nobody logged, as strong as everything logged together, would leave the effect "
                "on "
                "its side of 0: {1} to {2} (the strongest logged one is '{0}')",
                "即使有一个未被记录、与全部已记录因素合起来同样强的因素，效果的方向仍不变：{1} 至 {2}"
                "（已记录因素中最强的是“{0}”）",
                cause->strongest, num(cause->ci_low), num(cause->ci_high))
          : tri("a cause that nobody logged, as strong as everything logged together, could undo the effect: "
                "{1} to {2} (the strongest logged one is '{0}'); only a lot tells",
                "若有一个未被记录、与全部已记录因素合起来同样强的因素，效果可能不复存在：{1} 至 {2}"
                "（已记录因素中最强的是“{0}”）；只有随机试点才能定论",
                cause->strongest, num(cause->ci_low), num(cause->ci_high)));
}

Report new_report(const model::Table& table, std::size_t used) {
  return {.method = "causal",
          .title = title("Effect without an experiment", "无实验的效果估计"),
          .citations = {"Chernozhukov et al. (2018), Econometrics J. 21:C1-C68 (AIPW, cross-fitting)",
                        "Lunceford & Davidian (2004), Statistics in Medicine 23:2937-2960 (IPW)",
                        "Rosenbaum & Rubin (1985), American Statistician 39:33-38; Rubin (1973), Biometrics "
                        "29:185-203 (matching)",
                        "Cinelli & Hazlett (2020), J. Royal Statistical Society B 82:39-67 (hidden causes)",
                        "Bertrand, Duflo & Mullainathan (2004), QJE 119:249-275 (difference in differences)"},
          .rows_given = static_cast<std::int64_t>(table.rows()),
          .rows_used = static_cast<std::int64_t>(used)};
}

Result<Report> run_adjusted(const model::Table& table, const Options& options, const Asked& asked) {
  RAPPORT_TRY(const Rows rows, read_rows(table, asked, asked.outcome, asked.covariates));
  RAPPORT_TRY(const CausalResult r, estimate(asked, rows.data));
  Report report = new_report(table, rows.used);
  add_effect(report, r.estimate, r.se, r.ci_low, r.ci_high, r.p, static_cast<std::int64_t>(r.used));
  report.figures.push_back({.name = "naive",
                            .value = r.naive,
                            .n = static_cast<std::int64_t>(r.n),
                            .definition = "difference of the means, nothing adjusted"});
  report.add_figure("treated", static_cast<double>(r.treated));
  report.add_figure("control", static_cast<double>(r.control));
  if (r.pairs > 0) {
    report.add_figure("pairs", static_cast<double>(r.pairs));
    report.add_figure("pair_difference", r.pair_difference);
  }
  add_overlap(report, r);
  add_hidden(report, rows.data, r);
  if (options.has("placebo")) add_placebo(report, table, asked, options.text("placebo"));
  report.tables.push_back(balance_table(r));
  std::vector<Bar> bars;
  for (const Balance& b : r.balance) bars.push_back({b.name, b.smd_after});
  report.charts.push_back(
      {title("Standardised differences after adjustment", "调整后的标准化差异"), bar_chart(bars, 0.1)});
  const Text3 over =
      asked.options.estimand == Estimand::att ? title("the treated", "接受者") : title("everybody", "全体");
  const Text3 numbers =
      tri(": {0} (interval {1} to {2}), {3} treated and {4} others; without adjustment it would read {5}.",
          "：{0}（区间 {1} 至 {2}），处理组 {3}、对照组 {4}；不作调整时为 {5}。", num(r.estimate),
          num(r.ci_low), num(r.ci_high), r.treated, r.control, num(r.naive));
  say(report, {"Effect on " + over.en + numbers.en, "对" + over.hans + "的效果" + numbers.hans,
               "對" + over.hant + "的效果" + numbers.hant});
  say(report, title("This holds only if nothing beyond the listed covariates moved both treatment and "
                    "outcome; an experiment would not need that.",
                    "前提是：除所列协变量外，没有其他因素同时影响处理与结果；实验则不需要这一前提。"));
  return report;
}

Result<DidResult> estimate_did(const model::Table& table, const Options& options, const Asked& asked) {
  if (options.has("before")) {
    auto covariates = asked.covariates;
    covariates.push_back(options.text("before"));
    RAPPORT_TRY(const Rows rows, read_rows(table, asked, asked.outcome, covariates));
    const Eigen::Index p = rows.data.x.cols() - 1;
    return did_wide(rows.data.x.col(p), rows.data.outcome, rows.data.treatment, rows.data.x.leftCols(p),
                    {rows.data.names.begin(), rows.data.names.end() - 1});
  }
  RAPPORT_TRY(const std::string time, options.need_text("time"));
  RAPPORT_TRY(const double after, options.number("after", std::nan(""), -1e15, 1e15));
  if (std::isnan(after))
    return Error{Errc::bad_input, "the first treated period is not named", "--after",
                 "a value of the time column"};
  if (!asked.covariates.empty())
    return Error{Errc::unsupported, "covariates with a long table", "--covariates",
                 "a wide table (--before) or no covariates"};
  RAPPORT_TRY(const Rows rows, read_rows(table, asked, asked.outcome, {time}));
  DidLong data;
  data.first_treated_time = after;
  data.outcome.assign(rows.data.outcome.begin(), rows.data.outcome.end());
  data.time.assign(rows.data.x.col(0).begin(), rows.data.x.col(0).end());
  data.treatment.assign(rows.data.treatment.begin(), rows.data.treatment.end());
  if (options.has("unit")) {
    RAPPORT_TRY(const auto unit, labels(table, options.text("unit")));
    if (unit.size() != data.outcome.size())
      return Error{Errc::bad_input, "some rows are incomplete", options.text("unit"),
                   "a full table for a panel"};
    data.unit = unit;
  }
  return did_long(data);
}

Result<Report> run_did(const model::Table& table, const Options& options, const Asked& asked) {
  RAPPORT_TRY(const DidResult r, estimate_did(table, options, asked));
  Report report = new_report(table, r.treated + r.control);
  add_effect(report, r.estimate, r.se, r.ci_low, r.ci_high, r.p,
             static_cast<std::int64_t>(r.treated + r.control));
  report.add_figure("df", r.df);
  report.add_figure("treated", static_cast<double>(r.treated));
  report.add_figure("control", static_cast<double>(r.control));
  ReportTable t{
      .key = "means", .title = title("Means", "均值"), .columns = {"group", "before", "after", "change"}};
  t.rows.push_back(
      {std::string("treated"), r.treated_before, r.treated_after, r.treated_after - r.treated_before});
  t.rows.push_back(
      {std::string("control"), r.control_before, r.control_after, r.control_after - r.control_before});
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("Before and after", "前后对比"),
                           line_chart({{"treated", {{0, r.treated_before}, {1, r.treated_after}}},
                                       {"control", {{0, r.control_before}, {1, r.control_after}}}},
                                      "0 = before, 1 = after", asked.outcome)});
  if (r.pre_trend_p) {
    report.add_figure("slope_difference", *r.pre_trend, "pre_trend");
    report.add_figure("se", *r.pre_trend_se, "pre_trend");
    report.add_figure("p", *r.pre_trend_p, "pre_trend");
    const bool parallel = *r.pre_trend_p >= 0.05;
    report.add_check(
        "pre_trend", parallel ? CheckStatus::passed : CheckStatus::failed,
        parallel
            ? tri("no difference of trends before the treatment is shown (p = {0})",
                  "处理前未见趋势差异（p = {0}）", num(*r.pre_trend_p))
            : tri("the arms moved apart before the treatment (p = {0}): the estimate is not to be trusted",
                  "处理前两组趋势已不同（p = {0}）：该估计不可信", num(*r.pre_trend_p)));
  } else {
    report.add_check("pre_trend", CheckStatus::warned,
                     title("one period before: whether the trends were parallel cannot be looked at",
                           "处理前只有一期：无法检验平行趋势"));
  }
  say(report,
      tri("The treated changed by {0} more than the others (interval {1} to {2}; {3} treated, {4} others).",
          "处理组比对照组多变化 {0}（区间 {1} 至 {2}；处理组 {3}、对照组 {4}）。", num(r.estimate),
          num(r.ci_low), num(r.ci_high), r.treated, r.control));
  say(report, title("This reads as an effect if both would have moved alike without the treatment.",
                    "前提是：若无处理，两组本会同步变化。"));
  return report;
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Asked asked, read_options(options));
  return asked.method == "did" ? run_did(table, options, asked) : run_adjusted(table, options, asked);
}

}  // namespace

Method causal_method() {
  return {"causal", "effects without an experiment: AIPW, IPW, matching, DiD", kOptions, run};
}

}  // namespace rapport::study::detail
