#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "codec/detail/recipe_decimal.h"
#include "codec/detail/recipe_expression.h"
#include "codec/detail/recipe_json.h"

namespace rapport::codec::detail {
namespace {

namespace json = boost::json;

constexpr std::pair<std::string_view, ExpressionKind> kForms[] = {
    {"column", ExpressionKind::column},
    {"const", ExpressionKind::constant},
    {"template", ExpressionKind::pattern},
    {"any", ExpressionKind::any},
    {"join", ExpressionKind::join},
    {"sum", ExpressionKind::sum},
    {"min", ExpressionKind::minimum},
    {"max", ExpressionKind::maximum},
    {"count", ExpressionKind::count},
    {"divide", ExpressionKind::divide},
    {"date_after", ExpressionKind::date_after},
};
constexpr std::string_view kConversions[] = {"map",        "else", "times", "format", "zone",
                                             "end_of_day", "as",   "true",  "false",  "with"};

Result<std::string> scalar_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return json::serialize(value);
  return Error{Errc::bad_input, "not a text, number or boolean"};
}

Result<std::vector<std::string>> word_list(const json::value& value) {
  std::vector<std::string> words;
  if (!value.is_array()) {
    RAPPORT_TRY(words.emplace_back(), scalar_text(value));
    return words;
  }
  for (const json::value& word : value.get_array()) {
    RAPPORT_TRY(words.emplace_back(), scalar_text(word));
  }
  return words;
}

Status parse_map(const json::value& value, Conversion& out) {
  if (!value.is_object()) return Error{Errc::bad_input, "not an object", "map"};
  out.has_map = true;
  for (const auto& [from, to] : value.get_object()) {
    auto text = scalar_text(to);
    if (!text.ok()) return std::move(text).error().at(std::string(from)).at("map");
    out.map[std::string(from)] = std::move(text).value();
  }
  return {};
}

Status parse_as(const json::object& object, Conversion& out) {
  constexpr std::string_view kTypes[] = {"text", "integer", "number", "boolean", "time"};
  out.as = text_member(object, "as");
  if (!out.as.empty() && std::find(std::begin(kTypes), std::end(kTypes), out.as) == std::end(kTypes)) {
    return Error{Errc::bad_input, fmt::format("unknown type '{}'", out.as), "as",
                 "text, integer, number, boolean or time"};
  }
  if (const auto* words = object.if_contains("true")) {
    RAPPORT_TRY(out.truths, word_list(*words));
  }
  if (const auto* words = object.if_contains("false")) {
    RAPPORT_TRY(out.falses, word_list(*words));
  }
  return {};
}

Status parse_conversion(const json::object& object, const text::Zone& zone, Conversion& out) {
  out.zone = zone;
  if (const auto* map = object.if_contains("map")) RAPPORT_CHECK(parse_map(*map, out));
  if (const auto* otherwise = object.if_contains("else")) {
    RAPPORT_TRY(out.otherwise, scalar_text(*otherwise));
  }
  if (const auto* times = object.if_contains("times")) {
    RAPPORT_TRY(out.times, scalar_text(*times));
    if (!micros_from_text(*out.times)) return Error{Errc::bad_input, "not a decimal factor", "times"};
  }
  out.format = text_member(object, "format");
  if (const std::string name = text_member(object, "zone"); !name.empty()) {
    auto found = text::Zone::find(name);
    if (!found.ok()) return std::move(found).error().at("zone");
    out.zone = std::move(found).value();
  }
  if (const auto* end = object.if_contains("end_of_day")) out.end_of_day = end->is_bool() && end->get_bool();
  return parse_as(object, out);
}

Expression column_expression(std::string_view name, const text::Zone& zone) {
  Expression expression;
  expression.kind = ExpressionKind::column;
  expression.text = name;
  expression.conversion.zone = zone;
  return expression;
}

Status parse_pattern(std::string_view pattern, const text::Zone& zone, Expression& out) {
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    if (open > 0) {
      Expression constant;
      constant.text = pattern.substr(0, open);
      out.parts.push_back(std::move(constant));
      pattern.remove_prefix(open);
      continue;
    }
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) return Error{Errc::bad_input, "a { without }", "template"};
    out.parts.push_back(column_expression(pattern.substr(1, close - 1), zone));
    pattern.remove_prefix(close + 1);
  }
  return {};
}

