#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// The analytic hierarchy process: weights from pairwise judgements. Saaty (1980), The Analytic Hierarchy
/// Process; Saaty (2008), Int. J. Services Sciences 1:83-98. Pure, thread-safe.
namespace rapport::study {

/// The mean consistency index of random matrices, by which CR = CI / RI is scaled. The tables disagree, so
/// the one used is always named.
enum class RandomIndex {
  saaty,         ///< Saaty (1980): 3 .. 15; .58 .90 1.12 1.24 1.32 ...
  saaty_2005,    ///< Saaty (2005), Theory and Applications of the ANP, p. 31: 3 .. 15; .52 .89 1.11 1.25 1.35
                 ///< ...
  donegan_dodd,  ///< Donegan & Dodd (1991), Math. Comput. Modelling 15(10):135-137: 3 .. 100, interpolated
                 ///< above 20
  alonso_lamata,  ///< Alonso & Lamata (2006), Int. J. Uncertainty 14:445-459: 3 .. 15
};
Result<RandomIndex> parse_random_index(std::string_view word);
std::string_view random_index_name(RandomIndex table);
/// Nothing beyond the end of the table; 0 for n <= 2.
std::optional<double> random_index(RandomIndex table, std::size_t n);

/// Judgements "row is a_ij times as important as column"; NaN is a comparison that was not made.
struct PairwiseMatrix {
  std::vector<std::string> names;
  math::Matrix a;
};

/// Completes reciprocals (the judgement >= 1 of a pair is kept, the other becomes its inverse) and sets the
/// diagonal to
/// 1. Errors: bad_input for an entry <= 0 or a diagonal other than 1; refused when a pair's product differs
/// from 1 by more than 2 % or when the judgements do not connect all elements.
Result<PairwiseMatrix> make_reciprocal(PairwiseMatrix matrix);

struct AhpWeights {
  std::vector<std::string> names;
  std::vector<double> weights;  ///< principal right eigenvector, sum 1
  std::vector<double>
      geometric_mean;  ///< row geometric means, sum 1 (logarithmic least squares when incomplete)
  double lambda_max = 0;
  double ci = 0;             ///< (lambda_max - n) / (n - 1)
  std::optional<double> ri;  ///< nothing beyond the table
  std::optional<double> cr;  ///< ci / ri; 0 for n <= 2
  std::size_t missing = 0;   ///< comparisons that were completed
  math::Matrix completed;    ///< the full reciprocal matrix
  /// The triad whose circular product a_ij a_jk a_ki is farthest from 1: where to ask again.
  std::string worst_triad;
  double worst_triad_ratio = 1;
  bool ranks_agree = true;  ///< eigenvector and geometric mean order the elements alike
};

/// Missing comparisons are completed so that lambda_max is least (Bozoki, Fulop & Ronyai 2010, Math. Comput.
/// Modelling 52:318-333). Errors as make_reciprocal; bad_input for fewer than two elements.
Result<AhpWeights> ahp_weights(const PairwiseMatrix& matrix, RandomIndex table = RandomIndex::saaty);

enum class GroupRule {
  judgements,  ///< geometric mean of the judgements, then weights (AIJ; Aczel & Saaty 1983)
  priorities,  ///< geometric mean of each expert's weights (AIP)
};
struct AhpGroup {
  AhpWeights combined;
  std::vector<std::string> experts;
  std::vector<AhpWeights> each;
  std::vector<double> ci_low,
      ci_high;  ///< per element over experts (t on the log scale); empty for one expert
};
/// All matrices must hold the same names in the same order. Errors: bad_input otherwise; as ahp_weights.
Result<AhpGroup> ahp_group(const std::vector<std::string>& experts,
                           const std::vector<PairwiseMatrix>& matrices, GroupRule rule,
                           RandomIndex table = RandomIndex::saaty, double level = 0.95);

struct HierarchyNode {
  std::string name;
  PairwiseMatrix matrix;  ///< compares the children; a child that is no node's name is an alternative
};
struct AhpHierarchy {
  std::vector<std::string> alternatives;  ///< in order of first sight
  std::vector<double> weights;
  std::vector<AhpWeights> nodes;  ///< in the order given
  std::vector<double> node_weights;
};
/// The first node is the goal. Errors: bad_input for two nodes of one name, a node that no one mentions, or a
/// circle.
Result<AhpHierarchy> ahp_hierarchy(const std::vector<HierarchyNode>& nodes,
                                   RandomIndex table = RandomIndex::saaty);

}  // namespace rapport::study
