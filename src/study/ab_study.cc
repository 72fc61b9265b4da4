#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/experiment.h"
#include "study/power.h"
#include "study/sequential.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"arm", "NAME:N,SUM,SUMSQ",
               "an arm by sufficient statistics (repeat; the first is the control); NAME:N,SUCCESSES is a "
               "proportion"},
    OptionSpec{"by", "COLUMN", "or from the table: the column of the arm; 'arm' when absent"},
    OptionSpec{"outcome", "Y", "the metric; 'outcome' when absent"},
    OptionSpec{"denominator", "COLUMN", "makes the metric a ratio, outcome / denominator (delta method)"},
    OptionSpec{"control", "NAME", "the control arm; the first in the table when absent"},
    OptionSpec{"covariates", "A,B", "known before assignment: adjusts by CUPED"},
    OptionSpec{"theta", "pooled|per-arm", "CUPED slopes; pooled when absent"},
    OptionSpec{"scale", "relative|absolute", "which effect leads; relative when absent (both are printed)"},
    OptionSpec{"about", "everybody|these",
               "these: the difference is meant for these very units only (shares, one look): a narrower "
               "interval; everybody when absent"},
    OptionSpec{"level", "NUMBER", "of intervals; .95 when absent"},
    OptionSpec{"planned", "W1,W2,...", "planned shares of the arms; equal when absent"},
    OptionSpec{"sequential", "fixed|always-valid|pocock|obf|ld-obf|ld-obf2|ld-pocock",
               "how many looks are allowed for; fixed (one look) when absent"},
    OptionSpec{
        "tuning", "N",
        "always-valid: units at which the interval shall be narrowest, fixed beforehand; 5000 when absent"},
    OptionSpec{"fractions", "T1,T2,...",
               "group-sequential: planned information fractions, the last 1; five equal looks when absent"},
    OptionSpec{"look", "K", "group-sequential: which look this is; the last when absent"},
    OptionSpec{"margin", "NUMBER",
               "also tests equivalence: is the effect inside +- margin (on the leading scale)?"},
    OptionSpec{"adjust", "bh|holm|none", "several treated arms: correction of p; bh when absent"},
};

Result<std::vector<double>> numbers_of(const std::vector<std::string>& words, const std::string& option) {
  std::vector<double> values;
  for (const std::string& word : words) {
    char* end = nullptr;
    values.push_back(std::strtod(word.c_str(), &end));
    if (end == word.c_str() || *end != '\0')
      return Error{Errc::bad_input, fmt::format("'{}' is no number", word), "--" + option, "numbers"};
  }
  return values;
}

Result<Arm> typed_arm(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return Error{Errc::bad_input, fmt::format("arm '{}'", text), "--arm",
                 "NAME:N,SUM,SUMSQ or NAME:N,SUCCESSES"};
  std::vector<std::string> words;
  std::string rest = text.substr(colon + 1);
  for (std::size_t at = 0; at != std::string::npos;) {
    const auto comma = rest.find(',', at);
    words.push_back(rest.substr(at, comma == std::string::npos ? comma : comma - at));
    at = comma == std::string::npos ? comma : comma + 1;
  }
  RAPPORT_TRY(const auto v, numbers_of(words, "arm"));
  const std::string name = text.substr(0, colon);
  if (v.size() == 2) return proportion_arm(name, v[0], v[1]);
  if (v.size() == 3) return mean_arm(name, v[0], v[1], v[2]);
  return Error{Errc::bad_input, fmt::format("arm '{}' has {} numbers", name, v.size()), "--arm",
               "NAME:N,SUM,SUMSQ or NAME:N,SUCCESSES"};
}

struct Experiment {
  std::vector<Arm> arms;
  std::vector<double> counts;   ///< units assigned, missing outcomes included
  std::vector<CupedArm> cuped;  ///< empty without covariates
  std::int64_t used = 0;
};

