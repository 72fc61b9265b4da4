#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "study/chart.h"
#include "study/detail/methods.h"
#include "study/pls.h"
#include "study/validity.h"

namespace rapport::study::detail {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::array kOptions{
    OptionSpec{"model", "FILE|TEXT", "f =~ x1 + x2 (reflective), f <~ x1 + x2 (formative), g ~ f"},
    OptionSpec{"scheme", "path|centroid|factorial", "inner weighting; path when absent"},
    OptionSpec{"target", "NAME",
               "the construct of the importance-performance map; the last effect when absent"},
    OptionSpec{"scale", "LOW-HIGH", "ends of the answer scale; the lowest and highest answer when absent"},
    OptionSpec{"bootstrap", "N", "case bootstrap draws; 0 when absent"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
    OptionSpec{"level", "P", "of the intervals; 0.95 when absent"},
};

struct Scale {
  double low = 0, high = 0;
};

Result<Scale> read_scale(const Options& options, const Items& items) {
  Scale scale{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const auto& column : items.columns) {
    for (const double cell : column) {
      if (cell < scale.low) scale.low = cell;
      if (cell > scale.high) scale.high = cell;
    }
  }
  if (!options.has("scale")) return scale;
  const std::string text = options.text("scale");
  const std::size_t dash = text.find('-', 1);
  Scale given;
  const auto number = [](std::string_view part, double& out) {
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), out);
    return code == std::errc{} && end == part.data() + part.size();
  };
  if (dash == std::string::npos || !number(std::string_view(text).substr(0, dash), given.low) ||
      !number(std::string_view(text).substr(dash + 1), given.high) || !(given.low < given.high)) {
    return Error{Errc::bad_input, fmt::format("'{}' is not a scale", text), "--scale",
                 "LOW-HIGH, as in 1-10"};
  }
  if (scale.low < given.low || scale.high > given.high) {
    return Error{
        Errc::bad_input,
        fmt::format("answers reach from {} to {}, outside the scale {}", scale.low, scale.high, text),
        "--scale", "a scale that holds every answer"};
  }
  return given;
}

Result<int> read_target(const Options& options, const PlsModel& model) {
  int target = model.order.back();
  for (const int j : model.order) {
    if (model.constructs[static_cast<std::size_t>(j)].effects.empty()) target = j;
  }
  if (!options.has("target")) return target;
  const std::string name = options.text("target");
  for (std::size_t j = 0; j < model.constructs.size(); ++j) {
    if (model.constructs[j].name == name) return static_cast<int>(j);
  }
  return Error{Errc::bad_input, fmt::format("'{}' is no construct of the model", name), "--target",
               "a name left of =~ or <~"};
}

/// One row of the parameter table; without a bootstrap there is no error to print.
std::vector<Cell> row(const std::string& lhs, const char* op, const std::string& rhs, double est,
                      const PlsBootstrap* b, const std::vector<double> PlsBootstrap::*se,
                      const std::vector<math::Interval> PlsBootstrap::*ci, std::size_t i) {
  double error = kNaN, z = kNaN, p = kNaN, low = kNaN, high = kNaN;
  if (b != nullptr) {
    error = (b->*se)[i];
    z = est / error;
    p = error > 1e-9 ? math::two_sided_normal_p(z) : kNaN;
    if (!(error > 1e-9)) z = kNaN;  // the loading of a single item is one in every draw
    low = (b->*ci)[i].low;
    high = (b->*ci)[i].high;
  }
  return {lhs, std::string(op), rhs, est, error, z, p, est, low, high};
}

ReportTable parameter_table(const PlsFit& fit, const PlsBootstrap* b) {
  ReportTable table{
      .key = "parameters",
      .title = {"Loadings (=~), weights (<~) and paths (~)", "载荷（=~）、权重（<~）与路径（~）",
                "負荷（=~）、權重（<~）與路徑（~）"},
      .columns = {"lhs", "op", "rhs", "est", "se", "z", "pvalue", "std", "ci.lower", "ci.upper"}};
  const PlsModel& model = fit.model;
  for (const bool loading : {true, false}) {
    for (const PlsConstruct& c : model.constructs) {
      for (const int item : c.items) {
        const auto i = static_cast<std::size_t>(item);
        table.rows.push_back(loading ? row(c.name, "=~", model.items[i], fit.loadings[item], b,
                                           &PlsBootstrap::loading_se, &PlsBootstrap::loading, i)
                                     : row(c.name, "<~", model.items[i], fit.weights[item], b,
                                           &PlsBootstrap::weight_se, &PlsBootstrap::weight, i));
      }
    }
  }
  for (std::size_t i = 0; i < model.paths.size(); ++i) {
    const auto& [cause, effect] = model.paths[i];
    table.rows.push_back(row(model.constructs[static_cast<std::size_t>(effect)].name, "~",
                             model.constructs[static_cast<std::size_t>(cause)].name, fit.paths(effect, cause),
                             b, &PlsBootstrap::path_se, &PlsBootstrap::path, i));
  }
  return table;
}

