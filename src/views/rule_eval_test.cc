#include "views/rule_eval.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "views/detail/fact_match.h"
#include "views/detail/rule_random.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
__extension__ typedef __int128 Wide;

/// A customer and a shop made by chance; times are small, so that windows of a few milliseconds meet many
/// edges.
struct World {
  static constexpr std::int64_t kSpanMs = 100;
  ShopTables tables{Currency{{'C', 'N', 'Y'}}};
  std::vector<Fact> facts;
  std::vector<TraitChange> traits;
  std::vector<ConsentChange> consents;
  KindSet kinds;
  PublishedValues published{{"p1", 2}};

  explicit World(Random& random) {
    tables.currencies.slot(Currency{{'J', 'P', 'Y'}});
    for (const std::string_view text : detail::RuleMaker::kTexts) {
      for (Dictionary& dictionary : tables.dictionaries) dictionary.intern(text);
    }
    tables.products.resize(5);
    for (ProductInfo& product : tables.products) {
      product.category = static_cast<std::uint32_t>(random.below(4));
      product.brand = static_cast<std::uint32_t>(random.below(4));
    }
    for (std::uint64_t n = random.below(24); n > 0; --n) fact(random);
    std::sort(facts.begin(), facts.end(),
              [&](const Fact& a, const Fact& b) { return fact_before(tables, a, b); });
    mark_repeated();
    for (std::uint64_t n = random.below(4); n > 0; --n) {
      traits.push_back(
          {time(random), model::trait::city_tier, static_cast<std::uint32_t>(1 + random.below(3))});
    }
    std::sort(traits.begin(), traits.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (int i = 1; i < 4000; ++i) kinds[static_cast<std::size_t>(i)] = random.chance(0.8);
  }

  FactsView view(Instant t) const { return FactsView(tables, t, facts, {}, traits, consents); }

 private:
  static Instant time(Random& random) { return Instant{random.between(0, kSpanMs)}; }

  void fact(Random& random) {
    constexpr model::EventKind kKinds[] = {
        k::product_viewed, k::order_completed, k::order_completed,       k::order_cancelled,
        k::review_posted,  k::survey_answered, k::product_added,         fact_kind::order_line,
        k::ticket_opened,  k::tier_changed,    k::service_used,          fact_kind::category_met,
        k::service_bought, k::service_lapsed,  fact_kind::service_until, k::service_renewed};
    const model::EventKind kind = kKinds[random.below(std::size(kKinds))];
    std::uint8_t aux = 0;
    if (fact_aux_is_currency(kind)) aux = static_cast<std::uint8_t>(random.below(2));
    if (kind == k::product_added || kind == fact_kind::order_line || kind == k::ticket_opened) {
      aux = static_cast<std::uint8_t>(random.below(5));
    }
    std::int64_t value = random.between(0, 5);
    if (kind == k::review_posted || kind == k::survey_answered) value = random.between(0, 10) * 500;
    if (kind == fact_kind::service_until) value = random.between(0, 1);
    // A third of all facts share their millisecond with the one before.
    const Instant at = !facts.empty() && random.chance(0.33) ? facts.back().time() : time(random);
    facts.emplace_back(at, kind, aux, static_cast<std::uint32_t>(random.below(4)), tables.wide.store(value));
  }

  void mark_repeated() {
    std::vector<int> seen(8);
    for (const Fact& one : facts) seen[one.object()] += one.kind() == k::order_completed ? 1 : 0;
    for (std::size_t i = 0; i < seen.size(); ++i) tables.order_repeated.push_back(seen[i] > 1);
  }
};

/// What a rule means, said as plainly as possible: every question walks all facts. Knows the facts up to
/// `known` and answers for any later moment.
class Oracle {
 public:
  Oracle(const World& world, const std::vector<NamedRule>& rules, Instant known)
      : world_(world), rules_(rules), view_(world.view(known)) {}

