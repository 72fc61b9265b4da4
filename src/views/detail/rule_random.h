#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "model/catalogue_ids.h"
#include "views/detail/rule_fields.h"
#include "views/fact.h"
#include "views/rule.h"
#include "views/tags/tags.h"

/// Random well-formed rules, for tests only.
namespace rapport::views::detail {

class RuleMaker {
 public:
  /// Windows are up to `span` long; `segments` may be asked about; `tags` allows tag tests.
  RuleMaker(Random& random, Duration span, std::vector<std::string> segments = {}, bool tags = false)
      : random_(random), span_(span), segments_(std::move(segments)), tags_(tags) {}

  Rule rule(int depth) {
    Rule rule{node(depth), {}};
    while (random_.chance(0.15) && rule.guards.size() < 3) {
      rule.guards.push_back(
          {{kind(), random_.chance(0.5) ? model::kind::survey_shown : kind()}, "why " + text()});
      if (rule.guards.back().kinds[0] == rule.guards.back().kinds[1]) rule.guards.back().kinds.pop_back();
    }
    return rule;
  }

  Node node(int depth) {
    const std::uint64_t what = depth > 0 ? random_.below(10) : 9;
    if (what < 3) return Node{AllOf{nodes(depth - 1)}};
    if (what < 6) return Node{AnyOf{nodes(depth - 1)}};
    if (what < 7) {
      NotOf negation;
      negation.of.push_back(node(depth - 1));
      return Node{std::move(negation)};
    }
    return test();
  }

  static constexpr model::EventKind kKinds[] = {
      model::kind::product_viewed,  model::kind::order_completed, rule_kind::purchase,
      model::kind::review_posted,   model::kind::survey_answered, model::kind::product_added,
      fact_kind::order_line,        model::kind::ticket_opened,   model::kind::tier_changed,
      model::kind::order_cancelled, model::kind::service_used,    fact_kind::category_met};
  static constexpr std::string_view kTexts[] = {"a", "b", "空气净化器", "he said \"no\" \\", ""};

 private:
  Random& random_;
  Duration span_;
  std::vector<std::string> segments_;
  bool tags_;

  template <class T, std::size_t n>
  const T& pick(const T (&list)[n]) {
    return list[random_.below(n)];
  }
  model::EventKind kind() { return pick(kKinds); }
  std::string text() { return std::string(pick(kTexts)); }
  Duration span() { return Duration{random_.between(1, span_.ms)}; }

  std::vector<Node> nodes(int depth) {
    std::vector<Node> list;
    for (std::uint64_t n = 2 + random_.below(2); n > 0; --n) list.push_back(node(depth));
    return list;
  }

  Ages ages(bool maybe_always) {
    Ages ages;
    if (maybe_always && random_.chance(0.3)) return ages;
    if (random_.chance(0.3)) ages.from = span();
    if (!random_.chance(0.15) || ages.from.ms == 0) ages.to = ages.from + span();
    return ages;
  }

  Compare number_compare() {
    constexpr Compare kAll[] = {Compare::equal,      Compare::not_equal, Compare::less,
                                Compare::less_equal, Compare::greater,   Compare::greater_equal,
                                Compare::between};
    return pick(kAll);
  }

  Amount amount(const Field& field) {
    Amount amount;
    amount.value = random_.between(0, 5);
    if (field.type == model::PropertyType::boolean) amount.value %= 2;
    if (field.type == model::PropertyType::number) amount.value = random_.between(0, 10) * 500;
    if (field.type == model::PropertyType::money) {
      amount.is_money = true;
      amount.currency = random_.chance(0.7) ? Currency{{'C', 'N', 'Y'}} : Currency{{'J', 'P', 'Y'}};
    }
    return amount;
  }

  Condition condition(const EventPick& events) {
    const std::vector<std::string_view> names = fields_of(events.kinds.front());
    const Field field = *field_of(events.kinds.front(), names[random_.below(names.size())]);
    Condition condition;
    condition.property = field.property;
    if (is_text_type(field.type)) {
      constexpr Compare kAll[] = {Compare::equal, Compare::not_equal, Compare::one_of};
      condition.compare = pick(kAll);
      for (std::uint64_t n = condition.compare == Compare::one_of ? 1 + random_.below(3) : 1; n > 0; --n) {
        condition.texts.push_back(field.type == model::PropertyType::word ? word(field) : text());
      }
      return condition;
    }
    condition.compare = random_.chance(0.2) ? Compare::one_of : number_compare();
    condition.amounts.push_back(amount(field));
    if (condition.compare == Compare::one_of && random_.chance(0.5))
      condition.amounts.push_back(amount(field));
    if (condition.compare == Compare::between) {
      condition.amounts.push_back(condition.amounts.front());
      condition.amounts.back().value += field.type == model::PropertyType::boolean ? 0 : 1000;
    }
    return condition;
  }

  std::string word(const Field& field) {
    std::vector<std::string> words(1);
    for (const char c : field.words) {
      if (c == ' ') {
        words.emplace_back();
      } else {
        words.back() += c;
      }
    }
    return words[random_.below(words.size())];
  }

