#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/delphi.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/weights.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kWeightOptions{
    OptionSpec{"items", "A,B,C", "the items to weight; every numeric column when absent"},
    OptionSpec{"outcome", "Y", "adds weights by regression of Y on the items"},
    OptionSpec{"by", "COLUMN", "ranks the services named in this column under every scheme"},
    OptionSpec{"given", "W1,W2,...", "adds weights of your own (from ahp or delphi), one an item"},
    OptionSpec{"reverse", "A", "items where less is better"},
    OptionSpec{"low", "NUMBER", "the scale's lowest answer; the least seen when absent"},
    OptionSpec{"high", "NUMBER", "the scale's highest answer; the largest seen when absent"},
};

Result<std::vector<double>> parse_numbers(const std::vector<std::string>& words, const std::string& option) {
  std::vector<double> numbers;
  for (const std::string& word : words) {
    char* end = nullptr;
    numbers.push_back(std::strtod(word.c_str(), &end));
    if (end == word.c_str() || *end != '\0')
      return Error{Errc::bad_input, fmt::format("'{}' is no number", word), "--" + option, "numbers"};
  }
  return numbers;
}

struct Prepared {
  CompleteRows rows;
  math::Vector outcome;  ///< empty without --outcome
  std::vector<std::string> items;
  double low = 0, high = 0;
};

Result<Prepared> prepare(const model::Table& table, const Options& options) {
  Prepared p;
  p.items = options.list("items");
  const std::string outcome = options.text("outcome");
  if (p.items.empty())
    p.items = numeric_columns_except(table, std::array<std::string, 2>{outcome, options.text("by")});
  if (p.items.size() < 2)
    return Error{Errc::bad_input, "fewer than two items", "--items", "the columns to weight"};
  auto all = p.items;
  if (!outcome.empty()) all.push_back(outcome);
  RAPPORT_TRY(p.rows, complete_rows(table, all));
  if (!outcome.empty()) p.outcome = p.rows.x.col(p.rows.x.cols() - 1);
  p.rows.x.conservativeResize(Eigen::NoChange, static_cast<Eigen::Index>(p.items.size()));
  RAPPORT_TRY(p.low, options.number("low", p.rows.x.minCoeff(), -1e12, 1e12));
  RAPPORT_TRY(p.high, options.number("high", p.rows.x.maxCoeff(), -1e12, 1e12));
  for (const std::string& name : options.list("reverse")) {
    const auto at = std::find(p.items.begin(), p.items.end(), name);
    if (at == p.items.end())
      return Error{Errc::not_found, fmt::format("no item '{}'", name), "--reverse", "one of the items"};
    auto column = p.rows.x.col(at - p.items.begin());
    column = (p.low + p.high - column.array()).matrix().eval();
  }
  return p;
}

Result<std::vector<WeightScheme>> schemes_of(const Prepared& p, const Options& options, Report& report) {
  std::vector<WeightScheme> schemes;
  RAPPORT_TRY(auto entropy, entropy_weights(p.rows.x, p.items));
  RAPPORT_TRY(auto critic, critic_weights(p.rows.x, p.items));
  RAPPORT_TRY(auto pca, pca_weights(p.rows.x, p.items));
  schemes.push_back({"entropy", std::move(entropy)});
  schemes.push_back({"critic", std::move(critic)});
  schemes.push_back({"pca", std::move(pca.weights)});
  ReportTable eigen{.key = "eigenvalues",
                    .title = title("Eigenvalues of the correlation matrix", "相关矩阵特征值"),
                    .columns = {"value"},
                    .shape = Shape::list};
  for (const double v : pca.eigenvalues) eigen.rows.push_back({v});
  report.tables.push_back(std::move(eigen));
  if (p.outcome.size() > 0) {
    RAPPORT_TRY(auto regression, regression_weights(p.rows.x, p.outcome, p.items));
    report.add_figure("r2", regression.r2);
    for (std::size_t j = 0; j < p.items.size(); ++j) {
      if (regression.standardised_beta[j] >= 0) continue;
      report.add_check(
          "negative_beta", CheckStatus::warned,
          tri("'{0}' has a negative coefficient ({1}): its regression weight is a size, not a merit",
              "“{0}”的回归系数为负（{1}）：其回归权重只表示大小，不表示好坏", p.items[j],
              num(regression.standardised_beta[j])));
    }
    schemes.push_back({"regression", std::move(regression.weights)});
  }
  if (options.has("given")) {
    RAPPORT_TRY(auto given, parse_numbers(options.list("given"), "given"));
    double sum = 0;
    for (const double w : given) sum += w;
    if (given.size() != p.items.size() || !(sum > 0) || *std::min_element(given.begin(), given.end()) < 0) {
      return Error{Errc::bad_input, fmt::format("{} given weights with sum {}", given.size(), sum), "--given",
                   "one weight >= 0 an item"};
    }
    for (double& w : given) w /= sum;
    schemes.push_back({"given", std::move(given)});
  }
  return schemes;
}

