#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The model language of lavaan (Rosseel 2012, Journal of Statistical Software 48(2)): what it says, without
/// meaning.
namespace rapport::study {

enum class ModelOp {
  measured_by,   ///< f =~ x: x is a reflective indicator of f
  formed_by,     ///< f <~ x: f is a composite of x (mode B of PLS)
  regressed_on,  ///< y ~ x
  covaries,      ///< x ~~ y, or a variance x ~~ x
};
std::string_view op_text(ModelOp op);

/// One lhs-op-rhs with its modifiers: `0.5*x` fixes, `NA*x` frees, `start(0.5)*x` starts, `a*x` or
/// `equal("a")*x` labels.
struct ModelTerm {
  std::string lhs;
  ModelOp op = ModelOp::measured_by;
  std::string rhs;
  std::optional<double> fixed = {};
  std::optional<double> start = {};
  bool freed = false;
  std::string label = {};
  int line = 0;
};

/// `name := expression` over labels.
struct ModelDefinition {
  std::string name;
  std::string expression;
  int line = 0;
};

/// `a == b`: two labels name one parameter.
struct ModelEquality {
  std::string left, right;
  int line = 0;
};

struct ModelSyntax {
  std::vector<ModelTerm> terms;
  std::vector<ModelDefinition> definitions;
  std::vector<ModelEquality> equalities;
};

inline constexpr std::size_t kModelTextMax = 64 * 1024;
inline constexpr std::size_t kModelTermsMax = 2000;

/// Reads a model. Lines end at a newline or `;`, comments start with # or !, a line without operator
/// continues the one before. Names may be of any script. Errors: bad_input with the line and what would be
/// right; unsupported for intercepts, thresholds, groups, inequality constraints and interactions; too_large
/// over the limits.
Result<ModelSyntax> parse_model(std::string_view text);

}  // namespace rapport::study
