#include "views/detail/rule_parser.h"

namespace rapport::views::detail {

using model::EventKind;
using model::PropertyType;

// events = event { "|" event } [ "where" condition { "," condition } ]
Result<EventPick> RuleParser::events() {
  EventPick pick;
  do {
    const Token at = peek();
    if (pick.kinds.size() == RuleLimits::kAlternatives)
      return too_many(at, "events", RuleLimits::kAlternatives);
    RAPPORT_TRY(EventKind kind, event_name());
    for (const EventKind other : pick.kinds) {
      if (other == kind)
        return wrong(at, fmt::format("'{}' is named twice", kind_name(kind)), "each event once");
    }
    pick.kinds.push_back(kind);
  } while (eat("|"));
  if (!eat("where")) return pick;
  do {
    if (pick.where.size() == RuleLimits::kConditions) {
      return too_many(peek(), "conditions", RuleLimits::kConditions);
    }
    RAPPORT_TRY(Condition one, condition(pick));
    pick.where.push_back(std::move(one));
  } while (eat(","));
  return pick;
}

// The longest run of words that is an event's name.
Result<EventKind> RuleParser::event_name() {
  constexpr std::size_t kMostWords = 4;
  std::vector<std::string> runs;
  std::string joined;
  for (std::size_t n = 0; n < kMostWords && peek(n).kind == Token::Kind::word; ++n) {
    if (n > 0) joined += ' ';
    joined += peek(n).text;
    runs.push_back(joined);
  }
  for (std::size_t n = runs.size(); n > 0; --n) {
    if (const std::optional<EventKind> kind = kind_named(runs[n - 1])) {
      at_ += n;
      return *kind;
    }
  }
  if (runs.empty()) return unexpected("an event such as Order Completed");
  const std::vector<std::string_view> names = kind_names();
  for (std::size_t n = runs.size(); n > 0; --n) {
    if (const std::string_view close = nearest(runs[n - 1], names); !close.empty()) {
      return wrong(peek(), fmt::format("there is no event '{}'", runs[n - 1]), fmt::format("'{}'?", close));
    }
  }
  return unexpected("an event such as Order Completed, or a test (docs/formats/rules.md)");
}

// A field that all events of the pick have in the same meaning.
Result<Field> RuleParser::field(const EventPick& pick) {
  const Token token = peek();
  if (token.kind != Token::Kind::word) return unexpected("a property");
  std::optional<Field> found;
  for (const EventKind kind : pick.kinds) {
    const std::optional<Field> one = field_of(kind, token.text);
    if (!one) {
      if (is_personal_field(kind, token.text)) {
        return wrong(token, fmt::format("'{}' is personal, and rules see only clear properties", token.text),
                     "a clear property");
      }
      const std::vector<std::string_view> names = fields_of(kind);
      const std::string_view close = nearest(token.text, names);
      std::string expected = close.empty() ? "" : fmt::format("'{}'?", close);
      for (std::size_t i = 0; close.empty() && i < names.size(); ++i) {
        expected += fmt::format("{}{}", i == 0 ? "one of " : ", ", names[i]);
      }
      if (expected.empty()) expected = "no property at all: facts of this kind hold none";
      return wrong(token, fmt::format("the facts of {} have no '{}'", kind_name(kind), token.text), expected);
    }
    if (found && (found->property != one->property || found->type != one->type)) {
      return wrong(token, fmt::format("'{}' means different things for these events", token.text),
                   "a property that they share");
    }
    found = one;
  }
  ++at_;
  return *found;
}

// condition = field ( compare value | "in" "(" value { "," value } ")" | "between" value "and" value )
Result<Condition> RuleParser::condition(const EventPick& pick) {
  RAPPORT_TRY(const Field which, field(pick));
  Condition condition;
  condition.property = which.property;
  const Token at = peek();
  RAPPORT_TRY(condition.compare, compare());
  if (is_text_type(which.type)) {
    if (condition.compare != Compare::equal && condition.compare != Compare::not_equal &&
        condition.compare != Compare::one_of) {
      return wrong(at, fmt::format("'{}' is a text", which.name), "'=', '!=' or 'in (...)'");
    }
    const Token value_at = peek();
    RAPPORT_TRY(condition.texts, texts(condition.compare));
    for (const std::string& text : condition.texts) RAPPORT_CHECK(check_word(which, text, value_at));
  } else {
    RAPPORT_TRY(condition.amounts, amounts(condition.compare, which));
  }
  return condition;
}

Result<Compare> RuleParser::compare() {
  constexpr std::pair<std::string_view, Compare> kSigns[] = {
      {"=", Compare::equal},       {"!=", Compare::not_equal},   {"<", Compare::less},
      {"<=", Compare::less_equal}, {">", Compare::greater},      {">=", Compare::greater_equal},
      {"in", Compare::one_of},     {"between", Compare::between}};
  for (const auto& [sign, which] : kSigns) {
    if (eat(sign)) return which;
  }
  return unexpected("one of = != < <= > >= in between");
}

Result<std::vector<std::string>> RuleParser::texts(Compare compare) {
  std::vector<std::string> list;
  const bool many = compare == Compare::one_of;
  if (many) RAPPORT_CHECK(expect("("));
  do {
    if (list.size() == RuleLimits::kAlternatives)
      return too_many(peek(), "values", RuleLimits::kAlternatives);
    RAPPORT_TRY(std::string one, text_value("a text between double quotes"));
    list.push_back(std::move(one));
  } while (many && eat(","));
  if (many) RAPPORT_CHECK(expect(")"));
  return list;
}

Result<std::vector<Amount>> RuleParser::amounts(Compare compare, const Field& field) {
  std::vector<Amount> list;
  const bool many = compare == Compare::one_of;
  if (many) RAPPORT_CHECK(expect("("));
  do {
    if (list.size() == RuleLimits::kAlternatives)
      return too_many(peek(), "values", RuleLimits::kAlternatives);
    RAPPORT_TRY(Amount one, amount(field));
    list.push_back(one);
  } while (many && eat(","));
  if (many) RAPPORT_CHECK(expect(")"));
  if (compare == Compare::between) {
    RAPPORT_CHECK(expect("and"));
    const Token at = peek();
    RAPPORT_TRY(Amount high, amount(field));
    if (high.is_money && high.currency != list[0].currency) {
      return wrong(at, "the two ends have different currencies", std::string(list[0].currency.text()));
    }
    list.push_back(high);
  }
  return list;
}

// A number in the field's unit: "1000 CNY", "4.5", "3", "true".
Result<Amount> RuleParser::amount(const Field& field) {
  const Token token = peek();
  Amount amount;
  if (field.type == PropertyType::boolean) {
    if (!token.is("true") && !token.is("false")) return unexpected("true or false");
    amount.value = token.is("true") ? 1 : 0;
    ++at_;
    return amount;
  }
  if (token.kind != Token::Kind::number) return unexpected("a number");
  ++at_;
  if (field.type == PropertyType::money) {
    if (peek().kind != Token::Kind::word) return unexpected("a currency such as CNY after the amount");
    const Result<Currency> currency = Currency::parse(peek().text);
    if (!currency.ok()) return unexpected("a currency such as CNY after the amount");
    amount.is_money = true;
    amount.currency = *currency;
    const Result<std::int64_t> minor = parse_minor(token.text, *currency);
    if (!minor.ok()) return wrong(token, minor.error().message, minor.error().expected);
    // Rounding would hide that the writer meant another currency: 1000.005 CNY is no amount.
    const std::size_t point = token.text.find('.');
    if (point != std::string::npos &&
        token.text.size() - point - 1 > static_cast<std::size_t>(currency->decimals())) {
      return wrong(token, fmt::format("'{}' has too many decimals for {}", token.text, currency->text()),
                   fmt::format("at most {}", currency->decimals()));
    }
    amount.value = *minor;
    ++at_;
    return amount;
  }
  if (!parse_thousandths(token.text, amount.value)) {
    return wrong(token, fmt::format("'{}' is out of range", token.text),
                 "at most 12 digits and three decimals");
  }
  if (field.type == PropertyType::number) return amount;
  if (amount.value % 1000 != 0)
    return wrong(token, fmt::format("'{}' is not a whole number", token.text), "a whole number");
  amount.value /= 1000;
  return amount;
}

Status RuleParser::check_word(const Field& field, const std::string& text, const Token& at) const {
  if (field.type != PropertyType::word) return {};
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < field.words.size();) {
    const std::size_t end = std::min(field.words.find(' ', i), field.words.size());
    if (field.words.substr(i, end - i) == text) return {};
    words.push_back(field.words.substr(i, end - i));
    i = end + 1;
  }
  const std::string_view close = nearest(text, words);
  return wrong(at, fmt::format("'{}' cannot be \"{}\"", field.name, text),
               close.empty() ? fmt::format("one of {}", field.words) : fmt::format("\"{}\"?", close));
}

