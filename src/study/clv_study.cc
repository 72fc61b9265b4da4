#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "study/bgnbd.h"
#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/purchases.h"
#include "study/detail/say.h"
#include "study/spend.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"model", "bgnbd|sbg", "bgnbd: no contract (when absent); sbg: contracts renewed or not"},
    OptionSpec{"summary", "FILE", "the table holds frequency, recency, T and perhaps money (same as --file)"},
    OptionSpec{"customer", "COLUMN", "'customer' when absent"},
    OptionSpec{"date", "COLUMN", "'date' when absent"},
    OptionSpec{"amount", "COLUMN", "'amount' when absent; leave out for counts only"},
    OptionSpec{"until", "DATE", "the end of observation; the last date seen when absent"},
    OptionSpec{"period", "day|week|month", "unit of time; week when absent (a month is 30.4375 days)"},
    OptionSpec{"horizon", "N", "periods to look ahead; 52 (bgnbd), 12 (sbg)"},
    OptionSpec{"margin", "SHARE", "of the amount that is earned; 1 when absent"},
    OptionSpec{"discount", "RATE", "a period, for the value; 0 when absent"},
    OptionSpec{"top", "N", "customers listed, by expected value; 20 when absent"},
    OptionSpec{"survivors", "COLUMN",
               "sbg: customers of one cohort still there at each renewal; 'survivors' when absent"},
};

struct Customers {
  std::vector<std::string> names;
  std::vector<PurchaseHistory> history;
  std::vector<double>
      money;  ///< mean of the repeat purchases, NaN where there is none; empty without amounts
};

Result<Customers> from_summary(const model::Table& table) {
  Customers c;
  RAPPORT_TRY(const auto x, table.numbers("frequency"));
  RAPPORT_TRY(const auto recency, table.numbers("recency"));
  RAPPORT_TRY(const auto length, table.numbers("T"));
  for (std::size_t i = 0; i < x.size(); ++i) c.history.push_back({x[i], recency[i], length[i]});
  for (const char* name : {"money", "monetary_value"}) {
    if (!table.find(name).ok()) continue;
    RAPPORT_TRY(const auto money, table.numbers(name));
    c.money.assign(money.begin(), money.end());
    break;
  }
  for (const char* name : {"customer", "ID", "id", "customer_id"}) {
    if (!table.find(name).ok()) continue;
    RAPPORT_TRY(c.names, labels(table, name));
    break;
  }
  for (std::size_t i = c.names.size(); i < c.history.size(); ++i) c.names.push_back(fmt::format("{}", i + 1));
  return c;
}

Result<Customers> from_purchases(const model::Table& table, const Options& options, double days) {
  RAPPORT_TRY(const Purchases purchases, read_purchases(table, options));
  RAPPORT_TRY(const auto summaries, summarise_purchases(purchases.rows, purchases.until, days));
  Customers c;
  for (const CustomerSummary& s : summaries) {
    c.names.push_back(purchases.customers[s.customer]);
    c.history.push_back(s.history);
    if (purchases.has_amounts) c.money.push_back(s.mean_repeat_value);
  }
  return c;
}

/// Value of the expected purchases over the horizon, discounted in the middle of twelve equal steps.
double discounted(const BgnbdParameters& p, const PurchaseHistory& h, double horizon, double discount) {
  if (discount == 0) return conditional_expected_purchases(p, h, horizon);
  constexpr int kSteps = 12;
  double sum = 0, before = 0;
  for (int step = 1; step <= kSteps; ++step) {
    const double t = horizon * step / kSteps, now = conditional_expected_purchases(p, h, t);
    sum += (now - before) / std::pow(1 + discount, horizon * (step - 0.5) / kSteps);
    before = now;
  }
  return sum;
}

