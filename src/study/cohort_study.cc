#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "study/chart.h"
#include "study/cohort.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/purchases.h"
#include "study/detail/say.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"customer", "COLUMN", "'customer' when absent"},
    OptionSpec{"date", "COLUMN", "'date' when absent"},
    OptionSpec{"amount", "COLUMN", "'amount' when absent"},
    OptionSpec{"until", "DATE", "the end of observation; the last date seen when absent"},
    OptionSpec{"period", "day|week|month", "month when absent"},
    OptionSpec{"cac", "AMOUNT", "cost of winning one customer, for LTV/CAC"},
    OptionSpec{"margin", "SHARE", "of the amount that is earned; 1 when absent"},
    OptionSpec{"activation-days", "DAYS",
               "a customer is active with a second purchase within so many days; 30 when absent"},
};

void add_cohorts(Report& report, const CohortResult& r) {
  ReportTable rows{
      .key = "cohorts",
      .title = title("Retention by cohort", "各批次留存"),
      .columns = {"cohort", "size", "age", "customers", "active", "retention", "ci_low", "ci_high"}};
  for (const CohortRow& cohort : r.cohorts) {
    for (std::size_t age = 0; age < cohort.retention.size(); ++age) {
      const CohortCell& c = cohort.retention[age];
      rows.rows.push_back({cohort.name, cohort.size, static_cast<std::int64_t>(age), c.customers, c.active,
                           c.share, c.interval.low, c.interval.high});
    }
  }
  ReportTable pooled{.key = "retention",
                     .title = title("Retention by age", "按客龄的留存"),
                     .columns = {"age", "customers", "active", "retention", "ci_low", "ci_high"}};
  Line line{"retention", {}};
  for (std::size_t age = 0; age < r.retention.size(); ++age) {
    const CohortCell& c = r.retention[age];
    pooled.rows.push_back(
        {static_cast<std::int64_t>(age), c.customers, c.active, c.share, c.interval.low, c.interval.high});
    line.points.emplace_back(static_cast<double>(age), c.share);
  }
  report.tables.push_back(std::move(pooled));
  report.tables.push_back(std::move(rows));
  report.charts.push_back(
      {title("Share of customers active by age", "各客龄活跃客户比例"), line_chart({line}, "age", "active")});
}

void add_value(Report& report, const CohortResult& r, double margin, double cac) {
  ReportTable value{.key = "value",
                    .title = title("Value by age", "按客龄的累计价值"),
                    .columns = {"age", "customers", "ltv", "ci_low", "ci_high", "ltv_cac"}};
  // The oldest age at which enough customers are seen carries the headline.
  const AgeValue* headline = &r.value.front();
  for (const AgeValue& v : r.value) {
    value.rows.push_back({static_cast<std::int64_t>(v.age), v.customers, margin * v.ltv,
                          margin * v.interval.low, margin * v.interval.high,
                          cac > 0 ? margin * v.ltv / cac : std::nan("")});
    if (v.customers >= std::max(30.0, 0.25 * static_cast<double>(r.customers))) headline = &v;
  }
  report.tables.push_back(std::move(value));
  const auto n = static_cast<std::int64_t>(headline->customers);
  add_interval(report, "ltv", margin * headline->ltv, margin * headline->interval.low,
               margin * headline->interval.high, n,
               "mean margin a customer brought up to the age in ltv_age; only customers old enough for it");
  report.add_figure("ltv_age", static_cast<double>(headline->age));
  if (cac > 0) {
    add_interval(report, "ltv_cac", margin * headline->ltv / cac, margin * headline->interval.low / cac,
                 margin * headline->interval.high / cac, n);
  }
  say(report, tri("After {0} full periods a customer has brought {1} (interval {2} to {3}, n = {4}).",
                  "经过 {0} 个完整周期，每位客户平均带来 {1}（区间 {2} 至 {3}，n = {4}）。", headline->age,
                  num(margin * headline->ltv), num(margin * headline->interval.low),
                  num(margin * headline->interval.high), n));
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Period period, parse_period(options.text("period", "month")));
  RAPPORT_TRY(const double cac, options.number("cac", 0, 0, 1e15));
  RAPPORT_TRY(const double margin, options.number("margin", 1, 0, 1));
  RAPPORT_TRY(const double activation, options.number("activation-days", 30, 1, 36500));
  RAPPORT_TRY(const Purchases purchases, read_purchases(table, options));
  RAPPORT_TRY(const CohortResult r, cohorts(purchases.rows, purchases.until, period, activation));
  Report report{.method = "cohort",
                .title = title("Cohorts: retention and value by age", "客户批次：留存与价值"),
                .citations = {"Fader & Hardie (2009), J. Interactive Marketing 23:61-69 (contractual and "
                              "non-contractual settings)",
                              "Wilson (1927), JASA 22:209-212"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(r.purchases)};
  report.add_figure("customers", static_cast<double>(r.customers));
  add_interval(report, "arpu", margin * r.arpu, margin * (r.arpu - 1.959963984540054 * r.arpu_se),
               margin * (r.arpu + 1.959963984540054 * r.arpu_se), static_cast<std::int64_t>(r.customers),
               "per active customer and full period");
  if (r.activation) {
    add_interval(report, "activation", *r.activation, r.activation_interval.low, r.activation_interval.high,
                 static_cast<std::int64_t>(r.customers),
                 "share with a second purchase in time; customers not yet observed so long are counted as "
                 "open (Kaplan-Meier)");
  }
  if (r.retention.size() > 1) {
    const CohortCell& c = r.retention[1];
    add_interval(report, "retention_1", c.share, c.interval.low, c.interval.high,
                 static_cast<std::int64_t>(c.customers), "active in the period after the first");
    add_interval(report, "churn_1", 1 - c.share, 1 - c.interval.high, 1 - c.interval.low,
                 static_cast<std::int64_t>(c.customers));
  }
  report.add_check("contract", CheckStatus::passed,
                   title("without a contract nobody says goodbye: 'not active' is not 'left' (see clv for "
                         "the chance to be alive)",
                         "非合同场景客户不会告别：不活跃不等于流失（存活概率见 clv）"));
  if (r.after_until > 0) {
    report.add_check("after_until", CheckStatus::warned,
                     tri("{0} purchases after the end of observation were left out",
                         "观察期之后的 {0} 笔购买未计入", r.after_until));
  }
  add_cohorts(report, r);
  add_value(report, r, margin, cac);
  return report;
}

}  // namespace

Method cohort_method() {
  return {"cohort", "retention, churn, ARPU, LTV/CAC and activation by cohort", kOptions, run};
}

}  // namespace rapport::study::detail
