#include <array>
#include <cmath>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/kano.h"
#include "study/servqual.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kKanoOptions{
    OptionSpec{"features", "NAME:FUNCTIONAL:DYSFUNCTIONAL,...",
               "columns of the answers 1 (like) to 5 (dislike); pairs x_f, x_d when absent"},
    OptionSpec{"table", "QAAAO/RIIIM/...",
               "evaluation table, rows = functional answer; Berger et al. (1993) when absent"},
    OptionSpec{"replicates", "N", "of the bootstrap; 1000 when absent"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
};

struct Feature {
  std::string name, functional, dysfunctional;
};

Result<std::vector<Feature>> features_of(const model::Table& table, const Options& options) {
  std::vector<Feature> features;
  for (const std::string& word : options.list("features")) {
    const auto first = word.find(':'), second = word.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      return Error{Errc::bad_input, fmt::format("feature '{}'", word), "--features",
                   "NAME:FUNCTIONAL:DYSFUNCTIONAL"};
    }
    features.push_back(
        {word.substr(0, first), word.substr(first + 1, second - first - 1), word.substr(second + 1)});
  }
  if (!features.empty()) return features;
  for (std::size_t j = 0; j < table.columns(); ++j) {
    const std::string& name = table.column(j).name;
    if (name.size() < 3 || name.substr(name.size() - 2) != "_f") continue;
    const std::string stem = name.substr(0, name.size() - 2);
    if (table.find(stem + "_d").ok()) features.push_back({stem, name, stem + "_d"});
  }
  if (features.empty())
    return Error{Errc::bad_input, "no feature is named and no columns x_f, x_d exist", "--features",
                 "NAME:FUNCTIONAL:DYSFUNCTIONAL"};
  return features;
}

Result<KanoAnswers> answers_of(const model::Table& table, const Feature& feature) {
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, {feature.functional, feature.dysfunctional}));
  KanoAnswers answers{feature.name, {}, {}};
  for (Eigen::Index i = 0; i < rows.x.rows(); ++i) {
    for (const Eigen::Index j : {Eigen::Index{0}, Eigen::Index{1}}) {
      const double a = rows.x(i, j);
      if (a != std::floor(a) || a < 1 || a > 5) {
        return Error{
            Errc::bad_input,
            fmt::format("column '{}', row {}: answer {}", j == 0 ? feature.functional : feature.dysfunctional,
                        rows.rows[static_cast<std::size_t>(i)] + 1, a),
            feature.name, "1 (like) to 5 (dislike)"};
      }
      (j == 0 ? answers.functional : answers.dysfunctional).push_back(static_cast<int>(a) - 1);
    }
  }
  return answers;
}

Text3 kano_word(KanoCategory c) {
  switch (c) {
    case KanoCategory::must_be:
      return title("expected (its absence hurts)", "必备属性");
    case KanoCategory::one_dimensional:
      return title("the more the better", "期望属性");
    case KanoCategory::attractive:
      return title("a delight", "魅力属性");
    case KanoCategory::indifferent:
      return title("indifferent", "无差异属性");
    case KanoCategory::reverse:
      return title("unwanted", "反向属性");
    case KanoCategory::questionable:
      return title("answered in contradiction", "可疑结果");
  }
  return title("indifferent", "无差异属性");
}

