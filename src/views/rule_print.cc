#include "model/catalogue_ids.h"
#include "views/detail/rule_fields.h"
#include "views/detail/rule_words.h"
#include "views/rule.h"

namespace rapport::views {
namespace {

using detail::Field;
using model::PropertyType;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// A word that reads back as a word, else a text.
std::string word_or_quoted(std::string_view text) {
  return detail::is_name(text) ? std::string(text) : quoted(text);
}

std::string amount_text(const Amount& amount, PropertyType type) {
  if (type == PropertyType::boolean) return amount.value != 0 ? "true" : "false";
  if (amount.is_money) {
    std::string text = format_minor(amount.value, amount.currency);
    if (const std::size_t point = text.find('.'); point != std::string::npos) {
      while (text.back() == '0') text.pop_back();
      if (text.back() == '.') text.pop_back();
    }
    return text + " " + std::string(amount.currency.text());
  }
  return type == PropertyType::number ? detail::format_thousandths(amount.value)
                                      : fmt::format("{}", amount.value);
}

template <class Items, class Print>
std::string joined(const Items& items, std::string_view separator, Print print) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += print(item);
  }
  return out;
}

// " = "x"", " in ("x", "y")", " between 1 and 2"
std::string comparison(Compare compare, const std::vector<std::string>& texts,
                       const std::vector<Amount>& amounts, PropertyType type) {
  const auto values = texts.empty() ? joined(amounts, compare == Compare::between ? " and " : ", ",
                                             [&](const Amount& amount) { return amount_text(amount, type); })
                                    : joined(texts, ", ", quoted);
  if (compare == Compare::one_of) return " in (" + values + ")";
  return fmt::format(" {} {}", detail::compare_sign(compare), values);
}

std::string kinds_text(const std::vector<model::EventKind>& kinds) {
  return joined(kinds, " | ", [](model::EventKind kind) { return std::string(detail::kind_name(kind)); });
}

std::string where_text(const EventPick& events) {
  if (events.where.empty()) return "";
  return " where " + joined(events.where, ", ", [&](const Condition& condition) {
           const std::optional<Field> field = detail::field_of(events.kinds.front(), condition.property);
           return std::string(field ? field->name : "?") +
                  comparison(condition.compare, condition.texts, condition.amounts,
                             field ? field->type : PropertyType::text);
         });
}

std::string ages_text(const Ages& ages) {
  std::string text =
      ages.from.ms == 0 && ages.to.ms != Ages::kAlways ? "" : format_duration(ages.from) + "..";
  if (ages.to.ms != Ages::kAlways) text += format_duration(ages.to);
  return text;
}

std::string in_ages(const Ages& ages) {
  return ages.always() ? "" : " in " + ages_text(ages);
}

