#include <algorithm>
#include <map>
#include <set>

#include "model/catalogue_ids.h"
#include "views/detail/rule_fields.h"
#include "views/detail/rule_lexer.h"
#include "views/fact.h"
#include "views/rule.h"

// What a rule depends on: kinds of events, other segments, how far it looks back.
namespace rapport::views {
namespace {

using model::EventKind;

// Calls visit(test) for every node of the tree.
template <class Visit>
void each_node(const Node& node, Visit& visit) {
  std::visit(visit, node.is);
  const auto inner = [&](const auto& group) {
    for (const Node& one : group.of) each_node(one, visit);
  };
  if (const auto* all = std::get_if<AllOf>(&node.is)) inner(*all);
  if (const auto* any = std::get_if<AnyOf>(&node.is)) inner(*any);
  if (const auto* negation = std::get_if<NotOf>(&node.is)) inner(*negation);
}

// The events behind a kind of fact: what must happen for such a fact to appear or to stop counting.
void add_causes(EventKind kind, std::set<EventKind>& out) {
  namespace k = model::kind;
  if (kind == rule_kind::purchase) {
    out.insert({k::order_completed, k::order_cancelled});
  } else if (kind == fact_kind::order_line) {
    out.insert(k::order_completed);
  } else if (kind == fact_kind::term_met) {
    out.insert({k::content_viewed, k::contact_started});
  } else if (kind == fact_kind::payment_code) {
    out.insert(k::payment_failed);
  } else if (kind == fact_kind::category_met || kind == fact_kind::scene_met ||
             kind == fact_kind::function_met) {
    out.insert({k::product_viewed, k::products_searched});
  } else {
    out.insert(kind);
  }
}

struct Causes {
  std::set<EventKind>& out;
  void pick(const EventPick& events) const {
    for (const EventKind kind : events.kinds) add_causes(kind, out);
  }
  void operator()(const TraitTest&) const { out.insert(model::kind::identify); }
  void operator()(const Presence& test) const { pick(test.events); }
  void operator()(const Measure& test) const { pick(test.events); }
  void operator()(const Sequence& test) const {
    for (const Sequence::Step& step : test.steps) pick(step.events);
  }
  void operator()(const ConsentTest&) const { out.insert(model::kind::consent_updated); }
  void operator()(const ServiceTest&) const {
    out.insert({model::kind::service_bought, model::kind::service_entitled, model::kind::service_renewed,
                model::kind::service_lapsed});
  }
  template <class Other>
  void operator()(const Other&) const {}
};

struct Horizon {
  std::int64_t& longest;
  void reach(std::int64_t ms) const { longest = std::max(longest, ms); }
  void operator()(const Presence& test) const {
    const bool bounded = test.form == Presence::Form::within || test.form == Presence::Form::none_for ||
                         test.form == Presence::Form::last_within;
    reach(bounded ? test.ages.to.ms : Ages::kAlways);
  }
  void operator()(const Measure& test) const { reach(test.ages.to.ms); }
  void operator()(const Sequence& test) const {
    std::int64_t sum = test.ages.to.ms;
    for (const Sequence::Step& step : test.steps) {
      sum = step.within.ms > Ages::kAlways - sum ? Ages::kAlways : sum + step.within.ms;
    }
    reach(sum);
  }
  void operator()(const ServiceTest&) const { reach(Ages::kAlways); }
  template <class Other>
  void operator()(const Other&) const {}
};

struct Segments {
  std::set<std::string>& out;
  void operator()(const SegmentTest& test) const { out.insert(test.segment); }
  template <class Other>
  void operator()(const Other&) const {}
};

struct Values {
  std::set<std::string>& out;
  void operator()(const PublishedTest& test) const { out.insert(test.name); }
  void operator()(const Measure& test) const {
    for (const Threshold& bound : test.thresholds) {
      if (!bound.published.empty()) out.insert(bound.published);
    }
  }
  template <class Other>
  void operator()(const Other&) const {}
};

struct Tags {
  bool& any;
  void operator()(const TagTest&) const { any = true; }
  template <class Other>
  void operator()(const Other&) const {}
};

// Depth first; `path` is the chain of rules being visited.
class Sorter {
 public:
  explicit Sorter(const std::vector<NamedRule>& rules) : rules_(rules), seen_(rules.size(), State::unseen) {
    for (std::size_t i = 0; i < rules.size(); ++i) number_.emplace(rules[i].name, i);
  }

