#include "codec/detail/recipe_expression.h"

#include <algorithm>

#include "codec/detail/recipe_decimal.h"
#include "codec/detail/recipe_time.h"
#include "text/normalise.h"

namespace rapport::codec::detail {
namespace {

Error not_a_number(std::string_view text) {
  return Error{Errc::bad_input, fmt::format("'{}' is not a number", text.substr(0, 40)), "",
               "a decimal such as 12.50"};
}

Result<std::int64_t> micros_of(std::string_view text) {
  const auto micros = micros_from_text(text);
  if (!micros) return not_a_number(text);
  return *micros;
}

// The source whose rows an aggregate runs over: that of the first column inside it.
std::optional<std::size_t> source_of(const Expression& expression) {
  if (expression.kind == ExpressionKind::column) return expression.source;
  for (const Expression& part : expression.parts) {
    if (const auto found = source_of(part)) return found;
  }
  return std::nullopt;
}

std::string known_columns(const std::vector<std::string>& columns) {
  std::string names;
  for (const std::string& column : columns) {
    if (names.size() > 300) return names + ", ...";
    names += (names.empty() ? "" : ", ") + column;
  }
  return names;
}

Status bind_column(Expression& expression, const Sources& sources) {
  std::string_view name = expression.text;
  expression.source = 0;
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
    const auto alias = sources.by_alias.find(name.substr(0, dot));
    if (alias != sources.by_alias.end()) {
      expression.source = alias->second;
      name = name.substr(dot + 1);
    }
  }
  const std::vector<std::string>* columns = sources.columns[expression.source];
  expression.column.reset();
  if (columns == nullptr) return {};
  const auto found = std::find(columns->begin(), columns->end(), name);
  if (found != columns->end()) {
    expression.column = static_cast<std::size_t>(found - columns->begin());
    return {};
  }
  return Error{Errc::bad_input,
               fmt::format("the file for '{}' has no column '{}'", sources.roles[expression.source], name),
               "", "one of: " + known_columns(*columns)};
}

}  // namespace

Status bind_expression(Expression& expression, const Sources& sources) {
  if (expression.kind == ExpressionKind::column) return bind_column(expression, sources);
  for (Expression& part : expression.parts) RAPPORT_CHECK(bind_expression(part, sources));
  return {};
}

Status bind_lines(LinesExpression& lines, const Sources& sources) {
  const auto alias = sources.by_alias.find(lines.alias);
  if (alias == sources.by_alias.end()) {
    return Error{Errc::bad_input, fmt::format("lines of '{}', which is no join", lines.alias), "",
                 "the name of a join, or rows"};
  }
  lines.source = alias->second;
  RAPPORT_CHECK(bind_expression(lines.product_id, sources));
  if (lines.value) RAPPORT_CHECK(bind_expression(*lines.value, sources));
  if (lines.quantity) RAPPORT_CHECK(bind_expression(*lines.quantity, sources));
  if (lines.price) RAPPORT_CHECK(bind_expression(*lines.price, sources));
  return {};
}

Result<std::optional<std::string_view>> Evaluation::text(const Expression& expression) {
  RAPPORT_TRY(const auto value, raw(expression));
  return converted(expression.conversion, value);
}

Result<std::optional<std::string_view>> Evaluation::raw(const Expression& expression) {
  using Found = std::optional<std::string_view>;
  switch (expression.kind) {
    case ExpressionKind::constant:
      return Found(expression.text);
    case ExpressionKind::column: {
      const auto& rows = rows_[expression.source];
      if (!expression.column || at_[expression.source] >= rows.size()) return Found();
      const std::string_view cell = text::trim(rows[at_[expression.source]][*expression.column]);
      return cell.empty() ? Found() : Found(cell);
    }
    case ExpressionKind::pattern:
      return pattern(expression);
    case ExpressionKind::any:
      for (const Expression& part : expression.parts) {
        RAPPORT_TRY(const auto value, text(part));
        if (value) return value;
      }
      return Found();
    case ExpressionKind::join:
      return joined(expression);
    case ExpressionKind::divide:
      return divide(expression);
    case ExpressionKind::date_after:
      return date_after(expression);
    default:
      return aggregate(expression);
  }
}

Result<std::optional<std::string_view>> Evaluation::pattern(const Expression& expression) {
  std::string out;
  for (const Expression& part : expression.parts) {
    RAPPORT_TRY(const auto value, text(part));
    if (!value) return std::optional<std::string_view>();
    out += *value;
  }
  return std::optional(pool_.keep(std::move(out)));
}

