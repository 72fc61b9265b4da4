#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "math/resample.h"
#include "study/data.h"
#include "study/model_syntax.h"

/// Partial least squares path modelling (Wold 1982; Lohmöller 1989; Tenenhaus, Esposito Vinzi, Chatelin &
/// Lauro 2005, Computational Statistics & Data Analysis 48:159-205). Every step needs only the correlations
/// of the items.
namespace rapport::study {

/// Inner weights: regression on causes and correlation with effects (`path`), the correlation's sign
/// (`centroid`), the correlation (`factorial`).
enum class PlsScheme { path, centroid, factorial };
/// Outer weights: correlations with the inner proxy (`a`, reflective, =~) or regression on the block (`b`,
/// formative, <~).
enum class PlsMode { a, b };

struct PlsConstruct {
  std::string name;
  PlsMode mode = PlsMode::a;
  std::vector<int> items;   ///< columns
  std::vector<int> causes;  ///< constructs
  std::vector<int> effects;
};

struct PlsModel {
  std::vector<std::string> items;
  std::vector<PlsConstruct> constructs;
  std::vector<std::pair<int, int>> paths;  ///< (cause, effect), in the order of the model
  std::vector<int> order;                  ///< constructs with every cause before its effects
};

/// Errors: bad_input for an item of two constructs, a path to something that is no construct, a construct of
/// both modes, a cycle, or a construct without any path; unsupported for ~~, fixed values and :=.
Result<PlsModel> build_pls_model(const ModelSyntax& syntax);

struct PlsFit {
  PlsModel model;
  std::int64_t n = 0;
  int iterations = 0;
  math::Vector weights;          ///< per item, for standardised items; the construct has unit variance
  math::Vector loadings;         ///< correlation of each item with its construct
  math::Matrix cross_loadings;   ///< items x constructs
  math::Matrix correlations;     ///< of constructs
  math::Matrix paths;            ///< (effect, cause)
  math::Matrix total;            ///< total effects (effect, cause)
  math::Vector r2, r2_adjusted;  ///< NaN for a construct without causes
};

struct PlsOptions {
  PlsScheme scheme = PlsScheme::path;
  int iterations_max = 1000;
  double tolerance = 1e-12;  ///< on the largest change of a weight
};

/// `correlations` of the items in the order of model.items. Errors: refused when it does not converge or a
/// block or a set of causes is singular.
Result<PlsFit> fit_pls(const PlsModel& model, const math::Matrix& correlations, std::int64_t n,
                       const PlsOptions& options = {});

/// Quality of each construct; NaN where a measure is not defined (formative blocks; alpha of a single item).
struct PlsQuality {
  double alpha = 0;  ///< standardised
  double rho_c = 0;  ///< composite reliability from loadings
  double ave = 0;
  double rho_a = 0;  ///< Dijkstra & Henseler (2015, MIS Quarterly 39:297)
};
std::vector<PlsQuality> pls_quality(const PlsFit& fit, const math::Matrix& item_correlations);

/// Indices 0-100 with unstandardised weights (weight / sd, summing to one; the ECSI index) and the map of
/// importance and performance: `performance` = the mean index, `importance` = total effect on the target on
/// the index scale.
struct PlsIndex {
  double performance = 0;
  double sd = 0;
  double importance = 0;
};
/// `low`, `high`: the ends of the answer scale of each item.
std::vector<PlsIndex> pls_indices(const PlsFit& fit, const math::ColumnMoments& moments,
                                  const std::vector<double>& low, const std::vector<double>& high,
                                  int target);

struct PlsBootstrapOptions {
  std::size_t replicates = 1000;
  std::uint64_t seed = 1;
  double level = 0.95;
  unsigned threads = 1;
};

/// Percentile intervals by case bootstrap. Each draw's constructs are turned to the sign of the sample's.
/// Statistics: weights, loadings (items each), then paths and total effects in the order of model.paths.
struct PlsBootstrap {
  std::size_t replicates = 0, failed = 0;
  std::vector<double> weight_se, loading_se, path_se, total_se;
  std::vector<math::Interval> weight, loading, path, total;
};
/// `rows`: complete rows, columns in the order of model.items. Errors: refused when more than half of the
/// draws fail.
Result<PlsBootstrap> bootstrap_pls(const PlsFit& fit, const math::Matrix& rows, const PlsOptions& options,
                                   const PlsBootstrapOptions& bootstrap);

}  // namespace rapport::study