struct Printer {
  std::string operator()(const Constant& test) const { return test.value ? "true" : "false"; }
  std::string operator()(const TraitTest& test) const {
    const std::string name(model::find_property(test.trait)->name);
    if (test.any) return "has trait " + name;
    return "trait " + name + comparison(test.compare, test.texts, test.amounts, PropertyType::integer);
  }
  std::string operator()(const TagTest& test) const {
    std::string text = (test.any ? "has tag " : "tag ") + test.tag;
    if (!test.any)
      text += comparison(test.texts.size() == 1 ? Compare::equal : Compare::one_of, test.texts, {}, {});
    if (test.least_strength > 0)
      text += " with strength >= " + detail::format_thousandths(test.least_strength);
    return text;
  }
  std::string operator()(const Presence& test) const {
    const std::string events = print_events(test.events);
    switch (test.form) {
      case Presence::Form::ever:
        return "ever " + events;
      case Presence::Form::never:
        return "never " + events;
      case Presence::Form::within:
        return events + " within " + ages_text(test.ages);
      case Presence::Form::none_for:
        return "no " + events + " for " + format_duration(test.ages.to);
      case Presence::Form::first_within:
        return "first " + events + " within " + ages_text(test.ages);
      case Presence::Form::last_within:
        return "last " + events + " within " + ages_text(test.ages);
    }
    return "";
  }
  std::string operator()(const Measure& test) const {
    const Field unit = detail::measure_unit(test);
    std::string text =
        fmt::format("{}({}", detail::function_name(test.function), kinds_text(test.events.kinds));
    if (test.property != model::PropertyId{0}) {
      const std::optional<Field> field = detail::field_of(test.events.kinds.front(), test.property);
      text += "." + std::string(field ? field->name : "?");
    }
    text += where_text(test.events) + ")";
    if (!test.texts.empty()) {
      text += comparison(test.compare, test.texts, {}, PropertyType::text);
    } else {
      text += fmt::format(" {} ", detail::compare_sign(test.compare));
      text += joined(test.thresholds, " | ", [&](const Threshold& bound) {
        if (!bound.published.empty()) {
          return "published " + bound.published +
                 (bound.low.is_money ? " " + std::string(bound.low.currency.text()) : "");
        }
        const std::string low = amount_text(bound.low, unit.type);
        return test.compare == Compare::between ? low + " and " + amount_text(bound.high, unit.type) : low;
      });
    }
    return text + in_ages(test.ages);
  }
  std::string operator()(const Sequence& test) const {
    std::string text;
    for (const Sequence::Step& step : test.steps) {
      if (!text.empty()) text += step.absent ? " then not " : " then ";
      text += print_events(step.events);
      if (&step != &test.steps.front()) text += " within " + format_duration(step.within);
    }
    return text + (test.same_product ? " by product_id" : "") + in_ages(test.ages);
  }
  std::string operator()(const SegmentTest& test) const { return "in segment " + test.segment; }
  std::string operator()(const ConsentTest& test) const {
    return "consent " + word_or_quoted(test.purpose) +
           (test.channel.empty() ? "" : " by " + word_or_quoted(test.channel));
  }
  std::string operator()(const ServiceTest& test) const {
    return test.service.empty() ? "holds any service" : "holds service " + quoted(test.service);
  }
  std::string operator()(const PublishedTest& test) const {
    std::vector<Amount> ends{test.low};
    if (test.compare == Compare::between) ends.push_back(test.high);
    return "published " + test.name + comparison(test.compare, {}, ends, PropertyType::integer);
  }
  // Parentheses wherever the tree has a group of its own, so that the text gives the same tree.
  std::string operator()(const AllOf& test) const {
    return joined(test.of, " and ", [](const Node& node) {
      const bool group = std::holds_alternative<AllOf>(node.is) || std::holds_alternative<AnyOf>(node.is);
      return group ? "(" + print_node(node) + ")" : print_node(node);
    });
  }
  std::string operator()(const AnyOf& test) const {
    return joined(test.of, " or ", [](const Node& node) {
      return std::holds_alternative<AnyOf>(node.is) ? "(" + print_node(node) + ")" : print_node(node);
    });
  }
  std::string operator()(const NotOf& test) const {
    const Node& inner = test.of.front();
    const bool group = std::holds_alternative<AllOf>(inner.is) || std::holds_alternative<AnyOf>(inner.is);
    return group ? "not (" + print_node(inner) + ")" : "not " + print_node(inner);
  }
};

}  // namespace

std::string print_events(const EventPick& events) {
  return kinds_text(events.kinds) + where_text(events);
}

std::string print_node(const Node& node) {
  return std::visit(Printer{}, node.is);
}

std::string print_rule(const Rule& rule) {
  std::string text = print_node(rule.root);
  for (const Guard& guard : rule.guards) {
    text += fmt::format(" undetermined if no facts of {} in the shop ({})", kinds_text(guard.kinds),
                        quoted(guard.reason));
  }
  return text;
}

}  // namespace rapport::views
