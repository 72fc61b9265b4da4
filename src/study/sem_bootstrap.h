#pragma once

#include <cstdint>
#include <vector>

#include "math/resample.h"
#include "study/sem.h"

namespace rapport::study {

struct SemBootstrapOptions {
  std::size_t replicates = 5000;
  std::uint64_t seed = 1;
  double level = 0.95;
  bool bias_corrected = false;  ///< Efron's (1981) bias-corrected interval instead of percentiles
  unsigned threads = 1;
};

/// Case bootstrap of every estimate, defined parameters included, in the order of SemFit::estimates.
struct SemBootstrap {
  std::size_t replicates = 0;
  std::size_t failed = 0;    ///< draws without an answer (not converged, singular); left out of the intervals
  std::size_t improper = 0;  ///< draws with a negative variance: counted, kept
  std::vector<double> se;    ///< standard deviation of the draws
  std::vector<math::Interval> intervals;
};

/// `rows`: complete rows, columns in the order of fit.model.observed. Models of observed variables only,
/// without cycles, equalities or correlated errors are solved by least squares on each draw's moments (their
/// maximum likelihood solution); others by Newton's method from the estimates. Same seed, same bits at any
/// number of threads. Errors: refused when more than half of the draws fail.
Result<SemBootstrap> bootstrap_sem(const SemFit& fit, const math::Matrix& rows,
                                   const SemBootstrapOptions& options);

}  // namespace rapport::study