/// Mean of each item per service, in order of first sight.
struct ServiceMeans {
  std::vector<std::string> names;
  math::Matrix means;
  std::vector<double> n;
};
Result<ServiceMeans> service_means(const model::Table& table, const Prepared& p, const std::string& by) {
  RAPPORT_TRY(const auto label, labels(table, by));
  ServiceMeans s;
  std::map<std::string, Eigen::Index> at;
  for (const std::size_t row : p.rows.rows) {
    if (at.emplace(label[row], static_cast<Eigen::Index>(at.size())).second) s.names.push_back(label[row]);
  }
  s.means = math::Matrix::Zero(static_cast<Eigen::Index>(at.size()), p.rows.x.cols());
  s.n.assign(at.size(), 0);
  for (std::size_t i = 0; i < p.rows.rows.size(); ++i) {
    const Eigen::Index k = at[label[p.rows.rows[i]]];
    s.means.row(k) += p.rows.x.row(static_cast<Eigen::Index>(i));
    s.n[static_cast<std::size_t>(k)] += 1;
  }
  for (Eigen::Index k = 0; k < s.means.rows(); ++k) s.means.row(k) /= s.n[static_cast<std::size_t>(k)];
  return s;
}

Status add_ranking(Report& report, const ServiceMeans& s, const std::vector<WeightScheme>& schemes,
                   const Prepared& p) {
  RAPPORT_TRY(const RankStability r, rank_stability(s.means, schemes, p.low, p.high));
  report.add_figure("rank_agreement_w", r.kendall_w);
  ReportTable ranks{.key = "services",
                    .title = title("Index (0-100) and rank of each service", "各服务指数（0-100）与排名"),
                    .columns = {"service", "n"}};
  for (const WeightScheme& scheme : schemes) {
    ranks.columns.push_back("index_" + scheme.name);
    ranks.columns.push_back("rank_" + scheme.name);
  }
  ranks.columns.insert(ranks.columns.end(), {"best_rank", "worst_rank"});
  std::size_t stable = 0;
  for (std::size_t k = 0; k < s.names.size(); ++k) {
    std::vector<Cell> row{s.names[k], s.n[k]};
    for (std::size_t c = 0; c < schemes.size(); ++c) {
      row.emplace_back(r.index[c][k]);
      row.emplace_back(static_cast<std::int64_t>(r.rank[c][k]));
    }
    row.emplace_back(static_cast<std::int64_t>(r.best_rank[k]));
    row.emplace_back(static_cast<std::int64_t>(r.worst_rank[k]));
    stable += r.best_rank[k] == r.worst_rank[k] ? 1 : 0;
    ranks.rows.push_back(std::move(row));
  }
  report.tables.push_back(std::move(ranks));
  report.add_check("rank_stability", r.same_first ? CheckStatus::passed : CheckStatus::warned,
                   r.same_first
                       ? title("every scheme puts the same service first", "各赋权方法的第一名相同")
                       : title("the schemes put different services first", "不同赋权方法给出不同的第一名"));
  say(report, tri("{0} of {1} services keep their rank under all {2} schemes (agreement W = {3}).",
                  "{1} 项服务中有 {0} 项在全部 {2} 种赋权方法下名次不变（一致性 W = {3}）。", stable,
                  s.names.size(), schemes.size(), num(r.kendall_w)));
  return {};
}

