#include <algorithm>

#include "codec/detail/recipe_decimal.h"
#include "codec/detail/recipe_mapping.h"
#include "codec/recipe.h"

namespace rapport::codec {

using detail::Evaluation;
using detail::Expression;

struct RecipeMapper::Bound {
  std::string recipe;
  std::optional<Currency> currency;
  detail::EventMapping mapping;
  std::vector<Join> joins;
  std::optional<std::size_t> group_column;
  detail::TextPool pool;
  std::uint64_t odd_quantities = 0;

  Status bind(const std::map<std::string, std::vector<std::string>>& columns);
  Result<bool> holds(const detail::Condition& condition, Evaluation& evaluation) const;
  Result<std::optional<model::Event>> map(const RecipeRows& rows, Currency shop_currency);
  Status fill(EventInput& input, Evaluation& evaluation);
  /// Millionths in the minor unit of the event's amounts.
  Result<std::int64_t> minor_micros(const EventInput& input, Evaluation& evaluation) const;
};

namespace {

Result<std::size_t> column_index(const std::vector<std::string>& columns, const std::string& name,
                                 const std::string& role) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  return fail(Errc::bad_input, "the file for '{}' has no column '{}'", role, name);
}

}  // namespace

Status RecipeMapper::Bound::bind(const std::map<std::string, std::vector<std::string>>& columns) {
  const auto of_role = [&](const std::string& role) -> const std::vector<std::string>* {
    const auto found = columns.find(role);
    return found == columns.end() ? nullptr : &found->second;
  };
  detail::Sources sources;
  sources.by_alias["rows"] = 0;
  sources.columns.push_back(of_role(mapping.from));
  sources.roles.push_back(mapping.from);
  if (sources.columns[0] == nullptr) return {};
  const std::vector<std::string>& own = *sources.columns[0];
  if (!mapping.group_by.empty()) {
    RAPPORT_TRY(group_column, column_index(own, mapping.group_by, mapping.from));
  }
  for (const detail::JoinMapping& join : mapping.joins) {
    const std::vector<std::string>* theirs = of_role(join.role);
    Expression on;
    on.kind = detail::ExpressionKind::column;
    on.text = join.own_column;
    RAPPORT_CHECK(detail::bind_expression(on, sources));
    Join bound{join.role, on.source, on.column.value_or(0), 0, theirs != nullptr && on.column.has_value()};
    if (theirs != nullptr) {
      RAPPORT_TRY(bound.their_column, column_index(*theirs, join.their_column, join.role));
    }
    joins.push_back(bound);
    sources.by_alias[join.alias] = sources.columns.size();
    sources.columns.push_back(theirs);
    sources.roles.push_back(join.role);
  }
  RAPPORT_CHECK(detail::bind_expression(mapping.key, sources));
  RAPPORT_CHECK(detail::bind_expression(mapping.time, sources));
  for (detail::Condition& condition : mapping.when) {
    RAPPORT_CHECK(detail::bind_expression(condition.value, sources));
  }
  for (auto& [kind, expression] : mapping.identifiers) {
    RAPPORT_CHECK(detail::bind_expression(expression, sources));
  }
  for (detail::PropertyMapping& property : mapping.properties) {
    if (property.expression) RAPPORT_CHECK(detail::bind_expression(*property.expression, sources));
    if (property.lines) RAPPORT_CHECK(detail::bind_lines(*property.lines, sources));
  }
  return {};
}

Result<bool> RecipeMapper::Bound::holds(const detail::Condition& condition, Evaluation& evaluation) const {
  RAPPORT_TRY(const auto value, evaluation.text(condition.value));
  if (condition.present && *condition.present != value.has_value()) return false;
  const auto is_in = [&](const std::vector<std::string>& list) {
    return value && std::find(list.begin(), list.end(), *value) != list.end();
  };
  if (!condition.in.empty() && !is_in(condition.in)) return false;
  if (!condition.not_in.empty() && is_in(condition.not_in)) return false;
  if (!condition.above && !condition.below) return true;
  if (!value) return false;
  const auto number = detail::micros_from_text(*value);
  if (!number) return fail(Errc::bad_input, "'{}' is not a number", value->substr(0, 40)).at("when");
  if (condition.above && *number <= *detail::micros_from_text(*condition.above)) return false;
  return !condition.below || *number < *detail::micros_from_text(*condition.below);
}

