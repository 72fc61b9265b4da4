#include <initializer_list>

#include "model/catalogue_ids.h"
#include "views/detail/json_value.h"
#include "views/detail/rule_fields.h"
#include "views/detail/rule_words.h"
#include "views/rule.h"

namespace rapport::views {
namespace {

using detail::Field;
using detail::JsonValue;

Error wrong(std::string_view path, std::string expected) {
  return Error{Errc::bad_input, "this is not a rule", std::string(path), std::move(expected)};
}

/// Members of one object by name; whatever is left over in the end is a mistake.
class Members {
 public:
  static Result<Members> of(const JsonValue& value, std::string path) {
    const auto* object = std::get_if<JsonValue::Object>(&value.is);
    if (object == nullptr) return wrong(path, "an object");
    return Members(*object, std::move(path));
  }
  const JsonValue* take(std::string_view name) {
    for (std::size_t i = 0; i < object_->size(); ++i) {
      if ((*object_)[i].name != name) continue;
      taken_[i] = true;
      return &(*object_)[i].value;
    }
    return nullptr;
  }
  Result<std::string> text(std::string_view name) {
    const JsonValue* value = take(name);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->is);
    if (text == nullptr) return wrong(at(name), "a text");
    return *text;
  }
  Result<std::int64_t> number(std::string_view name) {
    const JsonValue* value = take(name);
    const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->is);
    if (number == nullptr) return wrong(at(name), "a whole number");
    return *number;
  }
  Result<const JsonValue::Array*> array(std::string_view name) {
    const JsonValue* value = take(name);
    const auto* array = value == nullptr ? nullptr : std::get_if<JsonValue::Array>(&value->is);
    if (array == nullptr || array->empty()) return wrong(at(name), "a list that is not empty");
    return array;
  }
  bool has(std::string_view name) const {
    for (const auto& [key, value] : *object_) {
      if (key == name) return true;
    }
    return false;
  }
  Status done() const {
    for (std::size_t i = 0; i < object_->size(); ++i) {
      if (!taken_[i]) return wrong(at((*object_)[i].name), "no such member here");
    }
    return {};
  }
  std::string at(std::string_view name) const { return fmt::format("{}.{}", path_, name); }

 private:
  Members(const JsonValue::Object& object, std::string path)
      : object_(&object), path_(std::move(path)), taken_(object.size()) {}
  const JsonValue::Object* object_;
  std::string path_;
  std::vector<bool> taken_;
};

Result<std::vector<std::string>> texts_of(Members& in, std::string_view name) {
  RAPPORT_TRY(const JsonValue::Array* const array, in.array(name));
  std::vector<std::string> texts;
  for (const JsonValue& value : *array) {
    const auto* text = std::get_if<std::string>(&value.is);
    if (text == nullptr) return wrong(in.at(name), "texts");
    texts.push_back(*text);
  }
  return texts;
}

Result<Currency> currency_of(Members& in) {
  RAPPORT_TRY(const std::string text, in.text("currency"));
  return Currency::parse(text);
}

Result<std::vector<Amount>> amounts_of(Members& in) {
  RAPPORT_TRY(const JsonValue::Array* const array, in.array("amounts"));
  std::vector<Amount> amounts;
  for (const JsonValue& value : *array) {
    RAPPORT_TRY(Members one, Members::of(value, in.at("amounts")));
    Amount amount;
    RAPPORT_TRY(amount.value, one.number("value"));
    amount.is_money = one.has("currency");
    if (amount.is_money) {
      RAPPORT_TRY(amount.currency, currency_of(one));
    }
    RAPPORT_CHECK(one.done());
    amounts.push_back(amount);
  }
  return amounts;
}

Result<Compare> compare_of(Members& in) {
  RAPPORT_TRY(const std::string sign, in.text("compare"));
  const std::optional<Compare> compare = detail::compare_from_sign(sign);
  if (!compare) return wrong(in.at("compare"), "one of = != < <= > >= in between");
  return *compare;
}

Status comparison_of(Members& in, Compare& compare, std::vector<std::string>& texts,
                     std::vector<Amount>& amounts) {
  RAPPORT_TRY(compare, compare_of(in));
  if (in.has("texts")) {
    RAPPORT_TRY(texts, texts_of(in, "texts"));
    if (compare != Compare::one_of && texts.size() != 1) return wrong(in.at("texts"), "one text");
    return {};
  }
  RAPPORT_TRY(amounts, amounts_of(in));
  const std::size_t wanted = compare == Compare::between ? 2 : 1;
  if (compare != Compare::one_of && amounts.size() != wanted)
    return wrong(in.at("amounts"), "one amount, two for between");
  return {};
}

Result<std::vector<model::EventKind>> kinds_of_json(Members& in) {
  RAPPORT_TRY(const std::vector<std::string> names, texts_of(in, "events"));
  std::vector<model::EventKind> kinds;
  for (const std::string& name : names) {
    const std::optional<model::EventKind> kind = detail::kind_named(name);
    if (!kind) return wrong(in.at("events"), fmt::format("events of the catalogue, not '{}'", name));
    kinds.push_back(*kind);
  }
  return kinds;
}

