#include "codec/detail/property_encoder.h"

#include <charconv>
#include <cmath>

#include "codec/detail/json_text.h"
#include "codec/detail/property_scale.h"

namespace rapport::codec::detail {
namespace {

using model::PropertySpec;
using model::PropertyType;

// A thousandth of the largest clear decimal still fits a double without loss.
constexpr double kMostNumber = 9e12;

Error wrong_type(const PropertySpec& spec, std::string_view expected) {
  return Error{Errc::bad_input, fmt::format("not a value of type {}", property_type_name(spec.type)), "",
               fmt::format("{}, such as {}", expected, spec.example)};
}

DecimalInput decimal_of(const PropertyValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  return std::monostate{};
}

Result<std::int64_t> minor_of(const DecimalInput& value, Currency currency) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return parse_minor(*text, currency);
  if (const auto* real = std::get_if<double>(&value)) return minor_from_double(*real, currency);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return minor_from_double(static_cast<double>(*whole), currency);
  }
  return Error{Errc::bad_input, "not an amount", "", "a decimal such as 1234.50"};
}

Result<std::int64_t> integer_of(const PropertySpec& spec, const PropertyValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) {
    if (std::abs(*real) < 9e15 && *real == std::trunc(*real)) return static_cast<std::int64_t>(*real);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    std::int64_t parsed = 0;
    const auto end = std::from_chars(text->data(), text->data() + text->size(), parsed);
    if (end.ec == std::errc{} && end.ptr == text->data() + text->size()) return parsed;
  }
  return wrong_type(spec, "a whole number");
}

Result<std::int64_t> thousandths_of(double value) {
  if (!(std::abs(value) <= kMostNumber)) {
    return Error{Errc::bad_input, "number out of range", "", "a number within +-9e12"};
  }
  return static_cast<std::int64_t>(std::llround(value * 1000.0));
}

Result<std::int64_t> number_of(const PropertySpec& spec, const PropertyValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return thousandths_of(static_cast<double>(*whole));
  }
  if (const auto* real = std::get_if<double>(&value)) return thousandths_of(*real);
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    double parsed = 0;
    const auto end = std::from_chars(text->data(), text->data() + text->size(), parsed);
    if (end.ec == std::errc{} && end.ptr == text->data() + text->size()) return thousandths_of(parsed);
  }
  return wrong_type(spec, "a number");
}

Result<std::int64_t> time_of(const PropertySpec& spec, const PropertyValue& value) {
  if (const auto* instant = std::get_if<Instant>(&value)) return instant->ms;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    RAPPORT_TRY(const Instant parsed, parse_instant(*text));
    return parsed.ms;
  }
  return wrong_type(spec, "an RFC 3339 time");
}

Result<std::int64_t> boolean_of(const PropertySpec& spec, const PropertyValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (*text == "true") return 1;
    if (*text == "false") return 0;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (*whole == 0 || *whole == 1) return *whole;
  }
  return wrong_type(spec, "true or false");
}