Result<std::int64_t> RecipeMapper::Bound::minor_micros(const EventInput& input,
                                                       Evaluation& evaluation) const {
  Currency used = input.shop_currency;
  for (const detail::PropertyMapping& property : mapping.properties) {
    if (property.name != "currency" || !property.expression) continue;
    RAPPORT_TRY(const auto named, evaluation.text(*property.expression));
    // What is no currency the catalogue refuses later, by its name.
    if (const auto parsed = Currency::parse(named.value_or("")); parsed.ok()) used = *parsed;
  }
  std::int64_t micros = 1'000'000;
  for (int i = 0; i < used.decimals(); ++i) micros /= 10;
  return micros;
}

Status RecipeMapper::Bound::fill(EventInput& input, Evaluation& evaluation) {
  for (const auto& [kind, expression] : mapping.identifiers) {
    RAPPORT_TRY(const auto value, evaluation.text(expression));
    if (value) input.identifiers.emplace_back(kind, *value);
  }
  for (const detail::PropertyMapping& property : mapping.properties) {
    if (property.lines) {
      RAPPORT_TRY(const std::int64_t minor, minor_micros(input, evaluation));
      auto lines = evaluation.lines(*property.lines, minor, odd_quantities);
      if (!lines.ok()) return std::move(lines).error().at(property.name);
      input.properties.push_back({property.name, std::move(lines).value()});
      continue;
    }
    auto value = evaluation.value(*property.expression);
    if (!value.ok()) return std::move(value).error().at(property.name);
    if (*value) input.properties.push_back({property.name, std::move(**value)});
  }
  return {};
}

Result<std::optional<model::Event>> RecipeMapper::Bound::map(const RecipeRows& rows, Currency shop_currency) {
  pool.clear();
  Evaluation evaluation(rows, pool);
  for (const detail::Condition& condition : mapping.when) {
    RAPPORT_TRY(const bool held, holds(condition, evaluation));
    if (!held) return std::optional<model::Event>();
  }
  auto time = evaluation.time(mapping.time);
  if (!time.ok()) return std::move(time).error().at("time");
  if (!*time) return Error{Errc::bad_input, "no time in this row", "time"};
  RAPPORT_TRY(const auto key, evaluation.text(mapping.key));
  if (!key) return Error{Errc::bad_input, "no key in this row", "key"};
  const std::string message_id = fmt::format("{}:{}", recipe, *key);
  EventInput input;
  input.type = mapping.type;
  input.name = mapping.name;
  input.message_id = message_id;
  input.timestamp = **time;
  input.shop_currency = currency.value_or(shop_currency);
  input.from_import = true;
  RAPPORT_CHECK(fill(input, evaluation));
  RAPPORT_TRY(model::Event event, build_event(input));
  return std::optional(std::move(event));
}

RecipeMapper::RecipeMapper(std::unique_ptr<Bound> bound) : bound_(std::move(bound)) {}
RecipeMapper::RecipeMapper(RecipeMapper&&) noexcept = default;
RecipeMapper& RecipeMapper::operator=(RecipeMapper&&) noexcept = default;
RecipeMapper::~RecipeMapper() = default;

Result<RecipeMapper> RecipeMapper::bind(const Recipe& recipe, std::size_t mapping,
                                        const std::map<std::string, std::vector<std::string>>& columns) {
  auto bound = std::make_unique<Bound>();
  bound->recipe = recipe.name();
  bound->currency = recipe.currency();
  bound->mapping = *recipe.mappings_[mapping];
  auto done = bound->bind(columns);
  if (!done.ok()) return std::move(done).error().at(fmt::format("events[{}]", mapping));
  return RecipeMapper(std::move(bound));
}

const std::string& RecipeMapper::from() const {
  return bound_->mapping.from;
}
std::optional<std::size_t> RecipeMapper::group_column() const {
  return bound_->group_column;
}
const std::vector<RecipeMapper::Join>& RecipeMapper::joins() const {
  return bound_->joins;
}
std::uint64_t RecipeMapper::odd_quantities() const {
  return bound_->odd_quantities;
}
std::string_view RecipeMapper::event_name() const {
  if (bound_->mapping.type == model::EventType::track) return bound_->mapping.name;
  return model::event_type_name(bound_->mapping.type);
}

Result<std::optional<model::Event>> RecipeMapper::map(const RecipeRows& rows, Currency shop_currency) {
  return bound_->map(rows, shop_currency);
}

}  // namespace rapport::codec