  Truth rule(std::size_t i, std::int64_t t) const {
    for (const Guard& guard : rules_[i].rule.guards) {
      bool any = false;
      for (const model::EventKind kind : guard.kinds) any |= world_.kinds[detail::stored_kind(kind).value];
      if (!any) return Truth::undetermined;
    }
    return node(rules_[i].rule.root, t);
  }

  Truth node(const Node& node, std::int64_t t) const {
    return std::visit([&](const auto& test) { return ask(test, t); }, node.is);
  }

 private:
  static Truth say(bool yes) { return yes ? Truth::yes : Truth::no; }

  bool counts(const Fact& fact) const {
    for (const Fact& other : view_.facts()) {
      if (other.object() != fact.object()) continue;
      if (other.kind() == k::order_cancelled) return false;
      if (other.kind() == k::order_completed && &other < &fact) return false;
    }
    return true;
  }

  bool meant(const EventPick& events, const Fact& fact) const {
    for (const model::EventKind kind : events.kinds) {
      if (detail::stored_kind(kind) != fact.kind()) continue;
      if (kind == rule_kind::purchase && !counts(fact)) continue;
      bool all = true;
      for (const Condition& condition : events.where) {
        const detail::Field field = *detail::field_of(kind, condition.property);
        all =
            all && (condition.texts.empty() ? amount(condition, field, fact) : text(condition, field, fact));
      }
      if (all) return true;
    }
    return false;
  }
  bool text(const Condition& condition, const detail::Field& field, const Fact& fact) const {
    const bool in =
        std::count(condition.texts.begin(), condition.texts.end(), detail::text_of(field, view_, fact)) > 0;
    return in == (condition.compare != Compare::not_equal);
  }
  bool amount(const Condition& condition, const detail::Field& field, const Fact& fact) const {
    const std::int64_t value = detail::amount_of(field, view_, fact);
    const auto fits = [&](const Amount& one) {
      return !one.is_money || one.currency == view_.currency(fact);
    };
    if (!fits(condition.amounts[0])) {
      return condition.compare == Compare::one_of && condition.amounts.size() > 1 &&
             fits(condition.amounts[1]) && condition.amounts[1].value == value;
    }
    const std::int64_t low = condition.amounts[0].value, high = condition.amounts.back().value;
    switch (condition.compare) {
      case Compare::one_of:
        return value == low || (fits(condition.amounts.back()) && value == high);
      default:
        return compare(condition.compare, value, low, high);
    }
  }
  static bool compare(Compare how, Wide value, Wide low, Wide high) {
    return how == Compare::equal           ? value == low
           : how == Compare::not_equal     ? value != low
           : how == Compare::less          ? value < low
           : how == Compare::less_equal    ? value <= low
           : how == Compare::greater       ? value > low
           : how == Compare::greater_equal ? value >= low
                                           : low <= value && value <= high;
  }

  std::vector<const Fact*> all(const EventPick& events) const {
    std::vector<const Fact*> found;
    for (const Fact& fact : view_.facts()) {
      if (meant(events, fact)) found.push_back(&fact);
    }
    return found;
  }
  static bool in(const Ages& ages, std::int64_t time, std::int64_t t) {
    return t - time >= ages.from.ms && t - time < ages.to.ms;
  }

  Truth ask(const Constant& test, std::int64_t) const { return say(test.value); }
  Truth ask(const TraitTest& test, std::int64_t) const {
    std::optional<std::string_view> told;
    std::int64_t when = -1;
    for (const TraitChange& change : view_.trait_changes()) {
      if (change.property != test.trait) continue;
      const std::string_view value = world_.tables.words().text(change.word);
      if (change.at.ms > when || value > *told) told = value;
      when = change.at.ms;
    }
    if (test.any || !told) return say(told.has_value());
    return say(!test.texts.empty() && *told == test.texts[0]);
  }
  Truth ask(const TagTest&, std::int64_t) const { return Truth::no; }
  Truth ask(const Presence& test, std::int64_t t) const {
    using enum Presence::Form;
    const std::vector<const Fact*> found = all(test.events);
    if (test.form == ever || test.form == never) return say(found.empty() == (test.form == never));
    if (found.empty()) return say(test.form == none_for);
    if (test.form == first_within) return say(in(test.ages, found.front()->time().ms, t));
    if (test.form == last_within) return say(in(test.ages, found.back()->time().ms, t));
    bool any = false;
    for (const Fact* fact : found) any |= in(test.ages, fact->time().ms, t);
    return say(any == (test.form == within));
  }

