#include <array>
#include <cmath>

#include "math/distributions.h"
#include "study/chart.h"
#include "study/data.h"
#include "study/detail/methods.h"
#include "study/sem_bootstrap.h"
#include "study/validity.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"model", "FILE|TEXT", "the model in lavaan's syntax: f =~ x1 + x2; y ~ f; ab := a*b"},
    OptionSpec{"likelihood", "normal|wishart", "n (lavaan, Mplus) or n - 1 (AMOS, EQS); normal when absent"},
    OptionSpec{"std-lv", "", "fix latent variances at 1 instead of first loadings"},
    OptionSpec{"orthogonal", "", "no covariances between exogenous latent variables"},
    OptionSpec{"modindices", "N", "how many modification indices to show; 10 when absent"},
    OptionSpec{"bootstrap", "N", "case bootstrap draws for the intervals; 0 when absent"},
    OptionSpec{"ci", "percentile|bc", "kind of bootstrap interval; percentile when absent"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
    OptionSpec{"level", "P", "of the intervals; 0.95 when absent"},
};

struct Request {
  PathModel model;
  Likelihood likelihood = Likelihood::normal;
  std::int64_t modification_indices = 10;
  SemBootstrapOptions bootstrap;
};

Result<Request> read_request(const Options& options) {
  Request request;
  RAPPORT_TRY(const std::string text, options.need_text("model"));
  RAPPORT_TRY(const ModelSyntax syntax, parse_model(text));
  RAPPORT_TRY(const bool std_lv, options.flag("std-lv"));
  RAPPORT_TRY(const bool orthogonal, options.flag("orthogonal"));
  RAPPORT_TRY(request.model, build_path_model(syntax, {.std_lv = std_lv, .orthogonal = orthogonal}));
  RAPPORT_TRY(const std::string likelihood, options.choice("likelihood", {"normal", "wishart"}, "normal"));
  if (likelihood == "wishart") request.likelihood = Likelihood::wishart;
  RAPPORT_TRY(request.modification_indices, options.whole("modindices", 10, 0, 10000));
  RAPPORT_TRY(const std::int64_t replicates, options.whole("bootstrap", 0, 0, 1'000'000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
  RAPPORT_TRY(request.bootstrap.level, options.number("level", 0.95, 0.5, 0.9999));
  RAPPORT_TRY(const std::string ci, options.choice("ci", {"percentile", "bc"}, "percentile"));
  request.bootstrap.replicates = static_cast<std::size_t>(replicates);
  request.bootstrap.seed = static_cast<std::uint64_t>(seed);
  request.bootstrap.bias_corrected = ci == "bc";
  request.bootstrap.threads = 2;
  return request;
}

/// lavaan's names of fitMeasures().
void add_fit(Report& report, const FitMeasures& m) {
  const std::pair<const char*, double> figures[] = {
      {"npar", m.npar},
      {"fmin", m.fmin},
      {"chisq", m.chisq},
      {"df", m.df},
      {"pvalue", m.pvalue},
      {"baseline.chisq", m.baseline_chisq},
      {"baseline.df", m.baseline_df},
      {"baseline.pvalue", m.baseline_pvalue},
      {"cfi", m.cfi},
      {"tli", m.tli},
      {"nfi", m.nfi},
      {"rfi", m.rfi},
      {"ifi", m.ifi},
      {"rni", m.rni},
      {"pnfi", m.pnfi},
      {"logl", m.logl},
      {"unrestricted.logl", m.unrestricted_logl},
      {"aic", m.aic},
      {"bic", m.bic},
      {"bic2", m.bic2},
      {"rmsea", m.rmsea},
      {"rmsea.ci.lower", m.rmsea_ci_lower},
      {"rmsea.ci.upper", m.rmsea_ci_upper},
      {"rmsea.pvalue", m.rmsea_pvalue},
      {"rmr", m.rmr},
      {"srmr", m.srmr},
      {"crmr", m.crmr},
      {"gfi", m.gfi},
      {"agfi", m.agfi},
      {"pgfi", m.pgfi},
      {"mfi", m.mfi},
      {"ecvi", m.ecvi},
      {"cn_05", m.cn_05},
  };
  for (const auto& [name, value] : figures) report.add_figure(name, value, "fit");
}

ReportTable parameter_table(const SemFit& fit, const SemBootstrap* bootstrap, double level) {
  ReportTable table{
      .key = "parameters",
      .title = {"Parameters", "参数", "參數"},
      .columns = {"lhs", "op", "rhs", "label", "est", "se", "z", "pvalue", "std", "ci.lower", "ci.upper"}};
  const double z = math::normal_quantile(0.5 + level / 2);
  for (std::size_t i = 0; i < fit.estimates.size(); ++i) {
    const SemEstimate& e = fit.estimates[i];
    math::Interval interval{e.est - z * e.se, e.est + z * e.se};
    double se = e.se, statistic = e.z, p = e.pvalue;
    if (bootstrap != nullptr && (e.free || e.op == ":=")) {
      interval = bootstrap->intervals[i];
      se = bootstrap->se[i];
      statistic = e.est / se;
      p = math::two_sided_normal_p(statistic);
    }
    table.rows.push_back(
        {e.lhs, e.op, e.rhs, e.label, e.est, se, statistic, p, e.std, interval.low, interval.high});
  }
  return table;
}

Text3 improper_text(const ImproperFinding& f) {
  using Kind = ImproperFinding::Kind;
  switch (f.kind) {
    case Kind::negative_variance:
      return {fmt::format("Heywood case: the variance {} is {:.4g}", f.subject, f.value),
              fmt::format("Heywood 情形：方差 {} 为 {:.4g}", f.subject, f.value),
              fmt::format("Heywood 情形：變異數 {} 為 {:.4g}", f.subject, f.value)};
    case Kind::latent_not_positive_definite:
      return {fmt::format(
                  "the latent covariance is not safely positive definite (smallest eigenvalue {:.4g} of the "
                  "correlations of {}): some constructs are not told apart, their paths mean nothing",
                  f.value, f.subject),
              fmt::format("潜变量协方差矩阵并非可靠正定（{} 的相关矩阵最小特征值 "
                          "{:.4g}）：部分构念无法区分，其路径没有意义",
                          f.subject, f.value),
              fmt::format("潛變量共變異矩陣並非可靠正定（{} 的相關矩陣最小特徵值 "
                          "{:.4g}）：部分構念無法區分，其路徑沒有意義",
                          f.subject, f.value)};
    case Kind::residual_not_positive_definite:
      return {
          fmt::format("the error covariance is not positive definite (smallest eigenvalue {:.4g})", f.value),
          fmt::format("误差协方差矩阵非正定（最小特征值 {:.4g}）", f.value),
          fmt::format("誤差共變異矩陣非正定（最小特徵值 {:.4g}）", f.value)};
    case Kind::correlation_over_one:
      return {fmt::format("the correlation {} is {:.4g}, outside [-1, 1]", f.subject, f.value),
              fmt::format("相关 {} 为 {:.4g}，超出 [-1, 1]", f.subject, f.value),
              fmt::format("相關 {} 為 {:.4g}，超出 [-1, 1]", f.subject, f.value)};
    case Kind::standardised_path_over_one:
      return {fmt::format("the standardised path {} is {:.4g}: its predictors are nearly collinear",
                          f.subject, f.value),
              fmt::format("标准化路径 {} 为 {:.4g}：自变量几乎共线", f.subject, f.value),
              fmt::format("標準化路徑 {} 為 {:.4g}：自變量幾乎共線", f.subject, f.value)};
  }
  return {};
}

void add_checks(Report& report, const SemFit& fit) {
  report.add_check(
      "converged", CheckStatus::passed,
      {fmt::format("gradient norm {:.1e} after {} iterations", fit.gradient_norm, fit.iterations),
       fmt::format("{1} 次迭代后梯度范数 {0:.1e}", fit.gradient_norm, fit.iterations),
       fmt::format("{1} 次迭代後梯度範數 {0:.1e}", fit.gradient_norm, fit.iterations)});
  for (const ImproperFinding& finding : fit.improper) {
    report.add_check("improper_solution", CheckStatus::failed, improper_text(finding));
  }
  if (fit.improper.empty()) {
    report.add_check("improper_solution", CheckStatus::passed,
                     {"no negative variance, all covariance matrices positive definite",
                      "无负方差，各协方差矩阵均正定", "無負變異數，各共變異矩陣均正定"});
  }
  const double per_parameter = static_cast<double>(fit.n) / std::max(1.0, fit.fit.npar);
  report.add_check("sample_size", per_parameter >= 5 ? CheckStatus::passed : CheckStatus::warned,
                   {fmt::format("{:.1f} rows for each free parameter (5 or more wanted)", per_parameter),
                    fmt::format("每个自由参数 {:.1f} 行（宜不少于 5）", per_parameter),
                    fmt::format("每個自由參數 {:.1f} 列（宜不少於 5）", per_parameter)});
}

bool fits_well(const FitMeasures& m) {
  return m.cfi >= 0.95 && m.rmsea <= 0.06 && m.srmr <= 0.08;
}

/// Cut-offs of Hu & Bentler (1999, Structural Equation Modeling 6:1).
void add_fit_check(Report& report, const FitMeasures& m) {
  if (m.df == 0) {
    report.add_check(
        "fit", CheckStatus::passed,
        {"the model is saturated: fit says nothing", "饱和模型：拟合度无从检验", "飽和模型：適配度無從檢驗"});
    return;
  }
  const bool good = fits_well(m);
  const std::string figures = fmt::format("CFI {:.3f}, RMSEA {:.3f}, SRMR {:.3f}", m.cfi, m.rmsea, m.srmr);
  report.add_check(
      "fit", good ? CheckStatus::passed : CheckStatus::warned,
      {figures + (good ? ": within 0.95, 0.06 and 0.08" : ": not all within 0.95, 0.06 and 0.08"),
       figures + (good ? "：达到 0.95、0.06、0.08 的标准" : "：未全部达到 0.95、0.06、0.08 的标准"),
       figures + (good ? "：達到 0.95、0.06、0.08 的標準" : "：未全部達到 0.95、0.06、0.08 的標準")});
}

void add_validity(Report& report, const SemFit& fit) {
  const auto rows = factor_reliability(fit);
  if (rows.empty()) return;
  ReportTable reliability{.key = "reliability",
                          .title = {"Reliability of the constructs", "构念信度", "構念信度"},
                          .columns = {"factor", "items", "alpha", "omega", "omega_observed", "ave"}};
  for (const FactorReliability& r : rows) {
    reliability.rows.push_back({r.factor, std::int64_t{r.items}, r.alpha, r.omega, r.omega_observed, r.ave});
  }
  report.tables.push_back(std::move(reliability));
  const auto blocks = item_blocks(fit.model);
  if (blocks.size() < 2) return;
  const math::Matrix r = math::correlation_of(fit.sample);
  const math::Matrix ratio = htmt(r, blocks), ratio2 = htmt(r, blocks, HtmtMean::geometric);
  ReportTable table{
      .key = "htmt",
      .title = {"Heterotrait-monotrait ratios", "异质-单质比率（HTMT）", "異質-單質比率（HTMT）"},
      .columns = {"lhs", "rhs", "htmt", "htmt2"}};
  for (Eigen::Index i = 0; i < ratio.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < ratio.rows(); ++j) {
      const std::string &a = blocks[static_cast<std::size_t>(i)].name,
                        &b = blocks[static_cast<std::size_t>(j)].name;
      table.rows.push_back({a, b, ratio(i, j), ratio2(i, j)});
      if (ratio(i, j) <= kHtmtMax) continue;
      report.add_check("discriminant_validity", CheckStatus::warned,
                       {fmt::format("{} and {} are not separable (HTMT {:.3f} > 0.9)", a, b, ratio(i, j)),
                        fmt::format("{} 与 {} 无法区分（HTMT {:.3f} > 0.9）", a, b, ratio(i, j)),
                        fmt::format("{} 與 {} 無法區分（HTMT {:.3f} > 0.9）", a, b, ratio(i, j))});
    }
  }
  report.tables.push_back(std::move(table));
}

void add_modification_indices(Report& report, const SemFit& fit, std::int64_t limit) {
  if (limit == 0 || fit.fit.df == 0) return;
  ReportTable table{.key = "modindices",
                    .title = {"Modification indices", "修正指数", "修正指數"},
                    .columns = {"lhs", "op", "rhs", "mi", "epc"}};
  for (const ModificationIndex& index : modification_indices(fit)) {
    if (static_cast<std::int64_t>(table.rows.size()) == limit) break;
    table.rows.push_back({index.lhs, index.op, index.rhs, index.mi, index.epc});
  }
  report.tables.push_back(std::move(table));
}

std::string diagram_of(const SemFit& fit) {
  std::vector<DiagramNode> nodes;
  for (int v = 0; v < fit.model.variables(); ++v) {
    nodes.push_back({fit.model.variable(v), v >= static_cast<int>(fit.model.observed.size())});
  }
  std::vector<DiagramArrow> arrows;
  for (std::size_t i = 0; i < fit.model.parameters.size(); ++i) {
    const PathParameter& p = fit.model.parameters[i];
    if (p.row == p.column || p.from_sample) continue;
    const SemEstimate& e = fit.estimates[i];
    arrows.push_back({p.column, p.row, p.kind == ParameterKind::symmetric, fmt::format("{:.2f}", e.std),
                      !e.free || e.pvalue < 0.05});
  }
  return path_diagram(nodes, arrows);
}

void add_reading(Report& report, const SemFit& fit) {
  if (!fit.improper.empty()) {
    report.say("The solution is improper (see the failed checks): do not read its estimates as effects.",
               "解不恰当（见未通过的检查）：其估计值不可解读为效应。",
               "解不恰當（見未通過的檢查）：其估計值不可解讀為效應。");
    return;
  }
  const FitMeasures& m = fit.fit;
  if (m.df > 0) {
    report.say(
        fmt::format(
            "The model {} the data: chi-square {:.2f} on {} df, CFI {:.3f}, RMSEA {:.3f} ({:.3f} to {:.3f}), "
            "SRMR {:.3f}, n {}.",
            fits_well(m) ? "fits" : "does not fit well to", m.chisq, m.df, m.cfi, m.rmsea, m.rmsea_ci_lower,
            m.rmsea_ci_upper, m.srmr, fit.n),
        fmt::format("模型与数据{}：卡方 {:.2f}（自由度 {}），CFI {:.3f}，RMSEA {:.3f}（{:.3f} 至 "
                    "{:.3f}），SRMR {:.3f}，n = {}。",
                    fits_well(m) ? "拟合良好" : "拟合不佳", m.chisq, m.df, m.cfi, m.rmsea, m.rmsea_ci_lower,
                    m.rmsea_ci_upper, m.srmr, fit.n),
        fmt::format("模型與資料{}：卡方 {:.2f}（自由度 {}），CFI {:.3f}，RMSEA {:.3f}（{:.3f} 至 "
                    "{:.3f}），SRMR {:.3f}，n = {}。",
                    fits_well(m) ? "適配良好" : "適配不佳", m.chisq, m.df, m.cfi, m.rmsea, m.rmsea_ci_lower,
                    m.rmsea_ci_upper, m.srmr, fit.n));
  }
  const SemEstimate* strongest = nullptr;
  for (const SemEstimate& e : fit.estimates) {
    if (e.op != "~" || !e.free || !(e.pvalue < 0.05)) continue;
    if (strongest == nullptr || std::abs(e.std) > std::abs(strongest->std)) strongest = &e;
  }
  if (strongest == nullptr) return;
  report.say(fmt::format("The strongest path is {} -> {}: {:.2f} standardised.", strongest->rhs,
                         strongest->lhs, strongest->std),
             fmt::format("最强的路径为 {} → {}：标准化系数 {:.2f}。", strongest->rhs, strongest->lhs,
                         strongest->std),
             fmt::format("最強的路徑為 {} → {}：標準化係數 {:.2f}。", strongest->rhs, strongest->lhs,
                         strongest->std));
}

void add_bootstrap_check(Report& report, const SemBootstrap& b) {
  const bool clean = b.failed == 0 && b.improper == 0;
  report.add_check(
      "bootstrap", clean ? CheckStatus::passed : CheckStatus::warned,
      {fmt::format("{} draws: {} gave no answer, {} had a negative variance", b.replicates, b.failed,
                   b.improper),
       fmt::format("{} 次抽样：{} 次无解，{} 次出现负方差", b.replicates, b.failed, b.improper),
       fmt::format("{} 次抽樣：{} 次無解，{} 次出現負變異數", b.replicates, b.failed, b.improper)});
}

Result<Report> run(const char* method, const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Request request, read_request(options));
  RAPPORT_TRY(const Items items, read_items(table, request.model.observed));
  RAPPORT_TRY(const math::ColumnMoments m, item_moments(items, math::MissingRule::listwise, 3));
  RAPPORT_TRY(const SemFit fit,
              fit_sem(request.model, {m.covariance, static_cast<std::int64_t>(m.rows_complete)},
                      {.likelihood = request.likelihood}));
  Report report{
      .method = method,
      .title = {"Structural equation model", "结构方程模型", "結構方程模型"},
      .citations = {"Bollen (1989), Structural Equations with Latent Variables",
                    "Rosseel (2012), Journal of Statistical Software 48(2) (model syntax and conventions)",
                    "Hu & Bentler (1999), Structural Equation Modeling 6:1-55 (cut-offs)"},
      .rows_given = static_cast<std::int64_t>(m.rows),
      .rows_used = fit.n};
  std::optional<SemBootstrap> bootstrap;
  if (request.bootstrap.replicates > 0) {
    RAPPORT_TRY(bootstrap, bootstrap_sem(fit, complete_rows(items), request.bootstrap));
    report.citations.push_back("Efron & Tibshirani (1993), An Introduction to the Bootstrap");
  }
  add_checks(report, fit);
  add_fit_check(report, fit.fit);
  if (bootstrap) add_bootstrap_check(report, *bootstrap);
  add_fit(report, fit.fit);
  report.tables.push_back(parameter_table(fit, bootstrap ? &*bootstrap : nullptr, request.bootstrap.level));
  add_validity(report, fit);
  add_modification_indices(report, fit, request.modification_indices);
  report.charts.push_back({{"Standardised solution (dashed: not significant at 5 %)",
                            "标准化解（虚线：5% 水平不显著）", "標準化解（虛線：5% 水準不顯著）"},
                           diagram_of(fit)});
  add_reading(report, fit);
  return report;
}

}  // namespace

Method cfa_method() {
  return {"cfa", "confirmatory factor analysis by maximum likelihood", kOptions,
          [](const model::Table& table, const Options& options) { return run("cfa", table, options); }};
}

Method sem_method() {
  return {"sem", "structural equation model, path model or mediation by maximum likelihood", kOptions,
          [](const model::Table& table, const Options& options) { return run("sem", table, options); }};
}

}  // namespace rapport::study::detail