Result<std::string> RuleParser::text_value(std::string_view what) {
  if (peek().kind != Token::Kind::text) return unexpected(std::string(what));
  return tokens_[at_++].text;
}

Result<std::string> RuleParser::word_or_text(std::string_view what) {
  if (peek().kind != Token::Kind::text && peek().kind != Token::Kind::word)
    return unexpected(std::string(what));
  if (peek().text.empty()) return unexpected(std::string(what));
  return tokens_[at_++].text;
}

Result<Duration> RuleParser::duration() {
  const Token token = peek();
  if (token.kind != Token::Kind::duration) return unexpected("a duration such as 30d, 24h, 10m or 500ms");
  const Result<Duration> duration = parse_duration(token.text);
  if (!duration.ok()) return wrong(token, duration.error().message, duration.error().expected);
  if (*duration > RuleLimits::kLongest) {
    return Error{Errc::too_large, fmt::format("{} is too long a window", token.text), place_of(token),
                 fmt::format("at most {}", format_duration(RuleLimits::kLongest))};
  }
  ++at_;
  return *duration;
}

// ages = duration | duration ".." [ duration ]
Result<Ages> RuleParser::ages() {
  const Token at = peek();
  Ages ages;
  RAPPORT_TRY(const Duration first, duration());
  if (!eat("..")) {
    ages.to = first;
  } else {
    ages.from = first;
    if (peek().kind == Token::Kind::duration) {
      RAPPORT_TRY(ages.to, duration());
    }
  }
  if (ages.from >= ages.to) return wrong(at, "an empty window", "the shorter age first, such as 7d..30d");
  return ages;
}

Status RuleParser::ages_if(std::string_view word, Ages& out) {
  if (!peek().is(word) || peek(1).kind != Token::Kind::duration) return {};
  ++at_;
  RAPPORT_TRY(out, ages());
  return {};
}

}  // namespace rapport::views::detail