Result<Report> run_kano(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto features, features_of(table, options));
  RAPPORT_TRY(const KanoTable evaluation, options.has("table") ? parse_kano_table(options.text("table"))
                                                               : Result<KanoTable>(berger_table()));
  RAPPORT_TRY(const std::int64_t replicates, options.whole("replicates", 1000, 10, 100000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  std::vector<KanoAnswers> answers;
  for (const Feature& feature : features) {
    RAPPORT_TRY(auto one, answers_of(table, feature));
    answers.push_back(std::move(one));
  }
  RAPPORT_TRY(const auto results, kano(answers, evaluation,
                                       {.replicates = static_cast<std::size_t>(replicates),
                                        .seed = static_cast<std::uint64_t>(seed)}));
  Report report{
      .method = "kano",
      .title = title("Kano: expected, wished for, delightful", "Kano 模型"),
      .citations =
          {"Kano, Seraku, Takahashi & Tsuji (1984), J. Japanese Society for Quality Control 14:39-48",
           "Berger et al. (1993), Center for Quality of Management Journal 2(4):2-36 (table, coefficients)",
           "Lee & Newcomb (1997), Research in Engineering Design 9:105-114 (strengths)",
           "Fong (1996), CQM Journal 5(3) (test)"},
      .rows_given = static_cast<std::int64_t>(table.rows())};
  ReportTable t{.key = "features",
                .title = title("Features", "功能"),
                .columns = {"feature", "n", "category", "M", "O", "A", "I", "R", "Q", "total_strength",
                            "category_strength", "significant", "better", "better_ci_low", "better_ci_high",
                            "worse", "worse_ci_low", "worse_ci_high"}};
  std::vector<Point> points;
  for (const KanoFeature& f : results) {
    std::vector<Cell> row{f.feature, static_cast<std::int64_t>(f.n), std::string(kano_letter(f.category))};
    for (const std::size_t c : f.counts) row.emplace_back(static_cast<std::int64_t>(c));
    for (Cell cell : std::initializer_list<Cell>{
             f.total_strength, f.category_strength, std::string(f.significant ? "yes" : "no"), f.better,
             f.better_low, f.better_high, f.worse, f.worse_low, f.worse_high}) {
      row.push_back(std::move(cell));
    }
    t.rows.push_back(std::move(row));
    points.push_back({f.feature, -f.worse, f.better});
    report.rows_used = std::max(report.rows_used, static_cast<std::int64_t>(f.n));
    if (!f.significant) {
      report.add_check(
          "category_clear", CheckStatus::warned,
          tri("'{0}': the first category does not beat the second (strength {1}): a mixture of customers",
              "“{0}”：第一类与第二类差距不显著（强度 {1}），可能是不同客群的混合", f.feature,
              percent(f.category_strength)));
    }
    const Text3 word = kano_word(f.category);
    Text3 line = tri("'{0}' is ", "“{0}”属于", f.feature);
    const Text3 tail = tri(" (better {0:.2f}, worse {1:.2f}, n = {2}).",
                           "（better {0:.2f}，worse {1:.2f}，n = {2}）。", f.better, f.worse, f.n);
    say(report,
        {line.en + word.en + tail.en, line.hans + word.hans + tail.hans, line.hant + word.hant + tail.hant});
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("Better against worse", "Better-Worse 图"),
                           scatter_chart(points, "-worse", "better", std::pair{0.5, 0.5})});
  return report;
}

constexpr std::array kServqualOptions{
    OptionSpec{"perceived", "P1,P2,...", "columns of the perceptions, in the order of the items"},
    OptionSpec{"expected", "E1,E2,...", "columns of the expectations; absent: SERVPERF"},
    OptionSpec{"dimensions", "NAME:COUNT,...",
               "how many items each dimension takes, in order; 4, 5, 4, 4, 5 for 22 items when absent"},
    OptionSpec{"weights", "W1,W2,...", "of the dimensions; equal when absent"},
};

Result<std::vector<ServqualDimension>> dimensions_of(const Options& options, std::size_t items) {
  std::vector<ServqualDimension> dimensions;
  std::size_t at = 0;
  for (const std::string& word : options.list("dimensions")) {
    const auto colon = word.find(':');
    const long count = colon == std::string::npos ? 0 : std::strtol(word.c_str() + colon + 1, nullptr, 10);
    if (count < 1 || at + static_cast<std::size_t>(count) > items) {
      return Error{Errc::bad_input, fmt::format("dimension '{}' with {} items left", word, items - at),
                   "--dimensions", "NAME:COUNT, counts summing to the items"};
    }
    dimensions.push_back({word.substr(0, colon), {}});
    for (long i = 0; i < count; ++i) dimensions.back().items.push_back(at++);
  }
  if (!dimensions.empty()) return dimensions;
  if (items == 22) return standard_dimensions();
  ServqualDimension all{"all", {}};
  for (std::size_t i = 0; i < items; ++i) all.items.push_back(i);
  return std::vector{all};
}

