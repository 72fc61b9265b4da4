#include <array>
#include <cmath>

#include "study/chart.h"
#include "study/data.h"
#include "study/detail/methods.h"
#include "study/efa.h"
#include "study/factorability.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"items", "A,B,C", "the items"},
    OptionSpec{"factors", "K", "how many factors; parallel analysis decides when absent"},
    OptionSpec{"rotation", "varimax|oblimin|none", "varimax when absent"},
    OptionSpec{"draws", "N", "random data sets of the parallel analysis; 200 when absent"},
    OptionSpec{"seed", "N", "of the parallel analysis; 1 when absent"},
};

void add_adequacy(Report& report, const Factorability& f) {
  const bool good = f.kmo >= 0.6;
  report.add_check("kmo",
                   good           ? CheckStatus::passed
                   : f.kmo >= 0.5 ? CheckStatus::warned
                                  : CheckStatus::failed,
                   {fmt::format("sampling adequacy {:.3f} (0.6 or more wanted)", f.kmo),
                    fmt::format("取样适切性 {:.3f}（宜不低于 0.6）", f.kmo),
                    fmt::format("取樣適切性 {:.3f}（宜不低於 0.6）", f.kmo)});
  report.add_check(
      "sphericity", f.pvalue < 0.05 ? CheckStatus::passed : CheckStatus::failed,
      {fmt::format("Bartlett's chi-square {:.2f} on {:.0f} df, p {:.3g}", f.bartlett, f.df, f.pvalue),
       fmt::format("Bartlett 球形检验卡方 {:.2f}（自由度 {:.0f}），p = {:.3g}", f.bartlett, f.df, f.pvalue),
       fmt::format("Bartlett 球形檢定卡方 {:.2f}（自由度 {:.0f}），p = {:.3g}", f.bartlett, f.df, f.pvalue)});
}

void add_solution_checks(Report& report, const EfaFit& fit, const std::vector<std::string>& names) {
  report.add_check(
      "converged", CheckStatus::passed,
      {fmt::format("gradient norm {:.1e} after {} iterations", fit.gradient_norm, fit.iterations),
       fmt::format("{1} 次迭代后梯度范数 {0:.1e}", fit.gradient_norm, fit.iterations),
       fmt::format("{1} 次迭代後梯度範數 {0:.1e}", fit.gradient_norm, fit.iterations)});
  if (fit.df > 0) {
    const bool good = fit.rmsea <= 0.08;
    report.add_check(
        "fit", good ? CheckStatus::passed : CheckStatus::warned,
        {fmt::format("RMSEA {:.3f} {}", fit.rmsea, good ? "is within 0.08" : "is over 0.08: too few factors"),
         fmt::format("RMSEA {:.3f}{}", fit.rmsea, good ? "，不超过 0.08" : "，超过 0.08：因子过少"),
         fmt::format("RMSEA {:.3f}{}", fit.rmsea, good ? "，不超過 0.08" : "，超過 0.08：因素過少")});
  }
  for (const int item : fit.heywood) {
    const std::string& name = names[static_cast<std::size_t>(item)];
    report.add_check("heywood", CheckStatus::failed,
                     {fmt::format("Heywood case: the uniqueness of {} stopped at {}", name, kUniquenessMin),
                      fmt::format("Heywood 情形：{} 的独特性停在 {}", name, kUniquenessMin),
                      fmt::format("Heywood 情形：{} 的獨特性停在 {}", name, kUniquenessMin)});
  }
}

std::string factor_name(Eigen::Index j) {
  return "F" + std::to_string(j + 1);
}