Result<Report> run_weights(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const Prepared p, prepare(table, options));
  Report report{
      .method = "weights",
      .title = title("Weights from data", "客观赋权"),
      .citations = {"Shannon (1948), Bell System Technical J. 27:379-423 (entropy)",
                    "Diakoulaki, Mavrotas & Papayannakis (1995), Computers Ops Res. 22:763-770 (CRITIC)",
                    "Kendall & Gibbons (1990), Rank Correlation Methods (agreement of rankings)"},
      .rows_given = static_cast<std::int64_t>(table.rows()),
      .rows_used = static_cast<std::int64_t>(p.rows.rows.size())};
  RAPPORT_TRY(const auto schemes, schemes_of(p, options, report));
  ReportTable table_of{
      .key = "weights", .title = title("Weights by scheme", "各方法权重"), .columns = {"item"}};
  for (const WeightScheme& scheme : schemes) table_of.columns.push_back(scheme.name);
  double spread_max = 0;
  std::size_t widest = 0;
  for (std::size_t j = 0; j < p.items.size(); ++j) {
    std::vector<Cell> row{p.items[j]};
    double least = 1, most = 0;
    for (const WeightScheme& scheme : schemes) {
      row.emplace_back(scheme.weights[j]);
      least = std::min(least, scheme.weights[j]);
      most = std::max(most, scheme.weights[j]);
    }
    if (most - least > spread_max) {
      spread_max = most - least;
      widest = j;
    }
    table_of.rows.push_back(std::move(row));
  }
  report.tables.insert(report.tables.begin(), std::move(table_of));
  say(report, tri("{0} schemes over {1} rows; they disagree most about '{2}' (by {3}).",
                  "{0} 种方法，共 {1} 行；分歧最大的是“{2}”（相差 {3}）。", schemes.size(),
                  p.rows.rows.size(), p.items[widest], percent(spread_max)));
  if (options.has("by")) {
    RAPPORT_TRY(const ServiceMeans services, service_means(table, p, options.text("by")));
    RAPPORT_CHECK(add_ranking(report, services, schemes, p));
  }
  return report;
}

constexpr std::array kDelphiOptions{
    OptionSpec{"items", "A,B,C", "the items rated; every numeric column but --round when absent"},
    OptionSpec{"round", "COLUMN", "column that names the round; one round when absent"},
    OptionSpec{"expert", "COLUMN", "column that names the expert (left out of the items)"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
};

void add_round(Report& report, ReportTable& items, const DelphiRound& round) {
  for (const DelphiItem& item : round.items) {
    items.rows.push_back({round.name, item.name, static_cast<std::int64_t>(item.n), item.mean, item.ci_low,
                          item.ci_high, item.sd, item.cv, item.median, item.q1, item.q3, item.agreement,
                          item.weight});
  }
  for (const DelphiItem& item : round.items) {
    if (item.cv < 0.25 || !std::isfinite(item.cv)) continue;
    report.add_check(
        "variation", CheckStatus::warned,
        tri("round {0}: experts differ on '{1}' (coefficient of variation {2:.2f}, .25 is the usual limit)",
            "第 {0} 轮：专家对“{1}”意见分散（变异系数 {2:.2f}，通常要求低于 0.25）", round.name, item.name,
            item.cv));
  }
}

Result<DelphiInput> read_rounds(const model::Table& table, const Options& options) {
  DelphiInput input;
  const std::string round = options.text("round");
  input.items = options.list("items");
  if (input.items.empty())
    input.items = numeric_columns_except(table, std::array<std::string, 2>{round, options.text("expert")});
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, input.items));
  std::vector<std::string> label(table.rows(), "1");
  if (!round.empty()) {
    RAPPORT_TRY(label, labels(table, round));
  }
  std::vector<std::vector<Eigen::Index>> members;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const std::string& name = label[rows.rows[i]];
    auto at = std::find(input.round_names.begin(), input.round_names.end(), name);
    if (at == input.round_names.end()) {
      at = input.round_names.insert(at, name);
      members.emplace_back();
    }
    members[static_cast<std::size_t>(at - input.round_names.begin())].push_back(static_cast<Eigen::Index>(i));
  }
  for (const auto& member : members) input.rounds.emplace_back(rows.x(member, Eigen::all));
  return input;
}

