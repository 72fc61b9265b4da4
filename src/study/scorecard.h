#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

/// Scorecards of staff, adjusted for the cases that each had: indirect standardisation. Of each stratum
/// (class, priority, channel) the mean over everybody's cases is what is expected of a case of it; an agent's
/// difference is the mean of his own cases less what was expected of just these cases.
///
/// With w = n_as / n_s, the agent's share of stratum s, the difference of O = sum of his values and
/// E = sum over s of n_as times the stratum's mean is a sum of independent terms:
///   O - E = sum_s [(1 - w) sum of his + w sum of the others', negative], so that
///   Var(O - E) = sum_s [(1 - w)^2 n_as var_own + w^2 (n_s - n_as) var_rest],
/// with variances of residuals within strata. The interval is Student's with n - 1 degrees, and of shares
/// with one more case of either kind (Agresti & Caffo 2000, The American Statistician 54(4)). Measured
/// coverage: docs/team.md. Indirect standardisation: Breslow & Day 1987, Statistical Methods in Cancer
/// Research II, 2.3.
namespace rapport::study {

struct ScoredCase {
  std::uint32_t agent = 0;    ///< place in a list of the caller's
  std::uint32_t stratum = 0;  ///< likewise
  double value = 0;           ///< 0 or 1 for shares
};

struct Scorecard {
  std::uint32_t agent = 0;
  std::size_t cases = 0;
  std::size_t comparable = 0;  ///< in strata that others had cases of, too
  double mean = 0;             ///< of the comparable ones, as all below
  double expected = 0;
  /// mean - expected, with its 95 % interval; meaningless unless `told`.
  double difference = 0, low = 0, high = 0;
  bool told = false;  ///< enough comparable cases; else nothing is said of this agent
};

/// Fewer comparable cases than this tell nothing of anybody.
inline constexpr std::size_t kScoredLeast = 10;
enum class ScoreKind : std::uint8_t { share, amount };

/// By agent, ascending; those without a case are left out. Pure.
std::vector<Scorecard> scorecards(std::span<const ScoredCase> cases, ScoreKind kind);

}  // namespace rapport::study
