#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/experiment.h"

/// Looking more than once: group-sequential bounds by recursive integration and always-valid confidence
/// sequences. Pure, thread-safe.
namespace rapport::study {

enum class SpendingRule {
  pocock,            ///< the same bound at every look (Pocock 1977)
  obrien_fleming,    ///< c / sqrt(t) (O'Brien & Fleming 1979)
  lan_demets_obf,    ///< alpha(t) = 4 - 4 Phi(z_{1-alpha/4} / sqrt t): two one-sided (gsDesign, ldbounds)
  lan_demets_obf2,   ///< alpha(t) = 2 - 2 Phi(z_{1-alpha/2} / sqrt t): one two-sided; another number at early
                     ///< looks
  lan_demets_pocock  ///< alpha(t) = alpha ln(1 + (e - 1) t)
};
Result<SpendingRule> parse_spending_rule(std::string_view word);

struct GroupSequential {
  std::vector<double> fractions;  ///< information fractions t_1 < ... < t_K = 1
  std::vector<double> bounds;     ///< two-sided: stop at |Z_k| >= bounds[k]
  std::vector<double> spent;      ///< cumulative type I error
  std::vector<double> nominal_p;  ///< 2 (1 - Phi(bound))
};

/// Two-sided bounds at total error `alpha`. Armitage, McPherson & Rowe (1969); Jennison & Turnbull (2000),
/// chapters 2, 7 and 19. `fractions` ascending in (0, 1], the last 1. Errors: bad_input naming the fraction;
/// more than 40 looks.
Result<GroupSequential> group_sequential(SpendingRule rule, const std::vector<double>& fractions,
                                         double alpha = 0.05);

/// The chance to cross by each look (cumulative), when Z_k has mean drift * sqrt(t_k): the power, or the
/// error at drift 0.
std::vector<double> crossing_probability(const GroupSequential& design, double drift);
/// The drift at which the chance to cross is `power`; n for a fixed test times (drift / (z_{1-a/2} +
/// z_power))^2 is the largest n of the sequential one.
double drift_for_power(const GroupSequential& design, double power);

/// Asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv 2103.06476): the
/// interval holds at all looks at once. `tuning` is the n at which it shall be narrowest and must be fixed
/// before looking (eq 161 for rho, eq 9 for the width, eq 155 for p). `effect` comes from compare(); `n` are
/// the units of both arms. Errors: bad_input for tuning <= 0.
Result<Effect> always_valid(const Effect& effect, double n, double tuning, double level = 0.95);

}  // namespace rapport::study
