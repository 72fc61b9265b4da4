#include "codec/detail/property_check.h"

#include "base/time.h"
#include "codec/detail/property_scale.h"
#include "model/catalogue_ids.h"
#include "model/plain_word.h"

namespace rapport::codec::detail {

using model::PropertySpec;
using model::PropertyType;

namespace {

constexpr int kThousandths = 3;
constexpr std::int64_t kMostScaled = 9'000'000'000'000'000;

bool in_range(std::optional<std::int64_t> value) {
  return value && *value <= kMostScaled && *value >= -kMostScaled;
}

bool is_one_of(std::string_view words, std::string_view text) {
  if (text.empty() || text.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = words.find(text); at != std::string_view::npos; at = words.find(text, at + 1)) {
    const bool begins = at == 0 || words[at - 1] == ' ';
    const std::size_t end = at + text.size();
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool is_list_of_texts(JsonValue value) {
  if (!value.is(JsonKind::array)) return false;
  for (JsonItems items(value); items.next();)
    if (!items.value().is(JsonKind::string)) return false;
  return true;
}

std::string_view classes() {
  static const std::string_view words = model::find_property(model::property::feedback_class)->words;
  return words;
}

}  // namespace

std::optional<std::int64_t> minor_units(JsonValue value, Currency currency) {
  std::optional<std::int64_t> minor;
  if (const auto quoted = value.plain_text()) {
    minor = scaled_decimal(*quoted, currency.decimals());
  } else {
    minor = value.scaled(currency.decimals());
  }
  return in_range(minor) ? minor : std::nullopt;
}

void PropertyCheck::start(model::EventKind kind, std::string& clear, PersonalText* personal,
                          Currency currency) {
  kind_ = kind;
  clear_ = &clear;
  personal_ = personal;
  currency_ = currency;
  scratch_used_ = 0;
}

bool PropertyCheck::wrong(const PropertySpec& spec, JsonValue value, std::string_view expected) {
  constexpr std::size_t kShown = 40;
  const bool scalar = value.height() == 0 && value.raw().size() <= kShown;
  error_ = Error{Errc::bad_input,
                 scalar ? fmt::format("{} is {}", spec.name, value.raw())
                        : fmt::format("{} is a {} of another form", spec.name, json_kind_name(value.kind())),
                 fmt::format("{}.{}", where_, spec.name), std::string(expected)};
  return false;
}

bool PropertyCheck::wrong_item(const PropertySpec& spec, std::size_t i, std::string_view member,
                               std::string_view expected) {
  error_ = Error{Errc::bad_input, fmt::format("{} number {} is incomplete or wrong", spec.name, i),
                 fmt::format("{}.{}[{}]{}{}", where_, spec.name, i, member.empty() ? "" : ".", member),
                 std::string(expected)};
  return false;
}

std::optional<std::string_view> PropertyCheck::text_of(JsonValue value) {
  if (const auto plain = value.plain_text()) return plain;
  if (value.is(JsonKind::number)) return value.raw();
  if (!value.is(JsonKind::string)) return std::nullopt;
  if (scratch_used_ == scratch_.size()) scratch_.push_back(std::make_unique<std::string>());
  return value.text(*scratch_[scratch_used_++]);
}

bool PropertyCheck::convert(const PropertySpec& spec, JsonValue value, std::string_view where) {
  where_ = where;
  if (spec.sensitivity == model::Sensitivity::personal) {
    if (!personal_type_is_right(spec, value)) return wrong(spec, value, model::property_type_name(spec.type));
    if (personal_ != nullptr) personal_->named_member(where, spec.name, value.raw());
    return true;
  }
  switch (spec.type) {
    case PropertyType::text:
      return text(spec, value);
    case PropertyType::integer:
      return number(spec, value, value.integer(), "a whole number");
    case PropertyType::number: {
      const auto scaled = value.scaled(kThousandths);
      if (in_range(scaled) && !is_on_scale(spec, *scaled)) return wrong(spec, value, "a number from 1 to 5");
      return number(spec, value, in_range(scaled) ? scaled : std::nullopt, "a number");
    }
    case PropertyType::money:
      return number(spec, value, minor(value), "an amount such as 899.00");
    case PropertyType::currency:
      return currency_code(spec, value);
    case PropertyType::time:
      return time(spec, value);
    case PropertyType::boolean:
      return number(spec, value,
                    value.is(JsonKind::boolean) ? std::optional<std::int64_t>(value.is_true()) : std::nullopt,
                    "true or false");
    case PropertyType::word:
      return word(spec, value);
    case PropertyType::text_list:
      return text_list(spec, value);
    case PropertyType::lines:
      return lines(spec, value);
    case PropertyType::answers:
      return answers(spec, value);
    case PropertyType::clauses:
      return clauses(spec, value);
    case PropertyType::json:
      PropertyWriter(*clear_).text(spec.id, value.raw());
      return true;
  }
  return false;
}

bool PropertyCheck::personal_type_is_right(const PropertySpec& spec, JsonValue value) const {
  if (spec.type == PropertyType::json) return true;
  if (spec.type == PropertyType::text_list) return is_list_of_texts(value);
  return value.is(JsonKind::string) || value.is(JsonKind::number);
}

std::optional<std::int64_t> PropertyCheck::minor(JsonValue value) const {
  return minor_units(value, currency_);
}

bool PropertyCheck::number(const PropertySpec& spec, JsonValue value, std::optional<std::int64_t> number,
                           std::string_view expected) {
  if (!number) return wrong(spec, value, expected);
  PropertyWriter(*clear_).number(spec.id, *number);
  return true;
}

bool PropertyCheck::text(const PropertySpec& spec, JsonValue value) {
  const auto found = text_of(value);
  if (!found) return wrong(spec, value, "a text");
  if (found->size() > kClearTextMostBytes) {
    error_ =
        Error{Errc::bad_input, fmt::format("{} has {} bytes", spec.name, found->size()),
              fmt::format("{}.{}", where_, spec.name), fmt::format("at most {} bytes", kClearTextMostBytes)};
    return false;
  }
  if (found->find('\0') != std::string_view::npos) return wrong(spec, value, "a text without U+0000");
  if (spec.sensitivity == model::Sensitivity::word_or_sealed && !model::stays_clear(kind_, *found)) {
    if (personal_ != nullptr) personal_->named_member(where_, spec.name, value.raw());
    return true;
  }
  PropertyWriter(*clear_).text(spec.id, *found);
  return true;
}

bool PropertyCheck::word(const PropertySpec& spec, JsonValue value) {
  const auto found = value.plain_text();
  if (!found || !is_one_of(spec.words, *found)) {
    return wrong(spec, value, fmt::format("one of: {}", spec.words));
  }
  PropertyWriter(*clear_).text(spec.id, *found);
  return true;
}

bool PropertyCheck::currency_code(const PropertySpec& spec, JsonValue value) {
  const auto found = value.plain_text();
  const auto currency = found ? Currency::parse(*found) : Result<Currency>(Error{});
  if (!currency.ok()) return wrong(spec, value, "an ISO 4217 code such as CNY");
  PropertyWriter(*clear_).text(spec.id, currency->text());
  return true;
}

bool PropertyCheck::time(const PropertySpec& spec, JsonValue value) {
  const auto found = value.plain_text();
  const auto instant = found ? parse_instant(*found) : Result<Instant>(Error{});
  if (!instant.ok()) return wrong(spec, value, "RFC 3339, such as 2026-11-22T03:04:05Z");
  PropertyWriter(*clear_).number(spec.id, instant->ms);
  return true;
}

bool PropertyCheck::text_list(const PropertySpec& spec, JsonValue value) {
  if (!value.is(JsonKind::array)) return wrong(spec, value, "a list of texts");
  texts_.clear();
  for (JsonItems items(value); items.next();) {
    const auto found = text_of(items.value());
    if (!found || found->size() > kClearTextMostBytes) {
      return wrong_item(spec, texts_.size(), "", "a text of at most 512 bytes");
    }
    texts_.push_back(*found);
  }
  PropertyWriter(*clear_).texts(spec.id, texts_);
  return true;
}

bool PropertyCheck::line(const PropertySpec& spec, JsonValue item, std::size_t i, bool& extra) {
  ProductLine line;
  bool has_quantity = false, has_price = false;
  for (JsonMembers members(item); members.next();) {
    const JsonValue value = members.value();
    if (members.key() == "product_id") {
      const auto found = text_of(value);
      if (!found || found->empty() || found->size() > kClearTextMostBytes) {
        return wrong_item(spec, i, "product_id", "a text of 1 to 512 bytes");
      }
      line.product_id = *found;
    } else if (members.key() == "quantity") {
      const auto quantity = value.integer();
      if (!quantity) return wrong_item(spec, i, "quantity", "a whole number");
      line.quantity = *quantity;
      has_quantity = true;
    } else if (members.key() == "price") {
      const auto price = minor(value);
      if (!price) return wrong_item(spec, i, "price", "an amount such as 899.00");
      line.price_minor = *price;
      has_price = true;
    } else {
      extra = true;
    }
  }
  if (line.product_id.empty()) return wrong_item(spec, i, "product_id", "a product number");
  if (!has_quantity) return wrong_item(spec, i, "quantity", "a whole number");
  if (!has_price) return wrong_item(spec, i, "price", "an amount such as 899.00");
  lines_.push_back(line);
  return true;
}

bool PropertyCheck::lines(const PropertySpec& spec, JsonValue value) {
  if (!value.is(JsonKind::array)) return wrong(spec, value, "a list of {product_id, quantity, price}");
  lines_.clear();
  bool extra = false;
  for (JsonItems items(value); items.next();) {
    if (!line(spec, items.value(), lines_.size(), extra)) return false;
  }
  PropertyWriter(*clear_).lines(spec.id, lines_);
  // Names, categories and whatever else the lines carry are kept with the rest of what nobody declared.
  if (extra && personal_ != nullptr) personal_->named_member(where_, spec.name, value.raw());
  return true;
}

bool PropertyCheck::answers(const PropertySpec& spec, JsonValue value) {
  if (!value.is(JsonKind::array)) return wrong(spec, value, "a list of {item, value}");
  answers_.clear();
  bool textual = false;
  std::size_t i = 0;
  for (JsonItems items(value); items.next(); ++i) {
    const JsonValue item = items.value().find("item");
    const auto name = item.present() ? text_of(item) : std::nullopt;
    if (!name || name->empty() || name->size() > kClearTextMostBytes) {
      return wrong_item(spec, i, "item", "the item's name");
    }
    const JsonValue answer = items.value().find("value");
    if (!answer.present()) return wrong_item(spec, i, "value", "a number or a text");
    if (answer.is(JsonKind::number)) {
      const auto scaled = answer.scaled(kThousandths);
      if (!in_range(scaled)) return wrong_item(spec, i, "value", "a number up to 9e12");
      answers_.push_back({*name, *scaled});
    } else if (answer.is(JsonKind::boolean)) {
      answers_.push_back({*name, answer.is_true() ? 1000 : 0});
    } else {
      textual = true;
    }
  }
  PropertyWriter(*clear_).answers(spec.id, answers_);
  if (textual && personal_ != nullptr) personal_->named_member(where_, spec.name, value.raw());
  return true;
}

bool PropertyCheck::clause(const PropertySpec& spec, JsonValue item, std::size_t i, bool& extra) {
  ClauseItem clause;
  bool has_sentiment = false;
  for (JsonMembers members(item); members.next();) {
    const JsonValue value = members.value();
    if (members.key() == "class") {
      const auto found = value.plain_text();
      if (!found || !is_one_of(classes(), *found)) {
        return wrong_item(spec, i, "class", fmt::format("one of: {}", classes()));
      }
      clause.klass = *found;
    } else if (members.key() == "sentiment") {
      const auto scaled = value.scaled(kThousandths);
      if (!scaled || *scaled < -1000 || *scaled > 1000) {
        return wrong_item(spec, i, "sentiment", "a number from -1 to 1");
      }
      clause.sentiment = *scaled;
      has_sentiment = true;
    } else if (members.key() == "aspect") {
      const auto found = text_of(value);
      if (!found || found->size() > kClearTextMostBytes) {
        return wrong_item(spec, i, "aspect", "a text of at most 512 bytes");
      }
      clause.aspect = *found;
    } else {
      extra = true;
    }
  }
  if (clause.klass.empty()) return wrong_item(spec, i, "class", fmt::format("one of: {}", classes()));
  if (!has_sentiment) return wrong_item(spec, i, "sentiment", "a number from -1 to 1");
  clauses_.push_back(clause);
  return true;
}

bool PropertyCheck::clauses(const PropertySpec& spec, JsonValue value) {
  if (!value.is(JsonKind::array)) return wrong(spec, value, "a list of {class, sentiment, aspect}");
  clauses_.clear();
  bool extra = false;
  for (JsonItems items(value); items.next();) {
    if (!clause(spec, items.value(), clauses_.size(), extra)) return false;
  }
  PropertyWriter(*clear_).clauses(spec.id, clauses_);
  if (extra && personal_ != nullptr) personal_->named_member(where_, spec.name, value.raw());
  return true;
}

}  // namespace rapport::codec::detail