struct Columns {
  std::vector<std::string> names;                  ///< arms, the control first
  std::vector<std::vector<std::size_t>> complete;  ///< rows with everything that is needed
  std::vector<double> counts;
};

Result<Columns> split_arms(const model::Table& table, const Options& options, const CompleteRows& rows) {
  RAPPORT_TRY(const auto label, labels(table, options.text("by", "arm")));
  Columns c;
  const auto index = [&c](const std::string& name) {
    const auto at = std::find(c.names.begin(), c.names.end(), name);
    if (at != c.names.end()) return static_cast<std::size_t>(at - c.names.begin());
    c.names.push_back(name);
    c.counts.push_back(0);
    c.complete.emplace_back();
    return c.names.size() - 1;
  };
  if (options.has("control")) index(options.text("control"));
  for (const std::string& name : label) {
    if (!name.empty()) c.counts[index(name)] += 1;
    if (c.names.size() > 50)
      return Error{Errc::bad_input, "more than 50 arms", options.text("by", "arm"), "a column of arms"};
  }
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (!label[rows.rows[i]].empty()) c.complete[index(label[rows.rows[i]])].push_back(i);
  }
  if (c.names.size() < 2 || c.counts[0] == 0) {
    return Error{
        Errc::refused,
        fmt::format("{} arms, {} units in the control", c.names.size(), c.counts.empty() ? 0 : c.counts[0]),
        "arm", "a control and a treated arm"};
  }
  return c;
}

Result<Experiment> from_table(const model::Table& table, const Options& options) {
  std::vector<std::string> needed{options.text("outcome", "outcome")};
  const std::string denominator = options.text("denominator");
  const auto covariates = options.list("covariates");
  if (!denominator.empty()) needed.push_back(denominator);
  needed.insert(needed.end(), covariates.begin(), covariates.end());
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, needed));
  RAPPORT_TRY(const Columns c, split_arms(table, options, rows));
  if (!denominator.empty() && !covariates.empty()) {
    return Error{Errc::unsupported, "CUPED of a ratio metric", "--covariates",
                 "a metric without denominator"};
  }
  Experiment e;
  e.counts = c.counts;
  std::vector<math::Vector> outcomes;
  std::vector<math::Matrix> known;
  for (std::size_t k = 0; k < c.names.size(); ++k) {
    const auto& who = c.complete[k];
    std::vector<double> y, d;
    for (const std::size_t i : who) {
      y.push_back(rows.x(static_cast<Eigen::Index>(i), 0));
      if (!denominator.empty()) d.push_back(rows.x(static_cast<Eigen::Index>(i), 1));
    }
    e.used += static_cast<std::int64_t>(who.size());
    RAPPORT_TRY(Arm arm, denominator.empty() ? mean_arm(c.names[k], y) : ratio_arm(c.names[k], y, d));
    e.arms.push_back(std::move(arm));
    if (covariates.empty()) continue;
    outcomes.push_back(Eigen::Map<const math::Vector>(y.data(), static_cast<Eigen::Index>(y.size())));
    math::Matrix x(static_cast<Eigen::Index>(who.size()), static_cast<Eigen::Index>(covariates.size()));
    for (std::size_t i = 0; i < who.size(); ++i)
      x.row(static_cast<Eigen::Index>(i)) = rows.x.row(static_cast<Eigen::Index>(who[i])).tail(x.cols());
    known.push_back(std::move(x));
  }
  if (covariates.empty()) return e;
  RAPPORT_TRY(const std::string theta, options.choice("theta", {"pooled", "per-arm"}, "pooled"));
  RAPPORT_TRY(e.cuped,
              cuped(c.names, outcomes, known, theta == "pooled" ? CupedTheta::pooled : CupedTheta::per_arm));
  for (std::size_t k = 0; k < e.arms.size(); ++k) e.arms[k] = e.cuped[k].arm;
  return e;
}