  Result<std::vector<std::size_t>> run() {
    for (const auto& [name, i] : number_) RAPPORT_CHECK(visit(i));
    return std::move(order_);
  }

 private:
  enum class State : std::uint8_t { unseen, open, done };

  Status visit(std::size_t i) {
    if (seen_[i] == State::done) return {};
    if (seen_[i] == State::open) return cycle(i);
    seen_[i] = State::open;
    path_.push_back(i);
    for (const std::string& segment : segments_of(rules_[i].rule)) {
      const auto next = number_.find(segment);
      if (next == number_.end()) return unknown(i, segment);
      RAPPORT_CHECK(visit(next->second));
    }
    path_.pop_back();
    seen_[i] = State::done;
    order_.push_back(i);
    return {};
  }

  Error cycle(std::size_t i) const {
    std::string text;
    for (auto at = std::find(path_.begin(), path_.end(), i); at != path_.end(); ++at) {
      text += rules_[*at].name + " -> ";
    }
    return Error{Errc::bad_input,
                 fmt::format("segments ask about each other in a circle: {}{}", text, rules_[i].name),
                 rules_[i].name, "rules of which none comes back to itself"};
  }

  Error unknown(std::size_t i, const std::string& segment) const {
    std::vector<std::string_view> names;
    for (const auto& [name, number] : number_) names.push_back(name);
    const std::string_view close = detail::nearest(segment, names);
    return Error{Errc::bad_input, fmt::format("there is no segment '{}'", segment), rules_[i].name,
                 close.empty() ? "a segment of this shop" : fmt::format("'{}'?", close)};
  }

  const std::vector<NamedRule>& rules_;
  std::map<std::string, std::size_t, std::less<>> number_;
  std::vector<State> seen_;
  std::vector<std::size_t> path_, order_;
};

}  // namespace

bool operator==(const AllOf& a, const AllOf& b) {
  return a.of == b.of;
}
bool operator==(const AnyOf& a, const AnyOf& b) {
  return a.of == b.of;
}
bool operator==(const NotOf& a, const NotOf& b) {
  return a.of == b.of;
}

std::vector<EventKind> kinds_of(const Rule& rule) {
  std::set<EventKind> kinds;
  Causes causes{kinds};
  each_node(rule.root, causes);
  return {kinds.begin(), kinds.end()};
}

std::vector<std::string> segments_of(const Rule& rule) {
  std::set<std::string> names;
  Segments segments{names};
  each_node(rule.root, segments);
  return {names.begin(), names.end()};
}

std::vector<std::string> values_of(const Rule& rule) {
  std::set<std::string> names;
  Values values{names};
  each_node(rule.root, values);
  return {names.begin(), names.end()};
}

std::vector<EventKind> guarded_kinds(const Rule& rule) {
  std::set<EventKind> kinds;
  for (const Guard& guard : rule.guards) {
    for (const EventKind kind : guard.kinds) kinds.insert(detail::stored_kind(kind));
  }
  return {kinds.begin(), kinds.end()};
}

bool reads_tags(const Rule& rule) {
  bool any = false;
  Tags tags{any};
  each_node(rule.root, tags);
  return any;
}

Duration horizon_of(const Rule& rule) {
  std::int64_t longest = 0;
  Horizon horizon{longest};
  each_node(rule.root, horizon);
  return Duration{longest};
}

Result<std::vector<std::size_t>> order_of(const std::vector<NamedRule>& rules) {
  if (rules.size() > RuleLimits::kRules) {
    return Error{Errc::too_large, "too many rules", "", fmt::format("at most {}", RuleLimits::kRules)};
  }
  return Sorter(rules).run();
}

}  // namespace rapport::views