  Truth bound_truth(const Measure& test, const detail::Field& field, const Threshold& bound,
                    const std::vector<const Fact*>& facts) const {
    std::int64_t low = bound.low.value, high = bound.high.value;
    if (!bound.published.empty()) {
      const auto value = world_.published.find(bound.published);
      if (value == world_.published.end()) return Truth::undetermined;
      low = high = value->second;
    }
    using enum Measure::Function;
    const auto answer = [&](Wide value, Wide scale) {
      return say(compare(test.compare, value, Wide{low} * scale, Wide{high} * scale));
    };
    if (test.function == count) return answer(static_cast<Wide>(facts.size()), 1);
    std::vector<std::int64_t> values;
    std::vector<std::string_view> texts;
    Wide total = 0;
    for (const Fact* fact : facts) {
      if (detail::is_text_type(field.type)) {
        texts.push_back(detail::text_of(field, view_, *fact));
        continue;
      }
      values.push_back(detail::amount_of(field, view_, *fact));
      total += values.back();
    }
    if (test.function == distinct) {
      std::sort(values.begin(), values.end());
      std::sort(texts.begin(), texts.end());
      const auto different = (std::unique(values.begin(), values.end()) - values.begin()) +
                             (std::unique(texts.begin(), texts.end()) - texts.begin());
      return answer(different, 1);
    }
    if (test.function == Measure::Function::sum) return answer(total, 1);
    if (values.empty()) return Truth::no;
    const auto count_of = static_cast<Wide>(values.size());
    if (test.function == mean) {
      const bool whole =
          field.type == model::PropertyType::integer || field.type == model::PropertyType::boolean;
      return answer(whole ? total * 1000 : total, count_of);
    }
    if (test.function == min) return answer(*std::min_element(values.begin(), values.end()), 1);
    if (test.function == max) return answer(*std::max_element(values.begin(), values.end()), 1);
    return answer(test.function == first ? values.front() : values.back(), 1);
  }

  Truth ask(const Measure& test, std::int64_t t) const {
    std::vector<const Fact*> found = all(test.events);
    std::erase_if(found, [&](const Fact* fact) { return !in(test.ages, fact->time().ms, t); });
    const bool edge = test.function == Measure::Function::first || test.function == Measure::Function::last;
    if (edge && found.empty()) {
      if (!test.texts.empty()) return Truth::no;
      return bound_truth(test, {}, test.thresholds[0], found);
    }
    detail::Field field;
    if (test.property != model::PropertyId{0}) {
      field = *detail::field_of(test.events.kinds.front(), test.property);
    }
    if (edge) {
      // What stands first or last is decided before currencies are looked at.
      found = {test.function == Measure::Function::first ? found.front() : found.back()};
      if (!test.texts.empty()) {
        const bool same = detail::text_of(field, view_, *found[0]) == test.texts[0];
        return say(same == (test.compare != Compare::not_equal));
      }
    }
    if (detail::measure_unit(test).type != model::PropertyType::money || found.empty()) {
      return bound_truth(test, field, test.thresholds[0], found);
    }
    Truth answer = Truth::no;
    bool known = false;
    for (const Threshold& bound : test.thresholds) {
      std::vector<const Fact*> own;
      for (const Fact* fact : found) {
        if (view_.currency(*fact) == bound.low.currency) own.push_back(fact);
      }
      if (own.empty()) continue;
      known = true;
      const Truth one = bound_truth(test, field, bound, own);
      if (one == Truth::yes || answer == Truth::no) answer = one;
      if (answer == Truth::yes) break;
    }
    return known ? answer : Truth::undetermined;
  }