  EventPick events() {
    EventPick events{{kind()}, {}};
    if (random_.chance(0.3)) {
      const model::EventKind other = kind();
      if (other != events.kinds.front()) events.kinds.push_back(other);
    }
    if (events.kinds.size() == 1 && !fields_of(events.kinds.front()).empty()) {
      while (random_.chance(0.3) && events.where.size() < 3) events.where.push_back(condition(events));
    }
    return events;
  }

  Node test() {
    switch (random_.below(tags_ ? 12 : 11)) {
      case 0:
        return Node{Constant{random_.chance(0.5)}};
      case 1:
        return trait();
      case 2:
      case 3:
      case 4:
        return presence();
      case 5:
      case 6:
        return measure();
      case 7:
      case 8:
        return sequence();
      case 9:
        if (!segments_.empty()) return Node{SegmentTest{segments_[random_.below(segments_.size())]}};
        return Node{ServiceTest{random_.chance(0.3) ? "" : random_.chance(0.5) ? "a" : "b"}};
      case 10:
        if (random_.chance(0.3)) return Node{PublishedTest{"p1", Compare::greater, Amount{2}, Amount{2}}};
        if (random_.chance(0.5)) return Node{ServiceTest{random_.chance(0.3) ? "" : "a"}};
        return Node{ConsentTest{"marketing", random_.chance(0.5) ? "" : "sms"}};
      default: {
        const TagSpec& spec = tag_specs()[random_.below(tag_specs().size())];
        TagTest test{std::string(spec.name), random_.chance(0.3), {}, 0};
        if (!test.any) test.texts = {text()};
        if (random_.chance(0.3)) test.least_strength = static_cast<std::int32_t>(random_.between(1, 1000));
        return Node{std::move(test)};
      }
    }
  }

  Node trait() {
    if (random_.chance(0.3)) return Node{TraitTest{model::trait::region, true, Compare::equal, {}, {}}};
    if (random_.chance(0.3)) {
      return Node{
          TraitTest{model::trait::birth_month, false, Compare::less, {}, {Amount{random_.between(1, 12)}}}};
    }
    return Node{TraitTest{model::trait::city_tier, false, Compare::equal, {text()}, {}}};
  }

  Node presence() {
    Presence test;
    test.form = static_cast<Presence::Form>(random_.below(6));
    test.events = events();
    if (test.form == Presence::Form::none_for) {
      test.ages.to = span();
    } else if (test.form != Presence::Form::ever && test.form != Presence::Form::never) {
      test.ages = ages(false);
    }
    return Node{std::move(test)};
  }

  Node measure() {
    using Function = Measure::Function;
    Measure test;
    test.function = static_cast<Function>(random_.below(8));
    test.events = events();
    if (test.events.kinds.size() > 1) test.function = Function::count;
    Field field{model::PropertyId{0}, "count", model::PropertyType::integer};
    if (test.function != Function::count) {
      const std::vector<std::string_view> names = fields_of(test.events.kinds.front());
      field = *field_of(test.events.kinds.front(), names[random_.below(names.size())]);
      const bool text = is_text_type(field.type);
      if (text && test.function != Function::distinct && test.function != Function::first) {
        test.function = Function::last;
      }
      test.property = field.property;
    }
    test.ages = ages(true);
    const Field unit = measure_unit(test.function, field);
    if (is_text_type(unit.type)) {
      test.compare = random_.chance(0.5) ? Compare::equal : Compare::not_equal;
      test.texts.push_back(unit.type == model::PropertyType::word ? word(unit) : text());
      return Node{std::move(test)};
    }
    test.compare = random_.chance(0.5) ? Compare::greater_equal : number_compare();
    Threshold bound{amount(unit), {}, ""};
    bound.high = bound.low;
    if (test.compare == Compare::between)
      bound.high.value += unit.type == model::PropertyType::boolean ? 0 : 2;
    if (unit.type == model::PropertyType::number) bound.high.value = bound.low.value;
    if (random_.chance(0.15) && test.compare != Compare::between) {
      bound.published = random_.chance(0.5) ? "p1" : "nobody_told";
      bound.low.value = bound.high.value = 0;
    }
    test.thresholds.push_back(bound);
    if (unit.type == model::PropertyType::money && random_.chance(0.4)) {
      bound.published.clear();
      bound.low.currency = bound.high.currency = Currency{{'U', 'S', 'D'}};
      test.thresholds.push_back(bound);
    }
    return Node{std::move(test)};
  }

  Node sequence() {
    Sequence test;
    test.same_product = random_.chance(0.3);
    constexpr model::EventKind kProducts[] = {model::kind::product_viewed, model::kind::product_added,
                                              fact_kind::order_line, model::kind::review_posted};
    const std::uint64_t steps = 2 + random_.below(3);
    for (std::uint64_t i = 0; i < steps; ++i) {
      Sequence::Step step;
      step.events = test.same_product ? EventPick{{pick(kProducts)}, {}} : events();
      if (i > 0) step.within = span();
      test.steps.push_back(std::move(step));
    }
    test.steps.back().absent = random_.chance(0.5);
    test.ages = ages(true);
    return Node{std::move(test)};
  }
};

}  // namespace rapport::views::detail
