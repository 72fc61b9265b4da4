#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/table.h"
#include "study/report.h"

/// The claims board: what texts about value-added services claim, each beside the shop's own figure. Pure,
/// thread-safe.
namespace rapport::study {

/// How a claim is held against data.
enum class ClaimKind {
  slope,  ///< change of the outcome when the exposure rises by 10
  lift,   ///< (mean of the exposed - mean of the others) / mean of the others
  falls,  ///< the same; the claim is only that it lies below 0
  share,  ///< the share of ones
};

/// One claim of the sources. `exposed` names a 0/1 column, or a number cut into exposed (inside [from, to])
/// and others (the rest).
struct Claim {
  std::string_view key;
  Text3 text;
  ClaimKind kind = ClaimKind::lift;
  double claimed = 0;  ///< .25 for "25 %"; 3.8 points for the slope
  std::string_view exposed;
  /// The first of these columns that the table has is the outcome.
  std::vector<std::string_view> outcomes;
  bool is_cut = false;
  double from = 0, to = 1;
};

/// In the order of the board. Static storage.
const std::vector<Claim>& claims();

enum class ClaimVerdict {
  borne_out,   ///< the interval holds the claim and not 0
  larger,      ///< beyond the claim, in its direction
  smaller,     ///< in its direction, and short of it
  none_seen,   ///< holds 0 and not the claim
  opposite,    ///< against its direction
  open,        ///< holds 0 and the claim: too few to tell
  cannot_tell  ///< no figure; `reason` says why
};
std::string_view claim_verdict_name(ClaimVerdict verdict);

/// What the shop's data say of a claim.
struct ClaimFinding {
  const Claim* claim = nullptr;
  ClaimVerdict verdict = ClaimVerdict::cannot_tell;
  std::string reason;    ///< why it cannot be told
  std::string evidence;  ///< "by lot", "adjusted", "goes together", or "share": nothing is compared
  std::string outcome;   ///< the column
  double figure = 0, ci_low = 0, ci_high = 0, p = 0, p_adjusted = 0;
  double n = 0, n_exposed = 0;
};

struct ClaimOptions {
  std::vector<std::string> covariates;  ///< what moved exposure and outcome both; adjusts by AIPW
  std::vector<std::string> by_lot;      ///< exposures that were assigned at random
  double level = 0.95;
  double least = 30;  ///< rows on each side without which nothing is said
};

/// Every claim, told or not; p values adjusted over the board (Benjamini & Hochberg 1995). Unadjusted lifts
/// by the delta method (compare() in experiment.h); adjusted ones are the AIPW effect on the exposed
/// (causal.h) over what they would have had without, the mean of the exposed taken as known; slopes by least
/// squares with HC3 errors. Errors: bad_input for a column of text where numbers are needed.
Result<std::vector<ClaimFinding>> hold_claims(const model::Table& table, const ClaimOptions& options);

}  // namespace rapport::study
