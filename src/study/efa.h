#pragma once

#include <cstdint>

#include "math/linear.h"

/// Exploratory factor analysis by maximum likelihood (Lawley & Maxwell 1971; Jöreskog 1967, Psychometrika
/// 32:443).
namespace rapport::study {

enum class Rotation {
  none,
  varimax,  ///< Kaiser (1958) with Kaiser's row normalisation; orthogonal
  oblimin,  ///< direct quartimin (Jennrich & Sampson 1966), no row normalisation; oblique
};

struct EfaFit {
  math::Matrix
      loadings;  ///< pattern, items x factors, factors by their sum of squares from the largest down (trap 5:
                 ///< sign and order are arbitrary; here each column sums to something positive)
  math::Matrix phi;  ///< correlations of factors; identity unless oblique
  math::Vector uniquenesses;
  math::Vector ss_loadings;  ///< variance accounted for by each factor, diag(Phi Lambda' Lambda)
  double fmin = 0;           ///< the maximum likelihood discrepancy
  double chisq = 0,
         pvalue = 0;  ///< (n - 1 - (2p + 5)/6 - 2k/3) fmin, Bartlett (1951); pvalue NaN when df = 0
  int df = 0;
  double rmsea = 0, tli = 0;
  double gradient_norm = 0;  ///< with respect to the logarithms of the free uniquenesses (trap 6)
  int iterations = 0;
  std::vector<int> heywood;  ///< items whose uniqueness stopped at kUniquenessMin
};

inline constexpr double kUniquenessMin = 0.005;

/// `r`: correlations of the items; 1 <= factors. Errors: refused when r is singular, when df would be
/// negative, or when the search does not reach a gradient below 1e-9.
Result<EfaFit> fit_efa(const math::Matrix& r, std::int64_t n, int factors, Rotation rotation);

/// Orthogonal varimax of `loadings` with Kaiser normalisation, by planar rotations until nothing moves.
math::Matrix varimax(const math::Matrix& loadings);

struct Oblique {
  math::Matrix loadings;
  math::Matrix phi;
};
/// Direct quartimin by gradient projection (Jennrich 2002; Bernaards & Jennrich 2005), from the unrotated and
/// from the varimax solution, keeping the better. Errors: refused when the projected gradient does not fall
/// below 1e-7.
Result<Oblique> oblimin(const math::Matrix& loadings);

}  // namespace rapport::study