ReportTable construct_table(const PlsFit& fit, const math::Matrix& r, const std::vector<PlsIndex>& indices) {
  ReportTable table{.key = "constructs",
                    .title = {"Constructs", "构念", "構念"},
                    .columns = {"construct", "mode", "items", "r2", "r2_adjusted", "alpha", "rho_c", "ave",
                                "rho_a", "index"}};
  const auto quality = pls_quality(fit, r);
  for (std::size_t j = 0; j < quality.size(); ++j) {
    const PlsConstruct& c = fit.model.constructs[j];
    const auto at = static_cast<Eigen::Index>(j);
    table.rows.push_back({c.name, c.mode == PlsMode::a ? "A" : "B", static_cast<std::int64_t>(c.items.size()),
                          fit.r2[at], fit.r2_adjusted[at], quality[j].alpha, quality[j].rho_c, quality[j].ave,
                          quality[j].rho_a, indices[j].performance});
  }
  return table;
}

ReportTable total_table(const PlsFit& fit) {
  ReportTable table{.key = "total_effects",
                    .title = {"Total effects", "总效应", "總效應"},
                    .columns = {"lhs", "rhs", "direct", "indirect", "total"}};
  const auto& constructs = fit.model.constructs;
  for (std::size_t effect = 0; effect < constructs.size(); ++effect) {
    for (std::size_t cause = 0; cause < constructs.size(); ++cause) {
      const auto e = static_cast<Eigen::Index>(effect), c = static_cast<Eigen::Index>(cause);
      if (fit.total(e, c) == 0) continue;
      table.rows.push_back({constructs[effect].name, constructs[cause].name, fit.paths(e, c),
                            fit.total(e, c) - fit.paths(e, c), fit.total(e, c)});
    }
  }
  return table;
}

void add_htmt(Report& report, const PlsFit& fit, const math::Matrix& r) {
  std::vector<ItemBlock> blocks;
  for (const PlsConstruct& c : fit.model.constructs) {
    if (c.mode == PlsMode::a) blocks.push_back({c.name, c.items});
  }
  const math::Matrix ratio = htmt(r, blocks);
  ReportTable table{
      .key = "htmt",
      .title = {"Heterotrait-monotrait ratios", "异质-单质比率（HTMT）", "異質-單質比率（HTMT）"},
      .columns = {"lhs", "rhs", "htmt"}};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t j = i + 1; j < blocks.size(); ++j) {
      const double h = ratio(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      table.rows.push_back({blocks[i].name, blocks[j].name, h});
      if (h <= kHtmtMax) continue;
      report.add_check(
          "discriminant_validity", CheckStatus::warned,
          {fmt::format("{} and {} are not separable (HTMT {:.3f} > 0.9)", blocks[i].name, blocks[j].name, h),
           fmt::format("{} 与 {} 无法区分（HTMT {:.3f} > 0.9）", blocks[i].name, blocks[j].name, h),
           fmt::format("{} 與 {} 無法區分（HTMT {:.3f} > 0.9）", blocks[i].name, blocks[j].name, h)});
    }
  }
  report.tables.push_back(std::move(table));
}

