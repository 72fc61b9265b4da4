#include <array>
#include <cmath>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/logistic.h"
#include "study/regression.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"outcome", "Y", "what is explained"},
    OptionSpec{"items", "A,B,C", "by what; text columns become indicators"},
    OptionSpec{"model", "linear|logistic", "linear when absent; logistic takes a 0 / 1 outcome"},
    OptionSpec{"errors", "classical|hc0|hc1|hc2|hc3", "classical when absent"},
    OptionSpec{"degree", "K", "a polynomial of the one item, 1 to 12"},
    OptionSpec{"no-intercept", "", "through the origin"},
    OptionSpec{"level", "NUMBER", "of intervals; .95 when absent"},
};

ReportTable coefficient_table(const std::vector<Coefficient>& coefficients, bool logistic) {
  ReportTable t{.key = "coefficients",
                .title = title("Coefficients", "系数"),
                .columns = {"term", "est", "se", logistic ? "z" : "t", "pvalue", "ci_low", "ci_high"}};
  if (logistic) t.columns.push_back("odds_ratio");
  for (const Coefficient& c : coefficients) {
    std::vector<Cell> row{c.name, c.estimate, c.se, c.statistic, c.p, c.ci_low, c.ci_high};
    if (logistic) row.emplace_back(std::exp(c.estimate));
    t.rows.push_back(std::move(row));
  }
  return t;
}

void say_strongest(Report& report, const std::vector<Coefficient>& coefficients) {
  const Coefficient* strongest = nullptr;
  for (const Coefficient& c : coefficients) {
    if (c.name != "(intercept)" &&
        (strongest == nullptr || std::fabs(c.statistic) > std::fabs(strongest->statistic)))
      strongest = &c;
  }
  if (strongest == nullptr) return;
  say(report,
      tri("Clearest term: '{0}', {1} a unit (interval {2} to {3}, p = {4}).",
          "最明确的因素：“{0}”，每单位 {1}（区间 {2} 至 {3}，p = {4}）。", strongest->name,
          num(strongest->estimate), num(strongest->ci_low), num(strongest->ci_high), num(strongest->p)));
}

Result<Report> run_logistic(Report report, const math::Matrix& x, const math::Vector& y,
                            const std::vector<std::string>& names, const RegressionOptions& how,
                            bool polynomial) {
  const std::int64_t n = x.rows();
  if (polynomial || !how.intercept)
    return Error{Errc::unsupported, "a logistic polynomial or one through the origin", "--model", "linear"};
  RAPPORT_TRY(const LogisticFit fit, fit_logistic(x, y, names, how));
  report.figures.push_back({.name = "auc",
                            .value = fit.auc,
                            .n = n,
                            .definition = "in sample: chance that a 1 is scored above a 0"});
  report.add_figure("ll", fit.log_likelihood);
  report.add_figure("aic", fit.aic);
  report.add_figure("deviance", fit.deviance);
  report.add_figure("mcfadden_r2", fit.mcfadden_r2);
  report.add_figure("chisq", fit.lr_chisq);
  report.add_figure("df", fit.lr_df);
  report.add_figure("pvalue", fit.lr_p);
  report.tables.push_back(coefficient_table(fit.coefficients, true));
  say(report, tri("{0} of {1} rows have the outcome; the items explain it with AUC {2:.3f} (p = {3}).",
                  "{1} 行中 {0} 行出现该结果；各因素的区分度 AUC 为 {2:.3f}（p = {3}）。", fit.events, fit.n,
                  fit.auc, num(fit.lr_p)));
  say_strongest(report, fit.coefficients);
  return report;
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const std::string outcome, options.need_text("outcome"));
  RAPPORT_TRY(auto items, options.need_list("items"));
  RAPPORT_TRY(const std::string kind, options.choice("model", {"linear", "logistic"}, "linear"));
  RAPPORT_TRY(const std::int64_t degree, options.whole("degree", 1, 1, 12));
  RegressionOptions how;
  RAPPORT_TRY(how.errors, parse_error_type(options.text("errors", "classical")));
  RAPPORT_TRY(how.level, options.number("level", 0.95, 0.5, 0.9999));
  RAPPORT_TRY(const bool through_origin, options.flag("no-intercept"));
  how.intercept = !through_origin;
  RAPPORT_TRY(const auto check, table.numbers(outcome));
  static_cast<void>(check);
  items.push_back(outcome);
  RAPPORT_TRY(const CompleteRows rows, design_rows(table, items));
  const Eigen::Index p = rows.x.cols() - 1;
  const std::vector<std::string> names(rows.names.begin(), rows.names.end() - 1);
  const math::Vector y = rows.x.col(p);
  Report report{.method = "regression",
                .title = kind == "linear" ? title("Linear regression", "线性回归")
                                          : title("Logistic regression", "逻辑回归"),
                .citations = {"MacKinnon & White (1985), J. Econometrics 29:305-325 (HC errors)",
                              "McCullagh & Nelder (1989), Generalized Linear Models, section 4.4",
                              "Albert & Anderson (1984), Biometrika 71:1-10 (separation)"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(rows.rows.size())};
  const auto n = static_cast<std::int64_t>(rows.rows.size());
  const math::Matrix x = rows.x.leftCols(p);
  if (kind == "logistic") return run_logistic(std::move(report), x, y, names, how, degree > 1);
  if (degree > 1 && p != 1)
    return Error{Errc::bad_input, fmt::format("a polynomial of {} items", p), "--items", "one item"};
  RAPPORT_TRY(const LinearFit fit, degree > 1
                                       ? fit_polynomial({x.data(), x.data() + x.rows()}, {y.begin(), y.end()},
                                                        static_cast<int>(degree), names[0], how)
                                       : fit_linear(x, y, names, how));
  report.figures.push_back(
      {.name = "r2", .value = fit.r2, .n = n, .definition = "share of the variation explained"});
  report.add_figure("r2_adjusted", fit.r2_adjusted);
  report.add_figure("sigma", fit.sigma);
  report.add_figure("rss", fit.rss);
  report.add_figure("df", fit.df_residual);
  report.add_figure("f", fit.f);
  report.add_figure("pvalue", fit.f_p);
  const double leverage = fit.leverage.maxCoeff();
  report.add_check("leverage", leverage < 0.5 ? CheckStatus::passed : CheckStatus::warned,
                   tri("largest leverage of a row {0:.3f}", "单行最大杠杆值 {0:.3f}", leverage));
  report.tables.push_back(coefficient_table(fit.coefficients, false));
  say(report,
      tri("The items explain {0} of '{1}' over {2} rows (p = {3}).",
          "各因素解释“{1}”的 {0}（{2} 行，p = {3}）。", percent(fit.r2), outcome, fit.n, num(fit.f_p)));
  say_strongest(report, fit.coefficients);
  return report;
}

}  // namespace

Method regression_method() {
  return {"regression", "linear and logistic regression, robust errors", kOptions, run};
}

}  // namespace rapport::study::detail