Result<Report> run_delphi(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const DelphiInput input, read_rounds(table, options));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  RAPPORT_TRY(const DelphiResult r, delphi(input, static_cast<std::uint64_t>(seed)));
  const DelphiRound& last = r.rounds.back();
  std::int64_t used = 0;
  for (const auto& round : input.rounds) used += round.rows();
  Report report{.method = "delphi",
                .title = title("Agreement of experts over Delphi rounds", "德尔菲法专家意见"),
                .citations = {"Kendall & Gibbons (1990), Rank Correlation Methods, chapter 6",
                              "Dalkey & Helmer (1963), Management Science 9:458-467"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = used};
  add_interval(report, "w", last.concordance.w, last.w_ci_low, last.w_ci_high,
               static_cast<std::int64_t>(last.concordance.judges),
               "Kendall's W of the last round; bootstrap over experts");
  report.add_figure("chisq", last.concordance.chisq);
  report.add_figure("df", last.concordance.df);
  report.add_figure("pvalue", last.concordance.p);
  if (r.rounds.size() > 1) {
    report.add_figure("median_shift_max", r.median_shift_max, "convergence");
    report.add_figure("iqr_change_mean", r.iqr_change_mean, "convergence");
    report.add_figure("w_change", r.w_change, "convergence");
    report.add_check("converged", r.converged ? CheckStatus::passed : CheckStatus::warned,
                     r.converged ? title("the last round moved no median by more than half a point",
                                         "最后一轮各项中位数变动不超过半分")
                                 : title("opinions still move: another round is worth asking",
                                         "意见仍在变化，建议再做一轮"));
  }
  ReportTable rounds{.key = "rounds",
                     .title = title("Rounds", "轮次"),
                     .columns = {"round", "experts", "w", "w_ci_low", "w_ci_high", "chisq", "pvalue"}};
  ReportTable items{.key = "items",
                    .title = title("Items", "指标"),
                    .columns = {"round", "item", "n", "mean", "ci_low", "ci_high", "sd", "cv", "median", "q1",
                                "q3", "agreement", "weight"}};
  for (const DelphiRound& round : r.rounds) {
    rounds.rows.push_back({round.name, static_cast<std::int64_t>(round.concordance.judges),
                           round.concordance.w, round.w_ci_low, round.w_ci_high, round.concordance.chisq,
                           round.concordance.p});
    add_round(report, items, round);
  }
  report.tables = {std::move(rounds), std::move(items)};
  say(report,
      tri("{0} experts agree with W = {1:.3f} (interval {2:.3f} to {3:.3f}, p = {4}).",
          "{0} 位专家的一致性系数 W = {1:.3f}（区间 {2:.3f} 至 {3:.3f}，p = {4}）。", last.concordance.judges,
          last.concordance.w, last.w_ci_low, last.w_ci_high, num(last.concordance.p)));
  return report;
}

}  // namespace

Method weights_method() {
  return {"weights", "entropy, CRITIC, PCA and regression weights; stability of the ranking", kWeightOptions,
          run_weights};
}
Method delphi_method() {
  return {"delphi", "expert agreement and convergence over rounds", kDelphiOptions, run_delphi};
}

}  // namespace rapport::study::detail
