#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "model/catalogue.h"

/// The rule language: what a segment is. A closed algebra with one text form (docs/formats/rules.md has the
/// grammar and the meaning of every form); this header is its syntax tree. Values: compare, copy, print and
/// parse back to an equal tree. Meaning is in views/rule_eval.h.
namespace rapport::views {

/// Kinds that a rule may name and that no fact has.
namespace rule_kind {
/// Order Completed facts that count: the first of their order number, and not cancelled.
inline constexpr model::EventKind purchase{4000};
}  // namespace rule_kind

/// Named limits of one rule and of a shop's set of rules; over them the parser answers too_large.
struct RuleLimits {
  static constexpr std::size_t kBytes = 16'384;
  static constexpr std::size_t kDepth = 16;           ///< nested parentheses and "not"s
  static constexpr std::size_t kNodes = 256;          ///< tests and connectives of one rule
  static constexpr std::size_t kAlternatives = 32;    ///< events of one pick, values of one list, thresholds
  static constexpr std::size_t kConditions = 8;       ///< of one "where"
  static constexpr std::size_t kThresholds = 16;      ///< of one measure
  static constexpr std::size_t kSteps = 8;            ///< of one sequence
  static constexpr std::size_t kTextBytes = 512;      ///< of one quoted text
  static constexpr std::size_t kNameBytes = 64;       ///< of a segment, tag or published name
  static constexpr std::size_t kRules = 512;          ///< of one shop
  static constexpr Duration kLongest = days(36'500);  ///< of one window
};

enum class Compare : std::uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  one_of,
  between
};

/// A number as the facts hold it: minor units when `currency` is set, thousandths for a `number` property,
/// else the integer itself.
struct Amount {
  std::int64_t value = 0;
  bool is_money = false;
  Currency currency;
  friend bool operator==(const Amount&, const Amount&) = default;
};

/// One condition on a property of the event itself: texts for text and word properties (one_of, equal,
/// not_equal), amounts for the rest (between has two).
struct Condition {
  model::PropertyId property;
  Compare compare = Compare::equal;
  std::vector<std::string> texts;
  std::vector<Amount> amounts;
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Facts of any of the kinds that meet all conditions.
struct EventPick {
  std::vector<model::EventKind> kinds;
  std::vector<Condition> where;
  friend bool operator==(const EventPick&, const EventPick&) = default;
};

/// Ages of a fact, t - its time: [from, to). `to` is Duration::max-like kAlways for "any time".
struct Ages {
  static constexpr std::int64_t kAlways = INT64_MAX;
  Duration from{0};
  Duration to{kAlways};
  bool always() const { return from.ms == 0 && to.ms == kAlways; }
  friend bool operator==(const Ages&, const Ages&) = default;
};

/// true, false
struct Constant {
  bool value = false;
  friend bool operator==(const Constant&, const Constant&) = default;
};

/// trait city_tier = "1" · trait job in ("teacher", "nurse") · has trait region. Compare is equal, not_equal,
/// one_of, or for integer traits any; `any` is the has form.
struct TraitTest {
  model::PropertyId trait;
  bool any = false;
  Compare compare = Compare::equal;
  std::vector<std::string> texts;
  std::vector<Amount> amounts;
  friend bool operator==(const TraitTest&, const TraitTest&) = default;
};

/// tag category = "coffee" with strength >= 0.5 · has tag category
struct TagTest {
  std::string tag;
  bool any = false;
  std::vector<std::string> texts;   ///< any of them
  std::int32_t least_strength = 0;  ///< thousandths
  friend bool operator==(const TagTest&, const TagTest&) = default;
};

/// ever E · never E · E within 7d · no E for 30d · first E within 7d..30d · last E within 30d..90d
struct Presence {
  enum class Form : std::uint8_t { ever, never, within, none_for, first_within, last_within };
  Form form = Form::ever;
  EventPick events;
  Ages ages;
  friend bool operator==(const Presence&, const Presence&) = default;
};

/// A bound a measure is compared with: amounts, or the value published under a name.
struct Threshold {
  Amount low;
  Amount high;            ///< for between, else equal to low
  std::string published;  ///< "" for a literal
  friend bool operator==(const Threshold&, const Threshold&) = default;
};

/// count(E) >= 3 in 30d · sum(E.total) >= 1000 CNY | 150 USD in 30d · last(E.rating) <= 3 · last(E.tier) =
/// "gold"
struct Measure {
  enum class Function : std::uint8_t { count, distinct, sum, mean, min, max, first, last };
  Function function = Function::count;
  EventPick events;
  model::PropertyId property;  ///< 0 for count
  Compare compare = Compare::greater_equal;
  std::vector<Threshold> thresholds;  ///< any of them; one for each currency
  std::vector<std::string> texts;     ///< for first and last of a text
  Ages ages;
  friend bool operator==(const Measure&, const Measure&) = default;
};

/// A then B within 10m · A then not B within 24h · ... by product_id in 30d
struct Sequence {
  struct Step {
    EventPick events;
    bool absent = false;  ///< only the last
    Duration within;      ///< after the step before; 0 for the first
    friend bool operator==(const Step&, const Step&) = default;
  };
  std::vector<Step> steps;
  bool same_product = false;  ///< every step about the same product
  Ages ages;                  ///< age of the last step that happened
  friend bool operator==(const Sequence&, const Sequence&) = default;
};

/// in segment potential
struct SegmentTest {
  std::string segment;
  friend bool operator==(const SegmentTest&, const SegmentTest&) = default;
};

/// consent marketing by sms; without a channel: by any
struct ConsentTest {
  std::string purpose;
  std::string channel;
  friend bool operator==(const ConsentTest&, const ConsentTest&) = default;
};

/// holds service "S-warranty"; without an id: any service
struct ServiceTest {
  std::string service;
  friend bool operator==(const ServiceTest&, const ServiceTest&) = default;
};

/// published sale_season >= 1
struct PublishedTest {
  std::string name;
  Compare compare = Compare::greater_equal;
  Amount low, high;
  friend bool operator==(const PublishedTest&, const PublishedTest&) = default;
};

struct Node;
struct AllOf {
  std::vector<Node> of;  ///< at least two
  friend bool operator==(const AllOf&, const AllOf&);
};
struct AnyOf {
  std::vector<Node> of;  ///< at least two
  friend bool operator==(const AnyOf&, const AnyOf&);
};
struct NotOf {
  std::vector<Node> of;  ///< exactly one
  friend bool operator==(const NotOf&, const NotOf&);
};

struct Node {
  std::variant<Constant, TraitTest, TagTest, Presence, Measure, Sequence, SegmentTest, ConsentTest,
               ServiceTest, PublishedTest, AllOf, AnyOf, NotOf>
      is;
  friend bool operator==(const Node&, const Node&) = default;
};

/// undetermined if no facts of User Registered in the shop ("no registration facts")
struct Guard {
  std::vector<model::EventKind> kinds;  ///< the shop lacks all of them
  std::string reason;
  friend bool operator==(const Guard&, const Guard&) = default;
};

struct Rule {
  Node root;
  std::vector<Guard> guards;
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// Errors: bad_input with where "line L, column C" (columns count characters) and what was expected;
/// too_large over a limit.
Result<Rule> parse_rule(std::string_view text);
/// One line; parse_rule(print_rule(x)) == x.
std::string print_rule(const Rule& rule);
/// A part of a rule, for explanations.
std::string print_node(const Node& node);
std::string print_events(const EventPick& events);

/// The same tree as JSON (docs/formats/rules.md). Errors of reading: as parse_rule, where = a JSON path.
std::string rule_to_json(const Rule& rule);
Result<Rule> rule_from_json(std::string_view json);

struct NamedRule {
  std::string name;  ///< a-z 0-9 _ -, first a letter
  Rule rule;
  friend bool operator==(const NamedRule&, const NamedRule&) = default;
};
/// A file of rules: "segment NAME:" before each.
Result<std::vector<NamedRule>> parse_rules(std::string_view text);

/// Event kinds a change of which can change the answer, sorted, without repeats; identify when it reads
/// traits.
std::vector<model::EventKind> kinds_of(const Rule& rule);
/// Segments it asks about directly, sorted, without repeats.
std::vector<std::string> segments_of(const Rule& rule);
/// Names of the published values it compares with, ascending.
std::vector<std::string> values_of(const Rule& rule);
/// Kinds of facts that its guards ask the shop for, as they are stored, ascending.
std::vector<model::EventKind> guarded_kinds(const Rule& rule);
bool reads_tags(const Rule& rule);
/// The longest look back of any part; Ages::kAlways ms when unbounded.
Duration horizon_of(const Rule& rule);

/// Names in an order in which every rule comes after those it asks about (ties by name). Errors: bad_input
/// naming the cycle ("a -> b -> a") or the unknown segment with the nearest known one; too_large.
Result<std::vector<std::size_t>> order_of(const std::vector<NamedRule>& rules);

}  // namespace rapport::views