/// Standard error of sum f(customer; parameters) by the delta method on the log parameters.
template <class F>
double delta_se(const BgnbdFit& fit, const F& total) {
  if (!fit.covariance_log.allFinite()) return std::nan("");
  math::Vector gradient(4);
  for (int k = 0; k < 4; ++k) {
    const auto shifted = [&](double by) {
      BgnbdParameters p = fit.parameters;
      double* const each[] = {&p.r, &p.alpha, &p.a, &p.b};
      *each[k] *= std::exp(by);
      return total(p);
    };
    gradient[k] = (shifted(1e-4) - shifted(-1e-4)) / 2e-4;
  }
  return std::sqrt(gradient.dot(fit.covariance_log * gradient));
}

void add_parameters(Report& report, const BgnbdFit& fit) {
  const std::array<std::pair<const char*, double>, 4> values{{{"r", fit.parameters.r},
                                                              {"alpha", fit.parameters.alpha},
                                                              {"a", fit.parameters.a},
                                                              {"b", fit.parameters.b}}};
  for (std::size_t k = 0; k < 4; ++k) {
    // The interval of a positive parameter is taken on the log scale.
    const double spread = std::exp(1.959963984540054 * fit.se[k] / values[k].second);
    add_interval(report, values[k].first, values[k].second, values[k].second / spread,
                 values[k].second * spread, static_cast<std::int64_t>(fit.n));
  }
  report.add_figure("ll", fit.log_likelihood);
  report.add_figure("customers", static_cast<double>(fit.n));
  report.add_figure("repeaters", static_cast<double>(fit.repeaters));
  const bool good = fit.gradient_norm < 1e-6;
  report.add_check("converged", good ? CheckStatus::passed : CheckStatus::failed,
                   tri("gradient of the mean log-likelihood {0} after {1} iterations",
                       "平均对数似然的梯度为 {0}，迭代 {1} 次", num(fit.gradient_norm), fit.iterations));
  if (fit.boundary) {
    report.add_check(
        "boundary", CheckStatus::warned,
        title(
            "a parameter ran to the end of its range: these purchases cannot tell it, read expectations only",
            "有参数到达边界：数据无法识别该参数，只宜解读期望值"));
  }
}

/// Spend: the Gamma-Gamma model where amounts are known; nothing when it refuses, with the reason as a check.
std::optional<GammaGammaFit> add_spend(Report& report, const Customers& c) {
  std::vector<SpendHistory> spend;
  std::size_t zero = 0;
  for (std::size_t i = 0; i < c.money.size(); ++i) {
    if (c.history[i].frequency < 1 || std::isnan(c.money[i])) continue;
    if (c.money[i] > 0) {
      spend.push_back({c.history[i].frequency, c.money[i]});
    } else {
      ++zero;
    }
  }
  if (c.money.empty()) return std::nullopt;
  auto fit = fit_gamma_gamma(spend);
  if (!fit.ok()) {
    report.add_check("spend", CheckStatus::failed,
                     tri("no value model: {0}", "无法拟合金额模型：{0}", fit.error().message));
    return std::nullopt;
  }
  report.add_figure("p", fit->parameters.p, "spend");
  report.add_figure("q", fit->parameters.q, "spend");
  report.add_figure("v", fit->parameters.v, "spend");
  report.add_figure("ll", fit->log_likelihood, "spend");
  report.add_figure("population_mean", fit->population_mean, "spend");
  report.add_figure("correlation", fit->correlation, "spend");
  report.add_figure("n", static_cast<double>(fit->n), "spend");
  const bool independent = std::fabs(fit->correlation) < 0.2;
  report.add_check("frequency_and_value", independent ? CheckStatus::passed : CheckStatus::warned,
                   tri("correlation of frequency and mean value {0:.3f}; the model assumes none",
                       "购买次数与均值的相关为 {0:.3f}；模型假设不相关", fit->correlation));
  if (zero > 0)
    report.add_check("zero_value", CheckStatus::warned,
                     tri("{0} repeat customers with a mean value of 0 are left out of the value model",
                         "{0} 位复购均值为 0 的客户未用于金额模型", zero));
  if (!(fit->parameters.q > 1)) {
    report.add_check(
        "spend", CheckStatus::failed,
        title("the mean value is infinite under this fit (q <= 1)", "该拟合下平均金额无穷大（q <= 1）"));
    return std::nullopt;
  }
  return *std::move(fit);
}