  // Every choice of one fact a step, tried out.
  bool chain(const Sequence& test, std::size_t step, const Fact* before, std::int64_t t) const {
    const bool absent = test.steps.back().absent;
    const std::size_t steps = test.steps.size() - (absent ? 1 : 0);
    if (step == steps) {
      Ages ages = test.ages;
      if (!in(ages, before->time().ms, t)) return false;
      if (!absent) return true;
      if (t - before->time().ms < test.steps.back().within.ms) return false;
      for (const Fact& fact : view_.facts()) {
        if (&fact != before && fact.time() >= before->time() && meant(test.steps.back().events, fact) &&
            (!test.same_product || fact.object() == before->object())) {
          return false;
        }
      }
      return true;
    }
    for (const Fact& fact : view_.facts()) {
      if (!meant(test.steps[step].events, fact)) continue;
      if (before != nullptr) {
        if (&fact == before || fact.time() < before->time()) continue;
        if (fact.time() - before->time() >= test.steps[step].within) continue;
        if (test.same_product && fact.object() != before->object()) continue;
      }
      if (chain(test, step + 1, &fact, t)) return true;
    }
    return false;
  }
  Truth ask(const Sequence& test, std::int64_t t) const { return say(chain(test, 0, nullptr, t)); }

  Truth ask(const SegmentTest& test, std::int64_t t) const {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (rules_[i].name == test.segment) return rule(i, t);
    }
    return Truth::undetermined;
  }
  Truth ask(const ConsentTest&, std::int64_t) const { return Truth::no; }

  bool holds_one(std::uint32_t service, std::int64_t t) const {
    std::int64_t lapsed = -1;
    for (const Fact& fact : view_.facts()) {
      if (fact.kind() == k::service_lapsed && fact.object() == service) lapsed = fact.time().ms;
    }
    for (const Fact& fact : view_.facts()) {
      const bool grants = fact.kind() == k::service_bought || fact.kind() == k::service_renewed;
      if (!grants || fact.object() != service || fact.time().ms <= lapsed) continue;
      std::int64_t until = -1;
      for (const Fact& end : view_.facts()) {
        if (end.kind() == fact_kind::service_until && end.object() == service && end.time() == fact.time()) {
          until = std::max(until, end.time().ms + 1000 * view_.value(end));
        }
      }
      if (until < 0 || t < until) return true;
    }
    return false;
  }
  Truth ask(const ServiceTest& test, std::int64_t t) const {
    const Dictionary& services = world_.tables.dictionary(DictionaryKind::services);
    if (!test.service.empty()) return say(holds_one(services.find(test.service), t));
    bool any = false;
    for (std::uint32_t service = 0; service <= services.size(); ++service) any |= holds_one(service, t);
    return say(any);
  }
  Truth ask(const PublishedTest& test, std::int64_t) const {
    const auto value = world_.published.find(test.name);
    if (value == world_.published.end()) return Truth::undetermined;
    return say(compare(test.compare, value->second, test.low.value, test.high.value));
  }
  Truth ask(const AllOf& test, std::int64_t t) const { return kleene(test.of, Truth::no, Truth::yes, t); }
  Truth ask(const AnyOf& test, std::int64_t t) const { return kleene(test.of, Truth::yes, Truth::no, t); }
  Truth ask(const NotOf& test, std::int64_t t) const {
    const Truth inner = node(test.of[0], t);
    return inner == Truth::undetermined ? inner : say(inner == Truth::no);
  }
  Truth kleene(const std::vector<Node>& parts, Truth deciding, Truth otherwise, std::int64_t t) const {
    Truth answer = otherwise;
    for (const Node& part : parts) {
      const Truth one = node(part, t);
      if (one == deciding) return deciding;
      if (one == Truth::undetermined) answer = one;
    }
    return answer;
  }

  const World& world_;
  const std::vector<NamedRule>& rules_;
  FactsView view_;
};