Result<model::PropertyId> property_of(Members& in, const EventPick& events) {
  RAPPORT_TRY(const std::string name, in.text("property"));
  const std::optional<Field> field = detail::field_of(events.kinds.front(), name);
  if (!field)
    return wrong(in.at("property"), fmt::format("a property of {}", detail::kind_name(events.kinds.front())));
  return field->property;
}

Result<EventPick> events_of(Members& in) {
  EventPick events;
  RAPPORT_TRY(events.kinds, kinds_of_json(in));
  if (!in.has("where")) return events;
  RAPPORT_TRY(const JsonValue::Array* const where, in.array("where"));
  for (const JsonValue& value : *where) {
    RAPPORT_TRY(Members one, Members::of(value, in.at("where")));
    Condition condition;
    RAPPORT_TRY(condition.property, property_of(one, events));
    RAPPORT_CHECK(comparison_of(one, condition.compare, condition.texts, condition.amounts));
    RAPPORT_CHECK(one.done());
    events.where.push_back(std::move(condition));
  }
  return events;
}

Result<Ages> ages_of(Members& in) {
  Ages ages;
  const JsonValue* value = in.take("ages");
  if (value == nullptr) return ages;
  RAPPORT_TRY(Members one, Members::of(*value, in.at("ages")));
  if (one.has("from_ms")) {
    RAPPORT_TRY(ages.from.ms, one.number("from_ms"));
  }
  if (one.has("to_ms")) {
    RAPPORT_TRY(ages.to.ms, one.number("to_ms"));
  }
  RAPPORT_CHECK(one.done());
  if (ages.from.ms < 0 || ages.from >= ages.to) return wrong(in.at("ages"), "0 <= from_ms < to_ms");
  return ages;
}

Result<Threshold> threshold_of(const JsonValue& value, Compare compare, const std::string& path) {
  RAPPORT_TRY(Members in, Members::of(value, path));
  Threshold bound;
  if (in.has("published")) {
    RAPPORT_TRY(bound.published, in.text("published"));
  } else {
    RAPPORT_TRY(bound.low.value, in.number("low"));
  }
  bound.low.is_money = in.has("currency");
  if (bound.low.is_money) {
    RAPPORT_TRY(bound.low.currency, currency_of(in));
  }
  bound.high = bound.low;
  if (compare == Compare::between) {
    RAPPORT_TRY(bound.high.value, in.number("high"));
  }
  RAPPORT_CHECK(in.done());
  return bound;
}

Result<Node> measure_of(Measure::Function function, Members& in) {
  Measure test;
  test.function = function;
  RAPPORT_TRY(test.events, events_of(in));
  if (function != Measure::Function::count) {
    RAPPORT_TRY(test.property, property_of(in, test.events));
  }
  RAPPORT_TRY(test.compare, compare_of(in));
  if (in.has("texts")) {
    RAPPORT_TRY(test.texts, texts_of(in, "texts"));
  } else {
    RAPPORT_TRY(const JsonValue::Array* const bounds, in.array("thresholds"));
    for (const JsonValue& value : *bounds) {
      RAPPORT_TRY(Threshold bound, threshold_of(value, test.compare, in.at("thresholds")));
      test.thresholds.push_back(std::move(bound));
    }
  }
  RAPPORT_TRY(test.ages, ages_of(in));
  return Node{std::move(test)};
}

Result<Node> sequence_of(Members& in) {
  Sequence test;
  RAPPORT_TRY(const JsonValue::Array* const steps, in.array("steps"));
  if (steps->size() < 2) return wrong(in.at("steps"), "two steps or more");
  for (const JsonValue& value : *steps) {
    RAPPORT_TRY(Members one, Members::of(value, in.at("steps")));
    Sequence::Step step;
    RAPPORT_TRY(step.events, events_of(one));
    if (const JsonValue* absent = one.take("not")) step.absent = std::get_if<bool>(&absent->is) != nullptr;
    if (!test.steps.empty()) {
      RAPPORT_TRY(step.within.ms, one.number("within_ms"));
      if (step.within.ms <= 0) return wrong(one.at("within_ms"), "more than 0");
    }
    RAPPORT_CHECK(one.done());
    test.steps.push_back(std::move(step));
  }
  if (const JsonValue* by = in.take("by_product")) test.same_product = std::get_if<bool>(&by->is) != nullptr;
  RAPPORT_TRY(test.ages, ages_of(in));
  return Node{std::move(test)};
}

Result<Node> trait_of(Members& in, bool any) {
  TraitTest test;
  test.any = any;
  RAPPORT_TRY(const std::string name, in.text("trait"));
  const model::PropertySpec* spec = model::find_property(*model::find_event(model::kind::identify), name);
  if (spec == nullptr) return wrong(in.at("trait"), "a trait such as city_tier");
  test.trait = spec->id;
  if (!any) RAPPORT_CHECK(comparison_of(in, test.compare, test.texts, test.amounts));
  return Node{std::move(test)};
}

