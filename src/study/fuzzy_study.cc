#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/fuzzy.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"grades", "A,B,C", "membership table: the columns of the grades, from best to worst"},
    OptionSpec{"items", "A,B,C",
               "or ratings: one column a factor; memberships are the shares of each answer"},
    OptionSpec{"weights", "W1,W2,...",
               "of the factors; the column 'weight' of a membership table when absent"},
    OptionSpec{"scores", "100,80,...", "worth of each grade; 100 down to 0 in equal steps when absent"},
    OptionSpec{"operator", "product-sum|min-max|product-max|min-bounded-sum",
               "which decides; product-sum when absent"},
};

struct Evaluation {
  std::vector<std::string> factors, grades;
  math::Matrix membership;
  std::vector<double> weights;
  std::int64_t rows_used = 0;
};

Result<std::vector<double>> numbers_of(const Options& options, const std::string& name) {
  std::vector<double> values;
  for (const std::string& word : options.list(name)) {
    char* end = nullptr;
    values.push_back(std::strtod(word.c_str(), &end));
    if (end == word.c_str() || *end != '\0')
      return Error{Errc::bad_input, fmt::format("'{}' is no number", word), "--" + name, "numbers"};
  }
  return values;
}

/// Shares of each distinct answer, the highest first.
Result<Evaluation> from_ratings(const model::Table& table, const Options& options) {
  Evaluation e;
  e.factors = options.list("items");
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, e.factors));
  const std::set<double, std::greater<>> answers(rows.x.reshaped().begin(), rows.x.reshaped().end());
  if (answers.size() > 20)
    return Error{Errc::bad_input, fmt::format("{} different answers", answers.size()), "--items",
                 "ratings on a scale of at most 20 points"};
  e.membership.resize(rows.x.cols(), static_cast<Eigen::Index>(answers.size()));
  Eigen::Index g = 0;
  for (const double answer : answers) {
    e.grades.push_back(num(answer));
    for (Eigen::Index j = 0; j < rows.x.cols(); ++j) {
      e.membership(j, g) =
          static_cast<double>((rows.x.col(j).array() == answer).count()) / static_cast<double>(rows.x.rows());
    }
    ++g;
  }
  e.rows_used = static_cast<std::int64_t>(rows.rows.size());
  return e;
}

Result<Evaluation> from_memberships(const model::Table& table, const Options& options) {
  Evaluation e;
  e.grades = options.list("grades");
  if (e.grades.empty()) e.grades = numeric_columns_except(table, std::array<std::string, 1>{"weight"});
  RAPPORT_TRY(const CompleteRows rows, complete_rows(table, e.grades));
  if (rows.rows.size() != table.rows())
    return Error{Errc::bad_input, "a membership is missing", "rows", "a full table"};
  e.membership = rows.x;
  if (table.find("factor").ok()) {
    RAPPORT_TRY(e.factors, labels(table, "factor"));
  } else {
    for (std::size_t i = 1; i <= table.rows(); ++i) e.factors.push_back(fmt::format("factor {}", i));
  }
  if (!options.has("weights") && table.find("weight").ok()) {
    RAPPORT_TRY(const auto weights, table.numbers("weight"));
    e.weights.assign(weights.begin(), weights.end());
  }
  e.rows_used = static_cast<std::int64_t>(table.rows());
  return e;
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const FuzzyOperator op, parse_fuzzy_operator(options.text("operator", "product-sum")));
  RAPPORT_TRY(Evaluation e,
              options.has("items") ? from_ratings(table, options) : from_memberships(table, options));
  if (options.has("weights")) {
    RAPPORT_TRY(e.weights, numbers_of(options, "weights"));
  }
  if (e.weights.empty())
    return Error{Errc::bad_input, "the factors have no weights", "--weights",
                 "one weight a factor, sum 1 (see the study `ahp`)"};
  RAPPORT_TRY(std::vector<double> scores, numbers_of(options, "scores"));
  for (std::size_t g = 0; scores.size() < e.grades.size() && !options.has("scores"); ++g) {
    scores.push_back(100 - 100 * static_cast<double>(g) /
                               static_cast<double>(std::max<std::size_t>(1, e.grades.size() - 1)));
  }
  RAPPORT_TRY(const FuzzyResult r, fuzzy_evaluate(e.weights, e.membership, scores));
  Report report{.method = "fuzzy",
                .title = title("Fuzzy comprehensive evaluation", "模糊综合评价"),
                .citations = {"Zadeh (1965), Information and Control 8:338-353",
                              "Wang (1983), Fuzzy Sets Theory and Its Applications (the four operators)"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = e.rows_used};
  const auto at = static_cast<std::size_t>(std::find(kFuzzyOperators.begin(), kFuzzyOperators.end(), op) -
                                           kFuzzyOperators.begin());
  const FuzzyGrade& chosen = r.by_operator[at];
  report.figures.push_back({.name = "score",
                            .value = chosen.score,
                            .n = e.rows_used,
                            .definition = "sum of normalised membership times grade score"});
  ReportTable table_of{.key = "operators",
                       .title = title("Membership by operator", "各算子的隶属度"),
                       .columns = {"operator", "grade", "score"}};
  for (const std::string& grade : e.grades) table_of.columns.push_back("b_" + grade);
  for (const FuzzyGrade& g : r.by_operator) {
    std::vector<Cell> row{std::string(fuzzy_operator_name(g.op)), e.grades[g.grade], g.score};
    for (const double b : g.membership) row.emplace_back(b);
    table_of.rows.push_back(std::move(row));
  }
  report.tables.push_back(std::move(table_of));
  report.add_check("operators_agree", r.grades_agree ? CheckStatus::passed : CheckStatus::warned,
                   r.grades_agree ? title("all four operators give the same grade", "四种算子给出相同等级")
                                  : title("the grade depends on the operator: see the table",
                                          "等级取决于所选算子，详见下表"));
  if (r.min_max_ignores_weights) {
    report.add_check("weights_used", CheckStatus::warned,
                     title("min-max gives the same result with equal weights: it threw the weights away",
                           "取小取大算子在等权下结果相同：权重实际未起作用"));
  }
  if (chosen.tied)
    report.add_check("tie", CheckStatus::warned,
                     title("two grades share the largest membership", "有两个等级隶属度并列最大"));
  say(report, tri("By {0} the grade is '{1}', score {2:.4g}. A membership table has no sampling interval; "
                  "ratings from more people make it firmer.",
                  "按 {0} 算子评价等级为“{1}”，得分 {2:.4g}。隶属度表本身没有抽样区间；评价人数越多越可靠。",
                  fuzzy_operator_name(op), e.grades[chosen.grade], chosen.score));
  return report;
}

}  // namespace

Method fuzzy_method() {
  return {"fuzzy", "fuzzy comprehensive evaluation under four operators", kOptions, run};
}

}  // namespace rapport::study::detail
