#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/prediction.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"outcome", "COLUMN", "0 / 1, empty where it is not yet known; 'churned' when absent"},
    OptionSpec{"features", "A,B", "what was known at the date; every other number column when absent"},
    OptionSpec{"date", "COLUMN", "when the features were so; 'snapshot' when absent"},
    OptionSpec{"customer", "COLUMN", "'customer_id' when absent"},
    OptionSpec{"learner", "NAME", "logistic, or trees (boosted); the other one is judged beside it"},
    OptionSpec{"split", "DATE", "learn before, judge from then on; the latest --test-share when absent"},
    OptionSpec{"test-share", "SHARE", "of the known rows that judge; .3 when absent"},
    OptionSpec{"horizon", "DAYS", "how long an outcome takes; 60 when absent"},
    OptionSpec{"replicates", "N", "of the bootstrap over customers; 200 when absent"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
    OptionSpec{"cost", "AMOUNT", "of the action for one customer: with --value it sets the threshold"},
    OptionSpec{"value", "AMOUNT", "that a customer kept by the action is worth, on average over the warned"},
    OptionSpec{"threshold", "P",
               "probability from which a customer is warned of; twice the base rate when absent"},
    OptionSpec{"top", "N", "warned customers listed, most likely first; 50 when absent"},
};

/// A snapshot of every recent buyer each 30 days; who does not order in the 60 days after it has left. The
/// first snapshot has 60 days behind it, each outcome takes 60, and it is judged on later ones: about 200
/// days.
constexpr std::string_view kShopQuery = R"(
WITH span AS (SELECT min(event_time) AS first, max(event_time) AS last FROM events),
shots AS (SELECT last - INTERVAL (30 * i) DAY AS snapshot FROM span, range(0, 60) t(i)
          WHERE last - INTERVAL (30 * i) DAY >= first + INTERVAL 60 DAY),
bought AS (
  SELECT o.customer, s.snapshot, count(*) AS orders_90d, sum(o.total)::DOUBLE AS spend_90d,
         date_diff('day', max(o.placed_at), s.snapshot) AS days_since_order,
         count(*) FILTER (o.late) AS late_90d
  FROM orders o JOIN shots s ON o.placed_at <= s.snapshot AND o.placed_at > s.snapshot - INTERVAL 90 DAY
  GROUP BY 1, 2),
acted AS (
  SELECT e.customer, s.snapshot, count(*) FILTER (e.event = 'Product Viewed') AS views_30d,
         count(*) FILTER (e.event = 'Contact Started') AS contacts_30d
  FROM events e JOIN shots s ON e.event_time <= s.snapshot AND e.event_time > s.snapshot - INTERVAL 30 DAY
  WHERE e.event IN ('Product Viewed', 'Contact Started') GROUP BY 1, 2),
rated AS (
  SELECT r.customer, s.snapshot, count(*) FILTER (r.rating <= 3) AS low_ratings_90d
  FROM reviews r JOIN shots s ON r.posted_at <= s.snapshot AND r.posted_at > s.snapshot - INTERVAL 90 DAY
  GROUP BY 1, 2),
after AS (
  SELECT DISTINCT b.customer, b.snapshot FROM bought b JOIN orders o ON o.customer = b.customer
  AND o.placed_at > b.snapshot AND o.placed_at <= b.snapshot + INTERVAL 60 DAY)
SELECT c.customer_id, b.snapshot, b.days_since_order, b.orders_90d, b.spend_90d, b.late_90d,
       coalesce(a.views_30d, 0) AS views_30d, coalesce(a.contacts_30d, 0) AS contacts_30d,
       coalesce(r.low_ratings_90d, 0) AS low_ratings_90d,
       CASE WHEN b.snapshot + INTERVAL 60 DAY <= span.last THEN (f.customer IS NULL)::INT END AS churned
FROM bought b CROSS JOIN span JOIN customers c USING (customer)
LEFT JOIN acted a ON a.customer = b.customer AND a.snapshot = b.snapshot
LEFT JOIN rated r ON r.customer = b.customer AND r.snapshot = b.snapshot
LEFT JOIN after f ON f.customer = b.customer AND f.snapshot = b.snapshot
ORDER BY b.snapshot, b.customer)";

struct Asked {
  PredictionData data;
  std::vector<std::string> names;  ///< of the customers, by row
  PredictionOptions options;
  double threshold = std::nan("");
  std::int64_t top = 50;
};