Result<Experiment> read_experiment(const model::Table& table, const Options& options) {
  if (!options.has("arm")) return from_table(table, options);
  Experiment e;
  for (const std::string& text : options.all("arm")) {
    RAPPORT_TRY(Arm arm, typed_arm(text));
    e.counts.push_back(arm.n);
    e.used += static_cast<std::int64_t>(arm.n);
    e.arms.push_back(std::move(arm));
  }
  if (e.arms.size() < 2) return Error{Errc::refused, "one arm", "--arm", "a control and a treated arm"};
  return e;
}

/// What the chosen way of looking does to an effect.
struct Looking {
  std::string rule = "fixed";
  bool these = false;  ///< the units themselves are meant
  double level = 0.95, tuning = 5000;
  GroupSequential design;
  std::size_t look = 0;
};

Result<Looking> read_looking(const Options& options) {
  Looking l;
  RAPPORT_TRY(
      l.rule,
      options.choice("sequential",
                     {"fixed", "always-valid", "pocock", "obf", "ld-obf", "ld-obf2", "ld-pocock"}, "fixed"));
  RAPPORT_TRY(l.level, options.number("level", 0.95, 0.5, 0.9999));
  RAPPORT_TRY(l.tuning, options.number("tuning", 5000, 1, 1e15));
  RAPPORT_TRY(const std::string about, options.choice("about", {"everybody", "these"}, "everybody"));
  l.these = about == "these";
  if (l.these && l.rule != "fixed")
    return Error{Errc::unsupported, "several looks at these units only", "--about", "--sequential fixed"};
  if (l.rule == "fixed" || l.rule == "always-valid") return l;
  RAPPORT_TRY(const SpendingRule rule, parse_spending_rule(l.rule));
  RAPPORT_TRY(std::vector<double> fractions, numbers_of(options.list("fractions"), "fractions"));
  if (fractions.empty()) fractions = {0.2, 0.4, 0.6, 0.8, 1};
  RAPPORT_TRY(l.design, group_sequential(rule, fractions, 1 - l.level));
  RAPPORT_TRY(const std::int64_t look, options.whole("look", static_cast<std::int64_t>(fractions.size()), 1,
                                                     static_cast<std::int64_t>(fractions.size())));
  l.look = static_cast<std::size_t>(look) - 1;
  return l;
}

/// Group-sequential: the repeated interval (Jennison & Turnbull 1989) keeps the error over all looks; p is
/// the nominal one.
Result<Effect> look_at(const Effect& effect, double n, const Looking& l) {
  if (l.rule == "fixed") return effect;
  if (l.rule == "always-valid") return always_valid(effect, n, l.tuning, l.level);
  Effect e = effect;
  const double half = l.design.bounds[l.look] * e.se;
  e.ci_low = e.lift - half;
  e.ci_high = e.lift + half;
  return e;
}

void add_group(Report& report, const Effect& e, const std::string& group) {
  report.add_figure("lift", e.lift, group);
  report.add_figure("se", e.se, group);
  report.add_figure("ci_low", e.ci_low, group);
  report.add_figure("ci_high", e.ci_high, group);
  report.add_figure("p", e.p, group);
}

Status add_sample_ratio(Report& report, const Experiment& e, const Options& options) {
  RAPPORT_TRY(std::vector<double> planned, numbers_of(options.list("planned"), "planned"));
  if (planned.empty()) planned.assign(e.counts.size(), 1.0);
  RAPPORT_TRY(const SampleRatio srm, sample_ratio(e.counts, planned));
  report.add_figure("chisq", srm.chisq, "sample_ratio");
  report.add_figure("df", srm.df, "sample_ratio");
  report.add_figure("pvalue", srm.p, "sample_ratio");
  report.add_figure("sequential_p", srm.sequential_p, "sample_ratio");
  const bool good = srm.p >= 0.001;
  report.add_check("sample_ratio", good ? CheckStatus::passed : CheckStatus::failed,
                   good ? tri("units arrived as planned (chi-square {0}, p = {1})",
                              "样本比例与计划一致（卡方 {0}，p = {1}）", num(srm.chisq), num(srm.p))
                        : tri("sample ratio mismatch (chi-square {0}, p = {1}): find the fault in assignment "
                              "or logging before reading any effect",
                              "样本比例失衡（卡方 {0}，p = {1}）：请先排查分流或日志问题，勿解读效果",
                              num(srm.chisq), num(srm.p)));
  return {};
}

