#include "study/fuzzy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rapport::study {
namespace {

using Index = Eigen::Index;

std::vector<double> compose(FuzzyOperator op, const std::vector<double>& w, const math::Matrix& r) {
  std::vector<double> b(static_cast<std::size_t>(r.cols()), 0.0);
  for (Index j = 0; j < r.cols(); ++j) {
    double& out = b[static_cast<std::size_t>(j)];
    for (Index i = 0; i < r.rows(); ++i) {
      const double weight = w[static_cast<std::size_t>(i)];
      switch (op) {
        case FuzzyOperator::min_max:
          out = std::max(out, std::min(weight, r(i, j)));
          break;
        case FuzzyOperator::product_max:
          out = std::max(out, weight * r(i, j));
          break;
        case FuzzyOperator::min_bounded_sum:
          out = std::min(1.0, out + std::min(weight, r(i, j)));
          break;
        case FuzzyOperator::product_sum:
          out += weight * r(i, j);
          break;
      }
    }
  }
  return b;
}

FuzzyGrade grade_of(FuzzyOperator op, std::vector<double> membership, const std::vector<double>& scores) {
  FuzzyGrade g;
  g.op = op;
  g.membership = std::move(membership);
  const double total = std::accumulate(g.membership.begin(), g.membership.end(), 0.0);
  for (std::size_t j = 0; j < g.membership.size(); ++j) {
    g.normalised.push_back(g.membership[j] / total);
    g.score += g.normalised.back() * scores[j];
    if (g.membership[j] > g.membership[g.grade]) g.grade = j;
  }
  for (std::size_t j = 0; j < g.membership.size(); ++j) {
    g.tied = g.tied || (j != g.grade && std::fabs(g.membership[j] - g.membership[g.grade]) < 1e-12);
  }
  return g;
}

}  // namespace

std::string_view fuzzy_operator_name(FuzzyOperator op) {
  switch (op) {
    case FuzzyOperator::min_max:
      return "min-max";
    case FuzzyOperator::product_max:
      return "product-max";
    case FuzzyOperator::min_bounded_sum:
      return "min-bounded-sum";
    case FuzzyOperator::product_sum:
      return "product-sum";
  }
  return "product-sum";
}

Result<FuzzyOperator> parse_fuzzy_operator(std::string_view word) {
  for (const FuzzyOperator op : kFuzzyOperators) {
    if (word == fuzzy_operator_name(op)) return op;
  }
  return Error{Errc::bad_input, fmt::format("'{}' is no fuzzy operator", word), "operator",
               "min-max, product-max, min-bounded-sum or product-sum"};
}

Result<FuzzyResult> fuzzy_evaluate(const std::vector<double>& weights, const math::Matrix& membership,
                                   const std::vector<double>& grade_scores) {
  if (membership.rows() != static_cast<Index>(weights.size()) ||
      membership.cols() != static_cast<Index>(grade_scores.size()) || weights.empty() ||
      grade_scores.size() < 2) {
    return fail(Errc::bad_input, "{} weights, {} grades and a {} x {} membership matrix", weights.size(),
                grade_scores.size(), membership.rows(), membership.cols());
  }
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0)) return fail(Errc::bad_input, "the weight of factor {} is {}", i + 1, weights[i]);
    total += weights[i];
  }
  if (std::fabs(total - 1) > 1e-6) {
    return Error{Errc::bad_input, fmt::format("the weights sum to {}", total), "weights", "a sum of 1"};
  }
  for (Index i = 0; i < membership.rows(); ++i) {
    for (Index j = 0; j < membership.cols(); ++j) {
      if (membership(i, j) >= 0 && membership(i, j) <= 1) continue;
      return Error{Errc::bad_input,
                   fmt::format("factor {}, grade {}: membership {}", i + 1, j + 1, membership(i, j)),
                   "membership", "a number from 0 to 1"};
    }
  }
  if (!(membership.sum() > 0)) return fail(Errc::refused, "every membership is zero");
  FuzzyResult result;
  for (std::size_t k = 0; k < kFuzzyOperators.size(); ++k) {
    result.by_operator[k] =
        grade_of(kFuzzyOperators[k], compose(kFuzzyOperators[k], weights, membership), grade_scores);
    result.grades_agree = result.grades_agree && result.by_operator[k].grade == result.by_operator[0].grade;
  }
  const std::vector<double> equal(weights.size(), 1.0 / static_cast<double>(weights.size()));
  result.min_max_ignores_weights =
      compose(FuzzyOperator::min_max, equal, membership) == result.by_operator[0].membership &&
      weights != equal;
  return result;
}

}  // namespace rapport::study
