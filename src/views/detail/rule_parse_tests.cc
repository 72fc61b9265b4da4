#include "model/catalogue_ids.h"
#include "views/detail/rule_parser.h"
#include "views/tags/tags.h"

namespace rapport::views::detail {

using model::PropertyType;

// test: what the first words say; a test that begins with an event's name is "within" or a sequence.
Result<Node> RuleParser::test() {
  constexpr std::pair<std::string_view, Measure::Function> kMeasures[] = {
      {"count", Measure::Function::count}, {"distinct", Measure::Function::distinct},
      {"sum", Measure::Function::sum},     {"mean", Measure::Function::mean},
      {"min", Measure::Function::min},     {"max", Measure::Function::max},
      {"first", Measure::Function::first}, {"last", Measure::Function::last}};
  for (const auto& [word, function] : kMeasures) {
    if (!peek().is(word) || !peek(1).is("(")) continue;
    at_ += 2;
    return measure(function);
  }
  if (eat("true")) return Node{Constant{true}};
  if (eat("false")) return Node{Constant{false}};
  if (eat("ever")) return presence(Presence::Form::ever);
  if (eat("never")) return presence(Presence::Form::never);
  if (eat("no")) return presence(Presence::Form::none_for);
  if (eat("first")) return presence(Presence::Form::first_within);
  if (eat("last")) return presence(Presence::Form::last_within);
  if (eat("has")) {
    if (eat("trait")) return trait(true);
    if (eat("tag")) return tag(true);
    return unexpected("'trait' or 'tag'");
  }
  if (eat("trait")) return trait(false);
  if (eat("tag")) return tag(false);
  if (eat("consent")) return consent();
  if (eat("holds")) return service();
  if (eat("published")) return published();
  if (eat("in")) {
    RAPPORT_CHECK(expect("segment"));
    SegmentTest in;
    RAPPORT_TRY(in.segment, name("a segment's name"));
    return Node{std::move(in)};
  }
  return event_first();
}

// trait = ( "has" "trait" key ) | ( "trait" key ( compare value | ... ) )
Result<Node> RuleParser::trait(bool any) {
  const Token token = peek();
  const model::EventSpec& identify = *model::find_event(model::kind::identify);
  std::vector<std::string_view> names;
  const model::PropertySpec* spec = nullptr;
  for (const auto list : {identify.required, identify.optional}) {
    for (const model::PropertyId id : list) {
      const model::PropertySpec* one = model::find_property(id);
      if (one->name == token.text && token.kind == Token::Kind::word) spec = one;
      if (one->sensitivity == model::Sensitivity::clear) names.push_back(one->name);
    }
  }
  if (spec == nullptr) {
    if (token.kind != Token::Kind::word) return unexpected("a trait such as city_tier");
    const std::string_view close = nearest(token.text, names);
    return wrong(token, fmt::format("there is no trait '{}'", token.text),
                 close.empty() ? "a trait such as city_tier" : fmt::format("'{}'?", close));
  }
  if (spec->sensitivity == model::Sensitivity::personal) {
    return wrong(token, fmt::format("'{}' is personal, and rules see only clear traits", token.text),
                 "a clear trait such as age_band");
  }
  ++at_;
  TraitTest test;
  test.trait = spec->id;
  test.any = any;
  if (any) return Node{std::move(test)};
  const Token at = peek();
  RAPPORT_TRY(test.compare, compare());
  if (spec->type == PropertyType::integer) {
    RAPPORT_TRY(test.amounts, amounts(test.compare, Field{spec->id, spec->name, spec->type}));
    return Node{std::move(test)};
  }
  if (!is_text_type(spec->type))
    return wrong(token, fmt::format("'{}' can only be asked with 'has trait'", token.text), "");
  if (test.compare != Compare::equal && test.compare != Compare::not_equal &&
      test.compare != Compare::one_of) {
    return wrong(at, fmt::format("trait '{}' is a text", token.text), "'=', '!=' or 'in (...)'");
  }
  RAPPORT_TRY(test.texts, texts(test.compare));
  return Node{std::move(test)};
}

// tag = ( "has" "tag" name | "tag" name ( "=" text | "in" "(" texts ")" ) ) [ "with" "strength" ">=" number ]
Result<Node> RuleParser::tag(bool any) {
  TagTest test;
  test.any = any;
  const Token tag_at = peek();
  RAPPORT_TRY(test.tag, name("a tag's name"));
  if (find_tag_spec(test.tag) == nullptr) {
    std::vector<std::string_view> names;
    for (const TagSpec& spec : tag_specs()) names.push_back(spec.name);
    const std::string_view close = nearest(test.tag, names);
    return wrong(tag_at, fmt::format("there is no tag '{}'", test.tag),
                 close.empty() ? "a tag such as category" : fmt::format("'{}'?", close));
  }
  if (!any) {
    const bool many = peek().is("in");
    if (!many && !peek().is("=")) return unexpected("'=' or 'in (...)'");
    ++at_;
    RAPPORT_TRY(test.texts, texts(many ? Compare::one_of : Compare::equal));
  }
  if (eat("with")) {
    RAPPORT_CHECK(expect("strength"));
    RAPPORT_CHECK(expect(">="));
    const Token at = peek();
    std::int64_t strength = 0;
    if (at.kind != Token::Kind::number || !parse_thousandths(at.text, strength) || strength <= 0 ||
        strength > 1000) {
      return unexpected("a strength over 0, at most 1, such as 0.5");
    }
    ++at_;
    test.least_strength = static_cast<std::int32_t>(strength);
  }
  return Node{std::move(test)};
}

Result<Node> RuleParser::presence(Presence::Form form) {
  Presence test;
  test.form = form;
  RAPPORT_TRY(test.events, events());
  if (form == Presence::Form::none_for) {
    RAPPORT_CHECK(expect("for"));
    RAPPORT_TRY(test.ages.to, duration());
    if (test.ages.to.ms == 0) return wrong(peek(), "an empty window", "a duration such as 30d");
  } else if (form == Presence::Form::first_within || form == Presence::Form::last_within) {
    RAPPORT_CHECK(expect("within"));
    RAPPORT_TRY(test.ages, ages());
  }
  return Node{std::move(test)};
}

// event_first = events ( "within" ages | "then" ... )
Result<Node> RuleParser::event_first() {
  RAPPORT_TRY(EventPick pick, events());
  if (peek().is("then")) return sequence(std::move(pick));
  if (!eat("within")) return unexpected("'within 7d', 'then ...', 'where ...' or '|' after an event");
  Presence test;
  test.form = Presence::Form::within;
  test.events = std::move(pick);
  RAPPORT_TRY(test.ages, ages());
  return Node{std::move(test)};
}

// sequence = events { "then" [ "not" ] events "within" duration } [ "by" "product_id" ] [ "in" ages ]
Result<Node> RuleParser::sequence(EventPick first) {
  Sequence test;
  test.steps.push_back({std::move(first), false, Duration{0}});
  while (peek().is("then")) {
    const Token at = peek();
    ++at_;
    if (test.steps.back().absent) return wrong(at, "a step after 'then not'", "'then not' only at the end");
    if (test.steps.size() == RuleLimits::kSteps) return too_many(at, "steps", RuleLimits::kSteps);
    Sequence::Step step;
    step.absent = eat("not");
    RAPPORT_TRY(step.events, events());
    RAPPORT_CHECK(expect("within"));
    const Token within_at = peek();
    RAPPORT_TRY(step.within, duration());
    if (step.within.ms == 0) return wrong(within_at, "an empty window", "a duration such as 24h");
    test.steps.push_back(std::move(step));
  }
  if (peek().is("by")) {
    ++at_;
    const Token at = peek();
    RAPPORT_CHECK(expect("product_id"));
    test.same_product = true;
    for (const Sequence::Step& step : test.steps) {
      for (const model::EventKind kind : step.events.kinds) {
        const std::optional<Field> field = field_of(kind, model::property::product_id);
        if (field && field->source == FieldSource::object) continue;
        return wrong(at, fmt::format("the facts of {} name no product", kind_name(kind)),
                     "events about one product, such as Product Viewed or Order Line");
      }
    }
  }
  RAPPORT_CHECK(ages_if("in", test.ages));
  return Node{std::move(test)};
}

// measure = function "(" events... ")": a property stands after the event's name, as in sum(Purchase.total
// where ...)
Result<Node> RuleParser::measure(Measure::Function function) {
  Measure test;
  test.function = function;
  do {
    if (test.events.kinds.size() == RuleLimits::kAlternatives) {
      return too_many(peek(), "events", RuleLimits::kAlternatives);
    }
    RAPPORT_TRY(const model::EventKind kind, event_name());
    test.events.kinds.push_back(kind);
  } while (eat("|"));
  Field field{model::PropertyId{0}, "count", PropertyType::integer};
  if (function != Measure::Function::count) {
    if (!eat(".")) return unexpected("'.' and a property, such as Order Completed.total");
    const Token at = peek();
    RAPPORT_TRY(field, this->field(test.events));
    test.property = field.property;
    const bool text = is_text_type(field.type);
    const bool any_type = function == Measure::Function::distinct || function == Measure::Function::first ||
                          function == Measure::Function::last;
    if (text && !any_type) {
      return wrong(at, fmt::format("'{}' is a text", field.name),
                   "a number; texts have distinct, first and last");
    }
  }
  if (eat("where")) {
    do {
      if (test.events.where.size() == RuleLimits::kConditions) {
        return too_many(peek(), "conditions", RuleLimits::kConditions);
      }
      RAPPORT_TRY(Condition one, condition(test.events));
      test.events.where.push_back(std::move(one));
    } while (eat(","));
  }
  RAPPORT_CHECK(expect(")"));
  RAPPORT_CHECK(thresholds(test, measure_unit(function, field)));
  RAPPORT_CHECK(ages_if("in", test.ages));
  return Node{std::move(test)};
}

Status RuleParser::thresholds(Measure& measure, const Field& unit) {
  const Token at = peek();
  RAPPORT_TRY(measure.compare, compare());
  if (is_text_type(unit.type)) {
    if (measure.compare != Compare::equal && measure.compare != Compare::not_equal &&
        measure.compare != Compare::one_of) {
      return wrong(at, fmt::format("'{}' is a text", unit.name), "'=', '!=' or 'in (...)'");
    }
    const Token value_at = peek();
    RAPPORT_TRY(measure.texts, texts(measure.compare));
    for (const std::string& text : measure.texts) RAPPORT_CHECK(check_word(unit, text, value_at));
    return {};
  }
  if (measure.compare == Compare::one_of) return wrong(at, "'in' is for texts", "=, <, <=, >, >= or between");
  do {
    const Token one_at = peek();
    if (measure.thresholds.size() == RuleLimits::kThresholds) {
      return too_many(one_at, "thresholds", RuleLimits::kThresholds);
    }
    RAPPORT_TRY(Threshold one, threshold(measure, unit));
    for (const Threshold& other : measure.thresholds) {
      if (other.low.currency != one.low.currency) continue;
      return wrong(one_at, "two thresholds of one kind", "one threshold for each currency");
    }
    measure.thresholds.push_back(std::move(one));
  } while (eat("|"));
  return {};
}

// threshold = amount [ "and" amount ] | "published" name [ currency ]
Result<Threshold> RuleParser::threshold(const Measure& measure, const Field& unit) {
  Threshold threshold;
  if (eat("published")) {
    if (measure.compare == Compare::between) return unexpected("numbers after 'between'");
    RAPPORT_TRY(threshold.published, name("a published value's name"));
    if (unit.type == PropertyType::money) {
      const Result<Currency> currency = Currency::parse(peek().text);
      if (peek().kind != Token::Kind::word || !currency.ok()) return unexpected("a currency such as CNY");
      ++at_;
      threshold.low.is_money = true;
      threshold.low.currency = *currency;
    }
    threshold.high = threshold.low;
    return threshold;
  }
  RAPPORT_TRY(const std::vector<Amount> ends, amounts(measure.compare, unit));
  threshold.low = ends.front();
  threshold.high = ends.back();
  return threshold;
}

// consent = "consent" purpose [ "by" channel ]
Result<Node> RuleParser::consent() {
  ConsentTest test;
  RAPPORT_TRY(test.purpose, word_or_text("a purpose such as marketing"));
  if (eat("by")) {
    RAPPORT_TRY(test.channel, word_or_text("a channel such as sms"));
  }
  return Node{std::move(test)};
}

// service = "holds" ( "service" text | "any" "service" )
Result<Node> RuleParser::service() {
  ServiceTest test;
  if (eat("any")) {
    RAPPORT_CHECK(expect("service"));
    return Node{std::move(test)};
  }
  RAPPORT_CHECK(expect("service"));
  RAPPORT_TRY(test.service, text_value("a service's id such as \"S-warranty\""));
  if (test.service.empty()) return wrong(peek(), "an empty service id", "'holds any service' asks for any");
  return Node{std::move(test)};
}

Result<Node> RuleParser::published() {
  PublishedTest test;
  RAPPORT_TRY(test.name, name("a published value's name"));
  const Token at = peek();
  RAPPORT_TRY(test.compare, compare());
  if (test.compare == Compare::one_of) return wrong(at, "'in' is for texts", "=, <, <=, >, >= or between");
  RAPPORT_TRY(const std::vector<Amount> ends,
              amounts(test.compare, Field{model::PropertyId{0}, "published", PropertyType::integer}));
  test.low = ends.front();
  test.high = ends.back();
  return Node{std::move(test)};
}

}  // namespace rapport::views::detail
