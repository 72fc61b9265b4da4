#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/ahp.h"
#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"matrix", "FILE", "the judgements (the table itself; same as --file)"},
    OptionSpec{"ri", "saaty|saaty-2005|donegan-dodd|alonso-lamata",
               "table of random indices; saaty when absent"},
    OptionSpec{"method", "eigenvector|geometric", "which weights lead; eigenvector when absent"},
    OptionSpec{"group", "judgements|priorities", "how experts are joined; judgements when absent"},
    OptionSpec{"expert", "COLUMN", "column that names the expert; 'expert' when the table has one"},
};

struct Judgements {
  std::vector<std::string> experts;
  std::vector<PairwiseMatrix> matrices;
  std::vector<HierarchyNode> nodes;  ///< filled instead for a table with a `node` column
};

/// "3", "0.2" or "1/5"; NaN for an empty cell. Errors: bad_input for other text.
Result<double> parse_judgement(const std::string& text, const std::string& where) {
  if (text.empty() || text == "NA" || text == "-") return model::Table::kMissing;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end != text.c_str() && *end == '\0') return value;
  if (end != text.c_str() && *end == '/') {
    char* rest = nullptr;
    const double below = std::strtod(end + 1, &rest);
    if (rest != end + 1 && *rest == '\0' && below != 0) return value / below;
  }
  return Error{Errc::bad_input, fmt::format("judgement '{}'", text.substr(0, 40)), where,
               "a number above 0 or a fraction like 1/3"};
}

Result<std::vector<double>> judgement_column(const model::Table& table, std::size_t column) {
  const model::Column& c = table.column(column);
  if (c.is_number()) return std::get<model::NumberColumn>(c.cells);
  std::vector<double> values;
  const auto& texts = std::get<model::TextColumn>(c.cells);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    RAPPORT_TRY(const double v, parse_judgement(texts[i], fmt::format("column '{}', row {}", c.name, i + 1)));
    values.push_back(v);
  }
  return values;
}

bool has_column(const model::Table& table, std::string_view name) {
  return table.find(name).ok();
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

/// Rows `left, right, value` with an optional expert or node.
Result<Judgements> read_pairs(const model::Table& table, const std::string& expert_column) {
  RAPPORT_TRY(const auto left, labels(table, "left"));
  RAPPORT_TRY(const auto right, labels(table, "right"));
  RAPPORT_TRY(const std::size_t value_at, table.find("value"));
  RAPPORT_TRY(const auto value, judgement_column(table, value_at));
  const bool by_node = has_column(table, "node");
  std::vector<std::string> key(table.rows());
  if (by_node || !expert_column.empty()) {
    RAPPORT_TRY(key, labels(table, by_node ? "node" : expert_column));
  }
  std::vector<std::string> keys, shared_names;
  std::vector<std::vector<std::string>> names;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::size_t k = index_of(keys, key[i]);
    if (names.size() <= k) names.resize(k + 1);
    auto& into = by_node ? names[k] : shared_names;
    index_of(into, left[i]);
    index_of(into, right[i]);
  }
  std::vector<PairwiseMatrix> matrices;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto& own = by_node ? names[k] : shared_names;
    const auto n = static_cast<Eigen::Index>(own.size());
    matrices.push_back({own, math::Matrix::Constant(n, n, std::nan(""))});
  }
  for (std::size_t i = 0; i < table.rows(); ++i) {
    PairwiseMatrix& m = matrices[index_of(keys, key[i])];
    m.a(static_cast<Eigen::Index>(index_of(m.names, left[i])),
        static_cast<Eigen::Index>(index_of(m.names, right[i]))) = value[i];
  }
  Judgements j;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (by_node) {
      j.nodes.push_back({keys[k], matrices[k]});
    } else {
      j.experts.push_back(keys[k]);
      j.matrices.push_back(matrices[k]);
    }
  }
  return j;
}

