#pragma once

#include <cstdint>

#include "math/linear.h"

/// Whether and how many common factors a correlation matrix holds.
namespace rapport::study {

struct Factorability {
  double kmo = 0;  ///< Kaiser-Meyer-Olkin measure of sampling adequacy (Kaiser & Rice 1974)
  math::Vector item_kmo;
  double bartlett = 0;  ///< sphericity: -(n - 1 - (2p + 5)/6) log|R| (Bartlett 1951)
  double df = 0, pvalue = 0;
  math::Vector eigenvalues;  ///< of R, from the largest down
};
/// Errors: refused when R is singular.
Result<Factorability> factorability(const math::Matrix& r, std::int64_t n);

struct ParallelAnalysis {
  math::Vector mean, percentile;  ///< of the eigenvalues of correlations of independent normal items
  int factors = 0;  ///< observed eigenvalues above the percentile, counted until the first that is not
};
/// Horn (1965, Psychometrika 30:179) with the 95th percentile of Glorfeld (1995). Sample covariances are
/// drawn exactly by Bartlett's decomposition of the Wishart distribution, so the cost does not depend on n.
/// Same seed, same bits at any number of threads. `draws` from 20 to 100,000.
ParallelAnalysis parallel_analysis(const math::Vector& eigenvalues, std::int64_t n, int draws,
                                   std::uint64_t seed, unsigned threads);

}  // namespace rapport::study