bool is_word_of(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

Status check_length(std::string_view text) {
  if (text.size() <= kMostClearTextBytes) return {};
  return fail(Errc::bad_input, "text of {} bytes, at most {} are taken", text.size(), kMostClearTextBytes);
}

Status check_items(std::size_t count) {
  if (count <= kMostListItems) return {};
  return fail(Errc::too_large, "list of {} items, at most {} are taken", count, kMostListItems);
}

Status encode_text(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  RAPPORT_TRY(std::string text, text_of(value));
  RAPPORT_CHECK(check_length(text));
  if (spec.type == PropertyType::currency) {
    RAPPORT_TRY(const Currency currency, Currency::parse(text));
    text = currency.text();
  }
  if (spec.type == PropertyType::word && !is_word_of(spec.words, text)) {
    return Error{Errc::bad_input, fmt::format("'{}' is not one of its words", text.substr(0, 40)), "",
                 fmt::format("one of: {}", spec.words)};
  }
  to.clear.text(spec.id, text);
  return {};
}

Status encode_texts(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  const auto* texts = std::get_if<std::vector<std::string_view>>(&value);
  if (texts == nullptr) return wrong_type(spec, "a list of texts");
  RAPPORT_CHECK(check_items(texts->size()));
  for (const std::string_view text : *texts) RAPPORT_CHECK(check_length(text));
  to.clear.texts(spec.id, *texts);
  return {};
}

Status encode_lines(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  const auto* given = std::get_if<LinesInput>(&value);
  if (given == nullptr) return wrong_type(spec, "a list of {product_id, quantity, price}");
  RAPPORT_CHECK(check_items(given->lines.size()));
  std::vector<ProductLine> lines;
  lines.reserve(given->lines.size());
  for (const LineInput& line : given->lines) {
    const auto where = [&](Error error, std::string_view field) {
      return std::move(error).at(fmt::format("[{}].{}", lines.size(), field));
    };
    if (line.product_id.empty()) {
      return where(Error{Errc::bad_input, "missing", "", "the product's number"}, "product_id");
    }
    if (auto fits = check_length(line.product_id); !fits.ok()) return where(fits.error(), "product_id");
    std::int64_t minor = 0;
    if (line.price.index() != 0) {
      auto price = minor_of(line.price, to.currency);
      if (!price.ok()) return where(price.error(), "price");
      minor = *price;
    }
    lines.push_back({line.product_id, line.quantity, minor});
  }
  to.clear.lines(spec.id, lines);
  return {};
}

Status encode_answers(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  const auto* given = std::get_if<std::vector<AnswerInput>>(&value);
  if (given == nullptr) return wrong_type(spec, "a list of {item, value}");
  RAPPORT_CHECK(check_items(given->size()));
  std::vector<AnswerItem> numbers;
  for (const AnswerInput& answer : *given) {
    if (answer.item.empty()) return Error{Errc::bad_input, "answer without item"};
    RAPPORT_CHECK(check_length(answer.item));
    if (const auto* text = std::get_if<std::string_view>(&answer.value)) {
      to.personal_answers += to.personal_answers.empty() ? "[{\"item\":" : ",{\"item\":";
      append_json_text(to.personal_answers, answer.item);
      to.personal_answers += ",\"value\":";
      append_json_text(to.personal_answers, *text);
      to.personal_answers.push_back('}');
      continue;
    }
    const auto* whole = std::get_if<std::int64_t>(&answer.value);
    RAPPORT_TRY(const std::int64_t thousandths,
                thousandths_of(whole ? static_cast<double>(*whole) : std::get<double>(answer.value)));
    numbers.push_back({answer.item, thousandths});
  }
  if (!to.personal_answers.empty()) to.personal_answers.push_back(']');
  to.clear.answers(spec.id, numbers);
  return {};
}

Status encode_clauses(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  const auto* given = std::get_if<std::vector<ClauseInput>>(&value);
  if (given == nullptr) return wrong_type(spec, "a list of {class, sentiment, aspect}");
  RAPPORT_CHECK(check_items(given->size()));
  std::vector<ClauseItem> clauses;
  for (const ClauseInput& clause : *given) {
    if (!(std::abs(clause.sentiment) <= 1)) {
      return Error{Errc::bad_input, "sentiment out of range", "", "a number from -1 to 1"};
    }
    RAPPORT_CHECK(check_length(clause.klass));
    RAPPORT_CHECK(check_length(clause.aspect));
    clauses.push_back({clause.klass, std::llround(clause.sentiment * 1000.0), clause.aspect});
  }
  to.clear.clauses(spec.id, clauses);
  return {};
}

Status write_number(const PropertySpec& spec, Result<std::int64_t> number, EncodeTo& to) {
  if (!number.ok()) return std::move(number).error();
  to.clear.number(spec.id, *number);
  return {};
}

void append_decimal(std::string& out, const DecimalInput& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    append_json_number(out, *whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_json_number(out, *real);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_json_text(out, *text);
  } else {
    out += "null";
  }
}

struct JsonAppender {
  std::string& out;

  void operator()(std::int64_t value) const { append_json_number(out, value); }
  void operator()(double value) const { append_json_number(out, value); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::string_view value) const { append_json_text(out, value); }
  void operator()(Instant value) const { append_json_text(out, format_instant(value)); }
  void operator()(RawJson value) const { out += value.text; }
  void operator()(const std::vector<std::string_view>& values) const {
    list(values, [&](std::string_view value) { append_json_text(out, value); });
  }
  void operator()(const LinesInput& value) const {
    if (!value.rest.empty()) {
      out += value.rest;
      return;
    }
    list(value.lines, [&](const LineInput& line) {
      JsonObjectText object(out);
      object.key("product_id");
      append_json_text(out, line.product_id);
      object.key("quantity");
      append_json_number(out, line.quantity);
      object.key("price");
      append_decimal(out, line.price);
      object.close();
    });
  }
  void operator()(const std::vector<AnswerInput>& values) const {
    list(values, [&](const AnswerInput& answer) {
      JsonObjectText object(out);
      object.key("item");
      append_json_text(out, answer.item);
      object.key("value");
      std::visit(*this, answer.value);
      object.close();
    });
  }
  void operator()(const std::vector<ClauseInput>& values) const {
    list(values, [&](const ClauseInput& clause) {
      JsonObjectText object(out);
      object.key("class");
      append_json_text(out, clause.klass);
      object.key("sentiment");
      append_json_number(out, clause.sentiment);
      object.key("aspect");
      append_json_text(out, clause.aspect);
      object.close();
    });
  }

  template <class Values, class Write>
  void list(const Values& values, Write write) const {
    out.push_back('[');
    bool first = true;
    for (const auto& value : values) {
      if (!first) out.push_back(',');
      first = false;
      write(value);
    }
    out.push_back(']');
  }
};

}  // namespace