/// A square block a expert; a first column of text holds the row names.
Result<Judgements> read_square(const model::Table& table, const std::string& expert_column) {
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < table.columns(); ++j) {
    if (table.column(j).name != expert_column) columns.push_back(j);
  }
  std::vector<std::string> expert(table.rows());
  if (!expert_column.empty()) {
    RAPPORT_TRY(expert, labels(table, expert_column));
  }
  Judgements result;
  for (const std::string& e : expert) index_of(result.experts, e);
  const std::size_t per_expert = table.rows() / std::max<std::size_t>(1, result.experts.size());
  // One column more than rows: the first one names the rows.
  if (columns.size() == per_expert + 1) columns.erase(columns.begin());
  if (columns.size() != per_expert || table.rows() % columns.size() != 0) {
    return Error{Errc::bad_input,
                 fmt::format("{} rows for {} experts and {} columns", table.rows(), result.experts.size(),
                             columns.size()),
                 "matrix",
                 "a square matrix (an optional first column of names), or columns left, right, value"};
  }
  std::vector<std::string> names;
  std::vector<std::vector<double>> cells;
  for (const std::size_t j : columns) {
    names.push_back(table.column(j).name);
    RAPPORT_TRY(auto values, judgement_column(table, j));
    cells.push_back(std::move(values));
  }
  const auto n = static_cast<Eigen::Index>(names.size());
  result.matrices.assign(result.experts.size(), {names, math::Matrix(n, n)});
  std::vector<Eigen::Index> next(result.experts.size(), 0);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::size_t e = index_of(result.experts, expert[i]);
    if (next[e] >= n) return fail(Errc::bad_input, "expert '{}' has more rows than elements", expert[i]);
    for (Eigen::Index j = 0; j < n; ++j)
      result.matrices[e].a(next[e], j) = cells[static_cast<std::size_t>(j)][i];
    ++next[e];
  }
  return result;
}

void check_consistency(Report& report, const AhpWeights& w, const std::string& of, RandomIndex table) {
  if (!w.cr) {
    report.add_check("consistency", CheckStatus::warned,
                     tri("{0}no consistency ratio: table {1} ends before {2} elements",
                         "{0}没有一致性比率：{1} 表不含 {2} 个元素的随机指数", of, random_index_name(table),
                         w.names.size()));
    return;
  }
  const bool good = *w.cr < 0.1;
  report.add_check(
      "consistency", good ? CheckStatus::passed : CheckStatus::failed,
      tri("{0}CR {1:.4f} by table {2}; the usual limit is .10; farthest triad: {3}",
          "{0}一致性比率 CR 为 {1:.4f}（{2} 表），通常要求低于 0.10；矛盾最大的三元组：{3}", of, *w.cr,
          random_index_name(table), w.worst_triad.empty() ? std::string("-") : w.worst_triad));
}

ReportTable weight_map(const std::vector<std::string>& names, const std::vector<double>& weights) {
  ReportTable table{.key = "weights",
                    .title = title("Weights", "权重"),
                    .columns = {"element", "weight"},
                    .shape = Shape::map};
  for (std::size_t i = 0; i < names.size(); ++i) table.rows.push_back({names[i], weights[i]});
  return table;
}

void read_weights(Report& report, const std::vector<std::string>& names, const std::vector<double>& weights) {
  const auto at =
      static_cast<std::size_t>(std::max_element(weights.begin(), weights.end()) - weights.begin());
  say(report,
      tri("'{0}' weighs most with {1}, of {2} elements compared.",
          "“{0}”权重最高，为 {1}（共比较 {2} 个元素）。", names[at], percent(weights[at]), names.size()));
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < names.size(); ++i) bars.push_back({names[i], weights[i]});
  report.charts.push_back({title("Weights", "权重"), bar_chart(bars)});
}

void report_hierarchy(Report& report, const AhpHierarchy& h, RandomIndex table,
                      const std::vector<HierarchyNode>& nodes) {
  report.tables.push_back(weight_map(h.alternatives, h.weights));
  ReportTable levels{.key = "nodes",
                     .title = title("Comparisons", "各层判断"),
                     .columns = {"node", "node_weight", "element", "weight", "lambda_max", "cr"}};
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const AhpWeights& w = h.nodes[k];
    for (std::size_t i = 0; i < w.names.size(); ++i) {
      levels.rows.push_back({nodes[k].name, h.node_weights[k], w.names[i], w.weights[i], w.lambda_max,
                             w.cr.value_or(std::nan(""))});
    }
    check_consistency(report, w, nodes[k].name + ": ", table);
  }
  report.tables.push_back(std::move(levels));
  read_weights(report, h.alternatives, h.weights);
}