Status parse_parts(std::string_view form, const json::value& value, const text::Zone& zone, Expression& out) {
  if (!value.is_array()) {
    auto part = parse_expression(value, zone);
    if (!part.ok()) return std::move(part).error().at(form);
    out.parts.push_back(std::move(part).value());
    return {};
  }
  for (const json::value& item : value.get_array()) {
    auto part = parse_expression(item, zone);
    if (!part.ok()) return std::move(part).error().at(fmt::format("{}[{}]", form, out.parts.size()));
    out.parts.push_back(std::move(part).value());
  }
  return {};
}

Status parse_form(std::string_view form, const json::value& value, const text::Zone& zone, Expression& out) {
  switch (out.kind) {
    case ExpressionKind::column:
    case ExpressionKind::constant: {
      auto text = scalar_text(value);
      if (!text.ok()) return std::move(text).error().at(form);
      out.text = std::move(text).value();
      return {};
    }
    case ExpressionKind::pattern:
      if (!value.is_string()) return Error{Errc::bad_input, "not a text", std::string(form)};
      return parse_pattern(value.get_string(), zone, out);
    default:
      RAPPORT_CHECK(parse_parts(form, value, zone, out));
  }
  const bool pair = out.kind == ExpressionKind::divide || out.kind == ExpressionKind::date_after;
  if (out.parts.empty() || (pair && out.parts.size() != 2)) {
    return Error{Errc::bad_input, "wrong number of values", std::string(form),
                 pair ? "a list of two" : "one or more"};
  }
  return {};
}

}  // namespace

Result<Expression> parse_expression(const json::value& value, const text::Zone& zone) {
  if (value.is_string()) return column_expression(value.get_string(), zone);
  if (!value.is_object()) {
    return Error{Errc::bad_input, "not an expression", "",
                 "a column name or an object such as {\"const\": 1}"};
  }
  const json::object& object = value.get_object();
  Expression out;
  std::string_view form;
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto known =
        std::find_if(std::begin(kForms), std::end(kForms), [&](const auto& f) { return f.first == key; });
    if (known != std::end(kForms)) {
      if (!form.empty()) return fail(Errc::bad_input, "both '{}' and '{}' in one expression", form, key);
      form = key;
      out.kind = known->second;
    } else if (std::find(std::begin(kConversions), std::end(kConversions), key) == std::end(kConversions)) {
      return Error{Errc::bad_input, "unknown member", std::string(key), "see docs/recipes.md"};
    }
  }
  if (form.empty()) {
    return Error{Errc::bad_input, "an expression without a value", "", "column, const, template, any, ..."};
  }
  RAPPORT_CHECK(parse_form(form, object.at(form), zone, out));
  if (out.kind == ExpressionKind::join)
    out.text = object.contains("with") ? text_member(object, "with") : " ";
  RAPPORT_CHECK(parse_conversion(object, zone, out.conversion));
  return out;
}

Result<LinesExpression> parse_lines(const json::object& object, const text::Zone& zone) {
  LinesExpression out;
  out.alias = text_member(object, "lines");
  RAPPORT_CHECK(only_members(object, {"lines", "product_id", "quantity", "price", "value"}));
  const auto member = [&](std::string_view name, auto& to) -> Status {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return {};
    auto parsed = parse_expression(*value, zone);
    if (!parsed.ok()) return std::move(parsed).error().at(name);
    to = std::move(parsed).value();
    return {};
  };
  if (!object.contains("product_id")) return Error{Errc::bad_input, "missing", "product_id", "an expression"};
  RAPPORT_CHECK(member("product_id", out.product_id));
  RAPPORT_CHECK(member("quantity", out.quantity));
  RAPPORT_CHECK(member("price", out.price));
  RAPPORT_CHECK(member("value", out.value));
  if (out.price && out.value)
    return Error{Errc::bad_input, "both the price of a piece and the value of the row", "value",
                 "one of them"};
  return out;
}

}  // namespace rapport::codec::detail