void add_map(Report& report, const PlsFit& fit, const std::vector<PlsIndex>& indices, int target) {
  const std::string& name = fit.model.constructs[static_cast<std::size_t>(target)].name;
  ReportTable table{
      .key = "ipma",
      .title = {"Importance and performance for " + name, name + " 的重要性与绩效", name + " 的重要性與績效"},
      .columns = {"construct", "importance", "importance_std", "performance"}};
  std::vector<Point> points;
  double importance = 0, performance = 0;
  for (std::size_t j = 0; j < indices.size(); ++j) {
    const double total = fit.total(target, static_cast<Eigen::Index>(j));
    if (static_cast<int>(j) == target || total == 0) continue;
    table.rows.push_back(
        {fit.model.constructs[j].name, indices[j].importance, total, indices[j].performance});
    points.push_back({fit.model.constructs[j].name, indices[j].importance, indices[j].performance});
    importance += indices[j].importance;
    performance += indices[j].performance;
  }
  if (points.empty()) return;
  const auto count = static_cast<double>(points.size());
  const std::pair cross{importance / count, performance / count};
  report.tables.push_back(std::move(table));
  report.charts.push_back({{"Importance (points of " + name +
                                " per point) against performance (0-100); lower right = first to improve",
                            "重要性（每提高 1 分带来的 " + name + " 分数）与绩效（0-100）；右下者应优先改进",
                            "重要性（每提高 1 分帶來的 " + name + " 分數）與績效（0-100）；右下者應優先改善"},
                           scatter_chart(points, "importance", "performance", cross)});
  const Point* first = nullptr;
  for (const Point& p : points) {
    if (p.x >= cross.first && (first == nullptr || p.y < first->y)) first = &p;
  }
  report.say(
      fmt::format("The index of {} is {:.1f} of 100. Improve {} first: one point of it moves {} by {:.2f} "
                  "points, and it "
                  "stands at {:.1f}.",
                  name, indices[static_cast<std::size_t>(target)].performance, first->label, name, first->x,
                  first->y),
      fmt::format(
          "{} 指数为 {:.1f}（满分 100）。应优先改进 {}：其每提高 1 分，{} 变动 {:.2f} 分，目前为 {:.1f} 分。",
          name, indices[static_cast<std::size_t>(target)].performance, first->label, name, first->x,
          first->y),
      fmt::format(
          "{} 指數為 {:.1f}（滿分 100）。應優先改善 {}：其每提高 1 分，{} 變動 {:.2f} 分，目前為 {:.1f} 分。",
          name, indices[static_cast<std::size_t>(target)].performance, first->label, name, first->x,
          first->y));
}

void add_diagram(Report& report, const PlsFit& fit, const PlsBootstrap* b) {
  const PlsModel& model = fit.model;
  std::vector<DiagramNode> nodes;
  std::vector<DiagramArrow> arrows;
  for (const PlsConstruct& c : model.constructs) nodes.push_back({c.name, true});
  for (const std::string& item : model.items) nodes.push_back({item, false});
  for (std::size_t j = 0; j < model.constructs.size(); ++j) {
    for (const int item : model.constructs[j].items) {
      arrows.push_back({static_cast<int>(j), static_cast<int>(model.constructs.size()) + item, false,
                        fmt::format("{:.2f}", fit.loadings[item])});
    }
  }
  for (std::size_t i = 0; i < model.paths.size(); ++i) {
    const auto& [cause, effect] = model.paths[i];
    const bool strong = b == nullptr || b->path[i].low > 0 || b->path[i].high < 0;
    arrows.push_back({cause, effect, false, fmt::format("{:.2f}", fit.paths(effect, cause)), strong});
  }
  report.charts.push_back({{"Loadings and paths (dashed: the interval holds zero)",
                            "载荷与路径（虚线：区间含零）", "負荷與路徑（虛線：區間含零）"},
                           path_diagram(nodes, arrows)});
}

void add_fit(Report& report, const PlsFit& fit) {
  double communality = 0, blocks = 0, r2 = 0, effects = 0;
  for (std::size_t j = 0; j < fit.model.constructs.size(); ++j) {
    const PlsConstruct& c = fit.model.constructs[j];
    if (c.items.size() > 1) {
      for (const int item : c.items) communality += fit.loadings[item] * fit.loadings[item];
      blocks += static_cast<double>(c.items.size());
    }
    if (!c.causes.empty()) {
      r2 += fit.r2[static_cast<Eigen::Index>(j)];
      effects += 1;
    }
  }
  report.add_figure("iterations", fit.iterations, "fit");
  report.add_figure("mean_communality", communality / blocks, "fit");
  report.add_figure("mean_r2", r2 / effects, "fit");
  report.add_figure("gof", std::sqrt(communality / blocks * r2 / effects), "fit");
}

