#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "math/linear.h"
#include "study/causal.h"

/// Nuisance functions of AIPW, each row predicted by models that never saw it.
namespace rapport::study::detail {

struct CrossFitted {
  math::Vector propensity, mu0, mu1;  ///< in the order of the data
};

/// Errors: refused for separation, redundancy or arms too small for the folds.
Result<CrossFitted> cross_fit(const CausalData& data, std::size_t folds, std::uint64_t seed,
                              unsigned threads);

}  // namespace rapport::study::detail
