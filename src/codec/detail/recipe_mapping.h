#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/detail/recipe_expression.h"
#include "model/catalogue.h"

/// One mapping of a recipe as parsed, columns still by name.
namespace rapport::codec::detail {

/// All conditions of a mapping must hold.
struct Condition {
  Expression value;
  std::vector<std::string> in, not_in;
  std::optional<bool> present;
  std::optional<std::string> above, below;  ///< decimals
};

struct JoinMapping {
  std::string alias, role, own_column, their_column;
};

struct PropertyMapping {
  std::string name;
  std::optional<Expression> expression;
  std::optional<LinesExpression> lines;
};

struct EventMapping {
  std::size_t number = 0;  ///< place in the recipe
  model::EventType type = model::EventType::track;
  std::string name;
  std::string from, group_by;
  std::vector<JoinMapping> joins;
  std::vector<Condition> when;
  Expression key, time;
  std::vector<std::pair<model::IdentifierKind, Expression>> identifiers;
  std::vector<PropertyMapping> properties;
};

}  // namespace rapport::codec::detail
