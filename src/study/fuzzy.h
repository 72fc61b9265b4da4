#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Fuzzy comprehensive evaluation (模糊综合评价): B = W o R. Pure, thread-safe.
namespace rapport::study {

/// The composition o. The choice can decide the grade, so all four are always computed.
enum class FuzzyOperator {
  min_max,          ///< b_j = max_i min(w_i, r_ij): the leading factor; weights above every r are thrown away
  product_max,      ///< b_j = max_i w_i r_ij: the leading factor, weighted
  min_bounded_sum,  ///< b_j = min(1, sum_i min(w_i, r_ij))
  product_sum,      ///< b_j = sum_i w_i r_ij: every factor counts
};
inline constexpr std::array<FuzzyOperator, 4> kFuzzyOperators{
    FuzzyOperator::min_max, FuzzyOperator::product_max, FuzzyOperator::min_bounded_sum,
    FuzzyOperator::product_sum};
std::string_view fuzzy_operator_name(FuzzyOperator op);
Result<FuzzyOperator> parse_fuzzy_operator(std::string_view word);

struct FuzzyGrade {
  FuzzyOperator op = FuzzyOperator::product_sum;
  std::vector<double> membership;  ///< B as it comes, per grade
  std::vector<double> normalised;  ///< B / sum B
  std::size_t grade = 0;           ///< of the largest membership; the first on ties
  bool tied = false;               ///< two grades share the largest membership
  double score = 0;                ///< sum of normalised * grade scores
};
struct FuzzyResult {
  std::array<FuzzyGrade, 4> by_operator;  ///< in the order of kFuzzyOperators
  bool grades_agree = true;
  bool min_max_ignores_weights = false;  ///< equal weights would give the same B under min_max
};

/// `weights` (factors, sum 1 within 1e-6, each >= 0), `membership` factors x grades with entries in [0, 1],
/// `grade_scores` one a grade. Errors: bad_input naming the factor or grade.
Result<FuzzyResult> fuzzy_evaluate(const std::vector<double>& weights, const math::Matrix& membership,
                                   const std::vector<double>& grade_scores);

}  // namespace rapport::study