struct Comparison {
  std::string arm;
  Effect absolute, relative;
};

Result<std::vector<Comparison>> compare_all(const Experiment& e, const Looking& looking) {
  std::vector<Comparison> all;
  for (std::size_t k = 1; k < e.arms.size(); ++k) {
    Comparison c{e.arms[k].name};
    const double n = e.arms[0].n + e.arms[k].n;
    RAPPORT_TRY(const Effect absolute, looking.these
                                           ? compare_these(e.arms[0], e.arms[k], looking.level)
                                           : compare(e.arms[0], e.arms[k], Scale::absolute, looking.level));
    RAPPORT_TRY(c.absolute, look_at(absolute, n, looking));
    const auto relative = compare(e.arms[0], e.arms[k], Scale::relative, looking.level);
    if (relative.ok()) {
      RAPPORT_TRY(c.relative, look_at(*relative, n, looking));
    } else {
      c.relative.lift = c.relative.se = c.relative.ci_low = c.relative.ci_high = c.relative.p = std::nan("");
    }
    all.push_back(std::move(c));
  }
  return all;
}

void add_tables(Report& report, const Experiment& e, const std::vector<Comparison>& all, bool relative,
                const std::string& adjust) {
  ReportTable arms{.key = "arms", .title = title("Arms", "各组"), .columns = {"arm", "n", "mean", "se"}};
  if (!e.cuped.empty()) arms.columns.insert(arms.columns.end(), {"unadjusted_mean", "variance_kept"});
  for (std::size_t k = 0; k < e.arms.size(); ++k) {
    std::vector<Cell> row{e.arms[k].name, e.arms[k].n, e.arms[k].mean, std::sqrt(e.arms[k].variance)};
    if (!e.cuped.empty()) row.insert(row.end(), {e.cuped[k].unadjusted_mean, e.cuped[k].variance_kept});
    arms.rows.push_back(std::move(row));
  }
  std::vector<double> p;
  for (const Comparison& c : all) p.push_back(relative ? c.relative.p : c.absolute.p);
  const auto adjusted = adjust == "holm" ? adjust_holm(p) : adjust == "none" ? p : adjust_false_discovery(p);
  ReportTable t{.key = "comparisons",
                .title = title("Against the control", "与对照组比较"),
                .columns = {"arm", "lift", "se", "ci_low", "ci_high", "p", "p_adjusted", "difference",
                            "difference_ci_low", "difference_ci_high", "difference_p"}};
  std::vector<Bar> bars;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Effect& f = relative ? all[k].relative : all[k].absolute;
    const Effect& d = all[k].absolute;
    t.rows.push_back(
        {all[k].arm, f.lift, f.se, f.ci_low, f.ci_high, f.p, adjusted[k], d.lift, d.ci_low, d.ci_high, d.p});
    bars.push_back({all[k].arm, f.lift, f.ci_low, f.ci_high});
  }
  report.tables = {std::move(t), std::move(arms)};
  report.charts.push_back({title("Effect with its interval", "效果与区间"), bar_chart(bars, 0.0)});
}