void report_group(Report& report, const AhpGroup& group, RandomIndex table, bool geometric) {
  const AhpWeights& w = group.combined;
  const auto& leading = geometric ? w.geometric_mean : w.weights;
  report.add_figure("lambda_max", w.lambda_max);
  report.add_figure("ci", w.ci);
  report.add_figure("ri", w.ri.value_or(std::nan("")));
  report.add_figure("cr", w.cr.value_or(std::nan("")));
  report.add_figure("missing_comparisons", static_cast<double>(w.missing));
  report.add_figure("experts", static_cast<double>(group.experts.size()));
  report.tables.push_back(weight_map(w.names, leading));
  ReportTable detail{.key = "elements",
                     .title = title("Elements", "元素"),
                     .columns = {"element", "eigenvector", "geometric_mean", "ci_low", "ci_high"}};
  for (std::size_t i = 0; i < w.names.size(); ++i) {
    const bool several = !group.ci_low.empty();
    detail.rows.push_back({w.names[i], w.weights[i], w.geometric_mean[i],
                           several ? group.ci_low[i] : std::nan(""),
                           several ? group.ci_high[i] : std::nan("")});
  }
  report.tables.push_back(std::move(detail));
  check_consistency(report, w, "", table);
  for (std::size_t e = 0; e < group.each.size() && group.each.size() > 1; ++e)
    check_consistency(report, group.each[e], group.experts[e] + ": ", table);
  report.add_check("methods_agree", w.ranks_agree ? CheckStatus::passed : CheckStatus::warned,
                   w.ranks_agree ? title("eigenvector and geometric mean rank the elements alike",
                                         "特征向量法与几何平均法排序一致")
                                 : title("eigenvector and geometric mean rank some elements differently",
                                         "特征向量法与几何平均法对部分元素的排序不同"));
  read_weights(report, w.names, leading);
  if (group.experts.size() == 1) {
    say(report,
        title("One expert's judgement has no sampling interval; ask several and the intervals follow.",
              "单个专家的判断没有抽样区间；多请几位专家即可给出区间。"));
  } else {
    say(report, tri("Intervals are over the {0} experts.", "区间按 {0} 位专家之间的差异计算。",
                    group.experts.size()));
  }
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const RandomIndex ri, parse_random_index(options.text("ri", "saaty")));
  RAPPORT_TRY(const std::string method,
              options.choice("method", {"eigenvector", "geometric"}, "eigenvector"));
  RAPPORT_TRY(const std::string rule, options.choice("group", {"judgements", "priorities"}, "judgements"));
  std::string expert = options.text("expert");
  if (expert.empty() && has_column(table, "expert")) expert = "expert";
  const bool pairs = has_column(table, "left") && has_column(table, "right") && has_column(table, "value");
  RAPPORT_TRY(const Judgements judgements, pairs ? read_pairs(table, expert) : read_square(table, expert));
  Report report{
      .method = "ahp",
      .title = title("Weights from pairwise judgements (AHP)", "层次分析法（AHP）权重"),
      .citations =
          {"Saaty (1980), The Analytic Hierarchy Process; Saaty (2008), Int. J. Services Sciences 1:83-98",
           "Bozoki, Fulop & Ronyai (2010), Math. Comput. Modelling 52:318-333 (incomplete matrices)",
           "Aczel & Saaty (1983), J. Math. Psychology 27:93-102 (groups)"},
      .rows_given = static_cast<std::int64_t>(table.rows()),
      .rows_used = static_cast<std::int64_t>(table.rows())};
  if (!judgements.nodes.empty()) {
    RAPPORT_TRY(const AhpHierarchy hierarchy, ahp_hierarchy(judgements.nodes, ri));
    report_hierarchy(report, hierarchy, ri, judgements.nodes);
    return report;
  }
  RAPPORT_TRY(const AhpGroup group,
              ahp_group(judgements.experts, judgements.matrices,
                        rule == "priorities" ? GroupRule::priorities : GroupRule::judgements, ri));
  report_group(report, group, ri, method == "geometric");
  return report;
}

}  // namespace

Method ahp_method() {
  return {"ahp", "weights from pairwise judgements, with consistency", kOptions, run};
}

}  // namespace rapport::study::detail