Result<Report> run_servqual(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto perceived, options.need_list("perceived"));
  const auto expected = options.list("expected");
  if (!expected.empty() && expected.size() != perceived.size()) {
    return Error{Errc::bad_input,
                 fmt::format("{} expectations for {} perceptions", expected.size(), perceived.size()),
                 "--expected", "one an item"};
  }
  RAPPORT_TRY(const auto dimensions, dimensions_of(options, perceived.size()));
  std::vector<double> weights;
  for (const std::string& word : options.list("weights"))
    weights.push_back(std::strtod(word.c_str(), nullptr));
  auto all = perceived;
  all.insert(all.end(), expected.begin(), expected.end());
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, all));
  const auto p = static_cast<Eigen::Index>(perceived.size());
  RAPPORT_TRY(const ServqualResult r, servqual(rows.x.leftCols(p), rows.x.rightCols(rows.x.cols() - p),
                                               perceived, dimensions, weights));
  Report report{.method = "servqual",
                .title = r.has_expectations ? title("Service quality: perception minus expectation",
                                                    "服务质量差距（SERVQUAL）")
                                            : title("Service quality perceived", "服务绩效（SERVPERF）"),
                .citations = {"Parasuraman, Zeithaml & Berry (1988), J. of Retailing 64:12-40",
                              "Cronin & Taylor (1992), J. of Marketing 56:55-68"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(rows.rows.size())};
  const auto n = static_cast<std::int64_t>(rows.rows.size());
  if (r.has_expectations) {
    add_interval(report, "gap", r.overall.gap, r.overall.gap_low, r.overall.gap_high, n,
                 "mean perception minus expectation, dimensions equal");
    add_interval(report, "weighted_gap", r.weighted.gap, r.weighted.gap_low, r.weighted.gap_high, n);
  }
  add_interval(report, "perception", r.overall.perception, r.overall.perception_low,
               r.overall.perception_high, n);
  const auto table_of = [&](std::string key, Text3 heading, const std::vector<ServqualLine>& lines) {
    ReportTable t{.key = std::move(key),
                  .title = std::move(heading),
                  .columns = {"name", "n", "expectation", "perception", "gap", "gap_ci_low", "gap_ci_high",
                              "pvalue", "weight"}};
    for (const ServqualLine& l : lines)
      t.rows.push_back(
          {l.name, n, l.expectation, l.perception, l.gap, l.gap_low, l.gap_high, l.gap_p, l.weight});
    report.tables.push_back(std::move(t));
  };
  table_of("dimensions", title("Dimensions", "维度"), r.dimensions);
  table_of("items", title("Items", "题项"), r.items);
  const auto value = [&](const ServqualLine& l) { return r.has_expectations ? l.gap : l.perception; };
  const ServqualLine* worst = &r.dimensions.front();
  std::vector<Bar> bars;
  for (const ServqualLine& l : r.dimensions) {
    bars.push_back({l.name, value(l)});
    if (value(l) < value(*worst)) worst = &l;
  }
  report.charts.push_back({title("By dimension", "按维度"), bar_chart(bars)});
  say(report, tri("Weakest dimension: '{0}' ({1:.2f}) over {2} respondents.",
                  "最弱的维度是“{0}”（{1:.2f}），样本 {2} 人。", worst->name, value(*worst), n));
  return report;
}

}  // namespace

Method kano_method() {
  return {"kano", "expected, wished-for and delightful features", kKanoOptions, run_kano};
}
Method servqual_method() {
  return {"servqual", "SERVQUAL gaps and SERVPERF", kServqualOptions, run_servqual};
}

}  // namespace rapport::study::detail