void say_effect(Report& report, const Comparison& c, const Effect& e, const Looking& looking, bool relative,
                const std::string& control) {
  const auto word = [&](double v) { return relative ? percent(v) : num(v); };
  const bool better = e.ci_low > 0, worse = e.ci_high < 0;
  say(report, tri("'{0}' against '{1}': {2} (interval {3} to {4}, p = {5}).",
                  "“{0}”相对“{1}”：{2}（区间 {3} 至 {4}，p = {5}）。", c.arm, control, word(e.lift),
                  word(e.ci_low), word(e.ci_high), num(e.p)));
  say(report, better  ? title("It raises the metric.", "该方案提升了指标。")
              : worse ? title("It lowers the metric.", "该方案降低了指标。")
                      : title("No effect is shown; the interval says how large one may still be.",
                              "未显示出效果；区间给出可能的效果大小。"));
  if (looking.rule == "fixed") {
    say(report,
        title("The interval holds for one look at the planned end.", "该区间只适用于在预定终点查看一次。"));
  }
}

Status add_margin(Report& report, const Experiment& e, const Options& options, const Looking& looking,
                  Scale scale) {
  if (!options.has("margin")) return {};
  RAPPORT_TRY(const double margin, options.number("margin", 0, 1e-300, 1e15));
  RAPPORT_TRY(const Equivalence q, test_equivalence(e.arms[0], e.arms[1], scale, margin, looking.level));
  report.add_figure("margin", margin, "equivalence");
  report.add_figure("p", q.p, "equivalence");
  report.add_figure("ci_low", q.effect.ci_low, "equivalence");
  report.add_figure("ci_high", q.effect.ci_high, "equivalence");
  report.add_check("equivalent", q.equivalent ? CheckStatus::passed : CheckStatus::warned,
                   q.equivalent ? tri("the effect lies inside +- {0} (p = {1}): the two may be exchanged",
                                      "效果在 ±{0} 以内（p = {1}）：两者可以互换", num(margin), num(q.p))
                                : tri("it is not shown that the effect lies inside +- {0} (p = {1})",
                                      "尚不能证明效果在 ±{0} 以内（p = {1}）", num(margin), num(q.p)));
  return {};
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const std::string scale, options.choice("scale", {"relative", "absolute"}, "relative"));
  RAPPORT_TRY(const std::string adjust, options.choice("adjust", {"bh", "holm", "none"}, "bh"));
  RAPPORT_TRY(const Looking looking, read_looking(options));
  RAPPORT_TRY(const Experiment e, read_experiment(table, options));
  const bool relative = scale == "relative";
  Report report{
      .method = "ab",
      .title = title("Experiment", "实验（A/B 测试）"),
      .citations = {"Welch (1947), Biometrika 34:28-35", "Deng, Knoblich & Lu (2018), KDD (delta method)",
                    "Deng, Xu, Kohavi & Walker (2013), WSDM (CUPED)",
                    "Waudby-Smith et al. (2021), arXiv 2103.06476 (always-valid)",
                    "Jennison & Turnbull (2000), Group Sequential Methods",
                    "Lindon & Malek (2020), arXiv 2011.03567 (sequential sample ratio)",
                    "Benjamini & Hochberg (1995), JRSS B 57:289-300"},
      .rows_given = options.has("arm") ? e.used : static_cast<std::int64_t>(table.rows()),
      .rows_used = e.used};
  RAPPORT_CHECK(add_sample_ratio(report, e, options));
  RAPPORT_TRY(const auto all, compare_all(e, looking));
  const Effect& first = relative ? all[0].relative : all[0].absolute;
  if (!std::isfinite(first.lift)) {
    return Error{Errc::refused,
                 fmt::format("the control '{}' is 0: a relative lift has no meaning", e.arms[0].name),
                 "--scale", "absolute"};
  }
  Report figures;
  add_group(figures, first, "");
  report.figures.insert(report.figures.begin(), figures.figures.begin(), figures.figures.end());
  report.figures[0].n = e.used;
  add_group(report, all[0].absolute, "absolute");
  add_group(report, all[0].relative, "relative");
  if (!looking.design.bounds.empty()) {
    const double z = first.lift / first.se, bound = looking.design.bounds[looking.look];
    report.add_figure("z", z, "sequential");
    report.add_figure("bound", bound, "sequential");
    report.add_figure("nominal_p", looking.design.nominal_p[looking.look], "sequential");
    report.add_check("bound", CheckStatus::passed,
                     std::fabs(z) >= bound
                         ? tri("|z| = {0} crosses the bound {1}: stop", "|z| = {0} 越过界限 {1}：可以停止",
                               num(std::fabs(z)), num(bound))
                         : tri("|z| = {0} stays inside the bound {1}: go on",
                               "|z| = {0} 未越过界限 {1}：继续", num(std::fabs(z)), num(bound)));
  }
  RAPPORT_CHECK(add_margin(report, e, options, looking, relative ? Scale::relative : Scale::absolute));
  add_tables(report, e, all, relative, adjust);
  say_effect(report, all[0], first, looking, relative, e.arms[0].name);
  return report;
}

