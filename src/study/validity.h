#pragma once

#include <string>
#include <vector>

#include "study/sem.h"

/// Reliability and validity of the latent variables of a model.
namespace rapport::study {

struct FactorReliability {
  std::string factor;
  int items = 0;
  double alpha = 0;  ///< from the sample covariances of its indicators
  double omega = 0;  ///< composite reliability (Jöreskog 1971; Raykov 1997): the model's total variance
  double omega_observed = 0;  ///< the same over the observed total variance (semTools' omega3)
  double ave = 0;             ///< Fornell & Larcker (1981), from unstandardised estimates
};

/// One row a latent variable measured by observed indicators only; error covariances within the block are
/// counted.
std::vector<FactorReliability> factor_reliability(const SemFit& fit);

/// A latent variable's items as columns of a correlation matrix.
struct ItemBlock {
  std::string name;
  std::vector<int> columns;
};

/// The blocks of a model's latent variables over model.observed.
std::vector<ItemBlock> item_blocks(const PathModel& model);

/// How the correlations of a block are averaged. `arithmetic` is the HTMT of Henseler, Ringle & Sarstedt
/// (2015, JAMS 43:115, equation 6), printed by seminr and SmartPLS; `geometric` the HTMT2 of Roemer,
/// Schuberth & Henseler (2021, IMDS 121:2637), the default of semTools.
enum class HtmtMean { arithmetic, geometric };

/// Heterotrait-monotrait ratios of absolute correlations; a single item counts as measured without error.
/// Symmetric, unit diagonal. Above 0.9 two constructs are not told apart (trap 9).
math::Matrix htmt(const math::Matrix& correlations, const std::vector<ItemBlock>& blocks,
                  HtmtMean mean = HtmtMean::arithmetic);

inline constexpr double kHtmtMax = 0.9;

}  // namespace rapport::study
