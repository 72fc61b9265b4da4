#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/survival.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"time", "COLUMN", "how long each case took, or has taken so far"},
    OptionSpec{"event", "COLUMN", "1 = closed (resolved, left), 0 = still open"},
    OptionSpec{"start", "COLUMN", "or: when each case began"},
    OptionSpec{"end", "COLUMN", "when it was closed; empty = still open"},
    OptionSpec{"until", "DATE", "with --start: the end of observation; the last date seen when absent"},
    OptionSpec{"unit", "hour|day|week", "with --start: the unit of time; hour when absent"},
    OptionSpec{"by", "COLUMN", "compares groups (log-rank)"},
    OptionSpec{"quantiles", "0.5,0.9,0.99", "shares of cases closed"},
};

struct Cases {
  std::vector<SurvivalCase> cases;
  std::vector<std::size_t> rows;
};

Result<Cases> from_times(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto time, table.numbers(options.text("time", "time")));
  RAPPORT_TRY(const auto event, binary(table, options.text("event", "event")));
  Cases c;
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (std::isnan(time[i]) || std::isnan(event[i])) continue;
    c.cases.push_back({time[i], event[i] == 1});
    c.rows.push_back(i);
  }
  return c;
}

Result<Cases> from_dates(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto start, instants(table, options.text("start")));
  RAPPORT_TRY(const auto end, instants(table, options.text("end", "end")));
  RAPPORT_TRY(const std::string unit, options.choice("unit", {"hour", "day", "week"}, "hour"));
  const double ms = unit == "hour" ? 3.6e6 : unit == "day" ? 8.64e7 : 6.048e8;
  Instant until = Instant::min();
  for (const auto* column : {&start, &end}) {
    for (const Instant i : *column) {
      if (i != Instant::never()) until = std::max(until, i);
    }
  }
  if (options.has("until")) {
    RAPPORT_TRY(until, parse_instant(options.text("until")));
  }
  Cases c;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (start[i] == Instant::never() || start[i] > until) continue;
    const bool closed = end[i] != Instant::never() && end[i] <= until;
    const Instant stop = closed ? end[i] : until;
    if (stop < start[i]) {
      return Error{Errc::bad_input, fmt::format("row {} ends before it starts", i + 1),
                   options.text("end", "end"), "end after start"};
    }
    c.cases.push_back({static_cast<double>((stop - start[i]).ms) / ms, closed});
    c.rows.push_back(i);
  }
  return c;
}

std::string quantile_name(double p) {
  return fmt::format("p{:g}", 100 * p);
}
double or_nan(const std::optional<double>& v) {
  return v ? *v : std::nan("");
}

void add_curve(Report& report, const SurvivalCurve& curve) {
  for (std::size_t k = 0; k < curve.quantiles.size(); ++k) {
    const SurvivalQuantile& q = curve.quantiles[k];
    Figure figure{.name = quantile_name(q.p),
                  .value = or_nan(q.time),
                  .low = q.low,
                  .high = q.high,
                  .n = static_cast<std::int64_t>(curve.n)};
    figure.definition = "time within which this share of cases closes, open cases counted";
    report.figures.push_back(std::move(figure));
    report.add_figure(quantile_name(q.p), curve.closed_only[k], "closed_only");
    if (!q.time) {
      report.add_check("reached", CheckStatus::warned,
                       tri("{0} cannot be told yet: too many cases are still open",
                           "{0} 尚无法得出：仍有太多未结案例", quantile_name(q.p)));
    }
  }
  add_interval(report, "restricted_mean", curve.restricted_mean,
               curve.restricted_mean - 1.959963984540054 * curve.restricted_mean_se,
               curve.restricted_mean + 1.959963984540054 * curve.restricted_mean_se,
               static_cast<std::int64_t>(curve.n), "mean time up to the last time seen");
  report.add_figure("events", static_cast<double>(curve.events));
  ReportTable t{.key = "curve",
                .title = title("Share still open", "未结比例"),
                .columns = {"time", "at_risk", "events", "open", "survival", "se", "ci_low", "ci_high"}};
  const std::size_t step = std::max<std::size_t>(1, curve.points.size() / 500);
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const SurvivalPoint& p = curve.points[i];
    // A long curve is printed at every step-th time; the last one always.
    if (i % step != 0 && i + 1 != curve.points.size()) continue;
    t.rows.push_back({p.time, p.at_risk, p.events, p.open, p.survival, p.se, p.low, p.high});
  }
  report.tables.push_back(std::move(t));
}

Line line_of(const std::string& name, const SurvivalCurve& curve) {
  Line line{name, {{0, 1}}};
  const std::size_t step = std::max<std::size_t>(1, curve.points.size() / 200);
  for (std::size_t i = 0; i < curve.points.size(); i += step) {
    line.points.emplace_back(curve.points[i].time, line.points.back().second);
    line.points.emplace_back(curve.points[i].time, curve.points[i].survival);
  }
  return line;
}