/// Every span of time that stands in a rule.
void spans_of(const Node& node, std::vector<std::int64_t>& out) {
  const auto add = [&](const Ages& ages) {
    out.push_back(ages.from.ms);
    if (ages.to.ms != Ages::kAlways) out.push_back(ages.to.ms);
  };
  if (const auto* test = std::get_if<Presence>(&node.is)) add(test->ages);
  if (const auto* test = std::get_if<Measure>(&node.is)) add(test->ages);
  if (const auto* test = std::get_if<Sequence>(&node.is)) {
    add(test->ages);
    for (const Sequence::Step& step : test->steps) out.push_back(step.within.ms);
  }
  if (std::holds_alternative<ServiceTest>(node.is)) out.push_back(1000);
  const auto inner = [&](const std::vector<Node>& parts) {
    for (const Node& part : parts) spans_of(part, out);
  };
  if (const auto* group = std::get_if<AllOf>(&node.is)) inner(group->of);
  if (const auto* group = std::get_if<AnyOf>(&node.is)) inner(group->of);
  if (const auto* group = std::get_if<NotOf>(&node.is)) inner(group->of);
}

/// Groups answer with their parts' moments, and a window in the past gives up after some moves; every other
/// form says exactly when it changes.
bool says_exactly(const Rule& rule) {
  if (const auto* test = std::get_if<Measure>(&rule.root.is)) return test->ages.from.ms == 0;
  return !std::holds_alternative<AllOf>(rule.root.is) && !std::holds_alternative<AnyOf>(rule.root.is) &&
         !std::holds_alternative<NotOf>(rule.root.is) && !std::holds_alternative<SegmentTest>(rule.root.is);
}

void check_one(std::uint64_t seed) {
  Random random(seed);
  const World world(random);
  const Duration span{random.chance(0.5) ? 40 : 200};
  std::vector<NamedRule> rules;
  rules.push_back({"s0", detail::RuleMaker(random, span).rule(static_cast<int>(random.below(3)))});
  rules.push_back({"s1", detail::RuleMaker(random, span, {"s0"}).rule(static_cast<int>(random.below(3)))});
  rules.push_back({"s2", detail::RuleMaker(random, span, {"s0", "s1"}).rule(1)});
  const Result<RuleSet> set = RuleSet::make(rules);
  ASSERT_TRUE(set.ok()) << set.error().describe();
  const Instant t{random.between(0, World::kSpanMs * 2)};
  const FactsView view = world.view(t);
  const RuleContext context{&world.kinds, &world.published};
  std::vector<Outcome> out(set->size());
  set->eval(set->all(), view, context, out);
  const Oracle oracle(world, rules, t);
  std::vector<std::int64_t> spans{0};
  for (const NamedRule& named : rules) spans_of(named.rule.root, spans);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string text = rules[i].name + ": " + print_rule(rules[i].rule);
    const Outcome one = set->eval_one(i, view, context);
    ASSERT_EQ(one.value, out[i].value) << text;
    ASSERT_EQ(one.until, out[i].until) << text;
    ASSERT_EQ(out[i].value, oracle.rule(i, t.ms)) << text << "\nat " << t.ms;
    ASSERT_GT(out[i].until, t) << text;
    ASSERT_EQ(out[i].reason.empty(), out[i].value != Truth::undetermined) << text;
    for (const Fact& fact : view.facts()) {
      for (const std::int64_t length : spans) {
        for (const std::int64_t moment : {fact.time().ms + length - 1, fact.time().ms + length}) {
          if (moment <= t.ms || moment >= out[i].until.ms) continue;
          ASSERT_EQ(out[i].value, oracle.rule(i, moment))
              << text << "\nfrom " << t.ms << " at " << moment << " until " << out[i].until.ms;
        }
      }
    }
    if (says_exactly(rules[i].rule) && out[i].until < Instant::never()) {
      ASSERT_NE(out[i].value, oracle.rule(i, out[i].until.ms)) << text << "\nat " << t.ms;
    }
    const RuleExplanation why = set->explain(i, view, context);
    ASSERT_EQ(why.outcome.value, out[i].value) << text;
    ASSERT_FALSE(why.steps.empty());
    for (const RuleStep& step : why.steps) {
      for (const std::uint32_t fact : step.facts) ASSERT_LT(fact, view.facts().size()) << text;
    }
  }
}