struct Horizon {
  double periods = 52, margin = 1, discount = 0;
  std::size_t top = 20;
  std::string period;
};

struct Outlook {
  double expected = 0, alive = 0, value = 0;
};

void add_top(Report& report, const Customers& c, const std::vector<Outlook>& rows, bool by_value,
             std::size_t most) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  const auto worth = [&](std::size_t i) { return by_value ? rows[i].value : rows[i].expected; };
  const std::size_t top = std::min(most, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(top), order.end(),
      [&](std::size_t a, std::size_t b) { return worth(a) != worth(b) ? worth(a) > worth(b) : a < b; });
  ReportTable t{.key = "customers",
                .title = title("Customers by expected value", "按期望价值排序的客户"),
                .columns = {"customer", "frequency", "recency", "T", "p_alive", "expected_purchases", "clv"}};
  for (std::size_t k = 0; k < top; ++k) {
    const std::size_t i = order[k];
    t.rows.push_back({c.names[i], c.history[i].frequency, c.history[i].recency, c.history[i].length,
                      rows[i].alive, rows[i].expected, rows[i].value});
  }
  report.tables.push_back(std::move(t));
}

void add_customers(Report& report, const Customers& c, const BgnbdFit& fit,
                   const std::optional<GammaGammaFit>& spend, const Horizon& h) {
  std::vector<Outlook> rows(c.history.size());
  double expected = 0, alive = 0, value = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Outlook& row = rows[i];
    row.expected = conditional_expected_purchases(fit.parameters, c.history[i], h.periods);
    row.alive = probability_alive(fit.parameters, c.history[i]);
    const double each = spend ? expected_value(spend->parameters, c.history[i].frequency,
                                               std::isnan(c.money[i]) ? 0 : c.money[i])
                              : std::nan("");
    row.value = spend ? h.margin * each * discounted(fit.parameters, c.history[i], h.periods, h.discount)
                      : std::nan("");
    expected += row.expected;
    alive += row.alive;
    value += row.value;
  }
  const double se = delta_se(fit, [&](const BgnbdParameters& p) {
    double sum = 0;
    for (const PurchaseHistory& history : c.history)
      sum += conditional_expected_purchases(p, history, h.periods);
    return sum;
  });
  const auto n = static_cast<std::int64_t>(fit.n);
  add_interval(report, "expected_purchases", expected, expected - 1.959963984540054 * se,
               expected + 1.959963984540054 * se, n,
               "of all customers over the horizon; interval of the parameters (delta method)");
  report.figures.push_back(
      {.name = "alive", .value = alive, .n = n, .definition = "expected number of customers still buying"});
  if (spend)
    report.figures.push_back({.name = "clv_total",
                              .value = value,
                              .n = n,
                              .definition = "expected margin of all customers over the horizon, discounted"});
  add_top(report, c, rows, spend.has_value(), h.top);
  say(report,
      tri("Over the next {0} {1}s the {2} customers are expected to buy {3} times (interval {4} to {5}); "
          "about {6:.0f} of them still buy.",
          "未来 {0} 个周期（{1}），{2} 位客户预计购买 {3} 次（区间 {4} 至 {5}）；约 {6:.0f} 位仍会购买。",
          h.periods, h.period, fit.n, num(expected), num(expected - 1.959963984540054 * se),
          num(expected + 1.959963984540054 * se), alive));
  say(report,
      title(
          "A customer without a repeat purchase counts as alive: the model lets people leave only after one.",
          "没有复购的客户按模型视为仍在：模型假设流失只发生在复购之后。"));
}

