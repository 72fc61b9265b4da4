#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// Randomised experiments: what an arm did against the control, absolutely and relatively. Pure, thread-safe.
namespace rapport::study {

/// What one arm says about one metric. `variance` is the sampling variance of `mean`.
struct Arm {
  std::string name;
  double n = 0;         ///< units (users)
  double mean = 0;      ///< a mean, a proportion, or a ratio of means
  double variance = 0;  ///< of the estimate: s^2 / n, p (1 - p) / n, or the delta method
  bool share = false;   ///< every unit is 0 or 1, and `mean` their share
};

/// From n, sum and sum of squares. Errors: bad_input for n < 2, or a sum of squares below sum^2 / n.
Result<Arm> mean_arm(std::string name, double n, double sum, double sum_of_squares);
/// Errors: bad_input unless 0 <= successes <= n and n >= 1.
Result<Arm> proportion_arm(std::string name, double n, double successes);
/// Numerator and denominator per unit; the ratio of their means by the delta method (Deng, Knoblich & Lu
/// 2018, KDD, eq. 4): the unit of randomisation stays the unit of analysis. Errors: bad_input for unequal
/// lengths; refused for fewer than 2 units or a denominator whose mean is 0.
Result<Arm> ratio_arm(std::string name, std::span<const double> numerator,
                      std::span<const double> denominator);
Result<Arm> mean_arm(std::string name, std::span<const double> values);

/// CUPED (Deng, Xu, Kohavi & Walker 2013, WSDM): each arm's mean is adjusted by what was known before
/// assignment.
enum class CupedTheta {
  pooled,   ///< one theta from the variation within arms
  per_arm,  ///< each arm its own (Lin 2013, Annals of Applied Statistics 7:295-318): no worse asymptotically
};
struct CupedArm {
  Arm arm;
  double unadjusted_mean = 0;
  double variance_kept = 0;  ///< adjusted / unadjusted variance
};
/// `outcome[k]` and `covariates[k]` (rows as outcome[k]) of arm k. Errors: bad_input for shapes; refused when
/// a covariate does not vary, or for too few units.
Result<std::vector<CupedArm>> cuped(const std::vector<std::string>& names,
                                    const std::vector<math::Vector>& outcome,
                                    const std::vector<math::Matrix>& covariates, CupedTheta theta);

enum class Scale { absolute, relative };

struct Effect {
  double lift = 0;  ///< b - a, or (b - a) / a
  double se = 0;
  double ci_low = 0, ci_high = 0;
  double p = 0;   ///< two-sided
  double df = 0;  ///< Welch-Satterthwaite
};

/// Welch's test on the chosen scale. Relative: delta method, var = v_b / a^2 + v_a b^2 / a^4 (GrowthBook,
/// gbstats). The two scales have different p values: say beforehand which one decides. Errors: refused when
/// neither arm varies, or on the relative scale when the control is 0.
Result<Effect> compare(const Arm& control, const Arm& treated, Scale scale, double level = 0.95);

/// The absolute difference between two shares for these very units, as if nobody else was meant: the units'
/// own effects differ by at least |d| (1 - |d|), and that much of Neyman's variance is not error. Sharp for
/// shares (Robins 1988, Statistics in Medicine 7:773-785; Aronow, Green & Lee 2014, Annals of Statistics
/// 42:850-871). Never wider than compare(). Errors as compare; bad_input unless both arms are shares.
Result<Effect> compare_these(const Arm& control, const Arm& treated, double level = 0.95);

/// Two one-sided tests (Schuirmann 1987): is the effect inside (-margin, margin)? "May we retire it?" `p` is
/// the larger of the two. Errors as compare; bad_input for margin <= 0.
struct Equivalence {
  Effect effect;  ///< its interval at level 1 - 2 (1 - level): the one that must lie inside
  double p = 0;
  bool equivalent = false;
};
Result<Equivalence> test_equivalence(const Arm& control, const Arm& treated, Scale scale, double margin,
                                     double level = 0.95);

/// Did units arrive in the planned proportions? Read before any effect.
struct SampleRatio {
  double chisq = 0, df = 0, p = 0;
  /// Valid at every look: 1 / Bayes factor of a Dirichlet mixture (Lindon & Malek 2020, arXiv 2011.03567).
  double sequential_p = 0;
};
/// Arms of weight 0 are left out of df; units in one are refused. Errors: bad_input for shapes or negative
/// values; refused for fewer than two weighted arms or no units.
Result<SampleRatio> sample_ratio(const std::vector<double>& counts, const std::vector<double>& weights);

/// Benjamini & Hochberg (1995): adjusted p values in the order given (NaN stays NaN and does not count).
std::vector<double> adjust_false_discovery(const std::vector<double>& p);
/// Holm (1979).
std::vector<double> adjust_holm(const std::vector<double>& p);

}  // namespace rapport::study