Result<std::string> text_of(const PropertyValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  std::string digits;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    append_json_number(digits, *whole);
    return digits;
  }
  if (const auto* real = std::get_if<double>(&value)) {
    append_json_number(digits, *real);
    return digits;
  }
  return Error{Errc::bad_input, "not a text", "", "a text"};
}

Status encode_clear(const PropertySpec& spec, const PropertyValue& value, EncodeTo& to) {
  switch (spec.type) {
    case PropertyType::text:
    case PropertyType::currency:
    case PropertyType::word:
      return encode_text(spec, value, to);
    case PropertyType::integer:
      return write_number(spec, integer_of(spec, value), to);
    case PropertyType::number: {
      RAPPORT_TRY(const std::int64_t thousandths, number_of(spec, value));
      if (!is_on_scale(spec, thousandths)) return wrong_type(spec, "a number from 1 to 5");
      return write_number(spec, thousandths, to);
    }
    case PropertyType::money:
      return write_number(spec, minor_of(decimal_of(value), to.currency), to);
    case PropertyType::time:
      return write_number(spec, time_of(spec, value), to);
    case PropertyType::boolean:
      return write_number(spec, boolean_of(spec, value), to);
    case PropertyType::text_list:
      return encode_texts(spec, value, to);
    case PropertyType::lines:
      return encode_lines(spec, value, to);
    case PropertyType::answers:
      return encode_answers(spec, value, to);
    case PropertyType::clauses:
      return encode_clauses(spec, value, to);
    case PropertyType::json: {
      std::string json;
      append_json_value(json, value);
      to.clear.text(spec.id, json);
      return {};
    }
  }
  return Error{Errc::internal, "property of a type that nobody encodes"};
}

void append_json_value(std::string& out, const PropertyValue& value) {
  std::visit(JsonAppender{out}, value);
}

}  // namespace rapport::codec::detail