Result<std::vector<std::string>> feature_names(const model::Table& table, const Options& options,
                                               const std::string& outcome, const std::string& date,
                                               const std::string& customer) {
  auto names = options.list("features");
  if (names.empty()) {
    const std::array<std::string, 3> except = {outcome, date, customer};
    names = numeric_columns_except(table, except);
  }
  if (names.empty()) return Error{Errc::bad_input, "no feature is given", "--features", "columns of numbers"};
  return names;
}

Result<double> read_threshold(const Options& options) {
  if (options.has("threshold")) return options.number("threshold", 0.5, 0.001, 0.999);
  RAPPORT_TRY(const double cost, options.number("cost", 0, 0, 1e15));
  RAPPORT_TRY(const double value, options.number("value", 0, 0, 1e15));
  if (options.has("cost") != options.has("value") || (options.has("value") && value <= cost))
    return Error{Errc::bad_input, "cost and value set the threshold together", "--value",
                 "both, the value above the cost"};
  return options.has("value") ? cost / value : std::nan("");
}

Result<Asked> read_asked(const model::Table& table, const Options& options) {
  Asked a;
  const std::string outcome = options.text("outcome", "churned"), date = options.text("date", "snapshot"),
                    customer = options.text("customer", "customer_id");
  RAPPORT_TRY(const auto features, feature_names(table, options, outcome, date, customer));
  RAPPORT_TRY(const auto design, design_rows(table, features));
  RAPPORT_TRY(const auto outcomes, binary(table, outcome));
  RAPPORT_TRY(const auto dates, instants(table, date));
  RAPPORT_TRY(const auto names, labels(table, customer));
  std::unordered_map<std::string, std::size_t> number;
  std::vector<Eigen::Index> kept;
  for (std::size_t i = 0; i < design.rows.size(); ++i) {
    const std::size_t row = design.rows[i];
    if (dates[row] == Instant::never() || names[row].empty()) continue;
    kept.push_back(static_cast<Eigen::Index>(i));
    a.data.outcome.push_back(outcomes[row]);
    a.data.date.push_back(dates[row]);
    a.data.person.push_back(number.try_emplace(names[row], number.size()).first->second);
    a.names.push_back(names[row]);
  }
  a.data.x = design.x(kept, Eigen::all);
  a.data.names = design.names;
  RAPPORT_TRY(a.options.test_share, options.number("test-share", 0.3, 0.05, 0.9));
  RAPPORT_TRY(const std::int64_t horizon, options.whole("horizon", 60, 0, 3650));
  RAPPORT_TRY(const std::int64_t replicates, options.whole("replicates", 200, 0, 100000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  a.options.horizon = days(horizon);
  a.options.replicates = static_cast<int>(replicates);
  a.options.seed = static_cast<std::uint64_t>(seed);
  const std::string learner = options.text("learner", "logistic");
  if (learner != "logistic" && learner != "trees")
    return Error{Errc::bad_input, fmt::format("there is no learner '{}'", learner.substr(0, 40)), "--learner",
                 "logistic or trees"};
  a.options.learner = learner == "trees" ? Learner::trees : Learner::logistic;
  if (options.has("split")) {
    RAPPORT_TRY(a.options.split, parse_instant(options.text("split")));
  }
  RAPPORT_TRY(a.threshold, read_threshold(options));
  RAPPORT_TRY(a.top, options.whole("top", 50, 0, 1'000'000));
  return a;
}

void add_quality(Report& report, const Prediction& p) {
  const auto n = static_cast<std::int64_t>(p.test_rows);
  add_interval(report, "auc", p.auc, p.auc_interval.low, p.auc_interval.high, n,
               "on rows later than all that was learnt from; interval by customers drawn again");
  add_interval(report, "skill", p.skill, p.skill_interval.low, p.skill_interval.high, n,
               "1 - Brier score / Brier score of the base rate");
  report.add_figure("brier", p.brier);
  report.add_figure("base_rate", p.base_rate);
  add_interval(report, "calibration_slope", p.calibration_slope, p.slope_interval.low, p.slope_interval.high,
               n, "1 is perfect, below 1 too sure of itself");
  add_interval(report, "calibration_intercept", p.calibration_intercept, p.intercept_interval.low,
               p.intercept_interval.high, n);
  report.add_figure("learnt_rows", static_cast<double>(p.learnt_rows));
  report.add_figure("left_out", static_cast<double>(p.left_out));
  report.add_check("time_split", CheckStatus::passed,
                   tri("learnt from {0} rows whose outcome was known by {1}, judged on {2} later ones",
                       "用 {1} "
                       "之前已知结果的 {0} 行学习，用之后的 {2} 行检验",
                       p.learnt_rows, format_instant(p.split).substr(0, 10), p.test_rows));
  const bool better = p.auc_interval.low > 0.5;
  report.add_check("better_than_chance", better ? CheckStatus::passed : CheckStatus::failed,
                   tri("AUC {0} (interval {1} to {2})", "AUC 为 {0}（区间 {1} 至 {2}）", num(p.auc),
                       num(p.auc_interval.low), num(p.auc_interval.high)));
  const bool calibrated = p.slope_interval.low <= 1 && p.slope_interval.high >= 1;
  report.add_check("calibrated", calibrated ? CheckStatus::passed : CheckStatus::warned,
                   tri("slope {0} (interval {1} to {2}); 1 means that what is predicted happens so often",
                       "校准斜率 {0}（区间 {1} 至 {2}）；1 表示预测与实际相符", num(p.calibration_slope),
                       num(p.slope_interval.low), num(p.slope_interval.high)));
}

void add_tables(Report& report, const Prediction& p) {
  ReportTable bins{.key = "calibration",
                   .title = title("Predicted and seen, in tenths", "预测与实际（十等分）"),
                   .columns = {"n", "predicted", "observed", "ci_low", "ci_high"}};
  Line line{"observed", {}}, ideal{"predicted", {}};
  for (const CalibrationBin& b : p.bins) {
    bins.rows.push_back(
        {static_cast<std::int64_t>(b.n), b.predicted, b.observed, b.interval.low, b.interval.high});
    line.points.emplace_back(b.predicted, b.observed);
    ideal.points.emplace_back(b.predicted, b.predicted);
  }
  ReportTable weights{.key = "coefficients",
                      .title = title("What moves the probability", "影响概率的因素"),
                      .columns = {"name", "est", "se", "z", "pvalue", "ci_low", "ci_high", "odds_ratio"}};
  for (const Coefficient& c : p.final_fit.coefficients)
    weights.rows.push_back(
        {c.name, c.estimate, c.se, c.statistic, c.p, c.ci_low, c.ci_high, std::exp(c.estimate)});
  if (!weights.rows.empty()) report.tables.push_back(std::move(weights));
  report.tables.push_back(std::move(bins));
  report.charts.push_back(
      {title("Predicted against seen", "预测与实际"), line_chart({ideal, line}, "predicted", "observed")});
}

void add_importance(Report& report, const Prediction& p, const Asked& a) {
  if (p.importance.empty()) return;
  ReportTable table{.key = "importance",
                    .title = title("What the trees go by (mean size on the log odds)",
                                   "树模型依据（对数几率上的平均贡献）"),
                    .columns = {"name", "importance"}};
  std::vector<std::size_t> order(p.importance.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return p.importance[x] > p.importance[y]; });
  for (const std::size_t column : order) table.rows.push_back({a.data.names[column], p.importance[column]});
  report.tables.push_back(std::move(table));
  report.add_figure("trees", p.trees);
}

/// Whether the learner that was not asked for would have been the better one.
void add_other(Report& report, const Prediction& p, Learner asked) {
  if (std::isnan(p.other_auc)) return;
  report.add_figure("other_auc", p.other_auc);
  report.add_figure("other_brier", p.other_brier);
  const bool best = p.brier <= p.other_brier;
  const std::string_view other = learner_name(asked == Learner::trees ? Learner::logistic : Learner::trees);
  report.add_check("learner", best ? CheckStatus::passed : CheckStatus::warned,
                   tri("{0} on the same rows: AUC {1}, Brier score {2} (less is better) against {3}",
                       "同样数据上的 {0}：AUC {1}，Brier 得分 {2}（越小越好），本模型为 {3}", other,
                       num(p.other_auc), num(p.other_brier), num(p.brier)));
}

std::string reasons_of(const Prediction& p, const Asked& a, std::size_t place) {
  std::string text;
  const std::size_t row = p.open[place];
  const auto reasons = score_reasons(p, place);
  for (std::size_t k = 0; k < reasons.size() && k < 3; ++k) {
    if (reasons[k].logit <= 0) continue;
    text += fmt::format(
        "{}{} = {} ({:+.2f})", text.empty() ? "" : ", ", a.data.names[reasons[k].column],
        num(a.data.x(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(reasons[k].column))),
        reasons[k].logit);
  }
  return text;
}

void add_warned(Report& report, const Prediction& p, const Asked& a) {
  // Of a customer with several open rows the latest counts.
  std::unordered_map<std::size_t, std::size_t> latest;
  for (std::size_t k = 0; k < p.open.size(); ++k) {
    const auto [place, fresh] = latest.try_emplace(a.data.person[p.open[k]], k);
    if (!fresh && a.data.date[p.open[k]] >= a.data.date[p.open[place->second]]) place->second = k;
  }
  const double threshold = std::isnan(a.threshold) ? std::min(0.5, 2 * p.base_rate) : a.threshold;
  std::vector<std::size_t> warned;
  for (const auto& [person, k] : latest) {
    if (p.open_score[k] >= threshold) warned.push_back(k);
  }
  std::sort(warned.begin(), warned.end(), [&p](std::size_t x, std::size_t y) {
    return p.open_score[x] != p.open_score[y] ? p.open_score[x] > p.open_score[y] : p.open[x] < p.open[y];
  });
  report.add_figure("threshold", threshold);
  report.add_figure("scored", static_cast<double>(latest.size()));
  report.add_figure("warned", static_cast<double>(warned.size()));
  ReportTable table{.key = "warned_customers",
                    .title = title("The warned, with reasons", "预警客户及原因"),
                    .columns = {"customer", "probability", "reasons"}};
  for (std::size_t k = 0; k < warned.size() && k < static_cast<std::size_t>(a.top); ++k) {
    const std::size_t row = p.open[warned[k]];
    table.rows.push_back({a.names[row], p.open_score[warned[k]], reasons_of(p, a, warned[k])});
  }
  report.tables.push_back(std::move(table));
  say(report, tri("{0} of {1} customers whose outcome is still open are warned of (from {2} on): make them a "
                  "segment, "
                  "act on a part drawn by lot, and measure again.",
                  "{1} 位结果未定的客户中有 {0} "
                  "位达到预警线（{2}）：建成客户群，随机抽取一部分采取行动，然后再测量。",
                  warned.size(), latest.size(), percent(threshold)));
}

/// A refusal for want of rows, with how much time they would take and how much there is.
Error with_time_needed(Error error, const Asked& a) {
  if (error.code != Errc::refused || a.data.date.empty()) return error;
  const auto [first, last] = std::minmax_element(a.data.date.begin(), a.data.date.end());
  const std::int64_t horizon = a.options.horizon.ms / days(1).ms;
  error.expected += fmt::format(
      "; it learns from dates at least {} days before those that judge it, whose outcomes take {} "
      "days more: the shop's own question needs about 200 days of history (these dates span {})",
      horizon, horizon, (*last - *first).ms / days(1).ms);
  return error;
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Asked a, read_asked(table, options));
  auto predicted = predict_outcome(a.data, a.options);
  if (!predicted.ok()) return with_time_needed(std::move(predicted).error(), a);
  const Prediction p = std::move(predicted).value();
  Report report{.method = "churn",
                .title = title("Who will leave", "流失预警"),
                .citations = {"McCullagh & Nelder (1989), Generalized Linear Models, section 4.4",
                              "Cox (1958), Biometrika 45:562-565 (calibration slope and intercept)",
                              "Brier (1950), Monthly Weather Review 78:1-3",
                              "Mann & Whitney (1947) (AUC); Efron (1979) (bootstrap, over customers)"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(a.names.size())};
  if (a.options.learner == Learner::trees) {
    report.citations.insert(report.citations.begin(),
                            {"Chen & Guestrin (2016), KDD, 785-794; Platt (1999) (scale of the odds)",
                             "Lundberg, Erion & Lee (2018), arXiv:1802.03888 (what each feature adds)"});
  }
  add_quality(report, p);
  add_other(report, p, a.options.learner);
  add_tables(report, p);
  add_importance(report, p, a);
  say(report, tri("The model ranks a customer who leaves above one who stays with a probability of {0}; {1} "
                  "of the rows "
                  "that judged it left.",
                  "模型把流失客户排在留存客户之前的概率为 {0}；检验数据中流失占 {1}。", num(p.auc),
                  percent(p.base_rate)));
  if (!(p.auc_interval.low > 0.5)) {
    say(report, title("It is no better than chance on later data, so nobody is warned of.",
                      "在之后的数据上不优于随机，因此不给出预警名单。"));
  } else if (!p.open.empty()) {
    add_warned(report, p, a);
  }
  return report;
}

}  // namespace

Method churn_method() {
  return {
      "churn",
      "who will leave or be dissatisfied: logistic or boosted trees, judged on later data, with reasons (a "
      "shop needs about 200 days of history)",
      kOptions,
      run,
      true,
      kShopQuery};
}

}  // namespace rapport::study::detail