Result<Report> run_sbg(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const std::int64_t horizon, options.whole("horizon", 12, 0, 10000));
  RAPPORT_TRY(const auto survivors, table.numbers(options.text("survivors", "survivors")));
  RAPPORT_TRY(const RetentionFit fit,
              fit_retention({survivors.begin(), survivors.end()}, static_cast<std::size_t>(horizon)));
  Report report{.method = "clv",
                .title = title("Retention of contracts (sBG)", "合同留存（sBG 模型）"),
                .citations = {"Fader & Hardie (2007), J. Interactive Marketing 21:76-90"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(survivors.size())};
  const auto n = static_cast<std::int64_t>(fit.n);
  const double a = std::exp(1.959963984540054 * fit.se[0] / fit.alpha),
               b = std::exp(1.959963984540054 * fit.se[1] / fit.beta);
  add_interval(report, "alpha", fit.alpha, fit.alpha / a, fit.alpha * a, n);
  add_interval(report, "beta", fit.beta, fit.beta / b, fit.beta * b, n);
  report.add_figure("ll", fit.log_likelihood);
  report.add_figure("expected_life", fit.expected_life);
  ReportTable t{.key = "retention",
                .title = title("Retention and survival", "留存率与存续率"),
                .columns = {"period", "observed", "retention", "survival"}};
  Line line{"survival", {{0, 1}}};
  for (std::size_t k = 1; k < fit.survival.size(); ++k) {
    t.rows.push_back({static_cast<std::int64_t>(k),
                      k < survivors.size() ? survivors[k] / survivors[0] : std::nan(""), fit.retention[k - 1],
                      fit.survival[k]});
    line.points.emplace_back(static_cast<double>(k), fit.survival[k]);
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("Survival", "存续率"), line_chart({line}, "period", "survival")});
  say(report, tri("Of {0} contracts {1} are expected to last {2} periods; retention rises with age because "
                  "the loyal remain.",
                  "{0} 份合同中预计 {1} 能延续 {2} 期；留存率随时间上升，因为留下的是更忠诚的客户。", n,
                  percent(fit.survival.back()), fit.survival.size() - 1));
  return report;
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const std::string model_name, options.choice("model", {"bgnbd", "sbg"}, "bgnbd"));
  if (model_name == "sbg") return run_sbg(table, options);
  Horizon h;
  RAPPORT_TRY(h.period, options.choice("period", {"day", "week", "month"}, "week"));
  RAPPORT_TRY(h.periods, options.number("horizon", 52, 1e-6, 1e6));
  RAPPORT_TRY(h.margin, options.number("margin", 1, 0, 1));
  RAPPORT_TRY(h.discount, options.number("discount", 0, 0, 10));
  RAPPORT_TRY(const std::int64_t top, options.whole("top", 20, 0, 100'000'000));
  h.top = static_cast<std::size_t>(top);
  const double days = h.period == "day" ? 1 : h.period == "week" ? 7 : 30.4375;
  const bool summary = table.find("frequency").ok() && table.find("recency").ok() && table.find("T").ok();
  RAPPORT_TRY(const Customers customers,
              summary ? from_summary(table) : from_purchases(table, options, days));
  RAPPORT_TRY(const BgnbdFit fit, fit_bgnbd(customers.history, 2));
  Report report{.method = "clv",
                .title = title("What customers will buy (BG/NBD)", "客户终身价值（BG/NBD）"),
                .citations = {"Fader, Hardie & Lee (2005), Marketing Science 24:275-284 (BG/NBD)",
                              "Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(fit.n)};
  add_parameters(report, fit);
  const auto spend = add_spend(report, customers);
  add_customers(report, customers, fit, spend, h);
  return report;
}

}  // namespace

Method clv_method() {
  return {"clv", "repeat buying, chance to be alive and customer value", kOptions, run};
}

}  // namespace rapport::study::detail
