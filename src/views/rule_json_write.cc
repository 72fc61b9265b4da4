#include "model/catalogue_ids.h"
#include "views/detail/json_value.h"
#include "views/detail/rule_fields.h"
#include "views/detail/rule_words.h"
#include "views/rule.h"

namespace rapport::views {
namespace {

using detail::json_quoted;

template <class Items, class Print>
std::string list(const Items& items, Print print) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += print(item);
  }
  return out + "]";
}

std::string texts_json(const std::vector<std::string>& texts) {
  return list(texts, json_quoted);
}

std::string amount_json(const Amount& amount) {
  if (!amount.is_money) return fmt::format("{{\"value\":{}}}", amount.value);
  return fmt::format("{{\"value\":{},\"currency\":\"{}\"}}", amount.value, amount.currency.text());
}

std::string kinds_json(const std::vector<model::EventKind>& kinds) {
  return list(kinds, [](model::EventKind kind) { return json_quoted(detail::kind_name(kind)); });
}

// "compare":"=","texts":["a"] or "amounts":[...]
std::string comparison_json(Compare compare, const std::vector<std::string>& texts,
                            const std::vector<Amount>& amounts) {
  std::string out = fmt::format("\"compare\":\"{}\",", detail::compare_sign(compare));
  return out +
         (texts.empty() ? "\"amounts\":" + list(amounts, amount_json) : "\"texts\":" + texts_json(texts));
}

std::string events_json(const EventPick& events) {
  std::string out = "\"events\":" + kinds_json(events.kinds);
  if (events.where.empty()) return out;
  return out + ",\"where\":" + list(events.where, [&](const Condition& condition) {
           const auto field = detail::field_of(events.kinds.front(), condition.property);
           return fmt::format("{{\"property\":\"{}\",{}}}", field ? field->name : "",
                              comparison_json(condition.compare, condition.texts, condition.amounts));
         });
}

std::string ages_json(const Ages& ages) {
  if (ages.always()) return "";
  std::string out;
  if (ages.from.ms != 0) out += fmt::format("\"from_ms\":{}", ages.from.ms);
  if (ages.to.ms != Ages::kAlways) out += fmt::format("{}\"to_ms\":{}", out.empty() ? "" : ",", ages.to.ms);
  return ",\"ages\":{" + out + "}";
}

std::string threshold_json(const Threshold& bound, Compare compare) {
  std::string out = bound.published.empty() ? fmt::format("{{\"low\":{}", bound.low.value)
                                            : fmt::format("{{\"published\":\"{}\"", bound.published);
  if (compare == Compare::between) out += fmt::format(",\"high\":{}", bound.high.value);
  if (bound.low.is_money) out += fmt::format(",\"currency\":\"{}\"", bound.low.currency.text());
  return out + "}";
}

std::string node_json(const Node& node);

struct Writer {
  std::string operator()(const Constant& test) const {
    return test.value ? "{\"test\":\"true\"}" : "{\"test\":\"false\"}";
  }
  std::string operator()(const TraitTest& test) const {
    const std::string name = json_quoted(model::find_property(test.trait)->name);
    if (test.any) return fmt::format("{{\"test\":\"has_trait\",\"trait\":{}}}", name);
    return fmt::format("{{\"test\":\"trait\",\"trait\":{},{}}}", name,
                       comparison_json(test.compare, test.texts, test.amounts));
  }
  std::string operator()(const TagTest& test) const {
    std::string out =
        fmt::format("{{\"test\":\"{}\",\"tag\":{}", test.any ? "has_tag" : "tag", json_quoted(test.tag));
    if (!test.any) out += ",\"texts\":" + texts_json(test.texts);
    if (test.least_strength > 0) out += fmt::format(",\"least_strength\":{}", test.least_strength);
    return out + "}";
  }
  std::string operator()(const Presence& test) const {
    return fmt::format("{{\"test\":\"{}\",{}{}}}", detail::presence_name(test.form), events_json(test.events),
                       ages_json(test.ages));
  }
  std::string operator()(const Measure& test) const {
    std::string out =
        fmt::format("{{\"test\":\"{}\",{}", detail::function_name(test.function), events_json(test.events));
    if (test.property != model::PropertyId{0}) {
      const auto field = detail::field_of(test.events.kinds.front(), test.property);
      out += fmt::format(",\"property\":\"{}\"", field ? field->name : "");
    }
    out += fmt::format(",\"compare\":\"{}\"", detail::compare_sign(test.compare));
    if (!test.texts.empty()) {
      out += ",\"texts\":" + texts_json(test.texts);
    } else {
      out += ",\"thresholds\":" + list(test.thresholds, [&](const Threshold& bound) {
               return threshold_json(bound, test.compare);
             });
    }
    return out + ages_json(test.ages) + "}";
  }
  std::string operator()(const Sequence& test) const {
    std::string out = "{\"test\":\"sequence\",\"steps\":" + list(test.steps, [&](const Sequence::Step& step) {
                        std::string one = "{" + events_json(step.events);
                        if (step.absent) one += ",\"not\":true";
                        if (step.within.ms > 0) one += fmt::format(",\"within_ms\":{}", step.within.ms);
                        return one + "}";
                      });
    if (test.same_product) out += ",\"by_product\":true";
    return out + ages_json(test.ages) + "}";
  }
  std::string operator()(const SegmentTest& test) const {
    return fmt::format("{{\"test\":\"segment\",\"segment\":{}}}", json_quoted(test.segment));
  }
  std::string operator()(const ConsentTest& test) const {
    std::string out = "{\"test\":\"consent\",\"purpose\":" + json_quoted(test.purpose);
    if (!test.channel.empty()) out += ",\"channel\":" + json_quoted(test.channel);
    return out + "}";
  }
  std::string operator()(const ServiceTest& test) const {
    if (test.service.empty()) return "{\"test\":\"service\"}";
    return "{\"test\":\"service\",\"service\":" + json_quoted(test.service) + "}";
  }
  std::string operator()(const PublishedTest& test) const {
    std::vector<Amount> ends{test.low};
    if (test.compare == Compare::between) ends.push_back(test.high);
    return fmt::format("{{\"test\":\"published\",\"name\":\"{}\",{}}}", test.name,
                       comparison_json(test.compare, {}, ends));
  }
  std::string operator()(const AllOf& test) const { return "{\"all\":" + list(test.of, node_json) + "}"; }
  std::string operator()(const AnyOf& test) const { return "{\"any\":" + list(test.of, node_json) + "}"; }
  std::string operator()(const NotOf& test) const { return "{\"not\":" + node_json(test.of.front()) + "}"; }
};

std::string node_json(const Node& node) {
  return std::visit(Writer{}, node.is);
}

}  // namespace

std::string rule_to_json(const Rule& rule) {
  std::string out = "{\"rule\":" + node_json(rule.root);
  if (!rule.guards.empty()) {
    out += ",\"undetermined\":" + list(rule.guards, [](const Guard& guard) {
             return fmt::format("{{\"events\":{},\"reason\":{}}}", kinds_json(guard.kinds),
                                json_quoted(guard.reason));
           });
  }
  return out + "}";
}

}  // namespace rapport::views