Result<Node> tag_of(Members& in, bool any) {
  TagTest test;
  test.any = any;
  RAPPORT_TRY(test.tag, in.text("tag"));
  if (!any) {
    RAPPORT_TRY(test.texts, texts_of(in, "texts"));
  }
  if (in.has("least_strength")) {
    RAPPORT_TRY(const std::int64_t strength, in.number("least_strength"));
    if (strength < 1 || strength > 1000) return wrong(in.at("least_strength"), "1 to 1000");
    test.least_strength = static_cast<std::int32_t>(strength);
  }
  return Node{std::move(test)};
}

Result<Node> published_of(Members& in) {
  PublishedTest test;
  RAPPORT_TRY(test.name, in.text("name"));
  std::vector<std::string> texts;
  std::vector<Amount> amounts;
  RAPPORT_CHECK(comparison_of(in, test.compare, texts, amounts));
  if (amounts.empty()) return wrong(in.at("amounts"), "amounts");
  test.low = amounts.front();
  test.high = amounts.back();
  return Node{std::move(test)};
}

Result<Node> test_of(const std::string& name, Members& in) {
  if (name == "true" || name == "false") return Node{Constant{name == "true"}};
  if (const auto form = detail::presence_from_name(name)) {
    Presence test;
    test.form = *form;
    RAPPORT_TRY(test.events, events_of(in));
    RAPPORT_TRY(test.ages, ages_of(in));
    return Node{std::move(test)};
  }
  if (const auto function = detail::function_from_name(name)) return measure_of(*function, in);
  if (name == "sequence") return sequence_of(in);
  if (name == "trait" || name == "has_trait") return trait_of(in, name == "has_trait");
  if (name == "tag" || name == "has_tag") return tag_of(in, name == "has_tag");
  if (name == "published") return published_of(in);
  if (name == "segment") {
    RAPPORT_TRY(std::string segment, in.text("segment"));
    return Node{SegmentTest{std::move(segment)}};
  }
  if (name == "service") {
    ServiceTest test;
    if (in.has("service")) {
      RAPPORT_TRY(test.service, in.text("service"));
    }
    return Node{std::move(test)};
  }
  if (name == "consent") {
    ConsentTest test;
    RAPPORT_TRY(test.purpose, in.text("purpose"));
    if (in.has("channel")) {
      RAPPORT_TRY(test.channel, in.text("channel"));
    }
    return Node{std::move(test)};
  }
  return wrong(in.at("test"), "a test such as \"ever\" (docs/formats/rules.md)");
}

Result<Node> node_of(const JsonValue& value, const std::string& path) {
  RAPPORT_TRY(Members in, Members::of(value, path));
  Node node;
  if (in.has("test")) {
    RAPPORT_TRY(const std::string name, in.text("test"));
    RAPPORT_TRY(node, test_of(name, in));
  } else if (const JsonValue* inner = in.take("not")) {
    NotOf negation;
    RAPPORT_TRY(Node one, node_of(*inner, in.at("not")));
    negation.of.push_back(std::move(one));
    node.is = std::move(negation);
  } else {
    const bool all = in.has("all");
    RAPPORT_TRY(const JsonValue::Array* const parts, in.array(all ? "all" : "any"));
    if (parts->size() < 2) return wrong(in.at(all ? "all" : "any"), "two parts or more");
    std::vector<Node> nodes;
    for (const JsonValue& part : *parts) {
      RAPPORT_TRY(Node one, node_of(part, in.at(all ? "all" : "any")));
      nodes.push_back(std::move(one));
    }
    if (all) {
      node.is = AllOf{std::move(nodes)};
    } else {
      node.is = AnyOf{std::move(nodes)};
    }
  }
  RAPPORT_CHECK(in.done());
  return node;
}

}  // namespace

// What the tree says is checked once, by the parser: a tree is a rule when its text reads back as the same
// tree.
Result<Rule> rule_from_json(std::string_view json) {
  RAPPORT_TRY(const JsonValue value, detail::parse_json(json, RuleLimits::kBytes * 8));
  RAPPORT_TRY(Members in, Members::of(value, "$"));
  Rule rule;
  const JsonValue* root = in.take("rule");
  if (root == nullptr) return wrong("$.rule", "the rule");
  RAPPORT_TRY(rule.root, node_of(*root, "$.rule"));
  if (in.has("undetermined")) {
    RAPPORT_TRY(const JsonValue::Array* const guards, in.array("undetermined"));
    for (const JsonValue& one : *guards) {
      RAPPORT_TRY(Members members, Members::of(one, in.at("undetermined")));
      Guard guard;
      RAPPORT_TRY(guard.kinds, kinds_of_json(members));
      RAPPORT_TRY(guard.reason, members.text("reason"));
      RAPPORT_CHECK(members.done());
      rule.guards.push_back(std::move(guard));
    }
  }
  RAPPORT_CHECK(in.done());
  RAPPORT_TRY(Rule checked, parse_rule(print_rule(rule)));
  if (checked != rule) return wrong("$.rule", fmt::format("what its text says: {}", print_rule(checked)));
  return checked;
}

}  // namespace rapport::views