void add_checks(Report& report, const PlsFit& fit, const math::ColumnMoments& m, const PlsBootstrap* b) {
  report.add_check("converged", CheckStatus::passed,
                   {fmt::format("weights at rest after {} iterations", fit.iterations),
                    fmt::format("{} 次迭代后权重稳定", fit.iterations),
                    fmt::format("{} 次迭代後權重穩定", fit.iterations)});
  std::size_t most = 0;
  for (const PlsConstruct& c : fit.model.constructs) {
    most = std::max({most, c.causes.size(), c.mode == PlsMode::b ? c.items.size() : 0});
  }
  const auto need = static_cast<std::int64_t>(10 * most);
  report.add_check("sample_size", fit.n >= need ? CheckStatus::passed : CheckStatus::warned,
                   {fmt::format("{} rows; ten for each arrow into one construct would be {}", fit.n, need),
                    fmt::format("{} 行；按每个箭头十行计需 {} 行", fit.n, need),
                    fmt::format("{} 列；按每個箭頭十列計需 {} 列", fit.n, need)});
  if (m.rows_complete < m.rows) {
    report.add_check(
        "missing", CheckStatus::warned,
        {fmt::format("{} of {} rows left out for a missing answer", m.rows - m.rows_complete, m.rows),
         fmt::format("{1} 行中有 {0} 行因缺答被略去", m.rows - m.rows_complete, m.rows),
         fmt::format("{1} 列中有 {0} 列因缺答被略去", m.rows - m.rows_complete, m.rows)});
  }
  if (b != nullptr) {
    report.add_check("bootstrap", b->failed == 0 ? CheckStatus::passed : CheckStatus::warned,
                     {fmt::format("{} of {} draws gave no answer", b->failed, b->replicates),
                      fmt::format("{1} 次抽样中 {0} 次无解", b->failed, b->replicates),
                      fmt::format("{1} 次抽樣中 {0} 次無解", b->failed, b->replicates)});
  }
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const std::string text, options.need_text("model"));
  RAPPORT_TRY(const ModelSyntax syntax, parse_model(text));
  RAPPORT_TRY(const PlsModel model, build_pls_model(syntax));
  RAPPORT_TRY(const std::string scheme, options.choice("scheme", {"path", "centroid", "factorial"}, "path"));
  RAPPORT_TRY(const std::int64_t replicates, options.whole("bootstrap", 0, 0, 1'000'000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
  RAPPORT_TRY(const double level, options.number("level", 0.95, 0.5, 0.9999));
  RAPPORT_TRY(const int target, read_target(options, model));
  RAPPORT_TRY(const Items items, read_items(table, model.items));
  RAPPORT_TRY(const Scale scale, read_scale(options, items));
  RAPPORT_TRY(const math::ColumnMoments m, item_moments(items, math::MissingRule::listwise, 5));
  const math::Matrix r = math::correlation_of(m.covariance);
  PlsOptions pls;
  pls.scheme = scheme == "path"       ? PlsScheme::path
               : scheme == "centroid" ? PlsScheme::centroid
                                      : PlsScheme::factorial;
  RAPPORT_TRY(const PlsFit fit, fit_pls(model, r, static_cast<std::int64_t>(m.rows_complete), pls));
  std::optional<PlsBootstrap> bootstrap;
  if (replicates > 0) {
    RAPPORT_TRY(bootstrap, bootstrap_pls(fit, complete_rows(items), pls,
                                         {.replicates = static_cast<std::size_t>(replicates),
                                          .seed = static_cast<std::uint64_t>(seed),
                                          .level = level,
                                          .threads = 2}));
  }
  const PlsBootstrap* b = bootstrap ? &*bootstrap : nullptr;
  Report report{.method = "pls",
                .title = {"Partial least squares path model", "偏最小二乘路径模型", "偏最小平方路徑模型"},
                .citations = {"Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005), CSDA 48:159-205",
                              "Lohmöller (1989), Latent Variable Path Modeling with Partial Least Squares",
                              "Dijkstra & Henseler (2015), MIS Quarterly 39:297-316 (rho_A)",
                              "Henseler, Ringle & Sarstedt (2015), JAMS 43:115-135 (HTMT)",
                              "Ringle & Sarstedt (2016), IMDS 116:1865-1886 (importance-performance map)"},
                .rows_given = static_cast<std::int64_t>(m.rows),
                .rows_used = fit.n};
  add_checks(report, fit, m, b);
  add_fit(report, fit);
  const std::vector<double> low(model.items.size(), scale.low), high(model.items.size(), scale.high);
  const auto indices = pls_indices(fit, m, low, high, target);
  report.figures.push_back({.name = "index",
                            .value = indices[static_cast<std::size_t>(target)].performance,
                            .n = fit.n,
                            .definition = "0-100 index of the target with unstandardised weights"});
  report.tables.push_back(parameter_table(fit, b));
  report.tables.push_back(construct_table(fit, r, indices));
  report.tables.push_back(total_table(fit));
  add_htmt(report, fit, r);
  add_diagram(report, fit, b);
  add_map(report, fit, indices, target);
  return report;
}

}  // namespace

Method pls_method() {
  return {"pls", "partial least squares path model, satisfaction index, importance-performance map", kOptions,
          run};
}

}  // namespace rapport::study::detail