Result<std::optional<std::string_view>> Evaluation::joined(const Expression& expression) {
  std::string out;
  bool any = false;
  for (const Expression& part : expression.parts) {
    RAPPORT_TRY(const auto value, text(part));
    if (!value) continue;
    if (any) out += expression.text;
    any = true;
    out += *value;
  }
  if (!any) return std::optional<std::string_view>();
  return std::optional(pool_.keep(std::move(out)));
}

Result<std::optional<std::string_view>> Evaluation::aggregate(const Expression& expression) {
  std::optional<std::int64_t> result;
  if (expression.kind == ExpressionKind::count) result = 0;
  for (const Expression& part : expression.parts) {
    const auto source = source_of(part);
    if (!source) continue;
    for (std::size_t i = 0; i < rows_[*source].size(); ++i) {
      at_[*source] = i;
      auto value = text(part);
      at_[*source] = 0;
      if (!value.ok()) return std::move(value).error();
      if (!*value) continue;
      if (expression.kind == ExpressionKind::count) {
        *result += 1'000'000;
        continue;
      }
      RAPPORT_TRY(const std::int64_t micros, micros_of(**value));
      if (!result) {
        result = micros;
      } else if (expression.kind == ExpressionKind::minimum) {
        result = std::min(*result, micros);
      } else if (expression.kind == ExpressionKind::maximum) {
        result = std::max(*result, micros);
      } else if (__builtin_add_overflow(*result, micros, &*result)) {
        return Error{Errc::bad_input, "a sum beyond 9e12"};
      }
    }
  }
  if (!result) return std::optional<std::string_view>();
  return std::optional(pool_.keep(text_from_micros(*result)));
}

Result<std::optional<std::string_view>> Evaluation::divide(const Expression& expression) {
  RAPPORT_TRY(const auto above, text(expression.parts[0]));
  RAPPORT_TRY(const auto below, text(expression.parts[1]));
  if (!above || !below) return above;
  RAPPORT_TRY(const std::int64_t a, micros_of(*above));
  RAPPORT_TRY(const std::int64_t b, micros_of(*below));
  if (b == 0) return above;
  const auto quotient = divide_micros(a, b);
  if (!quotient) return not_a_number(*above);
  return std::optional(pool_.keep(text_from_micros(*quotient)));
}

Result<std::optional<std::string_view>> Evaluation::date_after(const Expression& expression) {
  std::int64_t days[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    RAPPORT_TRY(const auto value, raw(expression.parts[i]));
    if (!value) return std::optional<std::string_view>();
    RAPPORT_TRY(days[i], read_civil_day(*value, expression.parts[i].conversion.format));
  }
  return std::optional<std::string_view>(days[0] > days[1] ? "true" : "false");
}

Result<std::optional<std::string_view>> Evaluation::converted(const Conversion& conversion,
                                                              std::optional<std::string_view> value) {
  if (conversion.has_map && value) {
    const auto found = conversion.map.find(*value);
    if (found != conversion.map.end()) {
      value = found->second;
    } else if (conversion.otherwise) {
      value = *conversion.otherwise;
    }
  }
  if (!value && conversion.otherwise) value = *conversion.otherwise;
  if (!value) return value;
  if (conversion.times) {
    RAPPORT_TRY(const std::int64_t a, micros_of(*value));
    RAPPORT_TRY(const std::int64_t b, micros_of(*conversion.times));
    const auto product = multiply_micros(a, b);
    if (!product) return not_a_number(*value);
    value = pool_.keep(text_from_micros(*product));
  }
  if (conversion.as == "boolean") {
    const auto is_in = [&](const std::vector<std::string>& words) {
      return std::find(words.begin(), words.end(), *value) != words.end();
    };
    if (is_in(conversion.truths)) return std::optional<std::string_view>("true");
    if (is_in(conversion.falses)) return std::optional<std::string_view>("false");
    return Error{Errc::bad_input, fmt::format("'{}' is neither true nor false", value->substr(0, 40))};
  }
  return value;
}

Result<std::optional<Instant>> Evaluation::time(const Expression& expression) {
  // Of several columns the first that is there decides, each with its own way of writing times.
  if (expression.kind == ExpressionKind::any) {
    for (const Expression& part : expression.parts) {
      RAPPORT_TRY(const auto moment, time(part));
      if (moment) return moment;
    }
    return std::optional<Instant>();
  }
  RAPPORT_TRY(const auto value, text(expression));
  if (!value) return std::optional<Instant>();
  const Conversion& conversion = expression.conversion;
  RAPPORT_TRY(const Instant moment,
              read_time(*value, {conversion.format, &*conversion.zone, conversion.end_of_day}));
  return std::optional(moment);
}