constexpr std::array kPowerOptions{
    OptionSpec{"baseline", "P", "proportion in the control (for a proportion)"},
    OptionSpec{"sd", "S", "standard deviation of the metric (for a mean)"},
    OptionSpec{"mde", "D", "smallest difference worth finding, absolute"},
    OptionSpec{"power", "P", ".8 when absent"},
    OptionSpec{"alpha", "A", ".05 when absent"},
    OptionSpec{"n", "N", "units per arm: prints the power they give instead"},
};

Result<Report> run_power(const model::Table&, const Options& options) {
  RAPPORT_TRY(const double alpha, options.number("alpha", 0.05, 1e-12, 0.5));
  RAPPORT_TRY(const double power, options.number("power", 0.8, 1e-6, 0.999999));
  RAPPORT_TRY(const double mde, options.number("mde", 0, -1e15, 1e15));
  RAPPORT_TRY(const double n, options.number("n", 0, 2, 1e12));
  const bool proportion = options.has("baseline");
  RAPPORT_TRY(const double baseline, options.number("baseline", 0, 0, 1));
  RAPPORT_TRY(const double sd, options.number("sd", 0, 0, 1e15));
  if (!proportion && !options.has("sd"))
    return Error{Errc::bad_input, "neither a baseline nor a standard deviation", "--baseline",
                 "--baseline for a proportion, --sd for a mean"};
  RAPPORT_TRY(const double needed, proportion
                                       ? sample_size_proportions(baseline, baseline + mde, power, alpha)
                                       : sample_size_means(mde, sd, power, alpha));
  Report report{
      .method = "power",
      .title = title("Sample size and power", "样本量与检验功效"),
      .citations = {"Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, eq. 4.14",
                    "Cohen (1988), Statistical Power Analysis, chapter 2"}};
  report.figures.push_back(
      {.name = "n_per_arm", .value = std::ceil(needed), .definition = "units in each of two arms"});
  report.add_figure("n_per_arm_exact", needed);
  if (n >= 2) {
    const double reached = proportion ? power_of_proportions(n, baseline, baseline + mde, alpha)
                                      : power_of_means(n, mde, sd, alpha);
    report.figures.push_back({.name = "power",
                              .value = reached,
                              .n = static_cast<std::int64_t>(n),
                              .definition = "chance to find the difference with n units an arm"});
  }
  say(report, tri("To find a difference of {0} with a chance of {1} at an error of {2}, each arm needs "
                  "{3:.0f} units.",
                  "要以 {1} 的把握发现 {0} 的差异（显著性 {2}），每组需要 {3:.0f} 个样本。", num(mde),
                  percent(power), percent(alpha), std::ceil(needed)));
  return report;
}

}  // namespace

Method ab_method() {
  return {"ab", "experiments: fixed, sequential, always valid; CUPED; equivalence", kOptions, run, false};
}
Method power_method() {
  return {"power", "sample size and power of an experiment", kPowerOptions, run_power, false};
}

}  // namespace rapport::study::detail
