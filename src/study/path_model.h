#pragma once

#include <string>
#include <vector>

#include "study/model_syntax.h"

/// A structural model ready to be estimated: variables, free and fixed parameters, in the reticular form
/// v = B v + z, Cov(z) = Psi over all variables v = (observed, latent) (McArdle & McDonald 1984).
namespace rapport::study {

enum class ParameterKind {
  directed,   ///< B(row, column): row is caused by column
  symmetric,  ///< Psi(row, column), row >= column
};

struct PathParameter {
  std::string lhs, op, rhs;  ///< as printed: "visual", "=~", "x2"
  ParameterKind kind = ParameterKind::directed;
  int row = 0, column = 0;   ///< variable numbers: observed from 0, then latent
  int free = -1;             ///< index of the free parameter, shared by equal ones; -1 when fixed
  double value = 0;          ///< the fixed value; of a free one the user's start, NaN when none
  bool from_sample = false;  ///< a (co)variance of exogenous observed variables, fixed at the sample's
  std::string label = {};
};

struct PathModel {
  std::vector<std::string> observed;  ///< indicators, then endogenous, then exogenous
  std::vector<std::string> latent;
  std::vector<PathParameter> parameters;
  std::vector<ModelDefinition> definitions;
  std::vector<int> exogenous;  ///< observed variables whose (co)variances are taken from the sample
  int free_count = 0;
  int variables() const { return static_cast<int>(observed.size() + latent.size()); }
  const std::string& variable(int v) const {
    const auto p = static_cast<int>(observed.size());
    return v < p ? observed[static_cast<std::size_t>(v)] : latent[static_cast<std::size_t>(v - p)];
  }
  /// p(p+1)/2 - free parameters - those of the exogenous block.
  int degrees_of_freedom() const;
};

struct PathModelOptions {
  bool std_lv = false;      ///< fix latent variances at 1 instead of the first loading
  bool orthogonal = false;  ///< no covariances between exogenous latent variables by default
  bool fixed_x = true;      ///< take (co)variances of exogenous observed variables from the sample
};

inline constexpr int kVariablesMax = 200;

/// Adds what lavaan's cfa() and sem() add: first loadings fixed at 1, a lone indicator's error at 0,
/// variances, covariances of exogenous latent variables and of purely dependent variables. Errors: bad_input
/// for a latent variable without indicators, a variable measured by itself, an unknown label in `==`;
/// unsupported for `<~`; too_large.
Result<PathModel> build_path_model(const ModelSyntax& syntax, const PathModelOptions& options = {});

}  // namespace rapport::study