TEST(RuleEval, AgreesWithTheObviousEvaluatorAndHoldsUntil) {
#ifdef NDEBUG
  constexpr std::uint64_t kRounds = 100'000;
#else
  constexpr std::uint64_t kRounds = 6'000;
#endif
  for (std::uint64_t seed = 1; seed <= kRounds; ++seed) {
    check_one(seed);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

// Facts older than the newest 512 of a node are known by day; a day counts as the moment of its last fact.
TEST(RuleEval, OlderDaysCountAsTheirLastMoment) {
  ShopTables tables(Currency{{'C', 'N', 'Y'}});
  const Instant start = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
  const auto bucket = [&](std::int64_t day, model::EventKind kind, std::uint32_t count, std::int64_t sum) {
    const Instant last = start + days(day) + hours(20);
    return FactBucket{static_cast<std::int32_t>(day_number(last)), kind.value, 0, count, sum, last.ms};
  };
  const std::vector<FactBucket> buckets{bucket(0, k::product_viewed, 7, 0),
                                        bucket(0, k::order_completed, 2, 300'00),
                                        bucket(5, k::product_viewed, 3, 0)};
  const std::vector<Fact> facts{{start + days(9), k::product_viewed, 0, 0, 0}};
  const FactsView view(tables, start + days(10), facts, buckets);
  const auto ask = [&](std::string_view text) {
    const Outcome outcome = eval(*parse_rule(text), view);
    return std::string(truth_name(outcome.value)) + " " + format_instant(outcome.until);
  };
  const std::string never = format_instant(Instant::never());
  EXPECT_EQ(ask("count(Product Viewed) = 11"), "true " + never);
  EXPECT_EQ(ask("count(Product Viewed) >= 4 in 7d"), "true 2026-01-13T20:00:00Z");
  EXPECT_EQ(ask("count(Product Viewed) >= 5 in 7d"), "false " + never);
  EXPECT_EQ(ask("sum(Purchase.total) = 300 CNY and mean(Purchase.total) = 150 CNY in 30d"),
            "true 2026-01-31T20:00:00Z");
  EXPECT_EQ(ask("no Purchase for 30d"), "false 2026-01-31T20:00:00Z");
  EXPECT_EQ(ask("ever Purchase"), "true " + never);
  EXPECT_EQ(ask("first Product Viewed within 7d..30d"), "true 2026-01-31T20:00:00Z");
  EXPECT_EQ(ask("last Purchase within 7d..30d"), "true 2026-01-31T20:00:00Z");
  EXPECT_EQ(ask("count(Product Viewed where category = \"x\") >= 1"), "false " + never);
  EXPECT_EQ(ask("distinct(Product Viewed.product_id) = 1"), "true " + never);
}

TEST(RuleSet, KnowsWhomAFactTouches) {
  const RuleSet rules =
      *RuleSet::make(*parse_rules("segment bought: ever Purchase segment not_bought: not in segment bought "
                                  "segment seen: ever Product Viewed"
                                  " segment tagged: has tag need"));
  const auto touched = [&](model::EventKind kind) {
    const auto span = rules.touched_by(kind);
    return std::vector<std::uint16_t>(span.begin(), span.end());
  };
  EXPECT_EQ(touched(k::order_completed), (std::vector<std::uint16_t>{0, 1, 3}));
  EXPECT_EQ(touched(k::product_viewed), (std::vector<std::uint16_t>{2, 3}));
  EXPECT_EQ(touched(k::page), (std::vector<std::uint16_t>{3}));
  EXPECT_FALSE(RuleSet::make({{"Bad Name", Rule{}}}).ok());
}

}  // namespace
}  // namespace rapport::views