void add_tables(Report& report, const EfaFit& fit, const Factorability& f, const ParallelAnalysis& parallel,
                const std::vector<std::string>& names) {
  ReportTable loadings{.key = "loadings", .title = {"Loadings", "因子载荷", "因素負荷"}, .columns = {"item"}};
  for (Eigen::Index j = 0; j < fit.loadings.cols(); ++j) loadings.columns.push_back(factor_name(j));
  for (const char* more : {"uniqueness", "kmo"}) loadings.columns.push_back(more);
  for (Eigen::Index i = 0; i < fit.loadings.rows(); ++i) {
    std::vector<Cell> row{names[static_cast<std::size_t>(i)]};
    for (Eigen::Index j = 0; j < fit.loadings.cols(); ++j) row.push_back(fit.loadings(i, j));
    row.push_back(fit.uniquenesses[i]);
    row.push_back(f.item_kmo[i]);
    loadings.rows.push_back(std::move(row));
  }
  report.tables.push_back(std::move(loadings));
  ReportTable factors{.key = "factors",
                      .title = {"Variance accounted for", "解释的方差", "解釋的變異"},
                      .columns = {"factor", "ss_loadings", "proportion"}};
  for (Eigen::Index j = 0; j < fit.ss_loadings.size(); ++j) {
    factors.rows.push_back(
        {factor_name(j), fit.ss_loadings[j], fit.ss_loadings[j] / static_cast<double>(names.size())});
  }
  report.tables.push_back(std::move(factors));
  if (!fit.phi.isIdentity(0)) {
    ReportTable phi{.key = "phi",
                    .title = {"Factor correlations", "因子相关", "因素相關"},
                    .columns = {"lhs", "rhs", "r"}};
    for (Eigen::Index i = 0; i < fit.phi.rows(); ++i) {
      for (Eigen::Index j = i + 1; j < fit.phi.rows(); ++j) {
        phi.rows.push_back({factor_name(i), factor_name(j), fit.phi(i, j)});
      }
    }
    report.tables.push_back(std::move(phi));
  }
  ReportTable eigen{.key = "eigenvalues",
                    .title = {"Eigenvalues and parallel analysis", "特征值与平行分析", "特徵值與平行分析"},
                    .columns = {"number", "observed", "random_mean", "random_95"}};
  Line observed{"observed", {}}, random{"random 95 %", {}};
  for (Eigen::Index j = 0; j < f.eigenvalues.size(); ++j) {
    eigen.rows.push_back({std::int64_t{j + 1}, f.eigenvalues[j], parallel.mean[j], parallel.percentile[j]});
    observed.points.emplace_back(static_cast<double>(j + 1), f.eigenvalues[j]);
    random.points.emplace_back(static_cast<double>(j + 1), parallel.percentile[j]);
  }
  report.tables.push_back(std::move(eigen));
  report.charts.push_back(
      {{"Eigenvalues against those of random data", "特征值与随机数据之比较", "特徵值與隨機資料之比較"},
       line_chart({observed, random}, "factor", "eigenvalue")});
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto names, options.need_list("items"));
  if (names.size() < 3)
    return Error{Errc::bad_input, "fewer than three items hold no factor", "--items", "three items or more"};
  RAPPORT_TRY(const std::int64_t wanted, options.whole("factors", 0, 1, 100));
  RAPPORT_TRY(const std::string rotation,
              options.choice("rotation", {"varimax", "oblimin", "none"}, "varimax"));
  RAPPORT_TRY(const std::int64_t draws, options.whole("draws", 200, 20, 100'000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
  RAPPORT_TRY(const Items items, read_items(table, names));
  RAPPORT_TRY(const math::ColumnMoments m,
              item_moments(items, math::MissingRule::listwise, names.size() + 1));
  const auto n = static_cast<std::int64_t>(m.rows_complete);
  const math::Matrix r = math::correlation_of(m.covariance);
  RAPPORT_TRY(const Factorability f, factorability(r, n));
  const ParallelAnalysis parallel =
      parallel_analysis(f.eigenvalues, n, static_cast<int>(draws), static_cast<std::uint64_t>(seed), 2);
  const int factors = options.has("factors") ? static_cast<int>(wanted) : std::max(1, parallel.factors);
  const Rotation kind = rotation == "varimax"   ? Rotation::varimax
                        : rotation == "oblimin" ? Rotation::oblimin
                                                : Rotation::none;
  RAPPORT_TRY(const EfaFit fit, fit_efa(r, n, factors, kind));
  Report report{.method = "efa",
                .title = {"Exploratory factor analysis", "探索性因子分析", "探索性因素分析"},
                .citations = {"Lawley & Maxwell (1971), Factor Analysis as a Statistical Method",
                              "Jöreskog (1967), Psychometrika 32:443-482",
                              "Kaiser (1958), Psychometrika 23:187-200 (varimax)",
                              "Bernaards & Jennrich (2005), EPM 65:676-696 (oblimin)",
                              "Horn (1965), Psychometrika 30:179-185 (parallel analysis)"},
                .rows_given = static_cast<std::int64_t>(m.rows),
                .rows_used = n};
  add_adequacy(report, f);
  add_solution_checks(report, fit, names);
  const std::pair<const char*, double> figures[] = {
      {"factors", static_cast<double>(factors)},
      {"factors_suggested", static_cast<double>(parallel.factors)},
      {"kmo", f.kmo},
      {"bartlett", f.bartlett},
      {"bartlett_df", f.df},
      {"bartlett_pvalue", f.pvalue},
      {"chisq", fit.chisq},
      {"df", static_cast<double>(fit.df)},
      {"pvalue", fit.pvalue},
      {"rmsea", fit.rmsea},
      {"tli", fit.tli}};
  for (const auto& [name, value] : figures) report.add_figure(name, value);
  add_tables(report, fit, f, parallel, names);
  const double share = fit.ss_loadings.sum() / static_cast<double>(names.size());
  report.say(fmt::format("{} factors account for {:.1f} % of the variance of {} items (n {}); parallel "
                         "analysis suggests {}.",
                         factors, 100 * share, names.size(), n, parallel.factors),
             fmt::format("{} 个因子解释了 {} 个题项 {:.1f}% 的方差（n = {}）；平行分析建议 {} 个因子。",
                         factors, names.size(), 100 * share, n, parallel.factors),
             fmt::format("{} 個因素解釋了 {} 個題項 {:.1f}% 的變異（n = {}）；平行分析建議 {} 個因素。",
                         factors, names.size(), 100 * share, n, parallel.factors));
  return report;
}

}  // namespace

Method efa_method() {
  return {"efa", "exploratory factor analysis with sampling adequacy and parallel analysis", kOptions, run};
}

}  // namespace rapport::study::detail
