#pragma once

#include <boost/json/value.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "codec/event_builder.h"
#include "codec/recipe.h"
#include "text/zone.h"

/// The value expressions of a recipe: parsed once, bound to columns, evaluated for each event.
namespace rapport::codec::detail {

enum class ExpressionKind {
  column,    ///< "total" or "items.price"
  constant,  ///< {"const": 1}
  pattern,   ///< {"template": "{order_id}-{n}"}; missing when a part is
  any,       ///< {"any": [a, b]}: the first that is not missing
  join,      ///< {"join": [a, b], "with": " "}: those that are not missing
  sum,       ///< {"sum": a} over the rows of its source; likewise min, max, and count of the rows where a is
  minimum,   ///< not missing
  maximum,
  count,
  divide,      ///< {"divide": [a, b]}: a when b is zero or missing
  date_after,  ///< {"date_after": [a, b]}: whether the civil day of a is later
};

/// What happens to the value before it is used; in the order of the members.
struct Conversion {
  bool has_map = false;
  std::map<std::string, std::string, std::less<>> map;
  std::optional<std::string> otherwise;  ///< "else": for a value not in `map`, or a missing one
  std::optional<std::string> times;      ///< decimal factor
  std::string format;                    ///< of a time: %Y %m %d %H %M %S, or epoch_s, epoch_ms
  std::optional<text::Zone> zone;        ///< of a time that names none
  bool end_of_day = false;               ///< the last millisecond of the civil day
  std::string as;                        ///< text integer number boolean time; decimal = exact, as text
  std::vector<std::string> truths = {"true", "True", "TRUE", "1", "yes", "Yes", "YES", "Y", "y", "是"};
  std::vector<std::string> falses = {"false", "False", "FALSE", "0", "no", "No", "NO", "N", "n", "否"};
};

struct Expression {
  ExpressionKind kind = ExpressionKind::constant;
  std::string text;               ///< column name, constant, or separator
  std::vector<Expression> parts;  ///< of a pattern: constants and columns in turn
  Conversion conversion;
  std::size_t source = 0;             ///< bound: 0 = own row, i = join i
  std::optional<std::size_t> column;  ///< bound; none when that source has no file
};

/// {"lines": alias, "product_id": a, "quantity": b, "price": c}: an order's products, a line for each row of
/// the source. Rows equal in product and price become one line. With "value" instead of "price" the value of
/// the whole row is shared out over its pieces in whole minor units, so that nothing of it is lost.
struct LinesExpression {
  std::string alias;
  std::size_t source = 0;
  Expression product_id;
  std::optional<Expression> quantity, price, value;
};

/// Errors: bad_input with `where`.
Result<Expression> parse_expression(const boost::json::value& json, const text::Zone& zone);
Result<LinesExpression> parse_lines(const boost::json::object& json, const text::Zone& zone);

/// Where the columns of a mapping are: source by alias ("" = own), and the columns of each, null when there
/// is no file.
struct Sources {
  std::map<std::string, std::size_t, std::less<>> by_alias;
  std::vector<const std::vector<std::string>*> columns;
  std::vector<std::string> roles;
};
Status bind_expression(Expression& expression, const Sources& sources);
Status bind_lines(LinesExpression& lines, const Sources& sources);

/// Texts made while evaluating one event; views stay valid until clear().
class TextPool {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  void clear() { texts_.clear(); }

 private:
  std::deque<std::string> texts_;
};

class Evaluation {
 public:
  Evaluation(const RecipeRows& rows, TextPool& pool) : rows_(rows), pool_(pool), at_(rows.size(), 0) {}

  /// The value as text, converted; nullopt when missing. Times come as RFC 3339 in UTC.
  Result<std::optional<std::string_view>> text(const Expression& expression);
  /// The value as a moment; nullopt when missing.
  Result<std::optional<Instant>> time(const Expression& expression);
  /// Typed by `as`; nullopt when missing.
  Result<std::optional<PropertyValue>> value(const Expression& expression);
  /// `minor_micros`: millionths in the currency's minor unit. Adds to `odd` the rows whose quantity was no
  /// whole number of pieces and which were taken as the whole pieces in it, one at least.
  Result<LinesInput> lines(const LinesExpression& lines, std::int64_t minor_micros, std::uint64_t& odd);

 private:
  /// One row of an order's products as its columns have it.
  struct LineRow {
    std::string_view product;
    std::int64_t quantity_micros = 1'000'000;
    std::optional<std::string_view> price;
    std::optional<std::int64_t> value_micros;
    bool whole() const { return quantity_micros >= 1'000'000 && quantity_micros % 1'000'000 == 0; }
  };
  Result<LineRow> line_row(const LinesExpression& lines);
  std::string_view decimal(std::string_view text);
  Result<std::optional<std::string_view>> raw(const Expression& expression);
  Result<std::optional<std::string_view>> pattern(const Expression& expression);
  Result<std::optional<std::string_view>> joined(const Expression& expression);
  Result<std::optional<std::string_view>> aggregate(const Expression& expression);
  Result<std::optional<std::string_view>> divide(const Expression& expression);
  Result<std::optional<std::string_view>> date_after(const Expression& expression);
  Result<std::optional<std::string_view>> converted(const Conversion& conversion,
                                                    std::optional<std::string_view> value);

  const RecipeRows& rows_;
  TextPool& pool_;
  std::vector<std::size_t> at_;  ///< row of each source that columns read
};

}  // namespace rapport::codec::detail
