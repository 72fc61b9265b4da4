#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

namespace rapport::study {

/// A compiled expression of a defined parameter: + - * / ^, parentheses, exp log sqrt abs, numbers and names.
/// Power binds to the right and before the sign, as in R. A value type.
class Expression {
 public:
  /// Gives the slot of a name, or nothing when it is unknown.
  using SlotOf = std::function<std::optional<int>(std::string_view name)>;

  /// Errors: bad_input with the place, for bad syntax, an unknown name or nesting over 100 levels.
  static Result<Expression> compile(std::string_view text, const SlotOf& slot_of);

  /// The value when slot i holds slots[i].
  double evaluate(std::span<const double> slots) const;
  /// The exact gradient with respect to the slots (forward differentiation).
  math::Vector gradient(std::span<const double> slots) const;

 private:
  friend class ExpressionCompiler;
  enum class Code { number, slot, add, subtract, multiply, divide, power, negate, exp, log, sqrt, abs };
  struct Step {
    Code code;
    double number = 0;
    int slot = 0;
  };
  std::vector<Step> steps_;  ///< postfix
};

}  // namespace rapport::study