Status add_groups(Report& report, const model::Table& table, const Cases& all, const std::string& by,
                  const std::vector<double>& quantiles) {
  RAPPORT_TRY(const auto label, labels(table, by));
  std::map<std::string, std::vector<SurvivalCase>> members;
  for (std::size_t i = 0; i < all.rows.size(); ++i) members[label[all.rows[i]]].push_back(all.cases[i]);
  std::vector<std::vector<SurvivalCase>> groups;
  ReportTable t{.key = "groups", .title = title("By group", "按组"), .columns = {"group", "n", "events"}};
  for (const double p : quantiles)
    t.columns.insert(t.columns.end(),
                     {quantile_name(p), quantile_name(p) + "_ci_low", quantile_name(p) + "_ci_high"});
  std::vector<Line> lines;
  for (const auto& [name, cases] : members) {
    groups.push_back(cases);
    const auto curve = kaplan_meier(cases, quantiles);
    if (!curve.ok()) {
      report.add_check("group", CheckStatus::warned,
                       tri("group '{0}': {1}", "组“{0}”：{1}", name, curve.error().message));
      continue;
    }
    std::vector<Cell> row{name, static_cast<std::int64_t>(curve->n),
                          static_cast<std::int64_t>(curve->events)};
    for (const SurvivalQuantile& q : curve->quantiles) {
      for (const auto& v : {q.time, q.low, q.high}) row.emplace_back(or_nan(v));
    }
    t.rows.push_back(std::move(row));
    if (lines.size() < 5) lines.push_back(line_of(name, *curve));
  }
  report.tables.push_back(std::move(t));
  if (!lines.empty())
    report.charts.push_back(
        {title("Share still open by group", "各组未结比例"), line_chart(lines, "time", "open")});
  RAPPORT_TRY(const LogRank test, log_rank(groups));
  report.add_figure("chisq", test.chisq, "log_rank");
  report.add_figure("df", test.df, "log_rank");
  report.add_figure("pvalue", test.p, "log_rank");
  say(report, test.p < 0.05 ? tri("The groups differ (log-rank p = {0}).",
                                  "各组存在差异（log-rank p = {0}）。", num(test.p))
                            : tri("No difference between the groups is shown (log-rank p = {0}).",
                                  "未见各组差异（log-rank p = {0}）。", num(test.p)));
  return {};
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Cases cases,
              options.has("start") ? from_dates(table, options) : from_times(table, options));
  std::vector<double> quantiles;
  for (const std::string& word : options.list("quantiles")) {
    quantiles.push_back(std::strtod(word.c_str(), nullptr));
    if (!(quantiles.back() > 0 && quantiles.back() < 1))
      return Error{Errc::bad_input, fmt::format("quantile '{}'", word), "--quantiles",
                   "numbers between 0 and 1"};
  }
  if (quantiles.empty()) quantiles = {0.5, 0.9, 0.99};
  RAPPORT_TRY(const SurvivalCurve curve, kaplan_meier(cases.cases, quantiles));
  Report report{.method = "survival",
                .title = title("Time until closed, open cases counted", "时长分析（含未结案例）"),
                .citations = {"Kaplan & Meier (1958), J. American Statistical Association 53:457-481",
                              "Brookmeyer & Crowley (1982), Biometrics 38:29-41 (quantiles)",
                              "Mantel (1966), Cancer Chemotherapy Reports 50:163-170 (log-rank)"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(cases.cases.size())};
  add_curve(report, curve);
  const SurvivalQuantile& median = curve.quantiles.front();
  const std::size_t open = curve.n - curve.events;
  say(report, median.time
                  ? tri("{0} of cases close within {1} ({2} cases, {3} still open).",
                        "{0} 的案例在 {1} 内结束（共 {2} 例，{3} 例未结）。", percent(median.p),
                        num(*median.time), curve.n, open)
                  : tri("Fewer than {0} of the {1} cases are known to have closed ({2} still open).",
                        "{1} 例中已知结束的不足 {0}（{2} 例未结）。", percent(median.p), curve.n, open));
  if (options.has("by")) {
    RAPPORT_CHECK(add_groups(report, table, cases, options.text("by"), quantiles));
  } else {
    report.charts.push_back(
        {title("Share still open", "未结比例"), line_chart({line_of("all", curve)}, "time", "open")});
  }
  return report;
}

}  // namespace

Method survival_method() {
  return {"survival", "time to resolution or churn with open cases (Kaplan-Meier)", kOptions, run};
}

}  // namespace rapport::study::detail