std::string_view Evaluation::decimal(std::string_view text) {
  auto plain = plain_decimal(text);
  return plain ? pool_.keep(std::move(*plain)) : text;
}

Result<std::optional<PropertyValue>> Evaluation::value(const Expression& expression) {
  using Found = std::optional<PropertyValue>;
  const std::string& as = expression.conversion.as;
  if (as == "time") {
    RAPPORT_TRY(const auto moment, time(expression));
    return moment ? Found(*moment) : Found();
  }
  RAPPORT_TRY(const auto value, text(expression));
  if (!value) return Found();
  if (as == "boolean") return Found(*value == "true");
  if (as == "decimal") return Found(decimal(*value));
  if (as == "integer" || as == "number") {
    RAPPORT_TRY(const std::int64_t micros, micros_of(*value));
    if (micros % 1'000'000 == 0) return Found(micros / 1'000'000);
    if (as == "integer") return not_a_number(*value);
    return Found(static_cast<double>(micros) / 1e6);
  }
  return Found(*value);
}

namespace {

void add_line(LinesInput& out, const LineInput& line) {
  if (line.quantity == 0) return;
  const auto same = std::find_if(out.lines.begin(), out.lines.end(), [&](const LineInput& other) {
    return other.product_id == line.product_id && other.price == line.price;
  });
  if (same != out.lines.end()) {
    same->quantity += line.quantity;
  } else {
    out.lines.push_back(line);
  }
}

}  // namespace

Result<Evaluation::LineRow> Evaluation::line_row(const LinesExpression& lines) {
  LineRow row;
  RAPPORT_TRY(const auto product, text(lines.product_id));
  row.product = product.value_or("");
  if (lines.quantity) {
    RAPPORT_TRY(const auto quantity, text(*lines.quantity));
    if (quantity) {
      RAPPORT_TRY(row.quantity_micros, micros_of(*quantity));
    }
  }
  if (lines.price) {
    RAPPORT_TRY(row.price, text(*lines.price));
  }
  if (lines.value) {
    RAPPORT_TRY(const auto value, text(*lines.value));
    RAPPORT_TRY(row.value_micros, micros_of(value.value_or("0")));
  } else if (row.price && row.quantity_micros > 0 && !row.whole()) {
    // Half a kilogram at a price a kilogram has a value, but no whole number of pieces.
    RAPPORT_TRY(const std::int64_t price, micros_of(*row.price));
    row.value_micros = multiply_micros(price, row.quantity_micros);
    if (!row.value_micros) return not_a_number(*row.price);
  }
  return row;
}

Result<LinesInput> Evaluation::lines(const LinesExpression& lines, std::int64_t minor_micros,
                                     std::uint64_t& odd) {
  LinesInput out;
  const std::size_t rows = rows_[lines.source].size();
  for (std::size_t i = 0; i < rows; ++i) {
    at_[lines.source] = i;
    auto row = line_row(lines);
    at_[lines.source] = 0;
    if (!row.ok()) return std::move(row).error();
    if (!row->value_micros || row->quantity_micros < 0 || *row->value_micros < 0) {
      LineInput line{row->product, row->quantity_micros / 1'000'000, std::monostate{}};
      if (row->price) line.price = decimal(*row->price);
      if (row->value_micros) line.price = pool_.keep(text_from_micros(*row->value_micros));
      if (line.quantity == 0) {
        out.lines.push_back(line);  // Refused by the catalogue, which names it.
      } else {
        add_line(out, line);
      }
      continue;
    }
    if (!row->whole()) ++odd;
    const std::int64_t pieces = std::max<std::int64_t>(1, row->quantity_micros / 1'000'000);
    const std::int64_t minor = (*row->value_micros + minor_micros / 2) / minor_micros;
    const std::int64_t dearer = minor % pieces, price = minor / pieces;
    const auto amount = [&](std::int64_t units) {
      return pool_.keep(text_from_micros(units * minor_micros));
    };
    add_line(out, {row->product, pieces - dearer, amount(price)});
    if (dearer > 0) add_line(out, {row->product, dearer, amount(price + 1)});
  }
  return out;
}

}  // namespace rapport::codec::detail
